"""The journeys that ship: complete ones to begin with, in the order they are offered."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from milestones import journey_files
from milestones.message_files import MessageSaid
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
    messages: tuple[MessageSaid, ...] = ()


@cache
def starters() -> dict[str, Starter]:
    return {slug: _read(slug, trade) for slug, trade in TRADES.items()}


def _read(slug: str, trade: str | Promise) -> Starter:
    text = (FOLDER / f"{slug}.json").read_bytes()
    file = journey_files.read(journey_files.parse(text), known_metrics=())
    return Starter(slug, trade, file.outline, file.messages)
