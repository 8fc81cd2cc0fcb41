"""From files to mails: two courses become journeys, results become achievements, each is cheered once.

On the public data when it lies beside the checkout, and on generated data of the same shape everywhere.
"""

import csv
import json
import random
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.utils import timezone

from bosai import rounds
from milestones import designing
from milestones.models import Achievement
from organisations import tenancy
from organisations.models import Organisation, User
from post.models import Delivery
from tests.services.smtp_sink import SmtpSink

HERE = Path(__file__).resolve().parents[2]
EXAMPLES = HERE / "docs" / "examples" / "learning-journeys"
PUBLIC = HERE.parent / "shared" / "data" / "learning-journeys"
COURSES = {"AAA": (1752, 1753, 1754, 1755, 1756), "DDD": (25348, 25349, 25350, 25351, 25352, 25353, 25354)}
PASSES, LAST_DAY_OF_HISTORY = 40, 100


@dataclass(frozen=True)
class Files:
    folder: Path
    day0: date

    def rows(self, name: str) -> list[dict[str, str]]:
        with (self.folder / name).open(newline="") as file:
            return list(csv.DictReader(file))


def generated(folder: Path) -> Path:
    """Eighty learners of the same shape: some late, some carried over, some without a score."""
    rng = random.Random(11)
    learners, registrations, results = [], [], []
    for n in range(80):
        course = rng.choice(list(COURSES))
        learners.append({"code_module": course, "id_student": n, "region": "Here", "highest_education": "",
                         "age_band": "", "final_result": "Pass"})  # fmt: skip
        start = rng.choice(["", rng.randint(-150, -5)])
        registrations.append({"code_module": course, "id_student": n, "date_registration": start})
        for place, assessment in enumerate(COURSES[course]):
            if rng.random() < 0.7:
                results.append({"id_assessment": assessment, "id_student": n,
                                "date_submitted": rng.randint(place * 35, place * 35 + 50),
                                "is_banked": rng.choice(["FALSE"] * 9 + ["TRUE"]),
                                "score": rng.choice(["", 0, 39, 40, 41, 78, 100])})  # fmt: skip
    for name, rows in (
        ("learners", learners),
        ("registrations", registrations),
        ("milestone_results", results),
    ):
        with (folder / f"{name}.csv").open("w", newline="") as file:
            writer = csv.DictWriter(file, list(rows[0]))
            writer.writeheader()
            writer.writerows(rows)
    return folder


def passed(files: Files) -> dict[str, dict[str, int]]:
    """Assessment → learner → day passed, counted from the file alone."""
    found: dict[str, dict[str, int]] = {str(a): {} for ids in COURSES.values() for a in ids}
    for row in files.rows("milestone_results.csv"):
        if row["is_banked"] == "FALSE" and row["score"] and float(row["score"]) >= PASSES:
            found[row["id_assessment"]][row["id_student"]] = int(row["date_submitted"])
    return found


def bring_in(files: Files, organisation: Organisation, ada: User, tmp_path: Path) -> None:
    """The journeys by their files, then people, starts and results by the importer."""
    with tenancy.within(organisation):
        for course in COURSES:
            data = json.loads((EXAMPLES / f"{course}.json").read_text())
            for milestone in data["journey"].get("milestones") or data["milestones"]:
                milestone["celebrate"] = {"mode": "auto", "hold_hours": 0}
            designing.import_journey(
                organisation=organisation, data=data, by=ada, now=timezone.now(), publish=True
            )
    run = [
        ("customers", "learners.csv", "customers.json", []),
        ("contacts", "learners.csv", "contacts.json", []),
        ("enrolments", "registrations.csv", "starts.json", []),
        ("readings", "milestone_results.csv", "results-to-day-100.json", ["--history"]),
        ("readings", "milestone_results.csv", "results-after-day-100.json", []),
    ]
    for kind, name, mapping, extra in run:
        import_csv(files, organisation, kind, name, dated(mapping, files.day0, tmp_path), *extra)


