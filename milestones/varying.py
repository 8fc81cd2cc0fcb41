"""Variants of a journey: begun from a base, said for whom they are, and brought up to it.

A variant's version remembers the version of the base it was made from. What the base says anew comes into the
variant's draft, by `overlays.take_over`; publishing it is a step of its own, as for every draft.
"""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from customers.keeping import segment_named
from milestones import messaging
from milestones.documents import DocumentRefused, Fault
from milestones.drafting import keep, locked, named, new_draft
from milestones.journey_files import VariantOf
from milestones.models import Journey, JourneyVersion
from milestones.outline_rows import outline_of
from milestones.overlays import Overlay, take_over
from organisations.models import Organisation, User


class NotABase(ValueError):
    """A base is published, is no variant itself, and is not the journey's own."""


class OtherBase(ValueError):
    """The journey is a variant of another base already, or has variants itself."""


class NothingAnew(Exception):
    """The base says nothing that the variant was not made from."""


class Outdated(Exception):
    """The base was published again, or the draft changed, after the page was opened. Nothing was kept."""


@dataclass(frozen=True)
class News:
    """What the base says anew, and what would come of it."""

    was: JourneyVersion
    version: JourneyVersion
    """Of the base, in force."""
    own: JourneyVersion
    overlay: Overlay


def begin_variant(
    *,
    base: Journey,
    name: str,
    segment: str,
    use_case: str,
    by: User | None,
    now: datetime,
) -> Journey:
    """A variant whose first draft says what the base does; it begins to write when told. Raises NotABase."""
    with transaction.atomic():
        base = locked(base)
        version = base.current_version()
        if version is None or base.base_id:
            raise NotABase
        journey = named(base.organisation, name)
        journey.base = base
        journey.save(update_fields=["base"])
        outline = replace(outline_of(version), name=name)
        keep(new_draft(journey, 1, base_version=version), outline, by=by, now=now)
        messaging.bring_in(journey=journey, messages=messaging.messages_of(base), by=by, now=now)
        return change_rule(journey=journey, segment=segment, use_case=use_case, by=by, now=now)


def change_rule(*, journey: Journey, segment: str, use_case: str, by: User | None, now: datetime) -> Journey:
    """For whom the variant is; a segment that is new by its name is made. Moves nobody."""
    with transaction.atomic():
        journey = locked(journey)
        assert journey.base_id is not None
        found = segment_named(journey.organisation, segment.strip())
        rule = (found.pk if found else None, use_case.strip())
        if rule != (journey.for_segment_id, journey.for_use_case):
            journey.for_segment_id, journey.for_use_case = rule
            journey.save(update_fields=["for_segment", "for_use_case"])
            _log(journey, "variant_rule_changed", by, now, segment_id=rule[0], use_case=rule[1])
    return journey


def make_variant(
    *, journey: Journey, base: Journey, number: int | None, by: User | None, now: datetime
) -> Journey:
    """Make a journey that stands alone a variant of a base, as made from that version (none: the newest).

    Of a variant of that very base nothing changes. Raises NotABase, OtherBase.
    """
    with transaction.atomic():
        journey = locked(journey)
        if journey.base_id == base.pk:
            return journey
        if journey.base_id or journey.variants.exists():
            raise OtherBase
        base = locked(base)
        published = base.versions.exclude(published_at=None)
        version = published.filter(number=number or 0).first() or base.current_version()
        if version is None or base.base_id or base.pk == journey.pk:
            raise NotABase
        journey.base = base
        journey.save(update_fields=["base"])
        journey.versions.filter(base_version=None).update(base_version=version)
        _log(journey, "variant_made", by, now, base_id=base.pk)
    return journey


def as_file(journey: Journey, version: JourneyVersion | None) -> VariantOf | None:
    """What a file says of a variant; none of a journey that stands alone."""
    if journey.base is None:
        return None
    made_from = version.base_version if version else None
    return VariantOf(
        base=journey.base.slug,
        version=made_from.number if made_from else None,
        segment=journey.for_segment.name if journey.for_segment else "",
        use_case=journey.for_use_case,
    )


