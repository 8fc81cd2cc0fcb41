"""What the criteria of a milestone lack, field by field, each with what to write instead."""

from collections.abc import Collection, Iterator

from django.utils.translation import gettext as _

from milestones.models import Criterion, Milestone
from milestones.models.wholeness import LEAST
from milestones.models.wording import FIELDS, MAY_BE_EMPTY, MOST_ANSWERS, MOST_DAYS, URGENCY_LENGTH, WAYS
from milestones.outlines import CriterionOutline, MilestoneOutline, number, whole_number

Kind = Criterion.Kind
type Faults = Iterator[tuple[str, str]]


def faults_of_criteria(milestone: MilestoneOutline, known_metrics: Collection[str]) -> Faults:
    """Field and message of each fault; fields are named like "criterion-2-threshold"."""
    if not milestone.criteria:
        yield "criteria", _("Say when it is so: add a criterion.")
    elif milestone.join == Milestone.Join.AT_LEAST:
        yield from _of_needed(milestone)
    for place, criterion in enumerate(milestone.criteria, start=1):
        for field, message in faults_of_criterion(criterion, known_metrics):
            yield f"criterion-{place}-{field}", message
        if criterion in milestone.criteria[: place - 1]:
            yield f"criterion-{place}-kind", _("This criterion stands here twice.")


def _of_needed(milestone: MilestoneOutline) -> Faults:
    needed, most = whole_number(milestone.needed), len(milestone.criteria)
    if needed is None or not 1 <= needed <= most:
        yield (
            "needed",
            _("At least how many of the criteria must hold? Write a number from 1 to %(most)d.")
            % {"most": most},
        )


def faults_of_criterion(criterion: CriterionOutline, known_metrics: Collection[str]) -> Faults:
    """Field and message of each fault of one criterion."""
    if criterion.kind not in Kind.values:
        yield "kind", _("Choose what kind of criterion it is.")
    for name in FIELDS.get(criterion.kind, ()):
        if (criterion.kind, name) in MAY_BE_EMPTY and not getattr(criterion, name):
            continue
        if message := _CHECKS[name](criterion, known_metrics):
            yield name, message


def _metric(criterion: CriterionOutline, known_metrics: Collection[str]) -> str:
    if not criterion.metric:
        return _("Choose the metric.")
    if criterion.metric not in known_metrics:
        return _("There is no metric “%(key)s”.") % {"key": criterion.metric}
    return ""


def _operator(criterion: CriterionOutline, _known: Collection[str]) -> str:
    if criterion.operator in Criterion.Operator.values:
        return ""
    return _("Choose how to compare: at least, more than, at most or less than.")


def _threshold(criterion: CriterionOutline, _known: Collection[str]) -> str:
    value, typed = number(criterion.threshold), criterion.threshold
    if not typed.strip():
        return _("Set the value to reach.")
    if value is None:
        return _("“%(typed)s” is not a number. Write it like 40 or 0.5.") % {"typed": typed[:40]}
    if criterion.kind in (Kind.CHANGE, Kind.WINDOW) and value < LEAST:
        return _("Write a number above 0: how much it takes.")
    low, high = number(criterion.scale_low), number(criterion.scale_high)
    if criterion.kind == Kind.SURVEY and low is not None and high is not None and not low <= value <= high:
        return _("This lies outside the scale, so no mean can be compared with it.")
    return ""


def _way(criterion: CriterionOutline, _known: Collection[str]) -> str:
    if criterion.way in WAYS[criterion.kind]:
        return ""
    if criterion.kind == Kind.CLAIM:
        return _("Choose what the claim is to show.")
    return _("Choose how it is meant.")


def _days(criterion: CriterionOutline, _known: Collection[str]) -> str:
    return _number_of_days(criterion.days)


def _holds_days(criterion: CriterionOutline, _known: Collection[str]) -> str:
    return _number_of_days(criterion.holds_days)


def _number_of_days(typed: str) -> str:
    days = whole_number(typed)
    if not typed.strip():
        return _("Say how many days.")
    if days is None or not 1 <= days <= MOST_DAYS:
        said = {"typed": typed[:40], "most": MOST_DAYS}
        return _("“%(typed)s” is not a number of days from 1 to %(most)d.") % said
    return ""


def _answers(criterion: CriterionOutline, _known: Collection[str]) -> str:
    answers = whole_number(criterion.answers)
    if answers is None or not 1 <= answers <= MOST_ANSWERS:
        return _("Of how many answers is the mean? Write a number from 1 to %(most)d.") % {
            "most": MOST_ANSWERS
        }
    return ""


def _scale_low(criterion: CriterionOutline, _known: Collection[str]) -> str:
    return "" if number(criterion.scale_low) is not None else _("Write the lowest answer there is, like 0.")


def _scale_high(criterion: CriterionOutline, _known: Collection[str]) -> str:
    low, high = number(criterion.scale_low), number(criterion.scale_high)
    if high is None:
        return _("Write the highest answer there is, like 10.")
    return _("The scale ends where it begins, or before.") if low is not None and low >= high else ""


def _urgency(criterion: CriterionOutline, _known: Collection[str]) -> str:
    if len(criterion.urgency) > URGENCY_LENGTH:
        return _("An urgency has at most %(most)d characters.") % {"most": URGENCY_LENGTH}
    return ""


_CHECKS = {
    "metric": _metric,
    "operator": _operator,
    "threshold": _threshold,
    "way": _way,
    "days": _days,
    "holds_days": _holds_days,
    "answers": _answers,
    "scale_low": _scale_low,
    "scale_high": _scale_high,
    "urgency": _urgency,
}
