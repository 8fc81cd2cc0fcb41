"""Who is asked to a planned call, each with what became of the last message to them."""

from dataclasses import dataclass

from coaching.inviting import PURPOSE
from coaching.models import CallInvitation, Touchpoint
from organisations.access import MemberRequest
from post.models import Delivery
from post.sights import Sight


@dataclass(frozen=True)
class Invited:
    invitation: CallInvitation
    last: Sight | None
    """Of the last message; None when the outbox has none any more."""


def sights(request: MemberRequest, planned: Touchpoint | None) -> list[Invited]:
    """Those taken back stand in it too."""
    if planned is None:
        return []
    rows = list(planned.invitations.in_order().select_related("contact", "recipient"))
    keys = [row.key(row.sequence) for row in rows]
    found = Delivery.objects.filter(purpose=PURPOSE, subject_key__in=keys)
    last = {each.subject_key: Sight(each, request.membership, request.now) for each in found}
    return [Invited(row, last.get(row.key(row.sequence))) for row in rows]
