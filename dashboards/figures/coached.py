"""Whether coaching goes with reaching a milestone: landmark comparisons over a journey. Four statements.

Days count from the customer's start, pauses included. Who has no start is left out, and who was ended because
the journey never was theirs. Coached means: so many calls logged with the customer by the landmark.
"""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from typing import Any

from django.db.models import DateField, OuterRef, Subquery
from django.db.models.functions import Cast, TruncDate
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from coaching.models import Call, Guide
from dashboards.figures import timing
from dashboards.figures.wishes import Wish
from milestones.landmarks import FEWEST, FEWEST_REACHED, Effect, Life, landmark
from organisations.models import User

MOST_GROUPS = 12
DEFINITIONS: dict[str, Promise] = {
    "landmark": gettext_lazy("a day after the start. Only customers still on the way on it are compared"),
    "coached": gettext_lazy(
        "so many calls logged with them by the landmark; calls later on say nothing here"
    ),
    "share": gettext_lazy("of them, reached by the later day: Aalen–Johansen, in which leaving competes"),
    "difference": gettext_lazy("share of the coached minus share of the others"),
    "interval": gettext_lazy(
        "95 %, percentile bootstrap, each group drawn 400 times by itself, always the same draws"
    ),
    "cannot tell": gettext_lazy("fewer than 20 in a group, or fewer than 10 reached it in both together"),
    "cause": gettext_lazy("nobody drew lots for who is coached: the groups differ in more, see beside"),
}


@dataclass(frozen=True)
class Question:
    """Which milestone of which customers, coached by when, reached by when."""

    wish: Wish
    key: str
    landmark: int
    until: int
    calls: int = 1


@dataclass
class Story:
    """One customer on the journey: what is asked of them, by days from their start."""

    customer_id: int
    enrolment_id: int
    owner_id: int | None
    segment_id: int | None
    started_on: date
    life: Life
    calls: list[tuple[int, int | None]] = field(default_factory=list)
    """On which day, and led by which guide."""

    def calls_by(self, day: int) -> int:
        return sum(1 for on, _guide in self.calls if on <= day)

    def was_led_by(self, guide_id: int, day: int) -> bool:
        return any(guide == guide_id and on <= day for on, guide in self.calls)


@dataclass(frozen=True)
class Compared:
    """One comparison, and whom it is about."""

    name: str
    effect: Effect

    @property
    def points(self) -> str:
        """The difference in points of a hundred, with its sign."""
        return points_of(self.effect.difference)

    @property
    def interval(self) -> str:
        low, high = self.effect.low, self.effect.high
        if low is None or high is None:
            return ""
        return _("%(low)s to %(high)s") % {"low": points_of(low), "high": points_of(high)}

    @property
    def verdict(self) -> str:
        """What may be said of it, and no more."""
        if self.effect.low is None:
            return _("cannot tell yet")
        if self.effect.is_more:
            return _("more of the first group reached it")
        return _("fewer of the first group reached it") if self.effect.is_less else _("could be chance")


def points_of(share: float) -> str:
    """ "+12", "−3", "0"."""
    points = round(share * 100)
    return f"+{points}" if points > 0 else f"−{-points}" if points < 0 else "0"


