"""Where customers stand on their journeys: enrolments as paths of stones.

The same queries serve one enrolment and a page of them alike. Pages, mails and forms draw what comes out of
here; nothing here judges, it only reads what the judge wrote.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, tzinfo
from typing import Any

from django.db.models import Count, DateTimeField, Exists, F, IntegerField, Max, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import ngettext

from milestones.clocks import running_days, target_day
from milestones.models import (
    Achievement,
    Claim,
    Criterion,
    CriterionProgress,
    Enrolment,
    Milestone,
    Pause,
    Verdict,
)
from milestones.saying import pause_words, step_words
from ui.stones import Stone, StoneState

Href = Callable[[Enrolment, "Step"], str]


@dataclass(frozen=True, slots=True)
class Step:
    """One milestone of one enrolment, as the evidence stands now. Times are moments, targets are days."""

    milestone_id: int
    key: str
    name: str
    meaning: str
    stage: str
    rings: int
    met: int
    target_on: date | None
    achieved_at: datetime | None
    verified_at: datetime | None
    claimed_at: datetime | None
    contested_at: datetime | None
    """When the contest began that still holds."""
    is_mended: bool
    before: str = ""
    """The name of an earlier milestone that was not reached when this one was: out of order."""

    @property
    def state(self) -> StoneState:
        if self.contested_at:
            return StoneState.CONTESTED
        if self.verified_at:
            return StoneState.MENDED if self.is_mended else StoneState.VERIFIED
        if self.achieved_at:
            return StoneState.EVIDENCED
        if self.claimed_at:
            return StoneState.CLAIMED
        return StoneState.GROWING if self.met else StoneState.NOT_YET

    def days_late(self, today: date) -> int:
        """Whole days past the target while it is not achieved; 0 when there is time, or no target."""
        if self.achieved_at or self.target_on is None:
            return 0
        return max(0, (today - self.target_on).days)


@dataclass(frozen=True)
class Path:
    """An enrolment's milestones in order, and the stones that show them."""

    enrolment: Enrolment
    steps: tuple[Step, ...]
    stones: tuple[Stone, ...]
    today: date
    pauses: tuple[Pause, ...] = ()

    @property
    def current(self) -> Step | None:
        """The first milestone not achieved; none at the end of the journey."""
        return next((step for step in self.steps if step.milestone_id == self.enrolment.current_id), None)

    @property
    def pause(self) -> Pause | None:
        """Why the clock stands today; none while it runs."""
        if self.enrolment.ended_at:
            return None
        return next((pause for pause in self.pauses if pause.covers(self.today)), None)

    @property
    def pause_words(self) -> str:
        """Since when the clock stands, and until when if that is known."""
        return pause_words(self.pause, today=self.today) if self.pause else ""

    @property
    def behind(self) -> int:
        """How many milestones are past their target."""
        return 0 if self.enrolment.ended_at else sum(1 for s in self.steps if s.days_late(self.today))

    @property
    def out_of_order(self) -> list[Step]:
        """Milestones that were reached before an earlier one of the path."""
        return [step for step in self.steps if step.before]

    @property
    def stage(self) -> str:
        """The stage of the current milestone, in words; at the end of the journey the last one's."""
        step = self.current or (self.steps[-1] if self.steps else None)
        return str(Milestone.Stage(step.stage).label) if step else ""

    @property
    def in_stage_since(self) -> datetime:
        """When the last milestone before this stage was achieved, else when the journey began."""
        began = self.enrolment.started_at or self.enrolment.enrolled_at
        if self.current is None:
            return self.enrolment.moved_at or began
        first = next(i for i, step in enumerate(self.steps) if step.stage == self.current.stage)
        return max([began, *(s.achieved_at for s in self.steps[:first] if s.achieved_at)])

    @property
    def days_in_stage(self) -> int:
        """Days on which the clock ran."""
        zone = self.enrolment.organisation.tzinfo
        return running_days(self.in_stage_since.astimezone(zone).date(), self.today, self.pauses)


def paths_of(enrolments: Iterable[Enrolment], *, now: datetime, href: Href | None = None) -> dict[int, Path]:
    """The paths of these enrolments by enrolment id, in one query, and
    one more when a clock of theirs ever stood. `href` says where a stone leads.

    Give enrolments with their organisation loaded: its zone decides which day it is.
    """
    given = list(enrolments)
    ids = [enrolment.pk for enrolment in given]
    rows = _rows(ids)
    pauses = _pauses([pk for pk, of_one in rows.items() if of_one and of_one[0]["ever_paused"]])
    return {each.pk: _path(each, rows[each.pk], pauses[each.pk], now, href) for each in given}


