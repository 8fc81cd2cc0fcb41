"""Today: whose lines, in which order, each with one action; cut, counted, and never writing by being read."""

from collections import Counter
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from advocacy.models import Celebration, CelebrationGuest
from coaching import scheduling
from coaching.models import Commitment, Touchpoint
from dashboards.today.lines import Kind
from dashboards.today.page import all_of, today
from milestones.models import Achievement, Agreement, Ask, Verdict
from post.models import Delivery
from tests.dashboards.on_today import NOON, URL, scope_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_amsterdam")]


def kinds(scope):
    return [(line.kind, line.customer.name) for line in today(scope).lines]


# Whose


def test_it_is_about_ones_own_current_customers(make, mara, theo, in_harbour):
    mine = make("Mine", outcome="")
    make("Theo's", outcome="", owner=theo)
    make("Nobody's", outcome="", owner=None)
    make("Left", outcome="", left_on=date(2026, 3, 1), left_why="moved")
    make("Archived", outcome="", archived_at=NOON)
    assert kinds(scope_of(in_harbour, mara)) == [(Kind.NO_OUTCOME, mine.name)]
    everyone = [name for _kind, name in kinds(scope_of(in_harbour, None, viewer=theo))]
    assert sorted(everyone) == ["Mine", "Nobody's", "Theo's"]


def test_the_person_switch_is_for_managers_and_readers(client_for, clock, make, mara, theo, rio, ada, eve):
    make("Mine", outcome="")
    make("Theo's", outcome="", owner=theo)

    def names(user, **query):
        answer = client_for(user).get(URL, query)
        return {line.customer.name for line in answer.context["today"].lines}

    assert names(mara) == {"Mine"}
    assert names(mara, person="everyone") == {"Mine"}
    for user in (theo, ada, rio):
        assert names(user) == {"Mine", "Theo's"}
        assert names(user, person=mara.pk) == {"Mine"}
    assert client_for(theo).get(URL, {"person": eve.pk}).status_code == 404
    assert client_for(theo).get(URL, {"person": rio.pk}).status_code == 404
    assert client_for(theo).get(URL, {"person": "x"}).status_code == 404
    assert b"today-person" not in client_for(mara).get(URL).content


def test_a_rival_finds_neither_the_page_nor_its_rows(client_for, clock, make, eve):
    make("Kestrel Freight", outcome="")
    assert client_for(eve).get(URL).status_code == 404
    page = client_for(eve).get("/o/rival/today/")
    assert page.status_code == 200
    assert b"Kestrel" not in page.content


def test_a_reader_is_offered_no_way_to_write(client_for, clock, make, mara, rio, in_harbour):
    kestrel = make("Kestrel Freight", outcome="", started=date(2025, 12, 1))
    Commitment.objects.create(
        organisation=in_harbour,
        customer=kestrel,
        owner_user=mara,
        will="x",
        due_on=date(2026, 3, 12),
        made_at=NOON,
    )
    Touchpoint.objects.create(organisation=in_harbour, customer=kestrel, owner=mara, due_at=NOON)
    page = client_for(rio).get(URL).content.decode()
    for way in ("calls/new", "settlement", "calls/next", "/edit/"):
        assert way not in page, way


# Put together


def test_what_presses_most_comes_first_and_a_customer_once(make, mara, in_harbour):
    late = make("Late and quiet", started=date(2026, 1, 1), outcome="")
    Commitment.objects.create(
        organisation=in_harbour,
        customer=late,
        owner_user=mara,
        will="x",
        due_on=date(2026, 3, 12),
        made_at=NOON,
    )
    make("Near", started=date(2026, 2, 21))
    lines = today(scope_of(in_harbour, mara)).lines
    assert [(line.kind, line.customer.name) for line in lines] == [
        (Kind.PROMISED, "Late and quiet"),
        (Kind.NEAR, "Near"),
    ]
    assert [reason.split(":")[0] for reason in lines[0].also] == [
        "50 days late",
        "No outcome",
        "Quiet 70 days",
    ]


