"""The draft of a guide: one beside the edition in force, as somebody writes it."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from coaching.alone import alone_in
from coaching.models import ChallengeKind, Guide, GuideEdition
from organisations.models import Organisation, User

TEXTS = ("purpose", "goal", "reality", "options", "will", "cues", "good", "avoid")


class NotPossible(Exception):
    """Nothing was stored. The message says why and what to do."""


def keep_draft(
    *,
    organisation: Organisation,
    stage: str,
    kind: ChallengeKind | None,
    values: Mapping[str, str],
    by: User,
    now: datetime,
) -> GuideEdition:
    """Keep `TEXTS` values as the draft of this place; the edition in force stays. Raises NotPossible."""
    if kind is not None and not kind.is_current:
        raise NotPossible(
            _("“%(name)s” is out of the catalogue. Put it back, then write its guide.") % {"name": kind.name}
        )
    with transaction.atomic():
        alone_in(organisation)
        guide, _made = Guide.objects.get_or_create(
            organisation=organisation, stage=stage, kind=kind, defaults={"created_at": now}
        )
        draft = guide.editions.drafts().first() or _next(guide)
        for name in TEXTS:
            if name in values:
                setattr(draft, name, values[name].strip())
        draft.written_at, draft.written_by = now, by
        draft.save()
    return draft


def drop_draft(*, guide: Guide, by: User, now: datetime) -> None:
    """What was begun is thrown away; a place where nothing was ever published is empty again."""
    with transaction.atomic():
        alone_in(guide.organisation)
        guide.editions.drafts().delete()
        if not guide.editions.exists():
            guide.delete()


def _next(guide: Guide) -> GuideEdition:
    """A draft that begins as what is in force says."""
    draft = GuideEdition(organisation_id=guide.organisation_id, guide=guide, number=1)
    newest = guide.editions.order_by("-number").first()
    if newest is not None:
        draft.number = newest.number + 1
        for name in TEXTS:
            setattr(draft, name, getattr(newest, name))
    return draft
