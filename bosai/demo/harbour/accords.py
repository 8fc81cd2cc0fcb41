"""What Harbour's customers were promised, who carries it there, and what somebody picked after a win.

Told after the play: sellers promised before anybody set out, and each promise went its way since.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from bosai.demo.harbour.part import Part
from bosai.demo.harbour.stage import Stage
from coaching import picking
from customers import noticing, promising
from customers.models import ChampionChange, Contact, Promise
from milestones.models import Achievement, NextStep

FINN, LOTTE = "Finn Castor", "Lotte Brandsma"
WEEKS, LIST, IT = "Live in six weeks", "One list every morning", "No work for your IT"


@dataclass(frozen=True)
class Said:
    """One promise: who said it, by which message, what became of it. Days count from the start."""

    seller: str
    message: str
    words: str
    ends: str
    due: int = 90
    settled: int | None = None
    """Days after the day it was due; before it below zero."""
    why: str = ""


SAID: Mapping[str, tuple[Said, ...]] = {
    "kestrel-freight": (
        Said(FINN, LIST, "Every depot opens the day with one list.", "kept", settled=-8),
        Said(FINN, WEEKS, "Two depots live within six weeks.", "kept", due=42, settled=5),
        Said(LOTTE, IT, "Your IT has nothing to do but open one port.", "outcome", due=240),
    ),
    "lumen-dental": (
        Said(LOTTE, WEEKS, "All nine practices live in six weeks.", "renegotiated", due=240),
        Said(LOTTE, LIST, "The recall list is there before the first patient.", "kept", settled=-20),
    ),
    "saltmarsh-water": (
        Said(FINN, LIST, "Crews see the leak that costs most, every morning.", "kept", settled=-3),
        Said(
            FINN, IT, "No work for your IT at all.", "not_kept", settled=2, why="The meters needed a gateway."
        ),
    ),
    "meridian-schools": (Said(LOTTE, WEEKS, "The month closes by day five.", "kept", settled=-12),),
    "ostra-bakeries": (
        Said(FINN, WEEKS, "Airport shops live before summer.", "not_kept", settled=30, why="No line there."),
    ),
    "alder-finch": (
        Said(
            LOTTE,
            IT,
            "Returns read straight from the till.",
            "declined",
            why="The till maker allows no one in.",
        ),
    ),
    "tidewell-hospitals": (Said(FINN, WEEKS, "Six wards live before the winter.", "passed", due=60),),
    "juniper-outdoor": (Said(LOTTE, LIST, "Stock-outs are visible the same day.", "undecided", due=60),),
    "pomelo-foods": (Said(LOTTE, LIST, "Waste of yesterday by seven in the morning.", "kept", settled=-1),),
    "fenland-dairy": (Said(LOTTE, LIST, "One list for all four dairies.", "kept", settled=-30),),
    "corvid-couriers": (Said(LOTTE, WEEKS, "First route live within six weeks.", "kept", due=42, settled=9),),
}
PARTS = (("champion", Contact.Role.CHAMPION), ("sponsor", Contact.Role.SPONSOR))
USERS = ("Data owner", "Reporting", "Regional manager")
SLIPPING, SCEPTIC, PICKS = "larkspur-pharmacies", "tidewell-hospitals", "meridian-schools"


def enter(stage: Stage, parts: Mapping[str, Part]) -> None:
    """All of it, for the customers who are on the stage."""
    _give_roles(parts)
    for key, said in SAID.items():
        if key in parts:
            for one in said:
                _promise(stage, parts[key], one)
    _slip(stage, parts.get(SLIPPING))
    _pick(stage, parts.get(PICKS))


def _give_roles(parts: Mapping[str, Part]) -> None:
    for word, role in PARTS:
        Contact.objects.filter(title__icontains=word).update(role=role)
    Contact.objects.filter(title__in=USERS).update(role=Contact.Role.USER)
    if SCEPTIC in parts:
        doubts = Contact.objects.filter(customer=parts[SCEPTIC].customer).exclude(
            role__in=["champion", "sponsor"]
        )
        doubts.update(role=Contact.Role.SCEPTIC)


def _promise(stage: Stage, part: Part, said: Said) -> None:
    calendar, began = stage.calendar, _began(stage, part)
    due, by = began + timedelta(days=said.due), part.owner
    values = {"words": said.words, "seller": said.seller, "message": said.message, "due_on": due}
    values |= {"said_in": "Proposal", "promised_on": began - timedelta(days=20)}
    known = calendar.at(began - timedelta(days=9 if said.ends == "undecided" else 2), 10)
    promise = promising.write_down(customer=part.customer, values=values, by=by, now=known)
    decided = calendar.at(began + timedelta(days=4), 11)
    given: dict[str, Any] = {"promise": promise, "by": by, "now": min(decided, calendar.now)}
    if said.ends == "undecided":
        return
    if said.ends == "declined":
        promising.decline(why=said.why, **given)
        return
    if said.ends == "outcome":
        promising.into_outcome(words="Nobody in our IT is asked for anything.", **given)
        return
    agreed: dict[str, Any] = {"words": f"{said.words[:-1]}, as agreed at the kick-off.", "due_on": due}
    promising.renegotiate(contact=part.champion, **agreed, **given)
    if said.settled is not None:
        _settle(stage, promise, said, due + timedelta(days=said.settled), part)


def _settle(stage: Stage, promise: Promise, said: Said, on: date, part: Part) -> None:
    at = min(stage.calendar.at(on, 16), stage.calendar.now)
    promising.settle(
        promise=promise, is_kept=said.ends == "kept", on=at.date(), why=said.why, by=part.owner, now=at
    )


def _began(stage: Stage, part: Part) -> date:
    return stage.calendar.day(part.row.started)


def _slip(stage: Stage, part: Part | None) -> None:
    """Somebody saw that a champion may go."""
    if part is None:
        return
    noticing.notice(
        contact=part.champion,
        sign=ChampionChange.Sign.SEEN,
        words="Her post is advertised, from the first of next month.",
        by=part.owner,
        now=stage.calendar.ago(1, 11, 5),
    )


def _pick(stage: Stage, part: Part | None) -> None:
    """The newest win there, and what somebody took up after it."""
    if part is None:
        return
    newest = Achievement.objects.standing().filter(enrolment__customer=part.customer).order_by("-achieved_at")
    if achievement := newest.first():
        now = stage.calendar.now - timedelta(hours=1)
        due = now.date() + timedelta(days=14)
        picking.pick(
            achievement=achievement, contact=part.champion, kind=NextStep.Kind.TEACH, due_on=due, now=now
        )
