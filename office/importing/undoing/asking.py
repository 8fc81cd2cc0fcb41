"""Ask for an import, or one part of it, to be undone. Runs nothing itself."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from office.importing.leasing import offer
from office.importing.starting import NotPossible
from office.models import Import
from organisations.models import User


def ask_to_undo(import_: Import, *, by: User | None, now: datetime, part: int | None = None) -> None:
    """Put it up for the worker, whole (None) or by the number of a part, from 0. Raises NotPossible."""
    with transaction.atomic():
        held = Import.objects.select_for_update().get(pk=import_.pk)
        if not held.can_be_undone(now) or (part is not None and part not in held.parts_to_undo):
            raise NotPossible(why_not(held, now=now, part=part))
        held.undo = {
            "asked_at": now.isoformat(),
            "by": by.pk if by else None,
            "part": part,
            "was": held.state,
            "left": len(held.parts_to_undo) if part is None else 1,
            "so_far": held.undo.get("counts", {}),
        }
        held.save(update_fields=["undo"])
        offer(held, Import.State.UNDOING)


def why_not(import_: Import, *, now: datetime, part: int | None = None) -> str:
    """Why it cannot be undone, in words."""
    if part is not None and import_.can_be_undone(now):
        return _("There is no part %s of it that is still stored.") % (part + 1)
    if import_.state in (Import.State.UNDOING, Import.State.UNDONE):
        return _("This import %(state)s already.") % {"state": import_.get_state_display()}
    is_stored = import_.state == Import.State.APPLIED or import_.parts
    if not is_stored:
        return _("Nothing of this import is stored: there is nothing to undo.")
    if not import_.is_traced:
        return _("It was applied before undo was there: what it changed was not kept.")
    return _("It was applied more than 30 days ago. What it changed is no longer kept.")
