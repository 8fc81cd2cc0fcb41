"""Which messages are due when: four questions to the database for each journey, however many are on it.

On what comes next and when nothing moves, days count from the last milestone reached (or the start); before
the target, back from the target date; on to the next, from the day it was reached. Whatever became due
longer ago than a week is past saying, and what happened before the journey began to write is never spoken
of. While a customer's clock stands no days go by and nothing becomes due; it goes on from there afterwards.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from milestones.clocks import target_day
from milestones.enrolling import midnight
from milestones.messaging.wording import Wording, wording_of, wordings
from milestones.models import (
    Achievement,
    Enrolment,
    Journey,
    JourneyVersion,
    MessageWritten,
    Milestone,
    Occasion,
    Pause,
)
from organisations.models import Organisation
from post.models import Recipient

PAST_SAYING = timedelta(days=7)
DAY = timedelta(days=1)
PAST_GATHERING = timedelta(days=15)
"""Who has one mail a week is told also what became due just after the last one."""


@dataclass(frozen=True, slots=True)
class Due:
    """One message to one customer: about which milestone, worded how, due when."""

    enrolment_id: int
    milestone: Milestone
    following: Milestone | None
    wording: Wording
    at: datetime

    @property
    def occasion(self) -> Occasion:
        return self.wording.occasion


@dataclass(frozen=True, slots=True)
class _Place:
    """A milestone of a version that customers are on, with what may be written about it."""

    milestone: Milestone
    following: Milestone | None
    wording: Wording


class Plan:
    """What one journey writes between two moments, the later one included, as things stand now."""

    def __init__(
        self, journey: Journey, *, organisation: Organisation, since: datetime, until: datetime, now: datetime
    ) -> None:
        self.organisation = organisation
        self.since, self.until, self.now = since, until, now
        self.places = list(_places(journey))
        self.pauses = self._pauses(journey)

    def __iter__(self) -> Iterator[Due]:
        for occasion, rows in (
            (Occasion.HANDOVER, self._reached()),
            (Occasion.EXPECTATION, self._working_on(Occasion.EXPECTATION)),
            (Occasion.MOMENTUM, self._near_target()),
            (Occasion.STALL, self._working_on(Occasion.STALL)),
        ):
            of = {place.milestone.pk: place for place in self._on(occasion)}
            for enrolment_id, milestone_id, counted_from in rows:
                place = of[milestone_id]
                at = self._moment(enrolment_id, counted_from, _after(place))
                if at and self.since < at <= self.until:
                    yield Due(enrolment_id, place.milestone, place.following, place.wording, at)

    def _pauses(self, journey: Journey) -> dict[int, list[Pause]]:
        """Of every enrolment whose clock stood late enough to move what is asked for."""
        longest = max((_after(place) for place in self.places), default=timedelta(0))
        lately = Q(resumes_on=None) | Q(resumes_on__gte=(self.since - longest).date() - DAY)
        rows = Pause.objects.standing().filter(lately, enrolment__journey=journey, enrolment__ended_at=None)
        found: dict[int, list[Pause]] = defaultdict(list)
        for pause in rows:
            found[pause.enrolment_id].append(pause)
        return dict(found)

    def _moment(self, enrolment_id: int, counted_from: datetime, after: timedelta) -> datetime | None:
        """So many running days later; None while the clock stands and nobody knows until when."""
        pauses = self.pauses.get(enrolment_id)
        if pauses is None:
            return counted_from + after
        day = counted_from.astimezone(self.organisation.tzinfo).date()
        target = target_day(day, after.days, pauses)
        return counted_from + (target - day) if target else None

    def _on(self, occasion: Occasion) -> list[_Place]:
        return [each for each in self.places if each.wording.occasion == occasion and each.wording.is_on]

    def _working_on(self, occasion: Occasion) -> Iterable[tuple[int, int, datetime]]:
        """Enrolments by when they last moved."""
        asked = Q(pk__in=())
        for place in self._on(occasion):
            days = _after(place)
            moved = Q(moved_at__gt=self.since - days, moved_at__lte=self.until - days)
            asked |= Q(moved | Q(pk__in=self.pauses), current=place.milestone)
        rows = _unwritten(_reachable().filter(asked), occasion, F("current__key"))
        found: Any = rows.values_list("pk", "current_id", "moved_at")
        return found

    def _near_target(self) -> Iterator[tuple[int, int, datetime]]:
        """Enrolments by the day so long before their target, as long as that has not passed.

        Days are counted on the organisation's calendar: midnight may be 23 or 25 hours away.
        """
        before = {place.milestone.pk: place.wording.days for place in self._on(Occasion.MOMENTUM)}
        asked = Q(pk__in=())
        for place in self._on(Occasion.MOMENTUM):
            early = timedelta(days=place.wording.days)
            near = Q(due_on__range=((self.since + early - DAY).date(), (self.until + early + DAY).date()))
            asked |= Q(near | Q(pk__in=self.pauses, due_on__isnull=False), current=place.milestone)
        rows = _unwritten(_reachable().filter(asked), Occasion.MOMENTUM, F("current__key"))
        found: Any = rows.values_list("pk", "current_id", "due_on")
        for pk, milestone_id, on in found:
            if midnight(self.organisation, on) > self.now:
                early = timedelta(days=before[milestone_id])
                yield pk, milestone_id, midnight(self.organisation, on - early)

    def _reached(self) -> Iterable[tuple[int, int, datetime]]:
        """Enrolments by what they reached lately and stands."""
        asked = Q(pk__in=())
        for place in self._on(Occasion.HANDOVER):
            days = _after(place)
            achieved = Q(achieved_at__gt=self.since - days, achieved_at__lte=self.until - days)
            asked |= Q(achieved | Q(enrolment__in=self.pauses), milestone=place.milestone)
        rows = Achievement.objects.standing().filter(asked, is_history=False, enrolment__in=_reachable())
        written = MessageWritten.objects.filter(
            enrolment=OuterRef("enrolment"),
            milestone_key=OuterRef("milestone_key"),
            occasion=Occasion.HANDOVER,
        )
        return rows.filter(~Exists(written)).values_list("enrolment_id", "milestone_id", "achieved_at")


def begins(journey: Journey, *, now: datetime) -> datetime:
    """Since when what became due may still be worth saying, to some. `is_past_saying` knows to whom."""
    assert journey.messages_since is not None, "it writes nothing"
    return max(journey.messages_since, now - PAST_GATHERING)


def is_past_saying(at: datetime, recipient: Recipient, *, now: datetime) -> bool:
    """Whether what became due then is no longer said to them."""
    is_gathered = recipient.wish == Recipient.Wish.WEEKLY
    return at <= now - (PAST_GATHERING if is_gathered else PAST_SAYING)


def _after(place: _Place) -> timedelta:
    """How long after what its days are counted from; before the target they are counted already."""
    is_before = place.wording.occasion == Occasion.MOMENTUM
    return timedelta(0) if is_before else timedelta(days=place.wording.days)


def _places(journey: Journey) -> Iterator[_Place]:
    """Every milestone customers are on or past, in every version that somebody is on."""
    found = wordings(journey)
    on_it = Enrolment.objects.open().filter(version=OuterRef("pk"))
    versions = JourneyVersion.objects.filter(Exists(on_it), journey=journey)
    for version in versions.prefetch_related("milestones"):
        row = sorted(version.milestones.all(), key=lambda each: each.position)
        for before, milestone, after in zip([None, *row], row, [*row[1:], None], strict=False):
            handed_over = before and wording_of(found, before.key, Occasion.HANDOVER).is_on
            for occasion in Occasion:
                is_said = occasion == Occasion.EXPECTATION and handed_over  # by the one before already
                is_last = occasion == Occasion.HANDOVER and after is None
                has_none = occasion == Occasion.MOMENTUM and milestone.target_days is None
                if not (is_said or is_last or has_none):
                    yield _Place(milestone, after, wording_of(found, milestone.key, occasion))


def _reachable() -> QuerySet[Enrolment]:
    """Whom the journey may write to: on the way, and still a customer."""
    return Enrolment.objects.open().filter(is_judged=True, customer__left_on=None, customer__archived_at=None)


def _unwritten(rows: QuerySet[Enrolment], occasion: Occasion, key: F) -> QuerySet[Enrolment]:
    written = MessageWritten.objects.filter(enrolment=OuterRef("pk"), occasion=occasion)
    return rows.alias(about=key).filter(~Exists(written.filter(milestone_key=OuterRef("about"))))
