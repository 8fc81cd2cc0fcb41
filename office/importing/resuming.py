"""Work that nobody does is found and gone on with; what is no longer needed is cleared away.

The worker is woken for every import and looks again every few seconds. The post loop looks too, for when
there is no worker or no broker: it starts one thread, and stays a loop that waits for nothing.
"""

import logging
import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from time import monotonic

from django.conf import settings
from django.db import OperationalError, connection

from office.importing import files
from office.importing.working import work
from office.models import UNDO_FOR, Import, ImportTrace
from organisations import tenancy
from organisations.models import Organisation

logger = logging.getLogger(__name__)

LOOKS_EVERY = 3.0  # seconds
KEPT = timedelta(days=30)
STRAY = timedelta(days=1)  # a file without a row: its request was never committed

type Clock = Callable[[], datetime]


class _Lookout:
    """One thread at a time, and not too many questions."""

    def __init__(self) -> None:
        self.thread: threading.Thread | None = None
        self.looked_at = -LOOKS_EVERY

    def is_due(self) -> bool:
        if monotonic() - self.looked_at < LOOKS_EVERY or (self.thread and self.thread.is_alive()):
            return False
        self.looked_at = monotonic()
        return True


_lookout = _Lookout()


def resume_orphans(*, now: datetime) -> int:
    """Go on with imports that lie about, in a thread of their own. Returns how many; waits for none."""
    if not _lookout.is_due():
        return 0
    found = orphans()
    if found:
        began = monotonic()
        _lookout.thread = threading.Thread(
            target=_in_thread,
            kwargs={"found": found, "clock": lambda: now + timedelta(seconds=monotonic() - began)},
            name="imports",
            daemon=True,
        )
        _lookout.thread.start()
    return len(found)


def orphans() -> list[tuple[Organisation, int]]:
    """Imports that wait, or stand still, for longer than anyone at work would let them."""
    found = []
    for organisation in Organisation.objects.order_by("pk"):
        with tenancy.within(organisation):
            ids = Import.objects.orphaned().order_by("pk").values_list("pk", flat=True)
            found += [(organisation, pk) for pk in ids]
    return found


def go_on(found: list[tuple[Organisation, int]], *, clock: Clock) -> int:
    """Work on each, one after the other. Returns how many were ours to do."""
    done = 0
    for organisation, import_id in found:
        try:
            done += bool(work(organisation=organisation, import_id=import_id, clock=clock))
        except OperationalError as error:
            logger.warning("import %s has to wait: %s", import_id, error)
        except Exception:
            logger.exception("import %s failed", import_id)
    return done


def _in_thread(*, found: list[tuple[Organisation, int]], clock: Clock) -> None:
    try:
        go_on(found, clock=clock)
    finally:
        connection.close()


def sweep(*, now: datetime) -> int:
    """Delete files, staged rows and what an undo needs after 30 days, and files of nothing.

    Returns how many files.
    """
    swept = 0
    for organisation in Organisation.objects.order_by("pk"):
        with tenancy.within(organisation):
            for import_ in Import.objects.filter(made_at__lt=now - KEPT).exclude(file_path=""):
                if not import_.is_running:
                    _clear(import_, now=now)
                    swept += 1
            for import_ in Import.objects.filter(is_traced=True, finished_at__lt=now - UNDO_FOR):
                if not import_.is_running:
                    _forget_traces(import_)
            swept += _delete_strays(organisation, now=now)
    return swept


def _clear(import_: Import, *, now: datetime) -> None:
    if not import_.is_finished:  # nobody matched its columns, or ever said yes
        import_.state, import_.finished_at = Import.State.CANCELLED, now
        import_.save(update_fields=["state", "finished_at"])
    import_.rows.all().delete()
    import_.claims.all().delete()
    files.forget(import_)


def _forget_traces(import_: Import) -> None:
    """All but which rows an undo took out: should the file come again, it brings them back."""
    import_.traces.exclude(undone=ImportTrace.Undone.WITHDRAWN).delete()
    import_.is_traced = False
    import_.save(update_fields=["is_traced"])


def _delete_strays(organisation: Organisation, *, now: datetime) -> int:
    known = set(Import.objects.exclude(file_path="").values_list("file_path", flat=True))
    deleted = 0
    for path in files.folder_of(organisation.pk).glob("*.csv"):
        is_old = path.stat().st_mtime < (now - STRAY).timestamp()
        if is_old and str(path.relative_to(settings.STATE)) not in known:
            path.unlink(missing_ok=True)
            deleted += 1
    return deleted
