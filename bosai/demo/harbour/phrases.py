"""What people say: sentences from the file, about this customer's own things."""

import json
from functools import cache
from math import ceil
from random import Random
from typing import Any

from bosai.demo.harbour.cast import FOLDER, Person, Row
from bosai.demo.harbour.measuring import said


@cache
def _file() -> dict[str, Any]:
    return json.loads((FOLDER / "words.json").read_text(encoding="utf-8"))


class Phrases:
    """One customer's sentences. The same field gives another sentence each time, until all were said."""

    def __init__(self, row: Row) -> None:
        self.row = row
        self.dice: Random = row.dice("phrases")
        self.turns: dict[tuple[str, str], list[Any]] = {}
        self.value: float | None = row.baseline

    def say(self, phase: str, field: str) -> str:
        """The next sentence of this kind, such as ("first-report-trusted", "goal")."""
        return self._filled(self._next(phase, field))

    def promise(self, phase: str, whose: str) -> tuple[str, str]:
        """When what happens, what somebody will do."""
        when, will = self._next(phase, whose)
        return self._filled(when), self._filled(will)

    def _next(self, phase: str, field: str) -> Any:
        turns = self.turns.setdefault((phase, field), [])
        if not turns:
            turns.extend(_file()[phase][field])
            self.dice.shuffle(turns)
        return turns.pop()

    def _filled(self, sentence: str) -> str:
        row = self.row
        return sentence.format(
            site=row.site,
            sites=f"{row.site}s",
            n=row.sites,
            most=ceil(0.9 * row.sites),
            some=max(2, round(0.7 * row.sites)),
            thing=row.trade.thing,
            thing_up=row.trade.thing.capitalize(),
            champion=first_name(row.people[0]),
            sponsor=first_name(row.sponsor),
            baseline=said(row, row.baseline),
            target=said(row, row.goal),
            value=said(row, self.value),
        )


def first_name(person: Person) -> str:
    return person.name.removeprefix("Dr. ").split()[0]
