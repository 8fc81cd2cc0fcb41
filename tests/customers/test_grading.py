"""Levels agreed beforehand, what was reached of them, and the one number that says how far goals came."""

from datetime import timedelta
from math import isclose, sqrt

import pytest
from django.urls import reverse

from customers import defining, grading
from customers.attainment import attainment_of, t_score
from customers.models import GoalLevel, GoalScale
from organisations import tenancy
from organisations.models import Event
from tests import factories

pytestmark = pytest.mark.django_db
WORDS = {
    "much_less": "As it is now", "less": "Half of it", "expected": "A fifth fewer", "more": "A quarter fewer",
    "much_more": "A third fewer",
}  # fmt: skip


@pytest.fixture
def kestrel(in_harbour, mara):
    return factories.make_customer(in_harbour, owner=mara)


@pytest.fixture
def agree(kestrel, mara, now):
    def agree(outcome=None, **changed):
        outcome = outcome or factories.make_outcome(kestrel)
        values = WORDS | {"weight": 1, "agreed_on": now.date() - timedelta(days=30)} | changed
        return grading.agree(outcome=outcome, values=values, by=mara, now=now)

    return agree


@pytest.fixture
def note(mara, now):
    def note(scale, level, days_ago=0, evidence="14 % in the tour report"):
        on = now.date() - timedelta(days=days_ago)
        return grading.note_level(scale=scale, level=level, on=on, evidence=evidence, by=mara, now=now)

    return note


@pytest.mark.once
class TestScore:
    def test_it_is_fifty_as_expected_and_ten_a_level_for_one_goal(self):
        assert [t_score([(1, level)]) for level in (-2, -1, 0, 1, 2)] == [30, 40, 50, 60, 70]
        assert t_score([]) is None
        assert t_score([(7, 1)]) == 60  # alone, a weight says nothing

    def test_it_follows_the_formula_with_weights(self):
        goals = [(3, 1), (1, -1), (2, 2)]
        total, squares = 6, 9 + 1 + 4
        right = 50 + 10 * (3 - 1 + 4) / sqrt(0.7 * squares + 0.3 * total**2)
        assert isclose(t_score(goals), right)
        assert isclose(t_score([(1, 1)] * 4), 50 + 40 / sqrt(0.7 * 4 + 0.3 * 16))
        assert isclose(t_score([(1, 1)] * 4, together=1), 60)


def test_it_counts_the_newest_level_of_each_goal(agree, note, kestrel, in_harbour, mara, now):
    first, second = agree(), agree(weight=2)
    assert attainment_of([kestrel.pk])[kestrel.pk].t is None
    note(first, -1, days_ago=20)
    note(first, 1, days_ago=2)
    note(first, 2, days_ago=9)  # noted later, and it was so earlier
    found = attainment_of([kestrel.pk])[kestrel.pk]
    assert (found.t, found.n, found.without) == (60, 1, 1)
    wrong = note(second, 2)
    grading.withdraw_level(level=wrong, by=mara, now=now)
    grading.withdraw_level(level=wrong, by=mara, now=now)
    assert attainment_of()[kestrel.pk].n == 1
    note(second, 0)
    defining.retire(outcome=second.outcome, why="reached", by=mara, now=now)
    assert attainment_of()[kestrel.pk].reached == ((1, 1), (2, 0))
    verbs = list(Event.objects.filter(verb__startswith="level").order_by("pk").values_list("verb", flat=True))
    assert verbs == ["levels_agreed"] * 2 + ["level_noted"] * 4 + ["level_withdrawn", "level_noted"]


def test_what_was_measured_by_stands(agree, note, mara, now):
    scale = agree()
    assert agree(scale.outcome, more="More").more == "More"
    level = note(scale, 0)
    assert agree(scale.outcome, more="More").pk == scale.pk  # the same again
    with pytest.raises(defining.NotPossible, match="so they stand"):
        agree(scale.outcome, expected="Whatever we have")
    grading.withdraw_level(level=level, by=mara, now=now)
    assert agree(scale.outcome, expected="Less").expected == "Less"
    assert GoalScale.objects.count() == 1


@pytest.mark.parametrize(
    ("field", "wrong"),
    [
        ("level", {"level": 3}),
        ("on", {"days_ago": -1}),
        ("on", {"days_ago": 31}),
        ("evidence", {"evidence": " "}),
    ],
)
def test_a_level_needs_a_day_after_the_agreement_and_something_that_shows_it(agree, note, field, wrong):
    with pytest.raises(defining.Incomplete) as refused:
        note(agree(), **({"level": 0} | wrong))
    assert refused.value.field == field
    assert not GoalLevel.objects.exists()


def test_levels_are_agreed_whole_and_not_in_the_future(agree, now):
    for field, value in (("less", " "), ("agreed_on", now.date() + timedelta(days=1))):
        with pytest.raises(defining.Incomplete) as refused:
            agree(**{field: value})
        assert refused.value.field == field
    assert not GoalScale.objects.exists()


class TestPages:
    @pytest.fixture
    def client(self, client_for, mara, monkeypatch, now):
        monkeypatch.setattr("django.utils.timezone.now", lambda: now)
        return client_for(mara)

    def test_levels_are_agreed_noted_and_taken_back(self, client, kestrel, in_harbour):
        outcome = factories.make_outcome(kestrel)
        url = reverse("customers:goal_scale", args=["harbour", outcome.pk])
        sent = WORDS | {"weight": "2", "agreed_on": "2026-03-01", "agreed_with": ""}
        wrong = client.post(url, sent | {"less": ""})
        assert wrong.status_code == 422
        assert "Write down all five levels" in wrong.content.decode()
        assert client.post(url, sent).status_code == 302
        reached = reverse("customers:goal_level_new", args=["harbour", outcome.pk])
        assert client.post(reached, {"level": "9", "on": "2026-03-02", "evidence": "x"}).status_code == 422
        late = client.post(reached, {"level": "1", "on": "2026-02-02", "evidence": "x"})
        assert "before the levels were agreed" in late.content.decode()
        page = client.post(reached, {"level": "1", "on": "2026-03-02", "evidence": "14 %"}, follow=True)
        assert "T = 60, n=1" in page.content.decode()
        for name, args in (("dashboards:customer", [kestrel.pk]), ("coaching:call_new", [kestrel.pk])):
            assert "T = 60" in client.get(reverse(name, args=["harbour", *args])).content.decode()
        with tenancy.within(in_harbour):
            level = GoalLevel.objects.get()
        client.post(reverse("customers:goal_level_removal", args=["harbour", level.pk]))
        assert "cannot tell yet" in client.get(url).content.decode()
