"""A journey as it is being designed: everything as typed, whole or not, until publishing makes rows of it.

Pure values: an edit is a function from one outline to the next, and nothing here asks the database.
"""

import hashlib
import json
import math
import re
from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

from django.utils.text import slugify

from milestones.models import Milestone
from milestones.models.wording import Said, number_words

KEY_LENGTH = 60
NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,3})?", re.ASCII)
WHOLE = re.compile(r"\d{1,9}", re.ASCII)


@dataclass(frozen=True, slots=True)
class MetricOutline:
    """A metric the journey measures by; made when the journey is published, if it is not known by then."""

    key: str
    name: str = ""
    unit: str = ""
    lower_is_better: bool = False


@dataclass(frozen=True, slots=True)
class CriterionOutline:
    """Everything as typed; `wording.FIELDS` says which fields a kind has."""

    kind: str
    metric: str = ""
    """The metric's key."""
    operator: str = ""
    threshold: str = ""
    way: str = ""
    days: str = ""
    holds_days: str = ""
    answers: str = ""
    scale_low: str = ""
    scale_high: str = ""
    urgency: str = ""

    def sentence(self, metrics: Mapping[str, MetricOutline]) -> str:
        """The criterion as a person says it; what is not written yet is an ellipsis."""
        metric = metrics.get(self.metric)
        shown = {name: _as_shown(getattr(self, name)) for name in ("threshold", "scale_low", "scale_high")}
        return Said(
            kind=self.kind,
            metric=metric.name if metric else self.metric,
            unit=metric.unit if metric else "",
            operator=self.operator,
            way=self.way,
            days=self.days,
            holds_days=self.holds_days,
            answers=self.answers,
            urgency=self.urgency,
            **shown,
        ).sentence()


@dataclass(frozen=True, slots=True)
class MilestoneOutline:
    handle: int = 0
    """What the editor calls it, since key and position may change. 0: not in the outline yet."""
    key: str = ""
    name: str = ""
    meaning: str = ""
    stage: str = ""
    target_days: str = ""
    """Days from the start, as typed."""
    celebrate: str = Milestone.Celebrate.AUTO.value
    hold_hours: str = "24"
    """As typed."""
    join: str = Milestone.Join.ALL.value
    needed: str = ""
    """How many criteria must hold, as typed, where at least so many must."""
    criteria: tuple[CriterionOutline, ...] = ()
    coaching: str = ""
    """For the CSM: what to ask in a call around this milestone, in Markdown."""
    typed_in: str = ""
    """The form it was last typed in, so that a form knows its own words from somebody else's."""


@dataclass(frozen=True, slots=True)
class Outline:
    name: str = ""
    purpose: str = ""
    metrics: tuple[MetricOutline, ...] = ()
    milestones: tuple[MilestoneOutline, ...] = ()
    typed_in: str = ""
    """The form that name and purpose were last typed in."""

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_dict(cls, kept: dict[str, Any]) -> "Outline":
        return cls(
            name=kept["name"],
            purpose=kept["purpose"],
            metrics=tuple(MetricOutline(**metric) for metric in kept["metrics"]),
            milestones=tuple(
                MilestoneOutline(
                    **milestone
                    | {"criteria": tuple(CriterionOutline(**one) for one in milestone["criteria"])}
                )
                for milestone in kept["milestones"]
            ),
            typed_in=kept["typed_in"],
        )

    def milestone(self, handle: int) -> MilestoneOutline | None:
        return next((one for one in self.milestones if one.handle == handle), None)

    def saying(self, milestone: MilestoneOutline) -> "Outline":
        """With this milestone in the place of the one with its handle, or at the end."""
        if self.milestone(milestone.handle) is None:
            handle = max((one.handle for one in self.milestones), default=0) + 1
            return replace(self, milestones=(*self.milestones, replace(milestone, handle=handle)))
        return replace(
            self,
            milestones=tuple(milestone if one.handle == milestone.handle else one for one in self.milestones),
        )

    def without(self, handle: int) -> "Outline":
        return replace(self, milestones=tuple(one for one in self.milestones if one.handle != handle))

    def moving(self, handle: int, steps: int) -> "Outline":
        """With one milestone so many places later (negative: earlier), as far as there are places."""
        milestone = self.milestone(handle)
        if milestone is None:
            return self
        others = [one for one in self.milestones if one.handle != handle]
        place = self.milestones.index(milestone) + steps
        others.insert(min(max(place, 0), len(others)), milestone)
        return replace(self, milestones=tuple(others))

    def measuring(self, metric: MetricOutline) -> "Outline":
        """With one more metric to measure by."""
        return replace(self, metrics=(*(one for one in self.metrics if one.key != metric.key), metric))

    def with_keys(self) -> "Outline":
        """Every named milestone has a key: its own, else one made of its name."""
        done = self
        for one in self.milestones:
            if one.name and not one.key:
                taken = {other.key for other in done.milestones}
                done = done.saying(replace(one, key=free_slug(one.name, taken, otherwise="milestone")))
        return done

    def means(self, other: "Outline") -> bool:
        """Whether both say the same, whatever the editor calls their parts."""
        return self._meaning() == other._meaning()

    def _meaning(self) -> tuple[Any, ...]:
        milestones = tuple(replace(one, handle=0, typed_in="") for one in self.milestones)
        return self.name, self.purpose, frozenset(self.metrics), milestones

    def fingerprint(self, handle: int) -> str:
        """What a form was drawn from: changes with that milestone, or (0) with name and purpose."""
        one = self.milestone(handle)
        part = asdict(replace(one, typed_in="")) if one else {"name": self.name, "purpose": self.purpose}
        return hashlib.sha256(json.dumps(part).encode()).hexdigest()[:16]


def free_slug(name: str, taken: Collection[str], *, otherwise: str) -> str:
    """A slug of the name that nobody has yet."""
    stem = slugify(name)[:KEY_LENGTH].strip("-_") or otherwise
    slug, number = stem, 1
    while slug in taken:
        number += 1
        slug = f"{stem[: KEY_LENGTH - len(str(number)) - 1]}-{number}"
    return slug


def plain(value: float | None) -> str:
    """A number as it is typed, read back without loss; nothing for none."""
    if value is None:
        return ""
    whole = float(value)
    return str(int(whole)) if whole.is_integer() and abs(whole) < 1e15 else repr(whole)


def number(typed: str) -> float | None:
    """The number that was typed; none when it is not one."""
    if not NUMBER.fullmatch(typed.strip()):
        return None
    value = float(typed)
    return value if math.isfinite(value) else None


def _as_shown(typed: str) -> str:
    value = number(typed)
    return typed if value is None else number_words(value)


def whole_number(typed: str) -> int | None:
    """The whole number that was typed, zero or more; none when it is not one."""
    return int(typed) if WHOLE.fullmatch(typed.strip()) else None
