"""What was agreed: note new commitments, and say how they ended."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from coaching.models import Call, Commitment
from customers.models import Contact, Customer
from organisations.models import User


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


def commit(*, call: Call, commitments: Sequence[NewCommitment], by: User, now: datetime) -> None:
    """Note what was agreed in a call."""
    for new in commitments:
        commitment = Commitment.objects.create(
            organisation_id=call.organisation_id,
            customer_id=call.customer_id,
            call=call,
            owner_user=new.owner if isinstance(new.owner, User) else None,
            owner_contact=new.owner if isinstance(new.owner, Contact) else None,
            when=new.when,
            will=new.will,
            due_on=new.due_on,
            made_at=call.held_at,
        )
        call.organisation.log(
            "commitment_made",
            by=by,
            now=now,
            at=call.held_at,
            subject=commitment,
            customer_id=call.customer_id,
            due_on=new.due_on.isoformat() if new.due_on else None,
        )
