"""The simulated months, played in order: whoever has something to do says when, the stage calls them up."""

import heapq
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count

from advocacy import celebrating
from advocacy.models import Celebration
from bosai.demo.harbour.calendar import DATA_ARRIVES, Calendar, workday
from coaching.models import GuideEdition
from customers.models import Metric
from customers.recording import NewReading
from milestones import judging
from milestones.models import Journey, Milestone
from organisations.models import Organisation, User

type Act = Callable[[datetime], object]
type Measure = Callable[[datetime], list[NewReading]]

HOLD = timedelta(days=1)
ROUND_AT = 18  # o'clock
LEFT_FOR_TODAY = timedelta(days=3)  # celebrations in review that are younger wait for today's reader
SOURCE = "harbour"


@dataclass
class Stage:
    """Everything the players share. Nothing that lies after now is ever played."""

    organisation: Organisation
    people: dict[str, User]
    calendar: Calendar
    journeys: dict[str, Journey]
    milestones: dict[str, Milestone]
    metrics: dict[str, Metric]
    guides: dict[str, GuideEdition]
    """The plain one of each stage of a journey."""
    measures: list[Measure] = field(default_factory=list)
    _queue: list[tuple[datetime, int, Act]] = field(default_factory=list)
    _rounds: set[datetime] = field(default_factory=set)
    _turns: count = field(default_factory=count)

    def at(self, when: datetime, act: Act) -> None:
        if when <= self.calendar.now:
            heapq.heappush(self._queue, (when, next(self._turns), act))

    def play(self) -> None:
        """All acts in order of time, those that acts bring about included."""
        for day in self.calendar.ticks:
            self.at(self.calendar.at(day, DATA_ARRIVES.hour, DATA_ARRIVES.minute), self._measure)
            self.at(self.calendar.at(workday(day), 9, 20), self._look_over)
        while self._queue:
            when, _turn, act = heapq.heappop(self._queue)
            act(when)

    def celebrate(self, now: datetime) -> None:
        """What was just achieved is gathered in today's round; of late, where hours count, at once."""
        if now > self.calendar.now - LEFT_FOR_TODAY:
            self._round(now)
        else:
            self._plan_round(now)

    def _round(self, now: datetime) -> None:
        """Achievements become celebrations, those whose hold has passed go into the outbox."""
        if celebrating.gather(organisation=self.organisation, now=now):
            self._plan_round(now + HOLD)
        celebrating.post_due(organisation=self.organisation, now=now, simulated=True)

    def _plan_round(self, after: datetime) -> None:
        """One round for everything of a day, since each costs time whether there is much to do or little."""
        day = after.astimezone(self.calendar.zone).date()
        at = self.calendar.at(day, ROUND_AT)
        if at < after:
            at = self.calendar.at(day + timedelta(days=1), ROUND_AT)
        if at not in self._rounds:
            self._rounds.add(at)
            self.at(at, self._round)

    def _measure(self, now: datetime) -> None:
        """A week's data of everybody, stored and judged at once."""
        readings = [reading for measure in self.measures for reading in measure(now)]
        judging.record(readings, organisation=self.organisation, source=SOURCE, now=now)
        self.celebrate(now)

    def _look_over(self, now: datetime) -> None:
        """Celebrations that wait for a person's yes get it, some days later."""
        waiting = Celebration.objects.filter(
            state=Celebration.State.REVIEW, made_at__lte=self.calendar.now - LEFT_FOR_TODAY
        )
        for celebration in waiting.select_related("enrolment__customer__owner").prefetch_related("guests"):
            owner = celebration.enrolment.customer.owner or self.people["theo"]
            celebrating.edit(
                celebration=celebration,
                by=owner,
                now=now,
                fact=celebration.fact,
                personal_line=celebration.personal_line or "I have been looking forward to writing this one.",
                guests=celebration.guests.all(),
            )
            celebrating.approve(celebration=celebration, by=owner, now=now)
            self._plan_round(max(now, celebration.due_at))
