"""A champion may be lost: somebody saw it, or their mails and silence say so. A person says what is so.

Open signs stand on Today and on the customer's page. Settling one keeps it, with the reason.
"""

from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from customers.models import ChampionChange, Contact
from organisations.models import User


class Incomplete(ValueError):
    """A reason or what was seen is missing."""


def notice(
    *,
    contact: Contact,
    sign: str,
    by: User | None,
    now: datetime,
    words: str = "",
    since: date | None = None,
) -> ChampionChange:
    """Write a sign down. While one about the same person is open, that one stands. Raises Incomplete."""
    if sign == ChampionChange.Sign.SEEN and not words.strip():
        raise Incomplete(_("Say in a sentence what you saw."))
    customer = contact.customer
    change = ChampionChange(organisation=customer.organisation, customer=customer, contact=contact, sign=sign)
    change.words, change.since = words.strip(), since
    change.noticed_at, change.noticed_by = now, by
    try:
        with transaction.atomic():
            change.save(force_insert=True)
            log(change, "champion_noticed", by, now)
    except IntegrityError:
        return ChampionChange.objects.open().get(contact=contact)
    return change


def settle(*, change: ChampionChange, why: str, by: User | None, now: datetime) -> ChampionChange:
    """It is looked after, or it is not so: the reason is kept. Once. Raises Incomplete."""
    why = why.strip()[:300]
    if not why:
        raise Incomplete(_("Say what is so: who carries it now, or why this is nothing."))
    with transaction.atomic():
        rows = ChampionChange.objects.select_for_update(of=("self",))
        row = rows.select_related("customer__organisation", "contact").get(pk=change.pk)
        if row.closed_at is None:
            row.closed_at, row.closed_by, row.closed_why = now, by, why
            row.save(update_fields=["closed_at", "closed_by", "closed_why"])
            log(row, "champion_settled", by, now)
    return row


def log(change: ChampionChange, verb: str, by: User | None, now: datetime) -> None:
    data: dict[str, Any] = {"contact_id": change.contact_id, "sign": change.sign}
    organisation = change.customer.organisation
    organisation.log(verb, by=by, now=now, subject=change, customer_id=change.customer_id, **data)
