"""Stopping a clock from a customer's page: refused clearly, taken back, and let go on."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from milestones.models import Pause
from tests import factories


@pytest.fixture
def client(client_for, mara, monkeypatch, now):
    monkeypatch.setattr("django.utils.timezone.now", lambda: now)
    return client_for(mara)


@pytest.fixture
def enrolment(in_harbour):
    customer = factories.make_customer(in_harbour)
    return factories.make_enrolment(customer, factories.make_journey(in_harbour))


def url(name, pk):
    return reverse(f"milestones:{name}", args=["harbour", pk])


def test_it_pauses_and_shows_it_everywhere(client, enrolment, now):
    answer = client.post(url("pause", enrolment.pk), {"why": "Holiday", "starts_on": "2026-03-12"})
    assert answer.status_code == 302
    page = client.get(answer.url).content.decode()
    assert "Paused since" in page
    assert "Holiday" in page
    assert url("pause_withdrawal", Pause.objects.get().pk) in page
    listed = client.get(reverse("dashboards:customer_list", args=["harbour"])).content.decode()
    assert "paused" in listed
    assert "paused from" in client.get(answer.url, {"show": "milestones"}).content.decode()


def test_it_refuses_what_overlaps_and_keeps_what_was_typed(client, enrolment):
    given = {"why": "Holiday", "starts_on": "2026-03-12", "resumes_on": "2026-03-20"}
    client.post(url("pause", enrolment.pk), given)
    answer = client.post(url("pause", enrolment.pk), given | {"starts_on": "2026-03-15", "why": "Sick leave"})
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "Choose days that do not overlap" in text
    assert "Sick leave" in text
    backwards = client.post(url("pause", enrolment.pk), given | {"resumes_on": "2026-03-01"})
    assert "choose a later day" in backwards.content.decode()
    early = client.post(url("pause", enrolment.pk), given | {"starts_on": "2025-09-01"})
    assert "had not begun by then" in early.content.decode()
    assert Pause.objects.count() == 1


def test_it_goes_on_and_is_taken_back(client, enrolment, now):
    start = (now.date() - timedelta(days=5)).isoformat()
    client.post(url("pause", enrolment.pk), {"why": "Holiday", "starts_on": start})
    assert "Let it go on from today" in client.get(url("pause", enrolment.pk)).content.decode()
    client.post(url("resumption", enrolment.pk))
    made = Pause.objects.get()
    assert made.resumes_on == date(2026, 3, 12)
    client.post(url("resumption", enrolment.pk))
    client.post(url("pause_withdrawal", made.pk))
    client.post(url("pause_withdrawal", made.pk))
    assert not Pause.objects.standing().exists()


def test_whoever_only_reads_stops_no_clock(client_for, rio, enrolment):
    for name in ("pause", "resumption"):
        assert client_for(rio).post(url(name, enrolment.pk)).status_code == 403
