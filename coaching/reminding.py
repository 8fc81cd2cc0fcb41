"""A mail to somebody at a customer the day before what they said they would do: once for each date.

It counts in what one person gets in a week, waits for their working hours, and does not go when it is done
by then, given another date, or past.
"""

from datetime import date, datetime, time, timedelta, tzinfo
from typing import Any

from django.db import transaction
from django.db.models import CharField, Exists, F, OuterRef, QuerySet, Value
from django.db.models.functions import Cast, Concat
from django.utils import timezone
from django.utils.translation import gettext as _

from coaching.models import Commitment
from organisations.models import Organisation
from organisations.sweeping import in_each_organisation
from post import posting
from post.composing import UNSUBSCRIBE
from post.linking import LinkSpec
from post.models import Delivery
from post.recalling import WAITING, recall
from ui.mail import render_mail

AT_ONCE = 200
DAYS_BEFORE = 1
LINK, LINK_DAYS = "[own link]", 7
PURPOSE = Delivery.Purpose.REMINDER


def remind_all(*, organisation: Organisation, now: datetime, at_most: int = AT_ONCE) -> int:
    """Put what comes due in the post, and hold back what need not go any more. How many were put in."""
    today = now.astimezone(organisation.tzinfo).date()
    _hold_back(today)
    rows = list(due(today, organisation.tzinfo)[:at_most])
    for commitment in rows:
        commitment.customer.organisation = organisation
        with transaction.atomic():
            _post(commitment, now=now)
    return len(rows)


def remind_everywhere(*, now: datetime) -> int:
    """In every organisation."""
    return in_each_organisation(
        lambda organisation, at_most: remind_all(organisation=organisation, now=now, at_most=at_most),
        part=AT_ONCE,
        what="reminders posted",
    )


def due(today: date, zone: tzinfo) -> QuerySet[Commitment]:
    """Theirs, open, due today or tomorrow, not made today, and nobody reminded of that date yet."""
    midnight = datetime.combine(today, time(), tzinfo=zone)
    rows = (
        Commitment.objects.open()
        .theirs()
        .filter(
            due_on__gte=today,
            due_on__lte=today + timedelta(days=DAYS_BEFORE),
            made_at__lt=midnight,
            owner_contact__left_on=None,
            owner_contact__recipient__isnull=False,
            customer__left_on=None,
            customer__archived_at=None,
        )
    )
    reminded = Delivery.objects.filter(purpose=PURPOSE, subject_key=OuterRef("key"))
    return (
        rows.annotate(key=_key_in_sql())
        .filter(~Exists(reminded))
        .select_related("owner_contact__recipient", "customer__owner")
        .order_by("due_on", "id")
    )


def key_of(commitment: Commitment) -> str:
    assert commitment.due_on is not None, "only what has a date is reminded of"
    return f"commitment-{commitment.pk}-{commitment.due_on.isoformat()}"


def _key_in_sql() -> Concat:
    text = CharField()
    return Concat(
        Value("commitment-"), Cast(F("pk"), text), Value("-"), Cast(F("due_on"), text), output_field=text
    )


def _hold_back(today: date) -> None:
    """What waits about commitments that are settled, have another date, or are past."""
    waiting = Delivery.objects.filter(purpose=PURPOSE, state__in=WAITING).values_list(
        "subject_key", flat=True
    )
    keys = {key: int(key.split("-")[1]) for key in waiting}
    if not keys:
        return
    rows = Commitment.objects.open().filter(pk__in=keys.values(), due_on__gte=today)
    still = {key_of(row) for row in rows}
    if gone := sorted(keys.keys() - still):
        recall(purpose=PURPOSE, subject_keys=gone, why=_("it is done, has another date, or is past"))


def _post(commitment: Commitment, *, now: datetime) -> Delivery:
    contact, customer = commitment.owner_contact, commitment.customer
    assert contact is not None and contact.recipient is not None, "chosen so"  # noqa: PT018
    recipient, csm, organisation = contact.recipient, customer.owner, customer.organisation
    recipient.organisation = organisation
    context: dict[str, Any] = {
        "organisation": organisation,
        "recipient": recipient,
        "now": now,
        "unsubscribe_url": UNSUBSCRIBE,
        "customer": customer,
        "contact": contact,
        "commitment": commitment,
        "csm": csm,
        "link": LINK,
    }
    with timezone.override(recipient.tzinfo()):
        mail = render_mail("coaching/reminder", context, recipient.language or organisation.language)
    return posting.post(
        organisation=organisation,
        purpose=PURPOSE,
        subject_key=key_of(commitment),
        recipient=recipient,
        mail=mail,
        now=now,
        from_name=csm.name if csm else "",
        reply_to=csm.email if csm else "",
        customer_id=customer.pk,
        links=[LinkSpec(LINK, "own", contact.pk, LINK_DAYS)],
    )
