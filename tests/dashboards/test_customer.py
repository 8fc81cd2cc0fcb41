"""The customer's page: all above the fold, everything below, in a constant number of queries."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from coaching.models import Call, CallAttendee, Commitment, Touchpoint
from customers.models import Customer
from milestones import standing
from milestones.models import Achievement
from organisations.models import Event, Organisation, User
from tests.counting import queries_of
from tests.factories import (
    make_contact,
    make_customer,
    make_enrolment,
    make_journey,
    make_metric,
    make_reading,
)

pytestmark = pytest.mark.django_db


def url(customer: Customer) -> str:
    return f"/o/harbour/customers/{customer.pk}/"


@pytest.fixture
def real_now() -> datetime:
    return timezone.now().replace(microsecond=0)


@pytest.fixture
def customer(in_harbour: Organisation, mara: User, real_now: datetime) -> Customer:
    metric = make_metric(in_harbour, "empty-km", name="Empty kilometres", unit="%")
    customer = make_customer(
        in_harbour,
        owner=mara,
        about="Haulage, 11 depots",
        outcome="We drive a fifth less of them.",
        outcome_by="Tomás Herrera, kick-off",
        outcome_metric=metric,
        outcome_baseline=31.4,
        outcome_target=25.1,
    )
    for days, value in ((40, 31.4), (20, 29.0), (2, 27.1)):
        make_reading(customer, metric, value, at=real_now - timedelta(days=days))
    return customer


def live_through(customer: Customer, user: User, now: datetime, rounds: int) -> None:
    """A history of everything: calls with people, promises, achievements, answers, changes."""
    organisation = customer.organisation
    enrolment = customer.enrolments.first() or make_enrolment(customer, make_journey(organisation))
    milestones = list(enrolment.version.milestones.all())
    common = {"organisation": organisation, "customer": customer}
    for n in range(rounds):
        at = now - timedelta(days=n + 1)
        contact = make_contact(customer, f"Person {n}", address=f"p{n}@x.example")
        call = Call.objects.create(**common, by=user, held_at=at, saved_at=at, words=f"words {n}", minutes=30)
        CallAttendee.objects.create(organisation=organisation, call=call, contact=contact)
        promise = Commitment.objects.create(
            **common, owner_contact=contact, will=f"promise {n}", made_at=at, due_on=now.date()
        )
        about = {"by": user, "now": at, "customer_id": customer.pk}
        organisation.log("call_logged", subject=call, **about)
        organisation.log("commitment_made", subject=promise, **about)
        milestone = milestones[n % len(milestones)]
        organisation.log("milestone_achieved", milestone_id=milestone.pk, history=False, **about)
        organisation.log("confirmation_asked", milestone_id=milestone.pk, contact_id=contact.pk, **about)
        organisation.log("owner_changed", owner_id=user.pk, subject=customer, **about)
        organisation.log("enrolled", journey_id=enrolment.journey_id, **about)


def test_it_shows_the_outcome_above_everything(
    client_for: Callable[[User], Client], customer: Customer, mara: User
) -> None:
    text = client_for(mara).get(url(customer)).text
    for words in (
        "“We drive a fifth less of them.”",
        "Tomás Herrera, kick-off",
        "27.1%",
        "from 31.4%, goal 25.1%",
        "3 readings to",
        "Haulage, 11 depots",
        "CSM Mara Lindqvist",
    ):
        assert words in text
    assert text.index("fifth less") < text.index("Last call") < text.index("Everything so far")


def test_it_teaches_what_to_do_when_nothing_is_there(
    client_for: Callable[[User], Client], in_harbour: Organisation, mara: User
) -> None:
    text = client_for(mara).get(url(make_customer(in_harbour))).text
    for words in (
        "Not written down yet. Ask:",
        "On no journey yet.",
        "None yet.",
        "Nobody yet.",
        "Nothing is promised",
    ):
        assert words in text


def test_it_shows_last_call_next_promise_next_call_and_people(
    client_for: Callable[[User], Client], customer: Customer, mara: User, real_now: datetime
) -> None:
    live_through(customer, mara, real_now, 2)
    make_contact(customer, "Gone Person", left_on=real_now.date())
    Touchpoint.objects.create(
        organisation=customer.organisation, customer=customer, owner=mara,
        due_at=real_now + timedelta(days=3), purpose="Half an hour with Gdynia",
    )  # fmt: skip
    text = client_for(mara).get(url(customer)).text
    above = text[: text.index("Everything so far")]
    assert "“words 0”" in above
    assert "“words 1”" not in above
    assert "will promise 0" in above
    assert "Half an hour with Gdynia" in above
    assert "Person 0" in above
    assert "Gone Person" not in above


def test_it_leads_each_stone_to_where_it_is_claimed(
    client_for: Callable[[User], Client], customer: Customer, mara: User, rio: User
) -> None:
    enrolment = make_enrolment(customer, make_journey(customer.organisation))
    claim = f"/o/harbour/enrolments/{enrolment.pk}/milestones/m1/claim/"
    assert claim in client_for(mara).get(url(customer)).text
    reads = client_for(rio).get(url(customer)).text
    assert claim not in reads
    assert "/edit/" not in reads


def test_it_takes_as_many_queries_for_a_long_history_as_for_a_short_one(
    client_for: Callable[[User], Client], customer: Customer, mara: User, real_now: datetime
) -> None:
    client = client_for(mara)
    live_through(customer, mara, real_now, 4)
    short = queries_of(lambda: client.get(url(customer)))
    Commitment.objects.all().delete()
    Call.objects.all().delete()
    customer.contacts.all().delete()
    live_through(customer, mara, real_now, 40)
    long = queries_of(lambda: client.get(url(customer)))
    assert len(short) == len(long), long
    # three for what is missing, two for what it serves, two for the pace, one each to fit, to send, to keep
    assert len(long) <= 24, long
    region = {"HX-Request": "true", "HX-Target": "timeline-more"}
    older = queries_of(lambda: client.get(url(customer), headers=region))
    assert len(older) <= 8, older


def test_it_pages_through_everything_once(
    client_for: Callable[[User], Client], customer: Customer, mara: User, real_now: datetime
) -> None:
    live_through(customer, mara, real_now, 12)
    client, seen, path = client_for(mara), 0, url(customer)
    pages = 0
    while path:
        text = client.get(path).text
        seen += text.count('class="timeline__item"')
        pages += 1
        more = text.partition('id="timeline-more">')[2].partition("</div>")[0]
        path = more.partition('href="')[2].partition("#tl")[0].replace("&amp;", "&")
    assert (seen, pages) == (Event.objects.count(), 4)


def test_it_narrows_the_timeline_and_counts_each_kind(
    client_for: Callable[[User], Client], customer: Customer, mara: User, real_now: datetime
) -> None:
    live_through(customer, mara, real_now, 3)
    text = client_for(mara).get(url(customer), {"show": "calls"}).text
    assert text.count('class="timeline__item"') == 3
    for chip in ("All 18", "Calls 3", "Milestones 6", "Mails 3", "Commitments 3"):
        assert chip in text
    assert client_for(mara).get(url(customer), {"show": "nonsense"}).status_code == 200


def test_it_answers_older_with_the_region_alone(
    client_for: Callable[[User], Client], customer: Customer, mara: User, real_now: datetime
) -> None:
    live_through(customer, mara, real_now, 5)
    client = client_for(mara)
    answer = client.get(url(customer), headers={"HX-Request": "true", "HX-Target": "timeline-more"})
    assert "<html" not in answer.text
    assert 'id="timeline-more"' in answer.text


def test_it_says_behind_contested_left_and_archived(
    client_for: Callable[[User], Client], customer: Customer, mara: User, real_now: datetime
) -> None:
    client = client_for(mara)
    make_enrolment(customer, make_journey(customer.organisation))
    assert "Nothing new for" in client.get(url(customer)).text
    Achievement.objects.bulk_create(
        Achievement(
            organisation=customer.organisation, enrolment=customer.enrolments.get(), milestone=milestone,
            milestone_key=milestone.key, achieved_at=real_now, recorded_at=real_now,
        )
        for milestone in customer.enrolments.get().version.milestones.all()
    )  # fmt: skip
    standing.keep(customer.organisation, [customer.enrolments.get().pk])
    assert "At the end" in client.get(url(customer)).text
    Customer.objects.update(left_on=real_now.date(), left_why="Bought", archived_at=real_now)
    text = client.get(url(customer)).text
    assert "Archived" in text
    assert "Bought" in text


def test_it_opens_their_page_in_the_demo_alone(
    client_for: Callable[[User], Client], customer: Customer, mara: User, settings: Any
) -> None:
    contact, client = make_contact(customer), client_for(mara)
    path = f"/o/harbour/people/{contact.pk}/page/"
    assert client.post(path).status_code == 404
    settings.DEMO = True
    assert "Open as Amara (customer)" in client.get(url(customer)).text
    answer = client.post(path)
    assert answer.url.startswith("/c/")
    assert client.get(answer.url).status_code == 200


def test_it_is_nobody_elses(
    client_for: Callable[[User], Client], customer: Customer, eve: User, rio: User
) -> None:
    client = client_for(eve)
    theirs = client.get(f"/o/rival/customers/{customer.pk}/")
    nothing = client.get("/o/rival/customers/999999/")
    assert theirs.status_code == nothing.status_code == 404
    assert theirs.content == nothing.content
    assert client.get(url(customer)).status_code == 404
    assert client_for(rio).get(url(customer)).status_code == 200
    assert client_for(rio).post(url(customer)).status_code == 405


def test_it_sets_out_on_a_journey_with_one_button(
    client_for: Callable[[User], Client], in_harbour: Organisation, mara: User
) -> None:
    customer, journey, client = make_customer(in_harbour), make_journey(in_harbour), client_for(mara)
    assert "Set out on First data today" in client.get(url(customer)).text
    given = {"customer": customer.pk, "started_on": timezone.localdate().isoformat(), "next": url(customer)}
    answer = client.post(f"/o/harbour/journeys/{journey.slug}/enrolments/", given, follow=True)
    assert answer.redirect_chain[0][0] == url(customer)
    assert "Set out on First data today" not in answer.text
    assert "Milestone 1" in answer.text
