"""Choosing a customer, reading and correcting a call, commitments, the next call."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.urls import reverse

from coaching import scheduling
from coaching.models import Call, Commitment, Touchpoint
from coaching.scheduling import NewCommitment
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
CHOICE = "/o/harbour/calls/new/"


@pytest.fixture
def client(client_for, mara):
    return client_for(mara)


@pytest.fixture
def call(in_harbour, kestrel, amara, mara, now):
    held_at = now - timedelta(days=1)
    return scheduling.log_call(
        organisation=in_harbour,
        customer=kestrel,
        by=mara,
        held_at=held_at,
        now=held_at,
        contacts=[amara],
        minutes=30,
        goal="A goal",
        words="Words <of> theirs",
        notes="Secret notes",
        confidence=7,
        commitments=[NewCommitment(will="send the guide", owner=mara, due_on=date(2026, 3, 12))],
    )


def corrected(call, **fields):
    return {
        "version": call.saved_at.isoformat(),
        "held_on": "2026-03-11",
        "held_time": "10:00",
        "minutes": "30",
        "contacts": [contact.pk for contact in call.contacts.all()],
        "goal": call.goal,
        "words": call.words,
        "notes": call.notes,
        "confidence": "7",
    } | fields


# Choosing


def test_a_name_without_doubt_goes_straight_on(client, kestrel, amara, in_harbour):
    factories.make_customer(in_harbour, "Kestrel Air")
    factories.make_customer(in_harbour, "Ostra Bakeries")
    form = reverse("coaching:call_new", args=["harbour", kestrel.pk])
    for text in ("kestrel freight", "Kestrel F", "amara", "kestrel-freight"):
        assert client.get(CHOICE, {"q": text, "go": "1"}).headers.get("Location") == form, text
    doubtful = client.get(CHOICE, {"q": "kestrel", "go": "1"})
    assert doubtful.status_code == 200
    assert doubtful.content.decode().count("/calls/new/") >= 2


def test_the_choice_shows_todays_calls_and_ones_own_first(client, kestrel, mara, theo, in_harbour, now):
    factories.make_customer(in_harbour, "Alder & Finch", owner=theo)
    factories.make_customer(in_harbour, "Zebra Works", owner=mara)
    factories.make_customer(in_harbour, "Gone Ltd", owner=mara, left_on=date(2026, 1, 1))
    planned = factories.make_customer(in_harbour, "Meridian Schools", owner=theo)
    Touchpoint.objects.create(
        organisation=in_harbour, customer=planned, owner=mara, due_at=now + timedelta(hours=2)
    )
    choices = client.get(CHOICE).context["choices"]
    names = [choice.customer.name for choice in choices]
    assert names == ["Meridian Schools", "Kestrel Freight", "Zebra Works", "Alder & Finch"]


def test_the_choice_teaches_when_there_is_nobody(client, in_harbour):
    assert "There are no customers yet" in client.get(CHOICE).content.decode()
    assert "matches “xyz”" in client.get(CHOICE, {"q": "xyz", "go": "1"}).content.decode()


def test_typing_swaps_the_list_alone(client, kestrel):
    answer = client.get(CHOICE, {"q": "kes"}, headers={"HX-Request": "true", "HX-Target": "call-customers"})
    assert b"Kestrel Freight" in answer.content
    assert b"<html" not in answer.content


def test_only_who_writes_may_choose(client_for, rio, eve, kestrel):
    assert client_for(rio).get(CHOICE).status_code == 403
    assert client_for(eve).get(CHOICE).status_code == 404
    assert b"Kestrel" not in client_for(eve).get("/o/rival/calls/new/").content


# Reading and correcting


def test_a_call_is_read_by_every_member(client_for, rio, call):
    page = client_for(rio).get(reverse("coaching:call", args=["harbour", call.pk])).content.decode()
    assert "Words &lt;of&gt; theirs" in page
    assert "Secret notes" in page
    assert "send the guide" in page
    assert "/edit/" not in page


@pytest.mark.parametrize("name", ["coaching:call", "coaching:call_edit"])
def test_a_rival_finds_no_call(client_for, eve, call, name):
    rival = client_for(eve)
    assert rival.get(reverse(name, args=["harbour", call.pk])).status_code == 404
    assert rival.get(reverse(name, args=["rival", call.pk])).status_code == 404


def test_its_author_corrects_it(client, call, tomas):
    url = reverse("coaching:call_edit", args=["harbour", call.pk])
    page = client.get(url).content.decode()
    assert "Secret notes" in page
    assert "Next call" not in page
    answer = client.post(
        url,
        corrected(
            call,
            notes="Better notes",
            contacts=[tomas.pk],
            **{
                "commitment-0-will": "call Brno",
                "commitment-0-who": f"contact-{tomas.pk}",
            },
        ),
    )
    assert answer.url == reverse("coaching:call", args=["harbour", call.pk])
    call = Call.objects.with_people().get()
    assert (call.notes, call.goal, list(call.contacts.all())) == ("Better notes", "A goal", [tomas])
    assert [c.will for c in call.commitments.all()] == ["send the guide", "call Brno"]


def test_a_manager_may_and_another_csm_may_not(client_for, theo, call, harbour):
    url = reverse("coaching:call_edit", args=["harbour", call.pk])
    assert client_for(theo).get(url).status_code == 200
    other = factories.make_member(harbour, "Nils Berg")
    assert client_for(other).get(url).status_code == 403
    assert client_for(other).post(url, corrected(call, notes="x")).status_code == 403
    assert (
        "/edit/"
        not in client_for(other).get(reverse("coaching:call", args=["harbour", call.pk])).content.decode()
    )


def test_a_stale_form_shows_both_and_overwrites_knowingly(client, client_for, theo, call):
    url = reverse("coaching:call_edit", args=["harbour", call.pk])
    old = corrected(call, notes="From the old tab")
    client_for(theo).post(url, corrected(call, notes="Theo was quicker"))
    refused = client.post(url, old)
    page = refused.content.decode()
    assert refused.status_code == 422
    assert "From the old tab" in page
    assert "Theo was quicker" in page
    assert "Somebody saved this call" in page
    assert Call.objects.get().notes == "Theo was quicker"
    version = refused.context["form"].initial["version"]
    assert client.post(url, old | {"version": version}).status_code == 302
    assert Call.objects.get().notes == "From the old tab"
    assert client.post(url, old | {"version": "garbage"}).status_code == 422


def test_somebody_who_left_stays_on_the_call(client, call, amara):
    amara.left_on = date(2026, 3, 11)
    amara.save()
    page = client.get(reverse("coaching:call_edit", args=["harbour", call.pk])).content.decode()
    assert "Amara Okafor" in page


# Commitments


def test_settling_comes_back_with_an_undo(client, call):
    made = Commitment.objects.get()
    url = reverse("coaching:commitment_settlement", args=["harbour", made.pk])
    listed = reverse("coaching:commitments", args=["harbour", call.customer_id])
    page = client.post(url, {"state": "kept"}, follow=True)
    assert page.redirect_chain[-1][0] == listed
    made.refresh_from_db()
    assert made.state == "kept"
    html = page.content.decode()
    assert "Kept: send the guide" in html
    assert f'action="{url}?state=open"' in html
    client.post(f"{url}?state=open", {}, headers={"Referer": f"http://testserver{listed}"})
    made.refresh_from_db()
    assert (made.state, made.settled_at) == ("open", None)


def test_settling_returns_to_the_page_it_was_done_on_and_nowhere_else(client, call):
    url = reverse("coaching:commitment_settlement", args=["harbour", Commitment.objects.get().pk])
    listed = reverse("coaching:commitments", args=["harbour", call.customer_id])
    today = client.post(url, {"state": "kept"}, headers={"Referer": "http://testserver/o/harbour/today/"})
    assert today.url == "http://testserver/o/harbour/today/"
    assert client.post(url, {"state": "open", "next": "https://evil.example/"}).url == listed


def test_settling_refuses_nonsense_readers_and_rivals(client, client_for, rio, eve, call):
    made = Commitment.objects.get()
    url = reverse("coaching:commitment_settlement", args=["harbour", made.pk])
    assert client.post(url, {"state": "lost"}).status_code == 404
    assert client.get(url).status_code == 405
    assert client_for(rio).post(url, {"state": "kept"}).status_code == 403
    rival = reverse("coaching:commitment_settlement", args=["rival", made.pk])
    assert client_for(eve).post(rival, {"state": "kept"}).status_code == 404
    made.refresh_from_db()
    assert made.is_open


def test_a_customers_commitments_are_read_by_all_and_settled_by_some(client, client_for, rio, eve, call):
    url = reverse("coaching:commitments", args=["harbour", call.customer_id])
    assert "send the guide" in client_for(rio).get(url).content.decode()
    assert "settlement" not in client_for(rio).get(url).content.decode()
    assert "settlement" in client.get(url).content.decode()
    assert (
        client_for(eve).get(reverse("coaching:commitments", args=["rival", call.customer_id])).status_code
        == 404
    )


# The next call


def test_planning_moving_and_calling_off(client, kestrel, mara):
    url = reverse("coaching:next_call", args=["harbour", kestrel.pk])
    customer = reverse("dashboards:customer", args=["harbour", kestrel.pk])
    form = {"next_on": "2026-03-20", "next_time": "09:00", "purpose": "Ask Amara whether it is so"}
    assert client.post(url, form).url == customer
    planned = Touchpoint.objects.get()
    assert (planned.due_at, planned.owner) == (datetime(2026, 3, 20, 8, 0, tzinfo=UTC), mara)
    assert "Saving moves it" in client.get(url).content.decode()
    back = {"next": "/o/harbour/today/"}
    assert client.post(url, form | back | {"next_on": "2026-03-21"}).url == "/o/harbour/today/"
    planned.refresh_from_db()
    assert planned.due_at == datetime(2026, 3, 21, 8, 0, tzinfo=UTC)
    skip = reverse("coaching:touchpoint_skip", args=["harbour", planned.pk])
    assert client.post(skip, {"next": "//evil.example"}).url == customer
    planned.refresh_from_db()
    assert planned.state == "skipped"


@pytest.mark.parametrize(
    ("fields", "words"), [({"next_on": "2026-03-11"}, "in the past"), ({"next_time": ""}, "Say at what time")]
)
def test_a_next_call_that_cannot_be_is_refused(client, kestrel, fields, words):
    url = reverse("coaching:next_call", args=["harbour", kestrel.pk])
    form = {"next_on": "2026-03-20", "next_time": "09:00", "purpose": "Kept purpose"} | fields
    answer = client.post(url, form)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert "Kept purpose" in answer.content.decode()
    assert not Touchpoint.objects.exists()


def test_planning_is_not_for_readers_or_rivals(client_for, rio, eve, kestrel, mara, in_harbour, now):
    planned = Touchpoint.objects.create(
        organisation=in_harbour, customer=kestrel, owner=mara, due_at=now + timedelta(days=1)
    )
    assert client_for(rio).get(reverse("coaching:next_call", args=["harbour", kestrel.pk])).status_code == 403
    rival = client_for(eve)
    assert rival.get(reverse("coaching:next_call", args=["rival", kestrel.pk])).status_code == 404
    assert rival.post(reverse("coaching:touchpoint_skip", args=["rival", planned.pk])).status_code == 404
    planned.refresh_from_db()
    assert planned.state == "planned"
