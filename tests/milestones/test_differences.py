"""Two outlines side by side, in words."""

from dataclasses import replace

import pytest

from milestones.differences import State, differences, sides_of
from milestones.outlines import CriterionOutline, MetricOutline
from milestones.overlays import take_over
from tests.milestones.test_overlays import milestone, outline

pytestmark = pytest.mark.once
METRICS = {"score": MetricOutline("score", "Exam score", "%")}


def test_it_says_what_became_of_each_milestone():
    left = outline("a", "b", milestone("c", target_days="30"), name="Ours")
    right = outline("a", milestone("c", target_days="40"), "n", name="Ours")
    found = differences(left, right, METRICS)
    assert [(one.key, one.state) for one in found.milestones] == [
        ("a", State.SAME),
        ("b", State.LEFT_OUT),
        ("c", State.CHANGED),
        ("n", State.ADDED),
    ]
    (part,) = found.milestones[2].differing
    assert (part.label, part.left, part.right) == ("Target", ("by day 30",), ("by day 40",))
    assert [one.key for one in found.same] == ["a"]
    assert not found.journey_differing
    assert not found.is_none


def test_it_says_criteria_as_sentences():
    more = (CriterionOutline("metric", "score", "gte", "60"), CriterionOutline("confirmation"))
    found = differences(outline("a"), outline(milestone("a", criteria=more, join="any")), METRICS)
    (part,) = found.milestones[0].differing
    assert part.left == ("It is so when this holds:", "Exam score is at least 40\N{NO-BREAK SPACE}%")
    assert part.right[0] == "It is so when any of these holds:"
    assert part.right[2] == "The customer confirms it"


def test_it_says_another_order_with_the_names_of_the_right():
    found = differences(outline("a", "b"), outline(milestone("b", name="Second"), "a"), METRICS)
    assert [part.label for part in found.journey_differing] == ["The order of the milestones"]
    assert found.journey_differing[0].left == ("A", "Second")


def test_nothing_differs_between_the_same():
    one = outline("a", "b", name="Same")
    assert differences(one, replace(one, typed_in="form"), METRICS).is_none


def test_it_says_both_sides_of_every_kind_of_conflict():
    was = outline("a", "b", "c", "d")
    base = outline("c", "a", milestone("b", name="Base"), milestone("d", target_days="30"))
    own = outline("a", milestone("d", target_days="10"), "c")
    merged = take_over(was, base, own)
    said = {one.part: sides_of(one, {"a": "A", "c": "C", "d": "D"}, METRICS) for one in merged.conflicts}
    assert [(one.left, one.right) for one in said["target_days"]] == [(("by day 30",), ("by day 10",))]
    assert [(one.left, one.right) for one in said["order"]] == [(("C", "A", "D"), ("A", "D", "C"))]
    assert said["there"][0].left == ("Base",)
    assert said["there"][0].right == ()
