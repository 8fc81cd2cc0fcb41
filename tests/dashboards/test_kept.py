"""A report of many customers is counted once a minute, equals a fresh one, and says when."""

from datetime import timedelta

import pytest
from django.core.cache import caches

from dashboards.figures import figures, kept
from dashboards.figures.kept import report
from milestones.models import Achievement
from organisations import tenancy
from tests.counting import queries_of
from tests.dashboards.forty import AS_OF

HERE = "/o/harbour/milestones/"


@pytest.fixture(autouse=True)
def _kept_for_a_minute(settings, monkeypatch):
    monkeypatch.setattr(kept, "KEPT_FROM", 1)
    figures_cache = settings.CACHES["figures"] | {"TIMEOUT": 60, "LOCATION": "kept-in-this-test"}
    settings.CACHES = settings.CACHES | {"figures": figures_cache}
    caches["figures"].clear()


def test_it_is_counted_once_and_says_when(wish, now):
    first = report(wish, now=now)
    assert first.found.as_json() == figures(wish).as_json()
    later = []
    assert queries_of(lambda: later.append(report(wish, now=now + timedelta(seconds=30)))) == []
    assert later[0].counted_at == now
    assert later[0].found.as_json() == first.found.as_json()


def test_it_is_counted_again_after_a_minute(wish, now):
    before = report(wish, now=now).found.achieved
    Achievement.objects.filter(milestone__key="m1").update(withdrawn_at=now, withdrawn_why="gone")
    assert report(wish, now=now).found.achieved == before
    caches["figures"].clear()  # what a minute does
    assert report(wish, now=now).found.achieved < before


def test_it_is_counted_afresh_when_that_takes_a_moment(wish, theo, client_for, now, monkeypatch):
    monkeypatch.setattr(kept, "KEPT_FROM", 1000)
    before = report(wish, now=now).found.achieved
    Achievement.objects.filter(milestone__key="m1").update(withdrawn_at=now, withdrawn_why="gone")
    assert report(wish, now=now).found.achieved < before
    page = client_for(theo).get(HERE, {"as_of": AS_OF.isoformat()}).content.decode()
    assert "once a minute" not in page


def test_every_question_and_organisation_has_its_own(wish, rival, now):
    mine = report(wish, now=now)
    with tenancy.within(rival):
        assert report(type(wish)(rival, wish.journey, AS_OF), now=now).found.enrolled == 0
    assert report(type(wish)(wish.organisation, wish.journey, AS_OF - timedelta(days=400)), now=now) != mine
    assert report(wish, now=now).found.enrolled == mine.found.enrolled


def test_the_page_says_when_it_was_counted(wish, theo, client_for):
    page = client_for(theo).get(HERE, {"as_of": AS_OF.isoformat()}).content.decode()
    assert "Counted at <time" in page
    assert "at most once a minute" in page
