"""A meeting is in the calendar of everybody in the circle, and of nobody else; it moves and goes."""

import pytest
from icalendar import Calendar

from advocacy import convening
from advocacy.models import CircleMeeting, MeetingNotice
from post.models import Delivery
from tests.advocacy.circles.gathered import DAY, seat_of


@pytest.fixture
def values(now):
    return {
        "title": "How we began",
        "about": "Bring one number.",
        "starts_at": now + 9 * DAY,
        "minutes": 45,
        "place": "https://meet.example/daily",
    }


@pytest.fixture
def meeting(circle, values, mara, now):
    return convening.plan(circle=circle, values=values, by=mara, now=now)


def mails(**about):
    return list(Delivery.objects.filter(purpose="meeting", **about).order_by("pk"))


def entry(mail):
    calendar = Calendar.from_ical(mail.calendar)
    return str(calendar["METHOD"]), calendar.walk("VEVENT")[0]


def leave_the_house():
    Delivery.objects.filter(purpose="meeting", state="pending").update(state="sent")


def test_each_gets_an_entry_of_their_own_with_nobody_else_in_it(circle, meeting, amara, ken, mara, now):
    assert len(mails()) == 3
    (mail,) = mails(address=amara.address)
    method, event = entry(mail)
    assert (method, int(event["SEQUENCE"]), str(event["SUMMARY"])) == (
        "REQUEST",
        0,
        "Daily data: How we began",
    )
    assert event.decoded("DTSTART") == meeting.starts_at
    assert str(event["ATTENDEE"]) == f"mailto:{amara.address}"
    assert all(word not in mail.calendar + mail.text + mail.html for word in ("Ken", ken.address, "Alder"))
    assert (mail.reply_to, mail.subject) == (mara.email, "How we began on 21 March, 10:00")
    assert (mail.due_at - now).total_seconds() == 120


def test_planned_twice_it_is_one_and_no_other_takes_its_place(circle, meeting, values, mara, now):
    assert convening.plan(circle=circle, values=values, by=mara, now=now) == meeting
    assert (CircleMeeting.objects.count(), len(mails())) == (1, 3)
    other = convening.plan(circle=circle, values=values | {"title": "Another"}, by=mara, now=now)
    with pytest.raises(convening.WordsMissing, match="already"):
        convening.change(meeting=other, values=values, by=mara, now=now)


def test_it_moves_in_every_calendar_and_saving_the_same_tells_nobody(circle, meeting, values, mara, now):
    leave_the_house()
    convening.change(meeting=meeting, values=values, by=mara, now=now)
    assert mails(state="pending") == []
    later = values | {"starts_at": now + 10 * DAY}
    for _twice in range(2):
        convening.change(meeting=meeting, values=later, by=mara, now=now)
    moved = mails(state="pending")
    assert [(entry(one)[0], int(entry(one)[1]["SEQUENCE"])) for one in moved] == [("REQUEST", 1)] * 3
    assert len({str(entry(one)[1]["UID"]) for one in mails()}) == 1
    assert moved[0].subject.startswith("Changed: ")
    with pytest.raises(convening.WordsMissing, match="in the past"):
        convening.change(meeting=meeting, values=values | {"starts_at": now}, by=mara, now=now)


def test_called_off_it_goes_from_the_calendars_that_had_it(circle, meeting, amara, mara, now):
    Delivery.objects.filter(purpose="meeting", address=amara.address).update(state="sent")
    for _twice in range(2):
        convening.call_off(meeting=meeting, by=mara, now=now)
    (told,) = mails(state="pending")
    assert (told.address, entry(told)[0]) == (amara.address, "CANCEL")
    assert len(mails(state="stopped")) == 2
    assert MeetingNotice.objects.filter(ended_at=None).count() == 0
    with pytest.raises(convening.NotPossible):
        convening.change(
            meeting=meeting,
            values={name: getattr(meeting, name) for name in MeetingNotice.TOLD},
            by=mara,
            now=now,
        )


def test_who_leaves_loses_it_and_who_joins_again_has_it_again(circle, meeting, ken, now):
    leave_the_house()
    convening.leave(seat=seat_of(ken), now=now)
    (off,) = mails(state="pending")
    assert (off.address, entry(off)[0], int(entry(off)[1]["SEQUENCE"])) == (ken.address, "CANCEL", 1)
    leave_the_house()
    convening.join(seat=seat_of(ken), now=now)
    (on,) = mails(state="pending")
    assert (on.address, entry(on)[0], int(entry(on)[1]["SEQUENCE"])) == (ken.address, "REQUEST", 2)
    assert MeetingNotice.objects.filter(contact=ken).count() == 1


def test_who_left_their_company_is_found_and_told_by_the_loop(circle, meeting, ken, now):
    leave_the_house()
    ken.left_on = now.date()
    ken.save()
    assert convening.tend_everywhere(now=now) >= 1
    (off,) = mails(state="pending")
    assert (off.address, entry(off)[0]) == (ken.address, "CANCEL")
    convening.tend_everywhere(now=now)
    assert len(mails(state="pending")) == 1


def test_what_is_past_stays(circle, meeting, mara, now):
    late = meeting.starts_at + DAY
    with pytest.raises(convening.NotPossible, match="is past"):
        convening.call_off(meeting=meeting, by=mara, now=late)
    assert CircleMeeting.objects.ahead(late).count() == 0
