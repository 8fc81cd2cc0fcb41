"""The call form as a page of its own, without JavaScript."""

from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest
from django.urls import reverse

from coaching import scheduling
from coaching.models import Call, CallDraft, Commitment, Touchpoint
from organisations import tenancy
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


def new_url(customer):
    return reverse("coaching:call_new", args=["harbour", customer.pk])


def a_form(**fields):
    """What a browser sends: a call held an hour ago (10:00 in Amsterdam is now)."""
    return {
        "token": str(uuid4()),
        "held_on": "2026-03-12",
        "held_time": "09:00",
        "goal": "Stop asking me for the sheet",
        "next_call": "",
        "confidence": "",
        "commitment-0-will": "",
        "commitment-1-will": "",
    } | fields


@pytest.fixture
def client(client_for, mara):
    return client_for(mara)


@pytest.fixture
def promise(kestrel, amara, in_harbour, now):
    return Commitment.objects.create(
        organisation=in_harbour,
        customer=kestrel,
        owner_contact=amara,
        will="name the data owners",
        due_on=date(2026, 3, 10),
        made_at=now - timedelta(days=14),
    )


def test_it_opens_ready_to_type(client, kestrel, amara, tomas, promise, in_harbour):
    factories.make_enrolment(kestrel, factories.make_journey(in_harbour))
    answer = client.get(new_url(kestrel))
    page = answer.content.decode()
    form = answer.context["form"]
    assert "We drive a fifth less empty kilometres." in page
    assert "name the data owners" in page
    assert 'value="2026-03-12"' in page
    assert 'value="10:00"' in page
    assert form.initial["contacts"] == [amara.pk]
    assert "What must be different" in page  # the onboarding question
    assert "Save, then claim" in page
    assert page.count("-will") >= 2
    assert not CallDraft.objects.exists()


def test_it_asks_by_the_stage_they_are_in(client, kestrel, in_harbour):
    journey = factories.make_journey(in_harbour)
    mastery = journey.current_version().milestones.get(key="m5")
    enrolment = factories.make_enrolment(kestrel, journey)
    enrolment.current = mastery
    enrolment.save()
    assert "What should run without us" in client.get(new_url(kestrel)).content.decode()


def test_it_opens_without_outcome_people_or_journey(client, in_harbour):
    bare = factories.make_customer(in_harbour, "Juniper Outdoor")
    page = client.get(new_url(bare)).content.decode()
    assert "No outcome in their words yet" in page
    assert "Save, then claim" not in page


def test_it_saves_everything_and_lands_on_the_customer(client, kestrel, amara, tomas, promise, mara):
    answer = client.post(
        new_url(kestrel),
        a_form(
            **{
                "minutes": "32",
                "contacts": [amara.pk, tomas.pk],
                "words": "Marek prints it at night.",
                "importance": "0",
                "confidence": "7",
                "notes": "Furniture.",
                f"settled-{promise.pk}": "kept",
                "commitment-0-who": f"contact-{amara.pk}",
                "commitment-0-when": "the office is empty",
                "commitment-0-will": "move the screen",
                "commitment-0-due_on": "2026-03-20",
                "commitment-1-who": f"user-{mara.pk}",
                "commitment-1-will": "send the guide",
                "next_call": "14",
            }
        ),
    )
    assert answer.status_code == 302
    assert answer.url == reverse("dashboards:customer", args=["harbour", kestrel.pk])
    call = Call.objects.with_people().get()
    assert call.held_at == datetime(2026, 3, 12, 8, 0, tzinfo=UTC)
    assert (call.minutes, call.importance, call.confidence) == (32, 0, 7)
    assert (call.words, call.by) == ("Marek prints it at night.", mara)
    assert set(call.contacts.all()) == {amara, tomas}
    assert [(c.owner_name, c.when, c.will, c.due_on) for c in call.commitments.all()] == [
        ("Amara Okafor", "the office is empty", "move the screen", date(2026, 3, 20)),
        ("Mara Lindqvist", "", "send the guide", None),
    ]
    promise.refresh_from_db()
    assert promise.state == "kept"
    assert Touchpoint.objects.get().due_at == datetime(2026, 3, 26, 8, 0, tzinfo=UTC)


