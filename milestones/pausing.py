"""The clock of enrolments stands for a while, and runs again.

Paused days count nowhere: not towards a target, not as days on the way, not as days without progress. A pause
that has an end is over when that day comes; nothing has to run for it. Pauses never overlap, and the history
of them stays.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction

from milestones import judging, standing
from milestones.enrolment_events import log_each
from milestones.models import Enrolment, Journey, Pause
from milestones.models.pauses import WHY_LENGTH
from organisations.models import Organisation, User


class NotPaused(Exception):
    """There is no such pause (any more)."""


class NoWhy(ValueError):
    """A pause has a reason, said in at most 200 characters."""


class WrongDays(ValueError):
    """The clock runs again after it stopped, and stops no earlier than the journey began."""


class CannotPause(Exception):
    """Not this enrolment; `why` says why: "ended", "overlap" (`pause` is the other one) or "before"."""

    def __init__(self, why: str, pause: Pause | None = None) -> None:
        super().__init__(why)
        self.why, self.pause = why, pause


@dataclass(frozen=True)
class Plan:
    """Which enrolments can be paused on these days, and why the others cannot."""

    ready: Sequence[Enrolment]
    refused: Sequence[tuple[Enrolment, CannotPause]]


def plan(enrolments: Iterable[Enrolment], *, starts_on: date, resumes_on: date | None) -> Plan:
    """What `pause_each` would do. Changes nothing."""
    given = list(enrolments)
    others: dict[int, list[Pause]] = {}
    for pause in Pause.objects.standing().filter(enrolment__in=[each.pk for each in given]):
        others.setdefault(pause.enrolment_id, []).append(pause)
    ready, refused = [], []
    for each in given:
        if fault := _fault(each, others.get(each.pk, []), starts_on, resumes_on):
            refused.append((each, fault))
        else:
            ready.append(each)
    return Plan(ready, refused)


def _fault(
    enrolment: Enrolment, others: Iterable[Pause], starts_on: date, resumes_on: date | None
) -> CannotPause | None:
    if enrolment.ended_at:
        return CannotPause("ended")
    if enrolment.started_on and starts_on < enrolment.started_on:
        return CannotPause("before")
    for other in others:
        begins_later = resumes_on is not None and resumes_on <= other.starts_on
        if not begins_later and (other.resumes_on is None or starts_on < other.resumes_on):
            return CannotPause("overlap", other)
    return None


def pause(
    *,
    enrolment: Enrolment,
    starts_on: date,
    resumes_on: date | None,
    why: str,
    by: User | None,
    now: datetime,
) -> Pause:
    """Stop the clock of one. Raises NoWhy, WrongDays, CannotPause."""
    with transaction.atomic():
        made, refused = _pause_each(
            enrolment.organisation, [enrolment.pk], starts_on, resumes_on, why, by=by, now=now
        )
        if refused:
            raise refused[0][1]
    return made[0]


def pause_each(
    *,
    organisation: Organisation,
    enrolment_ids: Collection[int],
    starts_on: date,
    resumes_on: date | None,
    why: str,
    by: User | None,
    now: datetime,
) -> list[Pause]:
    """Stop the clocks of those that can be; the others stay as they are. Raises NoWhy, WrongDays."""
    return _pause_each(organisation, enrolment_ids, starts_on, resumes_on, why, by=by, now=now)[0]


def _pause_each(
    organisation: Organisation,
    enrolment_ids: Collection[int],
    starts_on: date,
    resumes_on: date | None,
    why: str,
    *,
    by: User | None,
    now: datetime,
) -> tuple[list[Pause], Sequence[tuple[Enrolment, CannotPause]]]:
    why = why.strip()
    if not 0 < len(why) <= WHY_LENGTH:
        raise NoWhy
    if resumes_on is not None and resumes_on <= starts_on:
        raise WrongDays
    with transaction.atomic():
        planned = plan(_locked(enrolment_ids), starts_on=starts_on, resumes_on=resumes_on)
        made = Pause.objects.bulk_create(
            Pause(
                organisation=organisation,
                enrolment=each,
                starts_on=starts_on,
                resumes_on=resumes_on,
                why=why,
                paused_at=now,
                paused_by=by,
            )
            for each in planned.ready
        )
        said = {"from": starts_on.isoformat(), "to": _said(resumes_on), "why": why}
        _settle(organisation, planned.ready, "journey_paused", by=by, now=now, **said)
    return made, planned.refused


def resume(*, enrolment: Enrolment, on: date, by: User | None, now: datetime) -> Pause:
    """The clock runs again from that day on, in which it stands now. Raises NotPaused."""
    done = resume_each(
        organisation=enrolment.organisation, enrolment_ids=[enrolment.pk], on=on, by=by, now=now
    )
    if not done:
        raise NotPaused
    return done[0]


def resume_each(
    *, organisation: Organisation, enrolment_ids: Collection[int], on: date, by: User | None, now: datetime
) -> list[Pause]:
    """End the pauses that cover this day; one that began on it never was."""
    with transaction.atomic():
        enrolments = {each.pk: each for each in _locked(enrolment_ids)}
        found = list(Pause.objects.covering(on).filter(enrolment__in=enrolments).order_by("pk"))
        _end(found, on, by=by, now=now)
        resumed = [enrolments[pause.enrolment_id] for pause in found]
        _settle(organisation, resumed, "journey_resumed", by=by, now=now, on=on.isoformat())
    return found


def take_back_each(
    *, organisation: Organisation, pause_ids: Collection[int], by: User | None, now: datetime
) -> list[Pause]:
    """Pauses that never were: a mistake, or the undo of making them."""
    with transaction.atomic():
        about = Pause.objects.standing().filter(pk__in=pause_ids).values_list("enrolment", flat=True)
        enrolments = {each.pk: each for each in _locked(set(about))}
        found = list(Pause.objects.standing().filter(pk__in=pause_ids).order_by("pk"))
        for pause in found:
            pause.withdrawn_at, pause.withdrawn_by = now, by
        Pause.objects.bulk_update(found, ["withdrawn_at", "withdrawn_by"], batch_size=500)
        gone = [enrolments[pause.enrolment_id] for pause in found]
        _settle(organisation, gone, "pause_taken_back", by=by, now=now)
    return found


def take_back(*, pause: Pause, by: User | None, now: datetime) -> None:
    """One that never was. Raises NotPaused when it had been taken back before."""
    if not take_back_each(organisation=pause.organisation, pause_ids=[pause.pk], by=by, now=now):
        raise NotPaused


def take_back_made(*, journey: Journey, made_at: datetime, by: User, now: datetime) -> list[Pause]:
    """Take back what somebody paused together on a journey, at one moment."""
    made = Pause.objects.standing().filter(enrolment__journey=journey, paused_at=made_at, paused_by=by)
    ids = list(made.values_list("pk", flat=True))
    return take_back_each(organisation=journey.organisation, pause_ids=ids, by=by, now=now)


def end_with(
    enrolments: Collection[Enrolment], *, organisation: Organisation, by: User | None, now: datetime
) -> None:
    """Who leaves a journey is not paused on it any more: a pause ends with it, one to come never was."""
    ended = {each.pk: each.ended_at for each in enrolments if each.ended_at}
    about = list(Pause.objects.standing().filter(enrolment__in=ended).order_by("pk"))
    touched = set()
    for pause in about:
        at = ended[pause.enrolment_id]
        assert at is not None
        on = at.astimezone(organisation.tzinfo).date()
        if pause.resumes_on is None or pause.resumes_on > on:
            _end([pause], on, by=by, now=now)
            touched.add(pause.enrolment_id)
    standing.keep(organisation, touched)


def _end(pauses: Iterable[Pause], on: date, *, by: User | None, now: datetime) -> None:
    for pause in pauses:
        if on > pause.starts_on:
            pause.resumes_on, pause.resumed_at, pause.resumed_by = on, now, by
        else:
            pause.withdrawn_at, pause.withdrawn_by = now, by
        pause.save(update_fields=["resumes_on", "resumed_at", "resumed_by", "withdrawn_at", "withdrawn_by"])


def _settle(
    organisation: Organisation,
    enrolments: Sequence[Enrolment],
    verb: str,
    *,
    by: User | None,
    now: datetime,
    **data: Any,
) -> None:
    """What follows from another pause: the log, the days on the way, the target date."""
    log_each(organisation, enrolments, verb, by=by, now=now, **data)
    who = {each.customer_id for each in enrolments}
    judging.judge(organisation=organisation, customer_ids=who, now=now, by=by)
    standing.keep(organisation, [each.pk for each in enrolments])


def _locked(enrolment_ids: Collection[int]) -> list[Enrolment]:
    rows = Enrolment.objects.select_for_update(of=("self",)).select_related("customer")
    return list(rows.filter(pk__in=enrolment_ids).order_by("pk"))


def _said(day: date | None) -> str | None:
    return day.isoformat() if day else None
