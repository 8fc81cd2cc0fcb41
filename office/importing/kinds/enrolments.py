"""Customers on journeys: who set out when, and who left when and why."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from customers.models import Customer
from milestones.correcting import UNDONE, Ending, bring_back_each, change_starts, end_each
from milestones.enrolling import enrol_each
from milestones.models import Enrolment, Journey
from office.importing.kinds.base import End, Job, Kind, Row, Said, settle
from office.importing.kinds.fitting import fit
from office.importing.kinds.traced import TracedEnrolments
from office.importing.rows import Values

BACK = "taken back"  # among the changes of a row that an undo took out: the file brings it back


class Enrolments(Kind):
    undoes = (TracedEnrolments,)

    def __init__(self, job: Job) -> None:
        super().__init__(job)
        self.made: list[int] = []
        self.journeys = {journey.slug: journey for journey in Journey.objects.published()}
        self.today = job.now.astimezone(job.organisation.tzinfo).date()

    def identity(self, values: Values) -> Sequence[object]:
        return values["customer"], values["journey"], values.get("started_on")

    def said(self, row: Row) -> Iterable[Said]:
        if "ended_on" not in row.values:
            about = ("open", row.values["customer"], row.values["journey"])
            reason = _("line %s has this customer on this journey already")
            yield Said(about, row.identity, "customer", reason)

    def compare(self, rows: Sequence[Row]) -> None:
        customers = self.find_customers(rows)
        rows = [row for row in rows if row.is_good and self._makes_sense(row)]
        fit(rows, customers, self.journeys, self.job)
        rows = [row for row in rows if row.is_good]
        known = self._known(customers.values(), rows)
        for row in rows:
            customer, journey = customers[row.values["customer"]], self.journeys[row.values["journey"]]
            self._compare(row, customer, known.get((customer.pk, journey.pk), []))

    def _makes_sense(self, row: Row) -> bool:
        values, slug = row.values, row.values["journey"]
        if slug not in self.journeys:
            there = ", ".join(sorted(self.journeys)) or _("none yet")
            row.refuse(
                self.job.named("journey"),
                slug,
                _("there is no such published journey; there are: %(there)s") % {"there": there},
            )
        elif "ended_on" in values and values["ended_on"] < values.get("started_on", ""):
            row.refuse(self.job.named("ended_on"), values["ended_on"], _("lies before the start"))
        elif "ended_on" in values and date.fromisoformat(values["ended_on"]) > self.today:
            row.refuse(self.job.named("ended_on"), values["ended_on"], _("lies in the future"))
        return row.is_good

    def _known(
        self, customers: Iterable[Customer], rows: Sequence[Row]
    ) -> dict[tuple[int, int], list[Enrolment]]:
        """Enrolments of these customers on these journeys: the open one first, then the latest."""
        journeys = {self.journeys[row.values["journey"]].pk for row in rows}
        found = Enrolment.objects.filter(
            customer__in=[customer.pk for customer in customers], journey__in=journeys
        ).order_by("-id")
        known: dict[tuple[int, int], list[Enrolment]] = {}
        for enrolment in sorted(found, key=lambda each: each.ended_at is not None):
            known.setdefault((enrolment.customer_id, enrolment.journey_id), []).append(enrolment)
        # One that an undo took back counts only while there is no other.
        return {
            on: [each for each in some if not _was_taken_back(each)] or some for on, some in known.items()
        }

    def _compare(self, row: Row, customer: Customer, known: list[Enrolment]) -> None:
        start = row.values.get("started_on")
        exact = next((each for each in known if _iso(each.started_on) == start), None)
        is_current = bool(known) and (known[0].ended_at is None or _was_taken_back(known[0]))
        current = known[0] if is_current else None
        row.found = exact or current
        if row.found is None:
            row.found, row.end = customer, End.NEW
        elif row.found is current and row.values.get("ended_on", "9999") < (_iso(current.started_on) or ""):
            row.refuse(
                self.job.named("ended_on"),
                row.values["ended_on"],
                _("lies before the start of the enrolment that is open"),
            )
        else:
            settle(row, edited=row.found.edited, job=self.job, differing=self._differing(row))

    def _differing(self, row: Row) -> dict[str, tuple[Any, Any]]:
        enrolment = row.found
        stored = {"started_on": _iso(enrolment.started_on) or ""}
        back = {BACK: (_("yes"), _("no"))} if _was_taken_back(enrolment) else {}
        if enrolment.ended_at is not None and not back:
            stored["ended_on"] = (
                enrolment.ended_at.astimezone(self.job.organisation.tzinfo).date().isoformat()
            )
            stored["ended_why"] = enrolment.ended_why
        about_end = "ended_on" in row.values
        return back | {
            name: (stored.get(name, ""), value)
            for name, value in row.values.items()
            if name == "started_on" or (about_end and name in ("ended_on", "ended_why"))
            if stored.get(name, "") != value
        }

    def store(self, rows: Sequence[Row]) -> None:
        new = [row for row in rows if row.end == End.NEW]
        while new:  # one enrolment per customer and journey at a time, ended ones first
            new.sort(key=lambda row: (row.values.get("ended_on", "9999"), row.line))
            wave: dict[tuple[int, str], Row] = {}
            for row in new:
                wave.setdefault((row.found.pk, row.values["journey"]), row)
            self._enrol(list(wave.values()))
            new = [row for row in new if row not in wave.values()]
        self._change([row for row in rows if row.end != End.NEW and row.changes])
        self.job.trace(TracedEnrolments, Enrolment.objects.in_bulk(self.made).values())
        self.made = []

    def _change(self, changed: Sequence[Row]) -> None:
        ids = [row.found.pk for row in changed]
        locked = Enrolment.objects.select_for_update().filter(pk__in=ids).order_by("pk")
        before = {enrolment.pk: TracedEnrolments.image(enrolment) for enrolment in locked}
        if back := [row.found.pk for row in changed if BACK in row.changes]:
            bring_back_each(
                organisation=self.job.organisation,
                enrolment_ids=back,
                by=self.job.by,
                now=self.job.now,
                history=self.job.is_history,
            )
        starts = {
            row.found.pk: date.fromisoformat(row.changes["started_on"])
            for row in changed
            if "started_on" in row.changes
        }
        if starts:
            change_starts(
                organisation=self.job.organisation,
                starts=starts,
                by=self.job.by,
                now=self.job.now,
                history=self.job.is_history,
            )
        self._end({row.found.pk: row for row in changed if row.changes.keys() & {"ended_on", "ended_why"}})
        self.job.trace(TracedEnrolments, Enrolment.objects.in_bulk(ids).values(), before)

    def _enrol(self, rows: Sequence[Row]) -> None:
        for slug in sorted({row.values["journey"] for row in rows}):
            of_journey = {row.found.pk: row for row in rows if row.values["journey"] == slug}
            made = enrol_each(
                organisation=self.job.organisation,
                journey=self.journeys[slug],
                starts={pk: _day(row.values.get("started_on")) for pk, row in of_journey.items()},
                by=self.job.by,
                now=self.job.now,
                history=self.job.is_history,
            )
            self.made += [enrolment.pk for enrolment in made]
            ended = {enrolment.pk: of_journey[enrolment.customer_id] for enrolment in made}
            self._end({pk: row for pk, row in ended.items() if "ended_on" in row.values})

    def _end(self, rows: dict[int, Row]) -> None:
        if rows:
            end_each(
                organisation=self.job.organisation,
                endings={
                    pk: Ending(
                        date.fromisoformat(row.values["ended_on"]),
                        row.values.get("ended_why") or _("ended where the file comes from"),
                    )
                    for pk, row in rows.items()
                },
                by=self.job.by,
                now=self.job.now,
            )


def _was_taken_back(enrolment: Enrolment) -> bool:
    return not enrolment.is_judged and enrolment.ended_why == UNDONE


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
