"""A CSM makes a circle, asks people in, brings two together and plans a meeting; a reader only reads."""

import pytest
from django.urls import reverse

from advocacy.models import Circle, CircleMeeting, CircleSeat, Introduction
from advocacy.peers import community
from organisations import tenancy
from tests import factories
from tests.advocacy.circles.gathered import DAY, seat_of

MEETING = {"title": "Show", "on": "2026-03-21", "at": "10:00", "minutes": "45", "place": "Room 4"}


@pytest.fixture
def page(harbour):
    return lambda name, *args: reverse(f"advocacy:{name}", args=[harbour.slug, *args])


def test_a_circle_is_made_and_what_is_wrong_is_said_where_it_was_typed(circle, page, mara, client_for):
    client = client_for(mara)
    said = {"name": "Second site", "about": "You open another one.", "host": mara.pk, "talk_url": ""}
    for wrong, words in (
        ({"about": " "}, "Say what they have in common"),
        ({"talk_url": "http://talk.example"}, "begins with https://"),
        ({"talk_url": "javascript:alert(1)"}, "Enter a valid URL"),
        ({"name": "Daily data"}, "There is a circle “Daily data” already"),
    ):
        answer = client.post(page("circle_new"), said | wrong)
        assert (answer.status_code, words in answer.text) == (422, True)
    assert client.post(page("circle_new"), said).status_code == 302
    made = Circle.objects.get(name="Second site")
    assert made.host == mara
    assert client.post(page("circle_edit", made.pk), said | {"name": "Third site"}).status_code == 302
    assert "Third site" in client.get(page("circles")).text
    assert client.post(page("circle_closing", made.pk)).status_code == 302
    assert client.post(page("circle_edit", made.pk), said).status_code == 422


def test_people_are_found_by_the_milestone_they_attempt_asked_and_taken_out(
    circle, page, mara, client_for, in_harbour, ken
):
    client = client_for(mara)
    customer = factories.make_customer(in_harbour, "Saltmarsh Water", owner=mara)
    nora = factories.make_contact(customer, "Nora Blom")
    enrolment = factories.make_enrolment(customer, ken.customer.enrolments.get().journey)
    html = client.get(page("circle", circle.pk), {"q": enrolment.current.name}).text
    assert "Nora Blom" in html
    for wrong in ("", "x", "9" * 30, "0"):
        assert client.post(page("circle_seat_new", circle.pk), {"contact": wrong}).status_code == 404
    assert client.post(page("circle_seat_new", circle.pk), {"contact": nora.pk}).status_code == 302
    seat = seat_of(nora)
    assert "Not answered yet" in client.get(page("circle", circle.pk)).text
    assert client.post(page("circle_seat_end", seat.pk)).status_code == 302
    assert CircleSeat.objects.get(pk=seat.pk).ended_by == mara


def test_a_pair_is_asked_from_the_page_once(circle, page, mara, client_for, amara, ken):
    client = client_for(mara)
    html = client.get(page("circle", circle.pk)).text
    assert "Planner" not in html.split("The others see: Amara")[0].split("The others see")[-1]
    pair = {"seeker": seat_of(amara).pk, "peer": seat_of(ken).pk}
    wrong = {"seeker": pair["peer"], "peer": pair["seeker"]}
    for given in (pair, pair, wrong, {"seeker": "x"}):
        assert client.post(page("introduction_new", circle.pk), given).status_code == 302
    row = Introduction.objects.get()
    assert (row.seeker, row.peer) == (amara, ken)
    assert client.post(page("introduction_withdrawal", row.pk)).status_code == 302
    assert Introduction.objects.get().state == Introduction.State.ENDED


def test_a_meeting_is_planned_changed_and_called_off(circle, page, mara, client_for):
    client = client_for(mara)
    past = client.post(page("circle_meeting_new", circle.pk), MEETING | {"on": "2026-03-01"})
    assert (past.status_code, "still to come" in past.text) == (422, True)
    assert client.post(page("circle_meeting_new", circle.pk), MEETING).status_code == 302
    row = CircleMeeting.objects.get()
    assert client.post(page("circle_meeting", row.pk), MEETING | {"place": "Room 5"}).status_code == 302
    assert client.post(page("circle_meeting_off", row.pk)).status_code == 302
    row.refresh_from_db()
    assert (row.place, row.off_by) == ("Room 5", mara)
    assert "can no longer be changed" in client.get(page("circle_meeting", row.pk)).text
    assert client.post(page("circle_meeting", row.pk), MEETING).status_code == 422


def test_a_reader_reads_and_strangers_find_nothing(circle, page, rio, eve, client_for):
    reader = client_for(rio)
    html = reader.get(page("circle", circle.pk)).text
    assert "Amara Okafor" in html
    assert "Ask both" not in html
    assert reader.post(page("circle_closing", circle.pk)).status_code == 403
    assert client_for(eve).get(page("circle", circle.pk)).status_code == 404
    with tenancy.within(eve.memberships.get().organisation):
        assert Circle.objects.count() == 0


def test_the_numbers_are_those_of_people_who_are_in_it(circle, mara, ken, now):
    found = community(now=now)
    assert (found.people, found.customers, found.of, found.introduced, found.meetings) == (3, 3, 3, 0, 0)
    ken.left_on = now.date() - DAY
    ken.save()
    row = Circle.objects.counted().get()
    assert (row.people, row.customers, row.waiting, community(now=now).people) == (2, 2, 0, 2)
