"""The page of promises names tests and nightly steps that there are, and leaves no promise out."""

import ast
import re
from functools import cache

import pytest

from tests.house.ours import ROOT
from tests.nightly import STEPS

PAGE = (ROOT / "docs" / "promises.md").read_text(encoding="utf-8")
PROMISED = (*range(1, 10), 12, *range(17, 29), 30, 31, 35, 36, 37, 38, 40)
ROWS = [
    [cell.strip() for cell in line.strip("|").split("|")]
    for line in PAGE.splitlines()
    if re.match(r"\| [PV]\d", line)
]
NAMED = re.compile(r"`(tests/[\w/.]+\.py)::([\w:]+)`")


def test_every_promise_has_its_line() -> None:
    found = [int(row[0][1:]) for row in ROWS if row[0].startswith("P")]
    assert found == sorted(PROMISED)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0])
def test_what_shows_it_is_there(row: list[str]) -> None:
    named = NAMED.findall(row[2])
    assert named
    assert [f"{path}::{name}" for path, name in named if name not in names_in(path)] == []


def test_the_steps_at_night_are_there() -> None:
    named = {name for row in ROWS if row[0].startswith("P") for name in re.findall(r"`([a-z-]+)`", row[4])}
    known = {step.name for step in STEPS}
    assert named - known == set()
    assert {"storm-embedded", "storm-outgrown", "storm-idempotent", "restarts", "model"} <= named


@cache
def names_in(path: str) -> set[str]:
    """ "test_a" and "TestB::test_c" of a file."""
    found: set[str] = set()
    if not (ROOT / path).exists():
        return found
    for node in ast.parse((ROOT / path).read_text(encoding="utf-8")).body:
        if isinstance(node, ast.FunctionDef):
            found.add(node.name)
        elif isinstance(node, ast.ClassDef):
            found |= {f"{node.name}::{part.name}" for part in node.body if isinstance(part, ast.FunctionDef)}
    return found
