"""Work on an import until it needs nobody any more, or a person: check, then apply when that was asked."""

import logging
from collections.abc import Callable
from datetime import datetime

from django.db import OperationalError
from django.utils import translation
from django.utils.translation import gettext as _

from office.importing.announcing import announce
from office.importing.applying import apply
from office.importing.checking import check
from office.importing.leasing import MOST_ATTEMPTS, LeaseLost, holding, release, take
from office.models import Import
from organisations.models import Organisation

logger = logging.getLogger(__name__)

type Clock = Callable[[], datetime]


def work(*, organisation: Organisation, import_id: int, clock: Clock) -> str:
    """Do what there is to do, unless somebody else does. Returns its state then; empty when not ours.

    May run twice, at once or one after the other, and may be killed at any time.
    """
    import_ = take(organisation, import_id)
    if import_ is None:
        return ""
    try:
        with translation.override(organisation.language):
            _go_through(organisation, import_, clock)
    except LeaseLost:
        return ""
    except OperationalError:
        raise  # a busy or restarting database: the lease runs out and somebody tries again
    except Exception:
        _fail(organisation, import_, _("Something went wrong on our side. Nothing is half stored."), clock)
        raise
    release(organisation, import_)
    return import_.state


def _go_through(organisation: Organisation, import_: Import, clock: Clock) -> None:
    if import_.attempts > MOST_ATTEMPTS:
        _fail(organisation, import_, _("The work stopped too often without getting any further."), clock)
    if import_.state in (Import.State.WAITING, Import.State.CHECKING):
        check(organisation, import_, clock=clock)
    if import_.state == Import.State.APPLYING:
        apply(organisation, import_, clock=clock)


def _fail(organisation: Organisation, import_: Import, why: str, clock: Clock) -> None:
    logger.error("import %s of %s failed: %s", import_.pk, organisation.slug, why)
    with holding(organisation, import_):
        import_.refresh_from_db(fields=["parts"])
        import_.state, import_.state_why, import_.finished_at = Import.State.FAILED, why, clock()
        import_.save(update_fields=["state", "state_why", "finished_at"])
        announce(organisation, import_, now=import_.finished_at)