def _path(
    enrolment: Enrolment,
    rows: Sequence[dict[str, Any]],
    pauses: Sequence[Pause],
    now: datetime,
    href: Href | None,
) -> Path:
    zone = enrolment.organisation.tzinfo
    today = now.astimezone(zone).date()
    steps = in_order(
        [_step(row, target_day(enrolment.started_on, row["target_days"], pauses)) for row in rows], zone
    )
    stones = tuple(_stone(step, enrolment, today, pauses) for step in steps)
    if href:
        stones = tuple(
            replace(stone, href=href(enrolment, step)) for stone, step in zip(stones, steps, strict=True)
        )
    return Path(enrolment, steps, stones, today, tuple(pauses))


def _step(row: dict[str, Any], target_on: date | None) -> Step:
    return Step(
        milestone_id=row["pk"],
        key=row["key"],
        name=row["name"],
        meaning=row["meaning"],
        stage=row["stage"],
        rings=row["rings"],
        met=row["met"],
        target_on=target_on,
        achieved_at=row["achieved_at"],
        verified_at=row["verified_at"],
        claimed_at=row["claimed_at"],
        contested_at=row["contested_at"],
        is_mended=row["is_mended"],
    )


def in_order(steps: Sequence[Step], zone: tzinfo) -> tuple[Step, ...]:
    """The steps, each with the first earlier one that it was reached before, by local days."""
    days = [step.achieved_at.astimezone(zone).date() if step.achieved_at else None for step in steps]
    told = []
    for place, step in enumerate(steps):
        on, before = days[place], ""
        for name, other in zip((each.name for each in steps), days[:place], strict=False):
            if on and (other is None or other > on):
                before = name
                break
        told.append(replace(step, before=before))
    return tuple(told)


def _stone(step: Step, enrolment: Enrolment, today: date, pauses: Iterable[Pause]) -> Stone:
    is_current = step.milestone_id == enrolment.current_id and enrolment.ended_at is None
    late = 0 if enrolment.ended_at else step.days_late(today)
    pause = next((pause for pause in pauses if is_current and pause.covers(today)), None)
    return Stone(
        name=step.name,
        state=step.state,
        said=pause_words(pause, today=today) if pause else step_words(step, today, enrolment),
        rings=max(1, step.rings),
        met=step.met,
        warning=ngettext("%(days)d day past target", "%(days)d days past target", late) % {"days": late}
        if late
        else "",
        target_ahead=is_current and not late and not step.achieved_at and step.target_on is not None,
        is_current=is_current,
    )


def _rows(enrolment_ids: Collection[int]) -> dict[int, list[dict[str, Any]]]:
    """Every milestone of these enrolments with what the evidence says of it, in the journey's order."""
    found: dict[int, list[dict[str, Any]]] = defaultdict(list)
    if not enrolment_ids:
        return found
    rows = (
        Milestone.objects.filter(version__enrolments__in=list(enrolment_ids))
        .annotate(
            enrolment_id=F("version__enrolments__id"),
            rings=_count(Criterion.objects.filter(milestone=OuterRef("pk"))),
            met=_count(_met()),
            achieved_at=_one(_standing(), "achieved_at"),
            verified_at=_one(_standing(), "verified_at"),
            claimed_at=_one(_claims(), "claimed_at"),
            contested_at=_one(_contests().filter(settled_at=None), "at"),
            is_mended=Exists(_contests().exclude(settled_at=None)),
            ever_paused=Exists(Pause.objects.standing().filter(enrolment=OuterRef("enrolment_id"))),
        )
        .order_by("enrolment_id", "position")
        .values()
    )
    for row in rows:
        found[row["enrolment_id"]].append({**row, "pk": row["id"]})
    return found


def _pauses(enrolment_ids: Collection[int]) -> dict[int, list[Pause]]:
    """All their pauses, the earliest first."""
    found: dict[int, list[Pause]] = defaultdict(list)
    if enrolment_ids:
        for pause in Pause.objects.standing().filter(enrolment__in=list(enrolment_ids)).order_by("starts_on"):
            found[pause.enrolment_id].append(pause)
    return found


def _count(rows: QuerySet[Any]) -> Coalesce:
    counted = rows.order_by().values("organisation_id").annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


def _one(rows: QuerySet[Any], column: str) -> Subquery:
    newest = rows.order_by().values("organisation_id").annotate(newest=Max(column)).values("newest")
    return Subquery(newest, output_field=DateTimeField())


def _met() -> QuerySet[CriterionProgress]:
    return CriterionProgress.objects.filter(
        enrolment=OuterRef("enrolment_id"), criterion__milestone=OuterRef("pk")
    )


def _standing() -> QuerySet[Achievement]:
    return Achievement.objects.standing().filter(
        enrolment=OuterRef("enrolment_id"), milestone_key=OuterRef("key")
    )


def _claims() -> QuerySet[Claim]:
    return Claim.objects.filter(
        enrolment=OuterRef("enrolment_id"), milestone_key=OuterRef("key"), withdrawn_at=None
    )


def _contests() -> QuerySet[Verdict]:
    return Verdict.objects.standing().filter(
        kind=Verdict.Kind.CONTESTED, enrolment=OuterRef("enrolment_id"), milestone_key=OuterRef("key")
    )
