"""What comes of resources: whose days have passed counts, once per customer, beside what happens anyway."""

from datetime import datetime, timedelta

import pytest

from coaching import shelving
from coaching.models import Resource, Sending
from customers.models import Customer
from dashboards.figures.resources import FEWEST, ResourceFigures, Row, base_rates, ranking, rows_of
from milestones.models import Achievement, Enrolment
from post.models import Delivery
from tests import factories
from tests.counting import queries_of
from ui.figures import Rate

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def sheet(in_harbour, theo, now) -> Resource:
    return shelving.write(
        organisation=in_harbour,
        resource=None,
        type="worksheet",
        values={"title": "Sheet", "summary": "Good.", "body": "Do it."},
        at=None,
        by=theo,
        now=now,
    ).resource


@pytest.fixture
def journey(in_harbour):
    return factories.make_journey(in_harbour)


@pytest.fixture
def on_the_way(in_harbour, journey, now):
    """on_the_way(n, reached=…): customer n, set out 200 days ago, reached m1 on that day."""

    def make(n: int, *, reached: datetime | None = None) -> Enrolment:
        customer = factories.make_customer(in_harbour, f"Customer {n}")
        factories.make_contact(customer, "Amara Okafor")
        began = (now - 200 * DAY).date()
        enrolment = factories.make_enrolment(customer, journey, started_on=began, enrolled_at=now - 200 * DAY)
        if reached:
            reach(enrolment, reached)
        return enrolment

    return make


def reach(enrolment: Enrolment, at: datetime, key: str = "m1") -> None:
    Achievement.objects.create(
        organisation_id=enrolment.organisation_id,
        enrolment=enrolment,
        milestone=enrolment.version.milestones.get(key=key),
        milestone_key=key,
        achieved_at=at,
        recorded_at=at,
    )


def send(
    resource: Resource, customer: Customer, by, at: datetime, *, state: str = "sent", name: str = ""
) -> Sending:
    contact = customer.contacts.first()
    if name:
        contact = factories.make_contact(customer, name)
    delivery = Delivery.objects.create(
        organisation_id=customer.organisation_id,
        purpose="resource",
        subject_key=f"{resource.pk}-{contact.pk}-{at.isoformat()}",
        address=contact.address,
        state=state,
        created_at=at,
        due_at=at,
        sent_at=at if state == "sent" else None,
    )
    return Sending.objects.create(
        organisation_id=customer.organisation_id,
        resource=resource,
        edition=resource.editions.get(),
        customer=customer,
        contact=contact,
        sent_at=at - DAY,
        sent_by=by,
        delivery=delivery,
    )


def test_it_counts_whose_days_have_passed(sheet, on_the_way, harbour, mara, now):
    at = now - 40 * DAY
    for n in range(FEWEST):
        enrolment = on_the_way(n, reached=at + 20 * DAY if n < 4 else None)
        send(sheet, enrolment.customer, mara, at)
    late = on_the_way(50, reached=at + 31 * DAY)
    send(sheet, late.customer, mara, at)
    fresh = on_the_way(51, reached=now - DAY)
    send(sheet, fresh.customer, mara, now - 10 * DAY)
    [one] = ranking(organisation=harbour, now=now, days=30).resources
    assert (one.customers, one.n, one.reached, one.running) == (12, 11, 4, 1)
    assert one.share is not None
    assert (round(one.share.low, 3), round(one.share.high, 3)) == (0.152, 0.646)  # Wilson, 4 of 11
    [one] = ranking(organisation=harbour, now=now, days=60).resources
    assert (one.n, one.share) == (0, None)


def test_a_customer_counts_once_and_from_when_the_mail_left(sheet, on_the_way, mara, now):
    enrolment = on_the_way(1, reached=now - 60 * DAY)
    send(sheet, enrolment.customer, mara, now - 50 * DAY)
    send(sheet, enrolment.customer, mara, now - 80 * DAY, name="Tomás Herrera")
    send(sheet, enrolment.customer, mara, now - 99 * DAY, name="Ines Roth", state="stopped")
    [row] = rows_of(now=now, days=30)
    assert (row.at, row.days, row.milestone) == (now - 80 * DAY, 20, "Milestone 1")


