"""Invitations kept true: what they say is compared with what is planned, and the reader hears the difference.

The verbs of a call ask at once. What happens below this room (a customer archived, somebody who left, another
address, another CSM) is found by the post loop.
"""

from datetime import datetime

from django.db import transaction

from coaching.inviting import letters
from coaching.inviting.lengths import minutes_of
from coaching.models import CallInvitation, CallInvitationQuerySet, Touchpoint
from organisations.models import Organisation, User

End = CallInvitation.End
FOLLOWED_AT_ONCE = 100


def follow(*, touchpoint: Touchpoint, now: datetime, by: User | None = None) -> int:
    """Bring the invitations to one call up to date; how many were not."""
    return _follow(CallInvitation.objects.filter(touchpoint=touchpoint), now, by)


def follow_all(*, organisation: Organisation, now: datetime, at_most: int = FOLLOWED_AT_ONCE) -> int:
    """The same for every call of the current organisation, some at a time."""
    return _follow(CallInvitation.objects.all(), now, None, at_most)


def _follow(rows: CallInvitationQuerySet, now: datetime, by: User | None, at_most: int | None = None) -> int:
    if not rows.astray(now).exists():
        return 0
    with transaction.atomic():
        found = list(
            rows.astray(now)
            .select_related(
                "organisation", "recipient", "contact__recipient", "touchpoint__owner", "touchpoint__customer"
            )
            .select_for_update(of=("self",), skip_locked=at_most is not None)
            .order_by("pk")[:at_most]
        )
        for invitation in found:
            invitation.touchpoint.organisation = invitation.organisation
            _bring_up_to_date(invitation, by, now)
    return len(found)


def _bring_up_to_date(invitation: CallInvitation, by: User | None, now: datetime) -> None:
    why = _why_over(invitation)
    if why:
        end(invitation, why, by=by, now=now)
    elif invitation.recipient is None or invitation.contact.recipient_id != invitation.recipient_id:
        _move(invitation, by, now)
    elif say_what_is_planned(invitation):
        letters.request(invitation, now=now)
        _log(invitation, "call_invitation_updated", by, now)


def _why_over(invitation: CallInvitation) -> str:
    touchpoint = invitation.touchpoint
    if touchpoint.state == Touchpoint.State.HELD:
        return End.HELD
    if touchpoint.state == Touchpoint.State.SKIPPED:
        return End.CALLED_OFF
    if touchpoint.customer.archived_at or touchpoint.customer.left_on:
        return End.GONE
    return End.LEFT if invitation.contact.left_on else ""


def _move(invitation: CallInvitation, by: User | None, now: datetime) -> None:
    """To their new address, where there is one; the old one hears that it is off there."""
    contact = invitation.contact
    end(invitation, End.READDRESSED, by=by, now=now)
    if contact.recipient is None or invitation.touchpoint.due_at <= now:
        return
    moved, _made = CallInvitation.objects.get_or_create(
        organisation_id=invitation.organisation_id,
        touchpoint=invitation.touchpoint,
        contact=contact,
        recipient=contact.recipient,
        defaults={
            **{name: getattr(invitation, name) for name in ("uid", "starts_at", "minutes", "place")},
            **{"organizer": invitation.organizer, "invited_by_id": invitation.invited_by_id},
            # one person may read both addresses in one calendar: there the higher number counts
            **{"invited_at": now, "sequence": invitation.sequence + 1},
        },
    )
    moved.touchpoint, moved.contact = invitation.touchpoint, contact
    moved.ended_at, moved.ended_why = None, ""
    say_what_is_planned(moved)
    letters.request(moved, now=now)
    _log(moved, "call_invited", by, now)


def say_what_is_planned(invitation: CallInvitation) -> bool:
    """Write down what is to be told. False when it says that already."""
    touchpoint = invitation.touchpoint
    said = {
        "starts_at": touchpoint.due_at,
        "minutes": touchpoint.minutes or invitation.minutes or minutes_of(touchpoint),
        "place": touchpoint.place,
        "organizer": touchpoint.owner.email,
    }
    differs = [name for name, value in said.items() if getattr(invitation, name) != value]
    for name, value in said.items():
        setattr(invitation, name, value)
    return bool(differs)


def end(invitation: CallInvitation, why: str, *, by: User | None, now: datetime) -> None:
    """It holds no more. Of a call that was held, or whose time is past, nobody needs to hear."""
    invitation.ended_at, invitation.ended_why = now, why
    invitation.save()
    letters.cancel(invitation, now=now, is_told=why != End.HELD and invitation.starts_at > now)
    _log(invitation, "call_uninvited", by, now)


def _log(invitation: CallInvitation, verb: str, by: User | None, now: datetime) -> None:
    touchpoint = invitation.touchpoint
    touchpoint.organisation.log(
        verb,
        by=by,
        now=now,
        subject=invitation,
        customer_id=touchpoint.customer_id,
        contact_id=invitation.contact_id,
    )
