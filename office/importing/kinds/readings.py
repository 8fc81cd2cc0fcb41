"""Readings by the source's id, else by customer, metric and time; judged once, after the last of them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import connection
from django.utils.text import slugify
from django.utils.translation import gettext as _

from customers import recording
from customers.models import Metric
from customers.recording import NewReading
from milestones import judging
from office.importing.kinds import plain_readings
from office.importing.kinds.base import End, Job, Kind, Row
from office.importing.kinds.retracted import TakenReadings
from office.importing.kinds.window import Window
from office.importing.rows import Values

LISTED = 20  # known metrics named in a refusal


class Readings(Kind):
    undoes = (TakenReadings,)

    def __init__(self, job: Job) -> None:
        super().__init__(job)
        self.metrics: dict[str, int] = dict(Metric.objects.values_list("key", "pk"))
        column = job.columns.get("metric")
        self.may_create = bool(column and column.create)
        self.to_judge: set[int] = set()
        self.plainly_read: set[int] = set()

    def identity(self, values: Values) -> Sequence[object]:
        if "id" in values:
            return "id", values["id"]
        return values["customer"], values["metric"], values["at"]

    def compare(self, rows: Sequence[Row]) -> None:
        customers = self.find_customers(rows, ids_only=True)
        for row in rows:
            if row.is_good and self._knows_metric(row):
                row.end = End.NEW
                customer_id = customers[row.values["customer"]].pk
                row.found = customer_id, self._reading(customer_id, row.values)
        self._compare_with_standing([row for row in rows if row.is_good and row.found[1]])

    def _knows_metric(self, row: Row) -> bool:
        key = row.values["metric"]
        if key in self.metrics:
            return True
        if not self.may_create:
            known = ", ".join(sorted(self.metrics)[:LISTED]) or _("none yet")
            row.refuse(
                self.job.named("metric"),
                key,
                _("there is no such metric; there are: %(known)s") % {"known": known},
            )
        elif slugify(key) != key.lower():
            row.refuse(self.job.named("metric"), key, _("a metric's key holds letters, digits, - and _"))
        else:
            return True
        return False

    def _reading(self, customer_id: int, values: Values) -> NewReading | None:
        """None while its metric has yet to be made: then nothing stored can be the same."""
        metric_id = self.metrics.get(values["metric"])
        if metric_id is None:
            return None
        at = datetime.fromisoformat(values["at"])
        return NewReading(customer_id, metric_id, at, values["value"], values.get("id", ""))

    def _compare_with_standing(self, rows: Sequence[Row]) -> None:
        readings: dict[str, Row] = {row.found[1].identity: row for row in rows}
        for external_id, *stored in plain_readings.standing(self.job, readings):
            row = readings[external_id]
            if [getattr(row.found[1], name) for name in plain_readings.SAID] == stored:
                row.end = End.UNCHANGED
            else:
                row.end = End.CHANGED
                row.column = self.job.named("value")
                row.reason = _corrected(stored[0], row.values)

    def store(self, rows: Sequence[Row]) -> None:
        writing = [row for row in rows if row.end in (End.NEW, End.CHANGED)]
        self._make_metrics(writing)
        recorded = recording.add(
            [self._stored(row) for row in writing],
            organisation=self.job.organisation,
            source=self.job.source,
            now=self.job.now,
            by=self.job.by,
            import_id=self.job.import_id,
        )
        self.to_judge |= recorded.customer_ids

    def store_plain(self, window: Window) -> Sequence[int] | None:
        column = self.job.columns.get("customer")
        if connection.vendor != "postgresql" or (column and column.by):
            return None
        left, customer_ids = plain_readings.store(self.job, window)
        self.plainly_read |= customer_ids
        return left

    def _make_metrics(self, rows: Sequence[Row]) -> None:
        for key in {row.values["metric"] for row in rows} - self.metrics.keys():
            metric = Metric.objects.create(organisation=self.job.organisation, key=key, name=key[:120])
            self.metrics[key] = metric.pk

    def _stored(self, row: Row) -> NewReading:
        reading = row.found[1] or self._reading(row.found[0], row.values)
        assert reading is not None
        return reading

    def finish(self) -> None:
        job = self.job
        if self.plainly_read:
            recording.keep_latest_of(job.organisation, import_id=job.import_id, now=job.now)
            self.to_judge |= self.plainly_read
        judging.judge(
            organisation=job.organisation,
            customer_ids=self.to_judge,
            now=job.now,
            by=job.by,
            history=job.is_history,
        )
        self.to_judge, self.plainly_read = set(), set()


def _corrected(stored: float, values: dict[str, Any]) -> str:
    if stored != values["value"]:
        return _("%(old)s becomes %(new)s") % {"old": f"{stored:g}", "new": f"{values['value']:g}"}
    return _("what it is about, or its time, is corrected")
