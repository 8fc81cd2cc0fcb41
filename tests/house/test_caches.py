"""What is kept for a while is kept for one organisation: a key without it would mix them up."""

import ast
from collections.abc import Iterator
from datetime import date, datetime

import pytest
from django.core.cache import caches

from dashboards.board import reading as board
from dashboards.board.reading import Board
from dashboards.figures import Wish, kept
from dashboards.figures.coached import Coached, Question
from organisations import tenancy
from organisations.models import Organisation
from tests import factories
from tests.house.ours import Source, sources

ALLOWED = {"dashboards/figures/kept.py": "its keys begin with the organisation; the test below reads them"}


def test_nothing_else_keeps_anything() -> None:
    found = {source.path for source in sources() if next(_uses(source), None)}
    assert found == set(ALLOWED)


def _uses(source: Source) -> Iterator[int]:
    for node in ast.walk(source.tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("django.core.cache"):
            yield node.lineno
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith(
            "django.views.decorators.cache"
        ):
            yield from (node.lineno for name in node.names if name.name == "cache_page")


@pytest.mark.django_db
def test_a_kept_report_is_of_one_organisation(
    harbour: Organisation, rival: Organisation, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kept, "KEPT_FROM", 0)
    keys: list[str] = []
    for way in ("set", "add"):
        monkeypatch.setattr(type(caches["figures"]), way, lambda self, key, *_a, **_k: keys.append(key))
    for organisation in (harbour, rival):
        with tenancy.within(organisation):
            journey = factories.make_journey(organisation)
            kept.report(Wish(organisation, journey, date(2026, 3, 12)), now=now)
            kept.board_counts(Board(board.Wish(organisation, journey, date(2026, 3, 12))), now=now)
            kept.busiest_first(organisation)
            asked = Question(Wish(organisation, journey, date(2026, 3, 12)), "m2", 30, 120)
            kept.coaching_answer(Coached(asked))
    own = [key.split(":")[1] for key in keys]
    assert own == [str(pk) for pk in (harbour.pk,) * 4 + (rival.pk,) * 4]
    assert len(set(keys)) == 8
