"""The storm in both profiles, as `./run storm` runs it."""

from pathlib import Path

import pytest

from tests.storm.storm import storm

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]
SEED, ACHIEVEMENTS, KILLS = 2, 200, 5


def weather(profile: str, folder: Path) -> None:
    report = storm(profile, seed=SEED, achievements=ACHIEVEMENTS, kills=KILLS, folder=folder)
    said = "\n".join(report.lines())
    assert report.count.faults() == [], said
    assert (report.count.achieved, report.kills.total()) == (ACHIEVEMENTS, KILLS), said
    assert len(report.kills) == KILLS, f"every kind once: {said}"
    assert report.count.mail_tries > ACHIEVEMENTS * 1.2, f"the mail server was to fail: {said}"


def test_on_sqlite_and_files_nothing_is_lost_or_doubled(tmp_path: Path) -> None:
    weather("embedded", tmp_path)


@pytest.mark.postgres
def test_on_postgresql_and_redis_nothing_is_lost_or_doubled(tmp_path: Path) -> None:
    weather("outgrown", tmp_path)
