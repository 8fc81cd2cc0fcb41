"""Invitations to a planned call, as calendar programs get them: asked, moved, called off, taken back."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.conf import LazySettings
from django.urls import reverse
from icalendar import Calendar

from coaching import inviting, scheduling
from coaching.inviting import entries
from coaching.inviting.entries import Entry, Method, Person
from coaching.models import CallInvitation, Touchpoint
from coaching.scheduling import Terms
from customers import keeping
from customers.models import Contact, Customer
from organisations.models import Organisation, User
from post import dispatching, settling
from post.models import Delivery, Recipient
from tests import factories
from tests.post.test_mime import NASTY
from tests.services.smtp_sink import SmtpSink

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 12, 9, 0, tzinfo=UTC)
SOON = NOW + timedelta(days=2)
LATER = SOON + timedelta(hours=3)
AMARA = "amara@kestrel-freight.example"
State = Delivery.State


@pytest.fixture(autouse=True)
def _at(settings: LazySettings, clock: datetime) -> None:
    settings.BOSAI_URL = "https://cs.harbour.example"


@pytest.fixture
def mail_server(smtp_sink: SmtpSink, settings: LazySettings) -> SmtpSink:
    """SMTP_URL points to a real server."""
    settings.SMTP_URL, settings.MAIL_FROM = smtp_sink.url, "bosai@harbour.example"
    return smtp_sink


def plan(
    customer: Customer, owner: User, due_at: datetime = SOON, now: datetime = NOW, **terms: Any
) -> Touchpoint:
    about = {"organisation": customer.organisation, "customer": customer, "owner": owner, "by": owner}
    return scheduling.plan(**about, due_at=due_at, now=now, terms=Terms(**terms))


@pytest.fixture
def call(kestrel: Customer, mara: User, amara: Contact) -> Touchpoint:
    """In two days, with Amara."""
    return plan(kestrel, mara, minutes=45, place="https://meet.example/harbour", invite=[amara])


def mails() -> list[Delivery]:
    return list(Delivery.objects.filter(purpose=inviting.PURPOSE).order_by("pk"))


def said(delivery: Delivery) -> tuple[str, Any]:
    """The method of an entry, and its event."""
    calendar = Calendar.from_ical(delivery.calendar)
    (event,) = calendar.walk("VEVENT")
    return str(calendar["METHOD"]), event


def leave() -> None:
    """As if the mail server had taken all that waits."""
    Delivery.objects.filter(state=State.PENDING).update(state=State.SENT, sent_at=NOW)


def follow(now: datetime = NOW) -> int:
    """As the post loop does, within Harbour."""
    harbour = Organisation.objects.get(slug="harbour")
    return inviting.follow_all(organisation=harbour, now=now)


def test_it_asks_with_time_length_place_and_both_people(call: Touchpoint) -> None:
    (mail,) = mails()
    method, event = said(mail)
    assert (method, event["SEQUENCE"], event["STATUS"]) == ("REQUEST", 0, "CONFIRMED")
    assert str(event["UID"]) == f"touchpoint-{call.pk}@cs.harbour.example"
    assert (event.start, event.end) == (SOON, SOON + timedelta(minutes=45))
    assert str(event["LOCATION"]) == "https://meet.example/harbour"
    assert str(event["ORGANIZER"]) == f"mailto:{call.owner.email}"
    assert str(event["ATTENDEE"]) == f"mailto:{AMARA}"
    assert event["ATTENDEE"].params["RSVP"] == "TRUE"
    assert event["ATTENDEE"].params["PARTSTAT"] == "NEEDS-ACTION"
    assert mail.reply_to == call.owner.email
    assert mail.due_at == NOW + inviting.HOLD
    # the words say it in the reader's zone, which is Amsterdam's here
    assert (
        "Saturday, 14 March 2026\n10:00 – 10:45 (Europe/Amsterdam)\nhttps://meet.example/harbour" in mail.text
    )


@pytest.mark.parametrize(
    "terms", [{"due_at": LATER}, {"minutes": 20}, {"place": "Room 4"}], ids=["time", "length", "place"]
)
def test_it_tells_what_changes_under_the_next_sequence(
    call: Touchpoint, kestrel: Customer, mara: User, terms: dict[str, Any]
) -> None:
    leave()
    plan(kestrel, mara, **{"due_at": SOON, **terms})
    first, second = mails()
    (method, event), (_, before) = said(second), said(first)
    assert (method, event["SEQUENCE"], event["UID"]) == ("REQUEST", 1, before["UID"])
    assert second.subject.startswith("Changed")
    plan(kestrel, mara, **{"due_at": SOON, **terms})
    assert len(mails()) == 2


def test_what_only_we_read_changes_nothing_for_them(call: Touchpoint, kestrel: Customer, mara: User) -> None:
    leave()
    about = {"organisation": kestrel.organisation, "customer": kestrel, "owner": mara, "by": mara}
    scheduling.plan(**about, due_at=SOON, now=NOW, purpose="They may be about to leave")
    (mail,) = mails()
    assert "about to leave" not in mail.calendar + mail.text


def test_a_change_within_the_hold_leaves_one_mail(call: Touchpoint, kestrel: Customer, mara: User) -> None:
    plan(kestrel, mara, due_at=LATER)
    first, second = mails()
    assert (first.state, second.state) == (State.STOPPED, State.PENDING)
    assert second.subject.startswith("Call with")  # nothing left before: to them it is the first
    assert said(second)[1].start == LATER


def test_called_off_it_cancels_what_they_have(call: Touchpoint, mara: User) -> None:
    leave()
    scheduling.skip(touchpoint=call, by=mara, now=NOW)
    method, event = said(mails()[-1])
    assert (method, event["SEQUENCE"], event["STATUS"]) == ("CANCEL", 1, "CANCELLED")
    assert str(event["ATTENDEE"]) == f"mailto:{AMARA}"


def test_what_never_left_is_stopped_and_nobody_hears(call: Touchpoint, mara: User) -> None:
    scheduling.skip(touchpoint=call, by=mara, now=NOW)
    (mail,) = mails()
    assert (mail.state, mail.reason) == (State.STOPPED, "the call is off")


def test_undone_in_time_it_is_as_if_nothing_was(call: Touchpoint, mara: User) -> None:
    leave()
    scheduling.skip(touchpoint=call, by=mara, now=NOW)
    scheduling.bring_back(touchpoint=call, by=mara, now=NOW)
    request, cancel = mails()
    assert (request.state, cancel.state) == (State.SENT, State.STOPPED)
    assert call.invitations.open().count() == 1
    assert follow() == 0


def test_undone_too_late_it_asks_again_with_a_higher_sequence(call: Touchpoint, mara: User) -> None:
    for _ in range(2):
        leave()
        scheduling.skip(touchpoint=call, by=mara, now=NOW)
        leave()
        scheduling.bring_back(touchpoint=call, by=mara, now=NOW)
    assert [(said(m)[0], said(m)[1]["SEQUENCE"]) for m in mails()] == [
        *(("REQUEST", 0), ("CANCEL", 1), ("REQUEST", 2), ("CANCEL", 3), ("REQUEST", 4))
    ]
    assert len({str(said(m)[1]["UID"]) for m in mails()}) == 1


def test_unticked_one_is_told_and_the_others_are_not(
    call: Touchpoint, kestrel: Customer, mara: User, amara: Contact, tomas: Contact
) -> None:
    plan(kestrel, mara, invite=[amara, tomas])
    leave()
    plan(kestrel, mara, invite=[tomas])
    assert [(m.address, said(m)[0]) for m in mails()] == [
        *((AMARA, "REQUEST"), (tomas.address, "REQUEST"), (AMARA, "CANCEL"))
    ]
    assert all(AMARA not in m.calendar for m in mails() if m.address != AMARA)
    assert call.invitations.get(contact=amara).ended_why == CallInvitation.End.TAKEN_BACK


@pytest.mark.parametrize("what", ["archived", "left", "person left"])
def test_the_loop_cancels_what_became_void_elsewhere(
    call: Touchpoint, kestrel: Customer, mara: User, amara: Contact, what: str
) -> None:
    leave()
    assert follow() == 0
    if what == "archived":
        keeping.archive(customer=kestrel, by=mara, now=NOW)
    elif what == "left":
        keeping.mark_left(customer=kestrel, on=NOW.date(), why="", by=mara, now=NOW)
    else:
        keeping.contact_left(contact=amara, on=NOW.date(), by=mara, now=NOW)
    assert follow() == 1
    assert follow() == 0
    assert [said(m)[0] for m in mails()] == ["REQUEST", "CANCEL"]
    assert mails()[-1].state == State.PENDING


def test_another_address_takes_over_and_the_old_one_hears(
    call: Touchpoint, amara: Contact, mara: User
) -> None:
    leave()
    keeping.edit_contact(contact=amara, values={"address": "amara@new.example"}, by=mara, now=NOW)
    assert follow() == 1
    assert [(m.address, said(m)[0], said(m)[1]["SEQUENCE"]) for m in mails()[1:]] == [
        *((AMARA, "CANCEL", 1), ("amara@new.example", "REQUEST", 2))
    ]
    assert follow() == 0


def test_another_csm_becomes_the_organizer(call: Touchpoint, theo: User) -> None:
    leave()
    Touchpoint.objects.filter(pk=call.pk).update(owner=theo)
    assert follow() == 1
    method, event = said(mails()[-1])
    assert (method, str(event["ORGANIZER"]), mails()[-1].reply_to) == (
        *("REQUEST", f"mailto:{theo.email}"),
        theo.email,
    )


def test_a_call_that_was_held_or_is_past_cancels_nothing(
    call: Touchpoint, kestrel: Customer, mara: User
) -> None:
    leave()
    after = SOON + timedelta(hours=2)
    keeping.archive(customer=kestrel, by=mara, now=after)
    assert follow(after) == 0
    scheduling.log_call(
        organisation=kestrel.organisation, customer=kestrel, by=mara, held_at=SOON, now=after, goal="More"
    )
    assert call.invitations.get().ended_why == CallInvitation.End.HELD
    assert len(mails()) == 1


def test_it_invites_nobody_it_cannot(call: Touchpoint, kestrel: Customer, mara: User, amara: Contact) -> None:
    mute = factories.make_contact(kestrel, "Nobody Reached")
    Contact.objects.filter(pk=mute.pk).update(recipient=None)
    mute.refresh_from_db()
    stranger = factories.make_contact(factories.make_customer(kestrel.organisation, "Lumen"), "Li Wei")
    for wrong in (mute, stranger):
        with pytest.raises(inviting.CannotInvite):
            plan(kestrel, mara, due_at=LATER, invite=[amara, wrong])
    call.refresh_from_db()
    assert call.due_at == SOON
    assert len(mails()) == 1


def test_who_wants_no_mails_gets_none_and_the_page_says_so(
    call: Touchpoint, mail_server: SmtpSink, client_for: Any, mara: User
) -> None:
    Recipient.objects.filter(address=AMARA).update(wish=Recipient.Wish.NOTHING)
    dispatching.dispatch(now=NOW + inviting.HOLD)
    (mail,) = mails()
    assert (mail.state, mail_server.mails()) == (State.SUPPRESSED, [])
    page = client_for(mara).get(reverse("coaching:next_call", args=["harbour", call.customer_id]))
    assert "not sent" in page.text
    assert reverse("post:delivery", args=["harbour", mail.pk]) in page.text


def test_quiet_hours_do_not_hold_back_what_must_be_known_before(
    call: Touchpoint, mail_server: SmtpSink
) -> None:
    Recipient.objects.filter(address=AMARA).update(quiet_from="00:00", quiet_to="23:59")
    assert dispatching.dispatch(now=NOW + inviting.HOLD) == 1


def test_stopped_in_the_outbox_it_is_not_put_in_again(call: Touchpoint, mara: User) -> None:
    settling.stop(delivery=mails()[0], by=mara, now=NOW)
    assert follow() == 0
    scheduling.skip(touchpoint=call, by=mara, now=NOW)
    assert [m.state for m in mails()] == [State.STOPPED]


def test_a_mail_server_gets_words_an_entry_and_a_file(call: Touchpoint, mail_server: SmtpSink) -> None:
    assert dispatching.dispatch(now=NOW) == 0
    assert dispatching.dispatch(now=NOW + inviting.HOLD) == 1
    (sent,) = mail_server.mails()
    message = sent.message
    assert message.defects == []
    words, file = message.iter_parts()
    assert [part.get_content_type() for part in words.iter_parts()] == [
        *("text/plain", "text/html", "text/calendar")
    ]
    entry = list(words.iter_parts())[-1]
    assert (entry["Content-Type"].params["method"], entry.get_content_charset()) == ("REQUEST", "utf-8")
    assert (file.get_filename(), file.get_content_type()) == ("invite.ics", "application/ics")
    stored = mails()[0].calendar
    assert entry.get_content().split() == stored.split()
    assert file.get_content() == stored.encode()


ENTRY = Entry(
    uid="touchpoint-1@cs.example",
    sequence=3,
    starts_at=SOON,
    minutes=30,
    title="Call",
    about="About",
    place="Place",
    organizer=Person("Mara", "mara@harbour.example"),
    reader=Person("Amara", "amara@customer.example"),
)


@pytest.mark.once
@pytest.mark.parametrize("method", Method)
def test_no_name_breaks_an_entry(method: Method) -> None:
    for name in NASTY:
        given = replace(
            ENTRY,
            title=name,
            about=name,
            place=name,
            organizer=Person(name, "o@x.example"),
            reader=Person(name, "r+%?@x.example"),
        )
        text = entries.written(given, method, now=NOW)
        lines = text.encode(errors="replace").split(b"\r\n")
        assert all(len(line) <= 75 for line in lines)
        assert not any(b"\n" in line or b"\r" in line for line in lines)
        calendar = Calendar.from_ical(text)
        (event,) = calendar.walk("VEVENT")
        assert str(calendar["METHOD"]) == method
        assert str(event["ORGANIZER"]) == "mailto:o@x.example"
        assert str(event["ATTENDEE"]) == "mailto:r+%25%3F@x.example"
        assert not calendar.errors
        assert not event.errors
        assert not any(str(name).startswith(("BCC", "X-")) for name in event)


def test_the_form_asks_shows_each_state_and_takes_back(
    kestrel: Customer, mara: User, amara: Contact, tomas: Contact, client_for: Any
) -> None:
    client = client_for(mara)
    url = reverse("coaching:next_call", args=["harbour", kestrel.pk])
    given = {"next_on": "2026-03-14", "next_time": "10:00", "minutes": "45", "place": "Room 4", "purpose": ""}
    client.post(url, given | {"invite": [amara.pk, tomas.pk]})
    page = client.get(url).text
    assert "Your clock is Europe/Amsterdam" in page
    assert page.count("waiting") >= 2
    client.post(url, given | {"invite": [tomas.pk]})
    assert CallInvitation.objects.open().get().contact == tomas
    assert "Not invited any more" in client.get(url).text
    refused = client.post(url, given | {"invite": [999_999]})
    assert refused.status_code == 422
    assert "cannot be invited" in refused.text


def test_calling_it_off_can_be_undone_from_the_page(call: Touchpoint, mara: User, client_for: Any) -> None:
    client = client_for(mara)
    back = reverse("coaching:touchpoint_return", args=["harbour", call.pk])
    answer = client.post(reverse("coaching:touchpoint_skip", args=["harbour", call.pk]), follow=True)
    assert back in answer.text
    assert "is on again" in client.post(back, follow=True).text
    call.refresh_from_db()
    assert call.is_planned
    client.post(reverse("coaching:touchpoint_skip", args=["harbour", call.pk]))
    plan(call.customer, mara, due_at=LATER)
    assert "Another call" in client.post(back, follow=True).text


def test_the_call_form_plans_and_invites_in_one(
    kestrel: Customer, mara: User, amara: Contact, client_for: Any
) -> None:
    client = client_for(mara)
    url = reverse("coaching:call_new", args=["harbour", kestrel.pk])
    given = {"held_on": "2026-03-12", "held_time": "09:30", "goal": "More", "invite": [amara.pk]}
    refused = client.post(url, given)
    assert refused.status_code == 422
    assert "or invite nobody" in refused.text
    client.post(url, given | {"next_call": "7", "next_minutes": "25", "next_place": "Room 4"})
    invitation = CallInvitation.objects.get()
    assert (invitation.minutes, invitation.place) == (25, "Room 4")


def test_the_outbox_shows_the_entry_as_it_leaves(call: Touchpoint, mara: User, client_for: Any) -> None:
    page = client_for(mara).get(reverse("post:delivery", args=["harbour", mails()[0].pk])).text
    assert "METHOD:REQUEST" in page
    assert "SEQUENCE:0" in page
