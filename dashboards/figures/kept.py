"""The whole report of a question. Of many customers it is counted once a minute for all, and says when.

Counting everything takes the longer the more customers there are, and a manager's page should not. What is
quickly counted is always counted afresh: whoever just changed something sees it. Every process keeps its own
reports, in memory: no page that is only read writes anything. The customers behind a number, and the CSV,
are always counted afresh.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Protocol

from django.core.cache import caches
from django.db.models import Count

from dashboards.board.reading import Board
from dashboards.figures import timing
from dashboards.figures.beside import Beside, beside
from dashboards.figures.coached import Coached, Compared
from dashboards.figures.comparing import Comparison, comparisons
from dashboards.figures.counting import Figures, MilestoneFigures, figures
from dashboards.figures.onboarding import Onboarding, onboarding
from dashboards.figures.rates import Group, Headline, by_group, headline
from dashboards.figures.timelines import Estimate, Timelines, timelines
from dashboards.figures.wishes import Wish
from milestones.models import Journey
from milestones.timelines import Observed
from organisations.models import Organisation

KEPT_FROM = 5_000  # customers on the journey; fewer are counted in a moment


@dataclass(frozen=True)
class Report:
    """Everything the page shows of one question."""

    counted_at: datetime
    found: Figures
    headline: Headline
    onboarding: Onboarding
    by_owner: list[Group]
    by_segment: list[Group]
    times: dict[str, Estimate]
    """By milestone key how long it takes, of everybody who had set out by then: the period does not ask."""

    @property
    def rows(self) -> list[tuple[MilestoneFigures, Estimate]]:
        return [(row, self.times[row.milestone.key]) for row in self.found.milestones]

    @property
    def is_kept(self) -> bool:
        return self.found.enrolled >= KEPT_FROM


@dataclass(frozen=True)
class TimeReport:
    """How long it takes; of one milestone with the groups that are compared."""

    counted_at: datetime
    found: Timelines
    comparisons: list[Comparison]

    @property
    def is_kept(self) -> bool:
        return self.found.n >= KEPT_FROM


class _Counted(Protocol):
    @property
    def is_kept(self) -> bool: ...


def report(wish: Wish, *, now: datetime) -> Report:
    """Of fewer than `KEPT_FROM` customers as it is now, else at most a minute old."""
    return _kept("report", wish, lambda: _counted(wish, now))


def time_report(wish: Wish, *, now: datetime, key: str | None = None) -> TimeReport:
    """The same of how long it takes: of every milestone, or of the one with this key."""

    def count() -> TimeReport:
        return TimeReport(now, timelines(wish, key=key), comparisons(wish, key) if key else [])

    return _kept(f"time-{key or ''}", wish, count)


def _kept[Kind: _Counted](what: str, wish: Wish, count: Callable[[], Kind]) -> Kind:
    whose = [getattr(part, "pk", part or "") for part in (wish.segment, wish.owner)]
    what += "-with-variants" if wish.with_variants else ""
    parts = [what, wish.organisation.pk, wish.journey.pk, wish.as_of, wish.since or "", *whose]
    name = ":".join(map(str, parts))
    kept: Kind | None = caches["figures"].get(name)
    if kept is None:
        kept = count()
        if kept.is_kept:
            caches["figures"].set(name, kept)
    return kept


def _counted(wish: Wish, now: datetime) -> Report:
    found = figures(wish)
    seen = timing.observed(replace(wish, since=None) if wish.since else wish)
    keys = [row.milestone.key for row in found.milestones]
    return Report(
        counted_at=now,
        found=found,
        headline=headline(found),
        onboarding=onboarding(wish),
        by_owner=by_group(wish, column="owner", value="pk"),
        by_segment=by_group(wish, column="segment", value="slug"),
        times={key: Estimate(seen.get(("", key), Observed())) for key in keys},
    )


HALF_A_YEAR = timedelta(days=182)


@dataclass(frozen=True)
class CoachingAnswer:
    """Everything about one question whether coaching goes with reaching a milestone."""

    n: int
    all: Compared
    beside: list[Beside]
    by_owner: list[Compared]
    by_guide: list[Compared]
    since: Compared
    """Who set out in the last half year, beside who set out before."""

    @property
    def is_kept(self) -> bool:
        return self.n >= KEPT_FROM


def coaching_answer(coached: Coached) -> CoachingAnswer:
    """By the same rule as the report."""
    asked = coached.question

    def count() -> CoachingAnswer:
        return CoachingAnswer(
            n=len(coached.stories),
            all=coached.all,
            beside=beside(coached),
            by_owner=coached.by_owner,
            by_guide=coached.by_guide,
            since=coached.since(asked.wish.as_of - HALF_A_YEAR),
        )

    return _kept(f"coached-{asked.key}-{asked.landmark}-{asked.until}-{asked.calls}", asked.wish, count)


@dataclass(frozen=True)
class Counts:
    """How many are where on a board."""

    counted_at: datetime
    by_key: dict[str, dict[str, int]]

    @property
    def n(self) -> int:
        return sum(sum(states.values()) for states in self.by_key.values())

    @property
    def is_kept(self) -> bool:
        return self.n >= KEPT_FROM


def board_counts(board: Board, *, now: datetime) -> Counts:
    """The numbers above the columns, by the same rule as the report."""
    wish = board.wish
    whose = [getattr(part, "pk", part or "") for part in (wish.segment, wish.owner)]
    parts = ["board", wish.organisation.pk, wish.journey.pk, wish.today, wish.state, *whose]
    key = ":".join(map(str, parts))
    kept: Counts | None = caches["figures"].get(key)
    if kept is None:
        kept = Counts(now, board.counts())
        if kept.is_kept:
            caches["figures"].set(key, kept)
    return kept


def busiest_first(organisation: Organisation) -> list[Journey]:
    """Published journeys, the one most customers are on first; that order is at most a minute old."""
    counts = caches["figures"].get_or_set(f"busy:{organisation.pk}", _enrolled)
    assert isinstance(counts, Counter)
    return sorted(Journey.objects.published(), key=lambda journey: (-counts[journey.pk], journey.name))


def _enrolled() -> Counter[int]:
    rows = Journey.objects.annotate(n=Count("enrolments")).order_by().values_list("pk", "n")
    return Counter(dict(rows))
