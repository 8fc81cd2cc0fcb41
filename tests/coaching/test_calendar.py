"""Planned calls at a secret address, read back with the library that calendar programs use, and by hand."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.conf import LazySettings
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from icalendar import Calendar

from coaching import calendars, feeding, scheduling
from coaching.models import CalendarFeed, Call
from customers.models import Customer
from office import parting
from organisations import tenancy
from organisations.models import Event, Membership, Organisation, Role, User
from tests import factories

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 12, 9, 0, tzinfo=UTC)
SOON = NOW + timedelta(days=2)


@pytest.fixture(autouse=True)
def _at(settings: LazySettings, clock: datetime) -> None:
    settings.BOSAI_URL = "https://cs.harbour.example"


@pytest.fixture
def address(in_harbour: Organisation, mara: User) -> str:
    """Mara's, without the host."""
    return made(in_harbour, mara)


def made(organisation: Organisation, user: User) -> str:
    return feeding.make(organisation=organisation, by=user, now=NOW).removeprefix(
        "https://cs.harbour.example"
    )


def plan(customer: Customer, owner: User, due_at: datetime = SOON, purpose: str = "") -> Any:
    made = {"organisation": customer.organisation, "customer": customer, "owner": owner, "by": owner}
    return scheduling.plan(**made, due_at=due_at, purpose=purpose, now=NOW)


def get(address: str, **headers: str) -> HttpResponse:
    return Client().get(address, headers=headers)


def calls(address: str) -> list[Any]:
    return list(Calendar.from_ical(get(address).content).walk("VEVENT"))


def test_it_lists_whom_when_what_for_how_long_and_the_form(
    address: str, in_harbour: Organisation, kestrel: Customer, mara: User, theo: User
) -> None:
    planned = plan(kestrel, mara, purpose="Numbers; next, steps")
    plan(factories.make_customer(in_harbour, "Lumen Dental"), theo)
    answer = get(address)
    calendar = Calendar.from_ical(answer.content)
    (event,) = calendar.walk("VEVENT")
    url = f"https://cs.harbour.example/o/harbour/customers/{kestrel.pk}/calls/new/"
    assert (answer.status_code, answer["Content-Type"]) == (200, "text/calendar; charset=utf-8")
    assert (calendar["METHOD"], calendar["X-WR-TIMEZONE"]) == ("PUBLISH", "Europe/Amsterdam")
    assert calendar["X-WR-CALNAME"] == "Calls at Harbour Analytics"
    assert event["UID"] == f"touchpoint-{planned.pk}@cs.harbour.example"
    assert (event["SUMMARY"], event["URL"]) == ("Call with Kestrel Freight", url)
    assert event["DESCRIPTION"] == f"Numbers; next, steps\n{url}"
    assert (event.start, event.end) == (SOON, SOON + timedelta(minutes=30))


def test_a_call_is_as_long_as_the_last_timed_one_with_that_customer(
    address: str, in_harbour: Organisation, kestrel: Customer, mara: User
) -> None:
    plan(kestrel, mara)
    for days, minutes in ((9, 20), (5, 45), (1, None)):
        held = {"by": mara, "held_at": NOW - timedelta(days=days), "saved_at": NOW, "minutes": minutes}
        Call.objects.create(organisation=in_harbour, customer=kestrel, **held)
    assert [event.end - event.start for event in calls(address)] == [timedelta(minutes=45)]


def test_what_is_moved_moves_and_what_is_called_off_goes(address: str, kestrel: Customer, mara: User) -> None:
    planned = plan(kestrel, mara)
    (before,) = calls(address)
    plan(kestrel, mara, SOON + timedelta(days=7))
    (after,) = calls(address)
    assert before["UID"] == after["UID"]
    assert after.start - before.start == timedelta(days=7)
    scheduling.skip(touchpoint=planned, by=mara, now=NOW)
    assert calls(address) == []


@pytest.mark.once
@pytest.mark.parametrize(
    ("local", "utc"),
    [
        ("2026-03-28T10:00+01:00", b"20260328T090000Z"),
        ("2026-03-29T10:00+02:00", b"20260329T080000Z"),  # summer time began in the night
        ("2026-03-29T01:45+01:00", b"20260329T004500Z"),  # ends at 03:15 on the wall
        ("2026-10-25T02:30+02:00", b"20261025T003000Z"),  # half past two, the first of two
        ("2026-10-25T02:30+01:00", b"20261025T013000Z"),  # and the second
        ("2026-10-26T10:00+01:00", b"20261026T090000Z"),
    ],
)
def test_the_hour_is_right_over_daylight_saving(local: str, utc: bytes) -> None:
    starts_at = datetime.fromisoformat(local)
    one = calendars.Appointment("1@here", starts_at, 60, "Call", "", "https://here.example/")
    listing = calendars.Listing("Calls", "Europe/Amsterdam", (one,))
    content = calendars.written(listing, now=NOW)
    (event,) = Calendar.from_ical(content).walk("VEVENT")
    assert b"DTSTART:" + utc in content
    assert event.start == starts_at
    assert event.end - event.start == timedelta(hours=1)


def test_the_hour_a_member_typed_is_the_hour_in_the_file(
    address: str, kestrel: Customer, mara: User, client_for: Callable[[User], Client]
) -> None:
    """Ten in Amsterdam, the organisation's zone, after summer time began."""
    form = {"next_on": "2026-03-30", "next_time": "10:00", "purpose": ""}
    client_for(mara).post(f"/o/harbour/customers/{kestrel.pk}/calls/next/", form)
    assert [event.start for event in calls(address)] == [datetime(2026, 3, 30, 8, 0, tzinfo=UTC)]


