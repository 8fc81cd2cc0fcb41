"""Bring Orchard in by its files, and live four weeks with it: data, calls, questions, celebrations.

Everything goes through the doors of real use: the importer, the judge on all at once, the verbs. What was
reached before the files came is history, and never celebrated by itself.
"""

import io
import json
from datetime import date, datetime, timedelta
from functools import partial
from operator import itemgetter

from django.utils import timezone, translation

from advocacy import celebrating
from bosai.demo.harbour.calendar import Calendar
from bosai.demo.orchard.cast import FOLDER, IN_ALL, PEOPLE, growers
from bosai.demo.orchard.measuring import Row, files, rows
from bosai.demo.orchard.talking import Act, Talk
from bosai.demo.people import join_all, make_people
from coaching import starting
from customers.models import Customer, Metric
from customers.recording import NewReading
from dashboards.today import changes
from milestones import designing, judging
from milestones.models import Journey
from office import importing, parting
from organisations import founding, tenancy
from organisations.models import Organisation, User

SLUG = "orchard"
SOURCE = "booking-app"
WEEKS = 3
MOVED_IN = 7 * WEEKS + 2  # days ago
CAME_SINCE = (15, 2)  # the days, counted back, on which those who are new were brought in
HOLD = timedelta(days=1)


def build(*, now: datetime, customers: int = IN_ALL) -> Organisation:
    """The organisation with everything that happened there until now; of all customers or the first few."""
    began = now - timedelta(days=MOVED_IN + 5)
    people = make_people(PEOPLE, now=began)
    plan = founding.Plan(
        slug=SLUG,
        name="Orchard Booking",
        admin_email=people["ruth"].email,
        admin_name=people["ruth"].name,
        zone="Europe/Berlin",
        postal_address="Oderberger Straße 12\n10435 Berlin",
    )
    organisation, _admin = founding.found(plan, now=began)
    zone = organisation.tzinfo
    with tenancy.within(organisation), timezone.override(zone), translation.override(organisation.language):
        join_all(organisation, people, now=began, wanted=PEOPLE, by="ruth")
        starting.take(organisation=organisation, by=people["ines"], now=began)
        data = json.loads((FOLDER / "journey.json").read_text(encoding="utf-8"))
        journey = designing.import_journey(
            organisation=organisation, data=data, by=people["ines"], now=began, publish=True
        )
        _Orchard(organisation, people, journey, Calendar(now, zone), customers).live()
    return organisation


