"""When people and customers go: nothing is left without an owner, and every end has its reason."""

from datetime import date, datetime

from django.db import transaction

from coaching import feeding, handing
from coaching.models import Challenge, Commitment, Touchpoint
from customers import keeping
from customers.models import Customer
from milestones import enrolling
from milestones.models import Enrolment
from organisations import governing
from organisations.models import Membership, User


class HeirNeeded(ValueError):
    """They own customers, or have calls planned or promises open: say who has them from now on."""


def customer_leaves(*, customer: Customer, on: date, why: str, by: User, now: datetime) -> int:
    """They leave on a day, for a reason, and so do their enrolments: how many ended.

    What they reach afterwards still counts. Raises `enrolling.NoReason`.
    """
    with transaction.atomic():
        open_ones = list(Enrolment.objects.open().of_customer(customer).select_related("organisation"))
        for enrolment in open_ones:
            enrolling.end(enrolment=enrolment, why=why, by=by, now=now)
        if not why.strip():
            raise enrolling.NoReason
        keeping.mark_left(customer=customer, on=on, why=why.strip(), by=by, now=now)
    return len(open_ones)


def leaves_behind(user: User) -> bool:
    """Whether somebody must take over: customers, planned calls, challenges, or what they promised."""
    return (
        Customer.objects.owned_by(user).exists()
        or Touchpoint.objects.planned().filter(owner=user).exists()
        or Commitment.objects.open().ours(user).exists()
        or Challenge.objects.open().filter(owner=user).exists()
    )


def member_leaves(*, membership: Membership, heir: User | None, by: User, now: datetime) -> int:
    """They hand over their customers with what was planned and promised there, and no longer work here.

    Their calendar address ends for good: coming back, they make another.

    Returns how many customers moved. Raises HeirNeeded, `governing.LastAdmin`.
    """
    with transaction.atomic():
        owned = list(Customer.objects.owned_by(membership.user))
        if heir is None or heir.pk == membership.user_id:
            if leaves_behind(membership.user):
                raise HeirNeeded
        else:
            _hand_over(membership, owned, heir=heir, by=by, now=now)
        feeding.switch_off(organisation=membership.organisation, user=membership.user, by=by, now=now)
        governing.end_membership(membership=membership, by=by, now=now)
    return len(owned)


def _hand_over(membership: Membership, owned: list[Customer], *, heir: User, by: User, now: datetime) -> None:
    organisation, user = membership.organisation, membership.user
    handing.hand_over(organisation=organisation, customers=owned, owner=heir, by=by, now=now)
    Touchpoint.objects.planned().filter(owner=user).update(owner=heir)
    Commitment.objects.open().ours(user).update(owner_user=heir)
    Challenge.objects.open().filter(owner=user).update(owner=heir)
