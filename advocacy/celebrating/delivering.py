"""Celebrations whose hold has passed go into the post, a part at a time, each part whole or not at all."""

import logging
from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from advocacy.celebrating.authenticity import doubt_about
from advocacy.celebrating.faults import CannotChange, NotReady
from advocacy.celebrating.locking import hold
from advocacy.celebrating.noting import announce, note
from advocacy.celebrating.rendering import Letter, letters
from advocacy.celebrating.stopping import stop_all
from advocacy.models import Celebration
from milestones.evidence import outcome_key
from milestones.models import Achievement, Verdict
from organisations.models import Event, Organisation, User
from post import posting
from post.models import Delivery
from post.recalling import post_again

log = logging.getLogger(__name__)
AT_ONCE = 25  # drawn in one transaction: SQLite's other writers wait a quarter of a second, not more
State = Celebration.State


def post_due(
    *, organisation: Organisation, now: datetime, simulated: bool = False, at_most: int | None = None
) -> int:
    """Put what is due in the post; how many celebrations. Simulated ones are kept for reading, never sent.

    `at_most` ends it after about so many: on PostgreSQL the caller's `within` is one transaction, and whoever
    contests waits for it.
    """
    total = 0
    with translation.override(organisation.language), timezone.override(organisation.tzinfo):
        due = Celebration.objects.filter(state=State.WAITING, due_at__lte=now)
        while due.exists():  # asked first: an idle round takes no lock
            with transaction.atomic():
                rows = list(_locked(due).order_by("due_at", "id")[:AT_ONCE])
                total += _post(rows, organisation, now=now, simulated=simulated)
            if not rows or (at_most is not None and total >= at_most):
                break
    return total


def send_now(*, celebration: Celebration, by: User, now: datetime, simulated: bool = False) -> Celebration:
    """A person's yes, hold or no hold. Pressed twice, it goes once. Raises NotReady, CannotChange."""
    organisation = celebration.organisation
    with transaction.atomic():
        row = _locked(Celebration.objects.filter(pk=celebration.pk), pass_over=False).get()
        if row.state in (State.POSTED, State.SIMULATED):
            return row
        if row.state == State.STOPPED:
            raise CannotChange(_("It was stopped. Bring it back first."))
        _post([row], organisation, now=now, simulated=simulated, by=by)
    if row.state not in (State.POSTED, State.SIMULATED):
        raise NotReady(_("It cannot go out: %(why)s.") % {"why": row.state_why})
    return row


def _locked(rows: QuerySet[Celebration], *, pass_over: bool = True) -> QuerySet[Celebration]:
    """With all their mails need. What somebody else is at is passed over, or waited for."""
    return rows.select_for_update(of=("self",), skip_locked=pass_over).select_related(
        "organisation", "milestone", "enrolment__customer__owner", "achievement", "signed_by"
    )


def _post(
    rows: Sequence[Celebration],
    organisation: Organisation,
    *,
    now: datetime,
    simulated: bool,
    by: User | None = None,
) -> int:
    """Post those that may go; stop those whose achievement is gone; hand the rest to a person."""
    if not rows:
        return 0
    hold([row.enrolment_id for row in rows])
    standing = _standing(rows)
    gone = [row for row in rows if row.pk not in standing]
    if gone:
        for row in gone:
            row.achievement.refresh_from_db(fields=["withdrawn_at", "withdrawn_why"])
        stop_all(gone, now=now)
    found = letters([row for row in rows if row.pk in standing], now=now)
    posted = [row for row in rows if row.pk in found and _post_one(found[row.pk], now, simulated)]
    for row in posted:
        row.state, row.posted_at, row.state_why = (State.SIMULATED if simulated else State.POSTED), now, ""
        row.signed_by = found[row.pk].signer
    fields = ["state", "state_why", "posted_at", "signed_by"]
    Celebration.objects.bulk_update([row for row in rows if row.pk in found], fields)
    Event.objects.bulk_create(note("celebration_posted", row, now=now, by=by) for row in posted)
    announce([row for row in posted if row.state == State.POSTED], organisation, now=now)
    return len(posted)


def _standing(rows: Sequence[Celebration]) -> set[int]:
    """Those whose achievement stands, and will until this transaction is over: whoever contests waits."""
    stands = Achievement.objects.standing().select_for_update(of=("self",))
    ids = set(
        stands.filter(pk__in=[row.achievement_id for row in rows]).order_by("id").values_list("pk", flat=True)
    )
    contested = set(
        Verdict.objects.open_contests()
        .filter(enrolment__in=[row.enrolment_id for row in rows])
        .values_list("enrolment_id", "milestone_key")
    )
    return {
        row.pk
        for row in rows
        if row.achievement_id in ids and (row.enrolment_id, row.milestone_key) not in contested
    }


def _post_one(letter: Letter, now: datetime, simulated: bool) -> bool:
    """One that cannot be drawn holds up no other: it waits for a person instead."""
    row = letter.celebration
    row.state_why = doubt_about(
        fact=row.fact, has_guest=bool(letter.guests), personal_line=row.personal_line
    )[:200]
    if not row.state_why:
        try:
            with transaction.atomic():
                _deliver(letter, now, simulated)
        except Exception:
            log.exception("celebration %s could not be put in the post", row.pk)
            row.state_why = _("its mail could not be drawn")
    if row.state_why:
        row.state = State.REVIEW
    return not row.state_why


def _deliver(letter: Letter, now: datetime, simulated: bool) -> None:
    row = letter.celebration
    for guest in letter.guests:
        assert guest.recipient is not None, "letters only have guests with an address"
        mail = letter.render(guest, now=now)
        delivery = posting.post(
            organisation=row.organisation,
            purpose=Delivery.Purpose.CELEBRATION,
            subject_key=outcome_key(row.enrolment_id, row.milestone_key),
            recipient=guest.recipient,
            mail=mail,
            now=now,
            from_name=letter.from_name,
            reply_to=letter.reply_to,
            customer_id=row.enrolment.customer_id,
            links=letter.links(guest),
            simulated=simulated,
        )
        if delivery.state == Delivery.State.STOPPED:
            post_again(delivery, mail=mail, now=now)
