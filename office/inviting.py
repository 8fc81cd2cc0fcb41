"""Bring a colleague in: asked by mail, they answer behind a link that is theirs alone.

A link opens for days, once. Opening it changes nothing; answering makes the membership. An invitation that is
asked again, to the same address, is the same invitation, renewed.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from organisations import governing, tenancy
from organisations.models import Invitation, Membership, Organisation, Role, User
from post import linking, posting
from post.linking import LinkSpec
from post.models import Delivery, Link
from ui.mail import render_mail

DAYS = 14
LINK = "[invitation link]"


class AlreadyMember(ValueError):
    """This address belongs to somebody who works here."""


class NoLongerOpen(ValueError):
    """Accepted, withdrawn or out of date: ask for a new invitation."""


class NotYours(ValueError):
    """The invitation is for another address."""


@dataclass(frozen=True)
class Guest:
    """Somebody at the door: what they hold, where it leads, and who they are if we know them."""

    organisation: Organisation
    invitation: Invitation
    link: Link
    known: User | None


def invite(*, organisation: Organisation, email: str, role: Role, by: User, now: datetime) -> Invitation:
    """Ask somebody in by mail. Raises AlreadyMember; asking again renews the open invitation."""
    email = email.strip().lower()
    with transaction.atomic():
        members = Membership.objects.filter(organisation=organisation, ended_at=None)
        if members.filter(user__email__iexact=email).exists():
            raise AlreadyMember(email)
        invitation = _open(organisation).filter(email__iexact=email).first()
        if invitation is None:
            invitation = Invitation(organisation=organisation, email=email)
        invitation.role, invitation.invited_by = role, by
        invitation.invited_at, invitation.expires_at = now, now + timedelta(days=DAYS)
        invitation = _kept(invitation)
        organisation.log("member_invited", by=by, now=now, subject=invitation, role=role)
        _post(invitation, by=by, now=now)
    return invitation


def _kept(invitation: Invitation) -> Invitation:
    """Stored; or, when a colleague invited the same address this moment, theirs, renewed."""
    try:
        with transaction.atomic():
            invitation.save()
    except IntegrityError:
        same = _open(invitation.organisation).filter(email__iexact=invitation.email).first()
        if same is None:
            raise
        invitation.pk = same.pk
        invitation.save(force_update=True)
    return invitation


def resend(*, invitation: Invitation, by: User, now: datetime) -> None:
    """The same question once more, with fresh days. Raises NoLongerOpen."""
    with transaction.atomic():
        _renew(invitation, now)
        _post(invitation, by=by, now=now)


def fresh_link(*, invitation: Invitation, by: User, now: datetime) -> str:
    """An address to hand over by another way. It cannot be shown again. Raises NoLongerOpen."""
    with transaction.atomic():
        _renew(invitation, now)
        token = linking.make(
            organisation=invitation.organisation,
            purpose="invitation",
            subject_id=invitation.pk,
            address=invitation.email,
            now=now,
            days=DAYS,
            by=by,
        )
    return linking.url("invitation", token)


def withdraw(*, invitation: Invitation, by: User, now: datetime) -> None:
    """Take it back; its links open nothing any more."""
    organisation = invitation.organisation
    with transaction.atomic():
        if _open(organisation).filter(pk=invitation.pk).update(withdrawn_at=now):
            organisation.log("invitation_withdrawn", by=by, now=now, subject=invitation)


def find(token: str, *, now: datetime) -> Guest | None:
    """Who stands at the door with this token; None for any that opens nothing. Reads only."""
    found = linking.find_open(token, now=now)
    if found is None or found[1].purpose != "invitation":
        return None
    organisation, link = found
    with tenancy.within(organisation):
        invitation = Invitation.objects.filter(pk=link.subject_id).first()
    if invitation is None or not invitation.is_open(now):
        return None
    invitation.organisation = organisation
    return Guest(organisation, invitation, link, User.objects.filter(email__iexact=invitation.email).first())


def accept(*, guest: Guest, user: User, now: datetime) -> Membership:
    """Somebody we know comes in, signed in as themselves. Raises NotYours, NoLongerOpen."""
    if user.email.lower() != guest.invitation.email.lower():
        raise NotYours
    organisation = guest.organisation
    with tenancy.within(organisation), transaction.atomic():
        if not _open(organisation).filter(pk=guest.invitation.pk).update(accepted_at=now):
            raise NoLongerOpen
        Link.objects.filter(pk=guest.link.pk).update(spent_at=now)
        role = Role(guest.invitation.role)
        return governing.join(organisation=organisation, user=user, role=role, by=user, now=now)


def accept_as_new(*, guest: Guest, name: str, password: str, now: datetime) -> User:
    """Somebody new comes in with a name and a password. Raises NoLongerOpen, NotYours for a known address."""
    if guest.known:
        raise NotYours
    with transaction.atomic():
        user = _new_user(guest.invitation.email, name=name, password=password, now=now)
        accept(guest=guest, user=user, now=now)
    return user


def _new_user(email: str, *, name: str, password: str, now: datetime) -> User:
    """Raises NotYours when somebody came in with this address this moment, as a form sent twice does."""
    try:
        with transaction.atomic():
            return User.objects.create_user(email, name=name, password=password, joined_at=now)
    except IntegrityError as error:
        if User.objects.filter(email__iexact=email).exists():
            raise NotYours from error
        raise


def _open(organisation: Organisation) -> QuerySet[Invitation]:
    rows = Invitation.objects.select_for_update().filter(accepted_at=None, withdrawn_at=None)
    return rows.filter(organisation=organisation)


def _renew(invitation: Invitation, now: datetime) -> None:
    expires_at = now + timedelta(days=DAYS)
    if not _open(invitation.organisation).filter(pk=invitation.pk).update(expires_at=expires_at):
        raise NoLongerOpen
    invitation.expires_at = expires_at


def _post(invitation: Invitation, *, by: User, now: datetime) -> Delivery:
    organisation = invitation.organisation
    recipient = posting.recipient_for(organisation=organisation, address=invitation.email)
    context = {
        "organisation": organisation,
        "invitation": invitation,
        "by": by,
        "link": LINK,
        "days": DAYS,
    }
    return posting.post(
        organisation=organisation,
        purpose=Delivery.Purpose.INVITATION,
        subject_key=f"invitation:{invitation.pk}:{now.isoformat()}",
        recipient=recipient,
        mail=render_mail("office/invitation", context, recipient.language or organisation.language),
        now=now,
        from_name=by.name,
        reply_to=by.email,
        links=[LinkSpec(LINK, "invitation", invitation.pk, DAYS)],
    )