def test_who_had_nothing_ahead_is_apart(sheet, in_harbour, on_the_way, mara, now):
    nowhere = factories.make_customer(in_harbour, "No journey")
    factories.make_contact(nowhere)
    send(sheet, nowhere, mara, now - 40 * DAY)
    done = on_the_way(1)
    for n in range(1, 6):
        reach(done, now - 90 * DAY, f"m{n}")
    send(sheet, done.customer, mara, now - 40 * DAY)
    left = on_the_way(2)
    Enrolment.objects.filter(pk=left.pk).update(ended_at=now - 41 * DAY)
    send(sheet, left.customer, mara, now - 40 * DAY)
    assert [row.had_ahead for row in rows_of(now=now, days=30)] == [False, False, False]


def test_the_base_is_what_happens_anyway_at_that_stage(on_the_way, harbour, now):
    """Of now, 12 March: the firsts from 1 February back to September; they set out on 24 August."""
    on_the_way(1, reached=datetime(2026, 1, 10, tzinfo=now.tzinfo))
    on_the_way(2)
    base = base_rates(harbour, now=now, days=30)
    counted = {stage: (one.count, one.of) for stage, one in base.items() if one.of}
    assert counted == {"onboarding": (1, 11), "adoption": (0, 1)}


def test_what_one_would_expect_goes_by_the_stages_it_was_sent_at(now):
    at, base = now - 40 * DAY, {"onboarding": Rate(8, 10), "adoption": Rate(2, 20)}
    rows = [
        Row(1, n, n, at, True, True, None, "", stage) for n, stage in enumerate(["onboarding", "adoption"])
    ]
    rows += [Row(1, 3, 3, at, False, True, None, "", "mastery"), Row(1, 4, 4, at, True, False, None)]
    assert ResourceFigures(None, rows, base).anyway == pytest.approx(0.45)
    assert ResourceFigures(None, rows, base | {"adoption": Rate(1, 2)}).anyway is None
    assert ResourceFigures(None, [], base).anyway is None


def test_the_rows_stand_behind_the_number(sheet, on_the_way, harbour, mara, theo, client_for, clock, now):
    client = client_for(theo)
    page = "/o/harbour/library/figures/"
    assert "Nothing was sent yet" in client.get(page).content.decode()
    enrolment = on_the_way(1, reached=now - 60 * DAY)
    sending = send(sheet, enrolment.customer, mara, now - 80 * DAY)
    Sending.objects.filter(pk=sending.pk).update(opened_at=now, has_helped=True, judged_at=now)
    html = client.get(page).content.decode()
    assert "cannot tell yet" in html
    assert "1 of 1" in html
    behind = f"/o/harbour/library/{sheet.pk}/figures/"
    assert f"{behind}?days=30" in html
    assert "“Milestone 1” after 20 days" in client.get(behind).content.decode()
    assert "no milestone in these days" in client.get(f"{behind}?days=14").content.decode()
    csv = b"".join(client.get(f"{behind}?format=csv")).decode()
    assert "Customer 1" in csv
    assert ",20" in csv
    assert "Sheet,30,1," in b"".join(client.get(f"{page}?format=csv")).decode()


def test_much_that_was_sent_takes_as_many_queries(sheet, on_the_way, harbour, mara, now):
    def asked() -> int:
        return len(queries_of(lambda: ranking(organisation=harbour, now=now)))

    send(sheet, on_the_way(1).customer, mara, now - 40 * DAY)
    few = asked()
    for n in range(2, 9):
        send(sheet, on_the_way(n, reached=now - 30 * DAY).customer, mara, now - 40 * DAY)
    assert asked() == few
