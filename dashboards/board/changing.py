"""Many customers of a board changed at once: looked at first, then done by the verb of the room it concerns.

Whom a change cannot reach stays as they are, and the preview says why.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from coaching import handing
from milestones import enrolling, moving, pausing
from milestones.fits import family_of
from milestones.models import Enrolment, Journey, JourneyVersion, Pause
from organisations.models import Organisation, User

MOST = 2000  # at once


class Kind(TextChoices):
    OWNER = "owner", gettext_lazy("Hand over")
    PAUSE = "pause", gettext_lazy("Pause")
    RESUMPTION = "resumption", gettext_lazy("Let go on")
    VERSION = "version", gettext_lazy("Move to the newest version")
    VARIANT = "variant", gettext_lazy("Move to what fits")
    END = "end", gettext_lazy("End the journey")


@dataclass(frozen=True)
class Refusal:
    enrolment: Enrolment
    why: pausing.CannotPause | None
    """None: there is nothing to do: its clock runs, it is on that version."""


@dataclass(frozen=True)
class Preview:
    """Whom a change reaches, and whom it does not."""

    ready: Sequence[Enrolment]
    refused: Sequence[Refusal]
    foreseen: Sequence[moving.Foreseen] = ()


def chosen(journey: Journey, ids: Collection[int]) -> list[Enrolment]:
    """Open enrolments of the journey among these ids, by name."""
    rows = Enrolment.objects.open().filter(journey=journey, pk__in=ids)
    return list(
        rows.select_related("customer__owner", "organisation", "journey__base", "version").order_by(
            "customer__name", "pk"
        )
    )


def preview(kind: Kind, enrolments: Sequence[Enrolment], values: dict[str, Any], *, today: date) -> Preview:
    """What `change` would do with these values. Changes nothing."""
    if kind == Kind.PAUSE:
        plan = pausing.plan(
            enrolments,
            starts_on=values.get("starts_on") or today,
            resumes_on=values.get("resumes_on"),
        )
        return Preview(plan.ready, [Refusal(each, why) for each, why in plan.refused])
    if kind == Kind.RESUMPTION:
        pauses = Pause.objects.covering(today).filter(enrolment__in=[each.pk for each in enrolments])
        paused = set(pauses.values_list("enrolment", flat=True))
        return Preview(
            [each for each in enrolments if each.pk in paused],
            [Refusal(each, None) for each in enrolments if each.pk not in paused],
        )
    if kind == Kind.VERSION:
        return _foreseen(enrolments)
    if kind == Kind.VARIANT:
        return _fitting(enrolments)
    return Preview(enrolments, [])


def _foreseen(enrolments: Sequence[Enrolment]) -> Preview:
    version = enrolments[0].journey.current_version()
    assert version is not None  # somebody is on it
    ready = moving.movable(enrolments, version)
    going = {each.pk for each in ready}
    refused = [Refusal(each, None) for each in enrolments if each.pk not in going]
    return Preview(ready, refused, moving.foresee(ready, version))


def _fitting(enrolments: Sequence[Enrolment]) -> Preview:
    ready: list[Enrolment] = []
    foreseen: list[moving.Foreseen] = []
    for version, some in _by_better(enrolments):
        going = moving.movable(some, version)
        ready += going
        foreseen += moving.foresee(going, version)
    going_ids = {each.pk for each in ready}
    return Preview(ready, [Refusal(each, None) for each in enrolments if each.pk not in going_ids], foreseen)


def _by_better(enrolments: Sequence[Enrolment]) -> list[tuple[JourneyVersion, list[Enrolment]]]:
    """By the version in force of what fits better, who would go there."""
    family = family_of(enrolments[0].journey)
    groups: dict[Journey, list[Enrolment]] = {}
    for each in enrolments:
        if better := family.better_for(each):
            groups.setdefault(better, []).append(each)
    found = [(journey.current_version(), some) for journey, some in groups.items()]
    return [(version, some) for version, some in found if version]


def change(
    kind: Kind,
    enrolments: Sequence[Enrolment],
    values: dict[str, Any],
    *,
    organisation: Organisation,
    today: date,
    by: User,
    now: datetime,
) -> int:
    """Do it; returns how many it reached."""
    ids = [each.pk for each in enrolments]
    said: dict[str, Any] = {"organisation": organisation, "by": by, "now": now}
    match kind:
        case Kind.OWNER:
            customers = [each.customer for each in enrolments]
            return handing.hand_over(customers=customers, owner=values["owner"], **said).customers
        case Kind.PAUSE:
            return len(pausing.pause_each(enrolment_ids=ids, **values, **said))
        case Kind.RESUMPTION:
            return len(pausing.resume_each(enrolment_ids=ids, on=today, **said))
        case Kind.VERSION:
            version = enrolments[0].journey.current_version()
            assert version is not None
            quiet = {"history": values["history"]}
            return len(moving.move(enrolment_ids=ids, version=version, **quiet, **said))
        case Kind.VARIANT:
            quiet = {"history": values["history"]}
            return sum(
                len(moving.move(enrolment_ids=[one.pk for one in some], version=version, **quiet, **said))
                for version, some in _by_better(enrolments)
            )
        case Kind.END:
            return len(enrolling.end_each(enrolment_ids=ids, why=values["why"], **said))


def done_words(kind: Kind) -> str:
    """What was done, of "%(n)d customers"."""
    return {
        Kind.OWNER: _("%(n)d handed over."),
        Kind.PAUSE: _("%(n)d paused. Their dates move by the days it lasts."),
        Kind.RESUMPTION: _("%(n)d go on."),
        Kind.VERSION: _("%(n)d follow the newest version now."),
        Kind.VARIANT: _("%(n)d follow the journey that fits them now."),
        Kind.END: _("%(n)d are off the journey. What they reached stays."),
    }[kind]
