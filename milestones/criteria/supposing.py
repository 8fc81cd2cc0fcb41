"""What if these were the criteria: the judge's own statements, over criteria that are no rows yet.

Reads only. The enrolments are those of a journey, or every customer as if just set out without a start.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from customers.models import Customer
from milestones.criteria.keeping import evidence
from milestones.criteria.tables import ENROLMENT
from milestones.models import Criterion, Milestone
from milestones.models.wording import MEASURED
from organisations.models import Organisation
from organisations.sets import as_read, as_stored

MOST = 5000  # customers that are looked at, so that a page stays a page
NAMED = 20
CUSTOMER = Customer._meta.db_table
COLUMNS = {
    "criterion_id": "bigint", "milestone": "bigint", "milestone_key": "text", "kind": "text",
    "metric_id": "bigint", "operator": "text", "threshold": "double precision", "way": "text",
    "days": "integer", "holds_days": "integer", "answers": "integer", "scale_low": "double precision",
    "scale_high": "double precision", "urgency": "text",
}  # fmt: skip
RULES = {"milestone": "bigint", "rule": "text", "needed": "bigint", "measured": "bigint", "whole": "bigint"}


@dataclass(frozen=True)
class Supposed:
    """A milestone with its criteria (not saved), and the number it goes by here."""

    number: int
    milestone: Milestone
    criteria: Sequence[Criterion]


@dataclass(frozen=True, slots=True)
class Meeting:
    """A customer who meets a milestone: by what is measured, and (if so) with every word it needs."""

    customer_id: int
    measured_at: datetime
    whole_at: datetime | None


@dataclass(frozen=True, slots=True)
class Met:
    """How many meet a milestone, and the newest of them."""

    measured: int
    whole: int
    lately: int
    newest: tuple[Meeting, ...]


def suppose(
    supposed: Sequence[Supposed], *, organisation: Organisation, journey_id: int | None, since: datetime
) -> dict[int, Met]:
    """By number of the milestone, who meets it; `lately` is since that moment. No journey: all customers."""
    rows = [_row(one, place) for one in supposed for place in range(len(one.criteria))]
    if not rows:
        return {}
    kinds = sorted({str(row["kind"]) for row in rows})
    given, parameters = _values(COLUMNS, rows)
    ruled, rules = _values(RULES, [_rule(one) for one in supposed if one.criteria])
    scope, whose = _scope(organisation, journey_id)
    with connection.cursor() as cursor:
        cursor.execute(
            f"""WITH scope AS MATERIALIZED ({scope}), given ({", ".join(COLUMNS)}) AS ({given}),
            ruled ({", ".join(RULES)}) AS ({ruled}),
            found AS MATERIALIZED ({" UNION ALL ".join(_met(kind) for kind in kinds)}), {_REACHED}
            SELECT milestone, customer_id, measured_at, whole_at, n_measured, n_whole, n_lately FROM (
                SELECT reached.*, COUNT(measured_at) OVER of_it AS n_measured,
                       COUNT(whole_at) OVER of_it AS n_whole,
                       SUM(CASE WHEN measured_at >= %s THEN 1 ELSE 0 END) OVER of_it AS n_lately,
                       row_number() OVER (PARTITION BY milestone
                                          ORDER BY measured_at DESC, customer_id) AS place
                FROM (SELECT customer_id, milestone, COALESCE(measured_at, whole_at) AS measured_at, whole_at
                      FROM reached) AS reached
                WHERE measured_at IS NOT NULL
                WINDOW of_it AS (PARTITION BY milestone)
            ) AS counted WHERE place <= {NAMED} ORDER BY milestone, place""",
            [*whose, *parameters, *rules, as_stored(since)],
        )
        return _gathered(cursor.fetchall())


# By what is measured alone the words count as given: of `all` the measured ones are needed, of "at least so
# many" no more than there are.
_REACHED = """placed AS (
        SELECT found.*, given.milestone, row_number() OVER (
                   PARTITION BY found.enrolment_id, given.milestone ORDER BY found.met_at) AS place,
               CASE WHEN found.is_measured = 1 THEN SUM(found.is_measured) OVER (
                   PARTITION BY found.enrolment_id, given.milestone ORDER BY found.met_at) END AS measure
        FROM found JOIN given ON given.criterion_id = found.criterion_id
    ),
    reached AS MATERIALIZED (
        SELECT s.customer_id, r.milestone,
               CASE WHEN r.rule = 'any' OR r.measured = 0 THEN MIN(p.met_at)
                    WHEN r.rule = 'at_least' THEN MIN(CASE WHEN p.measure >= r.needed
                        OR p.measure >= r.measured THEN p.met_at END)
                    WHEN COUNT(p.measure) = r.measured
                    THEN MAX(CASE WHEN p.measure IS NOT NULL THEN p.met_at END) END AS measured_at,
               CASE WHEN r.rule = 'any' THEN MIN(p.met_at)
                    WHEN r.rule = 'at_least' THEN MIN(CASE WHEN p.place >= r.needed THEN p.met_at END)
                    WHEN COUNT(*) = r.whole THEN MAX(p.met_at) END AS whole_at
        FROM placed p JOIN ruled r ON r.milestone = p.milestone JOIN scope s ON s.id = p.enrolment_id
        GROUP BY p.enrolment_id, s.customer_id, r.milestone, r.rule, r.needed, r.measured, r.whole
    )"""


def _met(kind: str) -> str:
    columns = ", ".join(f"g.{name}" for name in COLUMNS if name not in ("milestone", "kind"))
    return f"""SELECT * FROM (
        WITH asked AS (
            SELECT s.id AS enrolment_id, s.organisation_id, s.customer_id, s.started_at, {columns}
            FROM scope s CROSS JOIN given g WHERE g.kind = '{kind}'
        ), met (enrolment_id, criterion_id, met_at, value, reading_id) AS ({evidence(kind)})
        SELECT enrolment_id, criterion_id, met_at, {int(kind in MEASURED)} AS is_measured FROM met
    ) AS of_{kind}"""


def _scope(organisation: Organisation, journey_id: int | None) -> tuple[str, list[Any]]:
    if journey_id is None:
        moment = "timestamptz" if connection.vendor == "postgresql" else "text"
        return (
            f"""SELECT -id AS id, organisation_id, id AS customer_id, CAST(NULL AS {moment}) AS started_at
            FROM {CUSTOMER} WHERE organisation_id = %s AND left_on IS NULL AND archived_at IS NULL
            ORDER BY id DESC LIMIT {MOST}""",
            [organisation.pk],
        )
    return (
        f"""SELECT id, organisation_id, customer_id, started_at FROM {ENROLMENT}
        WHERE organisation_id = %s AND journey_id = %s AND ended_at IS NULL AND is_judged
        ORDER BY id DESC LIMIT {MOST}""",
        [organisation.pk, journey_id],
    )


def _row(one: Supposed, place: int) -> dict[str, Any]:
    criterion = one.criteria[place]
    own = {name: getattr(criterion, name, None) for name in COLUMNS}
    own |= {"criterion_id": one.number * 100 + place, "milestone": one.number}
    return own | {"milestone_key": one.milestone.key}


def _rule(one: Supposed) -> dict[str, Any]:
    measured = sum(1 for each in one.criteria if each.kind in MEASURED)
    rule = {"milestone": one.number, "rule": one.milestone.join, "needed": one.milestone.needed}
    return rule | {"measured": measured, "whole": len(one.criteria)}


def _values(columns: dict[str, str], rows: Sequence[dict[str, Any]]) -> tuple[str, list[Any]]:
    one = f"({', '.join(f'CAST(%s AS {kind})' for kind in columns.values())})"
    return f"VALUES {', '.join(one for _ in rows)}", [row[name] for row in rows for name in columns]


def _gathered(rows: Sequence[tuple[Any, ...]]) -> dict[int, Met]:
    found: dict[int, Met] = {}
    for number, customer_id, measured_at, whole_at, measured, whole, lately in rows:
        so_far = found[number].newest if number in found else ()
        meeting = Meeting(customer_id, as_read(measured_at), as_read(whole_at) if whole_at else None)
        found[number] = Met(measured, whole, int(lately), (*so_far, meeting))
    return found
