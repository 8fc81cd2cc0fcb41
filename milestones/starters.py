"""The journeys that ship: complete ones to begin with, in the order they are offered."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from milestones import journey_files
from milestones.outlines import Outline

FOLDER = Path(__file__).parent / "journeys"
TRADES = {
    "saas": _("Software as a service"),
    "services": _("Professional services"),
    "agency": _("An agency"),
    "training": _("A training course"),
    "hardware": _("Machines with service"),
}


@dataclass(frozen=True, slots=True)
class Starter:
    """A journey that ships. `slug` is the name of its file, `trade` whom it is for."""

    slug: str
    trade: str | Promise
    outline: Outline


@cache
def starters() -> dict[str, Starter]:
    return {slug: Starter(slug, trade, _read(slug)) for slug, trade in TRADES.items()}


def _read(slug: str) -> Outline:
    text = (FOLDER / f"{slug}.json").read_bytes()
    return journey_files.read(journey_files.parse(text), known_metrics=()).outline
