"""Work that is done in every organisation: in parts, and so that one that fails holds up no other."""

import logging
from collections.abc import Callable

from organisations import tenancy
from organisations.models import Organisation

log = logging.getLogger(__name__)

type Work = Callable[[Organisation, int], int]
"""Does at most so much within an organisation, and says how much it did."""


def in_each_organisation(
    work: Work, *, part: int, what: str, stopping: Callable[[], bool] = lambda: False
) -> int:
    """How much was done, in parts that are each committed by themselves, until one is short.

    `what` names the work in the log when it fails somewhere.
    """
    done = 0
    for organisation in Organisation.objects.order_by("pk"):
        last = part
        while last >= part and not stopping():
            last = 0
            try:
                with tenancy.within(organisation):
                    last = work(organisation, part)
            except Exception:
                log.exception("%s: failed in this round (%s)", organisation.slug, what)
            done += last
    return done
