"""A draft becomes the edition that is sent, if it says what its type needs."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from coaching.alone import alone_in
from coaching.models import Resource, ResourceEdition
from coaching.shelving.faults import Unfinished
from coaching.shelving.writing import NewFile, Place, entitle, keep_draft, place
from organisations.models import Organisation, User

Type = Resource.Type


def missing_parts(type: str, edition: ResourceEdition) -> dict[str, str]:
    """What is still to be written, by field, with what to do."""
    missing = {}
    if not edition.title:
        missing["title"] = _("Give it a title: what it is, as you would name it to a customer.")
    if not edition.summary:
        missing["summary"] = _("Say in a sentence what it is good for: it stands in the mail.")
    if type == Type.LINK and not edition.url:
        missing["url"] = _("A link needs its address.")
    if type == Type.FILE and edition.file_id is None:
        missing["file"] = _("Choose the file.")
    if type not in (Type.LINK, Type.FILE) and not edition.body:
        missing["body"] = _("Write what it says.")
    return missing


def publish(*, resource: Resource, by: User, now: datetime) -> ResourceEdition | None:
    """The draft is what is sent from now on. None without a draft. Raises Unfinished."""
    with transaction.atomic():
        alone_in(resource.organisation)
        draft: ResourceEdition | None = resource.editions.drafts().first()
        if draft is None:
            return None
        if missing := missing_parts(resource.type, draft):
            raise Unfinished(missing)
        draft.published_at = now
        draft.save(update_fields=["published_at"])
        resource.reviewed_at, resource.reviewed_by = now, by
        resource.save(update_fields=["reviewed_at", "reviewed_by"])
        entitle(resource, draft)
        resource.organisation.log("resource_published", by=by, now=now, subject=resource, number=draft.number)
    return draft


def write(
    *,
    organisation: Organisation,
    resource: Resource | None,
    type: str,
    values: Mapping[str, str],
    at: Place | None,
    by: User,
    now: datetime,
    file: NewFile | None = None,
    key: str = "",
    is_published: bool = True,
) -> ResourceEdition:
    """Keep these texts and where it fits (`at`; None: as it is), and publish them, or nothing of it.

    Not `is_published`: they wait as a draft. Raises Unfinished, NotPossible, sniffing.Unsafe.
    """
    with transaction.atomic():
        draft = keep_draft(
            organisation=organisation,
            resource=resource,
            type=type,
            values=values,
            file=file,
            key=key,
            by=by,
            now=now,
        )
        if at is not None:
            place(resource=draft.resource, at=at, by=by, now=now)
        if is_published:
            publish(resource=draft.resource, by=by, now=now)
    return draft
