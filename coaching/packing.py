"""Pure: which calls go into which days, so that what they are worth together is most. Asks no database.

A knapsack with several sacks, the minutes of each day. First a good answer by worth per minute, improved by
exchanges; then branch and bound: no branch is followed whose bound (the minutes of all days poured together,
Dantzig 1957, Operations Research 5: 266–277) is no better than what is known. After `MOST` steps it stops
with the best so far, and says how much more could be possible at most. Martello and Toth (1990), Knapsack
Problems, chapter 6.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

MOST = 6_000  # steps of the search; a week of forty calls takes a quarter of a second
SEARCHED = 150  # calls; of more the quick answer is kept, as near to the bound as it comes


@dataclass(frozen=True, slots=True)
class Item:
    """Something that takes minutes and is worth something. Both more than nothing."""

    key: int
    minutes: int
    worth: int


@dataclass(frozen=True)
class Packing:
    """Which item goes into which sack, by its key; what is not named is left out."""

    place_of: dict[int, int]
    worth: int
    bound: int
    """No way of packing is worth more than this."""

    @property
    def is_best(self) -> bool:
        return self.worth == self.bound


def pack(items: Sequence[Item], rooms: Sequence[int], *, most: int = MOST) -> Packing:
    """The most that `rooms`, the minutes of each sack, can hold."""
    largest = max(rooms, default=0)
    ordered = sorted(
        (item for item in items if item.minutes <= largest and item.worth > 0),
        key=lambda item: (-item.worth / item.minutes, -item.worth, item.key),
    )
    search = _Search(ordered, [max(0, room) for room in rooms], most)
    bound = search.bound(0, sum(search.rooms))
    search.begin()
    is_searched = search.best < bound and len(ordered) <= SEARCHED
    if is_searched:
        search.branch(0, 0)
    is_proven = search.best == bound or (is_searched and search.steps < most)
    worth = search.best
    return Packing(dict(search.answer), worth, worth if is_proven else bound)


@dataclass
class _Search:
    """`items` by worth per minute, the best first. `rooms` is what is left at the branch one stands on."""

    items: list[Item]
    rooms: list[int]
    most: int
    steps: int = 0
    best: int = 0
    answer: dict[int, int] = field(default_factory=dict)
    chosen: dict[int, int] = field(default_factory=dict)

    def bound(self, begin: int, minutes: int) -> int:
        """What the items from here on are worth at most in so many minutes: one of them may be cut."""
        total, largest = 0, max(self.rooms, default=0)
        for item in self.items[begin:]:
            if item.minutes > largest:
                continue
            if item.minutes > minutes:
                return total + item.worth * minutes // item.minutes
            total, minutes = total + item.worth, minutes - item.minutes
        return total

    def begin(self) -> None:
        """The best of a few quick answers, so that most branches need not be followed."""
        by_worth = sorted(self.items, key=lambda item: (-item.worth, item.minutes, item.key))
        by_size = sorted(self.items, key=lambda item: (-item.minutes, -item.worth, item.key))
        for order in (self.items, by_worth):
            self._take(_filled(order, self.rooms))
        chosen = [item for item in by_size if item.key in self.answer]
        rest = [item for item in self.items if item.key not in self.answer]
        self._take(_filled([*chosen, *rest], self.rooms))
        self._take(_exchanged(self.items, self.answer, self.rooms))

    def _take(self, answer: dict[int, int]) -> None:
        worth = sum(item.worth for item in self.items if item.key in answer)
        if worth > self.best:
            self.best, self.answer = worth, dict(answer)

    def branch(self, place: int, worth: int) -> None:
        """Into each day it fits, days with the same minutes left once; then without it."""
        if worth > self.best:
            self.best, self.answer = worth, dict(self.chosen)
        if place == len(self.items) or self.steps >= self.most:
            return
        self.steps += 1
        if worth + self.bound(place, sum(self.rooms)) <= self.best:
            return
        item, tried = self.items[place], set()
        for sack in sorted(range(len(self.rooms)), key=lambda one: self.rooms[one]):
            left = self.rooms[sack]
            if left < item.minutes or left in tried:
                continue
            tried.add(left)
            self.rooms[sack] -= item.minutes
            self.chosen[item.key] = sack
            self.branch(place + 1, worth + item.worth)
            del self.chosen[item.key]
            self.rooms[sack] += item.minutes
        self.branch(self._next_size(place), worth)

    def _next_size(self, place: int) -> int:
        """Who leaves this one out leaves out all that follow of the same length: they are worth no more."""
        following = place + 1
        while following < len(self.items) and self.items[following].minutes == self.items[place].minutes:
            following += 1
        return following


def _filled(order: Sequence[Item], rooms: Sequence[int]) -> dict[int, int]:
    """One after the other into the sack in which least is left over."""
    left, answer = list(rooms), {}
    for item in order:
        fitting = [sack for sack, room in enumerate(left) if room >= item.minutes]
        if fitting:
            sack = min(fitting, key=lambda one: left[one])
            left[sack] -= item.minutes
            answer[item.key] = sack
    return answer


def _exchanged(items: Sequence[Item], answer: dict[int, int], rooms: Sequence[int]) -> dict[int, int]:
    """Each that is out takes the place of one that is worth less, as long as any can."""
    by_key = {item.key: item for item in items}
    answer, left = dict(answer), list(rooms)
    for key, sack in answer.items():
        left[sack] -= by_key[key].minutes
    while True:
        swap = next(_swaps(items, by_key, answer, left), None)
        if swap is None:
            return answer
        new, old = swap
        sack = answer.pop(old.key)
        answer[new.key] = sack
        left[sack] += old.minutes - new.minutes


def _swaps(
    items: Sequence[Item], by_key: dict[int, Item], answer: dict[int, int], left: Sequence[int]
) -> Iterator[tuple[Item, Item]]:
    for new in items:
        if new.key in answer:
            continue
        for key, sack in answer.items():
            old = by_key[key]
            if old.worth < new.worth and left[sack] + old.minutes >= new.minutes:
                yield new, old
