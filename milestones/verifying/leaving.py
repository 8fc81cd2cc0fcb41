"""A person leaves their company, and nobody waits for their word any more."""

from datetime import date, datetime

from django.db import transaction

from customers import keeping
from customers.models import Contact
from milestones.models import Ask, Enrolment
from organisations.models import User


def contact_left(*, contact: Contact, on: date, by: User, now: datetime) -> None:
    """They work there no more: mails to them are recalled, their questions closed. What they said stays."""
    with transaction.atomic():
        asks = Ask.objects.filter(contact=contact, closed_at=None)
        locked = Enrolment.objects.select_for_update(of=("self",)).filter(pk__in=asks.values("enrolment"))
        list(locked.order_by("pk").values_list("pk", flat=True))  # as whoever answers does
        keeping.contact_left(contact=contact, on=on, by=by, now=now)
        asks.update(closed_at=now)
