"""What somebody says to a favour: themselves, on the link of that favour, or written down by a member."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from advocacy.models import Advocate, Favour
from advocacy.recruiting.faults import NotPossible
from advocacy.recruiting.noting import note
from organisations.models import User
from post.models import Link

PURPOSE = "favour"
LONG = 2000
Kind, State = Favour.Kind, Favour.State


def of_link(link: Link) -> Favour | None:
    """The favour this link was sent with; in the demo a member looks as somebody, at what waits for them."""
    if link.is_demo and link.purpose == "customer":
        waiting = Favour.objects.with_people().open().filter(contact=link.subject_id or 0)
        return waiting.newest_first().first()
    if link.purpose != PURPOSE:
        return None
    found: Favour | None = Favour.objects.with_people().filter(pk=link.subject_id or 0).first()
    return found


def answer(*, favour: Favour, link: Link, is_yes: bool, reply: str = "", now: datetime) -> Favour:
    """Their own yes or no. The same twice is one; another one counts until it is done.

    Raises NotPossible: not this link's favour, taken back, or done.
    """
    is_theirs = link.purpose == PURPOSE and link.subject_id == favour.pk
    if not is_theirs and not (link.is_demo and link.subject_id == favour.contact_id):
        raise NotPossible(_("This link only shows. Use the one in the mail that asks you."))
    with transaction.atomic():
        row = _answered(favour, is_yes=is_yes, reply=reply, by=None, now=now, is_demo=link.is_demo)
        Link.objects.filter(pk=link.pk, first_opened_at=None).update(first_opened_at=now)
    return row


def note_answer(*, favour: Favour, is_yes: bool, reply: str = "", by: User, now: datetime) -> Favour:
    """They said it on the phone or in person, and a member writes it down. Raises NotPossible.

    An invitation is theirs alone to accept.
    """
    if is_yes and favour.kind == Kind.INVITATION:
        raise NotPossible(_("Only they can accept an invitation, on the link in their mail."))
    with transaction.atomic():
        return _answered(favour, is_yes=is_yes, reply=reply, by=by, now=now, is_demo=False)


def _answered(
    favour: Favour, *, is_yes: bool, reply: str, by: User | None, now: datetime, is_demo: bool
) -> Favour:
    row: Favour = Favour.objects.with_people().select_for_update(of=("self",)).get(pk=favour.pk)
    state, reply = State.ACCEPTED if is_yes else State.DECLINED, reply.strip()[:LONG]
    if row.state == State.WITHDRAWN:
        raise NotPossible(_("This was taken back since. There is nothing to answer."))
    if not row.is_answerable:
        raise NotPossible(_("This is done already. Thank you; write to us if something is wrong."))
    if (row.state, row.reply) == (state, reply):
        return row
    row.state, row.reply, row.answered_at, row.answered_by, row.is_demo = state, reply, now, by, is_demo
    row.save(update_fields=["state", "reply", "answered_at", "answered_by", "is_demo"])
    if row.kind == Kind.INVITATION:
        _follow_invitation(row, is_yes, now)
    note(row, "favour_accepted" if is_yes else "favour_declined", by=by, now=now, demo=is_demo)
    return row


def _follow_invitation(favour: Favour, is_yes: bool, now: datetime) -> None:
    state = Advocate.State.WILLING if is_yes else Advocate.State.DECLINED
    rows = Advocate.objects.filter(contact=favour.contact_id)
    rows.update(state=state, answered_at=now, ended_at=None)
