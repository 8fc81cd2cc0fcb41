"""The clock is read at the edges and handed down, like the database: below them time is an argument.

So a whole year can be played through in a test, and what was true on a day can be asked afterwards.
"""

import ast
import re
from collections.abc import Iterator

from django.apps import apps
from django.db import models

from tests.house.ours import ROOMS, Source, sources

EDGES = re.compile(r"(^|/)(views|management|admin|api)(/|\.py$)|(^|/)(tasks|middleware|celery|wsgi)\.py$")
CLOCKS = {
    ("timezone", "now"), ("timezone", "localtime"), ("timezone", "localdate"), ("datetime", "now"),
    ("datetime", "utcnow"), ("datetime", "today"), ("date", "today"), ("time", "time"),
}  # fmt: skip
NEEDS_A_MOMENT = {"localtime", "localdate"}  # with one they convert, without one they read the clock

# Modules below the edges that read a clock, each with the reason.
ALLOWED = {
    "ui/templatetags/ui.py": "drawing is an edge; a request or a mail brings its own clock",
    "bosai/checks.py": "asks whether this machine's clock agrees with the database's",
    "organisations/sessions.py": "Django's own session store, which has no other clock",
}


def test_no_clock_is_read_below_the_edges():
    found = [f"{source.path}:{line}" for source in sources() for line in _readings(source)]
    assert [place for place in found if place.rpartition(":")[0] not in ALLOWED] == []


def test_no_column_reads_the_clock_by_itself():
    found = [
        str(field)
        for model in apps.get_models()
        if model._meta.app_label in ROOMS
        for field in model._meta.get_fields()
        if isinstance(field, models.DateField | models.DateTimeField | models.TimeField)
        and (field.auto_now or field.auto_now_add or (callable(field.default) and field.has_default()))
    ]
    assert found == []


def _readings(source: Source) -> Iterator[int]:
    """Lines that ask what time it is."""
    if EDGES.search(source.path):
        return
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Call) and _name(node.func) in CLOCKS | {("", "localtime"), ("", "localdate")}:
            if _name(node.func)[1] in NEEDS_A_MOMENT and (node.args or node.keywords):
                continue
            yield node.lineno


def _name(function: ast.expr) -> tuple[str, str]:
    """("timezone", "now") of `timezone.now` and of `django.utils.timezone.now`; ("", "now") of `now`."""
    if isinstance(function, ast.Name):
        return "", function.id
    if isinstance(function, ast.Attribute):
        of = function.value
        owner = of.id if isinstance(of, ast.Name) else of.attr if isinstance(of, ast.Attribute) else ""
        return owner, function.attr
    return "", ""
