"""The draft of a resource, and where it fits. The draft waits for publishing; where it fits holds at once."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from itertools import count

from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from coaching.alone import alone_in
from coaching.models import (
    ChallengeKind,
    Resource,
    ResourceEdition,
    ResourceFile,
    ResourceTag,
    folded,
)
from coaching.shelving.faults import NotPossible
from coaching.sniffing import media_type, plain_name
from milestones.models import Milestone
from organisations.models import Organisation, User

TEXTS = ("title", "summary", "body", "url")


@dataclass(frozen=True)
class NewFile:
    """A file as it was chosen."""

    name: str
    content: bytes


@dataclass(frozen=True)
class Place:
    """Where a resource fits, and who keeps it right."""

    stages: Collection[str] = ()
    kinds: Collection[ChallengeKind] = ()
    owner: User | None = None


def keep_draft(
    *,
    organisation: Organisation,
    resource: Resource | None,
    type: str,
    values: Mapping[str, str],
    by: User,
    now: datetime,
    file: NewFile | None = None,
    key: str = "",
) -> ResourceEdition:
    """Keep `TEXTS` values as the draft; a new resource without one given. `key`: what ours are known by.

    The type is chosen once. Raises NotPossible, sniffing.Unsafe.
    """
    with transaction.atomic():
        alone_in(organisation)
        row = _fresh(resource) if resource else _begin(organisation, type, values, key, by, now)
        if row.retired_at is not None:
            raise NotPossible(
                _("“%(title)s” is off the shelf. Bring it back, then change it.") % {"title": row.title}
            )
        draft = row.editions.drafts().first() or _next(row)
        for name in TEXTS:
            if name in values:
                setattr(draft, name, values[name].strip())
        if file is not None:
            draft.file = keep_file(file, organisation=organisation, by=by, now=now)
        draft.written_at, draft.written_by = now, by
        draft.save()
        if file is not None:
            _forget_loose_files()
        if not row.is_published:
            entitle(row, draft)
    return draft


def drop_draft(*, resource: Resource, by: User, now: datetime) -> None:
    """What was begun is thrown away; what was never published is gone with it."""
    with transaction.atomic():
        alone_in(resource.organisation)
        resource.editions.drafts().delete()
        if not resource.editions.exists():
            resource.delete()
        _forget_loose_files()


def place(*, resource: Resource, at: Place, by: User, now: datetime) -> None:
    """From now on it fits there, and they keep it right."""
    stages = [stage for stage in Milestone.Stage.values if stage in at.stages]
    with transaction.atomic():
        alone_in(resource.organisation)
        row = _fresh(resource)
        row.owner = at.owner
        row.save(update_fields=["owner"])
        tags = [{"stage": stage} for stage in stages] + [{"kind": kind} for kind in at.kinds]
        row.tags.all().delete()
        ResourceTag.objects.bulk_create(
            ResourceTag(organisation_id=row.organisation_id, resource=row, **tag) for tag in tags
        )


def entitle(resource: Resource, edition: ResourceEdition) -> None:
    """What lists and searches know it by."""
    resource.title = edition.title
    resource.title_folded = folded(edition.title)
    resource.text_folded = folded(edition.title, edition.summary, edition.body, edition.url)
    resource.save(update_fields=["title", "title_folded", "text_folded"])


def keep_file(file: NewFile, *, organisation: Organisation, by: User, now: datetime) -> ResourceFile:
    """Raises sniffing.Unsafe."""
    kept: ResourceFile = ResourceFile.objects.create(
        organisation=organisation,
        name=plain_name(file.name),
        media_type=media_type(file.name, file.content),
        size=len(file.content),
        sha256=sha256(file.content).hexdigest(),
        content=file.content,
        added_at=now,
        added_by=by,
    )
    return kept


def _forget_loose_files() -> None:
    """Those that no edition holds any more: a draft had them once."""
    ResourceFile.objects.filter(editions=None).delete()


def _fresh(resource: Resource) -> Resource:
    row: Resource = Resource.objects.select_related("organisation").get(pk=resource.pk)
    return row


def _begin(
    organisation: Organisation, type: str, values: Mapping[str, str], key: str, by: User, now: datetime
) -> Resource:
    title = values.get("title", "").strip()
    if not title:
        raise NotPossible(_("Give it a title: what it is, as you would name it to a customer."))
    stem = key or slugify(title)[:50] or "resource"
    row: Resource = Resource.objects.create(
        organisation=organisation, key=_free(stem), type=type, title=title, owner=by, created_at=now
    )
    return row


def _free(stem: str) -> str:
    taken = set(Resource.objects.filter(key__startswith=stem).values_list("key", flat=True))
    return next(word for n in count(1) if (word := stem if n == 1 else f"{stem}-{n}") not in taken)


def _next(resource: Resource) -> ResourceEdition:
    """A draft that begins as what is in force says."""
    draft = ResourceEdition(organisation_id=resource.organisation_id, resource=resource, number=1)
    newest = resource.editions.order_by("-number").first()
    if newest is not None:
        draft.number, draft.file_id = newest.number + 1, newest.file_id
        for name in TEXTS:
            setattr(draft, name, getattr(newest, name))
    return draft