def test_todays_calls_carry_their_reason(make, mara, in_harbour, journey):
    plain = make("Plain")
    aimed = make("Aimed")
    bare = make("Bare", started=None)
    held = make("Held")
    for customer, hours, purpose in (
        (plain, 1, ""),
        (aimed, 2, "Ask whether it is so"),
        (bare, 3, ""),
        (held, -2, ""),
    ):
        Touchpoint.objects.create(
            organisation=in_harbour,
            customer=customer,
            owner=mara,
            due_at=NOON + timedelta(hours=hours),
            purpose=purpose,
        )
    scheduling.log_call(
        organisation=in_harbour, customer=held, by=mara, held_at=NOON - timedelta(hours=2), now=NOON, goal="G"
    )
    shown = today(scope_of(in_harbour, mara))
    assert [(line.customer.name, line.when, line.why) for line in shown.calls] == [
        ("Held", "10:00", "Logged."),
        ("Plain", "13:00", "Next: “Milestone 1”, 0 of 1 criteria met."),
        ("Aimed", "14:00", "Ask whether it is so"),
        ("Bare", "15:00", "Not on a journey yet. Ask what they want to reach."),
    ]
    assert [line.customer.name for line in shown.ahead] == ["Plain", "Aimed", "Bare"]
    assert [span.label for span in shown.band.spans] == [
        "10:00 Held",
        "13:00 Plain",
        "14:00 Aimed",
        "15:00 Bare",
    ]
    assert shown.calls[0].path.enrolment.journey == journey
    assert today(scope_of(in_harbour, None, viewer=mara)).band is None


def test_a_waiting_celebration_can_be_read_sent_and_stopped(client_for, clock, make, mara, in_harbour):
    enrolment = make("Pomelo Foods").enrolments.get()
    achievement = Achievement.objects.create(
        organisation=in_harbour,
        enrolment=enrolment,
        milestone=enrolment.current,
        milestone_key="m1",
        achieved_at=NOON,
        recorded_at=NOON,
    )
    celebration = Celebration.objects.create(
        organisation=in_harbour,
        enrolment=enrolment,
        milestone=enrolment.current,
        milestone_key="m1",
        achievement=achievement,
        state="waiting",
        made_at=NOON,
        due_at=NOON + timedelta(hours=2),
        fact="31 shops plan from one list.",
    )
    CelebrationGuest.objects.create(
        organisation=in_harbour, celebration=celebration, contact=enrolment.customer.contacts.get()
    )
    page = client_for(mara).get(URL).content.decode()
    assert "31 shops plan from one list." in page
    assert "to Amara Okafor" in page
    assert "today 14:00" in page
    for name in ("celebration", "celebration_now", "celebration_stop"):
        assert reverse(f"advocacy:{name}", args=["harbour", celebration.pk]) in page
    celebration.state = "posted"
    celebration.save()
    assert "31 shops" not in client_for(mara).get(URL).content.decode()


def test_they_owe_you(client_for, clock, make, mara, in_harbour):
    kestrel = make("Kestrel Freight")
    made = {
        "organisation": in_harbour,
        "customer": kestrel,
        "owner_contact": kestrel.contacts.get(),
        "made_at": NOON,
    }
    Commitment.objects.create(**made, will="ward codes", due_on=date(2026, 3, 3))
    Commitment.objects.create(**made, will="depot list", due_on=date(2026, 3, 19))
    Commitment.objects.create(**made, will="much later", due_on=date(2026, 3, 20))
    page = client_for(mara).get(URL)
    assert [c.will for c in page.context["today"].they_owe.rows] == ["ward codes", "depot list"]
    assert 'class="bad"' in page.content.decode()
    everything = client_for(mara).get(URL, {"all": "owed"}).context["group"]
    assert [(line.when, line.why) for line in everything.lines] == [
        ("9 days late", "Amara Okafor promised: ward codes"),
        ("In 7 days", "Amara Okafor promised: depot list"),
    ]


def test_an_empty_day_teaches(client_for, clock, mara, in_harbour):
    page = client_for(mara).get(URL).content.decode()
    assert "Nothing needs you right now" in page
    assert "Good afternoon, Mara" in page
    assert "Thursday 12 March" in page


def test_lists_are_cut_and_the_rest_is_one_link_away(client_for, clock, make, mara):
    for n in range(13):
        make(f"Customer {n:02}", outcome="")
    page = client_for(mara).get(URL)
    assert len(page.context["today"].lines) == 10
    assert "All 13: Customers without an outcome in their words" in page.content.decode()
    rest = client_for(mara).get(URL, {"all": "no-outcome"})
    assert len(rest.context["group"].lines) == 13
    assert client_for(mara).get(URL, {"all": "no-outcome", "page": "2"}).context["group"].lines == []
    for query in ({"all": "nonsense"}, {"changed": "nonsense"}):
        assert client_for(mara).get(URL, query).status_code == 404
    for page in ("x", "0", "-1", "9" * 30):
        first = client_for(mara).get(URL, {"all": "no-outcome", "page": page})
        assert len(first.context["group"].lines) == 13


