"""A metric's readings as evidence: one series for each kind, told reading by reading from the start on.

A series has a row for each reading (in the order of time, source and id): whether the criterion is met there,
and how far it is (`so_far`, in the unit of the rule; `seen` counts answers). Where a value also leaves again,
`turn` says that it leaves (0) before another comes (1). Nothing in a row depends on a later one, so the first
row that is met is when the criterion is met, and the last row is where it stands.
"""

from milestones.criteria.dialects import days_between, later
from milestones.criteria.tables import READING
from organisations.sets import is_so

ORDER = "at, source, external_id"
LARGEST = "1000000000000"  # beyond it, sums and differences of floats mean nothing: left out of them
ALMOST = "0.999999999"  # of what is asked: a sum of 0.1 ten times is 1


def holds(value: str) -> str:
    """Whether a value satisfies the operator and the threshold of the criterion `a`."""
    signs = {"gte": ">=", "gt": ">", "lte": "<=", "lt": "<"}
    ways = [f"(a.operator = '{name}' AND {value} {sign} a.threshold)" for name, sign in signs.items()]
    return f"({' OR '.join(ways)})"


def joined(*, from_start: bool = True) -> str:
    """`asked a` with the standing readings `r` of its metric, from the start on."""
    since = " AND (a.started_at IS NULL OR r.at >= a.started_at)" if from_start else ""
    return f"""FROM asked a JOIN {READING} r ON r.organisation_id = a.organisation_id
            AND r.customer_id = a.customer_id AND r.metric_id = a.metric_id
            AND {is_so("r.is_standing")}{since}"""


def threshold() -> str:
    """Each reading by itself."""
    return f"""
        SELECT a.enrolment_id, a.criterion_id, r.at, r.source, r.external_id, r.value, r.id AS reading_id,
               {holds("r.value")} AS is_met, r.value AS so_far, NULL AS seen, 1 AS turn
        {joined()}"""


def change() -> str:
    """Against the last reading at or before the start, else the first after it, which itself never counts."""
    percent = "a.way LIKE '%%percent'"
    grown = "(CASE WHEN a.way LIKE 'falls%%' THEN a.base - a.value ELSE a.value - a.base END)"
    return f"""
        SELECT enrolment_id, criterion_id, at, source, external_id, so_far AS value, reading_id,
               CASE WHEN way LIKE '%%percent' THEN grown * 100 >= threshold * {ALMOST} * ABS(base)
                    ELSE grown >= threshold * {ALMOST} END AS is_met, so_far, NULL AS seen, 1 AS turn
        FROM (
            SELECT a.*, {grown} AS grown,
                   CASE WHEN {percent} THEN {grown} * 100 / ABS(a.base) ELSE {grown} END AS so_far
            FROM (
                SELECT ranked.*,
                       MAX(CASE WHEN place = base_place THEN value END)
                           OVER (PARTITION BY enrolment_id, criterion_id) AS base
                FROM (
                    SELECT placed.*, CASE WHEN before > 1 THEN before ELSE 1 END AS base_place FROM (
                        SELECT a.enrolment_id, a.criterion_id, a.threshold, a.way, r.at, r.source,
                               r.external_id, r.value, r.id AS reading_id,
                               row_number() OVER (PARTITION BY a.enrolment_id, a.criterion_id
                                                  ORDER BY r.at, r.source, r.external_id) AS place,
                               SUM(CASE WHEN r.at <= a.started_at THEN 1 ELSE 0 END)
                                   OVER (PARTITION BY a.enrolment_id, a.criterion_id) AS before
                        {joined(from_start=False)} AND r.value BETWEEN -{LARGEST} AND {LARGEST}
                    ) AS placed
                ) AS ranked
            ) AS a
            WHERE a.place > a.base_place AND (a.way NOT LIKE '%%percent' OR ABS(a.base) > 0.000000001)
        ) AS grown"""


def sustained() -> str:
    """Runs of readings that satisfy it, none further from the one before than a reading holds."""
    begins = f"holds AND (before_at IS NULL OR NOT held OR at > {later('before_at', 'holds_days')})"
    of = "PARTITION BY enrolment_id, criterion_id"
    return f"""
        SELECT enrolment_id, criterion_id, at, source, external_id, value, reading_id,
               holds AND at >= {later("run_from", "days")} AS is_met,
               CASE WHEN holds THEN {days_between("run_from", "at")} ELSE 0 END AS so_far,
               NULL AS seen, 1 AS turn
        FROM (
            SELECT counted.*, MIN(at) OVER ({of}, run) AS run_from FROM (
                SELECT flagged.*, SUM(CASE WHEN {begins} THEN 1 ELSE 0 END)
                    OVER ({of} ORDER BY {ORDER} ROWS UNBOUNDED PRECEDING) AS run
                FROM (
                    SELECT told.*, lag(at) OVER in_order AS before_at, lag(holds) OVER in_order AS held
                    FROM (
                        SELECT a.enrolment_id, a.criterion_id, a.days, a.holds_days, r.at, r.source,
                               r.external_id, r.value, r.id AS reading_id, {holds("r.value")} AS holds
                        {joined()}
                    ) AS told
                    WINDOW in_order AS ({of} ORDER BY {ORDER})
                ) AS flagged
            ) AS counted
        ) AS runs"""


