"""A draft becomes the edition in force, if nothing of the method is missing."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from coaching.alone import alone_in
from coaching.guiding.writing import NotPossible, keep_draft
from coaching.models import ChallengeKind, Guide, GuideEdition
from organisations.models import Organisation, User

PARTS: dict[str, Promise] = {
    "purpose": _("what it is for"),
    "goal": _("questions about the goal"),
    "reality": _("questions about how it is"),
    "options": _("questions about what they could do"),
    "will": _("questions about who does what by when"),
    "cues": _("what to listen for"),
    "good": _("what good looks like"),
    "avoid": _("what not to do"),
}


class Unfinished(NotPossible):
    """Parts are missing. Nothing was published; the draft stands."""

    def __init__(self, missing: Sequence[str]) -> None:
        super().__init__(", ".join(str(PARTS[name]) for name in missing))
        self.missing = missing


def missing_parts(edition: GuideEdition) -> list[str]:
    """The parts in which nothing stands."""
    return [name for name in PARTS if not getattr(edition, name).strip()]


def publish(*, guide: Guide, by: User, now: datetime) -> GuideEdition | None:
    """The draft is what the next call shows. None when there is no draft. Raises Unfinished."""
    with transaction.atomic():
        alone_in(guide.organisation)
        draft: GuideEdition | None = guide.editions.drafts().first()
        if draft is None:
            return None
        if missing := missing_parts(draft):
            raise Unfinished(missing)
        draft.published_at = now
        draft.save(update_fields=["published_at"])
        guide.organisation.log("guide_published", by=by, now=now, subject=guide, number=draft.number)
    return draft


def write(
    *,
    organisation: Organisation,
    stage: str,
    kind: ChallengeKind | None,
    values: Mapping[str, str],
    by: User,
    now: datetime,
) -> GuideEdition:
    """Keep these texts and publish them, or neither. Raises Unfinished, NotPossible."""
    with transaction.atomic():
        draft = keep_draft(organisation=organisation, stage=stage, kind=kind, values=values, by=by, now=now)
        publish(guide=draft.guide, by=by, now=now)
    return draft
