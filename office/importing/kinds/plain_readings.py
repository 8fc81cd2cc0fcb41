"""Which readings stand here; and those plainly new, or plainly standing, in one statement: see `window`."""

import json
from collections.abc import Iterable
from typing import Any

from django.db import connection

from customers.models import Reading
from customers.recording import inserting_from
from office.importing.kinds.base import Job
from office.importing.kinds.window import STAGED, Window, ask
from organisations.sets import among

SAID = ("value", "customer_id", "metric_id", "at")

# Each step is made whole before the next: behind row-level security only a plain column finds an index.
STATEMENT = f"""
WITH staged AS MATERIALIZED (
    SELECT row, line, "end", data->>'customer' AS customer, data->>'metric' AS metric, data->>'at' AS at,
        (data->>'value')::float8 AS value, data->>'id' AS id
    FROM ({STAGED}) AS given
), named AS MATERIALIZED (
    SELECT staged.row, staged.line, staged."end", staged.id, staged.value, staged.at::timestamptz AS at,
        %(organisation)s::bigint AS organisation_id, c.id AS customer_id, m.id AS metric_id,
        coalesce(staged.id, c.id || ':' || m.id || ':' || staged.at) AS external_id, %(source)s AS source,
        %(now)s::timestamptz AS recorded_at, %(import)s::bigint AS import_id, true AS is_standing
    FROM staged
    LEFT JOIN LATERAL (
        SELECT id, key FROM customers_customer
        WHERE organisation_id = %(organisation)s AND key >= staged.customer ORDER BY key LIMIT 1
    ) c ON c.key = staged.customer
    LEFT JOIN LATERAL (
        SELECT id, key FROM customers_metric
        WHERE organisation_id = %(organisation)s AND key >= staged.metric ORDER BY key LIMIT 1
    ) m ON m.key = staged.metric
), compared AS MATERIALIZED (
    SELECT named.*,
        named."end" = 'new' AND s.id IS NULL AND named.customer_id IS NOT NULL
            AND named.metric_id IS NOT NULL AND (named.id ~ '^[0-9]+:[0-9]+:') IS NOT TRUE AS is_new,
        named."end" = 'unchanged' AND s.customer_id = named.customer_id AND s.metric_id = named.metric_id
            AND s.at = named.at AND s.value = named.value AS is_same
    FROM named LEFT JOIN LATERAL (
        SELECT id, customer_id, metric_id, at, value, external_id FROM customers_reading
        WHERE organisation_id = %(organisation)s AND source = %(source)s
            AND external_id >= named.external_id AND is_standing
        ORDER BY external_id LIMIT 1
    ) s ON s.external_id = named.external_id
), made AS (
    {inserting_from("compared WHERE is_new ORDER BY line")} RETURNING customer_id
)
SELECT row, NULL FROM compared WHERE (is_new OR is_same) IS NOT TRUE
UNION ALL SELECT DISTINCT NULL::bigint, customer_id FROM made
"""


STANDING = """
    SELECT standing.* FROM json_array_elements_text(%(all)s) AS wanted CROSS JOIN LATERAL (
        SELECT external_id, value, customer_id, metric_id, at FROM customers_reading
        WHERE organisation_id = %(organisation)s AND source = %(source)s AND external_id >= wanted
            AND is_standing ORDER BY external_id LIMIT 1
    ) AS standing WHERE standing.external_id = wanted"""


def standing(job: Job, external_ids: Iterable[str]) -> Iterable[tuple[Any, ...]]:
    """Those that stand here, each as its external id with what `SAID` names."""
    if connection.vendor == "postgresql":
        wanted = json.dumps([*external_ids], ensure_ascii=False)
        found = {"organisation": job.organisation.pk, "source": job.source, "all": wanted}
        return ask(STANDING, found)
    here = Reading.objects.standing().filter(source=job.source, external_id__in=among(external_ids))
    return here.values_list("external_id", *SAID)


def store(job: Job, window: Window) -> tuple[list[int], set[int]]:
    """The staged rows that need a look, by id; and whose customers have new readings."""
    found = window.rows_of(STATEMENT, job)
    return [row for row, _ in found if row], {customer_id for _, customer_id in found if customer_id}
