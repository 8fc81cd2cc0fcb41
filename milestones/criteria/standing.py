"""How far criteria are, met or not: the last row of the very series that the judge looks through."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from milestones.criteria import readings
from milestones.criteria.scope import ASKED, Scope
from organisations.sets import as_read, as_stored

type Place = tuple[int, int]  # an enrolment and a criterion


@dataclass(frozen=True, slots=True)
class Standing:
    """What the last reading came to."""

    at: datetime
    value: float
    so_far: float
    seen: int | None
    """How many answers there were; of surveys only."""


def standing(scope: Scope, kinds: Collection[str], *, at: datetime) -> dict[Place, Standing]:
    """Of criteria of these kinds that are measured by readings; where there are none, nothing."""
    found: dict[Place, Standing] = {}
    with_scope, parameters = scope.sql()
    with connection.cursor() as cursor:
        for kind in [kind for kind in kinds if kind in readings.SERIES]:
            asked = ASKED.format(kind=kind)
            cursor.execute(f"{with_scope}, {asked} {readings.newest(kind)}", [*parameters, as_stored(at)])
            for enrolment_id, criterion_id, moment, value, so_far, seen in cursor.fetchall():
                found[enrolment_id, criterion_id] = Standing(as_read(moment), value, so_far, seen)
    return found
