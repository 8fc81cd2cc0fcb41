"""Readings in, latest values kept, safe to repeat.

The same identity (source and external id) with the same value changes nothing; with another value it is a
correction: the old row steps aside, the new one stands, the log says so. Nothing here judges milestones.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from django.db import IntegrityError, connection, transaction

from customers.models import LatestReading, Reading
from organisations.inserting import insert
from organisations.models import Event, Organisation, User
from organisations.sets import among, as_stored, ids_as_rows, is_so

CHUNK = 2000
READING_FIELDS = (
    "organisation_id", "customer_id", "metric_id", "at", "recorded_at", "value", "source", "external_id",
    "import_id", "is_standing",
)  # fmt: skip


LATEST_KINDS = {
    "organisation_id": "bigint",
    "customer_id": "bigint",
    "metric_id": "bigint",
    "at": "timestamptz",
    "value": "float8",
}


@dataclass(frozen=True, slots=True)
class NewReading:
    """One value as an edge hands it in. Without an external id, customer, metric and time identify it."""

    customer_id: int
    metric_id: int
    at: datetime
    value: float
    external_id: str = ""

    @property
    def identity(self) -> str:
        return (
            self.external_id or f"{self.customer_id}:{self.metric_id}:{self.at.astimezone(UTC).isoformat()}"
        )

    def says_the_same(self, row: Reading) -> bool:
        return (row.customer_id, row.metric_id, row.at, row.value) == (
            self.customer_id,
            self.metric_id,
            self.at,
            self.value,
        )


@dataclass(slots=True)
class Recorded:
    """How many rows were new, changed (corrections) or unchanged, and whose customers need judging."""

    new: int = 0
    changed: int = 0
    unchanged: int = 0
    customer_ids: set[int] = field(default_factory=set)


def add(
    readings: Sequence[NewReading],
    *,
    organisation: Organisation,
    source: str,
    now: datetime,
    by: User | None = None,
    import_id: int | None = None,
) -> Recorded:
    """Store readings in one transaction. The last of several with one identity stands."""
    total = Recorded()
    with transaction.atomic():
        for start in range(0, len(readings), CHUNK):
            newest = {reading.identity: reading for reading in readings[start : start + CHUNK]}
            part = _Part(organisation, source, now, by, import_id)
            try:
                with transaction.atomic():
                    part.store(newest, total)
            except IntegrityError:
                # Another process stored one of these a moment ago; now its row can be seen.
                with transaction.atomic():
                    part.store(newest, total)
    return total


@dataclass(frozen=True, slots=True)
class _Part:
    organisation: Organisation
    source: str
    now: datetime
    by: User | None
    import_id: int | None

    def store(self, incoming: dict[str, NewReading], total: Recorded) -> None:
        standing = {
            row.external_id: row
            for row in Reading.objects.standing().filter(source=self.source, external_id__in=among(incoming))
        }
        new = [reading for identity, reading in incoming.items() if identity not in standing]
        corrections = [
            (standing[identity], reading)
            for identity, reading in incoming.items()
            if identity in standing and not reading.says_the_same(standing[identity])
        ]
        insert(Reading, READING_FIELDS, map(self._values, new))
        touched = {reading.customer_id for reading in new}
        if corrections:
            touched |= self._correct(corrections)
        _keep_latest(self.organisation, new)
        total.new += len(new)
        total.changed += len(corrections)
        total.unchanged += len(incoming) - len(new) - len(corrections)
        total.customer_ids |= touched

    def _values(self, reading: NewReading) -> tuple[object, ...]:
        """In the order of `READING_FIELDS`."""
        return (
            self.organisation.pk,
            reading.customer_id,
            reading.metric_id,
            reading.at,
            self.now,
            reading.value,
            self.source,
            reading.identity,
            self.import_id,
            True,
        )

    def _row(self, reading: NewReading) -> Reading:
        return Reading(**dict(zip(READING_FIELDS, self._values(reading), strict=True)))

    def _correct(self, corrections: list[tuple[Reading, NewReading]]) -> set[int]:
        """Let the old rows step aside, put the new ones in their place, log each."""
        for old, _ in corrections:
            old.is_standing = False
            old.replaced_by_id = old.pk  # until its successor has an id
        olds = [old for old, _ in corrections]
        Reading.objects.bulk_update(olds, ["is_standing", "replaced_by"], batch_size=500)
        rows = Reading.objects.bulk_create([self._row(reading) for _, reading in corrections])
        for old, row in zip(olds, rows, strict=True):
            old.replaced_by = row
        Reading.objects.bulk_update(olds, ["replaced_by"], batch_size=500)
        Event.objects.bulk_create([self._corrected(old, row) for old, row in zip(olds, rows, strict=True)])
        touched = {old.customer_id for old in olds} | {row.customer_id for row in rows}
        refresh_latest(self.organisation, touched)
        return touched

    def _corrected(self, old: Reading, row: Reading) -> Event:
        return Event(
            organisation=self.organisation,
            at=self.now,
            recorded_at=self.now,
            actor=self.by,
            verb="reading_corrected",
            subject_type=Reading._meta.label_lower,
            subject_id=row.pk,
            customer_id=row.customer_id,
            data={"metric_id": row.metric_id, "from": old.value, "to": row.value},
        )


def inserting_from(table: str) -> str:
    """SQL that stores what stands in a table with the columns of a reading."""
    further = ", ".join(READING_FIELDS[1:])
    into = Reading._meta.db_table
    return f"INSERT INTO {into} (organisation_id, {further}) SELECT organisation_id, {further} FROM {table}"


def keep_latest_of(organisation: Organisation, *, import_id: int, now: datetime) -> None:
    """After readings were inserted by a statement: what an import brought `now` counts as latest."""
    latest, reading = LatestReading._meta.db_table, Reading._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {latest} ({', '.join(LATEST_KINDS)})"
            f" SELECT DISTINCT ON (customer_id, metric_id) {', '.join(LATEST_KINDS)} FROM {reading}"
            f" WHERE organisation_id = %s AND import_id = %s AND recorded_at = %s AND is_standing"
            f" ORDER BY customer_id, metric_id, at DESC, id DESC {_newer()}",
            [organisation.pk, import_id, now],
        )


def _newer() -> str:
    return (
        "ON CONFLICT (organisation_id, customer_id, metric_id) DO UPDATE SET at = excluded.at,"
        f" value = excluded.value WHERE excluded.at >= {LatestReading._meta.db_table}.at"
    )


def _keep_latest(organisation: Organisation, readings: Iterable[NewReading]) -> None:
    newest: dict[tuple[int, int], NewReading] = {}
    for reading in readings:
        pair = (reading.customer_id, reading.metric_id)
        if pair not in newest or reading.at >= newest[pair].at:
            newest[pair] = reading
    rows = [
        (organisation.pk, reading.customer_id, reading.metric_id, as_stored(reading.at), float(reading.value))
        for _, reading in sorted(newest.items())
    ]
    if not rows:
        return
    table = LatestReading._meta.db_table
    into = f"INSERT INTO {table} (organisation_id, customer_id, metric_id, at, value)"
    newer = _newer()
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":  # one statement, however many rows
            text = json.dumps([dict(zip(LATEST_KINDS, row, strict=True)) for row in rows], default=str)
            given = ", ".join(f"{name} {kind}" for name, kind in LATEST_KINDS.items())
            cursor.execute(f"{into} SELECT * FROM json_to_recordset(%s) AS given({given}) {newer}", [text])
        else:
            cursor.executemany(f"{into} VALUES (%s, %s, %s, %s, %s) {newer}", rows)


def refresh_latest(organisation: Organisation, customer_ids: Iterable[int]) -> None:
    """Work the latest values of these customers out again, after corrections or retractions."""
    rows, ids = ids_as_rows(customer_ids)
    latest, reading = LatestReading._meta.db_table, Reading._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(
            f"DELETE FROM {latest} WHERE organisation_id = %s AND customer_id IN ({rows})",
            [organisation.pk, *ids],
        )
        cursor.execute(
            f"INSERT INTO {latest} (organisation_id, customer_id, metric_id, at, value)"
            " SELECT organisation_id, customer_id, metric_id, at, value FROM ("
            "   SELECT r.*, row_number() OVER"
            "     (PARTITION BY customer_id, metric_id ORDER BY at DESC, id DESC) AS place"
            f"  FROM {reading} r"
            f"  WHERE organisation_id = %s AND {is_so('is_standing')} AND customer_id IN ({rows})"
            " ) AS newest WHERE place = 1",
            [organisation.pk, *ids],
        )
