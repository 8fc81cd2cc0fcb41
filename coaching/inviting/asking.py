"""Ask people to a planned call, take it back from some, and ask them again when the call is on after all."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from coaching.inviting import letters
from coaching.inviting.following import end, say_what_is_planned
from coaching.inviting.naming import uid_of
from coaching.models import CallInvitation, Touchpoint
from customers.models import Contact, Customer
from organisations.models import User

End = CallInvitation.End


class CannotInvite(ValueError):
    """Somebody is not at this customer, has no address, or the call is not ahead. The text says which."""


def ask(*, touchpoint: Touchpoint, contacts: Collection[Contact], by: User, now: datetime) -> None:
    """These are asked to the call, and nobody else: others are told that it is off for them.

    Whoever was asked already gets nothing new. Raises CannotInvite; then nobody was asked.
    """
    _check(touchpoint, contacts, now)
    with transaction.atomic():
        had = {row.contact_id: row for row in _open(touchpoint)}
        wanted = {contact.pk: contact for contact in contacts}
        for pk, invitation in had.items():
            if pk not in wanted:
                end(invitation, End.TAKEN_BACK, by=by, now=now)
        for pk, contact in wanted.items():
            if pk not in had:
                _ask_one(touchpoint, contact, by, now)


def ask_again(*, touchpoint: Touchpoint, by: User, now: datetime) -> None:
    """The call is on after all: whoever was told that it is off hears it, if they did hear."""
    off = touchpoint.invitations.filter(ended_why=End.CALLED_OFF).select_related("contact__recipient")
    for invitation in off:
        contact = invitation.contact
        if (
            contact.left_on is None
            and contact.recipient_id
            and contact.recipient_id == invitation.recipient_id
        ):
            _ask_one(touchpoint, contact, by, now)


def _open(touchpoint: Touchpoint) -> list[CallInvitation]:
    return list(
        touchpoint.invitations.open().select_related("contact", "recipient").select_for_update(of=("self",))
    )


def _check(touchpoint: Touchpoint, contacts: Collection[Contact], now: datetime) -> None:
    if contacts and (not touchpoint.is_planned or touchpoint.due_at <= now):
        raise CannotInvite(_("Only to a call that is planned and still to come can people be invited."))
    for contact in contacts:
        if contact.customer_id != touchpoint.customer_id or contact.left_on is not None:
            words = _("%(name)s is not at this customer (any more). Nobody was invited.")
            raise CannotInvite(words % {"name": contact.name})
        if not contact.recipient_id:
            words = _("%(name)s has no mail address. Write it down first; nobody was invited.")
            raise CannotInvite(words % {"name": contact.name})
    there = Customer.objects.current().filter(pk=touchpoint.customer_id)
    if contacts and not there.exists():
        raise CannotInvite(_("This customer left or is archived. Nobody was invited."))


def _ask_one(touchpoint: Touchpoint, contact: Contact, by: User, now: datetime) -> None:
    """A new row, or the one of an earlier invitation: its sequence goes on."""
    before = CallInvitation.objects.filter(
        touchpoint=touchpoint, contact=contact, recipient=contact.recipient_id
    ).first()
    invitation = before or CallInvitation(
        organisation_id=touchpoint.organisation_id,
        touchpoint=touchpoint,
        contact=contact,
        recipient=contact.recipient,
        uid=uid_of(touchpoint),
    )
    invitation.touchpoint, invitation.contact = touchpoint, contact
    invitation.invited_at, invitation.invited_by = now, by
    invitation.ended_at, invitation.ended_why = None, ""
    is_same = not say_what_is_planned(invitation)
    if before:
        letters.hold_back(invitation)
    if before and is_same and max(letters.left(invitation), default=-1) == invitation.asked_in:
        invitation.save()  # they hold the request and never heard that it was off
    else:
        if not before:
            invitation.save()
        letters.request(invitation, now=now)
    touchpoint.organisation.log(
        "call_invited",
        by=by,
        now=now,
        subject=invitation,
        customer_id=touchpoint.customer_id,
        contact_id=contact.pk,
    )
