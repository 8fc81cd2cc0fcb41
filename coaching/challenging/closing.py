"""A challenge ends: resolved, or given up, each with a sentence. It may be opened again."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from coaching.alone import alone_with
from coaching.challenging.faults import Incomplete, NotPossible
from coaching.models import Challenge
from organisations.models import User

LONG = 1000


def resolve(*, challenge: Challenge, why: str, by: User, now: datetime) -> Challenge:
    """It stands in the way no more. Raises Incomplete without a sentence, NotPossible when it is closed."""
    return _close(challenge, Challenge.State.RESOLVED, why, by=by, now=now)


def give_up(*, challenge: Challenge, why: str, by: User, now: datetime) -> Challenge:
    """Nobody works on it any more. Raises Incomplete without a sentence, NotPossible when it is closed."""
    return _close(challenge, Challenge.State.GIVEN_UP, why, by=by, now=now)


def reopen(*, challenge: Challenge, by: User, now: datetime) -> Challenge:
    """It is there again, since when it was. Raises NotPossible when another of its kind is open by now."""
    with transaction.atomic():
        alone_with(challenge.customer)
        row = _fresh(challenge)
        if row.is_open:
            return row
        if Challenge.objects.open().filter(customer=row.customer_id, kind=row.kind_id).exists():
            raise NotPossible(
                _("“%(name)s” was opened anew since. Go on with that one.") % {"name": row.kind.name}
            )
        row.state, row.closed_at, row.closed_by, row.closed_why = Challenge.State.OPEN, None, None, ""
        row.save(update_fields=["state", "closed_at", "closed_by", "closed_why"])
        _log(row, "challenge_reopened", by, now)
    return row


def _close(challenge: Challenge, state: str, why: str, *, by: User, now: datetime) -> Challenge:
    why = why.strip()
    if not why:
        raise Incomplete("why", _("Say in a sentence how it ended: the next one learns from it."))
    if len(why) > LONG:
        raise Incomplete("why", _("A sentence or two will do: at most %(most)d characters.") % {"most": LONG})
    with transaction.atomic():
        alone_with(challenge.customer)
        row = _fresh(challenge)
        if not row.is_open:
            if (row.state, row.closed_why) == (state, why):
                return row
            raise NotPossible(_("Somebody closed this challenge meanwhile. What they wrote stands."))
        row.state, row.closed_at, row.closed_by, row.closed_why = state, now, by, why
        row.save(update_fields=["state", "closed_at", "closed_by", "closed_why"])
        _log(row, f"challenge_{state}", by, now)
    return row


def _fresh(challenge: Challenge) -> Challenge:
    row: Challenge = Challenge.objects.select_related("organisation", "kind").get(pk=challenge.pk)
    return row


def _log(challenge: Challenge, verb: str, by: User, now: datetime) -> None:
    customer_id = challenge.customer_id
    challenge.organisation.log(verb, by=by, now=now, subject=challenge, customer_id=customer_id)
