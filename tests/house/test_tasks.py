"""Tasks are thin: load by id, call one verb, return a count. What they do can be done without a broker."""

import ast

from tests.house.ours import Source, sources

MOST_LINES = 5


def test_tasks_are_at_most_five_lines():
    fat = {
        f"{source.path}:{function.name}": lines
        for source in _tasks()
        for function in source.functions
        if (lines := _body_lines(function)) > MOST_LINES
    }
    assert fat == {}


def test_there_are_tasks_to_look_at():
    assert len(_tasks()) >= 3


def test_verbs_know_no_tasks():
    """Only edges publish: a verb that woke a task would have to know the broker."""
    edges = ("views", "/api", "management", "tasks.py", "bosai/")
    knowing = [
        source.path
        for source in sources()
        if not any(edge in source.path for edge in edges)
        for node in ast.walk(source.tree)
        if isinstance(node, ast.ImportFrom)
        and ((node.module or "").endswith(".tasks") or any(name.name == "tasks" for name in node.names))
    ]
    assert knowing == []


def _tasks() -> list[Source]:
    return [source for source in sources() if source.path.endswith("/tasks.py")]


def _body_lines(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Without signature and docstring."""
    body = function.body[1:] if ast.get_docstring(function) is not None else function.body
    return (function.end_lineno or 0) - body[0].lineno + 1 if body else 0
