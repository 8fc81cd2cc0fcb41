"""The ask ledger: everything we ask of a person, counted in one place, and why they may not be asked now.

Counted are favours, stories (each once, however often it goes back and forth), circles somebody was asked
into, introductions they were asked for, and the questions whether a wording or a milestone still fits. The
question "is it so?" belongs to the work itself: it stands in the ledger and is not counted.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Min
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from advocacy.models import Advocate, AskTerms, CircleSeat, Favour, Introduction, StoryAsk
from advocacy.models.people import DAYS
from customers.models import Contact, OutcomeAsk
from milestones.models import Achievement, Agreement, Ask, Verdict

Kind = Favour.Kind


@dataclass(frozen=True)
class Line:
    """One time somebody was asked something."""

    at: datetime
    what: str
    is_counted: bool
    favour: Favour | None = None


@dataclass(frozen=True)
class Refusal:
    """Why somebody may not be asked, and from when on they may; no time: nobody knows."""

    why: str
    free_at: datetime | None = None

    @property
    def words(self) -> str:
        if self.free_at is None:
            return self.why
        return _("%(why)s They may be asked from %(day)s on.") % {"why": self.why, "day": day(self.free_at)}


@dataclass
class Standing:
    """What is known of one person before something is asked of them."""

    contact: Contact
    advocate: Advocate | None = None
    favours: list[Favour] = field(default_factory=list)
    asked: list[datetime] = field(default_factory=list)
    """When they were asked anything that counts, in the last 90 days, the earliest first."""
    verified: list[Achievement] = field(default_factory=list)
    """What their company confirmed, the newest first."""
    contested: list[str] = field(default_factory=list)
    """Milestones they contest just now."""


def day(at: datetime) -> str:
    return date_format(localtime(at).date(), "j F Y")


def standings(contacts: Collection[Contact], *, now: datetime) -> dict[int, Standing]:
    """Everything a refusal or a ranking asks about these people, in a constant number of queries."""
    found = {contact.pk: Standing(contact) for contact in contacts}
    for advocate in Advocate.objects.filter(contact__in=found).select_related("organisation"):
        found[advocate.contact_id].advocate = advocate
    for favour in Favour.objects.filter(contact__in=found).newest_first():
        found[favour.contact_id].favours.append(favour)
    for contact_id, at in sorted(_counted(list(found), since=now - timedelta(days=DAYS)), key=lambda p: p[1]):
        found[contact_id].asked.append(at)
    by_customer: dict[int, list[Standing]] = defaultdict(list)
    for one in found.values():
        by_customer[one.contact.customer_id].append(one)
    for achievement in _verified(by_customer):
        for one in by_customer[achievement.enrolment.customer_id]:
            one.verified.append(achievement)
    for customer_id, name in _contested(by_customer):
        for one in by_customer[customer_id]:
            one.contested.append(name)
    return found


def refusal(one: Standing, kind: str, terms: AskTerms, *, now: datetime) -> Refusal | None:
    """Why this may not be asked of them now; None: it may."""
    return (
        _unreachable(one.contact)
        or _not_theirs(one, kind)
        or _already(one, kind)
        or _resting(one, kind, terms, now)
        or _spent(one, terms, now)
    )


def refusal_of_more(one: Standing, terms: AskTerms, *, now: datetime) -> Refusal | None:
    """Why nothing at all may be asked of them now, whoever they are to us; None: it may."""
    return _unreachable(one.contact) or _spent(one, terms, now)


def lines_of(contact: Contact, *, now: datetime) -> list[Line]:
    """The ledger of one person: everything they were ever asked, the newest first."""
    lines = [
        Line(one.asked_at, one.get_kind_display(), True, one)
        for one in Favour.objects.with_people().filter(contact=contact)
    ]
    said = {
        Agreement: _("whether “%(name)s” is still worded right"),
        Ask: _("whether “%(name)s” is so"),
    }
    for model, words in said.items():
        rows = model.objects.filter(contact=contact).values_list("asked_at", "milestone__name")
        lines += [Line(at, words % {"name": name}, model is Agreement) for at, name in rows]
    told = _stories([contact.pk]).values_list("first", "story__title")
    lines += [Line(at, _("to help tell “%(name)s”") % {"name": name}, True) for at, name in told]
    lines += _lines_of_circles(contact)
    asked = OutcomeAsk.objects.filter(contact=contact).values_list("asked_at", flat=True)
    lines += [Line(at, _("whether their outcome is worded right"), True) for at in asked]
    return sorted(lines, key=lambda line: line.at, reverse=True)


def _lines_of_circles(contact: Contact) -> Iterator[Line]:
    seats = CircleSeat.objects.filter(contact=contact).values_list("asked_at", "circle__name")
    for at, name in seats:
        yield Line(at, _("to join the circle “%(name)s”") % {"name": name}, True)
    rows = Introduction.objects.of(contact).values_list("asked_at", "milestone__name")
    for at, name in rows:
        yield Line(at, _("to be introduced to somebody, about “%(name)s”") % {"name": name}, True)


def _counted(contact_ids: Collection[int], *, since: datetime) -> Iterator[tuple[int, datetime]]:
    """Who was asked when. What was taken back counts too: it was read."""
    for model in (Favour, CircleSeat, Agreement, OutcomeAsk):
        rows = model.objects.filter(contact__in=contact_ids, asked_at__gt=since)
        yield from rows.order_by().values_list("contact_id", "asked_at")
    yield from _stories(contact_ids).filter(first__gt=since).values_list("contact_id", "first")
    for side in ("seeker", "peer"):
        both = Introduction.objects.filter(**{f"{side}__in": contact_ids}, asked_at__gt=since)
        yield from both.order_by().values_list(f"{side}_id", "asked_at")


def _stories(contact_ids: Collection[int]) -> Any:
    """Each person and story, and when they were `first` asked about it."""
    rows = StoryAsk.objects.filter(contact__in=contact_ids).order_by().values("contact_id", "story_id")
    return rows.annotate(first=Min("asked_at"))


def _verified(customer_ids: Collection[int]) -> Any:
    rows = Achievement.objects.standing().filter(verified_at__isnull=False)
    rows = rows.filter(enrolment__customer__in=customer_ids).select_related("milestone", "enrolment")
    return rows.order_by("-verified_at", "-id")


def _contested(customer_ids: Collection[int]) -> Any:
    rows = Verdict.objects.open_contests().filter(enrolment__customer__in=customer_ids)
    return rows.order_by("id").values_list("enrolment__customer_id", "milestone__name")


def _unreachable(contact: Contact) -> Refusal | None:
    customer, recipient = contact.customer, contact.recipient
    if contact.why_not_asked:
        return Refusal(contact.why_not_asked)
    if customer.left_on is not None or customer.archived_at is not None:
        return Refusal(_("%(customer)s is no longer a customer.") % {"customer": customer.name})
    if recipient is not None and (recipient.opted_out_at or recipient.wish == recipient.Wish.NOTHING):
        return Refusal(_("%(name)s asked for no mails.") % {"name": contact.name})
    return None


def _not_theirs(one: Standing, kind: str) -> Refusal | None:
    """An invitation needs a verified outcome, everything else somebody who speaks for us."""
    said = {"name": one.contact.name, "customer": one.contact.customer.name}
    if one.contested:
        words = _("%(customer)s contests “%(milestone)s”. Settle that first.")
        return Refusal(words % (said | {"milestone": one.contested[0]}))
    if not one.verified:
        return Refusal(_("%(customer)s has confirmed no outcome yet.") % said)
    state = one.advocate.state if one.advocate else ""
    if kind == Kind.INVITATION and state == Advocate.State.WILLING:
        return Refusal(_("%(name)s speaks for you already.") % said)
    if kind != Kind.INVITATION and state != Advocate.State.WILLING:
        why: dict[str, str] = {
            Advocate.State.INVITED: _("%(name)s has not answered the invitation yet."),
            Advocate.State.DECLINED: _("%(name)s would rather not speak for you."),
            Advocate.State.ENDED: _("%(name)s no longer speaks for you."),
        }
        return Refusal(why.get(state, _("%(name)s was not invited yet. Invite them first.")) % said)
    return None


def _already(one: Standing, kind: str) -> Refusal | None:
    same = next((each for each in one.favours if each.kind == kind and each.is_open), None)
    if same is None:
        return None
    said = {"name": one.contact.name, "day": day(same.asked_at)}
    if same.state == Favour.State.ACCEPTED:
        return Refusal(_("%(name)s has promised this already, asked on %(day)s. It is not done yet.") % said)
    return Refusal(_("%(name)s was asked this on %(day)s and has not answered yet.") % said)


def _resting(one: Standing, kind: str, terms: AskTerms, now: datetime) -> Refusal | None:
    last = next((each.asked_at for each in one.favours if each.kind == kind), None)
    if last is None or last + terms.rest_of(kind) <= now:
        return None
    days = terms.rest_of(kind).days
    words = ngettext(
        "%(name)s was asked this on %(day)s, and rests for %(n)d day.",
        "%(name)s was asked this on %(day)s, and rests for %(n)d days.",
        days,
    )
    said = {"name": one.contact.name, "day": day(last), "n": days}
    return Refusal(words % said, last + terms.rest_of(kind))


def _spent(one: Standing, terms: AskTerms, now: datetime) -> Refusal | None:
    if len(one.asked) < terms.asks:
        return None
    words = ngettext(
        "%(name)s was asked %(n)d time in 90 days; more is not allowed.",
        "%(name)s was asked %(n)d times in 90 days; more is not allowed.",
        len(one.asked),
    )
    free_at = one.asked[-terms.asks] + timedelta(days=DAYS) if terms.asks else None
    return Refusal(words % {"name": one.contact.name, "n": len(one.asked)}, free_at)