class Coached:
    """Everything the page shows of one question."""

    def __init__(self, question: Question) -> None:
        self.question = question

    @cached_property
    def stories(self) -> list[Story]:
        return _stories(self.question)

    def asking(self, calls: int) -> "Coached":
        """The same customers, asked for so many calls."""
        other = Coached(replace(self.question, calls=calls))
        other.stories = self.stories
        return other

    @property
    def middle(self) -> int:
        """So many calls by the landmark that about half of them had: what is asked unless somebody chooses.

        It is read from the calls alone, never from what was reached.
        """
        counts = sorted(one.calls_by(self.question.landmark) for one in self.at_risk())
        choices = range(1, max(counts, default=0) + 1)
        return min(choices, key=lambda k: (abs(2 * sum(n >= k for n in counts) - len(counts)), k), default=1)

    def at_risk(self) -> list[Story]:
        """Still on the way on the landmark."""
        return [one for one in self.stories if one.life.day > self.question.landmark]

    def is_coached(self, story: Story) -> bool:
        return story.calls_by(self.question.landmark) >= self.question.calls

    @cached_property
    def all(self) -> Compared:
        return Compared("", self._compare(self.stories, self.is_coached))

    @cached_property
    def by_owner(self) -> list[Compared]:
        """Among the customers of each CSM, by name: no order of merit."""
        names = dict(User.objects.filter(pk__in={s.owner_id for s in self.stories}).values_list("pk", "name"))
        groups: dict[int, list[Story]] = defaultdict(list)
        for story in self.stories:
            if story.owner_id is not None:
                groups[story.owner_id].append(story)
        found = [Compared(names[pk], self._compare(group, self.is_coached)) for pk, group in groups.items()]
        return sorted(found, key=lambda one: one.name)[:MOST_GROUPS]

    @cached_property
    def by_guide(self) -> list[Compared]:
        """Among those who were coached: led by this guide by then, or by others and none."""
        coached = [one for one in self.stories if self.is_coached(one)]
        used = {guide for one in coached for _on, guide in one.calls if guide}
        guides = Guide.objects.filter(pk__in=used).select_related("kind").in_order()
        return [
            Compared(str(guide), self._compare(coached, self._led_by(guide.pk)))
            for guide in guides[:MOST_GROUPS]
        ]

    def _led_by(self, guide_id: int) -> Callable[[Story], bool]:
        return lambda story: story.was_led_by(guide_id, self.question.landmark)

    def _compare(self, stories: Sequence[Story], is_treated: Callable[[Story], bool]) -> Effect:
        treated = [one.life for one in stories if is_treated(one)]
        others = [one.life for one in stories if not is_treated(one)]
        return landmark(treated, others, at=self.question.landmark, until=self.question.until)

    def since(self, split: date) -> Compared:
        """Who set out from that day on beside who set out before, from their start: coached or not."""
        new = [one.life for one in self.stories if one.started_on >= split]
        old = [one.life for one in self.stories if one.started_on < split]
        return Compared("", landmark(new, old, at=-1, until=self.question.until))


def _stories(question: Question) -> list[Story]:
    wish, found = question.wish, []
    zone = wish.organisation.tzinfo
    reached = (
        wish.achievements()
        .filter(enrolment=OuterRef("pk"), milestone_key=question.key)
        .order_by("achieved_at")
        .annotate(on=Cast(TruncDate("achieved_at", tzinfo=zone), DateField()))
    )
    rows = wish.enrolments().filter(started_on__isnull=False, is_judged=True)
    rows = rows.annotate(reached_on=Subquery(reached.values("on")[:1]), left=timing.left_on(wish, ""))
    columns = ("customer_id", "pk", "customer__owner_id", "customer__segment_id", "started_on")
    values: Any = rows.order_by("pk").values_list(*columns, "reached_on", "left")
    for customer, pk, owner, segment, started, reached_on, left in values:
        life = _life(started, reached_on, left, wish.as_of)
        found.append(Story(customer, pk, owner, segment, started, life))
    _add_calls(found, wish)
    return found


def _life(started: date, reached: date | None, left: date | None, as_of: date) -> Life:
    """Of reaching it and leaving the first counts; who did neither was seen until the day asked about."""
    has_reached = reached is not None and (left is None or reached <= left)
    day = reached if has_reached else left or as_of
    assert day is not None, "one of the three"
    return Life(max(0, (day - started).days), has_reached, not has_reached and left is not None)


def _add_calls(stories: Sequence[Story], wish: Wish) -> None:
    """With each customer, from the start on; calls before it belong to something else."""
    by_customer: dict[int, list[Story]] = defaultdict(list)
    for story in stories:
        by_customer[story.customer_id].append(story)
    zone = wish.organisation.tzinfo
    calls = Call.objects.filter(customer__in=wish.enrolments().values("customer"), held_at__lt=wish.until)
    for customer_id, held_at, guide in calls.values_list("customer", "held_at", "guide__guide"):
        for story in by_customer.get(customer_id, ()):
            day = (held_at.astimezone(zone).date() - story.started_on).days
            if day >= 0:
                story.calls.append((day, guide))


__all__ = ["DEFINITIONS", "FEWEST", "FEWEST_REACHED", "Coached", "Compared", "Question", "Story"]
