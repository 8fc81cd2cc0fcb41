"""Pure: two outlines side by side in words, milestone by milestone and part by part."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from milestones.models import Milestone
from milestones.models.wording import join_sentence
from milestones.outlines import MetricOutline, MilestoneOutline, Outline, whole_number
from milestones.overlays import ORDER, PARTS, THERE, Conflict, by_key, woven

type Metrics = Mapping[str, MetricOutline]
LABELS = {
    "name": gettext_lazy("The outcome"),
    "meaning": gettext_lazy("What it means for them"),
    "stage": gettext_lazy("Stage"),
    "target_days": gettext_lazy("Target"),
    "celebrate": gettext_lazy("Celebrate"),
    "criteria": gettext_lazy("It is so when"),
    ORDER: gettext_lazy("The order of the milestones"),
    THERE: gettext_lazy("Whether it is there"),
}


class State(StrEnum):
    """What became of a milestone, from the left to the right."""

    SAME = "same"
    CHANGED = "changed"
    LEFT_OUT = "left out"
    ADDED = "added"


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a milestone, or of the journey, on both sides."""

    label: str
    left: tuple[str, ...]
    right: tuple[str, ...]

    @property
    def is_same(self) -> bool:
        return self.left == self.right


@dataclass(frozen=True, slots=True)
class MilestoneDifference:
    key: str
    name: str
    """As the right says it, else the left."""
    state: State
    parts: tuple[Part, ...]

    @property
    def differing(self) -> tuple[Part, ...]:
        return tuple(part for part in self.parts if not part.is_same)


@dataclass(frozen=True, slots=True)
class Difference:
    """What two outlines say, in the order of the right; what only the left has stands where it stood."""

    journey: tuple[Part, ...]
    milestones: tuple[MilestoneDifference, ...]

    @property
    def differing(self) -> tuple[MilestoneDifference, ...]:
        return tuple(one for one in self.milestones if one.state != State.SAME)

    @property
    def same(self) -> tuple[MilestoneDifference, ...]:
        return tuple(one for one in self.milestones if one.state == State.SAME)

    @property
    def journey_differing(self) -> tuple[Part, ...]:
        return tuple(part for part in self.journey if not part.is_same)

    @property
    def is_none(self) -> bool:
        return not self.differing and not self.journey_differing


def differences(left: Outline, right: Outline, metrics: Metrics) -> Difference:
    """`metrics`: all that both sides name, by key."""
    before, after = by_key(left), by_key(right)
    shared = [[key for key in one if key in other] for one, other in ((before, after), (after, before))]
    places = [_ordered(each, after) for each in shared]
    return Difference(
        journey=(
            Part(str(_("Name")), (left.name,), (right.name,)),
            Part(
                str(_("What the customer has reached at its end")),
                _lines(left.purpose),
                _lines(right.purpose),
            ),
            Part(str(LABELS[ORDER]), *places),
        ),
        milestones=tuple(
            _difference(key, before.get(key), after.get(key), metrics) for key in woven(after, before)
        ),
    )


def label_of(part: str) -> str:
    return str(LABELS.get(part) or part.replace("_", " ").capitalize())


def part_words(milestone: MilestoneOutline, part: str, metrics: Metrics) -> tuple[str, ...]:
    """What a milestone says there, line by line."""
    match part:
        case "stage":
            return _lines(stage_words(milestone.stage))
        case "target_days":
            return _lines(days_words(milestone.target_days))
        case "celebrate":
            return (celebration_words(milestone),)
        case "criteria":
            if not milestone.criteria:
                return ()
            led = join_sentence(milestone.join, len(milestone.criteria), milestone.needed)
            return (f"{led}:", *(one.sentence(metrics) for one in milestone.criteria))
    return _lines(getattr(milestone, part))


def sides_of(conflict: Conflict, names: Mapping[str, str], metrics: Metrics) -> tuple[Part, ...]:
    """Both sides of a conflict, the base's left. `names`: of milestones by key."""
    label = label_of(conflict.part)
    if conflict.part in PARTS:
        said = [part_words(side, conflict.part, metrics) for side in (conflict.base, conflict.own)]
        return (Part(label, said[0], said[1]),)
    if conflict.part == THERE:
        return tuple(part for part in _parts(conflict.base, conflict.own, metrics) if not part.is_same)
    keys = [tuple(names.get(key, key) for key in side) for side in (conflict.base, conflict.own)]
    return (Part(label, keys[0], keys[1]),)


def stage_words(value: str) -> str:
    return str(Milestone.Stage(value).label) if value in Milestone.Stage.values else ""


def days_words(typed: str) -> str:
    days = whole_number(typed)
    if days is None:
        return typed[:12]
    return ngettext("by day %(days)d", "by day %(days)d", days) % {"days": days}


def celebration_words(one: MilestoneOutline) -> str:
    hours = whole_number(one.hold_hours) or 0
    if one.celebrate == Milestone.Celebrate.SILENT:
        return _("Not celebrated by mail")
    if one.celebrate == Milestone.Celebrate.REVIEW:
        return _("Celebrated after a person’s yes")
    if not hours:
        return _("Celebrated at once")
    return ngettext(
        "Celebrated after a hold of %(hours)d hour", "Celebrated after a hold of %(hours)d hours", hours
    ) % {"hours": hours}


def _difference(
    key: str, left: MilestoneOutline | None, right: MilestoneOutline | None, metrics: Metrics
) -> MilestoneDifference:
    parts = tuple(_parts(left, right, metrics))
    state = State.SAME if all(part.is_same for part in parts) else State.CHANGED
    if left is None or right is None:
        state = State.ADDED if left is None else State.LEFT_OUT
    one = right or left
    assert one is not None  # woven of both
    return MilestoneDifference(one.key, one.name or _("No name yet"), state, parts)


def _parts(left: MilestoneOutline | None, right: MilestoneOutline | None, metrics: Metrics) -> Iterator[Part]:
    for part in PARTS:
        said = [part_words(side, part, metrics) if side else () for side in (left, right)]
        yield Part(label_of(part), said[0], said[1])


def _ordered(keys: list[str], outlines: Mapping[str, MilestoneOutline]) -> tuple[str, ...]:
    return tuple(outlines[key].name or key for key in keys)


def _lines(text: str) -> tuple[str, ...]:
    return tuple(line for line in text.splitlines() if line.strip())
