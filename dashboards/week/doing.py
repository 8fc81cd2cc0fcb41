"""How customers are doing, as the board has it: of several journeys the most pressing."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from coaching.models import CadenceRule
from dashboards.board.states import Standing, State, standing_of
from milestones.models import Enrolment, Milestone, Pause
from milestones.paces import Pace, paces_of
from organisations.models import Organisation

PRESSING = (State.STUCK, State.BEHIND, State.ON_TRACK, State.PAUSED)


@dataclass(frozen=True)
class Doing:
    """Of one customer. Without a journey there is no state, no stage and no target."""

    state: State | None = None
    stage: str = ""
    why: str = ""
    target_on: date | None = None
    milestone: str = ""

    @property
    def risk(self) -> str:
        """As rules for a cadence call it: at the end of the journey one is on track."""
        return self.state or (CadenceRule.Risk.ON_TRACK if self.stage else "")


def doing_of(customer_ids: Collection[int], *, organisation: Organisation, today: date) -> dict[int, Doing]:
    rows = list(
        Enrolment.objects.open()
        .filter(customer__in=customer_ids)
        .select_related("current", "journey")
        .order_by("pk")
    )
    paces = _paces(rows, organisation, today)
    pauses: dict[int, list[Pause]] = defaultdict(list)
    for pause in Pause.objects.standing().filter(enrolment__in=[row.pk for row in rows]):
        pauses[pause.enrolment_id].append(pause)
    found: dict[int, Doing] = {}
    for row in rows:
        standing = standing_of(
            row,
            pace=paces[row.journey_id].get(row.current_key),
            pauses=pauses[row.pk],
            today=today,
            organisation=organisation,
        )
        one = _doing(row, standing)
        if row.customer_id not in found or _place(one) < _place(found[row.customer_id]):
            found[row.customer_id] = one
    return found


def _paces(
    rows: Collection[Enrolment], organisation: Organisation, today: date
) -> Mapping[int, dict[str, Pace]]:
    journeys = {row.journey_id: row.journey for row in rows}
    keys: dict[int, set[str]] = defaultdict(set)
    for row in rows:
        keys[row.journey_id].add(row.current_key)
    return {
        pk: paces_of(journey, as_of=today, organisation=organisation, only=keys[pk] - {""})
        for pk, journey in journeys.items()
    }


def _doing(row: Enrolment, standing: Standing) -> Doing:
    if row.current is None:
        return Doing(None, Milestone.Stage.MASTERY, standing.why)
    target = None if standing.state == State.PAUSED else row.due_on
    return Doing(standing.state, row.current.stage, standing.why, target, row.current.name)


def _place(one: Doing) -> int:
    return PRESSING.index(one.state) if one.state else len(PRESSING)
