"""Take the challenges and guides that ship: what an organisation has already stays as it is."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from coaching import challenging, guiding
from coaching.alone import alone_in
from coaching.models import ChallengeKind, Guide
from coaching.starters import starter_guides, starter_kinds
from organisations.models import Organisation, User


@dataclass(frozen=True)
class Taken:
    """How many were not there before."""

    kinds: int
    guides: int


def take(*, organisation: Organisation, by: User, now: datetime) -> Taken:
    """Those that are missing. Taken once, they are the organisation's own: retired ones do not come back."""
    with transaction.atomic():
        alone_in(organisation)
        kinds = _kinds(organisation, by, now)
        guides = _guides(organisation, by, now)
    return Taken(kinds, guides)


def _kinds(organisation: Organisation, by: User, now: datetime) -> int:
    rows = ChallengeKind.objects.values_list("key", "name", "retired_at")
    keys = {key for key, _name, _retired in rows}
    names = {name.casefold() for _key, name, retired in rows if retired is None}
    missing = [
        (key, values)
        for key, values in starter_kinds().items()
        if key not in keys and values["name"].casefold() not in names
    ]
    for key, values in missing:
        challenging.add_kind(organisation=organisation, values=values, key=key, by=by, now=now)
    return len(missing)


def _guides(organisation: Organisation, by: User, now: datetime) -> int:
    """Where there is nothing yet, not even a draft."""
    kinds = {kind.key: kind for kind in ChallengeKind.objects.current()}
    held = set(Guide.objects.values_list("stage", "kind__key"))
    known = {None, *kinds}
    missing = [
        guide
        for guide in starter_guides()
        if (kind := guide["kind"] or None) in known and (guide["stage"], kind) not in held
    ]
    for guide in missing:
        guiding.write(
            organisation=organisation,
            stage=guide["stage"],
            kind=kinds.get(guide["kind"]),
            values=guide,
            by=by,
            now=now,
        )
    return len(missing)