def dated(mapping: str, day0: date, tmp_path: Path) -> Path:
    """The shipped mapping with the course's first day moved."""
    text = (EXAMPLES / mapping).read_text().replace('"2013-10-01"', f'"{day0}"')
    path = tmp_path / mapping
    path.write_text(text)
    return path


def import_csv(
    files: Files, organisation: Organisation, kind: str, name: str, mapping: Path, *extra: str
) -> str:
    out = StringIO()
    arguments = [
        "--organisation",
        organisation.slug,
        "--as",
        kind,
        str(files.folder / name),
        "--map",
        str(mapping),
    ]
    call_command("import_csv", *arguments, *extra, stdout=out)
    return out.getvalue()


def send_everything() -> None:
    while any(rounds.run(rounds.LOOP, now=timezone.now()).values()):
        pass


def figures_of(organisation: Organisation, journey: str) -> dict[str, Any]:
    out = StringIO()
    call_command("figures", "--organisation", organisation.slug, "--journey", journey, "--json", stdout=out)
    return json.loads(out.getvalue())


def addresses(mails: Iterable[Any]) -> Counter[str]:
    return Counter(address for mail in mails for address in mail.to)


def check_story(
    files: Files, organisation: Organisation, ada: User, sink: SmtpSink, tmp_path: Path, settings
) -> None:
    settings.SMTP_URL = sink.url
    bring_in(files, organisation, ada, tmp_path)
    by_file = passed(files)
    learners = Counter(row["code_module"] for row in files.rows("learners.csv"))
    for course, assessments in COURSES.items():
        found = figures_of(organisation, course.lower())
        assert found["enrolled"] == learners[course]
        assert [row["achieved"] for row in found["milestones"]] == [len(by_file[str(a)]) for a in assessments]
    live = [
        learner
        for reached in by_file.values()
        for learner, day in reached.items()
        if day > LAST_DAY_OF_HISTORY
    ]
    send_everything()
    arrived = addresses(sink.mails())
    assert arrived == Counter(f"{learner}@learners.test" for learner in live)
    again = import_csv(
        files, organisation, "readings", "milestone_results.csv",
        dated("results-after-day-100.json", files.day0, tmp_path),
    )  # fmt: skip
    send_everything()
    assert sink.count() == len(live), again
    with tenancy.within(organisation):
        assert set(Delivery.objects.values_list("state", flat=True)) == {Delivery.State.SENT}


@pytest.fixture
def school(harbour: Organisation) -> Organisation:
    """Harbour with the age limit set aside: results are months old and still cheered."""
    harbour.celebrate_within_days = None
    harbour.save()
    return harbour


def test_generated_results_become_achievements_and_mails(
    school: Organisation, ada: User, smtp_sink: SmtpSink, tmp_path: Path, settings
) -> None:
    files = Files(generated(tmp_path), timezone.localdate() - timedelta(days=270))
    check_story(files, school, ada, smtp_sink, tmp_path, settings)


@pytest.mark.skipif(not PUBLIC.exists(), reason="the public data does not lie beside this checkout")
@pytest.mark.timeout(900)
@pytest.mark.slow
def test_the_public_results_become_achievements_and_mails(
    school: Organisation, ada: User, smtp_sink: SmtpSink, tmp_path: Path, settings
) -> None:
    files = Files(PUBLIC, timezone.localdate() - timedelta(days=270))
    check_story(files, school, ada, smtp_sink, tmp_path, settings)
    aaa, ddd = figures_of(school, "aaa"), figures_of(school, "ddd")
    assert (aaa["enrolled"], ddd["enrolled"]) == (383, 1938)
    assert [row["achieved"] for row in aaa["milestones"]] == [352, 330, 325, 294, 290]
    assert [row["achieved"] for row in ddd["milestones"]] == [1367, 1212, 1140, 947, 824, 660, 878]
    with tenancy.within(school):
        journeys = Achievement.objects.filter(is_history=False).values_list(
            "milestone__version__journey__slug"
        )
        assert Counter(slug for (slug,) in journeys) == {"aaa": 907, "ddd": 3321}
    arrived = addresses(smtp_sink.mails())
    assert (arrived.total(), len(arrived)) == (4228, 1407)
