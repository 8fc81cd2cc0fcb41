"""Take the challenges, guides and resources that ship: what an organisation has already stays as it is."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from coaching import challenging, guiding, shelving
from coaching.alone import alone_in
from coaching.models import ChallengeKind, Guide, Resource
from coaching.starters import starter_guides, starter_kinds, starter_resources
from organisations.models import Organisation, User


@dataclass(frozen=True)
class Taken:
    """How many were not there before."""

    kinds: int
    guides: int
    resources: int


def take(*, organisation: Organisation, by: User, now: datetime) -> Taken:
    """Those that are missing. Taken once, they are the organisation's own: retired ones do not come back."""
    with transaction.atomic():
        alone_in(organisation)
        kinds = _kinds(organisation, by, now)
        guides = _guides(organisation, by, now)
        resources = _resources(organisation, by, now)
    return Taken(kinds, guides, resources)


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


def _resources(organisation: Organisation, by: User, now: datetime) -> int:
    """By their keys. They are kept right by whoever took them, until somebody else is named."""
    kinds = {kind.key: kind for kind in ChallengeKind.objects.current()}
    held = set(Resource.objects.values_list("key", flat=True))
    missing = [values for key, values in starter_resources().items() if key not in held]
    for values in missing:
        against = [kinds[key] for key in values["kinds"] if key in kinds]
        shelving.write(
            organisation=organisation,
            resource=None,
            type=values["type"],
            values=values,
            at=shelving.Place(stages=values["stages"], kinds=against, owner=by),
            key=values["key"],
            by=by,
            now=now,
        )
    return len(missing)