class _Orchard:
    """The organisation week by week. Nothing that lies after now is ever played."""

    def __init__(
        self,
        organisation: Organisation,
        people: dict[str, User],
        journey: Journey,
        calendar: Calendar,
        customers: int,
    ) -> None:
        self.organisation, self.people, self.journey, self.calendar = organisation, people, journey, calendar
        version = journey.current_version()
        assert version is not None, "published a moment ago"
        self.milestones = {one.key: one for one in version.milestones.order_by("position")}
        targets = [one.target_days or 0 for one in self.milestones.values()]
        self.rows = rows(growers(customers), targets, calendar)
        self.metrics = dict(Metric.objects.values_list("key", "pk"))
        self.customers: dict[str, Customer] = {}

    def live(self) -> None:
        self._bring([row for row in self.rows if row.grower.started > MOVED_IN], days_ago=MOVED_IN)
        acts = [*self._arrivals(), *self._weeks(), *self._goings()]
        while acts:  # what happens may bring about more
            acts.sort(key=itemgetter(0))
            when, act = acts.pop(0)
            if when <= self.calendar.now:
                acts += act(when)
        for name in ("lena", "nils", "wanda", "dario", "ines"):
            membership = self.organisation.memberships.get(user=self.people[name])
            changes.see(membership=membership, until=self.calendar.ago(1, 8, 45), now=self.calendar.now)

    def _arrivals(self) -> list[Act]:
        earlier = MOVED_IN
        acts: list[Act] = []
        for days_ago in CAME_SINCE:
            those = [row for row in self.rows if days_ago < row.grower.started <= earlier]
            acts.append((self.calendar.ago(days_ago, 8), partial(self._come, those, days_ago)))
            earlier = days_ago
        return acts

    def _come(self, those: list[Row], days_ago: int, now: datetime) -> list[Act]:
        self._bring(those, days_ago=days_ago)
        return []

    def _bring(self, those: list[Row], *, days_ago: int) -> None:
        """The files of these customers, one after the other, then what was measured there before."""
        is_history = days_ago == MOVED_IN
        wishes = importing.Wishes(is_history=is_history, apply_at_once=True)
        until = self.calendar.day(days_ago)
        for minute, (kind, content) in enumerate(files(those, journey=self.journey.slug).items()):
            at = self.calendar.ago(days_ago, 8, minute * 4)
            if those:
                self._bring_one(kind, content, f"{kind}-{until}.csv", wishes, at)
        self.customers = {customer.key: customer for customer in Customer.objects.select_related("owner")}
        readings = [
            self._reading(row, metric, on, row.value(metric, on))
            for row in those
            for on, metric in row.before(until)
        ]
        self._record(readings, now=self.calendar.ago(days_ago, 8, 30), history=is_history)

    def _reading(self, row: Row, metric: str, on: date, value: float) -> NewReading:
        customer = self.customers[row.grower.key]
        return NewReading(customer.pk, self.metrics[metric], self.calendar.measured_at(on), value)

    def _record(self, readings: list[NewReading], *, now: datetime, history: bool = False) -> list[int]:
        done = judging.record(
            readings, organisation=self.organisation, source=SOURCE, now=now, history=history
        )
        return done.judged.achieved

    def _bring_one(
        self, kind: str, content: bytes, name: str, wishes: importing.Wishes, at: datetime
    ) -> None:
        import_ = importing.start(
            organisation=self.organisation,
            kind=kind,
            file=io.BytesIO(content),
            file_name=name,
            mapping={},
            source="orchard",
            by=self.people["ruth"],
            now=at,
            wishes=wishes,
        )
        state = importing.work(organisation=self.organisation, import_id=import_.pk, clock=lambda: at)
        assert state == "applied", f"{name}: {state}"

    def _weeks(self) -> list[Act]:
        """Data comes on one day of the week; celebrations have their round that evening and the next."""
        acts: list[Act] = []
        for day in self.calendar.ticks[-WEEKS:]:
            arrives, evening = self.calendar.at(day, 6, 10), self.calendar.at(day, 18)
            acts += [(arrives, self._measure), (evening, self._celebrate), (evening + HOLD, self._celebrate)]
        return acts

    def _measure(self, now: datetime) -> list[Act]:
        day = now.astimezone(self.calendar.zone).date()
        readings = [
            self._reading(row, metric, day, value)
            for row in self.rows
            if row.grower.key in self.customers and row.stands(day)
            for metric, value in row.of_week(day).items()
        ]
        achieved = self._record(readings, now=now)
        talk = Talk(self.organisation, self.people, self.milestones, self.calendar)
        return talk.week(day, achieved)

    def _celebrate(self, now: datetime) -> list[Act]:
        celebrating.gather(organisation=self.organisation, now=now)
        celebrating.post_due(organisation=self.organisation, now=now, simulated=True)
        return []

    def _goings(self) -> list[Act]:
        return [
            (self.calendar.at(row.ends_on, 11), partial(self._go, row)) for row in self.rows if row.ends_on
        ]

    def _go(self, row: Row, now: datetime) -> list[Act]:
        customer = self.customers[row.grower.key]
        on = now.astimezone(self.calendar.zone).date()
        parting.customer_leaves(
            customer=customer, on=on, why="Closed the business", by=self.people["ines"], now=now
        )
        return []
