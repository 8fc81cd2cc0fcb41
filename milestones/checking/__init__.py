"""What a journey still needs before it can be published, and what its designer may want to reconsider.

Checks what was typed; changes nothing. A problem names its milestone and its field, so that a page can put
it where it belongs.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from django.utils.text import slugify
from django.utils.translation import gettext as _

from milestones.checking.advice import advice_on
from milestones.checking.criteria import faults_of_criteria
from milestones.models import Milestone
from milestones.models.journeys import FEWEST, MOST
from milestones.outlines import (
    KEY_LENGTH,
    MetricOutline,
    MilestoneOutline,
    Outline,
    whole_number,
)

NAME_LENGTH, MEANING_LENGTH, COACHING_LENGTH = 120, 2000, 2000
MOST_DAYS, MOST_HOURS = 3650, 24 * 30


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing to mend. A warning does not keep a journey from being published."""

    milestone_position: int | None
    """From 1; none for the journey as a whole."""
    field: str
    """Such as "meaning", or "criterion-2-threshold"."""
    message: str
    is_warning: bool = False
    handle: int = 0
    code: str = ""
    """Of advice: what kind it is. The author may set it aside."""
    why: str = ""
    mark: str = ""
    is_set_aside: bool = False


def problems_of(
    outline: Outline,
    *,
    metrics: Mapping[str, MetricOutline],
    set_aside: Collection[tuple[str, str, str]] = (),
) -> list[Problem]:
    """Everything to mend or reconsider, in the order of the page. `metrics`: all that are known, by key.

    `set_aside` says which advice was: the milestone's key, the code, and the mark of what it was about.
    """
    known = set(metrics)
    found = [Problem(None, field, message) for field, message in _of_journey(outline)]
    for position, milestone in enumerate(outline.milestones, start=1):
        handle = milestone.handle
        others = [one for one in outline.milestones if one.handle != handle]
        missing = [
            *_of_milestone(milestone),
            *_of_key(milestone, others),
            *faults_of_criteria(milestone, known),
        ]
        found += [Problem(position, field, message, handle=handle) for field, message in missing]
        doubts = _of_order(outline.milestones[:position])
        found += [Problem(position, field, message, True, handle) for field, message in doubts]
        for one in advice_on(milestone, metrics):
            is_set_aside = (milestone.key, one.code, one.mark) in set_aside
            found.append(
                Problem(
                    position, one.field, one.message, True, handle, one.code, one.why, one.mark, is_set_aside
                )
            )
    return found


def _of_journey(outline: Outline) -> Iterator[tuple[str, str]]:
    if not outline.name:
        yield "name", _("The journey needs a name.")
    elif len(outline.name) > NAME_LENGTH:
        yield "name", _("The journey’s name is longer than %(most)d characters.") % {"most": NAME_LENGTH}
    count = len(outline.milestones)
    numbers = {"fewest": FEWEST, "most": MOST, "count": count}
    if count < FEWEST:
        yield (
            "milestones",
            _(
                "A journey has %(fewest)d to %(most)d milestones. This one has %(count)d: add the "
                "outcomes that are missing."
            )
            % numbers,
        )
    elif count > MOST:
        yield (
            "milestones",
            _(
                "A journey has %(fewest)d to %(most)d milestones. This one has %(count)d: keep those "
                "the customer would name."
            )
            % numbers,
        )


def _of_milestone(milestone: MilestoneOutline) -> Iterator[tuple[str, str]]:
    if not milestone.name:
        yield "name", _("Name the outcome.")
    elif len(milestone.name) > NAME_LENGTH:
        yield "name", _("The name is longer than %(most)d characters.") % {"most": NAME_LENGTH}
    if not milestone.meaning:
        yield "meaning", _("Write what it means for them.")
    elif len(milestone.meaning) > MEANING_LENGTH:
        yield "meaning", _("The meaning is longer than %(most)d characters.") % {"most": MEANING_LENGTH}
    if len(milestone.coaching) > COACHING_LENGTH:
        yield (
            "coaching",
            _("The coaching hint is longer than %(most)d characters.") % {"most": COACHING_LENGTH},
        )
    if milestone.stage not in Milestone.Stage.values:
        yield "stage", _("Choose a stage.")
    yield from _of_target(milestone.target_days)
    if milestone.celebrate not in Milestone.Celebrate.values:
        yield "celebrate", _("Choose how it is celebrated.")
    hours = whole_number(milestone.hold_hours)
    if hours is None or hours > MOST_HOURS:
        yield (
            "hold_hours",
            _("The hold is a whole number of hours, from 0 to %(most)d.") % {"most": MOST_HOURS},
        )
    if milestone.join not in Milestone.Join.values:
        yield "join", _("Choose whether all criteria must hold, or any of them.")


def _of_target(typed: str) -> Iterator[tuple[str, str]]:
    days = whole_number(typed)
    if not typed.strip():
        yield "target_days", _("Set a target: days from the start.")
    elif days is None or not 1 <= days <= MOST_DAYS:
        yield (
            "target_days",
            _("“%(typed)s” is not a number of days from 1 to %(most)d.")
            % {
                "typed": typed[:40],
                "most": MOST_DAYS,
            },
        )


def _of_key(milestone: MilestoneOutline, others: list[MilestoneOutline]) -> Iterator[tuple[str, str]]:
    key = milestone.key
    if not key:
        if milestone.name:
            yield "key", _("Give it a key.")
    elif slugify(key) != key or len(key) > KEY_LENGTH:
        yield (
            "key",
            _("A key has small letters, digits and hyphens, %(most)d at most: “%(proposal)s”.")
            % {
                "most": KEY_LENGTH,
                "proposal": slugify(key)[:KEY_LENGTH] or "milestone",
            },
        )
    elif any(other.key == key for other in others):
        yield "key", _("Another milestone has the key “%(key)s”.") % {"key": key}


def _of_order(path: tuple[MilestoneOutline, ...]) -> Iterator[tuple[str, str]]:
    """What is odd about the last milestone, seen from those before it."""
    if len(path) < 2:
        return
    before, this = path[-2], path[-1]
    days, days_before = whole_number(this.target_days), whole_number(before.target_days)
    if days is not None and days_before is not None and days < days_before:
        yield (
            "target_days",
            _(
                "Its target, day %(days)d, lies before the milestone ahead of it (day %(before)d). "
                "Targets count from the start."
            )
            % {"days": days, "before": days_before},
        )
    stages = Milestone.Stage.values
    if (
        this.stage in stages
        and before.stage in stages
        and stages.index(this.stage) < stages.index(before.stage)
    ):
        yield "stage", _("Its stage lies before that of the milestone ahead of it.")
