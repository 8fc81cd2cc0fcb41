"""Timelines: the pages, the rows behind, what is proposed, compared and frozen, and the command."""

import csv
import io
import json
import re
from collections import Counter
from datetime import date
from html import unescape

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from customers.models import Customer
from dashboards import curves
from dashboards.figures import Wish, baselines, behind, comparing
from dashboards.figures import timelines as figures_of_time
from dashboards.figures.comparing import Comparison, comparisons, quarter_starts
from dashboards.figures.timelines import Estimate, Slowest, Stride, Timeline, Timelines, timelines
from dashboards.figures.timing import LeftOut
from milestones import designing, targeting
from milestones.models import Achievement, Enrolment, Journey, Milestone
from milestones.outline_rows import outline_of
from milestones.timelines import Observed
from organisations.models import Event
from tests.counting import queries_of
from tests.dashboards.forty import AS_OF

HERE = "/o/harbour/milestones/j/timelines/"
DAY = {"as_of": AS_OF.isoformat()}


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if a handful were enough: forty customers tell little."""
    monkeypatch.setattr(figures_of_time, "FEWEST", 4)
    monkeypatch.setattr(figures_of_time, "FEWEST_REACHED", 1)
    monkeypatch.setattr(comparing, "FEWEST_IN_GROUP", 3)


@pytest.fixture
def reached(wish: Wish, now) -> Wish:
    """Nearly everybody with a start has reached m1 within some days; one left before."""
    rows = Enrolment.objects.filter(started_on__lte=AS_OF, started_on__isnull=False)
    rows = rows.exclude(achievements__milestone_key="m1").order_by("pk")
    left = rows[0]
    Customer.objects.filter(pk=left.customer_id).update(left_on=left.started_on)
    for n, enrolment in enumerate(rows[1:]):
        at = enrolment.started_at
        Achievement.objects.create(
            organisation=wish.organisation, enrolment=enrolment, milestone_key="m1", days=n % 7,
            milestone=enrolment.version.milestones.get(key="m1"), recorded_at=now, achieved_at=at,
        )  # fmt: skip
    return wish


def line(n: int, days: Counter[int], waiting: Counter[int] | None = None) -> Stride:
    milestone = Milestone(key=f"m{n}", name=f"Milestone {n}", position=n)
    return Stride(Observed(days, waiting=waiting or Counter()), milestone, None)


def slowest_of(*strides: Stride) -> Slowest | None:
    lines = [Timeline(one.observed, one.milestone, one) for one in strides]
    return Timelines(None, lines, LeftOut(0, 0)).slowest


def test_it_names_the_slowest_step_and_says_when_that_can_be_chance() -> None:
    quick, slow = line(1, Counter({2: 30, 5: 10})), line(2, Counter({40: 30, 50: 10}))
    found = slowest_of(quick, slow)
    assert (found.step, found.second, found.is_certain) == (slow, quick, True)
    alike = line(3, Counter({38: 15, 41: 15, 60: 5}))
    found = slowest_of(slow, alike)
    assert not found.is_certain
    never = line(4, Counter({9: 12}), Counter({90: 40}))
    assert slowest_of(quick, slow, never).step is never
    few = line(5, Counter({300: 9}))
    assert slowest_of(quick, few) is None
    assert slowest_of(quick, slow, few).step is slow


def test_it_proposes_a_target_only_from_enough_who_reached_it() -> None:
    def proposed(days: Counter[int], waiting: int = 0) -> dict | None:
        return Timeline(Observed(days, waiting=Counter({99: waiting})), Milestone(), None).as_json()[
            "proposal"
        ]

    assert proposed(Counter(dict.fromkeys(range(1, 21), 2))) == {
        "days": 15, "low": 12, "high": 18, "n": 40, "share": 0.75,
    }  # fmt: skip
    assert proposed(Counter({3: 29})) is None
    assert proposed(Counter({3: 9}), waiting=30) is None
    assert proposed(Counter({3: 20}), waiting=20) is None


def test_each_number_opens_the_customers_it_counts(reached: Wish) -> None:
    for one in timelines(reached).milestones:
        numbers = {"timed": one.n, "reached": one.reached, "left": one.left, "on_the_way": one.on_the_way}
        key = one.milestone.key
        assert {kind: behind.count(reached, kind=kind, key=key) for kind in behind.OF_TIMELINE} == numbers
    first = timelines(reached).milestones[0]
    assert first.left == 1
    assert len(behind.page(reached, kind="left", key="m1")) == 1
    assert first.n + timelines(reached).left_out.without_start == reached.enrolments().count()


def test_the_page_shows_every_milestone_and_links_each_number(reached: Wish, theo, client_for) -> None:
    client = client_for(theo)
    page = client.get(HERE, DAY)
    assert page.status_code == 200
    html = page.content.decode()
    assert "Cannot tell yet: it takes two steps with 30 customers" in html
    assert "No baseline" not in html
    for one in page.context["found"].milestones:
        assert f"{HERE}{one.milestone.key}/?as_of={AS_OF.isoformat()}" in html
    behind_m1 = [unescape(href) for href in re.findall(r'href="([^"]*milestone=m1)"', html)]
    assert len(behind_m1) == 4
    for href in behind_m1:
        assert client.get(href).status_code == 200
    assert f'href="{HERE}' in client.get("/o/harbour/milestones/", DAY).content.decode()
    assert f'href="{HERE}"' in client.get("/o/harbour/journeys/j/").content.decode()


def test_one_milestone_has_its_curve_table_and_groups(reached: Wish, few, theo, client_for) -> None:
    page = client_for(theo).get(f"{HERE}m1/", DAY)
    html, found = page.content.decode(), page.context["found"]
    assert "Who has reached it by which day" in html
    assert "Still on the way" in html
    assert "Aalen–Johansen" in html
    assert "If nobody left (Kaplan–Meier)" in html
    assert f"75 of 100 reach it within {found.three_quarters.day} days" in html
    assert [one.kind for one in page.context["report"].comparisons] == ["segment", "owner", "cohort"]
    assert "No difference can be told yet" in html
    sums = [sum(group.n for group in one.groups) for one in page.context["report"].comparisons]
    assert sums == [found.n] * 3
    held = client_for(theo).get(f"{HERE}m1/", DAY | {"owner": theo.pk})
    assert [one.kind for one in held.context["report"].comparisons] == ["segment", "cohort"]
    assert "without period, segment and CSM it can be taken" in held.content.decode()


def test_it_says_when_there_is_nobody_or_nothing_such(wish: Wish, theo, eve, client_for) -> None:
    client = client_for(theo)
    early = {"as_of": "2020-01-01"}
    assert "Nobody whose days could be counted" in client.get(HERE, early).content.decode()
    assert "Nobody whose days could be counted" in client.get(f"{HERE}m1/", early).content.decode()
    assert client.get(f"{HERE}none/").status_code == 404
    assert client.get("/o/harbour/milestones/none/timelines/").status_code == 404
    for query in ({"as_of": "x"}, {"segment": "of-nobody"}):
        for address in (HERE, f"{HERE}m1/"):
            answer = client.get(address, query)
            assert (answer.status_code, answer.context["wish"]) == (200, None)
    assert client_for(eve).get(HERE).status_code == 404


def test_it_gives_the_same_numbers_as_csv(reached: Wish, theo, client_for) -> None:
    def rows(address: str) -> list[dict[str, str]]:
        answer = client_for(theo).get(address, DAY | {"format": "csv"})
        return list(csv.DictReader(io.StringIO(answer.getvalue().decode("utf-8-sig"))))

    found = timelines(reached)
    assert [(row["key"], row["n"], row["left"]) for row in rows(HERE)] == [
        (one.milestone.key, str(one.n), str(one.left)) for one in found.milestones
    ]
    days = rows(f"{HERE}m1/")
    assert [int(row["at_risk"]) for row in days] == [step.at_risk for step in found.milestones[0].curve]
    assert sum(int(row["reached"]) for row in days) == found.milestones[0].reached


def test_it_asks_the_database_a_fixed_number_of_times(reached: Wish, theo, client_for) -> None:
    client: Client = client_for(theo)
    for address, most in ((HERE, 26), (f"{HERE}m1/", 36)):
        asked = len(queries_of(lambda address=address: client.get(address, DAY)))
        assert asked <= most, (address, asked)
    fresh = Wish(reached.organisation, reached.journey, AS_OF)
    assert len(queries_of(lambda: timelines(fresh))) == 7
    assert len(queries_of(lambda: comparisons(fresh, "m1"))) == 11


def test_a_target_goes_into_the_draft_and_no_further(reached: Wish, few, theo, mara, ada, client_for) -> None:
    client, journey = client_for(theo), reached.journey
    days = timelines(reached).of("m1").three_quarters.day
    here, said = f"{HERE}m1/target/", {"days": days, "as_of": AS_OF.isoformat()}
    assert client_for(mara).post(here, said).status_code == 403
    assert client.get(here).status_code == 405
    moved = client.post(here, said | {"days": days + 1})
    assert moved.status_code == 409
    assert "The figures have moved" in moved.content.decode()
    assert journey.draft() is None
    assert client.post(f"{HERE}none/target/", said).status_code == 404
    answer = client.post(here, said, follow=True)
    assert f"“Milestone 1” within {days} days" in answer.content.decode()
    assert targeting.target_in_draft(journey, "m1") == str(days)
    assert journey.current_version().milestones.get(key="m1").target_days == 20
    event = Event.objects.get(verb="target_taken")
    n = timelines(reached).of("m1").n
    assert (event.data["days"], event.data["milestone"], event.data["n"]) == (days, "m1", n)
    assert f"The draft says {days}." in client.get(f"{HERE}m1/", DAY).content.decode()
    client.post(here, said)
    assert Event.objects.filter(verb="target_taken").count() == 1
    log = client_for(ada).get("/o/harbour/audit/").content.decode()
    assert f"target of {days} days taken into the draft" in log


def test_a_target_of_a_milestone_that_the_draft_dropped_is_not_taken(
    reached: Wish, few, theo, client_for, now
) -> None:
    journey: Journey = reached.journey
    first = outline_of(journey.current_version()).milestones[0].handle
    designing.save_draft(journey=journey, change=lambda one: one.without(first), by=theo, now=now)
    said = {"days": timelines(reached).of("m1").three_quarters.day, "as_of": AS_OF.isoformat()}
    answer = client_for(theo).post(f"{HERE}m1/target/", said, follow=True)
    assert "no such milestone any more" in answer.content.decode()
    assert not Event.objects.filter(verb="target_taken").exists()


def test_a_baseline_freezes_how_long_it_took(reached: Wish, theo, client_for, now) -> None:
    how = {"organisation": reached.organisation, "journey": reached.journey, "by": theo, "now": now}
    frozen = baselines.freeze(on=AS_OF, **how)
    then = timelines(reached).of("m1")
    row = frozen.rates.get(milestone_key="m1")
    assert row.timeline["n"] == then.n
    assert row.timeline["median"] == then.as_json()["median"]
    assert row.timeline["points"][-1][1] == pytest.approx(then.share)
    assert "first day by which at least half" in frozen.definitions["median"]
    Achievement.objects.filter(milestone_key="m1").update(withdrawn_at=now, withdrawn_why="gone")
    page = client_for(theo).get(f"{HERE}m1/")
    assert "Against the baseline of 1 December 2025" in page.content.decode()
    assert page.context["curve"].base[-1].share == pytest.approx(then.share)
    assert "Against the baseline of 1 December 2025" in client_for(theo).get(HERE).content.decode()
    assert (
        "Against the baseline" not in client_for(theo).get(f"{HERE}m1/", {"owner": theo.pk}).content.decode()
    )
    asked = client_for(theo).get("/o/harbour/milestones/j/baseline/").content.decode()
    assert "Half by day" in asked


def test_the_command_prints_the_same(reached: Wish) -> None:
    def said(**options) -> str:
        out = io.StringIO()
        call_command("timelines", organisation="harbour", journey="j", as_of=AS_OF, stdout=out, **options)
        return out.getvalue()

    found = json.loads(said(json=True))
    assert found == json.loads(json.dumps(timelines(reached).as_json()))
    assert list(found) == [
        "organisation", "journey", "as_of", "left_out", "definitions", "milestones", "slowest_step",
    ]  # fmt: skip
    one = json.loads(said(json=True, milestone="m1"))["milestones"][0]
    assert sum(day["reached"] for day in one["curve"]) == one["reached"] == found["milestones"][0]["reached"]
    assert [each["by"] for each in one["comparisons"]] == ["segment", "owner", "cohort"]
    assert "Milestone 1" in said()
    for wrong in ({"organisation": "none"}, {"journey": "none"}, {"milestone": "none"}):
        with pytest.raises(CommandError, match="none"):
            call_command("timelines", **{"organisation": "harbour", "journey": "j"} | wrong)


def test_quarters_begin_where_they_do() -> None:
    starts = quarter_starts(date(2025, 8, 31))
    assert starts[:4] == [date(2025, 7, 1), date(2025, 4, 1), date(2025, 1, 1), date(2024, 10, 1)]
    assert len(starts) == 8


def test_groups_are_compared_only_when_there_are_enough(reached: Wish, monkeypatch) -> None:
    monkeypatch.setattr(comparing, "FEWEST_IN_GROUP", 1000)
    assert [(one.test, one.raised, one.differs) for one in comparisons(reached, "m1")] == [
        (None, None, False)
    ] * 3
    assert not Comparison("segment", [], 0, None).differs
    said = [Comparison("segment", [], 0, None, p).chance_words for p in (None, 0.00004, 0.0312, 0.4)]
    assert said == ["", "p<0.001", "p=0.031", "p=0.40"]


def test_a_curve_is_drawn_as_far_as_some_are_still_on_the_way() -> None:
    milestone = Milestone(key="m1", target_days=30)
    days = Counter(dict.fromkeys(range(1, 21), 2))
    one = Timeline(Observed(days, Counter({4: 3}), Counter({400: 1})), milestone, None)
    drawn = curves.drawn(one)
    assert (drawn.horizon, drawn.ends, drawn.median) == (30, 400, one.half.day)
    assert drawn.at_risk[0] == one.n == 44
    assert all(
        below.share <= above.share + 1e-9 for below, above in zip(drawn.points, drawn.other, strict=True)
    )
    assert all(point.low <= point.share <= point.high for point in drawn.points)
    assert Estimate(Observed()).share == 0
    assert curves.horizon(Timeline(Observed(), milestone, None)) == 1
