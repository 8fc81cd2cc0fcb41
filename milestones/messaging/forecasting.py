"""What a journey would write in the coming weeks if nobody moved: to whom, when, and what would have to wait.

Nothing is written. Each mail is asked of the recipient's wishes as it would be when it leaves, one after the
other, with all that went to them lately.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from functools import cached_property
from itertools import islice

from django.utils import timezone
from django.utils.translation import gettext as _

from milestones.messaging.letters import Letter, letters
from milestones.messaging.planning import Due, Plan, begins, is_past_saying
from milestones.models import Journey, WeeklyMail
from organisations.models import Organisation
from post import wishes
from post.models import Delivery, Recipient

DAYS = 30
MOST = 5000
"""Messages looked at; beyond that the forecast says so."""
PURPOSE = Delivery.Purpose.MESSAGE


@dataclass(frozen=True, slots=True)
class Line:
    """One message: when it would go, and why not when it is due, or why not at all."""

    due: Due
    letter: Letter | None
    goes_at: datetime
    why: str = ""
    is_left_out: bool = False
    week: date | None = None
    """The Monday of the week whose one mail it is in, where its reader wishes for that."""

    @property
    def mail(self) -> tuple[object, ...]:
        """What it arrives in: those of one week, to one person, in one."""
        if self.week is None or self.letter is None:
            return (id(self),)
        return self.letter.contact.recipient_id, self.week

    @property
    def waits(self) -> bool:
        """It goes on a later day than it is due: the working hours of that day are no waiting."""
        late = timezone.localdate(self.goes_at) > timezone.localdate(self.due.at)
        return late and bool(self.why) and not self.is_left_out and self.week is None


@dataclass(frozen=True, slots=True)
class Day:
    """What would go on one day."""

    on: date
    lines: list[Line]

    @property
    def mails(self) -> int:
        return _mails(self.lines)


@dataclass
class Forecast:
    """The coming `days` of one journey."""

    days: int
    lines: list[Line]
    is_cut: bool
    budget: int | None
    over_budget: set[int] = field(default_factory=set)
    """Recipients whose budget would be spent before all of theirs have gone."""

    @property
    def going(self) -> list[Line]:
        return [line for line in self.lines if not line.is_left_out]

    @property
    def left_out(self) -> list[Line]:
        return [line for line in self.lines if line.is_left_out]

    @property
    def mails(self) -> int:
        return _mails(self.going)

    @property
    def gathered(self) -> int:
        """How many of the messages go in mails of a week."""
        return sum(line.week is not None for line in self.going)

    @property
    def people(self) -> int:
        return len({line.letter.contact.recipient_id for line in self.going if line.letter})

    @property
    def waiting(self) -> int:
        return sum(line.waits for line in self.lines)

    def by_day(self) -> list[Day]:
        found: dict[date, list[Line]] = defaultdict(list)
        for line in sorted(self.going, key=lambda each: each.goes_at):
            found[timezone.localdate(line.goes_at)].append(line)
        return [Day(on, lines) for on, lines in found.items()]


def _mails(lines: Iterable[Line]) -> int:
    return len({line.mail for line in lines})


def forecast(*, journey: Journey, organisation: Organisation, now: datetime, days: int = DAYS) -> Forecast:
    """As if the journey began to write now, or goes on writing. A handful of queries, however many mails."""
    since = begins(journey, now=now) if journey.messages_since else now
    plan = Plan(journey, organisation=organisation, since=since, until=now + timedelta(days=days), now=now)
    dues = sorted(islice(plan, MOST + 1), key=lambda due: (due.at, due.enrolment_id))
    found = letters(dues[:MOST], organisation=organisation)
    made = Forecast(days, [], is_cut=len(dues) > MOST, budget=organisation.mails_per_week)
    recipients = {letter.contact.recipient_id or 0 for letter in found.values() if letter}
    going = _Going(organisation, recipients, now)
    for due, letter in found.items():
        recipient = letter.contact.recipient if letter else None
        if recipient is not None and is_past_saying(due.at, recipient, now=now):
            continue
        line = going.line(due, letter)
        made.lines.append(line)
        if going.is_over and letter:
            made.over_budget.add(letter.contact.recipient_id or 0)
    return made


class _Going:
    """What goes to each recipient, one mail after the other."""

    def __init__(self, organisation: Organisation, recipient_ids: Iterable[int], now: datetime) -> None:
        self.organisation, self.now = organisation, now
        self.went: dict[int, list[datetime]] = defaultdict(list)
        self.weeks: dict[tuple[int, date], Line] = {}
        """Each mail of a week, by recipient: the first message in it."""
        self.is_over = False
        if organisation.mails_per_week is not None:
            for recipient_id, at in Delivery.objects.when_counted(list(recipient_ids), now=now):
                self.went[recipient_id].append(at)

    def line(self, due: Due, letter: Letter | None) -> Line:
        self.is_over = False
        at = max(due.at, self.now)
        if letter is None:
            return Line(due, None, at, why=_("Nobody there has an e-mail address."), is_left_out=True)
        recipient = letter.contact.recipient
        assert recipient is not None, "whoever is chosen has an address"
        if missing := letter.missing():
            return Line(due, letter, at, why=missing, is_left_out=True)
        return self._asked(due, letter, recipient, at)

    def _asked(self, due: Due, letter: Letter, recipient: Recipient, at: datetime) -> Line:
        recipient.organisation = self.organisation
        if recipient.wish == Recipient.Wish.WEEKLY:
            return self._gathered(due, letter, recipient)
        return self._going(due, letter, recipient, at, PURPOSE)

    def _gathered(self, due: Due, letter: Letter, recipient: Recipient) -> Line:
        """In the first mail of a week that has not gone when it is due."""
        week = wishes.week_of(recipient, due.at)
        while wishes.opening(recipient, week) < due.at or (recipient.pk, week) in self._had:
            week += timedelta(days=7)
        if (recipient.pk, week) not in self.weeks:
            at = max(wishes.opening(recipient, week), self.now)
            self.weeks[recipient.pk, week] = self._going(due, letter, recipient, at, Delivery.Purpose.WEEK)
        first = self.weeks[recipient.pk, week]
        why = first.why or _("in their one mail of the week")
        return replace(first, due=due, letter=letter, why=why, week=week)

    @cached_property
    def _had(self) -> set[tuple[int, date]]:
        lately = WeeklyMail.objects.filter(week__gte=self.now.date() - timedelta(days=15))
        return set(lately.values_list("recipient_id", "week"))

    def _going(self, due: Due, letter: Letter, recipient: Recipient, at: datetime, purpose: str) -> Line:
        budget, why = self.organisation.mails_per_week, ""
        while True:
            lately = [went for went in self.went[recipient.pk] if at - Delivery.BUDGET_DAYS < went <= at]
            answer = wishes.ask(recipient, purpose=purpose, now=at, budget=budget, lately=lately)
            if answer.refused:
                return Line(due, letter, at, why=answer.refused, is_left_out=True)
            if answer.later is None:
                break
            self.is_over |= budget is not None and len(lately) >= budget
            at, why = answer.later, why or answer.why
        self.went[recipient.pk].append(at)
        return Line(due, letter, at, why=why)
