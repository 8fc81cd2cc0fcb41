"""Every goal's measurement runs, on as few rows and requests as make sense."""

import os

import pytest

from bench.__main__ import GOALS, MODULES, arguments, measured
from bench.goals import Effort, pages
from bench.stage import Stage

LEAST = Effort(
    rounds=1,
    seconds=0,
    requests=1,
    judgings=1,
    mails=6,
    far_mails=3,
    cheers=1,
    imported=20,
    first_views=1,
    events=1000,
    singles=3,
)
NAMED = {"G1", "G2", "G4", "G5", "G6", "G7", "G9", "G10", "G11", "G12", "G13", "G14", "G15", "G16"}


def test_the_named_goals_are_all_there():
    assert set(GOALS) == NAMED
    assert arguments([]).goal == GOALS
    assert arguments(["--customers", "50,20", "--goal", "G7"]).sizes == [20, 50]


@pytest.mark.slow
@pytest.mark.postgres
def test_pages_are_measured_beside_the_minimal_application(tmp_path, prepared_state):
    stage = Stage(tmp_path, like=prepared_state)
    stage.owner = os.environ["DATABASE_URL"]
    with stage.stack:
        rows = pages.measure(stage, [80], LEAST)
    assert {row.goal for row in rows} == set(pages.GOALS)
    assert all(row.value > 0 and row.n for row in rows)
    statements = next(row for row in rows if row.what == "customer page, statements")
    assert 5 < statements.value < 30


@pytest.mark.nightly
@pytest.mark.slow
@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.__name__)
def test_every_goal_is_measured(module, tmp_path, monkeypatch):
    """With services of its own, as from the command line."""
    monkeypatch.setattr(os, "environ", os.environ.copy())
    rows = measured(module.GOALS, [60, 120], LEAST, tmp_path)
    assert {row.goal for row in rows} == set(module.GOALS)
    assert all(row.value > 0 for row in rows if row.limit != 0.01)  # no layout shift is the best there is
