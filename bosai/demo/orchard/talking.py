"""What four CSMs manage to say to five hundred customers each: some calls, some questions, some answers."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from functools import partial
from random import Random

from bosai.demo.harbour.calendar import Calendar, workday
from bosai.demo.orchard.cast import SEED, words
from coaching import scheduling
from coaching.scheduling import NewCommitment
from customers.models import Contact, Customer
from milestones import verifying
from milestones.models import Achievement, Ask, Enrolment, Milestone
from organisations.models import Organisation, User
from post import linking

type Act = tuple[datetime, Callable[[datetime], list["Act"]]]

ASKED = "people-come"  # the outcome customers are asked about
CLAIMED = "runs-by-itself"  # what a CSM may see before the data does
CALLS, CLAIMS = 12, 4  # a week, all of them together
DAYS = 30


class Talk:
    """One week of it."""

    def __init__(
        self,
        organisation: Organisation,
        people: dict[str, User],
        milestones: dict[str, Milestone],
        calendar: Calendar,
    ) -> None:
        self.organisation, self.people = organisation, people
        self.milestones, self.calendar = milestones, calendar
        self.dice = Random()

    def week(self, day: date, achieved: list[int]) -> list[Act]:
        """What follows from the week's data, and the calls there is time for."""
        self.dice = Random(f"{SEED}:week:{(self.calendar.today - day).days}")
        return [*self._questions(day, achieved), *self._claims(day), *self._calls(day)]

    def _questions(self, day: date, achieved: list[int]) -> list[Act]:
        found = Achievement.objects.filter(pk__in=achieved, milestone_key=ASKED)
        rows = found.select_related("enrolment__customer__owner", "enrolment__organisation").order_by("pk")
        return [(self._some_time(day), partial(self._ask, row.enrolment, ASKED)) for row in rows]

    def _claims(self, day: date) -> list[Act]:
        """They call and say that it runs by itself; the figures do not show it yet."""
        ready = Enrolment.objects.open().filter(current__key=CLAIMED, customer__left_on=None)
        rows = ready.select_related("customer__owner", "organisation").order_by("customer__key")
        few = self.dice.sample(list(rows), k=min(CLAIMS, len(rows)))
        return [(self._some_time(day), partial(self._claim, row)) for row in few]

    def _calls(self, day: date) -> list[Act]:
        customers = Customer.objects.current().select_related("owner").order_by("key")
        few = self.dice.sample(list(customers), k=min(CALLS, len(customers)))
        return [(self._some_time(day), partial(self._call, each)) for each in few]

    def _some_time(self, day: date) -> datetime:
        on = workday(day + timedelta(days=self.dice.randint(0, 4)))
        return self.calendar.at(on, self.dice.choice((9, 10, 11, 14, 15)), self.dice.randint(0, 59))

    def _person(self, customer: Customer) -> Contact | None:
        people = Contact.objects.current().filter(customer=customer, is_primary=True)
        return people.select_related("recipient").first()

    def _ask(self, enrolment: Enrolment, key: str, now: datetime) -> list[Act]:
        contact = self._person(enrolment.customer)
        if contact is None or enrolment.customer.has_left:
            return []
        ask = verifying.ask(
            enrolment=enrolment,
            milestone=self.milestones[key],
            contact=contact,
            by=enrolment.customer.owner,
            now=now,
            simulated=True,
        )
        return self._answer_to(ask, now)

    def _claim(self, enrolment: Enrolment, now: datetime) -> list[Act]:
        contact = self._person(enrolment.customer)
        verifying.claim(
            enrolment=enrolment,
            milestone=self.milestones[CLAIMED],
            statement="Customers move and cancel by themselves, and the front desk only looks.",
            reached_at=now - timedelta(days=1),
            by=enrolment.customer.owner,
            now=now,
            words="Nobody has called about a change for two weeks.",
            named_contact=contact,
            simulated=True,
        )
        asked = Ask.objects.filter(enrolment=enrolment, milestone__key=CLAIMED, closed_at=None)
        return [act for ask in asked for act in self._answer_to(ask, now)]

    def _answer_to(self, ask: Ask, now: datetime) -> list[Act]:
        """Two of three say yes, a few say no, the others are busy."""
        chance, at = self.dice.random(), now + timedelta(days=self.dice.randint(0, 3), hours=2)
        if chance < 0.7:
            return [(at, partial(self._confirm, ask.pk))]
        return [(at, partial(self._contest, ask.pk))] if chance < 0.75 else []

    def _confirm(self, ask_id: int, now: datetime) -> list[Act]:
        ask = self._open(ask_id)
        if ask is not None:
            said = self.dice.choice(words()["yes"]) if self.dice.random() < 0.6 else ""
            verifying.confirm(ask=ask, link=self._door(ask, now), now=now, words=said)
        return []

    def _contest(self, ask_id: int, now: datetime) -> list[Act]:
        ask = self._open(ask_id)
        if ask is not None:
            said = self.dice.choice(words()["no"])
            verifying.contest(ask=ask, link=self._door(ask, now), words=said, now=now, simulated=True)
        return []

    def _open(self, ask_id: int) -> Ask | None:
        asks = Ask.objects.select_related("enrolment__organisation", "contact__recipient")
        return asks.filter(pk=ask_id, closed_at=None, enrolment__customer__left_on=None).first()

    def _door(self, ask: Ask, now: datetime) -> linking.Link:
        """The link they would have got by mail."""
        token = linking.make(
            organisation=self.organisation,
            purpose="confirm",
            subject_id=ask.pk,
            address=ask.contact.address,
            now=now,
            days=DAYS,
        )
        found = linking.find(token)
        assert found is not None, "made a moment ago"
        return found[1]

    def _call(self, customer: Customer, now: datetime) -> list[Act]:
        contact, owner = self._person(customer), customer.owner
        if owner is None or contact is None:
            return []
        day = now.astimezone(self.calendar.zone).date()
        ours = NewCommitment(
            "Set up the second calendar together", owner, "", workday(day + timedelta(days=5))
        )
        theirs = NewCommitment(
            "Ask everybody for their mobile number", contact, "", workday(day + timedelta(days=9))
        )
        ahead = workday(day + timedelta(days=self.dice.randint(6, 35)))
        scheduling.log_call(
            organisation=self.organisation,
            customer=customer,
            by=owner,
            held_at=now - timedelta(minutes=20),
            now=now,
            contacts=[contact],
            commitments=[each for each in (ours, theirs) if self.dice.random() < 0.4],
            next_call_at=self.calendar.at(ahead, 10, 30) if self.dice.random() < 0.5 else None,
            reality=self.dice.choice(words()["calls"]),
            confidence=self.dice.randint(4, 9),
            minutes=20,
        )
        return []
