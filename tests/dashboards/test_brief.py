"""The brief for a call: one page with everything, in as many queries for a long history as a short one."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from coaching import challenging, scheduling, starting
from coaching.models import ChallengeKind
from coaching.scheduling import NewCommitment
from organisations import tenancy
from tests import factories

pytestmark = pytest.mark.django_db
MOST_QUERIES = 21


@pytest.fixture
def kestrel(in_harbour, mara, theo, now):
    customer = factories.make_customer(
        in_harbour, "Kestrel Freight", owner=mara, outcome="A fifth fewer empty kilometres."
    )
    factories.make_enrolment(customer, factories.make_journey(in_harbour))
    starting.take(organisation=in_harbour, by=theo, now=now)
    return customer


def lives(customer, mara, now, *, calls: int, kinds: int) -> None:
    """So many calls with a promise each, and so many challenges."""
    amara = customer.contacts.first() or factories.make_contact(customer, "Amara Okafor", is_primary=True)
    for n in range(calls):
        scheduling.log_call(
            organisation=customer.organisation,
            customer=customer,
            by=mara,
            held_at=now - timedelta(days=n + 1),
            now=now,
            contacts=[amara],
            commitments=[NewCommitment(f"send list {n}", amara, "", now.date())],
            words=f"Nine depots do it, said {n}.",
            importance=4,
            confidence=4,
        )
    open_kinds = ChallengeKind.objects.not_open_at(customer).order_by("key")[:kinds]
    for kind in open_kinds:
        challenging.open_challenge(customer=customer, kind=kind, by=mara, now=now)


def test_it_holds_everything_and_asks_as_little_for_a_long_history(client_for, rio, mara, kestrel, now):
    lives(kestrel, mara, now, calls=1, kinds=1)
    client, address = client_for(rio), f"/o/harbour/customers/{kestrel.pk}/brief/"
    with CaptureQueriesContext(connection) as few:
        html = client.get(address).content.decode()
    for words in (
        "A fifth fewer empty kilometres.",
        "Milestone 1",
        "Nine depots do it, said 0.",
        "send list 0",
        "Bad experience with us",
        "What must be different to call this worth it?",
    ):
        assert words in html
    lives(kestrel, mara, now, calls=6, kinds=6)
    with CaptureQueriesContext(connection) as many:
        client.get(address)
    assert len(many) == len(few) <= MOST_QUERIES


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_it_prints_on_one_page(harbour, mara, theo, open_page, live_server, client_for, now):
    """With as much on it as it ever shows."""
    with tenancy.within(harbour):
        long = "Every depot manager sees yesterday’s empty kilometres before the seven o’clock meeting. " * 3
        customer = factories.make_customer(harbour, "Kestrel Freight", owner=mara, outcome=long)
        for place in (2, 3):
            factories.make_outcome(customer, long, position=place)
        factories.make_enrolment(customer, factories.make_journey(harbour, milestones=7))
        starting.take(organisation=harbour, by=theo, now=now)
        lives(customer, mara, now, calls=9, kinds=5)
    page = open_page()
    session = client_for(mara).cookies["sessionid"].value
    page.context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
    page.goto(f"/o/harbour/customers/{customer.pk}/brief/")
    printed = page.pdf(format="A4", print_background=True, prefer_css_page_size=True)
    assert len(re.findall(rb"/Type\s*/Page[^s]", printed)) == 1


def test_it_says_the_pace(in_harbour, kestrel, now):
    from dashboards.brief import brief_of
    from milestones.models import Achievement

    enrolment = kestrel.enrolments.get()
    first, second = enrolment.version.milestones.order_by("position")[:2]
    for milestone, days in ((first, 15), (second, 44)):
        Achievement.objects.create(
            organisation=in_harbour,
            enrolment=enrolment,
            milestone=milestone,
            milestone_key=milestone.key,
            achieved_at=enrolment.started_at + timedelta(days=days),
            recorded_at=now,
        )
    brief = brief_of(kestrel, organisation=in_harbour, now=now)
    assert [stone.name for stone in brief.attained] == ["Milestone 1", "Milestone 2"]
    assert brief.pace == "1 of 2 milestones with a date were reached by it. The last one 3 days late."


def test_it_says_what_is_not_known(client_for, mara, in_harbour):
    nobody = factories.make_customer(in_harbour, "Juniper Outdoor")
    html = client_for(mara).get(f"/o/harbour/customers/{nobody.pk}/brief/").content.decode()
    assert "None yet: this is the first." in html
    assert "On no journey yet." in html
    assert "What do you want to say a year from now?" in html


@pytest.mark.parametrize(
    ("importance", "confidence", "shown", "question"),
    [
        (9, 5, "Importance 9, confidence 5 of 10", "one more sure"),
        (4, 5, "Importance 4, confidence 5 of 10", "and not less"),
        (7, 7, "Importance 7, confidence 7 of 10", ""),
        (None, 0, "Confidence 0 of 10", "one more sure"),
        (0, None, "Importance 0 of 10", "and not less"),
        (None, None, "", ""),
    ],
)
def test_it_asks_by_how_much_it_matters_and_how_sure_they_are(
    client_for, mara, kestrel, in_harbour, now, importance, confidence, shown, question
):
    scheduling.log_call(
        organisation=in_harbour, customer=kestrel, by=mara, held_at=now, now=now,
        importance=importance, confidence=confidence,
    )  # fmt: skip
    for place in ("brief/", ""):
        html = client_for(mara).get(f"/o/harbour/customers/{kestrel.pk}/{place}").content.decode()
        assert shown in html, place
        assert ("of 10" in html) == bool(shown), place
    asked = client_for(mara).get(f"/o/harbour/customers/{kestrel.pk}/brief/").context["brief"].scale_question
    assert (question in asked) if question else not asked
