"""What was agreed: note new commitments, and say how they ended."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from coaching.models import Call, Commitment
from customers.models import Contact, Customer
from organisations.models import User


class NotTheirs(ValueError):
    """What keeps somebody at a customer from ticking a commitment, in words for them."""


@dataclass(frozen=True, slots=True)
class NewCommitment:
    """When `when`, `owner` will `will`: theirs or ours, by a date."""

    will: str
    owner: User | Contact
    when: str = ""
    due_on: date | None = None


def settle(*, commitment: Commitment, state: str, by: User, now: datetime) -> Commitment:
    """Say how a commitment ended, or open it again. The same answer again changes nothing.

    Raises ValueError for a state there is not.
    """
    with transaction.atomic():
        kept = Commitment.objects.select_for_update(of=("self",)).select_related("organisation")
        commitment = kept.get(pk=commitment.pk)
        if commitment.state == state:
            return commitment
        commitment.state = Commitment.State(state)
        commitment.settled_at = None if commitment.is_open else now
        commitment.save(update_fields=["state", "settled_at"])
        commitment.organisation.log(
            "commitment_settled",
            by=by,
            now=now,
            subject=commitment,
            customer_id=commitment.customer_id,
            state=commitment.state,
        )
    return commitment


def settle_earlier(*, customer: Customer, settled: Mapping[int, str], by: User, now: datetime) -> None:
    """Settle those of this customer that ended; "open" leaves one as it is, whatever it is by now."""
    ended = {pk: state for pk, state in settled.items() if state != Commitment.State.OPEN}
    for commitment in Commitment.objects.filter(customer=customer, pk__in=ended):
        settle(commitment=commitment, state=ended[commitment.pk], by=by, now=now)


def settle_own(*, commitment: Commitment, contact: Contact, is_kept: bool, now: datetime) -> Commitment:
    """The person themselves ticks their own commitment, or takes the tick back for 24 hours.

    Raises NotTheirs for anybody else's, and for what has been settled otherwise or longer ago.
    """
    state = Commitment.State.KEPT if is_kept else Commitment.State.OPEN
    with transaction.atomic():
        held = Commitment.objects.select_for_update(of=("self",)).select_related("organisation", "customer")
        row = held.get(pk=commitment.pk)
        if row.owner_contact_id != contact.pk:
            raise NotTheirs(_("This is not yours to tick."))
        if row.state == state:
            return row
        if not (row.is_open or row.can_be_unticked(now)):
            raise NotTheirs(_("This was settled before. Write to us if it is no longer right."))
        row.state, row.settled_at = state, now if is_kept else None
        row.save(update_fields=["state", "settled_at"])
        about = {"subject": row, "customer_id": row.customer_id, "contact_id": contact.pk}
        row.organisation.log("commitment_settled", by=None, now=now, state=str(state), **about)
    return row


def commit(*, call: Call, commitments: Sequence[NewCommitment], by: User, now: datetime) -> None:
    """Note what was agreed in a call."""
    for new in commitments:
        note(customer=call.customer, new=new, by=by, now=now, call=call)


def note(
    *, customer: Customer, new: NewCommitment, by: User | None, now: datetime, call: Call | None = None
) -> Commitment:
    """Note one commitment: agreed in a call, or picked by the customer themselves."""
    made_at = call.held_at if call else now
    with transaction.atomic():
        commitment = Commitment.objects.create(
            organisation_id=customer.organisation_id,
            customer=customer,
            call=call,
            owner_user=new.owner if isinstance(new.owner, User) else None,
            owner_contact=new.owner if isinstance(new.owner, Contact) else None,
            when=new.when,
            will=new.will,
            due_on=new.due_on,
            made_at=made_at,
        )
        customer.organisation.log(
            "commitment_made",
            by=by,
            now=now,
            at=made_at,
            subject=commitment,
            customer_id=customer.pk,
            due_on=new.due_on.isoformat() if new.due_on else None,
        )
    return commitment
