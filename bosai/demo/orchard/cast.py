"""Two thousand customers out of one seed: who they are, when they came, how fast they go. No database."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

from django.utils.text import slugify

from organisations.models import Role
from organisations.signing_in import CROWD, DemoPerson

FOLDER = Path(__file__).parent
SEED = "orchard"
IN_ALL = 2000
KNOWN_FOR = 900  # days since the first of them came
CSMS = (
    CROWD[0],
    *(DemoPerson(name, Role.CSM, "orchard") for name in ("Nils Aalto", "Wanda Krol", "Dario Conti")),
)
PEOPLE = (*CSMS, *CROWD[1:], DemoPerson("Ruth Salomon", Role.ADMIN, "orchard"))


@dataclass(frozen=True)
class Person:
    name: str
    address: str


@dataclass(frozen=True)
class Grower:
    """One customer. Days are counted back from today."""

    name: str
    segment: str
    owner: DemoPerson
    started: int
    pace: float
    """Days needed for each day planned."""
    stuck: int
    """How many milestones they get to, at most."""
    left: int | None
    people: tuple[Person, ...]
    outcome: str

    @property
    def key(self) -> str:
        return slugify(self.name)

    def dice(self, what: str) -> Random:
        """Chance that is the same in every run, and for each purpose its own."""
        return Random(f"{SEED}:{self.key}:{what}")

    def reached_on(self, targets: list[int], today: date) -> list[date]:
        """The day of each milestone they get to, in order; also days that lie ahead."""
        dice, began_on = self.dice("steps"), today - timedelta(days=self.started)
        days: list[int] = []
        for target in targets[: self.stuck]:
            day = round(target * self.pace * dice.lognormvariate(0, 0.15))
            days.append(max(day, days[-1] + 5 if days else 2))
        return [began_on + timedelta(days=day) for day in days]


@cache
def words() -> dict[str, Any]:
    return json.loads((FOLDER / "words.json").read_text(encoding="utf-8"))


@cache
def _names() -> dict[str, list[str]]:
    return json.loads((FOLDER.parent / "harbour" / "names.json").read_text(encoding="utf-8"))


def growers(count: int) -> Iterator[Grower]:
    """The first so many of them, spread over segments and CSMs."""
    trades = [(segment, trade) for segment, them in words()["trades"].items() for trade in them]
    houses = words()["houses"]
    for n in range(min(count, IN_ALL)):
        house = houses[n % len(houses)]
        segment, trade = trades[(n // len(houses) + n * 9) % len(trades)]
        yield _grower(f"{house} {trade}", segment, CSMS[n % len(CSMS)])


def _grower(name: str, segment: str, owner: DemoPerson) -> Grower:
    dice = Random(f"{SEED}:{name}")
    started = dice.randint(3, KNOWN_FOR)
    return Grower(
        name=name,
        segment=segment,
        owner=owner,
        started=started,
        pace=dice.lognormvariate(-0.15, 0.3),
        stuck=dice.choices((0, 1, 2, 3, 4, 5), weights=(1, 4, 7, 10, 14, 64))[0],
        left=dice.randint(1, 40) if started > 120 and dice.random() < 0.015 else None,
        people=tuple(_people(slugify(name), dice)),
        outcome=dice.choice(words()["outcomes"]) if dice.random() < 0.9 else "",
    )


def _people(key: str, dice: Random) -> Iterator[Person]:
    names = _names()
    lasts = dice.sample(names["last"], k=1 + (dice.random() < 0.12))
    for last in lasts:
        first = dice.choice(names["first"])
        yield Person(f"{first} {last}", f"{slugify(first)}.{slugify(last)}@{key}.example")
