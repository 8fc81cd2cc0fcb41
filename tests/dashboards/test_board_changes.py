"""Many customers of a board changed at once: seen first, done once, taken back where that is possible."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils.http import urlencode

from customers.models import Customer
from milestones import enrolling, judging, pausing
from milestones.models import Achievement, Enrolment, JourneyVersion, Pause
from organisations import tenancy
from organisations.models import Event
from tests import factories


@pytest.fixture
def journey(in_harbour):
    return factories.make_journey(in_harbour)


@pytest.fixture
def enrolments(in_harbour, journey, mara):
    return [
        factories.make_enrolment(factories.make_customer(in_harbour, name, owner=mara), journey)
        for name in ("Alder", "Birch", "Cedar")
    ]


@pytest.fixture
def send(client_for, mara, journey, monkeypatch, now):
    monkeypatch.setattr("django.utils.timezone.now", lambda: now)
    client = client_for(mara)
    url = reverse("dashboards:board_changes", args=["harbour", journey.slug])

    def send(**values):
        return client.post(url, values)

    send.client = client
    return send


def ids(*enrolments):
    return [each.pk for each in enrolments]


def test_it_shows_first_and_changes_nothing(send, enrolments):
    page = send(change="pause", enrolment=ids(*enrolments[:2]))
    text = page.content.decode()
    assert page.status_code == 200
    assert "Alder" in text
    assert "Birch" in text
    assert "Cedar" not in text
    assert not Pause.objects.exists()
    assert not Event.objects.exists()


def test_it_pauses_those_that_can_be_and_says_why_not_the_others(send, enrolments, mara, now):
    first, second, _third = enrolments
    pausing.pause(
        enrolment=second, starts_on=now.date(), resumes_on=None, why="Sick", by=mara, now=now - timedelta(1)
    )
    given = {"change": "pause", "ids": ",".join(map(str, ids(first, second))), "why": "Holiday"}
    given |= {"starts_on": "2026-03-12", "resumes_on": "2026-03-20"}
    seen = send(**given, step="look").content.decode()
    assert "It stands already since" in seen
    assert Pause.objects.count() == 1
    answer = send(**given, step="apply", query="state=stuck")
    assert answer.status_code == 302
    assert answer.url.endswith("/board/?state=stuck")
    made = Pause.objects.get(why="Holiday")
    assert (made.enrolment, made.paused_by) == (first, mara)
    told = send.client.get(answer.url).content.decode()
    assert "1 paused." in told
    assert "1 stay as they are." in told


def test_what_was_paused_together_is_taken_back_together(send, enrolments, mara, now):
    send(change="pause", enrolment=ids(*enrolments), why="Holiday", starts_on="2026-03-12", step="apply")
    assert Pause.objects.standing().count() == 3
    page = send.client.get(reverse("dashboards:board", args=["harbour", enrolments[0].journey.slug]))
    undo = page.content.decode().partition("/board/changes/?undo=")[2].partition('"')[0]
    url = reverse("dashboards:board_changes", args=["harbour", enrolments[0].journey.slug])
    assert send.client.post(f"{url}?undo=nonsense").status_code == 302
    assert Pause.objects.standing().count() == 3
    send.client.post(f"{url}?undo={undo}")
    assert not Pause.objects.standing().exists()
    assert Pause.objects.count() == 3
    assert Event.objects.filter(verb="pause_taken_back").count() == 3


def test_it_lets_the_paused_go_on(send, enrolments, mara, now):
    first, second, _third = enrolments
    pausing.pause(
        enrolment=first,
        starts_on=now.date() - timedelta(days=4),
        resumes_on=None,
        why="Away",
        by=mara,
        now=now,
    )
    seen = send(change="resumption", enrolment=ids(first, second)).content.decode()
    assert "Its clock runs already." in seen
    send(change="resumption", enrolment=ids(first, second), step="apply")
    assert Pause.objects.get().resumes_on == now.date()
    nobody = send(change="resumption", enrolment=ids(second), step="apply")
    assert nobody.status_code == 422


def test_it_hands_over_and_ends(send, enrolments, theo):
    send(change="owner", enrolment=ids(*enrolments[:2]), owner=theo.pk, step="apply")
    assert Customer.objects.filter(owner=theo).count() == 2
    assert send(change="end", enrolment=ids(*enrolments), why=" ", step="apply").status_code == 422
    assert Enrolment.objects.open().count() == 3
    send(change="end", enrolment=ids(*enrolments[1:]), why="The project stopped", step="apply")
    assert Enrolment.objects.open().get() == enrolments[0]
    assert Event.objects.filter(verb="enrolment_ended", data__why="The project stopped").count() == 2
    assert not Enrolment.objects.filter(is_judged=False).exists()


def test_everybody_the_board_shows_is_whom_the_filters_find(send, enrolments, theo, in_harbour):
    factories.make_enrolment(
        factories.make_customer(in_harbour, "Douglas", owner=theo), enrolments[0].journey
    )
    text = send(change="end", whom="all", query=f"owner={theo.pk}&milestone=m1").content.decode()
    assert "Douglas" in text
    assert "Alder" not in text
    assert send(change="end", whom="all", query="owner=none").status_code == 302


def test_it_refuses_what_it_does_not_know(send, enrolments, client_for, rio, rival, eve):
    assert send(change="paint", enrolment=ids(*enrolments)).status_code == 302
    assert send(change="end", enrolment=["x", "99999999"]).status_code == 302
    url = reverse("dashboards:board_changes", args=["harbour", enrolments[0].journey.slug])
    assert client_for(rio).post(url, {"change": "end", "enrolment": ids(*enrolments)}).status_code == 403
    with tenancy.within(rival):
        factories.make_journey(rival, slug=enrolments[0].journey.slug)
    foreign = url.replace("harbour", "rival")
    given = {"change": "end", "enrolment": ids(*enrolments), "why": "x", "step": "apply"}
    assert client_for(eve).post(foreign, given).status_code == 302
    assert Enrolment.objects.open().count() == 3


def test_ending_several_leaves_those_who_are_off_already(enrolments, in_harbour, mara, now):
    given = {"organisation": in_harbour, "why": "Sold", "by": mara, "now": now}
    assert len(enrolling.end_each(enrolment_ids=ids(*enrolments), **given)) == 3
    assert enrolling.end_each(enrolment_ids=ids(*enrolments), **given) == []
    with pytest.raises(enrolling.NoReason):
        enrolling.end_each(**(given | {"enrolment_ids": [], "why": ""}))


def test_it_moves_to_the_newest_version_and_back(send, enrolments, journey, in_harbour, now):
    first = journey.current_version()
    assert send(change="version", enrolment=ids(*enrolments), step="apply").status_code == 422
    second = JourneyVersion.objects.create(
        organisation=in_harbour, journey=journey, number=2, published_at=now
    )
    for milestone in first.milestones.order_by("position")[1:]:
        criterion = milestone.criteria.get()
        milestone.pk, milestone.version, milestone.position = None, second, milestone.position - 1
        milestone.save()
        criterion.pk, criterion.milestone = None, milestone
        criterion.save()
    metric = first.milestones.get(key="m1").criteria.get().metric
    factories.make_reading(enrolments[0].customer, metric, 50, at=now)
    judging.judge(organisation=in_harbour, customer_ids=None, now=now)
    page = send(change="version", enrolment=ids(*enrolments[:2])).content.decode()
    assert "No part of it any more" in page
    assert "<span>Milestone 1</span>" in page
    assert not Enrolment.objects.filter(version=second).exists()
    send(change="version", enrolment=ids(*enrolments[:2]), step="apply")
    assert Enrolment.objects.filter(version=second).count() == 2
    url = reverse("dashboards:board_changes", args=["harbour", journey.slug])
    send.client.post(f"{url}?{urlencode({'undo': now.isoformat()})}")
    assert not Enrolment.objects.filter(version=second).exists()
    assert Achievement.objects.standing().get().milestone_key == "m1"
