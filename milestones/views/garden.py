"""A journey's milestones side by side, as its page and its editor draw them."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from milestones.checking import Problem
from milestones.differences import celebration_words, days_words, stage_words
from milestones.models.wording import join_sentence
from milestones.outlines import MetricOutline, MilestoneOutline, Outline
from ui.stones import Stone, StoneState

SMALLEST, STEP = 48, 4  # pixels: stones grow along the path


@dataclass(frozen=True, slots=True)
class Column:
    """One milestone, ready to be drawn."""

    handle: int
    name: str
    meaning: str
    stage: str
    days: str
    join: str
    sentences: tuple[str, ...]
    celebration: str
    coaching: str
    stone: Stone
    size: int
    is_open: bool
    missing: int
    reached: int | None
    """How many customers have reached it; none where that is not asked."""


def columns(
    outline: Outline,
    *,
    metrics: Mapping[str, MetricOutline],
    open_handle: int = 0,
    problems: Sequence[Problem] = (),
    reached: Mapping[str, int] | None = None,
) -> list[Column]:
    """The milestones in order. `reached` counts customers by milestone key."""
    blocking = [one.handle for one in problems if not one.is_warning]
    return [
        _column(
            one,
            place,
            metrics=metrics,
            is_open=one.handle == open_handle,
            missing=blocking.count(one.handle),
            reached=None if reached is None else reached.get(one.key, 0),
        )
        for place, one in enumerate(outline.milestones)
    ]


def path_stones(drawn: Collection[Column]) -> list[Stone]:
    """The same milestones as the wide path."""
    return [column.stone for column in drawn]


def _column(
    one: MilestoneOutline,
    place: int,
    *,
    metrics: Mapping[str, MetricOutline],
    is_open: bool,
    missing: int,
    reached: int | None,
) -> Column:
    rings = max(1, len(one.criteria))
    state = StoneState.VERIFIED if is_open else StoneState.GROWING
    return Column(
        handle=one.handle,
        name=one.name or _("No name yet"),
        meaning=one.meaning,
        stage=stage_words(one.stage),
        days=days_words(one.target_days),
        join=join_sentence(one.join, len(one.criteria), one.needed) if one.criteria else "",
        sentences=tuple(criterion.sentence(metrics) for criterion in one.criteria),
        celebration=celebration_words(one),
        coaching=one.coaching,
        stone=Stone(one.name, state, said=days_words(one.target_days), rings=rings, met=rings),
        size=SMALLEST + STEP * min(place, 6),
        is_open=is_open,
        missing=missing,
        reached=reached,
    )
