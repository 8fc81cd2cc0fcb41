"""The list of customers: which, in what order, a page at a time, in a constant number of queries."""

import csv
import io
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from coaching.models import Call, Commitment
from customers.models import Customer
from dashboards import customer_rows
from dashboards.customer_rows import Reader, Wish, counted, every, page
from milestones.models import Journey
from organisations.models import Organisation, User
from tests.counting import queries_of
from tests.factories import make_contact, make_customer, make_enrolment, make_journey, make_segment

pytestmark = pytest.mark.django_db
LIST = "/o/harbour/customers/"


@pytest.fixture
def reader(in_harbour: Organisation, mara: User, now: datetime) -> Reader:
    return Reader(in_harbour, mara, now)


def names(wish: Wish, reader: Reader, **keys: Any) -> list[str]:
    return [row.customer.name for row in page(wish, reader, **keys).rows]


def make_many(organisation: Organisation, owner: User, count: int, journey: Journey | None = None) -> None:
    for n in range(count):
        customer = make_customer(organisation, f"Customer {n:03}", owner=owner if n % 3 else None)
        if journey and n % 2:
            make_enrolment(customer, journey)


def test_it_puts_mine_first_then_everybody_elses_by_name(reader: Reader, theo: User) -> None:
    for name, owner in (("Beta", theo), ("Delta", reader.user), ("Alpha", None), ("Charlie", reader.user)):
        make_customer(reader.organisation, name, owner=owner)
    assert names(Wish(), reader) == ["Charlie", "Delta", "Alpha", "Beta"]


@pytest.mark.parametrize("size", [1, 2, 3, 5])
def test_it_pages_forwards_and_back_without_losing_or_doubling(reader: Reader, size: int) -> None:
    for n in range(9):
        owner = reader.user if n % 2 else None
        make_customer(reader.organisation, f"Same {n // 4}", key=f"k{n}", owner=owner)
    whole = [row.customer.pk for row in page(Wish(), reader, size=100).rows]
    seen, keys, after = [], [], ""
    while True:
        rows = page(Wish(), reader, after=after, size=size)
        seen += [row.customer.pk for row in rows.rows]
        keys.append(rows.earlier)
        if not rows.later:
            break
        after = rows.later
    assert seen == whole
    assert len(set(seen)) == 9
    back, before = [], keys[-1]
    while before:
        rows = page(Wish(), reader, before=before, size=size)
        back = [row.customer.pk for row in rows.rows] + back
        before = rows.earlier
    assert back == whole[: len(back)]
    assert len(back) == len(whole) - (len(whole) % size or size)


def test_it_is_not_shifted_by_customers_that_come_meanwhile(reader: Reader) -> None:
    for name in ("Beta", "Delta"):
        make_customer(reader.organisation, name)
    first = page(Wish(), reader, size=1)
    make_customer(reader.organisation, "Alpha")
    assert names(Wish(), reader, after=first.later, size=5) == ["Delta"]


@pytest.mark.parametrize("key", ["", "nonsense", "m.x.y", "z.1.A", "o.99999999999999999999.Z", "m.5"])
def test_it_survives_a_key_somebody_invented(reader: Reader, key: str) -> None:
    make_customer(reader.organisation, "Alpha")
    assert names(Wish(), reader, after=key) in ([], ["Alpha"])


def test_it_filters(reader: Reader, theo: User) -> None:
    freight = make_segment(reader.organisation)
    journey, other = make_journey(reader.organisation), make_journey(reader.organisation, slug="other")
    mine = make_customer(reader.organisation, "Mine", owner=reader.user, segment=freight, use_case="Routing")
    theirs = make_customer(reader.organisation, "Theirs", owner=theo)
    make_customer(reader.organisation, "Nobody's")
    make_customer(reader.organisation, "Gone", left_on=date(2026, 1, 1))
    make_customer(reader.organisation, "Filed", archived_at=reader.now, left_on=date(2026, 1, 1))
    make_enrolment(mine, journey)
    second = make_enrolment(theirs, other)
    second.current = other.current_version().milestones.get(key="m3")
    second.save()
    make_contact(theirs, "Amara Okafor")
    expected: list[tuple[Wish, list[str]]] = [
        (Wish(show="mine"), ["Mine"]),
        (Wish(show="nobodys"), ["Nobody's"]),
        (Wish(show="left"), ["Gone"]),
        (Wish(show="archived"), ["Filed"]),
        (Wish(segment=freight), ["Mine"]),
        (Wish(use_case="Routing"), ["Mine"]),
        (Wish(use_case="routing"), []),
        (Wish(owner=theo), ["Theirs"]),
        (Wish(journey=journey), ["Mine"]),
        (Wish(stage="onboarding"), ["Mine"]),
        (Wish(stage="outcome"), ["Theirs"]),
        (Wish(stage="outcome", journey=journey), []),
        (Wish(text="okaf"), ["Theirs"]),
        (Wish(text="AMARA@"), ["Theirs"]),
        (Wish(text="min"), ["Mine"]),
        (Wish(text="zzz"), []),
    ]
    for wish, found in expected:
        assert names(wish, reader) == found, wish
        assert counted(wish, reader) == len(found)


