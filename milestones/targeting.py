"""Take a target that was measured into a journey's draft. What is published stays as it is."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.db import transaction

from milestones import designing
from milestones.models import Journey, JourneyVersion
from milestones.outline_rows import outline_of
from milestones.outlines import MilestoneOutline, Outline, plain
from organisations.models import User


class NotInDraft(Exception):
    """The journey as it is being designed has no such milestone any more. Nothing was changed."""


def target_in_draft(journey: Journey, key: str) -> str | None:
    """What the draft says as target, as typed; none without a draft or without this milestone in it."""
    draft = journey.draft()
    milestone = _milestone(outline_of(draft), key) if draft else None
    return milestone.target_days if milestone else None


def take_target(
    *,
    journey: Journey,
    key: str,
    days: int,
    because: Mapping[str, Any],
    by: User | None,
    now: datetime,
) -> JourneyVersion:
    """Let the draft say this target, and log what it was measured from. Again, it changes nothing.

    Without a draft one begins, of the version in force. Raises NotInDraft.
    """

    def change(outline: Outline) -> Outline:
        milestone = _milestone(outline, key)
        if milestone is None:
            raise NotInDraft
        return outline.saying(replace(milestone, target_days=plain(days), typed_in=""))

    with transaction.atomic():
        before = target_in_draft(journey, key)
        version = designing.save_draft(journey=journey, change=change, by=by, now=now)
        if version.is_draft and before != plain(days):
            journey.organisation.log(
                "target_taken",
                by=by,
                now=now,
                subject=version,
                journey_id=journey.pk,
                milestone=key,
                days=days,
                **because,
            )
    return version


def _milestone(outline: Outline, key: str) -> MilestoneOutline | None:
    return next((one for one in outline.milestones if one.key == key), None)
