"""Milestones reached in the past, as another system says: one for each milestone, never celebrated."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from customers.models import Customer
from milestones import judging, remembering
from milestones.models import Enrolment, Journey, Milestone, PastAchievement
from milestones.remembering import Past
from office.importing.kinds.base import End, Job, Kind, Row
from office.importing.kinds.retracted import TracedPast
from office.importing.rows import Values


class Achievements(Kind):
    undoes = (TracedPast,)

    def __init__(self, job: Job) -> None:
        super().__init__(job)
        rows = list(Journey.objects.published().values_list("slug", "pk", "base"))
        self.journeys: dict[str, int] = {slug: pk for slug, pk, _base in rows}
        self.bases: dict[int, int] = {pk: base or pk for _slug, pk, base in rows}
        self.keys: dict[int, list[str]] = {}
        for version_id, key in Milestone.objects.values_list("version_id", "key").order_by("position"):
            self.keys.setdefault(version_id, []).append(key)
        self.meant: dict[str, int] = {}
        self.to_judge: set[int] = set()

    def identity(self, values: Values) -> Sequence[object]:
        """By the customer, whom a file may name by several subscriptions."""
        named = values["customer"]
        return self.meant.get(named, named), values["journey"], values["milestone"]

    def says(self, values: Values) -> object:
        return values["at"]

    def compare(self, rows: Sequence[Row]) -> None:
        customers = self.find_customers(rows)
        self.meant |= {named: customer.pk for named, customer in customers.items()}
        rows = [row for row in rows if row.is_good and self._knows_journey(row)]
        enrolments = self._enrolments(customers.values(), rows)
        for row in rows:
            customer = customers[row.values["customer"]]
            journey = self.journeys[row.values["journey"]]
            family = (customer.pk, -self.bases[journey])
            enrolment = enrolments.get((customer.pk, journey)) or enrolments.get(family)
            if self._makes_sense(row, enrolment):
                row.found = enrolment
        self._compare_with_stored([row for row in rows if row.is_good])

    def _knows_journey(self, row: Row) -> bool:
        slug = row.values["journey"]
        if slug not in self.journeys:
            there = ", ".join(sorted(self.journeys)) or _("none yet")
            reason = _("there is no such published journey; there are: %(there)s") % {"there": there}
            row.refuse(self.job.named("journey"), slug, reason)
        return row.is_good

    def _enrolments(
        self, customers: Iterable[Customer], rows: Sequence[Row]
    ) -> dict[tuple[int, int], Enrolment]:
        """The open enrolment of each customer on each journey, else the latest; and so of each family, by the
        base's id below zero: who was moved within it is found there."""
        bases = {self.bases[self.journeys[row.values["journey"]]] for row in rows}
        of_family = [pk for pk, base in self.bases.items() if base in bases]
        ids = [customer.pk for customer in customers]
        found = Enrolment.objects.filter(customer__in=ids, journey__in=of_family).order_by("id")
        in_order = sorted(found, key=lambda each: each.ended_at is None)
        on = {(each.customer_id, each.journey_id): each for each in in_order}
        return on | {(each.customer_id, -self.bases[each.journey_id]): each for each in in_order}

    def _makes_sense(self, row: Row, enrolment: Enrolment | None) -> bool:
        key, at = row.values["milestone"], datetime.fromisoformat(row.values["at"])
        if enrolment is None:
            reason = _("is not on this journey; bring in first when they set out on it")
            row.refuse(self.job.named("customer"), row.values["customer"], reason)
        elif key not in self.keys.get(enrolment.version_id, ()):
            there = ", ".join(self.keys.get(enrolment.version_id, ()))
            reason = _("the journey has no such milestone; there are: %(there)s") % {"there": there}
            row.refuse(self.job.named("milestone"), key, reason)
        elif enrolment.started_at is not None and at < enrolment.started_at:
            row.refuse(self.job.named("at"), row.values["at"], _("lies before they set out on the journey"))
        elif at > self.job.now:
            row.refuse(self.job.named("at"), row.values["at"], _("lies in the future"))
        return row.is_good

    def _compare_with_stored(self, rows: Sequence[Row]) -> None:
        enrolments = {row.found.pk for row in rows}
        standing = PastAchievement.objects.standing().filter(enrolment__in=enrolments)
        known: dict[tuple[int, str], Any] = {
            (enrolment_id, key): at
            for enrolment_id, key, at in standing.values_list("enrolment_id", "milestone_key", "achieved_at")
        }
        for row in rows:
            stored = known.get((row.found.pk, row.values["milestone"]))
            at = datetime.fromisoformat(row.values["at"])
            if stored is None:
                row.end = End.NEW
            elif stored == at:
                row.end = End.UNCHANGED
            else:
                row.end, row.column = End.CHANGED, self.job.named("at")
                row.reason = _("“%(old)s” becomes “%(new)s”") % {
                    "old": self._day(stored),
                    "new": self._day(at),
                }

    def _day(self, at: datetime) -> str:
        return at.astimezone(self.job.organisation.tzinfo).strftime("%Y-%m-%d %H:%M")

    def store(self, rows: Sequence[Row]) -> None:
        writing = [row for row in rows if row.end in (End.NEW, End.CHANGED)]
        before = {past.pk: TracedPast.image(past) for past in self._kept(writing)}
        remembering.remember(
            [
                Past(row.found.pk, row.values["milestone"], datetime.fromisoformat(row.values["at"]))
                for row in writing
            ],
            organisation=self.job.organisation,
            source=self.job.source,
            now=self.job.now,
            import_id=self.job.import_id,
        )
        self.job.trace(TracedPast, self._kept(writing), before)
        self.to_judge |= {row.found.customer_id for row in writing}

    def _kept(self, rows: Sequence[Row]) -> list[PastAchievement]:
        """What is stored about these rows, held until the end of the transaction."""
        about = {(row.found.pk, row.values["milestone"]) for row in rows}
        standing = PastAchievement.objects.standing().filter(enrolment__in={pk for pk, _key in about})
        held = standing.select_related("enrolment").select_for_update(of=("self",))
        return [each for each in held if (each.enrolment_id, each.milestone_key) in about]

    def finish(self) -> None:
        judging.judge(
            organisation=self.job.organisation,
            customer_ids=self.to_judge,
            now=self.job.now,
            by=self.job.by,
            history=True,
        )
        self.to_judge = set()
