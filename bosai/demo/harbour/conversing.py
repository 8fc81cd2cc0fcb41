"""Calls with a customer: planned, held, written down, with what was promised and what became of it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial

from bosai.demo.harbour import equipping
from bosai.demo.harbour.calendar import workday, workday_before
from bosai.demo.harbour.part import Part
from bosai.demo.harbour.story import Story
from coaching import scheduling
from coaching.challenging import Method
from coaching.models import Commitment
from coaching.scheduling import NewCommitment
from customers.models import Contact
from organisations.models import User

CALL_TIMES = ((9, 0), (9, 45), (10, 30), (11, 15), (13, 30), (14, 15), (15, 0), (16, 15))
AHEAD = 45  # days
AT_EASE = 330  # days after which calls become rare
TAKES = timedelta(minutes=45)  # from the beginning of a call to its record


@dataclass(frozen=True)
class Promise:
    """Something promised in the last call, still open: whose, what, due in so many days."""

    whose: str
    """"us", or a person's name."""
    will: str
    due_in: int
    when: str = ""


@dataclass(frozen=True)
class Ending:
    """How the calls end, where that is known: the last one held, and the next one planned."""

    last_ago: int | None = None
    """None: there was no call yet."""
    next_at: datetime | None = None
    purpose: str = ""
    is_held: bool = False
    """The next one was held this morning, if its time has come."""
    promises: Sequence[Promise] = ()


