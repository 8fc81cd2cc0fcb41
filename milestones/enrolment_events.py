"""Lines of the log about enrolments, many at once."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from milestones.models import Enrolment
from organisations.models import Event, Organisation, User

AT_ONCE = 500


def event_of(
    organisation: Organisation,
    enrolment: Enrolment,
    verb: str,
    *,
    by: User | None,
    now: datetime,
    **data: Any,
) -> Event:
    """Not stored yet; it names the journey they are on, unless `data` names another."""
    return Event(
        organisation=organisation,
        at=now,
        recorded_at=now,
        actor=by,
        verb=verb,
        subject_type=Enrolment._meta.label_lower,
        subject_id=enrolment.pk,
        customer_id=enrolment.customer_id,
        data={"journey_id": enrolment.journey_id, **data},
    )


def log_each(
    organisation: Organisation,
    enrolments: Iterable[Enrolment],
    verb: str,
    *,
    by: User | None,
    now: datetime,
    **data: Any,
) -> None:
    """The same line about each of them, within the caller's transaction."""
    events = [event_of(organisation, each, verb, by=by, now=now, **data) for each in enrolments]
    Event.objects.bulk_create(events, batch_size=AT_ONCE)
