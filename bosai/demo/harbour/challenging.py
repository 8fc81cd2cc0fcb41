"""What stood in customers' ways: opened after some weeks, met step by step, resolved, given up, or open."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from random import Random

from bosai.demo.harbour.calendar import workday
from bosai.demo.harbour.part import Part
from coaching import challenging
from coaching.models import Challenge, ChallengeKind, ChallengeStep

OFTEN, TWICE = 0.55, 0.35  # how many have one, and how many of those another
RESOLVED = 0.78
FIRST = (18, 70)  # days after they began
LATER = (60, 160)
TAKES = (6, 52)  # days until it is over


@dataclass(frozen=True)
class Tale:
    """How one kind of challenge goes at Harbour's customers."""

    words: str
    """How they put it."""
    resolved: str
    given_up: str


TALES: Mapping[str, Tale] = {
    "data-not-ready": Tale(
        "The export lies in three systems, and none of them agrees.",
        "One number from one system to begin with; the rest came by itself.",
        "The old system goes in autumn. Until then nobody cleans it.",
    ),
    "low-adoption": Tale(
        "Two people look at it, and they would have known anyway.",
        "It opens the Monday round now; whoever leads it reads the first line aloud.",
        "The site closes. What works elsewhere stays there.",
    ),
    "habit-in-some-teams": Tale(
        "Four sites do it without thinking. The others print.",
        "Each weak site was paired with a strong one for an hour.",
        "The new lead has another plan for those sites.",
    ),
    "no-champion": Tale(
        "Everybody is for it, and nobody has it in their week.",
        "The shift lead asked for it herself once she saw her own numbers.",
        "Nobody could be freed for it this year.",
    ),
    "stakeholder-change": Tale(
        "I have only just taken this over. What was it for?",
        "The successor has put the outcome in her own words, and confirmed it.",
        "The successor brings a tool of his own.",
    ),
    "no-time": Tale(
        "We would, if there were a quiet week.",
        "Half an hour on Thursdays, and it has held for a month.",
        "It rests until the stocktaking is over.",
    ),
    "technical-block": Tale(
        "It waits for a firewall rule since February.",
        "Their technician and ours settled it in twenty minutes.",
        "The group’s IT allows nothing from outside this year.",
    ),
    "unclear-goal": Tale(
        "Less of everything, really.",
        "Three sentences side by side; they chose the shortest.",
        "They would rather have the reports first.",
    ),
}
KESTREL, HABIT = "kestrel-freight", "habit-in-some-teams"
SINCE = 13  # days that Kestrel's has been open: its third step was due yesterday
PRINTS = "Nine depots do it without thinking. Gdynia and Brno still wait for the printout."


def enter(part: Part) -> None:
    """Those of one customer, on the days that chance says; Kestrel's own story is told to the day."""
    calendar = part.stage.calendar
    if part.row.key == KESTREL:
        part.stage.at(calendar.ago(SINCE, 11, 10), partial(_kestrel, part))
        return
    dice = part.row.dice("challenges")
    if dice.random() >= OFTEN:
        return
    keys = dice.sample(list(TALES), k=2)
    day = calendar.day(part.row.started) + timedelta(days=dice.randint(*FIRST))
    part.stage.at(calendar.at(workday(day), 11, 40), partial(_open, part, keys[0], dice))
    if dice.random() < TWICE:
        day += timedelta(days=dice.randint(*LATER))
        part.stage.at(calendar.at(workday(day), 14, 40), partial(_open, part, keys[1], dice))


def _open(part: Part, key: str, dice: Random, now: datetime) -> None:
    if part.is_gone(now):
        return
    words = TALES[key].words if dice.random() < 0.7 else ""
    challenge = _opened(part, key, words, now)
    over = now + timedelta(days=dice.randint(*TAKES))
    for step in challenge.steps.order_by("position"):
        at = now + timedelta(days=(step.due_on - now.date()).days + dice.randint(0, 3) if step.due_on else 7)
        if at < over:
            part.stage.at(at, partial(_tick, part, step))
    part.stage.at(over, partial(_close, part, challenge, TALES[key], dice.random() < RESOLVED))


def _opened(part: Part, key: str, words: str, now: datetime) -> Challenge:
    kind = ChallengeKind.objects.get(key=key)
    return challenging.open_challenge(
        customer=part.customer, kind=kind, words=words, by=part.owner, owner=part.owner, now=now
    )


def _tick(part: Part, step: ChallengeStep, now: datetime) -> None:
    if not part.is_gone(now):
        challenging.tick(step=step, by=part.owner, now=now)


def _close(part: Part, challenge: Challenge, tale: Tale, is_resolved: bool, now: datetime) -> None:
    if part.is_gone(now):
        return
    verb, why = (challenging.resolve, tale.resolved) if is_resolved else (challenging.give_up, tale.given_up)
    verb(challenge=challenge, why=why, by=part.owner, now=now)


def _kestrel(part: Part, now: datetime) -> None:
    challenge = _opened(part, HABIT, PRINTS, now)
    first, second = challenge.steps.order_by("position")[:2]
    for step, days in ((first, 2), (second, 6)):
        part.stage.at(now + timedelta(days=days), partial(_tick, part, step))
