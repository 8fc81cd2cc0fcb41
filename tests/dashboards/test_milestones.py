"""The Milestones page: its numbers, its filters in the address, and the customers behind each number."""

import re
from collections.abc import Callable
from dataclasses import replace
from html import unescape

import pytest
from django.test import Client

from dashboards.figures import Wish, behind, figures, headline
from dashboards.figures.onboarding import onboarding
from dashboards.figures.timelines import timelines
from organisations import tenancy
from organisations.models import Organisation, User
from tests.counting import queries_of
from tests.dashboards.forty import AS_OF

ClientFor = Callable[[User], Client]
HERE = "/o/harbour/milestones/"


@pytest.mark.parametrize("kind", behind.OF_MILESTONE)
def test_each_number_counts_the_customers_it_opens(wish: Wish, kind: str) -> None:
    for row in figures(wish).milestones:
        counted, key = getattr(row, kind), row.milestone.key
        assert behind.count(wish, kind=kind, key=key) == counted
        assert len(behind.page(wish, kind=kind, key=key)) == counted


@pytest.mark.parametrize("kind", behind.OF_ALL_MILESTONES)
def test_each_number_over_all_milestones_opens_as_many(wish: Wish, kind: str) -> None:
    counted = getattr(figures(wish), kind)
    rows = list(behind.every(wish, kind=kind))
    assert behind.count(wish, kind=kind) == len(rows) == counted > 0
    assert len({(row.enrolment.pk, row.milestone.key) for row in rows}) == counted
    shown = {"verified": "verified_at", "on_time": "achieved_at", "contested": "contest_words"}[kind]
    assert all(getattr(row, shown) for row in rows)


def test_each_number_of_customers_opens_them(wish: Wish) -> None:
    found = figures(wish)
    numbers = {
        "enrolled": found.enrolled,
        "all_due_achieved": headline(found).achieved.count,
        "onboarding": onboarding(wish).n,
    }
    assert {kind: len(list(behind.every(wish, kind=kind))) for kind in behind.OF_JOURNEY} == numbers


def test_each_number_of_a_group_opens_its_own(wish: Wish, theo: User, client_for: ClientFor) -> None:
    client = client_for(theo)
    page = client.get(HERE, {"as_of": AS_OF.isoformat()})
    groups = [*page.context["by_owner"], *page.context["by_segment"]]
    html, seen = page.content.decode(), 0
    for group in groups:
        for href in re.findall(rf'href="([^"]*(?:owner|segment)={group.value}&amp;kind=enrolled)"', html):
            answer = client.get(unescape(href))
            assert f"{group.enrolled} customers" in answer.content.decode()
            seen += 1
    assert seen == len(groups) == 4  # two CSMs, one segment and none


def test_it_says_who_is_still_in_onboarding_today_alone(
    wish: Wish, theo: User, client_for: ClientFor
) -> None:
    earlier = client_for(theo).get(HERE, {"as_of": AS_OF.isoformat()})
    assert earlier.context["onboarding"] is None
    assert "known for today alone" in earlier.content.decode()
    assert client_for(theo).get(HERE).context["onboarding"] is not None


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31", "1999-12-31", "today"])
def test_it_refuses_a_day_that_no_figure_can_have(
    wish: Wish, theo: User, client_for: ClientFor, day: str
) -> None:
    answer = client_for(theo).get(HERE, {"as_of": day})
    assert (answer.status_code, answer.context["wish"]) == (200, None)


@pytest.mark.parametrize("after", ["²", "-1", "9" * 30, "x"])
def test_it_begins_anew_after_what_is_no_row(
    wish: Wish, theo: User, client_for: ClientFor, after: str
) -> None:
    query = {"kind": "enrolled", "as_of": AS_OF.isoformat()}
    first = client_for(theo).get(f"{HERE}j/customers/", query).context["rows"]
    found = client_for(theo).get(f"{HERE}j/customers/", {**query, "after": after}).context["rows"]
    assert [row.place for row in found] == [row.place for row in first]


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
    assert answer.context["said"] == f"{row.achieved} customers"
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


def test_it_says_by_which_day_half_have_reached_it_as_the_curve_does(
    wish: Wish, theo: User, client_for: ClientFor
) -> None:
    client = client_for(theo)
    with tenancy.within(wish.organisation):
        whole = {one.milestone.key: one.half for one in timelines(replace(wish, since=None)).milestones}
    for address in (f"{HERE}?as_of={wish.as_of}", f"{HERE}?as_of={wish.as_of}&period=quarter"):
        rows = client.get(address).context["report"].rows
        assert {row.milestone.key: time.half for row, time in rows} == whole
    assert all(time.reached and time.n for _row, time in rows[:2])


def test_it_is_nobody_elses(wish: Wish, eve: User, client_for: ClientFor) -> None:
    assert client_for(eve).get(HERE).status_code == 404


def test_it_asks_the_database_no_more_for_more_customers(
    wish: Wish, theo: User, client_for: ClientFor
) -> None:
    client = client_for(theo)
    with tenancy.within(wish.organisation):
        assert len(queries_of(lambda: client.get(HERE))) <= 32