class Conversation:
    """The calls of one customer with their CSM."""

    def __init__(
        self, part: Part, story: Story, *, phases: Sequence[str], ending: Ending | None = None
    ) -> None:
        """`phases` are the milestones in order: what they talk about is the first that does not show yet."""
        self.part, self.story, self.phases, self.ending = part, story, phases, ending
        self.dice, self.mattering = part.row.dice("calls"), part.row.dice("importance")
        self.times = self._times()

    def enter(self) -> None:
        for n, at in enumerate(self.times):
            self.part.stage.at(at + TAKES, partial(self._hold, n))
        if not self.times:
            self.part.stage.at(self.part.stage.calendar.at(self.story.began_on, 10), self._plan)

    def _times(self) -> list[datetime]:
        """When calls are held, and the first one after today."""
        calendar, ending = self.part.stage.calendar, self.ending
        if ending is None:
            days = self._days(self.story.ends_on or calendar.day(-AHEAD))
            if self.part.row.owner == "mara":  # her day is told by the spotlights alone
                days = [workday(day + timedelta(days=1)) if day == calendar.today else day for day in days]
        elif ending.last_ago is None:
            days = []
        else:
            last = workday_before(calendar.day(ending.last_ago))
            days = [*self._days(last - timedelta(days=15)), last]
        times = [calendar.at(day, *self.dice.choice(CALL_TIMES)) for day in days]
        if ending and ending.is_held and ending.next_at and ending.next_at + TAKES <= calendar.now:
            times.append(ending.next_at)
        return times

    def _days(self, until: date) -> list[date]:
        """Days with a call before that day, none after the first that lies ahead."""
        days: list[date] = []
        day = workday(self.story.began_on + timedelta(days=1))
        while day < until and not (days and days[-1] > self.part.stage.calendar.today):
            days.append(day)
            is_at_ease = (day - self.story.began_on).days > AT_EASE
            pause = self.dice.randint(42, 63) if is_at_ease else self.dice.randint(21, 29)
            day = workday(day + timedelta(days=pause))
        return days

    def _hold(self, n: int, now: datetime) -> None:
        part, phase = self.part, self._phase(now)
        if part.is_gone(now):
            return
        is_last = n == len(self.times) - 1
        day = now.astimezone(part.stage.calendar.zone).date()
        owed, part.promised = part.promised, {}
        call = scheduling.log_call(
            organisation=part.stage.organisation,
            customer=part.customer,
            by=part.owner,
            held_at=self.times[n],
            now=now,
            contacts=part.contacts[: 1 + (self.dice.random() < 0.4)],
            commitments=self._agree(phase, day, is_last=is_last),
            settled={pk: self._ended() for pk in owed},
            next_call_at=None if is_last else self.times[n + 1],
            enrolment=next(iter(part.enrolments.values()), None),
            goal=part.phrases.say(phase, "goal") if self.dice.random() < 0.8 else "",
            reality=part.phrases.say(phase, "reality"),
            options=part.phrases.say(phase, "options") if self.dice.random() < 0.7 else "",
            words=part.phrases.say(phase, "words") if self.dice.random() < 0.75 else "",
            notes=part.phrases.say(phase, "notes") if self.dice.random() < 0.6 else "",
            importance=self.mattering.randint(6, 10),
            confidence=min(10, self.dice.randint(5, 8) + self.story.at(day) // 3),
            minutes=self.dice.choice((20, 25, 30, 30, 35, 45)),
            method=Method(guide=part.stage.guides.get(part.stage.milestones[phase].stage)),
        )
        equipping.send_along(part, call, n, now)
        self._remember(call.commitments.select_related("organisation"), is_last=is_last)
        if n == 0:
            part.hear_outcome(now)
        if is_last and self.ending:
            self._plan(now)

    def _phase(self, now: datetime) -> str:
        day = now.astimezone(self.part.stage.calendar.zone).date()
        return self.phases[min(self.story.at(day), len(self.phases) - 1)]

    def _agree(self, phase: str, day: date, *, is_last: bool) -> list[NewCommitment]:
        if is_last and self.ending and self.ending.promises:
            return [self._promised(promise) for promise in self.ending.promises]
        agreed = []
        if self.dice.random() < 0.8:
            when, will = self.part.phrases.promise(phase, "theirs")
            agreed.append(NewCommitment(will, self.part.champion, when, self._due(day, 5, 14)))
        if self.dice.random() < 0.4:
            when, will = self.part.phrases.promise(phase, "ours")
            agreed.append(NewCommitment(will, self.part.owner, when, self._due(day, 1, 6)))
        return agreed

    def _promised(self, promise: Promise) -> NewCommitment:
        due_on = self.part.stage.calendar.day(-promise.due_in)
        return NewCommitment(promise.will, self._owner(promise.whose), promise.when, due_on)

    def _owner(self, whose: str) -> User | Contact:
        if whose == "us":
            return self.part.owner
        return next(contact for contact in self.part.contacts if contact.name == whose)

    def _due(self, day: date, least: int, most: int) -> date:
        return workday(day + timedelta(days=self.dice.randint(least, most)))

    def _remember(self, commitments: Iterable[Commitment], *, is_last: bool) -> None:
        """Most are done by their day; of the others one hears in the next call."""
        stands = is_last and self.ending is not None and bool(self.ending.promises)
        for commitment in commitments:
            self.part.promised[commitment.pk] = commitment
            if commitment.due_on and not stands and self.dice.random() < 0.8:
                at = self.part.stage.calendar.at(commitment.due_on, 16, self.dice.randint(0, 59))
                self.part.stage.at(at, partial(self._settle, commitment))

    def _settle(self, commitment: Commitment, now: datetime) -> None:
        if self.part.promised.pop(commitment.pk, None) is not None:
            scheduling.settle(commitment=commitment, state=self._ended(), by=self.part.owner, now=now)

    def _ended(self) -> str:
        return Commitment.State.KEPT if self.dice.random() < 0.86 else Commitment.State.NOT_KEPT

    def _plan(self, now: datetime) -> None:
        ending = self.ending
        if ending is None or ending.next_at is None or ending.next_at <= now:
            return
        scheduling.plan(
            organisation=self.part.stage.organisation,
            customer=self.part.customer,
            owner=self.part.owner,
            due_at=ending.next_at,
            purpose=ending.purpose,
            by=self.part.owner,
            now=now,
        )
