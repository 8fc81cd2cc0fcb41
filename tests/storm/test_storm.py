"""The storm in both profiles, as `./run storm` runs it, and a deploy in the middle of the day."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.storm.many import storms
from tests.storm.preparing import prepare
from tests.storm.rolling import roll

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]
SEEDS, ACHIEVEMENTS, KILLS = (1,), 1000, 10
KINDS = 5  # of process, in either profile
DEPLOYED, RESTARTS = 120, 6


@pytest.fixture(scope="module")
def outgrown(prepared_state: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("storm") / "outgrown"
    prepare("outgrown", ACHIEVEMENTS, folder, like=prepared_state)
    yield folder
    shutil.rmtree(folder)


def weather(prepared: Path, folder: Path) -> None:
    reports = list(storms(prepared, SEEDS, kills=KILLS, folder=folder))
    assert sorted(report.seed for report in reports) == sorted(SEEDS)
    for report in reports:
        said = "\n".join(report.lines())
        assert report.count.faults() == [], said
        assert (report.count.achieved, sum(report.hits.values())) == (ACHIEVEMENTS, KILLS), said
        assert set(report.hits.values()) == {KILLS // KINDS}, f"every kind as often: {said}"
        assert report.count.mail_tries > ACHIEVEMENTS * 1.2, f"the mail server was to fail: {said}"


def test_on_sqlite_and_files_nothing_is_lost_or_doubled(prepared_state: Path, tmp_path: Path) -> None:
    embedded = prepare("embedded", ACHIEVEMENTS, tmp_path / "embedded", like=prepared_state)
    weather(embedded, tmp_path)


@pytest.mark.postgres
def test_on_postgresql_and_redis_nothing_is_lost_or_doubled(outgrown: Path, tmp_path: Path) -> None:
    weather(outgrown, tmp_path)


@pytest.mark.nightly
@pytest.mark.postgres
def test_a_deploy_is_seen_by_nobody(outgrown: Path, tmp_path: Path) -> None:
    report = roll(outgrown, restarts=RESTARTS, achievements=DEPLOYED, seed=1, folder=tmp_path)
    said = "\n".join(report.lines())
    assert report.count.faults() == [], said
    assert report.count.uncertain == 0, said
    assert report.count.achieved > DEPLOYED * 0.9, f"people were at work: {said}"
    assert report.tries_again == {}, f"no request failed: {said}"
    assert set(report.hits.values()) == {1}, f"each process once: {said}"
