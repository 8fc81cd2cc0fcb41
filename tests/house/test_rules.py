"""Rules of the house that a stranger would otherwise break without noticing."""

import ast
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.urls import URLPattern, URLResolver, get_resolver

HERE = Path(__file__).resolve().parents[2]
ROOMS = ["bosai", "dashboards", "office", "advocacy", "coaching"]
ROOMS += ["milestones", "customers", "post", "organisations", "ui"]
LONGEST_FILE, LONGEST_FUNCTION, LONGEST_TASK = 300, 40, 5
OPEN = {
    "o/<slug:slug>/theme.css": "one colour, which customers' pages wear as well",
    "o/<slug:slug>/calendar/<str:token>.ics": "calendar programs have no session; the address is the secret",
}
LISTS = {
    "_charts": "the gallery's samples, one after the other",
    "post": "a mail has that many parts, each an argument on its own line",
}


def files(*endings: str) -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", *ROOMS, "templates", "static"],
        cwd=HERE,
        capture_output=True,
        text=True,
        check=True,
    )
    found = [HERE / line for line in listed.stdout.splitlines() if line.endswith(endings)]
    return [path for path in found if path.exists() and "migrations" not in path.parts]


def functions(path: Path) -> Iterator[ast.FunctionDef]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.FunctionDef):
            yield node


def test_files_stay_short() -> None:
    """A file of more than 300 lines is two rooms in one."""
    long = {str(path.relative_to(HERE)): n for path in files(".py", ".html", ".css", ".js")
            if (n := len(path.read_text().splitlines())) > LONGEST_FILE}  # fmt: skip
    assert long == {}


def test_functions_stay_short() -> None:
    """The longest functions of the best code bases have 40 lines."""
    long = [
        f"{path.relative_to(HERE)}:{node.name} {length}"
        for path in files(".py")
        for node in functions(path)
        if (length := (node.end_lineno or 0) - node.lineno + 1) > LONGEST_FUNCTION and node.name not in LISTS
    ]
    assert long == []


def test_tasks_only_wake_a_verb() -> None:
    """Logic in a task runs where no page, command or test sees it."""
    long = [
        f"{path.relative_to(HERE)}:{node.name}"
        for path in files("tasks.py")
        for node in functions(path)
        if len([statement for statement in node.body if not _is_docstring(statement)]) > LONGEST_TASK
    ]
    assert long == []


def _is_docstring(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)


def test_no_room_is_a_drawer_for_the_rest() -> None:
    """A function without a room means that the rooms are wrong."""
    drawers = {"utils", "helpers", "common", "core", "services", "managers"}
    assert [
        path for path in files(".py") if drawers & {part.removesuffix(".py") for part in path.parts}
    ] == []


def test_no_model_reads_the_clock_by_itself() -> None:
    """Simulated time, imports and tests hand the time in."""
    assert [path for path in files(".py") if "auto_now" in path.read_text()] == []


def members_views(resolver: URLResolver, prefix: str = "") -> Iterator[tuple[str, object]]:
    for pattern in resolver.url_patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from members_views(pattern, route)
        elif isinstance(pattern, URLPattern) and route.startswith("o/<slug:slug>/"):
            yield route, pattern.callback


VIEWS = [pair for pair in members_views(get_resolver()) if pair[0] not in OPEN]


@pytest.mark.parametrize(("route", "view"), VIEWS, ids=[route for route, _ in VIEWS])
def test_every_members_view_is_guarded(route: str, view: object) -> None:
    """A view without a guard shows one organisation to everybody."""
    guarded = view
    while guarded is not None and not hasattr(guarded, "guarded_for"):
        guarded = getattr(guarded, "__wrapped__", None)
    assert guarded is not None, route
