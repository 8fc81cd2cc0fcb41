"""Celebrations on pages: listed with their reasons, shown as they will be sent, changed by those who may."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.urls import reverse

from advocacy import celebrating
from advocacy.models import Celebration
from customers.recording import NewReading
from milestones import judging
from milestones.models import Achievement
from organisations import tenancy
from organisations.models import Organisation, User
from post.models import Delivery
from tests import factories
from tests.counting import queries_of

READ_AT = datetime(2026, 3, 6, 10, tzinfo=UTC)
POSTS = [
    "celebration_edit",
    "celebration_now",
    "celebration_approval",
    "celebration_stop",
    "celebration_return",
]


@pytest.fixture(autouse=True)
def _clock(monkeypatch: pytest.MonkeyPatch, now: datetime) -> None:
    monkeypatch.setattr("bosai.middleware.timezone.now", lambda: now)


def make_celebration(organisation: Organisation, owner: User, now: datetime, **extra: Any) -> Celebration:
    metric = factories.make_metric(organisation)
    customer = factories.make_customer(organisation, owner=owner)
    factories.make_contact(customer, "Amara Okafor", is_primary=True)
    journey = factories.make_journey(organisation, metric=metric)
    for each in journey.current_version().milestones.exclude(key="m1"):
        each.criteria.update(threshold=1000)
    factories.make_enrolment(customer, journey)
    reading = NewReading(customer.pk, metric.pk, READ_AT, 78)
    judging.record([reading], organisation=organisation, source="test", now=now, **extra)
    celebrating.gather(organisation=organisation, now=now)
    return Celebration.objects.first()


@pytest.fixture
def celebration(in_harbour: Organisation, mara: User, now: datetime) -> Celebration:
    return make_celebration(in_harbour, mara, now)


def url(name: str, celebration: Celebration, *more: int) -> str:
    return reverse(f"advocacy:{name}", args=["harbour", celebration.pk, *more])


def test_it_lists_those_that_wait_with_when_and_why(client_for, rio, celebration):
    html = client_for(rio).get(reverse("advocacy:celebration_list", args=["harbour"])).content.decode()
    assert "Kestrel Freight" in html
    assert "Score reached 78 (target 40) on 6 March" in html
    assert "Leaves" in html
    Celebration.objects.update(state="review", state_why="no specific fact to name yet")
    html = client_for(rio).get(reverse("advocacy:celebration_list", args=["harbour"])).content.decode()
    assert "no specific fact to name yet" in html


@pytest.mark.parametrize("state", ["posted", "stopped", "simulated", "nonsense", ""])
def test_it_lists_by_state_and_says_when_there_is_none(client_for, rio, in_harbour, state):
    response = client_for(rio).get(reverse("advocacy:celebration_list", args=["harbour"]), {"state": state})
    assert response.status_code == 200
    assert "None" in response.content.decode() or "Nothing waits" in response.content.decode()


def test_it_asks_the_same_few_queries_for_any_number(client_for, rio, celebration, in_harbour, now):
    client = client_for(rio)
    assert len(queries_of(lambda: client.get(reverse("advocacy:celebration_list", args=["harbour"])))) <= 8


def test_it_shows_the_mail_in_a_frame_that_runs_nothing(client_for, mara, celebration):
    client, [guest] = client_for(mara), celebration.guests.all()
    html = client.get(url("celebration", celebration)).content.decode()
    assert url("celebration_mail", celebration, guest.pk) in html
    assert "Dear Amara," in html, "the plain text beside it"
    response = client.get(url("celebration_mail", celebration, guest.pk))
    policy = response["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "sandbox" in policy
    assert "script-src" not in policy
    assert "Score reached 78" in response.content.decode()


def test_it_shows_no_mail_to_somebody_who_is_not_invited(client_for, mara, celebration):
    stranger = factories.make_contact(celebration.enrolment.customer, "Tomás Silva")
    assert client_for(mara).get(url("celebration_mail", celebration, stranger.pk)).status_code == 404


def test_it_edits_and_shows_what_was_edited(client_for, mara, celebration):
    tomas = factories.make_contact(celebration.enrolment.customer, "Tomás Silva")
    given = {"fact": "All 11 depots", "personal_line": "It was your idea.", "guests": [tomas.pk]}
    response = client_for(mara).post(url("celebration_edit", celebration), given, follow=True)
    html = response.content.decode()
    assert "All 11 depots" in html
    assert "Dear Tomás," in html
    assert "Dear Amara," not in html


def test_it_keeps_what_was_typed_when_somebody_cannot_be_invited(client_for, mara, celebration):
    given = {"fact": "All 11 depots", "personal_line": "Mine.", "guests": ["999999"]}
    response = client_for(mara).post(url("celebration_edit", celebration), given)
    assert response.status_code == 422
    assert "All 11 depots" in response.content.decode()
    celebration.refresh_from_db()
    assert celebration.fact.startswith("Score reached")


def test_it_keeps_what_was_typed_when_it_has_left_meanwhile(client_for, mara, celebration, now):
    celebrating.post_due(organisation=celebration.organisation, now=now + timedelta(days=2))
    given = {"fact": "All 11 depots", "personal_line": "", "guests": []}
    response = client_for(mara).post(url("celebration_edit", celebration), given)
    assert response.status_code == 409


def test_it_sends_now(client_for, mara, celebration):
    response = client_for(mara).post(url("celebration_now", celebration), follow=True)
    assert "It is in the post." in response.content.decode()
    assert Delivery.objects.filter(purpose="celebration").count() == 1


def test_it_stops_with_a_way_back(client_for, mara, celebration):
    client = client_for(mara)
    html = client.post(url("celebration_stop", celebration), follow=True).content.decode()
    assert "Stopped: nobody gets this mail." in html
    assert url("celebration_return", celebration) in html
    client.post(url("celebration_return", celebration))
    celebration.refresh_from_db()
    assert celebration.state == "review"
    client.post(url("celebration_approval", celebration))
    celebration.refresh_from_db()
    assert celebration.state == "waiting"


def test_it_says_why_something_cannot_be_done(client_for, mara, celebration):
    client = client_for(mara)
    client.post(url("celebration_stop", celebration))
    html = client.post(url("celebration_now", celebration), follow=True).content.decode()
    assert "It was stopped. Bring it back first." in html


def test_it_comes_back_to_the_page_the_button_stood_on(client_for, mara, celebration):
    today = "http://testserver/o/harbour/today/"
    response = client_for(mara).post(url("celebration_stop", celebration), headers={"Referer": today})
    assert response.url == today
    elsewhere = "https://evil.example/o/harbour/today/"
    response = client_for(mara).post(url("celebration_stop", celebration), headers={"Referer": elsewhere})
    assert response.url == url("celebration", celebration)


def test_it_starts_one_for_history_by_a_persons_hand(client_for, mara, in_harbour, now):
    assert make_celebration(in_harbour, mara, now, history=True) is None
    achievement = Achievement.objects.get()
    new = reverse("advocacy:celebration_new", args=["harbour", achievement.pk])
    response = client_for(mara).post(new, follow=True)
    assert "started by Mara Lindqvist" in response.content.decode()
    assert Celebration.objects.get().state == "review"


@pytest.mark.parametrize("name", POSTS)
def test_it_lets_readers_change_nothing(client_for, rio, celebration, name):
    assert client_for(rio).post(url(name, celebration)).status_code == 403
    celebration.refresh_from_db()
    assert celebration.state == "waiting"


@pytest.mark.parametrize("name", POSTS)
def test_it_acts_by_post_alone(client_for, mara, celebration, name):
    assert client_for(mara).get(url(name, celebration)).status_code == 405


@pytest.mark.parametrize("name", ["celebration", *POSTS])
def test_it_knows_nothing_of_another_organisations_rows(client_for, mara, rival, eve, now, name):
    with tenancy.within(rival):
        theirs = make_celebration(rival, eve, now)
    client = client_for(mara)
    answer = client.get(url(name, theirs)) if name == "celebration" else client.post(url(name, theirs))
    assert answer.status_code == 404


def test_it_leads_from_the_milestone_to_its_celebration(client_for, mara, celebration):
    client = client_for(mara)
    page = reverse("milestones:claim", args=["harbour", celebration.enrolment_id, "m1"])
    new = reverse("advocacy:celebration_new", args=["harbour", celebration.achievement_id])
    assert new in client.get(page).content.decode()
    assert client.post(new).url == url("celebration", celebration)
    assert Celebration.objects.count() == 1


def test_it_wakes_the_worker_after_the_change_and_not_for_one_refused(
    client_for, mara, celebration, monkeypatch
):
    seen = []
    states = Celebration.objects.values_list("state", flat=True)
    monkeypatch.setattr("advocacy.views.celebrations.wake", lambda task, **ids: seen.append(states.get()))
    for name in ("celebration_now", "celebration_approval"):
        client_for(mara).post(url(name, celebration))
    assert seen == ["posted"]


def test_it_draws_the_mail_of_every_guest_from_one_letter(client_for, mara, celebration):
    client = client_for(mara)
    one = len(queries_of(lambda: client.get(url("celebration", celebration))))
    for name in ("Ines Vaz", "Tomás Silva", "Bo Lind"):
        guest = factories.make_contact(celebration.enrolment.customer, name)
        celebration.invited.create(organisation=celebration.organisation, contact=guest)
    assert len(queries_of(lambda: client.get(url("celebration", celebration)))) <= one
