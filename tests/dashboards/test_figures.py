"""Figures against a count by hand, and intervals against a reference."""

from datetime import date, timedelta
from statistics import median

import pytest
from scipy.stats import binomtest

from dashboards.figures import Wish, figures, headline
from dashboards.figures.rates import by_group, wilson
from milestones.models import Achievement, Enrolment, Verdict
from organisations.models import User
from tests.dashboards.forty import AS_OF


def by_hand(wish: Wish) -> dict[str, dict[str, object]]:
    found = {}
    for milestone in wish.journey.current_version().milestones.all():
        row = dict.fromkeys(
            ("achieved", "verified", "on_time", "late", "not_yet_due", "contested", "median_n"), 0
        )
        days = []
        for enrolment in Enrolment.objects.all():
            if (enrolment.started_on or enrolment.enrolled_at.date()) > wish.as_of:
                continue
            contested = (
                Verdict.objects.open_contests().filter(enrolment=enrolment, milestone=milestone).exists()
            )
            achieved = (
                Achievement.objects.standing()
                .filter(enrolment=enrolment, milestone=milestone, achieved_at__lt=wish.until)
                .first()
            )
            target = enrolment.started_on and enrolment.started_on + timedelta(days=milestone.target_days)
            if contested:
                row["contested"] += 1
            elif achieved:
                row["achieved"] += 1
                row["verified"] += achieved.verified_at is not None
                local = achieved.achieved_at.astimezone(wish.organisation.tzinfo).date()
                if enrolment.started_on:
                    days.append((local - enrolment.started_on).days)
                    row["on_time"] += local <= target
                    row["late"] += local > target and target < wish.as_of
            elif target and target < wish.as_of:
                row["late"] += 1
            else:
                row["not_yet_due"] += 1
        row["median_n"] = len(days)
        row["median_days"] = float(median(days)) if days else None
        found[milestone.key] = row
    return found


def test_it_counts_as_one_would_by_hand(wish: Wish) -> None:
    found = figures(wish).as_json()
    expected = by_hand(wish)
    for row in found["milestones"]:
        assert {name: row[name] for name in expected[row["key"]]} == expected[row["key"]]
    assert any(row["contested"] for row in found["milestones"])
    assert any(row["verified"] for row in found["milestones"])
    assert any(row["late"] for row in found["milestones"])


def test_it_has_the_agreed_shape(wish: Wish) -> None:
    found = figures(wish).as_json()
    assert list(found) == ["organisation", "journey", "as_of", "enrolled", "milestones"]
    assert list(found["milestones"][0]) == [
        "key", "name", "position", "achieved", "verified", "on_time", "late", "not_yet_due", "contested",
        "median_days", "median_n",
    ]  # fmt: skip


def test_it_counts_only_the_wished_customers(wish: Wish, mara: User, theo: User) -> None:
    every = figures(wish)
    parts = [figures(Wish(wish.organisation, wish.journey, AS_OF, owner=user)) for user in (mara, theo)]
    assert sum(part.enrolled for part in parts) == every.enrolled
    for name in ("achieved", "on_time", "due", "contested"):
        assert sum(getattr(part, name) for part in parts) == getattr(every, name)


def test_it_divides_a_period_without_losing_any(wish: Wish) -> None:
    turn = date(2025, 11, 1)
    first = figures(Wish(wish.organisation, wish.journey, turn - timedelta(days=1)))
    second = figures(Wish(wish.organisation, wish.journey, AS_OF, since=turn))
    assert first.achieved + second.achieved == figures(wish).achieved


def test_it_counts_customers_whose_due_milestones_are_all_achieved(wish: Wish) -> None:
    milestones = list(wish.journey.current_version().milestones.all())
    with_due = whole = 0
    for enrolment in Enrolment.objects.exclude(started_on=None).filter(started_on__lte=AS_OF):
        due = [m for m in milestones if enrolment.started_on + timedelta(days=m.target_days) < AS_OF]
        reached = set(
            enrolment.achievements.standing()
            .filter(achieved_at__lt=wish.until)
            .values_list("milestone_id", flat=True)
        )
        with_due += bool(due)
        whole += bool(due) and all(m.pk in reached for m in due)
    rate = headline(figures(wish)).achieved
    assert (rate.count, rate.of) == (whole, with_due)
    assert with_due


def test_it_adds_up_by_csm(wish: Wish) -> None:
    groups = by_group(wish, column="owner", value="pk")
    every = figures(wish)
    assert sum(group.enrolled for group in groups) == every.enrolled
    assert sum(group.on_time.count for group in groups) == every.on_time


def test_it_counts_a_contest_as_that_alone_by_csm_as_well(wish: Wish) -> None:
    every = figures(wish)
    groups = by_group(wish, column="owner", value="pk")
    assert sum(group.on_time.of for group in groups) == every.due


@pytest.mark.parametrize("as_of", [date(2024, 1, 1), date(2025, 8, 1), date(2025, 10, 15)])
def test_it_counts_nothing_of_those_who_had_not_set_out(wish: Wish, as_of: date) -> None:
    """Somebody enrolled later may bring readings from long before."""
    first = Achievement.objects.standing().order_by("achieved_at").first()
    assert first is not None
    Enrolment.objects.filter(pk=first.enrolment_id).update(started_on=None)
    found = figures(Wish(wish.organisation, wish.journey, as_of))
    for row in found.milestones:
        assert row.on_time + row.late + row.not_yet_due + row.contested <= found.enrolled
        assert min(row.achieved, row.not_yet_due, row.late) >= 0
        assert row.achieved <= found.enrolled


@pytest.mark.parametrize(("count", "of"), [(0, 1), (0, 10), (1, 3), (57, 84), (84, 84), (1, 10_000)])
def test_its_interval_equals_the_reference(count: int, of: int) -> None:
    reference = binomtest(count, of).proportion_ci(method="wilson")
    assert wilson(count, of) == pytest.approx((reference.low, reference.high), abs=1e-9)


def test_it_cannot_tell_an_interval_of_nothing() -> None:
    assert wilson(0, 0) is None


def test_it_asks_the_database_a_fixed_number_of_times(wish: Wish, django_assert_num_queries) -> None:
    with django_assert_num_queries(6):  # one asks whether any clock ever stood
        found = figures(wish)
    with django_assert_num_queries(1):
        headline(found)
