"""What one calendar is told of one meeting (RFC 5546): asked, changed, taken back. A newer message replaces
one that still waits; each has a sequence of its own.
"""

from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from advocacy.convening.letters import host_of
from advocacy.models import CircleMeeting, CircleSeat, MeetingNotice
from coaching.inviting import entries
from coaching.inviting.entries import Entry, Method, Person
from coaching.inviting.letters import HOLD, MAY_HAVE_LEFT
from organisations.models import User
from post import posting
from post.linking import UNSUBSCRIBE
from post.models import Delivery
from post.recalling import recall
from ui.mail import RenderedMail, render_mail

PURPOSE = Delivery.Purpose.MEETING


def differs(row: MeetingNotice, meeting: CircleMeeting) -> bool:
    return any(getattr(row, name) != getattr(meeting, name) for name in MeetingNotice.TOLD)


def request(
    row: MeetingNotice | None,
    meeting: CircleMeeting,
    seat: CircleSeat,
    *,
    now: datetime,
    simulated: bool = False,
) -> None:
    """Tell them what is planned now; somebody who came back is told in the same row."""
    recipient = seat.contact.recipient
    same = MeetingNotice.objects.filter(meeting=meeting, contact=seat.contact_id, recipient=recipient)
    before = row or same.select_for_update().first()
    notice = before or MeetingNotice(organisation=meeting.organisation, meeting=meeting, recipient=recipient)
    is_first = before is None or not _left(before)
    if before is not None:
        _recall(before, _("a newer one takes its place"))
        notice.sequence += 1
    notice.contact, notice.meeting, notice.ended_at = seat.contact, meeting, None
    for name in MeetingNotice.TOLD:
        setattr(notice, name, getattr(meeting, name))
    notice.save()
    _post(notice, seat, Method.REQUEST, now=now, is_first=is_first, simulated=simulated)


def cancel(row: MeetingNotice, *, now: datetime) -> None:
    """It is off for them: whoever may have heard of it hears that; whoever has not hears nothing."""
    _recall(row, _("the meeting is off for them"))
    row.ended_at = now
    is_told = _left(row) and row.recipient is not None
    row.sequence += is_told
    row.save()
    if is_told:
        seat = CircleSeat.objects.with_people().get(circle=row.meeting.circle_id, contact=row.contact_id)
        _post(row, seat, Method.CANCEL, now=now)


def _left(row: MeetingNotice) -> bool:
    posted = Delivery.objects.filter(purpose=PURPOSE, subject_key__in=row.keys())
    return posted.filter(state__in=MAY_HAVE_LEFT).exists()


def _recall(row: MeetingNotice, why: str) -> None:
    recall(purpose=PURPOSE, subject_keys=row.keys(), why=why)


def _post(
    notice: MeetingNotice,
    seat: CircleSeat,
    method: Method,
    *,
    now: datetime,
    is_first: bool = False,
    simulated: bool = False,
) -> None:
    recipient, organisation = notice.recipient, seat.organisation
    assert recipient is not None, "chosen so"
    recipient.organisation = organisation
    language = recipient.language or organisation.language
    csm = host_of(seat.circle) or seat.contact.customer.owner
    with timezone.override(recipient.tzinfo()), translation.override(language):
        entry = _entry(notice, seat, csm)
        is_off = method is Method.CANCEL
        mail = _mail(notice, seat, csm, {"is_off": is_off, "is_first": is_first, "now": now})
        posting.post(
            organisation=organisation,
            purpose=PURPOSE,
            subject_key=notice.key(notice.sequence),
            recipient=recipient,
            mail=mail,
            now=now,
            due_at=now + HOLD,
            from_name=csm.name if csm else "",
            reply_to=csm.email if csm else "",
            customer_id=seat.contact.customer_id,
            calendar=entries.written(entry, method, now=now),
            simulated=simulated,
        )


def _mail(notice: MeetingNotice, seat: CircleSeat, csm: User | None, said: dict[str, Any]) -> RenderedMail:
    recipient, organisation = notice.recipient, seat.organisation
    assert recipient is not None, "chosen so"
    context: dict[str, Any] = {
        "organisation": organisation,
        "recipient": recipient,
        "unsubscribe_url": UNSUBSCRIBE,
        "contact": seat.contact,
        "customer": seat.contact.customer,
        "circle": seat.circle,
        "notice": notice,
        "csm": csm,
        "ends_at": notice.starts_at + timedelta(minutes=notice.minutes),
        "zone": recipient.tzinfo().key,
        **said,
    }
    return render_mail("advocacy/circle_meeting", context, recipient.language or organisation.language)


def _entry(notice: MeetingNotice, seat: CircleSeat, csm: User | None) -> Entry:
    assert notice.recipient is not None, "chosen so"
    name, address = (csm.name, csm.email) if csm else (seat.organisation.sender, settings.MAIL_FROM)
    return Entry(
        uid=f"circle-meeting-{notice.meeting_id}@{urlsplit(settings.BOSAI_URL).hostname}",
        sequence=notice.sequence,
        starts_at=notice.starts_at,
        minutes=notice.minutes,
        title=f"{seat.circle.name}: {notice.title}",
        about=notice.about,
        place=notice.place,
        organizer=Person(name, address),
        reader=Person(seat.contact.name, notice.recipient.address),
    )
