"""Two courses come in by the example mappings: people, starts, results. The figures are known beforehand."""

import csv
import io
import json
import random
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from django.db.models import Count

from customers.models import Contact, Customer, Reading
from milestones import designing, journey_files
from milestones.models import Achievement, Enrolment
from office.models import Import
from organisations.models import Organisation
from tests.office.bringing import NOW, bring

ROOT = Path(__file__).parents[2]
EXAMPLES = ROOT / "docs" / "examples" / "learning-journeys"
DATA = ROOT.parent / "shared" / "data" / "learning-journeys"
COURSES = {"aaa": "AAA", "ddd": "DDD"}
PASSED = 40


def example(name: str) -> dict[str, Any]:
    return json.loads((EXAMPLES / f"{name}.json").read_text())


@pytest.fixture
def courses(in_harbour: Organisation) -> Organisation:
    for name in COURSES.values():
        data = journey_files.parse((EXAMPLES / f"{name}.json").read_bytes())
        designing.import_journey(organisation=in_harbour, data=data, by=None, now=NOW, publish=True)
    return in_harbour


def bring_people(courses: Organisation, learners: bytes, registrations: bytes) -> None:
    for kind, content, name in [
        ("customers", learners, "customers"),
        ("contacts", learners, "contacts"),
        ("enrolments", registrations, "starts"),
    ]:
        import_ = bring(courses, kind, content, mapping=example(name))
        assert (import_.state, set(import_.counts)) == ("applied", {"new"}), import_.state_why


def bring_results(courses: Organisation, results: bytes, name: str = "results", **how: bool) -> Import:
    return bring(courses, "readings", results, mapping=example(name), **how)


def reached(**which: object) -> dict[str, list[int]]:
    """Customers per milestone in order, by journey."""
    found = Achievement.objects.standing().filter(**which)
    where = ("milestone__version__journey__slug", "milestone__position")
    counts: dict[str, list[int]] = {slug: [] for slug in COURSES}
    for slug, _, count in found.values_list(*where).annotate(n=Count("pk")).order_by(*where):
        counts[slug].append(count)
    return counts


def reasons(import_: Import) -> Counter[str]:
    return Counter(import_.rows.filter(end="skipped").values_list("reason", flat=True))


def real(name: str) -> bytes:
    path = DATA / name
    if not path.exists():
        pytest.skip("the shared data sets are not on this machine")
    return path.read_bytes()


def test_it_says_the_known_figures_of_two_real_courses(courses):
    bring_people(courses, real("learners.csv"), real("registrations.csv"))
    assert Customer.objects.count() == Contact.objects.exclude(recipient=None).count() == 2321
    assert Counter(Enrolment.objects.values_list("journey__slug", flat=True)) == {"aaa": 383, "ddd": 1938}
    assert Enrolment.objects.filter(started_on=None).count() == 5
    import_ = bring_results(courses, real("milestone_results.csv"))
    assert import_.counts == {"new": 9391, "skipped": 178}
    assert import_.row_count == 9569
    assert reasons(import_) == {"is_banked is not FALSE": 168, "score is empty": 10}
    assert reached() == {
        "aaa": [352, 330, 325, 294, 290],
        "ddd": [1367, 1212, 1140, 947, 824, 660, 878],
    }
    assert bring_results(courses, real("milestone_results.csv")).counts == {"unchanged": 9391, "skipped": 178}


def test_it_takes_the_first_hundred_days_as_history_and_celebrates_the_rest(courses):
    bring_people(courses, real("learners.csv"), real("registrations.csv"))
    results = real("milestone_results.csv")
    bring_results(courses, results, "results-to-day-100", is_history=True)
    assert not Achievement.objects.to_celebrate().exists()
    bring_results(courses, results, "results-after-day-100")
    live = Achievement.objects.to_celebrate()
    assert {slug: sum(counts) for slug, counts in reached(is_to_celebrate=True).items()} == {
        "aaa": 907,
        "ddd": 3321,
    }
    assert live.values("enrolment__customer").distinct().count() == 1407
    assert sum(map(sum, reached().values())) == 8619


# The same on data made here, with what happens in the real: late, banked, without score, out of order, left.


def made_up() -> tuple[bytes, bytes, bytes, dict[str, list[int]]]:
    """Learners, registrations, results, and the figures they must come to."""
    chance = random.Random(11)
    learners = [["code_module", "id_student", "region", "highest_education", "age_band", "final_result"]]
    starts = [["code_module", "id_student", "date_registration", "date_unregistration"]]
    results = [["id_assessment", "id_student", "date_submitted", "is_banked", "score"]]
    metrics = example("results")["metric"]["values"]
    expected = {}
    for slug, module in COURSES.items():
        assessments = [number for number, metric in metrics.items() if metric.startswith(f"{slug}-")]
        passed: Counter[str] = Counter()
        for student in range(40):
            name = f"{module}{student}"
            start = "" if student == 7 else str(chance.randrange(-150, -5))
            learners.append([module, name, "Wales", "A Level", "0-35", "Pass"])
            starts.append([module, name, start, "60" if student % 5 == 0 else ""])
            for number in chance.sample(assessments, chance.randrange(len(assessments) + 1)):
                banked, score = chance.random() < 0.1, chance.choice(["", *map(str, range(101))])
                day = "-1" if banked else str(chance.randrange(240))
                results.append([number, name, day, str(banked).upper(), score])
                passed[number] += bool(not banked and score and int(score) >= PASSED)
        expected[slug] = [passed[number] for number in assessments]
    return _csv(learners), _csv(starts), _csv(results), expected


def _csv(rows: list[list[str]]) -> bytes:
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    return text.getvalue().encode()


def test_it_says_the_right_figures_of_made_up_courses(courses):
    learners, starts, results, expected = made_up()
    bring_people(courses, learners, starts)
    import_ = bring_results(courses, results)
    assert import_.state == "applied"
    assert set(import_.counts) == {"new", "skipped"}
    assert reached() == expected
    assert Reading.objects.count() == import_.counts["new"]


@pytest.mark.parametrize("order", [1, -1])
def test_it_says_the_same_in_two_parts_and_in_either_order(courses, order):
    learners, starts, results, expected = made_up()
    bring_people(courses, learners, starts)
    parts = [("results-to-day-100", True), ("results-after-day-100", False)]
    for name, is_history in parts[::order]:
        bring_results(courses, results, name, is_history=is_history)
    assert reached() == expected
    assert reached(is_to_celebrate=True) != expected
    late = Achievement.objects.filter(is_history=False)
    assert late.count() == Achievement.objects.to_celebrate().count() > 0