def test_it_saves_a_double_submit_once(client, kestrel):
    form = a_form()
    assert [client.post(new_url(kestrel), form).status_code for _n in range(2)] == [302, 302]
    assert Call.objects.count() == 1


def test_a_second_tab_that_says_something_else_is_not_lost(client, kestrel):
    form = a_form()
    client.post(new_url(kestrel), form)
    answer = client.post(new_url(kestrel), form | {"goal": "What I wrote in the other tab"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "What I wrote in the other tab" in page
    assert "Stop asking me for the sheet" in page
    call = Call.objects.get()
    assert f'action="{reverse("coaching:call_edit", args=["harbour", call.pk])}"' in page
    again = answer.context["form"].initial
    saved = client.post(
        reverse("coaching:call_edit", args=["harbour", call.pk]),
        form | {"goal": "What I wrote in the other tab", "version": again["version"]},
    )
    assert saved.status_code == 302
    call.refresh_from_db()
    assert call.goal == "What I wrote in the other tab"


@pytest.mark.parametrize(
    ("fields", "name", "words"),
    [
        ({"held_on": "2026-03-13"}, "held_on", "still to come"),
        ({"held_time": "10:01"}, "held_on", "still to come"),
        ({"held_on": ""}, "held_on", "required"),
        ({"held_on": "yesterday"}, "held_on", "valid date"),
        ({"minutes": "0"}, "minutes", "greater than or equal to 1"),
        ({"confidence": "11"}, "confidence", "valid choice"),
        ({"importance": "11"}, "importance", "valid choice"),
        ({"goal": "x" * 5001}, "goal", "at most 5000"),
        ({"next_on": "2026-03-11"}, "next_on", "in the past"),
        ({"next_time": "09:00"}, "next_on", "which day"),
        ({"goal": "", "notes": "  "}, "goal", "at least one line"),
        ({"contacts": ["999999"]}, "contacts", "no longer at this customer"),
    ],
)
def test_it_says_what_is_wrong_at_its_field_and_keeps_the_rest(client, kestrel, fields, name, words):
    form = a_form(notes="Kept notes", **{"commitment-0-will": "", "options": "Kept options"}) | fields
    if name == "goal" and not fields["goal"]:
        form |= {"options": ""}
    answer = client.post(new_url(kestrel), form)
    assert answer.status_code == 422
    assert words in str(answer.context["form"].errors[name])
    page = answer.content.decode()
    assert f'id="id_{name}_error"' in page
    if "notes" not in fields:
        assert "Kept notes" in page
        assert "Kept options" in page
    assert not Call.objects.exists()


def test_a_commitment_without_a_deed_is_named(client, kestrel, amara):
    answer = client.post(
        new_url(kestrel),
        a_form(**{"commitment-0-when": "the office is empty", "commitment-0-who": f"contact-{amara.pk}"}),
    )
    assert answer.status_code == 422
    assert "Say what will be done" in answer.content.decode()
    assert "the office is empty" in answer.content.decode()


def test_an_owner_from_elsewhere_is_refused(client, kestrel, amara, in_harbour, theo):
    other = factories.make_contact(factories.make_customer(in_harbour, "Ostra Bakeries"), "Petra Novak")
    for who in (f"contact-{other.pk}", f"user-{theo.pk}", "nobody", ""):
        form = a_form(**{"commitment-0-will": "x", "commitment-0-who": who})
        assert client.post(new_url(kestrel), form).status_code == 422
    assert not Call.objects.exists()


def test_a_day_typed_counts_more_than_the_weeks_chosen(client, kestrel):
    client.post(new_url(kestrel), a_form(next_call="7", next_on="2026-03-30", next_time="14:30"))
    assert Touchpoint.objects.get().due_at == datetime(2026, 3, 30, 12, 30, tzinfo=UTC)  # summer time


def test_another_commitment_needs_no_script_and_stores_nothing(client, kestrel, amara):
    form = a_form(**{"commitment-1-will": "second", "commitment-1-who": f"contact-{amara.pk}", "add": "1"})
    answer = client.post(new_url(kestrel), form)
    page = answer.content.decode()
    assert answer.status_code == 200
    assert 'name="commitment-2-will"' in page
    assert 'value="second"' in page
    assert "Stop asking me for the sheet" in page
    assert form["token"] in page
    assert not Call.objects.exists()
    assert not CallDraft.objects.exists()


def test_htmx_gets_the_sheet_and_the_rows_alone(client, kestrel):
    sheet = client.get(new_url(kestrel), headers={"HX-Request": "true", "HX-Target": "call-sheet"})
    assert b"<dialog" in sheet.content
    assert b"<html" not in sheet.content
    rows = client.post(
        new_url(kestrel), a_form(add="1"), headers={"HX-Request": "true", "HX-Target": "call-commitments"}
    )
    assert b'id="call-commitments"' in rows.content
    assert b"<form" not in rows.content
    saved = client.post(new_url(kestrel), a_form(), headers={"HX-Request": "true", "HX-Target": "call-form"})
    assert saved.headers["HX-Redirect"] == reverse("dashboards:customer", args=["harbour", kestrel.pk])


def test_saving_can_lead_to_the_claim(client, kestrel, in_harbour):
    enrolment = factories.make_enrolment(kestrel, factories.make_journey(in_harbour))
    answer = client.post(new_url(kestrel), a_form(then="claim"))
    assert answer.url == reverse("milestones:claim", args=["harbour", enrolment.pk, "m1"])
    assert Call.objects.get().enrolment == enrolment


def test_a_draft_comes_back_until_the_call_is_saved(client, kestrel, amara):
    form = a_form(
        goal="Half a sent",
        **{"contacts": [amara.pk], "commitment-2-will": "third", "commitment-2-who": f"contact-{amara.pk}"},
    )
    kept = client.post(reverse("coaching:call_draft", args=["harbour", kestrel.pk]), form)
    assert kept.status_code == 204
    answer = client.get(new_url(kestrel))
    page = answer.content.decode()
    assert "Half a sent" in page
    assert 'value="third"' in page
    assert form["token"] in page
    assert "Start afresh" in page
    client.post(new_url(kestrel), form)
    assert not CallDraft.objects.exists()
    late = client.post(reverse("coaching:call_draft", args=["harbour", kestrel.pk]), form)
    assert late.status_code == 204
    assert not CallDraft.objects.exists()


def test_a_draft_may_hold_what_a_call_may_not(client, kestrel):
    url = reverse("coaching:call_draft", args=["harbour", kestrel.pk])
    assert client.post(url, a_form(held_on="soon", minutes="many", token="none")).status_code == 204
    page = client.get(new_url(kestrel))
    assert page.status_code == 200
    assert b'value="many"' in page.content
    assert client.post(url, {"goal": "a" * 200_001}).status_code == 413


def test_a_draft_of_a_few_words_gets_the_rest_as_a_fresh_form_has_it(
    client, kestrel, amara, mara, in_harbour, now
):
    scheduling.keep_draft(
        organisation=in_harbour, customer=kestrel, by=mara, fields={"goal": ["Half"]}, now=now
    )
    initial = client.get(new_url(kestrel)).context["form"].initial
    assert initial["goal"] == "Half"
    assert initial["contacts"] == [amara.pk]
    assert initial["held_on"] == date(2026, 3, 12)
    client.post(reverse("coaching:call_draft", args=["harbour", kestrel.pk]), a_form())
    assert client.get(new_url(kestrel)).context["form"].initial["contacts"] == []


def test_starting_afresh_drops_the_draft(client, kestrel, mara, in_harbour, now):
    scheduling.keep_draft(
        organisation=in_harbour, customer=kestrel, by=mara, fields={"goal": ["Old"]}, now=now
    )
    answer = client.post(reverse("coaching:call_draft_removal", args=["harbour", kestrel.pk]))
    assert answer.url == new_url(kestrel)
    assert b"Old" not in client.get(new_url(kestrel)).content


def test_finishing_later_keeps_the_draft_without_a_script(client, kestrel):
    answer = client.post(new_url(kestrel), a_form(later="1", goal="Half a sent"))
    assert answer.url == reverse("dashboards:customer", args=["harbour", kestrel.pk])
    assert CallDraft.objects.get().data["goal"] == ["Half a sent"]
    assert not Call.objects.exists()


def test_a_draft_is_its_writers_own(client, client_for, theo, kestrel, mara, in_harbour, now):
    scheduling.keep_draft(
        organisation=in_harbour, customer=kestrel, by=mara, fields={"goal": ["Mine"]}, now=now
    )
    assert b"Mine" not in client_for(theo).get(new_url(kestrel)).content
    assert b"Mine" in client.get(new_url(kestrel)).content


def test_a_planned_call_gives_its_time_and_is_held(client, kestrel, mara, in_harbour, now):
    planned = Touchpoint.objects.create(
        organisation=in_harbour, customer=kestrel, owner=mara, due_at=now - timedelta(minutes=45)
    )
    assert 'value="09:15"' in client.get(new_url(kestrel)).content.decode()
    client.post(new_url(kestrel), a_form(held_time="09:15"))
    planned.refresh_from_db()
    assert planned.state == "held"


def test_a_call_planned_for_later_stays_planned(client, kestrel, mara, in_harbour, now):
    planned = Touchpoint.objects.create(
        organisation=in_harbour, customer=kestrel, owner=mara, due_at=now + timedelta(days=3)
    )
    assert "As planned, Sun 15 March, 10:00" in client.get(new_url(kestrel)).content.decode()
    client.post(new_url(kestrel), a_form())
    planned.refresh_from_db()
    assert (planned.state, planned.due_at) == ("planned", now + timedelta(days=3))


def test_a_signed_out_reader_is_sent_to_sign_in_and_back(client, kestrel):
    client.logout()
    answer = client.post(new_url(kestrel), a_form())
    assert answer.status_code == 302
    assert answer.url == f"/accounts/login/?next={new_url(kestrel)}"
    partial = client.post(
        new_url(kestrel),
        a_form(),
        headers={"HX-Request": "true", "HX-Current-URL": f"http://testserver{new_url(kestrel)}"},
    )
    assert partial.status_code == 401
    assert partial.headers["HX-Redirect"].startswith("/accounts/login/?next=")


def test_read_only_members_and_rivals_stay_out(client_for, rio, eve, kestrel):
    draft = reverse("coaching:call_draft", args=["harbour", kestrel.pk])
    with tenancy.within(eve.memberships.get().organisation):
        theirs = reverse("coaching:call_new", args=["rival", kestrel.pk])
    reader, rival = client_for(rio), client_for(eve)
    assert reader.get(new_url(kestrel)).status_code == 403
    assert reader.post(draft, {}).status_code == 403
    assert rival.get(new_url(kestrel)).status_code == 404
    assert rival.get(theirs).status_code == 404
    assert rival.post(theirs, a_form()).status_code == 404
    assert rival.post(reverse("coaching:call_draft", args=["rival", kestrel.pk]), {}).status_code == 404
    assert not Call.objects.exists()


def test_it_refuses_other_methods(client, kestrel):
    assert client.put(new_url(kestrel)).status_code == 405
    assert client.get(reverse("coaching:call_draft", args=["harbour", kestrel.pk])).status_code == 405


def test_it_asks_as_often_for_many_people_and_promises(
    client, kestrel, amara, promise, mara, in_harbour, now
):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def queries():
        with CaptureQueriesContext(
            connection,
        ) as caught:
            assert client.get(new_url(kestrel)).status_code == 200
        return len(caught)

    few = queries()
    for n in range(10):
        factories.make_contact(kestrel, f"Person{n}")
        Commitment.objects.create(
            organisation=in_harbour, customer=kestrel, owner_user=mara, will=f"deed {n}", made_at=now
        )
    assert queries() == few
    assert few <= 23
