"""Champions who may be lost, noticed from their mails and their silence; and what is done about it.

A sign of somebody is a call they were on, an answer they gave, something they picked, or a link of theirs
that was opened. One set of queries for an organisation, however many champions it has.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Any

from django.db import models, transaction
from django.db.models.functions import Lower
from django.utils.translation import gettext as _

from coaching import challenging
from coaching.models import CallAttendee, ChallengeKind
from customers import noticing
from customers.models import Attention, ChampionChange, Contact, Customer, OutcomeReply
from milestones.models import Agreement, Pick, Verdict
from organisations.models import Organisation, User
from organisations.sweeping import in_each_organisation
from post.models import Link

AT_ONCE = 200  # signs written down in one round
KINDS = ("stakeholder-change", "no-champion")
"""What of the catalogue one opens when a champion is lost, by the keys it ships with."""
SIGNS: tuple[tuple[type[models.Model], str, str], ...] = (
    (CallAttendee, "contact", "call__held_at"),
    (Verdict, "contact", "at"),
    (OutcomeReply, "contact", "at"),
    (Agreement, "contact", "answered_at"),
    (Pick, "contact", "at"),
)
Sign = ChampionChange.Sign


def notice_all(*, organisation: Organisation, now: datetime, at_most: int = AT_ONCE) -> int:
    """Write down what is new, and settle silences that were broken. How many were written down."""
    days = Attention.of(organisation).silent_days
    since = now - timedelta(days=days)
    champions = list(Contact.objects.champions().select_related("recipient", "customer").order_by("id"))
    if not champions:
        return 0
    heard = _heard_of(champions, since)
    _settle_broken(heard, now)
    told = _told(champions)
    written = 0
    for contact in champions:
        if written == at_most:
            break
        contact.customer.organisation = organisation
        if found := _sign(contact, heard, told.get(contact.pk), since):
            sign, day = found
            noticing.notice(contact=contact, sign=sign, since=day, by=None, now=now)
            written += 1
    return written


def notice_everywhere(*, now: datetime) -> int:
    """In every organisation."""
    return in_each_organisation(
        lambda organisation, at_most: notice_all(organisation=organisation, now=now, at_most=at_most),
        part=AT_ONCE,
        what="champions noticed",
    )


def answer(
    *, change: ChampionChange, why: str, by: User, now: datetime, kind: ChallengeKind | None = None
) -> ChampionChange:
    """Settle a sign with its reason, opening a challenge against it if one is named.

    Raises noticing.Incomplete, challenging.NotPossible.
    """
    with transaction.atomic():
        if kind is not None:
            words = change.words
            challenging.open_challenge(customer=change.customer, kind=kind, words=words, by=by, now=now)
            why = why.strip() or _("“%(challenge)s” is open") % {"challenge": kind.name}
        return noticing.settle(change=change, why=why, by=by, now=now)


def kinds_to_open(customer: Customer) -> models.QuerySet[ChallengeKind]:
    """What could be opened at this customer when their champion is lost."""
    return ChallengeKind.objects.not_open_at(customer).filter(key__in=KINDS).in_order()


def _heard_of(champions: Iterable[Contact], since: datetime) -> set[int]:
    """Of whom there was a sign after that moment."""
    heard = {pk for model, who, at in SIGNS for pk in _lately(model, who, at, since)}
    opened = Link.objects.filter(first_opened_at__gt=since).annotate(low=Lower("address"))
    addresses = set(opened.values_list("low", flat=True).distinct())
    return heard | {each.pk for each in champions if each.address.lower() in addresses}


def _lately(model: type[models.Model], who: str, at: str, since: datetime) -> Iterator[int]:
    rows: Any = model._default_manager.filter(**{f"{at}__gt": since, f"{who}__role": Contact.Role.CHAMPION})
    yield from rows.order_by().values_list(f"{who}_id", flat=True).distinct()


def _told(champions: Iterable[Contact]) -> dict[int, ChampionChange]:
    """The newest sign about each of them, open or settled."""
    rows = ChampionChange.objects.filter(contact__in=[each.pk for each in champions]).order_by("id")
    return {row.contact_id: row for row in rows}


def _sign(contact: Contact, heard: set[int], told: ChampionChange | None, since: datetime) -> Any:
    """What says that they may be lost, and since when; nothing that is open, or was settled since."""
    if told is not None and told.closed_at is None:
        return None
    settled = told.closed_at if told else None
    bounced = contact.recipient.bounced_at if contact.recipient else None
    if bounced is not None and (settled is None or bounced > settled):
        return Sign.BOUNCED, bounced.date()
    if contact.pk in heard or contact.customer.created_at > since or _named_after(contact, since):
        return None
    if settled is not None and settled > since:
        return None
    return Sign.SILENT, since.date()


def _named_after(contact: Contact, since: datetime) -> bool:
    """Whether somebody made them the champion after that moment."""
    named = contact.edited.get("role")
    return bool(named) and datetime.fromisoformat(named) > since


def _settle_broken(heard: set[int], now: datetime) -> None:
    """They were silent, and there is a sign of them again."""
    silent = ChampionChange.objects.open().filter(sign=Sign.SILENT, contact__in=heard)
    for change in silent:
        noticing.settle(change=change, why=_("there is a sign of them again"), by=None, now=now)
