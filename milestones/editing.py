"""One step in the journey editor, as a change of the outline.

A form edits one part: a milestone, or (handle 0) the journey's name and purpose. Whatever it asks for, what
was typed is kept first. It never overwrites what another form wrote in the meantime.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from milestones.models import Criterion
from milestones.outlines import (
    CriterionOutline,
    MetricOutline,
    MilestoneOutline,
    Outline,
    free_slug,
)
from ui.addresses import whole_number

MOST_MILESTONES, MOST_CRITERIA = 12, 10
# What a new criterion of a kind says to begin with: usual values, to be changed.
BEGINNINGS = {
    "metric": {"operator": "gte"},
    "change": {"way": "rises_by_percent"},
    "sustained": {"operator": "gte", "days": "30", "holds_days": "10"},
    "window": {"way": "count", "days": "30"},
    "survey": {"operator": "gte", "answers": "5", "scale_low": "0", "scale_high": "10"},
    "support": {"days": "30"},
}


class Overtaken(Exception):
    """The part was changed, or taken out, after the form was opened. Nothing was kept of this step."""


@dataclass(frozen=True, slots=True)
class Edit:
    """What a form of the editor says and asks for. Called with an outline, it gives the next."""

    handle: int
    typed: Mapping[str, Any] = field(default_factory=dict)
    """The fields of the part that the form has."""
    basis: str = ""
    """The fingerprint of what the form was drawn from; empty: it stands alone."""
    form: str = ""
    does: str = "save"
    metric: MetricOutline | None = None

    def __call__(self, outline: Outline) -> Outline:
        kept = self._keeping_what_was_typed(outline)
        if self.does.startswith("remove-criterion-"):
            return self._without_criterion(kept, self.does.removeprefix("remove-criterion-"))
        kind = self.does.removeprefix("add-")
        if kind in Criterion.Kind.values and kind != self.does:
            return self._with_criterion(kept, CriterionOutline(kind, **BEGINNINGS.get(kind, {})))
        match self.does:
            case "add-milestone":
                return self._with_milestone(kept)
            case "remove-milestone":
                return kept.without(self.handle)
            case "earlier":
                return kept.moving(self.handle, -1)
            case "later":
                return kept.moving(self.handle, 1)
            case "measure":
                return self._measuring(kept)
        return kept

    @property
    def sets_aside(self) -> tuple[int, str] | None:
        """Which advice the author keeps their wording against: of which milestone, and its code."""
        if not self.does.startswith("set-aside-"):
            return None
        handle, _, code = self.does.removeprefix("set-aside-").partition("-")
        return whole_number(handle), code

    def part_of(self, outline: Outline) -> Outline | MilestoneOutline:
        """The part as this form says it."""
        if not self.handle:
            return replace(outline, **self.typed)
        return replace(outline.milestone(self.handle) or MilestoneOutline(handle=self.handle), **self.typed)

    def opens(self, outline: Outline) -> int:
        """The part to show next, in the outline that came of this step."""
        handles = [0, *(one.handle for one in outline.milestones)]
        if self.does.startswith("open-") and (wanted := whole_number(self.does[5:])) in handles:
            return wanted
        if self.does == "remove-milestone":
            return handles[1] if len(handles) > 1 else 0
        is_last = self.does == "add-milestone" or self.handle not in handles
        return handles[-1] if is_last else self.handle

    def _keeping_what_was_typed(self, outline: Outline) -> Outline:
        before = outline.milestone(self.handle) if self.handle else outline
        if before is None and self.basis:
            raise Overtaken
        after = self.part_of(outline)
        if after == before:
            return outline
        is_ours = not self.basis or self.basis == outline.fingerprint(self.handle)
        if before is not None and not is_ours and before.typed_in != self.form:
            raise Overtaken
        after = replace(after, typed_in=self.form)
        return outline.saying(after) if isinstance(after, MilestoneOutline) else after

    def _with_milestone(self, outline: Outline) -> Outline:
        if len(outline.milestones) >= MOST_MILESTONES:
            return outline
        last = outline.milestones[-1:]
        return outline.saying(MilestoneOutline(stage=last[0].stage if last else "onboarding"))

    def _with_criterion(self, outline: Outline, criterion: CriterionOutline) -> Outline:
        milestone = outline.milestone(self.handle)
        if milestone is None or len(milestone.criteria) >= MOST_CRITERIA:
            return outline
        return outline.saying(replace(milestone, criteria=(*milestone.criteria, criterion)))

    def _without_criterion(self, outline: Outline, place: str) -> Outline:
        milestone = outline.milestone(self.handle)
        if milestone is None:
            return outline
        left = tuple(one for at, one in enumerate(milestone.criteria, start=1) if at != whole_number(place))
        return outline.saying(replace(milestone, criteria=left))

    def _measuring(self, outline: Outline) -> Outline:
        """With a criterion on a metric that is new to the journey."""
        if self.metric is None or not self.metric.name:
            return outline
        taken = {one.key: one for one in outline.metrics}
        same = next((one for one in outline.metrics if one.name == self.metric.name), None)
        metric = same or replace(
            self.metric, key=self.metric.key or free_slug(self.metric.name, taken, otherwise="metric")
        )
        criterion = CriterionOutline(
            Criterion.Kind.METRIC.value, metric.key, "lte" if metric.lower_is_better else "gte"
        )
        return self._with_criterion(outline.measuring(metric), criterion)