def test_where_it_is_crowded_weaker_reasons_show_their_first_few(client_for, clock, make, mara):
    """A list of forty lines is no plan for a day; all of them stay one link away."""
    for n in range(8):
        make(f"Late {n}", started=date(2026, 2, 14))
        make(f"Near {n}", started=date(2026, 2, 24))
        make(f"Unsaid {n}", outcome="")
    page = client_for(mara).get(URL)
    kinds = Counter(line.kind for line in page.context["today"].lines)
    assert kinds == {Kind.LATE: 4, Kind.NEAR: 4, Kind.NO_OUTCOME: 4}
    assert {group.kind for group in page.context["today"].more} == set(kinds)
    assert "All 8: Milestones past target" in page.text


def test_nobody_counts_beyond_a_hundred(client_for, clock, make, mara):
    for n in range(101):
        make(f"Customer {n:03}", outcome="")
    assert "All 100+: Customers without an outcome" in client_for(mara).get(URL).content.decode()
    assert "100+ lines" in client_for(mara).get(URL, {"all": "no-outcome"}).content.decode()


def test_pages_of_everything_meet_without_a_gap(make, mara, in_harbour):
    for n in range(53):
        make(f"Customer {n:02}", outcome="")
    scope = scope_of(in_harbour, mara)
    pages = [all_of(scope.page(number), Kind.NO_OUTCOME) for number in (1, 2)]
    assert [len(page.lines) for page in pages] == [50, 3]
    assert {page.cut.in_all for page in pages} == {53}
    assert len({line.customer.pk for page in pages for line in page.lines}) == 53


def test_opening_the_page_writes_nothing(client_for, clock, make, mara):
    make("Kestrel Freight", outcome="")
    client = client_for(mara)
    with CaptureQueriesContext(connection) as caught:
        client.get(URL)
    assert [q["sql"] for q in caught if not q["sql"].startswith(("SELECT", "SAVEPOINT", "RELEASE"))] == []


def test_it_asks_the_database_as_often_for_one_customer_as_for_thirty(
    client_for, clock, make, happen, mara, theo, in_harbour
):
    def fill(name):
        customer = make(name, outcome="", started=date(2026, 2, 24))
        late = make(f"{name} late", started=date(2025, 12, 1))
        contact = customer.contacts.get()
        enrolment = customer.enrolments.get()
        Touchpoint.objects.create(organisation=in_harbour, customer=customer, owner=mara, due_at=NOON)
        Touchpoint.objects.create(
            organisation=in_harbour, customer=late, owner=mara, due_at=NOON - timedelta(days=2)
        )
        for owner in ({"owner_user": mara}, {"owner_contact": contact}):
            Commitment.objects.create(
                organisation=in_harbour,
                customer=customer,
                will="x",
                due_on=date(2026, 3, 12),
                made_at=NOON,
                **owner,
            )
        about = {
            "organisation": in_harbour,
            "enrolment": enrolment,
            "milestone": enrolment.current,
            "contact": contact,
        }
        Ask.objects.create(**about, asked_at=NOON - timedelta(days=9))
        Verdict.objects.create(**about, milestone_key="m1", kind="contested", words="no", at=NOON)
        denied = {"answer": "wrong", "words": "no", "answered_at": NOON}
        Agreement.objects.create(**about, asked_at=NOON, **denied)
        achievement = Achievement.objects.create(
            organisation=in_harbour,
            enrolment=enrolment,
            milestone=enrolment.current,
            milestone_key="m1",
            achieved_at=NOON,
            recorded_at=NOON,
        )
        celebration = Celebration.objects.create(
            organisation=in_harbour,
            enrolment=enrolment,
            milestone=enrolment.current,
            milestone_key="m1",
            achievement=achievement,
            state="waiting",
            made_at=NOON,
            due_at=NOON,
        )
        CelebrationGuest.objects.create(organisation=in_harbour, celebration=celebration, contact=contact)
        Delivery.objects.create(
            organisation=in_harbour,
            purpose="celebration",
            subject_key=name,
            address="a@b.example",
            customer_id=customer.pk,
            state="uncertain",
            created_at=NOON,
            due_at=NOON,
            from_name="H",
            message_id="<a@b>",
            subject="S",
            text="t",
        )
        scheduling.keep_draft(organisation=in_harbour, customer=customer, by=mara, fields={}, now=NOON)
        happen("outcome_contested", customer, hours=1)

    def queries(user):
        client = client_for(user)
        with CaptureQueriesContext(connection) as caught:
            assert client.get(URL).status_code == 200
        # PostgreSQL's wall says itself which organisation it is: the same few statements on every page.
        return sum(1 for q in caught if "FROM" in q["sql"])

    fill("First")
    one = {user: queries(user) for user in (mara, theo)}
    for n in range(14):
        fill(f"Customer {n:02}")
    assert {user: queries(user) for user in (mara, theo)} == one
    assert max(one.values()) <= 42, one
