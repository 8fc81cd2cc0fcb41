"""Rows of a draft: made, locked, and written as they are typed. What a draft may say is decided elsewhere."""

from datetime import datetime

from django.db import IntegrityError, transaction

from milestones import journey_files
from milestones.checking import NAME_LENGTH
from milestones.models import Journey, JourneyVersion
from milestones.outlines import MilestoneOutline, Outline, free_slug
from organisations.models import Organisation, User


def named(organisation: Organisation, name: str) -> Journey:
    """A journey with an address of its own; who takes the same one this moment sends us to the next."""
    while True:
        taken = {*journey_files.RESERVED, *Journey.objects.values_list("slug", flat=True)}
        slug = free_slug(name, taken, otherwise="journey")
        try:
            with transaction.atomic():
                return Journey.objects.create(organisation=organisation, slug=slug, name=name)
        except IntegrityError:
            if not Journey.objects.filter(slug=slug).exists():
                raise


def blank() -> Outline:
    """Where nothing is said yet: the fewest milestones, from onboarding to mastery."""
    stages = ("onboarding", "onboarding", "adoption", "outcome", "mastery")
    return Outline(
        milestones=tuple(MilestoneOutline(handle=n, stage=stage) for n, stage in enumerate(stages, start=1))
    )


def locked(journey: Journey) -> Journey:
    """The journey as it is now; whoever designs it at the same time waits."""
    return Journey.objects.select_for_update(of=("self",)).select_related("organisation").get(pk=journey.pk)


def new_draft(journey: Journey, number: int, *, base_version: JourneyVersion | None = None) -> JourneyVersion:
    """An empty draft. Of a variant: made from what its version in force was, unless another is given."""
    current = journey.current_version()
    return JourneyVersion.objects.create(
        organisation=journey.organisation,
        journey=journey,
        number=number,
        base_version=base_version or (current.base_version if current else None),
    )


def keep(draft: JourneyVersion, outline: Outline, *, by: User | None, now: datetime) -> JourneyVersion:
    """The draft says this now. What a journey is called follows its first draft."""
    draft.milestones.all().delete()
    draft.outline = {
        "journey": outline.to_dict(),
        "kept_at": now.isoformat(),
        "kept_by": by.pk if by else None,
    }
    draft.save(update_fields=["outline"])
    if draft.number == 1 and outline.name:
        draft.journey.name, draft.journey.purpose = outline.name[:NAME_LENGTH], outline.purpose
        draft.journey.save(update_fields=["name", "purpose"])
    return draft
