"""Draft a journey, publish it, take it out of the house as a file and bring one in.

A draft is kept as typed. Publishing makes rows of it that never change afterwards, so the next edit starts
the next version; nobody enrolled is moved.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from django.db import transaction

from customers.models import Metric
from milestones import journey_files, messaging, starters, varying
from milestones.checking import Problem, problems_of
from milestones.documents import Json
from milestones.drafting import blank, keep, locked, named, new_draft
from milestones.models import Journey, JourneyVersion
from milestones.outline_rows import (
    known_metrics,
    notes_on_metrics,
    outline_of,
    with_used_metrics,
    write_rows,
)
from milestones.outlines import Outline
from organisations.models import Organisation, User

type Change = Callable[[Outline], Outline]


class NotReady(Exception):
    """The draft is kept, and cannot be published yet: `problems` says why."""

    def __init__(self, journey: Journey, problems: list[Problem]) -> None:
        super().__init__("\n".join(problem.message for problem in problems))
        self.journey = journey
        self.problems = problems


class NoDraft(Exception):
    """There is no draft to publish or to discard."""


class DraftInTheWay(Exception):
    """The journey has a draft that says something else. Nothing was changed."""

    def __init__(self, journey: Journey, number: int) -> None:
        super().__init__(f"draft {number} of {journey.slug}")
        self.journey = journey
        self.number = number


def new_journey(
    *, organisation: Organisation, name: str, by: User | None, now: datetime, starter: str = ""
) -> Journey:
    """A journey with its first draft: blank, or what a journey that ships says."""
    begun = starters.starters()[starter] if starter else None
    outline = begun.outline if begun else blank()
    name = name or outline.name
    with transaction.atomic():
        journey = named(organisation, name)
        keep(new_draft(journey, 1), replace(outline, name=name), by=by, now=now)
        if begun:
            messaging.bring_in(journey=journey, messages=begun.messages, by=by, now=now)
    return journey


def save_draft(*, journey: Journey, change: Change, by: User | None, now: datetime) -> JourneyVersion:
    """Keep what `change` makes of the draft, whole or not; without a draft, of the version in force.

    Keys are made of names once, and stay as they are once published. A change that changes nothing starts no
    draft. What `change` raises goes through, and nothing is kept.
    """
    with transaction.atomic():
        journey = locked(journey)
        kept = journey.draft() or journey.current_version()
        before = outline_of(kept) if kept else blank()
        after = _with_steady_keys(journey, before, change(before)).with_keys()
        if kept and after == before:
            return kept
        draft = kept if kept and kept.is_draft else new_draft(journey, kept.number + 1 if kept else 1)
        messaging.follow_keys(journey=journey, before=before, after=after)
        return keep(draft, after, by=by, now=now)


def what_is_missing(version: JourneyVersion) -> list[Problem]:
    """What keeps a version from being published, and as warnings what to reconsider; by milestone."""
    outline = outline_of(version)
    return problems_of(outline, metrics=known_metrics(outline), set_aside=version.journey.advice_set_aside())


def set_advice_aside(
    *, journey: Journey, handle: int, code: str, change: Change, by: User | None, now: datetime
) -> JourneyVersion:
    """Keep the draft as `change` says, and its wording as it is in spite of this advice; the log says so.

    The advice comes back when what it is about is written anew. Without such advice nothing is logged.
    """
    with transaction.atomic():
        version = save_draft(journey=journey, change=change, by=by, now=now)
        milestone = outline_of(version).milestone(handle)
        for one in what_is_missing(version):
            if milestone and (one.handle, one.code) == (handle, code) and not one.is_set_aside:
                said: dict[str, Any] = {"milestone": milestone.key, "code": code, "mark": one.mark}
                said |= {"journey_id": journey.pk, "subject": journey}
                journey.organisation.log("advice_set_aside", by=by, now=now, **said)
    return version


def publish(
    *, journey: Journey, by: User | None, now: datetime, change: Change | None = None
) -> JourneyVersion:
    """Put the draft in force for new enrolments. Raises NotReady, NoDraft.

    `change` is kept first, even if the draft then cannot be published.
    """
    if change:
        save_draft(journey=journey, change=change, by=by, now=now)
    with transaction.atomic():
        journey = locked(journey)
        draft = journey.draft()
        if draft is None:
            raise NoDraft
        missing = [problem for problem in what_is_missing(draft) if not problem.is_warning]
        if missing:
            raise NotReady(journey, missing)
        outline = outline_of(draft)
        write_rows(draft, outline)
        draft.outline, draft.published_at, draft.published_by = None, now, by
        draft.save(update_fields=["outline", "published_at", "published_by"])
        journey.name, journey.purpose = outline.name, outline.purpose
        journey.save(update_fields=["name", "purpose"])
        journey.organisation.log(
            "journey_published", by=by, now=now, subject=draft, journey_id=journey.pk, number=draft.number
        )
    return draft


def discard_draft(*, journey: Journey) -> Journey | None:
    """Throw the draft away; a journey that was never published goes with it (none is returned)."""
    with transaction.atomic():
        journey = locked(journey)
        draft = journey.draft()
        if draft is None:
            raise NoDraft
        draft.delete()
        if journey.current_version():
            return journey
        journey.delete()
        return None


def export(journey: Journey, *, draft: bool = False) -> Json:
    """The journey as its file says it: the version in force, or (asked for, or the only one) the draft."""
    version = (journey.draft() if draft else None) or journey.current_version() or journey.draft()
    outline = outline_of(version) if version else blank()
    used = with_used_metrics(outline, known={one.key: one for one in Metric.objects.all()})
    return journey_files.write(
        used,
        slug=journey.slug,
        messages=messaging.messages_of(journey),
        variant_of=varying.as_file(journey, version),
    )


class Import(StrEnum):
    """What importing a file came to."""

    UNCHANGED = "unchanged"
    DRAFT = "draft"
    PUBLISHED = "published"


@dataclass(frozen=True, slots=True)
class Imported:
    journey: Journey
    version: JourneyVersion
    came_to: Import
    is_new: bool
    notes: tuple[str, ...]
    """For people: what came in besides, and what stands in the file and was not taken."""
    took_messages: bool = False


def import_journey(
    *, organisation: Organisation, data: Json, by: User | None, now: datetime, publish: bool = False
) -> Journey:
    """The journey that a parsed file describes. Raises DocumentRefused, DraftInTheWay, NotReady."""
    return import_file(organisation=organisation, data=data, by=by, now=now, at_once=publish).journey


def import_file(
    *,
    organisation: Organisation,
    data: Json,
    by: User | None,
    now: datetime,
    at_once: bool = False,
    replace_draft: bool = False,
    replace_messages: bool = False,
) -> Imported:
    """Bring a file in as a draft, and publish it `at_once` if that is asked for.

    What the journey says already, as draft or in force, is not changed. A draft with other work in it, and
    messages worded here, are replaced only when that is asked for. Raises DocumentRefused, DraftInTheWay
    (both: nothing stored) and NotReady (kept as a draft).
    """
    with transaction.atomic():
        metrics = {one.key: one for one in Metric.objects.all()}
        file = journey_files.read(data, known_metrics=metrics)
        outline = with_used_metrics(file.outline, known=metrics)
        journey = Journey.objects.select_for_update().filter(slug=file.slug).first()
        is_new = journey is None
        if journey is None:
            journey = Journey.objects.create(organisation=organisation, slug=file.slug, name=outline.name)
        version = _said_already(journey, outline, metrics)
        came_to = Import.DRAFT if version is None else Import.UNCHANGED
        if version is None:
            version = _replace_draft(journey, outline, replace_draft, by=by, now=now)
        brought = messaging.bring_in(
            journey=journey, messages=file.messages, replace=replace_messages, by=by, now=now
        )
        notes = (*notes_on_metrics(file.outline, known=metrics), *brought.notes)
        if file.variant_of:
            notes += varying.follow_file(version=version, said=file.variant_of, by=by, now=now)
            journey.refresh_from_db()
    if at_once and version.is_draft:
        version, came_to = publish(journey=journey, by=by, now=now), Import.PUBLISHED
    return Imported(journey, version, came_to, is_new, notes, brought.taken > 0)


def _with_steady_keys(journey: Journey, before: Outline, after: Outline) -> Outline:
    """Put back the key of a milestone that a published version already calls by it."""
    keys = journey.published_keys()
    for milestone in before.milestones:
        now = after.milestone(milestone.handle)
        if now and milestone.key in keys and now.key != milestone.key:
            after = after.saying(replace(now, key=milestone.key))
    return after


def _said_already(journey: Journey, outline: Outline, metrics: Mapping[str, Metric]) -> JourneyVersion | None:
    """The draft or the version in force, if it says this very thing."""
    for version in (journey.draft(), journey.current_version()):
        if version and with_used_metrics(outline_of(version), known=metrics).means(outline):
            return version
    return None


def _replace_draft(
    journey: Journey, outline: Outline, is_asked_for: bool, *, by: User | None, now: datetime
) -> JourneyVersion:
    draft, current = journey.draft(), journey.current_version()
    if draft and not is_asked_for:
        raise DraftInTheWay(journey, draft.number)
    return keep(draft or new_draft(journey, current.number + 1 if current else 1), outline, by=by, now=now)