def window() -> str:
    """A running total that each reading enters at its time and leaves when the days are over.

    What leaves at a moment has left before what comes at that moment.
    """
    amount = "CASE WHEN a.way = 'count' THEN 1.0 ELSE r.value END"
    fits = f"AND (a.way = 'count' OR r.value BETWEEN -{LARGEST} AND {LARGEST})"
    row = "a.enrolment_id, a.criterion_id, a.threshold"
    return f"""
        SELECT enrolment_id, criterion_id, at, source, external_id, total AS value, reading_id,
               side = 1 AND total >= threshold * {ALMOST} AS is_met, total AS so_far,
               NULL AS seen, side AS turn
        FROM (
            SELECT moves.*, SUM(amount) OVER (PARTITION BY enrolment_id, criterion_id
                ORDER BY at, side, source, external_id ROWS UNBOUNDED PRECEDING) AS total
            FROM (
                SELECT {row}, r.at, 1 AS side, r.source, r.external_id, r.id AS reading_id, {amount} AS amount
                {joined()} {fits}
                UNION ALL
                SELECT {row}, {later("r.at", "a.days")}, 0, r.source, r.external_id, r.id, -({amount})
                {joined()} {fits}
            ) AS moves
        ) AS totals"""


def survey() -> str:
    """The mean of the newest answers on the scale, once there are enough: each leaves as newer ones come."""
    answered = f"""SELECT a.enrolment_id, a.criterion_id, a.operator, a.threshold, a.answers, r.at, r.source,
                       r.external_id, r.value, r.id AS reading_id,
                       row_number() OVER (PARTITION BY a.enrolment_id, a.criterion_id
                                          ORDER BY r.at, r.source, r.external_id) AS place
                {joined()} AND r.value BETWEEN a.scale_low AND a.scale_high"""
    mean = "a.total / (CASE WHEN a.place < a.answers THEN a.place ELSE a.answers END)"
    near = "(CASE WHEN a.operator IN ('gte', 'lt') THEN 0.000000001 ELSE -0.000000001 END)"
    met = holds(f"(a.mean + {near})")  # 8.1 of three answers is 8.1, whatever a computer makes of thirds
    return f"""
        SELECT enrolment_id, criterion_id, at, source, external_id, mean AS value, reading_id,
               place >= answers AND {met} AS is_met, mean AS so_far, place AS seen, 1 AS turn
        FROM (
            SELECT a.*, {mean} AS mean FROM (
                SELECT moves.*, SUM(amount) OVER (PARTITION BY enrolment_id, criterion_id
                    ORDER BY place, side ROWS UNBOUNDED PRECEDING) AS total
                FROM (
                    SELECT came.*, 1 AS side, value AS amount FROM ({answered}) AS came
                    UNION ALL
                    SELECT enrolment_id, criterion_id, operator, threshold, answers, at, source, external_id,
                           value, reading_id, place + answers, 0, -value FROM ({answered}) AS gone
                ) AS moves
            ) AS a WHERE side = 1
        ) AS a"""


SERIES = {"metric": threshold, "change": change, "sustained": sustained, "window": window, "survey": survey}


def evidence(kind: str) -> str:
    """Where a series is met first: enrolment, criterion, when, value, reading."""
    return f"""
        SELECT enrolment_id, criterion_id, at, value, reading_id FROM (
            SELECT enrolment_id, criterion_id, at, value, reading_id,
                   row_number() OVER (PARTITION BY enrolment_id, criterion_id ORDER BY {ORDER}) AS place
            FROM ({SERIES[kind]()}) AS series WHERE is_met
        ) AS candidates WHERE place = 1"""


def newest(kind: str) -> str:
    """Where a series stands at a moment (a parameter): its last row by then."""
    return f"""
        SELECT enrolment_id, criterion_id, at, value, so_far, seen FROM (
            SELECT series.*, row_number() OVER (
                PARTITION BY enrolment_id, criterion_id
                ORDER BY at DESC, turn DESC, source DESC, external_id DESC) AS place
            FROM ({SERIES[kind]()}) AS series WHERE at <= %s
        ) AS candidates WHERE place = 1"""
