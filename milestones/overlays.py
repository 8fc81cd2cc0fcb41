"""Pure: a variant follows its base. A three-way merge of outlines, milestone by milestone and field by field.

`was` is the version of the base that the variant was made from, `base` a newer one, `own` the variant. What
the variant says as `was` does follows `base`; what it says otherwise stays. Where both say something else
than `was`, and not the same, that is a conflict: the variant's own stays until a person takes the base's.
Name and purpose are the variant's own.
"""

import hashlib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any

from milestones.outlines import MilestoneOutline, Outline

# What is taken over as one: half of a pair, or of a list with its join, would say what nobody meant.
_AS_ONE = {"celebrate": ("celebrate", "hold_hours"), "criteria": ("join", "needed", "criteria")}
_OF_EDITOR = {"handle", "key", "typed_in"}
_FIELDS = [one.name for one in fields(MilestoneOutline) if one.name not in _OF_EDITOR]
PARTS: dict[str, tuple[str, ...]] = {
    name: _AS_ONE.get(name, (name,))
    for name in _FIELDS
    if name in _AS_ONE or not any(name in names for names in _AS_ONE.values())
}
"""Whatever a milestone says, each field alone but for these."""
ORDER, THERE = "order", "there"
"""Further parts: of the journey the order of its milestones; of a milestone that it is there."""


@dataclass(frozen=True, slots=True)
class Conflict:
    """Both sides say something else than before, and not the same."""

    key: str
    """The milestone's; empty: the order of all."""
    part: str
    base: Any
    """That side's milestone (none: left out), or keys in order."""
    own: Any

    @property
    def id(self) -> str:
        """Names the conflict with both its sides: another one as soon as either says something else."""
        said = repr((self.key, self.part, _told(self.base, self.part), _told(self.own, self.part)))
        return hashlib.sha256(said.encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class Overlay:
    """What the variant says afterwards, and what a person has to decide or has decided."""

    outline: Outline
    conflicts: tuple[Conflict, ...]


def take_over(was: Outline, base: Outline, own: Outline, *, taking: Collection[str] = ()) -> Overlay:
    """The variant with what the base says anew. `taking`: ids of conflicts in which the base's side wins."""
    merge = _Merge(by_key(was), by_key(base), by_key(own), frozenset(taking))
    milestones = merge.milestones(own)
    known = {one.key for one in own.metrics}
    used = {criterion.metric for one in milestones for criterion in one.criteria}
    brought = (one for one in base.metrics if one.key in used - known)
    outline = replace(own, metrics=(*own.metrics, *brought), milestones=milestones)
    return Overlay(outline, tuple(merge.conflicts))


def woven(first: Iterable[str], second: Iterable[str]) -> list[str]:
    """All of both, in the first's order; what only the second has comes after what precedes it there."""
    found, second = list(first), list(second)
    for place, one in enumerate(second):
        if one in found:
            continue
        before = next((each for each in reversed(second[:place]) if each in found), None)
        found.insert(0 if before is None else found.index(before) + 1, one)
    return found


def same_order(one: Iterable[str], other: Iterable[str]) -> bool:
    """Whether what both have stands in the same order."""
    one, other = list(one), list(other)
    return [each for each in one if each in other] == [each for each in other if each in one]


def says_the_same(one: MilestoneOutline, other: MilestoneOutline) -> bool:
    return all(value_of(one, part) == value_of(other, part) for part in PARTS)


def value_of(milestone: MilestoneOutline, part: str) -> tuple[Any, ...]:
    return tuple(getattr(milestone, name) for name in PARTS[part])


def by_key(outline: Outline) -> dict[str, MilestoneOutline]:
    """Milestones by key, in order. What has no key yet, or one that stands before it, goes by its handle."""
    found: dict[str, MilestoneOutline] = {}
    for one in outline.milestones:
        found[one.key if one.key and one.key not in found else f"#{one.handle}"] = one
    return found


def _told(side: Any, part: str) -> Any:
    if isinstance(side, MilestoneOutline):
        return [value_of(side, each) for each in ([part] if part in PARTS else PARTS)]
    return side


@dataclass
class _Merge:
    was: Mapping[str, MilestoneOutline]
    base: Mapping[str, MilestoneOutline]
    own: Mapping[str, MilestoneOutline]
    taking: frozenset[str]
    conflicts: list[Conflict] = field(default_factory=list)

    def milestones(self, outline: Outline) -> tuple[MilestoneOutline, ...]:
        """In order, each with a handle: the variant's own, else the next that is free."""
        there = {
            key: found
            for key in dict.fromkeys([*self.own, *self.base])
            if (found := self._milestone(self.was.get(key), self.base.get(key), self.own.get(key), key))
        }
        handle = max((one.handle for one in outline.milestones), default=0)
        placed = []
        for key in self._order():
            if key in there and key not in self.own:
                handle += 1
                placed.append(replace(there[key], handle=handle, typed_in=""))
            elif key in there:
                placed.append(there[key])
        return tuple(placed)

    def _milestone(
        self,
        was: MilestoneOutline | None,
        base: MilestoneOutline | None,
        own: MilestoneOutline | None,
        key: str,
    ) -> MilestoneOutline | None:
        if own and base:
            return self._both(was, base, own, key)
        if was is None:
            return own or base
        left = own or base
        if left is None or says_the_same(left, was):
            return None  # one side left it out, the other says nothing else
        return base if self._takes(Conflict(key, THERE, base, own)) else own

    def _both(
        self, was: MilestoneOutline | None, base: MilestoneOutline, own: MilestoneOutline, key: str
    ) -> MilestoneOutline:
        merged = own
        for part, names in PARTS.items():
            then, there, here = was and value_of(was, part), value_of(base, part), value_of(own, part)
            if there in (then, here):
                continue
            if here == then or self._takes(Conflict(key, part, base, own)):
                merged = replace(merged, **dict(zip(names, there, strict=True)))
        return merged if merged == own else replace(merged, typed_in="")

    def _order(self) -> list[str]:
        """The base's order where the variant had the one before, else the variant's."""
        if same_order(self.base, self.was) or same_order(self.base, self.own):
            return woven(self.own, self.base)
        base = tuple(key for key in self.base if key in self.own)
        own = tuple(key for key in self.own if key in self.base)
        if same_order(self.own, self.was) or self._takes(Conflict("", ORDER, base, own)):
            return woven(self.base, self.own)
        return woven(self.own, self.base)

    def _takes(self, conflict: Conflict) -> bool:
        self.conflicts.append(conflict)
        return conflict.id in self.taking
