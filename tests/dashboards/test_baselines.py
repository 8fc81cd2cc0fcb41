"""A baseline: the figures of a day, frozen once, set beside what they are now, never changed."""

import io
import json
from collections.abc import Callable
from datetime import date

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, transaction
from django.test import Client

from customers.models import Segment
from dashboards.figures import Wish, baselines, behind, figures
from dashboards.figures.rates import wilson
from dashboards.figures.timelines import Estimate
from milestones.baselining import NotFrozen
from milestones.models import Achievement, Baseline, BaselineRate
from milestones.timelines import Observed
from organisations import tenancy
from organisations.models import Event, Organisation, User
from tests.dashboards.forty import AS_OF
from tests.office.bringing import bring

ClientFor = Callable[[User], Client]
HERE = "/o/harbour/milestones/j/baseline/"


@pytest.fixture
def frozen(wish: Wish, theo: User, now) -> Baseline:
    return baselines.freeze(organisation=wish.organisation, journey=wish.journey, on=AS_OF, by=theo, now=now)


def test_it_holds_the_figures_of_that_day(wish: Wish, frozen: Baseline, theo: User, now) -> None:
    found = figures(wish)
    assert (frozen.enrolled, frozen.on, frozen.frozen_at, frozen.frozen_by) == (
        found.enrolled, AS_OF, now, theo,
    )  # fmt: skip
    for row, then in zip(found.milestones, frozen.rates.all(), strict=True):
        assert (then.milestone_key, then.achieved, then.of) == (row.milestone.key, row.achieved, row.enrolled)
        assert (then.low, then.high) == wilson(row.achieved, row.enrolled)
        assert (then.on_time, then.due, then.median_days, then.median_n) == (
            row.on_time, row.due, row.median_days, row.median_n,
        )  # fmt: skip
    event = Event.objects.get(verb="baseline_frozen")
    assert event.data == {"journey_id": wish.journey.pk, "on": "2025-12-01"}


def test_it_counts_what_came_in_as_history(wish: Wish, theo: User, now, in_harbour: Organisation) -> None:
    missing = [
        enrolment
        for enrolment in wish.enrolments().filter(started_on__isnull=False)
        if not Achievement.objects.standing().filter(enrolment=enrolment, milestone_key="m1").exists()
        and not enrolment.verdicts.exists()
    ][:3]
    lines = [
        f"{each.customer.key},j,m1,2025-11-30" for each in missing if str(each.started_on) < "2025-11-30"
    ]
    before = figures(wish).milestones[0].achieved
    import_ = bring(in_harbour, "achievements", "\n".join(["customer,journey,milestone,at", *lines]))
    assert import_.counts == {"new": len(lines)}
    measured = baselines.measure(in_harbour, wish.journey, AS_OF)
    assert measured.brought_in == len(lines) > 0
    assert measured.rates[0].achieved == before + len(lines)
    rows = behind.every(wish, kind="achieved", key="m1")
    assert [row.evidence for row in rows].count("As crm says") == len(lines)


def test_it_stays_as_it_was_when_the_present_moves_on(wish: Wish, frozen: Baseline) -> None:
    then = list(frozen.rates.values_list("milestone_key", "achieved"))
    Achievement.objects.standing().update(withdrawn_at=frozen.frozen_at, withdrawn_why="evidence gone")
    times = {"m1": Estimate(Observed())}
    comparison = baselines.compare(figures(wish), times)
    assert [row.time for row in comparison.rows] == [times["m1"], None, None, None, None]
    assert [(row.then.milestone_key, row.then.achieved) for row in comparison.rows] == then
    assert [row.now.achieved for row in comparison.rows] == [0] * 5


