"""python -m bench.inside.files N: seconds to bring in N customers and 10 N readings, ours and bare SQL.

The bare statements stage the same files with COPY, look for what is wrong, and write the same rows:
customers, readings with their latest, the log, what an undo needs, and what became of each row. The database
makes sure of what rows point to, which would else wait for a commit that never comes. A bare COPY goes into a
table with a primary key, a unique identity and one more index.
"""

import resource
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from bench.inside import tell
from bench.inside.organisation import found
from customers.models import Customer, Reading
from office import importing
from office.models import Import
from organisations import tenancy
from organisations.models import Organisation

SLUG = "files"
STAGED = """
    INSERT INTO office_importrow (organisation_id, of_id, line, identity, "end", data, "column", value,
        reason)
    SELECT {pk}, {of}, 10000000000 + row_number() OVER (), md5(r::text), 'new', to_jsonb(r), '', '', ''
    FROM raw r"""
CUSTOMERS = [
    "SELECT count(*) FROM raw WHERE key = '' OR length(key) > 120 OR name = ''",
    """INSERT INTO customers_customer (organisation_id, key, name, about, fields, edited, created_at,
        left_why)
    SELECT {pk}, 'bare-' || key, name, about, '{{}}', '{{}}', now(), '' FROM raw
    ON CONFLICT (organisation_id, key) DO UPDATE SET name = excluded.name, about = excluded.about""",
    """INSERT INTO organisations_event (organisation_id, at, recorded_at, verb, subject_type, subject_id,
        customer_id, data)
    SELECT {pk}, now(), now(), 'customer_created', 'customers.customer', c.id, c.id, '{{}}'
    FROM customers_customer c WHERE c.organisation_id = {pk} AND c.key LIKE 'bare-%'""",
    """INSERT INTO office_importtrace (organisation_id, of_id, part, model, row, customer_id, after)
    SELECT {pk}, {of}, 0, 'customers.customer', c.id, c.id, md5(c::text)
    FROM customers_customer c WHERE c.organisation_id = {pk} AND c.key LIKE 'bare-%'""",
]
READINGS = [
    "SELECT count(*) FROM raw WHERE customer = '' OR metric = '' OR value !~ '^[0-9.]+$'",
    """INSERT INTO customers_reading (organisation_id, customer_id, metric_id, at, recorded_at, value, source,
        external_id, import_id, is_standing)
    SELECT {pk}, c.id, m.id, r.at::timestamptz, now(), r.value::float, 'bare',
        c.id || ':' || m.id || ':' || r.at, {of}, true
    FROM raw r JOIN customers_customer c ON c.organisation_id = {pk} AND c.key = r.customer
    JOIN customers_metric m ON m.organisation_id = {pk} AND m.key = r.metric
    ON CONFLICT DO NOTHING""",
    """INSERT INTO customers_latestreading (organisation_id, customer_id, metric_id, at, value)
    SELECT DISTINCT ON (customer_id, metric_id) {pk}, customer_id, metric_id, at, value
    FROM customers_reading WHERE organisation_id = {pk} AND is_standing AND source = 'bare'
    ORDER BY customer_id, metric_id, at DESC
    ON CONFLICT (organisation_id, customer_id, metric_id)
    DO UPDATE SET at = excluded.at, value = excluded.value""",
]
COPIED = {
    "customers": ("key text UNIQUE, name text, about text", "name"),
    "readings": (
        "customer text, metric text, at timestamptz, value float8, UNIQUE (customer, metric, at)",
        "metric, at",
    ),
}
HEADS = {"customers": ("key", "name", "about"), "readings": ("customer", "metric", "at", "value")}
BARE = {"customers": CUSTOMERS, "readings": READINGS}


def lines_of(kind: str, count: int) -> Iterator[str]:
    if kind == "customers":
        yield from (f"c{n},Customer {n},Brought by file" for n in range(count))
        return
    for n in range(count * 10):
        yield f"c{n // 10},score-{n % 5 + 1},2026-0{n % 9 + 1}-{n % 28 + 1:02} 10:00+00:00,{n % 100}.5"


