"""Customers who are plainly new, or plainly as they are here already, in one statement; see `window`.

Whoever comes with an outcome in their own words needs a look: it is a row of its own, with a history.
"""

import json
from collections.abc import Iterable, Mapping, Sequence

from office.importing.kinds.base import Job
from office.importing.kinds.traced import TracedCustomers
from office.importing.kinds.window import STAGED, Window
from office.importing.targets import FIELDS

TEXTS = ("name", "about", "use_case")
NAMED = f"""
    SELECT DISTINCT data->>'segment', data->>'owner' FROM ({STAGED}) AS given
"""
STATEMENT = """
WITH staged AS MATERIALIZED (
    SELECT row, line, "end", data, data->>'key' AS key,
        (%(segments)s::jsonb->>(data->>'segment'))::bigint AS segment_id,
        (%(owners)s::jsonb->>(data->>'owner'))::bigint AS owner_id
    FROM ({staged}) AS given
), compared AS MATERIALIZED (
    SELECT staged.*,
        staged."end" = 'new' AND c.id IS NULL AND NOT data ?| array['outcome', 'outcome_by', 'outcome_on']
            AND (staged.segment_id IS NOT NULL OR NOT data ? 'segment')
            AND (staged.owner_id IS NOT NULL OR NOT data ? 'owner') AS is_new,
        staged."end" = 'unchanged' AND c.archived_at IS NULL
            AND NOT data ?| array['outcome', 'outcome_by', 'outcome_on'] AND {same} AS is_same
    FROM staged LEFT JOIN LATERAL (
        SELECT * FROM customers_customer
        WHERE organisation_id = %(organisation)s AND key >= staged.key ORDER BY key LIMIT 1
    ) c ON c.key = staged.key
), made AS (
    INSERT INTO customers_customer (organisation_id, key, name, about, use_case, segment_id, owner_id,
        fields, edited, created_at, left_why)
    SELECT %(organisation)s, key, data->>'name', coalesce(data->>'about', ''),
        coalesce(data->>'use_case', ''), segment_id, owner_id, {fields}, '{{}}', %(now)s, ''
    FROM compared WHERE is_new ORDER BY line
    RETURNING *
), logged AS (
    INSERT INTO organisations_event (organisation_id, at, recorded_at, actor_id, verb, subject_type,
        subject_id, customer_id, data)
    SELECT organisation_id, %(now)s, %(now)s, %(by)s, 'customer_created', 'customers.customer', id, id, '{{}}'
    FROM made ORDER BY id
), traced AS (
    INSERT INTO office_importtrace (organisation_id, of_id, part, model, row, customer_id, after)
    SELECT organisation_id, %(import)s, %(part)s, 'customers.customer', id, id, {mark}
    FROM made ORDER BY id
)
SELECT row FROM compared WHERE (is_new OR is_same) IS NOT TRUE
"""


def store(job: Job, window: Window, segments: Mapping[str, int], owners: Mapping[str, int]) -> Sequence[int]:
    """The staged rows that need a look, by id. Segments and owners are known by their names in lower case."""
    named: list[tuple[str | None, str | None]] = []
    if {"segment", "owner"} & job.columns.keys():
        named = window.rows_of(NAMED, job)
    further = [name for name in job.columns if name.startswith(FIELDS)]
    statement = STATEMENT.format(
        staged=STAGED,
        same=" AND ".join(["c.id IS NOT NULL", *_comparisons(job.columns, further)]),
        fields=_fields(further),
        mark=TracedCustomers.mark_in_sql("made"),
    )
    found = window.rows_of(
        statement,
        job,
        segments=_known({segment for segment, _ in named}, segments),
        owners=_known({owner for _, owner in named}, owners),
        **{f"said_{place}": name for place, name in enumerate(further)},
        **{f"field_{place}": name.removeprefix(FIELDS) for place, name in enumerate(further)},
    )
    return [row for (row,) in found]


def _known(names: Iterable[str | None], ids: Mapping[str, int]) -> str:
    """Ids by the very names that stand in the file."""
    return json.dumps({name: ids[name.casefold()] for name in names if name and name.casefold() in ids})


def _comparisons(targets: Iterable[str], further: Sequence[str]) -> Iterable[str]:
    """For each column of the file: that it says what stands here, or says nothing."""
    same = {name: f"data->>'{name}' = c.{name}" for name in TEXTS}
    same |= {name: f"staged.{name}_id = c.{name}_id" for name in ("segment", "owner")}
    yield from (f"(NOT data ? '{name}' OR {same[name]})" for name in targets if name in same)
    for place in range(len(further)):
        stands = f"data->%(said_{place})s = c.fields->%(field_{place})s"
        yield f"(NOT data ? %(said_{place})s OR {stands})"


def _fields(further: Sequence[str]) -> str:
    pairs = ", ".join(f"%(field_{place})s::text, data->%(said_{place})s" for place in range(len(further)))
    return f"jsonb_strip_nulls(jsonb_build_object({pairs}))"