def test_it_is_frozen_once_and_followed_by_another(wish: Wish, frozen: Baseline, theo: User, now) -> None:
    how = {"organisation": wish.organisation, "journey": wish.journey, "by": theo, "now": now}
    with pytest.raises(NotFrozen, match="frozen already"):
        baselines.freeze(on=AS_OF, **how)
    assert (Baseline.objects.count(), BaselineRate.objects.count()) == (1, 5)
    later = baselines.freeze(on=date(2026, 1, 1), **how)
    assert baselines.newest(wish.journey) == later
    assert baselines.every(wish.journey) == [later, frozen]
    with pytest.raises(NotFrozen, match="not come yet"):
        baselines.freeze(on=date(2026, 3, 13), **how)
    with pytest.raises(NotFrozen, match="Nobody had set out"):
        baselines.freeze(on=date(2020, 1, 1), **how)


@pytest.mark.postgres
def test_nobody_who_runs_the_product_can_change_it(wish: Wish, frozen: Baseline) -> None:
    for change in (
        lambda: BaselineRate.objects.update(achieved=0),
        lambda: Baseline.objects.update(on=date(2025, 1, 1)),
        lambda: BaselineRate.objects.all().delete(),
    ):
        with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
            change()


def test_it_stands_beside_the_figures_of_everybody(
    wish: Wish, frozen: Baseline, theo: User, mara: User, client_for: ClientFor
) -> None:
    segment = Segment.objects.get()
    client = client_for(theo)
    page = client.get("/o/harbour/milestones/", {"as_of": AS_OF.isoformat()}).text
    assert "Against the baseline of 1 December 2025" in page
    assert HERE in page
    assert HERE not in client_for(mara).get("/o/harbour/milestones/").text
    part = client.get("/o/harbour/milestones/", {"segment": segment.slug}).text
    assert "Against the baseline" not in part
    assert "A baseline is of everybody" in part


def test_it_measures_a_day_before_it_is_frozen(
    wish: Wish, theo: User, mara: User, client_for: ClientFor
) -> None:
    client = client_for(theo)
    assert "No baseline is frozen yet" in client.get("/o/harbour/milestones/").text
    page = client.get(HERE, {"on": AS_OF.isoformat()})
    assert page.context["measured"].enrolled == figures(wish).enrolled
    assert "Freeze 1 December 2025" in page.text
    assert "Nobody had set out by then" in client.get(HERE, {"on": "2001-01-01"}).text
    assert not Baseline.objects.exists()
    answer = client.post(HERE, {"on": AS_OF.isoformat()}, follow=True)
    assert "The baseline of Dec. 1, 2025 is frozen." in answer.text
    assert "Frozen: 1 December 2025" in answer.text
    again = client.post(HERE, {"on": AS_OF.isoformat()})
    assert again.status_code == 422
    assert "frozen already" in again.text
    assert Baseline.objects.count() == 1
    assert client_for(mara).post(HERE, {"on": AS_OF.isoformat()}).status_code == 403


@pytest.mark.parametrize("day", ["", "x", "1999-12-31", "2999-01-01"])
def test_it_refuses_a_day_that_cannot_be(wish: Wish, theo: User, client_for: ClientFor, day: str) -> None:
    client = client_for(theo)
    assert client.post(HERE, {"on": day}).status_code == 422
    assert client.get(HERE, {"on": day}).status_code == 200
    assert not Baseline.objects.exists()


def test_the_command_freezes_and_prints(wish: Wish, harbour: Organisation) -> None:
    def said(**options) -> dict:
        out = io.StringIO()
        call_command("baseline", organisation="harbour", journey="j", stdout=out, **options)
        return json.loads(out.getvalue())

    with pytest.raises(CommandError, match="no baseline yet"):
        said()
    made = said(on=AS_OF)
    assert said() == made
    assert (made["on"], made["frozen_by"], len(made["milestones"])) == ("2025-12-01", None, 5)
    with pytest.raises(CommandError, match="frozen already"):
        said(on=AS_OF)
    for wrong in ({"organisation": "none"}, {"journey": "none"}):
        with pytest.raises(CommandError, match="none"):
            call_command("baseline", **{"organisation": "harbour", "journey": "j"} | wrong)


def test_another_organisation_has_none_of_it(frozen: Baseline, rival: Organisation) -> None:
    with tenancy.within(rival):
        assert not Baseline.objects.exists()
        assert not BaselineRate.objects.exists()
