"""After a win the customer picks what comes next: it becomes a commitment of theirs, or an outcome to word.

Only the person picks, by a link that speaks for them, and takes it back for 24 hours.
"""

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from coaching.alone import alone_with
from coaching.models import Commitment
from coaching.scheduling.commitments import NewCommitment, note
from customers import defining
from customers.models import Contact, Outcome
from milestones import choosing
from milestones.models import Achievement, NextStep, Pick
from organisations.models import User

LONGEST = 366  # days ahead
Becomes = NextStep.Becomes


class NotPossible(ValueError):
    """What keeps it from being picked, or taken back, in words for the customer."""


def pick(
    *,
    achievement: Achievement,
    contact: Contact,
    kind: str,
    due_on: date | None,
    now: datetime,
    is_demo: bool = False,
) -> Pick:
    """Take up one line of the menu. The same pick sent twice is one. Raises NotPossible."""
    with transaction.atomic():
        customer = contact.customer
        alone_with(customer)
        row = Achievement.objects.select_related("milestone", "enrolment").get(pk=achievement.pk)
        same = (
            Pick.objects.standing().filter(enrolment=row.enrolment, milestone_key=row.milestone_key).first()
        )
        if same is not None and (same.contact_id, same.kind) == (contact.pk, kind):
            return same
        offer = next((one for one in choosing.offers(row.milestone.stage) if one.kind == kind), None)
        _check(row, same, offer, contact, due_on, now)
        assert offer is not None, "checked"
        made = Pick(organisation_id=row.organisation_id, enrolment=row.enrolment, milestone=row.milestone)
        made.milestone_key, made.contact, made.kind = row.milestone_key, contact, kind
        made.words, made.due_on, made.at, made.is_demo = offer.words, due_on, now, is_demo
        if offer.becomes_outcome:
            made.outcome = _outcome(contact, offer.words, due_on, now)
        else:
            new = NewCommitment(will=offer.words, owner=contact, due_on=due_on)
            made.commitment_id = note(customer=customer, new=new, by=None, now=now).pk
        made.save(force_insert=True)
        _log(made, "next_step_picked", None, now)
    return made


def undo(*, pick: Pick, now: datetime) -> Pick:
    """The person takes it back: the commitment is gone, the outcome is wanted no more. Raises NotPossible."""
    with transaction.atomic():
        row = _fresh(pick)
        if row.withdrawn_at is not None:
            return row
        if not row.can_be_undone(now):
            raise NotPossible(_("It has been taken up, or was picked more than 24 hours ago. Write to us."))
        row.withdrawn_at = now
        row.save(update_fields=["withdrawn_at"])
        # made by this pick a moment ago, and nobody has done anything with it
        Commitment.objects.open().filter(pk=row.commitment_id or 0).delete()
        if row.outcome is not None and row.outcome.edition == 1:
            why = _("taken back by the customer")
            defining.retire(outcome=row.outcome, why=why, by=None, now=now)
        _log(row, "next_step_undone", None, now)
    return row


def take_up(*, pick: Pick, by: User, now: datetime) -> Pick:
    """Somebody here goes on with it: it leaves Today. Once."""
    with transaction.atomic():
        row = _fresh(pick)
        if row.taken_up_at is None and row.withdrawn_at is None:
            row.taken_up_at, row.taken_up_by = now, by
            row.save(update_fields=["taken_up_at", "taken_up_by"])
            _log(row, "next_step_taken_up", by, now)
    return row


def _check(
    achievement: Achievement,
    same: Pick | None,
    offer: choosing.Offer | None,
    contact: Contact,
    due_on: date | None,
    now: datetime,
) -> None:
    if achievement.withdrawn_at is not None or achievement.enrolment.customer_id != contact.customer_id:
        raise NotPossible(_("This milestone is open again. There is nothing to pick."))
    if same is not None:
        raise NotPossible(_("A next step was picked for this already. It stands on this page."))
    if offer is None:
        raise NotPossible(_("This is not offered any more. Choose another one."))
    if due_on is not None and not 0 <= (due_on - now.date()).days <= LONGEST:
        raise NotPossible(_("Choose a day within the next year, or none."))


def _outcome(contact: Contact, words: str, due_on: date | None, now: datetime) -> Outcome:
    values: dict[str, Any] = {"words": words, "contact": contact, "said_on": now.date(), "target_on": due_on}
    values["said_by"] = _("picked after a milestone")
    return defining.add(customer=contact.customer, values=values, by=None, now=now)


def _fresh(pick: Pick) -> Pick:
    rows = Pick.objects.select_for_update(of=("self",)).select_related(
        "organisation", "outcome__customer__organisation", "enrolment"
    )
    return rows.get(pk=pick.pk)


def _log(pick: Pick, verb: str, by: User | None, now: datetime) -> None:
    data: dict[str, Any] = {
        "milestone_id": pick.milestone_id,
        "contact_id": pick.contact_id,
        "kind": pick.kind,
    }
    if pick.is_demo:
        data["demo"] = True
    pick.organisation.log(verb, by=by, now=now, subject=pick, customer_id=pick.enrolment.customer_id, **data)
