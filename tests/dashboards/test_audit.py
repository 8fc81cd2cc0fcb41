"""The audit page: everything, newest first, filtered in the address, as CSV, for the house's admins alone."""

import csv
import io
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.test import Client

from dashboards.views import audit
from organisations.models import Event, Organisation, Role, User
from tests.factories import make_customer, make_member

pytestmark = pytest.mark.django_db
AUDIT = "/o/harbour/audit/"


@pytest.fixture
def history(in_harbour: Organisation, ada: User, mara: User, now: datetime) -> Organisation:
    kestrel, other = make_customer(in_harbour, "Kestrel Freight"), make_customer(in_harbour, "Other Mills")
    for n in range(3):
        at = now + timedelta(hours=n)
        in_harbour.log(
            "customer_left", by=mara, now=at, subject=kestrel, customer_id=kestrel.pk, why=f"why {n}"
        )
    in_harbour.log("customer_archived", by=ada, now=now, subject=other, customer_id=other.pk)
    in_harbour.log("settings_changed", by=None, now=now, fields=["name"])
    return in_harbour


def rows_of(client: Client, **query: object) -> list[list[str]]:
    answer = client.get(AUDIT, {"format": "csv", **query})
    return list(csv.reader(io.StringIO(answer.getvalue().decode("utf-8-sig"))))[1:]


def test_it_shows_everything_newest_first(
    client_for: Callable[[User], Client], history: Organisation, ada: User
) -> None:
    text = client_for(ada).get(AUDIT).text
    assert text.index("why 2") < text.index("why 1") < text.index("why 0")
    for words in ("Kestrel Freight", "Mara Lindqvist", "Settings changed", "customer archived"):
        assert words in text


def test_it_filters_in_the_address(
    client_for: Callable[[User], Client], history: Organisation, ada: User, mara: User, eve: User
) -> None:
    client = client_for(ada)
    assert len(rows_of(client)) == 5
    assert len(rows_of(client, person=mara.pk)) == 3
    assert len(rows_of(client, verb="customer_archived")) == 1
    assert len(rows_of(client, customer="kestrel-freight")) == 3
    assert len(rows_of(client, customer="kestrel-freight", person=ada.pk)) == 0
    wrong = client.get(AUDIT, {"person": eve.pk})
    assert "One thing to correct" in wrong.text
    assert "Kestrel" not in wrong.text


def test_it_streams_all_of_it_as_csv(
    client_for: Callable[[User], Client], history: Organisation, ada: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(audit, "CHUNK", 2)
    rows = rows_of(client_for(ada))
    assert [row[6] for row in rows if row[3] == "customer left"] == ["why 2", "why 1", "why 0"]
    assert rows[0][0] == "2026-03-12T12:00:00+01:00"
    assert {row[2] for row in rows} == {"Mara Lindqvist", "Ada Okonjo", "Bosai"}


def test_it_pages_by_key(
    client_for: Callable[[User], Client], history: Organisation, ada: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(audit, "PAGE", 2)
    client, path, seen = client_for(ada), AUDIT, 0
    while path:
        text = client.get(path).text
        seen += text.count('class="audit__verb"')
        later = text.partition('rel="next" href="')[2].partition('"')[0]
        path = AUDIT + later.replace("&amp;", "&") if later else ""
    assert seen == 5


def test_it_holds_nothing_of_another_organisation(
    client_for: Callable[[User], Client], history: Organisation, rival: Organisation
) -> None:
    client = client_for(make_member(rival, "Otto Rival", role=Role.ADMIN))
    assert client.get(AUDIT).status_code == 404
    for query in ({}, {"format": "csv"}, {"customer": "kestrel-freight"}):
        answer = client.get("/o/rival/audit/", query)
        body = answer.getvalue().decode() if answer.streaming else answer.text
        assert "Kestrel Freight" not in body
        assert "why 1" not in body


def test_it_writes_nothing(client_for: Callable[[User], Client], history: Organisation, ada: User) -> None:
    client_for(ada).get(AUDIT)
    assert Event.objects.count() == 5
