"""A copied or restored database sends nothing by itself.

The database has a key and counts the sends it has begun (`Installation`); the state folder keeps the key and
the number of the last one (`marks`). The count is committed together with `sending`, the mark follows, and
only then does the message leave. So:

- a crash at any moment leaves the mark equal to the count or behind it, and holds nothing;
- a mark ahead of the count says that mail has left which this database does not remember: it is older;
- no mark, or another key, says that the database has come from somewhere else.

In the last two cases every organisation's mail is held until somebody of theirs says go, and the database
gets a new key: it is an installation of its own from then on. Downtime changes neither, so it holds nothing.

Whoever sends looks (`is_home`); only the post loop decides. A worker with another state folder, which has no
mark, leaves the mail to the loop. Hosts that both run the loop need the same state folder.
"""

import logging
from datetime import datetime
from uuid import uuid4

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from organisations.models import Organisation, User
from post import leases, marks
from post.leases import one_transaction_within
from post.marks import Mark, MarkFile
from post.models import Delivery, Hold, Installation, PostDue, WebhookDelivery

log = logging.getLogger(__name__)
State = Delivery.State


class NotHeldError(Exception):
    """Nothing is held (any more)."""


def is_home(*, now: datetime, decides: bool = True) -> bool:
    """Whether mail may leave from here. With `decides`, a strange database is settled in, its mail held."""
    mark = marks.read()  # before the row: the count only grows
    if _fault(mark, _installation()) == "":
        return True
    if decides:
        with marks.locked() as file:
            _decide(file, now)
    return decides


def _installation() -> Installation | None:
    return Installation.objects.filter(pk=Installation.ONLY).first()


def _fault(mark: Mark | None, row: Installation | None) -> str:
    """What speaks against sending: nothing, "new", or why mail has to be held."""
    if row is None:
        # Never guarded: a fresh database, or the first start of a version that guards. Nothing has left
        # since then, else the mark would say so: then this database is from before that start.
        return Hold.Why.OLDER if mark is not None and mark.number else "new"
    if mark is None or mark.key != row.key:
        return Hold.Why.COPY
    return Hold.Why.OLDER if mark.number > row.sends else ""


def _decide(file: MarkFile, now: datetime) -> None:
    """Make this database one that grows here. Cut off at any point, it is decided again, the same way."""
    row = _installation()
    fault = _fault(file.read(), row)
    if fault == "":
        return  # somebody else was quicker
    if fault != "new":
        log.warning("mail is held: this looks like a copy or a restored backup (%s)", fault)
        for organisation in Organisation.objects.order_by("pk"):
            hold(organisation, why=Hold.Why(fault), now=now)
    key, sends = uuid4(), row.sends if row else 0
    # The mark first: a new database whose row is missing next to a mark of 0 is still a new one.
    file.write(Mark(key, sends))
    Installation.objects.update_or_create(pk=Installation.ONLY, defaults={"key": key, "sends": sends})


def hold(organisation: Organisation, *, why: Hold.Why, now: datetime) -> None:
    """What waits is held, what was leaving is uncertain: who knows what became of it elsewhere."""
    with one_transaction_within(organisation), override(organisation.language):
        Hold.objects.get_or_create(
            organisation=organisation, ended_at=None, defaults={"why": why, "since": now}
        )
        free = {"lease_token": None, "lease_until": None}
        held = Delivery.objects.filter(state=State.PENDING).update(
            state=State.HELD, reason=_("held: this looks like a copy or a restored backup"), **free
        )
        uncertain = Delivery.objects.filter(state=State.SENDING).update(
            state=State.UNCERTAIN, reason=_("it was leaving when this copy was made"), **free
        )
        PostDue.objects.filter(organisation=organisation).delete()
        organisation.log("post_held", by=None, now=now, cause=why, held=held, uncertain=uncertain)


def current_hold() -> Hold | None:
    """Why the mail of the current organisation waits; None when it does not."""
    found: Hold | None = Hold.objects.filter(ended_at=None).first()
    return found


def hold_back(organisation: Organisation, *, now: datetime) -> bool:
    """While mail is held, what becomes due is held as well. False when nothing is held."""
    if current_hold() is None:
        return False
    with transaction.atomic():
        # under the hold's own lock: what is released at this moment must not be held once more
        if not Hold.objects.select_for_update().filter(ended_at=None).exists():
            return False
        due = PostDue.objects.filter(organisation=organisation, due_at__lte=now).values("delivery")
        Delivery.objects.filter(pk__in=due, state=State.PENDING).update(
            state=State.HELD, reason=_("held: it became due while mail is held")
        )
        leases.forget_settled(organisation, now=now)
    return True


def held_count() -> int:
    return Delivery.objects.filter(state=State.HELD).count()


@transaction.atomic
def send_from_here_on(*, organisation: Organisation, choice: Hold.Choice, by: User, now: datetime) -> int:
    """A person's word: mail leaves from here again, the held ones too or not. How many those were.

    Raises NotHeldError.
    """
    held = Hold.objects.select_for_update().filter(ended_at=None).first()
    if held is None:
        raise NotHeldError(_("Mail is not held any more."))
    held.ended_at, held.ended_by, held.choice = now, by, choice
    held.save(update_fields=["ended_at", "ended_by", "choice"])
    count = _let_go(organisation, now) if choice == Hold.Choice.SEND else _leave_stopped(by, now)
    organisation.log("post_released", by=by, now=now, choice=choice, mails=count)
    return count


def _let_go(organisation: Organisation, now: datetime) -> int:
    ids = list(Delivery.objects.filter(state=State.HELD).order_by("pk").values_list("pk", flat=True))
    PostDue.objects.bulk_create(
        [PostDue(delivery_id=pk, organisation=organisation, due_at=now) for pk in ids],
        update_conflicts=True,
        unique_fields=["delivery"],
        update_fields=["due_at"],
        batch_size=500,
    )
    return Delivery.objects.filter(state=State.HELD).update(state=State.PENDING, reason="", due_at=now)


def _leave_stopped(by: User, now: datetime) -> int:
    """Webhooks wait while mail is held, and are stopped with it."""
    WebhookDelivery.objects.all().stop(now=now)
    reason = _("left stopped by %(name)s: it waited in a copy") % {"name": by.name}
    return Delivery.objects.filter(state=State.HELD).update(state=State.STOPPED, reason=reason[:500])
