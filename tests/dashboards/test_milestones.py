"""The Milestones page: its numbers, its filters in the address, and the customers behind each number."""

from collections.abc import Callable

import pytest
from django.test import Client

from dashboards.figures import Wish, behind, figures
from organisations import tenancy
from organisations.models import Organisation, User
from tests.counting import queries_of
from tests.dashboards.forty import AS_OF

ClientFor = Callable[[User], Client]
HERE = "/o/harbour/milestones/"


@pytest.mark.parametrize("kind", behind.KINDS)
def test_each_number_counts_the_customers_it_opens(wish: Wish, kind: str) -> None:
    found = figures(wish)
    for row in found.milestones:
        counted = found.enrolled if kind == "enrolled" else getattr(row, kind)
        key = row.milestone.key
        assert behind.behind(wish, kind=kind, key=key).count() == counted
        assert len(behind.page(wish, kind=kind, key=key)) == counted


def test_it_shows_the_numbers_and_links_each_to_its_customers(
    wish: Wish,
    theo: User,
    client_for: ClientFor,
) -> None:
    row = figures(wish).milestones[0]
    page = client_for(theo).get(HERE, {"as_of": AS_OF.isoformat()}).content.decode()
    assert f'kind=achieved&amp;milestone=m1">{row.achieved}</a>' in page
    answer = client_for(theo).get(
        f"{HERE}j/customers/", {"as_of": AS_OF.isoformat(), "kind": "achieved", "milestone": "m1"}
    )
    assert answer.context["n"] == row.achieved
    assert "reached 50" in answer.content.decode()


def test_it_gives_the_same_numbers_as_csv(wish: Wish, theo: User, client_for: ClientFor) -> None:
    answer = client_for(theo).get(HERE, {"as_of": AS_OF.isoformat(), "format": "csv"})
    lines = answer.getvalue().decode("utf-8-sig").splitlines()
    row = figures(wish).milestones[0]
    assert lines[1].split(",")[:5] == [
        str(figures(wish).enrolled),
        "m1",
        "Milestone 1",
        "1",
        str(row.achieved),
    ]


def test_it_streams_the_customers_behind_a_number_within_the_organisation(
    wish: Wish,
    theo: User,
    client_for: ClientFor,
) -> None:
    found = figures(wish).milestones[0].achieved
    query = {"as_of": AS_OF.isoformat(), "kind": "achieved", "milestone": "m1", "format": "csv"}
    answer = client_for(theo).get(f"{HERE}j/customers/", query)
    assert len(answer.getvalue().decode("utf-8-sig").splitlines()) == found + 1


@pytest.mark.parametrize(
    "query",
    [{"kind": "everything", "milestone": "m1"}, {"kind": "late", "milestone": "none"}, {"as_of": "x"}],
)
def test_it_knows_no_other_number(
    wish: Wish,
    theo: User,
    client_for: ClientFor,
    query: dict[str, str],
) -> None:
    assert client_for(theo).get(f"{HERE}j/customers/", query).status_code == 404


def test_it_says_when_a_filter_is_not_there(wish: Wish, theo: User, client_for: ClientFor) -> None:
    answer = client_for(theo).get(HERE, {"segment": "of-nobody"})
    assert answer.status_code == 200
    assert answer.context["wish"] is None


def test_it_teaches_when_there_is_no_journey(
    harbour: Organisation, theo: User, client_for: ClientFor
) -> None:
    assert "No journey to measure yet" in client_for(theo).get(HERE).content.decode()


def test_it_is_nobody_elses(wish: Wish, eve: User, client_for: ClientFor) -> None:
    assert client_for(eve).get(HERE).status_code == 404


def test_it_asks_the_database_no_more_for_more_customers(
    wish: Wish, theo: User, client_for: ClientFor
) -> None:
    client = client_for(theo)
    with tenancy.within(wish.organisation):
        assert len(queries_of(lambda: client.get(HERE))) <= 22
