"""The customers as the file tells them: who they are, when they came, how fast they go."""

import csv
import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from random import Random

from django.utils.text import slugify

FOLDER = Path(__file__).parent
SEED = "harbour"


@dataclass(frozen=True)
class Trade:
    """What a segment's customers want less of."""

    key: str
    metric: str
    thing: str
    unit: str = "%"


TRADES = {
    "Freight": Trade("empty-kilometres", "Empty kilometres, share of all", "empty kilometres"),
    "Retail": Trade("shelf-gaps", "Gaps on the shelf, share of lines", "gaps on the shelf"),
    "Food": Trade("waste", "Waste, share of what is made", "waste"),
    "Health": Trade("missed-appointments", "Appointments that lapse, share of all", "lapsed appointments"),
    "Water and energy": Trade("losses", "Lost on the way, share of supply", "loss on the way"),
    "Education": Trade("days-to-close", "Days to close the month", "days to close", " days"),
}


@dataclass(frozen=True)
class Person:
    name: str
    title: str
    zone: str


@dataclass(frozen=True)
class Row:
    """One customer. Days are counted back from today; milestones from 1."""

    name: str
    about: str
    segment: str
    site: str
    sites: int
    owner: str
    started: int
    pace: float
    """Days needed for each day planned."""
    stuck: int | None
    """The milestone they do not get past."""
    left: int | None
    why: str
    second: int | None
    """When they set out on the second journey."""
    baseline: float | None
    goal: float | None
    people: tuple[Person, ...]
    outcome: str

    @property
    def key(self) -> str:
        return slugify(self.name)

    @property
    def trade(self) -> Trade:
        return TRADES[self.segment]

    @property
    def sponsor(self) -> Person:
        return next(person for person in self.people if "sponsor" in person.title)

    def dice(self, what: str) -> Random:
        """Chance that is the same in every run, and for each purpose its own."""
        return Random(f"{SEED}:{self.key}:{what}")


@cache
def rows() -> tuple[Row, ...]:
    """All of them, in the file's order."""
    with (FOLDER / "customers.csv").open(newline="", encoding="utf-8") as file:
        return tuple(_row(cells) for cells in csv.DictReader(file))


def _row(cells: dict[str, str]) -> Row:
    baseline, _, goal = cells["measure"].partition(">")
    people = [Person(*each.strip().split("|")) for each in cells["people"].split(";") if each.strip()]
    return Row(
        name=cells["name"],
        about=cells["about"],
        segment=cells["segment"],
        site=cells["site"],
        sites=int(cells["sites"]),
        owner=cells["owner"],
        started=int(cells["started"]),
        pace=float(cells["pace"]),
        stuck=_number(cells["stuck"]),
        left=_number(cells["left"]),
        why=cells["why"],
        second=_number(cells["second"]),
        baseline=float(baseline) if baseline else None,
        goal=float(goal) if goal else None,
        people=tuple(people) or _invented(cells["name"]),
        outcome=cells["outcome"],
    )


def _number(cell: str) -> int | None:
    return int(cell) if cell else None


ZONES = ("Europe/Amsterdam", "Europe/London", "Europe/Berlin", "Europe/Stockholm")
FIRST_TITLES = ("Operations, champion", "Planning, champion", "Controlling, champion")
SECOND_TITLES = ("Managing director, sponsor", "Finance, sponsor", "COO, sponsor")
THIRD_TITLES = ("Data owner", "Reporting", "Regional manager", "IT")


def _invented(customer: str) -> tuple[Person, ...]:
    dice = Random(f"{SEED}:{customer}:people")
    titles = [dice.choice(FIRST_TITLES), dice.choice(SECOND_TITLES)]
    titles += dice.sample(THIRD_TITLES, k=dice.choice((0, 1, 1, 2)))
    names = json.loads((FOLDER / "names.json").read_text(encoding="utf-8"))
    firsts, lasts = dice.sample(names["first"], k=len(titles)), dice.sample(names["last"], k=len(titles))
    zone = dice.choice(ZONES)
    return tuple(
        Person(f"{first} {last}", title, zone)
        for first, last, title in zip(firsts, lasts, titles, strict=True)
    )