def follow_file(
    *, version: JourneyVersion, said: VariantOf, by: User | None, now: datetime
) -> tuple[str, ...]:
    """Make the journey of this version the variant that a file says it is; returns what to tell people.

    Raises DocumentRefused where there is no such base.
    """
    base = Journey.objects.filter(slug=said.base).first()
    words = {"slug": said.base}
    refusal = _("no published journey “%(slug)s” is here; bring it in and publish it first") % words
    with transaction.atomic():
        try:
            if base is None or base.current_version() is None:
                raise NotABase
            make_variant(journey=version.journey, base=base, number=said.version, by=by, now=now)
        except NotABase as error:
            if base and (base.base_id or base.pk == version.journey_id):
                refusal = _("“%(slug)s” cannot be its base: it is a variant, or this very journey") % words
            raise DocumentRefused([Fault("journey.variant_of.journey", refusal)]) from error
        except OtherBase as error:
            refusal = _("the journey has another base here, or variants of its own; it keeps these")
            raise DocumentRefused([Fault("journey.variant_of.journey", refusal)]) from error
        change_rule(journey=version.journey, segment=said.segment, use_case=said.use_case, by=by, now=now)
        return _made_from(version, base, said.version)


def _made_from(version: JourneyVersion, base: Journey, number: int | None) -> tuple[str, ...]:
    """A draft counts as made from the version that the file names, if it is published here."""
    version.refresh_from_db(fields=["base_version"])
    named = base.versions.exclude(published_at=None).filter(number=number or 0).first()
    if named and version.is_draft:
        version.base_version = named
        version.save(update_fields=["base_version"])
    if named or number is None or not version.base_version:
        return ()
    words = {"slug": base.slug, "number": number, "here": version.base_version.number}
    return (_("“%(slug)s” has no version %(number)d here; %(here)d stands in for it.") % words,)


def news_for(journey: Journey, *, taking: Collection[str] = ()) -> News | None:
    """What its base says anew; none when the variant, or its draft, was made from that already."""
    own = journey.draft() or journey.current_version()
    version = journey.base.current_version() if journey.base else None
    was = own.base_version if own else None
    if own is None or version is None or was is None or was.pk == version.pk:
        return None
    overlay = take_over(outline_of(was), outline_of(version), outline_of(own), taking=taking)
    return News(was, version, own, overlay)


def is_behind(journey: Journey) -> bool:
    """Whether its base was published anew since the variant, or its draft, was made from it."""
    own = journey.draft() or journey.current_version()
    version = journey.base.current_version() if journey.base else None
    return bool(own and own.base_version_id and version and own.base_version_id != version.pk)


def take_base_over(
    *, journey: Journey, number: int, taking: Collection[str], by: User | None, now: datetime
) -> JourneyVersion:
    """Bring what the base says anew into the draft; of the conflicts in `taking` the base's side.

    What changes nothing starts no draft: the version in force then counts as made from it. `number` and
    `taking` are what the person saw. Raises NothingAnew, Outdated.
    """
    with transaction.atomic():
        journey = locked(journey)
        news = news_for(journey, taking=taking)
        if news is None:
            raise NothingAnew
        if news.version.number != number or not set(taking) <= {one.id for one in news.overlay.conflicts}:
            raise Outdated
        own = news.own
        if news.overlay.outline != outline_of(own):
            own = own if own.is_draft else new_draft(journey, own.number + 1)
            keep(own, news.overlay.outline, by=by, now=now)
        own.base_version = news.version
        own.save(update_fields=["base_version"])
        conflicts = len(news.overlay.conflicts)
        _log(journey, "base_taken_over", by, now, number=number, conflicts=conflicts, taken=len(set(taking)))
    return own


def _log(journey: Journey, verb: str, by: User | None, now: datetime, **data: Any) -> None:
    organisation: Organisation = journey.organisation
    organisation.log(verb, by=by, now=now, subject=journey, journey_id=journey.pk, **data)