def test_it_shows_the_open_journey_the_last_call_and_the_next_promise(reader: Reader) -> None:
    customer = make_customer(reader.organisation, "Kestrel")
    old, new = make_journey(reader.organisation), make_journey(reader.organisation, slug="new")
    make_enrolment(customer, old, ended_at=reader.now, ended_why="done", enrolled_at=reader.now)
    make_enrolment(customer, new)
    common = {"organisation": reader.organisation, "customer": customer}
    for days in (9, 2, 5):
        at = reader.now - timedelta(days=days)
        Call.objects.create(**common, by=reader.user, held_at=at, saved_at=at)
    for due, state in ((3, "open"), (1, "kept"), (2, "open")):
        Commitment.objects.create(
            **common,
            owner_user=reader.user,
            will=f"in {due}",
            due_on=reader.now.date() + timedelta(days=due),
            made_at=reader.now,
            state=state,
            settled_at=None if state == "open" else reader.now,
        )
    [row] = page(Wish(), reader).rows
    assert row.path
    assert row.path.enrolment.journey == new
    assert row.last_call_at == reader.now - timedelta(days=2)
    assert (row.next_will, row.next_due_on) == ("in 2", reader.now.date() + timedelta(days=2))


def test_it_reads_all_in_chunks(reader: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(customer_rows, "CHUNK", 4)
    make_many(reader.organisation, reader.user, 11)
    assert [r.customer.name for r in every(Wish(), reader)] == names(Wish(), reader, size=50)


@pytest.mark.parametrize("is_htmx", [False, True])
def test_it_takes_the_same_few_queries_for_five_rows_and_fifty(
    client_for: Callable[[User], Client], in_harbour: Organisation, mara: User, is_htmx: bool
) -> None:
    journey, client = make_journey(in_harbour), client_for(mara)
    headers = {"HX-Request": "true", "HX-Target": "customer-table"} if is_htmx else {}
    make_many(in_harbour, mara, 5, journey)
    few = queries_of(lambda: client.get(LIST, headers=headers))
    Customer.objects.all().delete()
    make_many(in_harbour, mara, 50, journey)
    many = queries_of(lambda: client.get(LIST, headers=headers))
    assert len(few) == len(many), many
    assert len(many) <= (8 if is_htmx else 12), many


def test_it_answers_htmx_with_the_table_alone(
    client_for: Callable[[User], Client], in_harbour: Organisation, mara: User
) -> None:
    make_customer(in_harbour, "Kestrel Freight")
    client = client_for(mara)
    region = client.get(LIST, {"q": "kest"}, headers={"HX-Request": "true", "HX-Target": "customer-table"})
    assert region.text.lstrip().startswith('<div id="customer-table"')
    assert "<html" not in region.text
    assert "Kestrel Freight" in region.text
    assert "<html" in client.get(LIST, {"q": "kest"}).text


def test_it_gives_what_is_shown_as_csv(
    client_for: Callable[[User], Client], in_harbour: Organisation, mara: User
) -> None:
    enrolled = make_customer(in_harbour, "Alpha, Ltd", owner=mara)
    make_enrolment(enrolled, make_journey(in_harbour))
    make_customer(in_harbour, "=HYPERLINK(1)")
    make_customer(in_harbour, "Gone", left_on=date(2026, 1, 1))
    answer = client_for(mara).get(LIST, {"format": "csv"})
    assert answer["Content-Type"].startswith("text/csv")
    rows = list(csv.reader(io.StringIO(answer.getvalue().decode("utf-8-sig"))))
    assert rows[0][:4] == ["Their id", "Customer", "Segment", "Use case"]
    assert [row[1] for row in rows[1:]] == ["Alpha, Ltd", "'=HYPERLINK(1)"]
    assert rows[1][5:8] == ["First data", "Milestone 1", "onboarding"]
    filtered = client_for(mara).get(LIST, {"format": "csv", "show": "left"})
    assert "Gone" in filtered.getvalue().decode()


def test_it_shows_bulk_actions_to_those_who_write(
    client_for: Callable[[User], Client], in_harbour: Organisation, mara: User, rio: User
) -> None:
    make_journey(in_harbour)
    make_customer(in_harbour)
    writes, reads = client_for(mara).get(LIST).text, client_for(rio).get(LIST).text
    assert "/journeys/first-data/enrolments/" in writes
    assert 'name="customer"' in writes
    assert 'name="customer"' not in reads
    assert "Add a customer" not in reads


@pytest.mark.parametrize(
    ("query", "words"),
    [({}, "No customers yet"), ({"q": "zzz"}, "Nobody matches"), ({"segment": "77"}, "One thing to correct")],
)
def test_it_teaches_the_next_step_when_it_is_empty(
    client_for: Callable[[User], Client], mara: User, query: dict[str, str], words: str
) -> None:
    answer = client_for(mara).get(LIST, query)
    assert answer.status_code == 200
    assert words in answer.text


def test_it_shows_no_customer_of_a_rival(
    client_for: Callable[[User], Client], in_harbour: Organisation, eve: User
) -> None:
    make_customer(in_harbour, "Canary Freight")
    segment = make_segment(in_harbour, "Canaries")
    client = client_for(eve)
    assert client.get(LIST).status_code == 404
    for query in ({}, {"segment": segment.pk}, {"format": "csv"}, {"q": "Canary"}):
        answer = client.get("/o/rival/customers/", query)
        body = answer.getvalue().decode() if answer.streaming else answer.text
        assert "Canary Freight" not in body
        assert "Canaries" not in body
