"""Two organisations side by side: Harbour, lived in, and a rival whose every word gives it away."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from typing import Any

from django.db import connection, models
from django.test import Client
from django.utils import timezone

from milestones.models import Claim
from organisations import tenancy
from organisations.models import Membership, Organisation, Role, User
from tests.hostile.corpus import payloads
from tests.house.lived_in import LIVED_IN, World, world
from tests.walls.api import machines, more_ids
from tests.walls.copying import Copying, slugs

CANARY = "zqxcanry"
OFFSET, NOBODYS = 70_000_000, 10_000_000  # added to Harbour's ids: the rival's, and nobody's at all
GIVEN_AWAY = re.compile(rb"zqxcanry|\b7000\d{4}\b", re.IGNORECASE)
RIVAL, NOWHERE = "zqxcanry-rival", "zqxnobody-rival"
PEOPLE = {"ada": Role.ADMIN, "theo": Role.MANAGER, "mara": Role.CSM, "rio": Role.READONLY}
BOTH = "both"


@dataclass(frozen=True)
class Two:
    """What addresses of each are made of. `nobodys` looks like the rival's and exists nowhere."""

    own: World
    theirs: World
    nobodys: World
    clients: dict[str, Client]
    """Signed in: Harbour's people by name, "" for a stranger, "both" for an admin of both, "rival …"."""

    tokens: dict[str, str]
    """Of Harbour's machines, by the name of whom they act for or of what they may."""


@contextmanager
def two_organisations(turn: int = 0) -> Iterator[Two]:
    """`turn` chooses which of the hostile texts stand where."""
    with world() as own:
        harbour = Organisation.objects.get(slug=LIVED_IN)
        both = User.objects.create_user(
            "both@harbour.example", name="Both Sides", password="as-anybody-has", is_demo=True
        )
        _join(both, harbour)
        with tenancy.within(harbour):
            tokens, own = machines(harbour), more_ids(harbour, own)
            Claim.objects.filter(pk=own["claim"]).update(evidence_link="https://kestrel.example/report")
        copying = Copying(harbour, slug=RIVAL, offset=OFFSET, prefix=f"{CANARY}-", say=Saying(turn))
        copy = copying.run()
        _join(both, copy)
        nobodys = World(
            {name: pk + NOBODYS for name, pk in own.ids.items()},
            slugs(harbour, "zqxnobody-") | dict.fromkeys(own.tokens, f"{copy.pk}-{'A' * 43}"),
        )
        theirs = copying.world(own)
        yield Two(own, theirs, nobodys, _clients(), tokens)


class Saying:
    """Hostile texts in turn, as many as a column takes, and the canary behind them."""

    def __init__(self, turn: int) -> None:
        known = [text for text in payloads() if connection.vendor == "sqlite" or "\0" not in text]
        self.known, self.place = known, count(turn * 37)

    def __call__(self, field: models.Field, pk: int, text: str) -> str:
        end = f" {CANARY}{pk}"[: field.max_length]
        if isinstance(field, models.EmailField):
            return f"{CANARY}.{text}"
        if (
            field.name == "html"
        ):  # a mail as it was made: no words of anybody's, tests/walls/test_mails.py makes some
            return f"<p>{CANARY}{pk}</p>"
        room = min(field.max_length or 3000, 3000) - len(end)
        said = self._next()
        while not isinstance(field, models.URLField) and room > len(said) + 60:
            said += f" {self._next()}"
        return said[: max(room, 0)] + end

    def _next(self) -> str:
        return self.known[next(self.place) % len(self.known)]


def _join(user: User, organisation: Organisation) -> None:
    Membership.objects.create(organisation=organisation, user=user, role=Role.ADMIN, joined_at=timezone.now())


def _clients() -> dict[str, Client]:
    own = {who: _signed_in(f"{who}@harbour.example") for who in (*PEOPLE, BOTH)}
    rivals = {f"rival {who}": _signed_in(f"{CANARY}.{who}@harbour.example") for who in PEOPLE}
    return {"": Client(raise_request_exception=True)} | own | rivals


def _signed_in(email: str) -> Any:
    client = Client()
    client.force_login(User.objects.get(email=email))
    return client