def written(kind: str, count: int) -> Path:
    path = Path(settings.STATE) / f"{kind}.csv"
    with path.open("w") as file:
        file.write(",".join(HEADS[kind]) + "\n")
        file.writelines(f"{line}\n" for line in lines_of(kind, count))
    return path


def ours(organisation: Organisation, kind: str, path: Path) -> tuple[Import, float, float]:
    """The import, and seconds to check and to apply."""
    with tenancy.within(organisation), path.open("rb") as file:
        given = importing.start(
            organisation=organisation,
            kind=kind,
            file=file,
            file_name=path.name,
            mapping={},
            source="bench",
            by=None,
            now=timezone.now(),
            wishes=importing.Wishes(),
        )
    checked = worked(organisation, given)
    with tenancy.within(organisation):
        importing.ask_to_apply(Import.objects.get(pk=given.pk), now=timezone.now())
    applied = worked(organisation, given)
    with tenancy.within(organisation):
        done = Import.objects.get(pk=given.pk)
    assert done.state == Import.State.APPLIED, f"{done.get_state_display()}: {done.state_why} {done.counts}"
    return done, checked, applied


def worked(organisation: Organisation, given: Import) -> float:
    began = time.perf_counter()
    importing.work(organisation=organisation, import_id=given.pk, clock=timezone.now)
    return time.perf_counter() - began


def undone(organisation: Organisation, done: Import) -> float:
    with tenancy.within(organisation):
        importing.ask_to_undo(done, by=None, now=timezone.now())
    return worked(organisation, done)


def bare(organisation: Organisation, kind: str, path: Path, of: int) -> tuple[float, float]:
    """Seconds of a COPY alone, and of all the statements. Rolled back."""
    with tenancy.within(organisation), transaction.atomic(), connection.cursor() as cursor:
        columns, indexed = COPIED[kind]
        made = "id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY"
        cursor.execute(f"CREATE TEMPORARY TABLE copied ({made}, {columns}) ON COMMIT DROP")
        cursor.execute(f"CREATE INDEX ON copied ({indexed})")
        copied = filled("copied", kind, path, cursor)
        columns = ", ".join(f"{name} text" for name in HEADS[kind])
        cursor.execute(f"CREATE TEMPORARY TABLE raw ({columns}) ON COMMIT DROP")
        seconds = filled("raw", kind, path, cursor)
        began = time.perf_counter()
        for statement in [STAGED, *BARE[kind], "SET CONSTRAINTS ALL IMMEDIATE"]:
            cursor.execute(statement.format(pk=organisation.pk, of=of))
        seconds += time.perf_counter() - began
        transaction.set_rollback(True)
    return copied, seconds


def filled(table: str, kind: str, path: Path, cursor: Any) -> float:
    """Seconds of a COPY."""
    began = time.perf_counter()
    columns = ", ".join(HEADS[kind])
    with (
        path.open("rb") as file,
        cursor.cursor.copy(f"COPY {table} ({columns}) FROM STDIN CSV HEADER") as copy,
    ):
        while block := file.read(1 << 16):
            copy.write(block)
    return time.perf_counter() - began


def compare(count: int) -> dict[str, object]:
    assert connection.vendor == "postgresql", "the bare statements are PostgreSQL's"
    organisation, _journey = found(SLUG)
    told: dict[str, object] = {}
    imports = {}
    for kind in HEADS:
        path = written(kind, count)
        done, checked, applied = ours(organisation, kind, path)
        imports[kind] = done
        _again, looked, found_same = ours(organisation, kind, path)
        copied, seconds = bare(organisation, kind, path, done.pk)
        told[kind] = {
            "checked": checked,
            "applied": applied,
            "again": looked + found_same,
            "copied": copied,
            "bare": seconds,
        }
    told["peak_mb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    with tenancy.within(organisation):
        assert Customer.objects.count() == count
        assert Reading.objects.standing().count() == count * 10
    for kind in reversed(HEADS):
        told[kind]["undone"] = undone(organisation, imports[kind])  # type: ignore[index]
    return told


if __name__ == "__main__":
    tell(compare(int(sys.argv[1])))
