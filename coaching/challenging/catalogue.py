"""The catalogue of challenges: written by managers, read by everybody, never thrown away."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import count
from typing import Any

from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from coaching.alone import alone_in
from coaching.challenging.faults import Incomplete, NotPossible
from coaching.models import ChallengeKind
from organisations.models import Organisation, User

WRITTEN = ("name", "signs", "questions", "steps", "lead", "escalate")
MOST_STEPS, LONGEST_STEP, MOST_DAYS = 12, 300, 365


def add_kind(
    *, organisation: Organisation, values: Mapping[str, Any], by: User, now: datetime, key: str = ""
) -> ChallengeKind:
    """One more, from `WRITTEN` values. `key` is what ours are known by. Raises Incomplete."""
    kind = ChallengeKind(organisation=organisation, created_at=now, saved_at=now)
    for name in WRITTEN:
        if name in values:
            setattr(kind, name, values[name])
    with transaction.atomic():
        alone_in(organisation)
        _check(kind)
        kind.key = _free_key(key or slugify(kind.name)[:50] or "challenge")
        kind.save(force_insert=True)
        organisation.log("challenge_kind_added", by=by, now=now, subject=kind)
    return kind


def edit_kind(*, kind: ChallengeKind, values: Mapping[str, Any], by: User, now: datetime) -> ChallengeKind:
    """Write the `WRITTEN` values that differ; what is open stays. Raises Incomplete, NotPossible."""
    with transaction.atomic():
        alone_in(kind.organisation)
        row = _fresh(kind)
        if not row.is_current:
            raise NotPossible(_("This challenge is out of the catalogue. Put it back, then change it."))
        changed = [name for name in WRITTEN if name in values and getattr(row, name) != values[name]]
        for name in changed:
            setattr(row, name, values[name])
        _check(row)
        if changed:
            row.saved_at = now
            row.save(update_fields=[*changed, "saved_at"])
            row.organisation.log("challenge_kind_edited", by=by, now=now, subject=row, fields=changed)
    return row


def retire_kind(*, kind: ChallengeKind, by: User, now: datetime) -> ChallengeKind:
    """Out of the catalogue: nobody opens one any more; those that are open go on."""
    with transaction.atomic():
        alone_in(kind.organisation)
        row = _fresh(kind)
        if row.is_current:
            row.retired_at = now
            row.save(update_fields=["retired_at"])
            row.organisation.log("challenge_kind_retired", by=by, now=now, subject=row)
    return row


def return_kind(*, kind: ChallengeKind, by: User, now: datetime) -> ChallengeKind:
    """Back in the catalogue. Raises Incomplete when another one has its name by now."""
    with transaction.atomic():
        alone_in(kind.organisation)
        row = _fresh(kind)
        if not row.is_current:
            row.retired_at = None
            _check(row)
            row.save(update_fields=["retired_at"])
            row.organisation.log("challenge_kind_returned", by=by, now=now, subject=row)
    return row


def _fresh(kind: ChallengeKind) -> ChallengeKind:
    row: ChallengeKind = ChallengeKind.objects.select_related("organisation").get(pk=kind.pk)
    return row


def _check(kind: ChallengeKind) -> None:
    kind.name = kind.name.strip()
    if not kind.name:
        raise Incomplete("name", _("Give the challenge a name, as you speak of it."))
    same = ChallengeKind.objects.current().filter(name__iexact=kind.name).exclude(pk=kind.pk)
    if same.exists():
        raise Incomplete(
            "name",
            _("“%(name)s” is in the catalogue already. Change that one, or choose another name.")
            % {"name": kind.name},
        )
    _check_steps(kind.steps)


def _check_steps(steps: Sequence[Mapping[str, Any]]) -> None:
    if not steps:
        raise Incomplete("steps", _("Write at least one step: what to do first when it is there."))
    if len(steps) > MOST_STEPS:
        raise Incomplete(
            "steps",
            _("These are %(n)d steps, and nobody keeps more than %(most)d in mind. Join some.")
            % {"n": len(steps), "most": MOST_STEPS},
        )
    for step in steps:
        if len(step["words"]) > LONGEST_STEP:
            raise Incomplete(
                "steps",
                _("A step has at most %(most)d characters; “%(start)s…” is longer.")
                % {"most": LONGEST_STEP, "start": step["words"][:40]},
            )
        if step["days"] is not None and step["days"] > MOST_DAYS:
            raise Incomplete("steps", _("A step is due within at most %(most)d days.") % {"most": MOST_DAYS})


def _free_key(stem: str) -> str:
    taken = set(ChallengeKind.objects.filter(key__startswith=stem).values_list("key", flat=True))
    return next(word for n in count(1) if (word := stem if n == 1 else f"{stem}-{n}") not in taken)
