"""A customer on the stage: comes, sets out, is measured, perhaps goes."""

from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta

from django.utils.text import slugify

from bosai.demo.harbour.calendar import workday
from bosai.demo.harbour.cast import Row
from bosai.demo.harbour.phrases import Phrases
from bosai.demo.harbour.stage import Stage
from bosai.demo.harbour.story import Story
from coaching.models import Commitment
from customers import keeping
from customers.models import Contact, Customer
from customers.recording import NewReading
from milestones import enrolling
from milestones.models import Enrolment
from office import parting
from organisations.models import User

CAME_BEFORE = 4  # days before they set out
type Values = Callable[[date], Mapping[str, float]]


class Part:
    """What one customer is by now: their rows, and what was promised."""

    def __init__(self, row: Row, stage: Stage) -> None:
        self.row, self.stage = row, stage
        self.phrases = Phrases(row)
        self.customer: Customer
        self.contacts: list[Contact] = []
        self.enrolments: dict[str, Enrolment] = {}
        self.promised: dict[int, Commitment] = {}

    @property
    def owner(self) -> User:
        """Who looks after them; the manager where nobody does yet."""
        return self.stage.people[self.row.owner or "theo"]

    @property
    def champion(self) -> Contact:
        return self.contacts[0]

    def is_gone(self, now: datetime) -> bool:
        return self.row.left is not None and now >= self.stage.calendar.ago(self.row.left, 0)

    def enter(self) -> None:
        """Come a few days before the journey begins; go on the day that is known."""
        calendar = self.stage.calendar
        self.stage.at(calendar.ago(self.row.started + CAME_BEFORE, 15), self._come)
        if self.row.left is not None:
            self.stage.at(calendar.ago(self.row.left, 11, 30), self._go)

    def set_out(self, slug: str, story: Story) -> None:
        """On a journey from the day the story begins."""
        self.stage.at(
            self.stage.calendar.at(story.began_on, 9, 30), lambda now: self._enrol(slug, story.began_on, now)
        )

    def measured(self, slug: str, values: Values, *, until: date | None = None) -> None:
        """From setting out to going, or to the last day with data."""

        def measure(now: datetime) -> list[NewReading]:
            day = now.astimezone(self.stage.calendar.zone).date()
            if slug not in self.enrolments or self.is_gone(now) or (until and day > until):
                return []
            return self._readings(values(day), self.stage.calendar.measured_at(day))

        self.stage.measures.append(measure)

    def _come(self, now: datetime) -> None:
        row, dice = self.row, self.row.dice("contacts")
        values = {"name": row.name, "about": row.about, "segment": row.segment}
        owner = self.owner if row.owner else None
        self.customer = keeping.add_customer(
            organisation=self.stage.organisation, values={**values, "owner": owner}, by=self.owner, now=now
        )
        for n, person in enumerate(row.people):
            about = {"name": person.name, "title": person.title, "is_primary": n == 0, "zone": person.zone}
            about["address"] = f"{_mailbox(person.name)}@{row.key}.example"
            if dice.random() < 0.08:
                about["wish"] = "important"
            self.contacts.append(
                keeping.add_contact(customer=self.customer, values=about, by=self.owner, now=now)
            )

    def _enrol(self, slug: str, began_on: date, now: datetime) -> None:
        [enrolment] = enrolling.enrol(
            organisation=self.stage.organisation,
            customers=[self.customer],
            journey=self.stage.journeys[slug],
            started_on=began_on,
            by=self.owner,
            now=now,
        )
        self.enrolments[slug] = enrolment

    def hear_outcome(self, now: datetime) -> None:
        """In the first call they say where they want to go; it is written down as they said it."""
        row = self.row
        if not row.outcome:
            return
        values = {
            "outcome": row.outcome,
            "outcome_by": f"{row.sponsor.name}, first call",
            "outcome_on": now.astimezone(self.stage.calendar.zone).date(),
            "outcome_metric": self.stage.metrics[row.trade.key],
            "outcome_baseline": row.baseline,
            "outcome_target": row.goal,
        }
        keeping.edit_customer(customer=self.customer, values=values, by=self.owner, now=now)

    def _go(self, now: datetime) -> None:
        left_on = now.astimezone(self.stage.calendar.zone).date()
        parting.customer_leaves(customer=self.customer, on=left_on, why=self.row.why, by=self.owner, now=now)

    def _readings(self, values: Mapping[str, float], at: datetime) -> list[NewReading]:
        self.phrases.value = values.get(self.row.trade.key, self.phrases.value)
        return [
            NewReading(self.customer.pk, self.stage.metrics[metric].pk, at, value)
            for metric, value in values.items()
        ]

    def next_workday(self, now: datetime, days: int = 1) -> date:
        return workday(now.astimezone(self.stage.calendar.zone).date() + timedelta(days=days))


def _mailbox(name: str) -> str:
    return slugify(name.removeprefix("Dr. ")).replace("-", ".")