@pytest.mark.once
def test_no_name_breaks_out_of_its_line() -> None:
    """Neither by ends of lines, of which there are many, nor by what calendars read as their own signs."""
    name = "A;B,C\\n\r\nBEGIN:VALARM\nEND:VEVENT\x0b\x0c\x85\u2028ATTACH:x\x00\x1b" + "Å" * 80
    one = calendars.Appointment("1@here", SOON, 30, name, name, "https://here.example/")
    content = calendars.written(calendars.Listing(name, "UTC", (one,)), now=NOW)
    lines = content.decode().split("\r\n")
    assert lines.count("BEGIN:VEVENT") == lines.count("END:VEVENT") == 1
    assert max(len(line.encode()) for line in lines) <= 75
    assert content.decode().splitlines() == lines[:-1]
    assert Calendar.from_ical(content).walk("VEVENT")[0]["SUMMARY"].startswith("A;B,C\\n BEGIN:VALARM END")


def test_what_did_not_change_is_not_sent_again(address: str, kestrel: Customer, mara: User) -> None:
    plan(kestrel, mara)
    first = get(address)
    again = get(address, if_none_match=first["ETag"])
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])
    assert first["Cache-Control"] == again["Cache-Control"] == "private, no-cache"
    plan(kestrel, mara, SOON + timedelta(hours=1))
    changed = get(address, if_none_match=first["ETag"])
    assert changed.status_code == 200
    assert changed["ETag"] != first["ETag"]


def test_it_asks_as_often_for_many_as_for_one(
    address: str, in_harbour: Organisation, kestrel: Customer, mara: User
) -> None:
    plan(kestrel, mara)
    with CaptureQueriesContext(connection) as one:
        assert len(calls(address)) == 1
    for n in range(20):
        plan(factories.make_customer(in_harbour, f"Customer {n}"), mara)
    with CaptureQueriesContext(connection) as many:
        assert len(calls(address)) == 21
    assert len(many) == len(one) <= 9  # three, and on PostgreSQL the walls around them
    assert [query["sql"] for query in many if query["sql"].startswith(("INSERT", "UPDATE", "DELETE"))] == []


def test_every_other_address_is_as_any_page_that_is_not_there(
    address: str, in_harbour: Organisation, rival: Organisation, eve: User, mara: User
) -> None:
    with tenancy.within(rival):
        theirs = made(rival, eve)
    token = address.rpartition("/")[2]
    wrong = [
        "/o/harbour/calendar/" + "A" * 43 + ".ics",
        address.replace(".ics", "x.ics"),
        address.replace(token, token[:9].swapcase() + token[9:]),
        f"/o/rival/calendar/{token}",
        f"/o/nobody/calendar/{token}",
        theirs.replace("/rival/", "/harbour/"),
        "/o/harbour/calendar/%00%F0%9F.ics",
        address.replace(token, f"{CalendarFeed.objects.get().token_hash}.ics"),
    ]
    nowhere = get("/o/harbour/calendar/nothing/at/all.ics")
    answers = [get(url) for url in wrong]
    assert get(address).status_code == get(theirs).status_code == 200
    assert [(one.status_code, one.content) for one in answers] == [(404, nowhere.content)] * len(wrong)


def test_only_the_hash_is_kept(address: str, in_harbour: Organisation, mara: User) -> None:
    token = address.rpartition("/")[2].removesuffix(".ics")
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM coaching_calendarfeed")
        rows = cursor.fetchall()
    assert len(token) == 43
    assert len(rows) == 1
    assert token not in str(rows) + str(list(Event.objects.values()))


def test_the_page_makes_shows_once_renews_and_switches_off(
    harbour: Organisation, mara: User, client_for: Callable[[User], Client]
) -> None:
    mine, page = client_for(mara), "/o/harbour/calendar/"

    def fresh() -> str:
        value = mine.post(page).content.decode().partition('readonly value="https://cs.harbour.example')[2]
        return value.partition('"')[0]

    assert b"You have none" in mine.get(page).content
    first = fresh()
    assert get(first).status_code == 200
    assert b".ics" not in mine.get(page).content
    second = fresh()
    assert (get(first).status_code, get(second).status_code) == (404, 200)
    assert b"opens nothing any more" in mine.post(f"{page}removal/", follow=True).content
    assert b"switched off already" in mine.post(f"{page}removal/", follow=True).content
    assert get(second).status_code == 404
    with tenancy.within(harbour):
        verbs = list(Event.objects.order_by("id").values_list("verb", "actor"))
    assert verbs == [(f"calendar_{what}", mara.pk) for what in ("made", "renewed", "off")]


def test_it_stands_still_for_who_only_reads_and_ends_for_who_leaves(
    address: str, in_harbour: Organisation, mara: User, ada: User
) -> None:
    membership = Membership.objects.filter(user=mara)
    membership.update(role=Role.READONLY)
    assert get(address).status_code == 404
    membership.update(role=Role.CSM)
    assert get(address).status_code == 200
    parting.member_leaves(membership=membership.get(), heir=ada, by=ada, now=NOW)
    assert get(address).status_code == 404
    membership.update(ended_at=None)
    assert get(address).status_code == 404
    assert Event.objects.filter(verb="calendar_off", actor=ada).count() == 1


def test_who_only_reads_has_no_such_page(
    harbour: Organisation, rio: User, client_for: Callable[[User], Client]
) -> None:
    reading = client_for(rio)
    assert reading.get("/o/harbour/calendar/").status_code == 403
    assert reading.post("/o/harbour/calendar/").status_code == 403
    assert b"Your calendar" not in reading.get("/o/harbour/customers/").content


def test_it_takes_no_other_method(address: str) -> None:
    assert [Client().post(address).status_code, Client().delete(address).status_code] == [405, 405]
    assert Client().head(address)["Content-Type"] == "text/calendar; charset=utf-8"
