"""Correct many enrolments at once: when they started, when and why they ended. Set-based, for imports."""

from collections.abc import Collection, Mapping
from datetime import date, datetime
from typing import Any, NamedTuple

from django.db import transaction

from milestones import judging, pausing, standing
from milestones.enrolling import midnight
from milestones.enrolment_events import event_of, log_each
from milestones.models import Enrolment
from organisations.models import Event, Organisation, User

CHUNK = 500
UNDONE = "import undone"  # why an enrolment ended that an undone import had made


class Ending(NamedTuple):
    on: date
    why: str


def change_starts(
    *,
    organisation: Organisation,
    starts: Mapping[int, date],
    by: User | None,
    now: datetime,
    history: bool = False,
) -> None:
    """Give enrolments (by id) other starts and judge their customers again: only what came since then counts.

    `history` keeps what is newly reached from being celebrated by itself.
    """
    with transaction.atomic():
        enrolments = _held(starts)
        events = []
        for enrolment in enrolments:
            before, after = enrolment.started_on, starts[enrolment.pk]
            enrolment.started_on, enrolment.started_at = after, midnight(organisation, after)
            enrolment.edited.pop("started_on", None)  # the file's was taken: nobody's edit stands here now
            said = {"from": before.isoformat() if before else None, "to": after.isoformat()}
            events.append(event_of(organisation, enrolment, "start_changed", by=by, now=now, **said))
        Enrolment.objects.bulk_update(enrolments, ["started_on", "started_at", "edited"], batch_size=CHUNK)
        Event.objects.bulk_create(events)
        judging.judge(
            organisation=organisation,
            customer_ids={enrolment.customer_id for enrolment in enrolments},
            now=now,
            by=by,
            history=history,
            why_gone="start changed",
        )
        standing.keep(organisation, [enrolment.pk for enrolment in enrolments])


def end_each(
    *, organisation: Organisation, endings: Mapping[int, Ending], by: User | None, now: datetime
) -> None:
    """End enrolments (by id), each on a day of its own, or correct the day and the reason.

    What the customers reach afterwards still counts.
    """
    with transaction.atomic():
        enrolments = _held(endings)
        for enrolment in enrolments:
            ending = endings[enrolment.pk]
            enrolment.ended_at, enrolment.ended_why = midnight(organisation, ending.on), ending.why
            for name in ("ended_on", "ended_why"):
                enrolment.edited.pop(name, None)
        Enrolment.objects.bulk_update(enrolments, ["ended_at", "ended_why", "edited"], batch_size=CHUNK)
        pausing.end_with(enrolments, organisation=organisation, by=by, now=now)
        Event.objects.bulk_create(
            event_of(organisation, each, "enrolment_ended", by=by, now=now, why=each.ended_why)
            for each in enrolments
        )


def take_back_each(
    *, organisation: Organisation, enrolments: Collection[Enrolment], by: User | None, now: datetime
) -> list[int]:
    """End enrolments that never should have been: judged no more, and what was reached on them is withdrawn.

    Returns the ids of the achievements. They stay on file, so that nothing is celebrated twice.
    """
    with transaction.atomic():
        for enrolment in enrolments:
            enrolment.ended_at = enrolment.ended_at or now
            enrolment.ended_why, enrolment.is_judged = UNDONE, False
        Enrolment.objects.bulk_update(enrolments, ["ended_at", "ended_why", "is_judged"], batch_size=CHUNK)
        pausing.end_with(enrolments, organisation=organisation, by=by, now=now)
        log_each(organisation, enrolments, "enrolment_ended", by=by, now=now, why=UNDONE)
        return judging.withdraw_all(enrolments, organisation=organisation, why=UNDONE, by=by, now=now)


def bring_back_each(
    *,
    organisation: Organisation,
    enrolment_ids: Collection[int],
    by: User | None,
    now: datetime,
    history: bool = False,
) -> None:
    """Undo `take_back_each`: open and judged again."""
    with transaction.atomic():
        enrolments = list(
            Enrolment.objects.select_for_update().filter(pk__in=enrolment_ids, ended_why=UNDONE)
        )
        for enrolment in enrolments:
            enrolment.ended_at, enrolment.ended_why, enrolment.is_judged = None, "", True
        Enrolment.objects.bulk_update(enrolments, ["ended_at", "ended_why", "is_judged"], batch_size=CHUNK)
        log_each(organisation, enrolments, "enrolled", by=by, now=now)
        who = {enrolment.customer_id for enrolment in enrolments}
        judging.judge(organisation=organisation, customer_ids=who, now=now, by=by, history=history)


def _held(ids: Mapping[int, Any]) -> list[Enrolment]:
    return list(Enrolment.objects.select_for_update().filter(pk__in=list(ids)))
