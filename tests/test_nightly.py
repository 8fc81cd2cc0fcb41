"""`./run nightly` runs everything it is asked to, and one bad step is enough."""

import sys

import pytest

from tests import nightly
from tests.nightly import Step

GOOD, BAD = Step("good", "this"), Step("bad", "no_such_module")


@pytest.mark.parametrize(
    ("asked", "last", "code"),
    [
        ([], "1 passed, 1 failed", 1),
        (["--only", "good"], "1 passed, 0 failed", 0),
        (["--only", "bad"], "0 passed, 1 failed", 1),
    ],
)
def test_one_bad_step_is_enough_and_stops_no_other(monkeypatch, capfd, asked, last, code):
    monkeypatch.setattr(sys, "argv", ["nightly", *asked])
    assert nightly.main([BAD, GOOD]) == code
    said = capfd.readouterr().out.splitlines()
    assert said[-1] == last
    assert any("FAILED (exit code 1)" in line for line in said) == bool(code)


def test_each_profile_gets_as_many_seeds_as_asked_for(monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", ["nightly", "--list", "--seeds", "3"])
    assert nightly.main() == 0
    said = capsys.readouterr().out
    assert said.count("--achievements 5000 --kills 20 --write-proof --seed 1 2 3\n") == 2
