"""What a person does with a celebration before it leaves."""

from datetime import timedelta

import pytest

from advocacy import celebrating
from advocacy.celebrating import CannotChange, NotReady
from advocacy.models import Celebration
from milestones.models import Milestone
from organisations.models import Event
from tests import factories
from tests.advocacy.loop import (
    HOUR,
    edit,
    held,
    mails,
    post_due,
    sweep,
)


def test_it_sends_what_a_person_edited(in_harbour, enrolment, metric, now, mara, customer):
    row = held(in_harbour, enrolment, metric, now)
    tomas = factories.make_contact(customer, "Tomás Silva")
    edit(row, mara, now, fact="All 11 depots", personal_line="It was your idea.", guests=[tomas])
    assert post_due(in_harbour, now + timedelta(days=1)) == 1
    [mail] = mails()
    assert (mail.subject, mail.address) == ("All 11 depots", "tomás@kestrel-freight.example")
    assert "It was your idea." in mail.text
    assert "It was your idea." in mail.html
    [event] = Event.objects.filter(verb="celebration_edited")
    assert event.data["fields"] == ["fact", "personal_line", "guests"]


def test_it_invites_nobody_from_another_customer(in_harbour, enrolment, metric, now, mara):
    row = held(in_harbour, enrolment, metric, now)
    stranger = factories.make_contact(factories.make_customer(in_harbour, "Saltmarsh"), "Hanna Lind")
    edit(row, mara, now, guests=[stranger])
    assert not row.guests.exists()


def test_it_previews_exactly_what_is_sent(in_harbour, enrolment, metric, now, mara):
    row = held(in_harbour, enrolment, metric, now)
    edit(row, mara, now, personal_line="Well done, <b>all</b>.")
    row = Celebration.objects.get()
    shown = celebrating.preview(row)
    post_due(in_harbour, now + timedelta(days=1))
    [mail] = mails()
    assert (mail.subject, mail.text, mail.html) == (shown.subject, shown.text, shown.html)


def test_it_sends_at_once_when_told_so(in_harbour, enrolment, metric, now, mara):
    row = held(in_harbour, enrolment, metric, now)
    for _ in range(2):
        celebrating.send_now(celebration=row, by=mara, now=now + HOUR)
    assert len(mails()) == 1
    assert Celebration.objects.get().posted_at == now + HOUR
    assert Event.objects.get(verb="celebration_posted").actor == mara


def test_it_sends_nothing_without_a_fact_even_when_told_so(in_harbour, enrolment, metric, now, mara):
    row = held(in_harbour, enrolment, metric, now)
    row = edit(row, mara, now, fact="  ")
    with pytest.raises(NotReady, match="no specific fact"):
        celebrating.send_now(celebration=row, by=mara, now=now)
    assert mails() == []
    with pytest.raises(NotReady):
        celebrating.approve(celebration=Celebration.objects.get(), by=mara, now=now)


def test_it_stays_stopped_and_can_be_brought_back(in_harbour, enrolment, metric, now, mara):
    row = held(in_harbour, enrolment, metric, now)
    celebrating.stop(celebration=row, by=mara, now=now)
    assert sweep(in_harbour, now + timedelta(days=2)) == 0
    row = Celebration.objects.get()
    assert (row.state, row.state_why) == ("stopped", "stopped by Mara Lindqvist")
    with pytest.raises(CannotChange):
        celebrating.send_now(celebration=row, by=mara, now=now)
    with pytest.raises(CannotChange):
        edit(row, mara, now)
    celebrating.bring_back(celebration=row, by=mara, now=now)
    assert Celebration.objects.get().state == "review"
    assert post_due(in_harbour, now + timedelta(days=2)) == 0, "bringing back is not yet a yes"


def test_it_changes_nothing_that_has_left(in_harbour, enrolment, metric, now, mara):
    row = held(in_harbour, enrolment, metric, now)
    post_due(in_harbour, now + timedelta(days=1))
    for verb in (celebrating.stop, celebrating.approve, celebrating.bring_back):
        with pytest.raises(CannotChange):
            verb(celebration=row, by=mara, now=now + timedelta(days=1))


def test_it_respects_what_is_left_of_the_hold_when_approved(in_harbour, enrolment, metric, now, mara):
    Milestone.objects.update(celebrate="review")
    row = held(in_harbour, enrolment, metric, now)
    row = celebrating.approve(celebration=row, by=mara, now=now + HOUR)
    assert row.due_at == now + timedelta(hours=24)
    late = celebrating.approve(celebration=row, by=mara, now=now + timedelta(days=3))
    assert late.state == "waiting"
