"""What a variant keeps, and what follows its base: the three-way merge, by example and by properties."""

from dataclasses import fields, replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from milestones.outlines import CriterionOutline, MetricOutline, MilestoneOutline, Outline
from milestones.overlays import ORDER, PARTS, THERE, says_the_same, take_over, value_of, woven

pytestmark = pytest.mark.once
SCORE = CriterionOutline("metric", "score", "gte", "40")
CLAIM = CriterionOutline("claim")


def milestone(key: str, handle: int = 1, **fields) -> MilestoneOutline:
    said = {"name": key.upper(), "meaning": f"What {key} means.", "target_days": "20", "criteria": (SCORE,)}
    return MilestoneOutline(handle=handle, key=key, **said | fields)


def outline(*milestones: MilestoneOutline | str, **fields) -> Outline:
    made = [one if isinstance(one, MilestoneOutline) else milestone(one) for one in milestones]
    numbered = tuple(replace(one, handle=n) for n, one in enumerate(made, start=1))
    return Outline(milestones=numbered, metrics=(MetricOutline("score", "Score"),), **fields)


def keys(merged: Outline) -> list[str]:
    return [one.key for one in merged.milestones]


def said(merged: Outline, key: str) -> MilestoneOutline:
    return next(one for one in merged.milestones if one.key == key)


def test_it_follows_what_the_variant_does_not_change_and_keeps_what_it_does():
    was = outline("a", "b", purpose="Before")
    base = outline(milestone("a", target_days="30", name="Anew"), "b", purpose="After")
    own = outline(milestone("a", meaning="Ours."), "b", name="Our own", purpose="Ours")
    merged = take_over(was, base, own)
    a = said(merged.outline, "a")
    assert (a.name, a.meaning, a.target_days) == ("Anew", "Ours.", "30")
    assert (merged.outline.name, merged.outline.purpose) == ("Our own", "Ours")
    assert not merged.conflicts


def test_it_names_a_conflict_with_both_sides_and_keeps_the_variants_own_until_the_bases_is_taken():
    was, base = outline("a"), outline(milestone("a", target_days="30"))
    own = outline(milestone("a", target_days="10"))
    merged = take_over(was, base, own)
    (conflict,) = merged.conflicts
    assert (conflict.key, conflict.part) == ("a", "target_days")
    assert (conflict.base.target_days, conflict.own.target_days) == ("30", "10")
    assert said(merged.outline, "a").target_days == "10"
    taken = take_over(was, base, own, taking=[conflict.id])
    assert said(taken.outline, "a").target_days == "30"
    assert taken.conflicts == (conflict,)


def test_a_decision_does_not_hold_for_a_side_that_says_something_else_by_now():
    was, base = outline("a"), outline(milestone("a", target_days="30"))
    (seen,) = take_over(was, base, outline(milestone("a", target_days="10"))).conflicts
    own = outline(milestone("a", target_days="12"))
    assert said(take_over(was, base, own, taking=[seen.id]).outline, "a").target_days == "12"


def test_criteria_and_how_they_are_joined_are_one():
    was = outline("a")
    base = outline(milestone("a", criteria=(SCORE, CLAIM), join="at_least", needed="1"))
    own = outline(milestone("a", criteria=(CLAIM,)))
    merged = take_over(was, base, own)
    assert [one.part for one in merged.conflicts] == ["criteria"]
    (conflict,) = merged.conflicts
    a = said(take_over(was, base, own, taking=[conflict.id]).outline, "a")
    assert (a.join, a.needed, a.criteria) == ("at_least", "1", (SCORE, CLAIM))


def test_a_milestone_new_to_the_base_comes_where_it_stands_there_and_what_it_left_out_goes():
    was = outline("a", "b", "c")
    merged = take_over(was, outline("a", "n", "c"), outline("a", "b", "own", "c"))
    assert keys(merged.outline) == ["a", "n", "own", "c"]
    assert len({one.handle for one in merged.outline.milestones}) == 4


def test_what_the_variant_left_out_stays_out():
    merged = take_over(outline("a", "b"), outline("a", "b", "n"), outline("a"))
    assert keys(merged.outline) == ["a", "n"]
    assert not merged.conflicts


@pytest.mark.parametrize("is_taken", [False, True])
def test_it_asks_when_one_side_left_out_what_the_other_changed(is_taken):
    was, changed = outline("a", "b"), outline("a", milestone("b", name="Else"))
    for base, own in ((changed, outline("a")), (outline("a"), changed)):
        (conflict,) = take_over(was, base, own).conflicts
        assert (conflict.key, conflict.part) == ("b", THERE)
        merged = take_over(was, base, own, taking=[conflict.id] if is_taken else [])
        assert keys(merged.outline) == keys(base if is_taken else own)


def test_the_order_follows_unless_the_variant_has_its_own():
    was, base = outline("a", "b", "c"), outline("c", "a", "b")
    assert keys(take_over(was, base, outline("a", "b", "own", "c")).outline) == ["c", "a", "b", "own"]
    merged = take_over(was, base, outline("a", "c", "b"))
    (conflict,) = merged.conflicts
    assert (conflict.part, conflict.base, conflict.own) == (ORDER, ("c", "a", "b"), ("a", "c", "b"))
    assert keys(merged.outline) == ["a", "c", "b"]


def test_a_milestone_that_both_made_is_compared_too():
    merged = take_over(outline(), outline(milestone("n", name="Base")), outline("n"))
    assert [(one.key, one.part) for one in merged.conflicts] == [("n", "name")]


def test_metrics_come_along_with_the_criteria_that_need_them():
    measured = milestone("n", criteria=(CriterionOutline("metric", "hours", "lte", "3"),))
    base = replace(outline("a", measured), metrics=(MetricOutline("hours", "Hours"), MetricOutline("x", "X")))
    merged = take_over(outline("a"), base, outline("a"))
    assert [one.key for one in merged.outline.metrics] == ["score", "hours"]


def test_what_has_no_key_yet_or_bears_one_twice_stays():
    own = outline(milestone("", name="No name yet"), "a", milestone("a", name="Twice"))
    merged = take_over(outline("a"), outline(milestone("a", name="Anew")), own).outline
    assert [one.name for one in merged.milestones] == ["No name yet", "Anew", "Twice"]


def test_who_types_in_a_milestone_that_changed_is_told():
    own = replace(outline("a", "b"), typed_in="form")
    own = replace(own, milestones=tuple(replace(one, typed_in="form") for one in own.milestones))
    merged = take_over(outline("a", "b"), outline(milestone("a", name="Anew"), "b"), own).outline
    assert [one.typed_in for one in merged.milestones] == ["", "form"]
    assert merged.typed_in == "form"


MILESTONES = st.builds(
    milestone,
    st.sampled_from("abcdefg"),
    name=st.sampled_from(["One", "Two"]),
    meaning=st.sampled_from(["So.", "Thus."]),
    target_days=st.sampled_from(["10", "20"]),
    join=st.sampled_from(["all", "any"]),
    criteria=st.sampled_from([(SCORE,), (SCORE, CLAIM)]),
)
OUTLINES = st.builds(
    lambda milestones, purpose: outline(*milestones, purpose=purpose),
    st.lists(MILESTONES, max_size=6, unique_by=lambda one: one.key),
    st.sampled_from(["x", "y", "z"]),
)
many = settings(max_examples=60, deadline=None, derandomize=True)


@many
@given(OUTLINES, OUTLINES, OUTLINES)
def test_taking_over_twice_is_taking_over_once(was, base, own):
    once = take_over(was, base, own).outline
    assert take_over(base, base, once).outline == once
    assert take_over(was, base, once).outline == once


@many
@given(OUTLINES, OUTLINES)
def test_without_news_nothing_changes_and_without_changes_all_is_news(was, other):
    assert take_over(was, was, other) == (unchanged := take_over(was, was, other))
    assert unchanged.outline == other
    assert not unchanged.conflicts
    followed = take_over(was, other, was)
    assert followed.outline.means(replace(other, metrics=followed.outline.metrics, purpose=was.purpose))
    assert not followed.conflicts


@many
@given(OUTLINES, OUTLINES, OUTLINES)
def test_what_the_variant_changed_stays_and_what_it_did_not_follows(was, base, own):
    merged = take_over(was, base, own)
    before, there, here, after = (
        {one.key: one for one in each.milestones} for each in (was, base, own, merged.outline)
    )
    for key in there.keys() & here.keys():
        for part in PARTS:
            then = before.get(key) and value_of(before[key], part)
            is_own = value_of(here[key], part) != then
            assert value_of(after[key], part) == value_of((here if is_own else there)[key], part)
    for key in here.keys() - before.keys():
        assert key in after
    for key in before.keys() - here.keys():
        assert key not in after
    for key in there.keys() - before.keys():
        assert key in after


@many
@given(OUTLINES, OUTLINES, OUTLINES, st.integers(0, 2**20))
def test_nothing_is_lost_each_conflict_has_one_of_its_two_sides(was, base, own, which):
    conflicts = take_over(was, base, own).conflicts
    taking = {one.id for place, one in enumerate(conflicts) if which >> place & 1}
    merged = take_over(was, base, own, taking=taking)
    assert merged.conflicts == conflicts
    assert len({one.id for one in conflicts}) == len(conflicts)
    after = {one.key: one for one in merged.outline.milestones}
    for one in conflicts:
        side = one.base if one.id in taking else one.own
        if one.part in PARTS:
            assert value_of(after[one.key], one.part) == value_of(side, one.part)
        elif one.part == THERE:
            assert (after.get(one.key) is None) == (side is None)
            assert side is None or says_the_same(after[one.key], side)


def test_every_field_a_milestone_has_is_merged():
    merged = {name for names in PARTS.values() for name in names}
    assert merged == {one.name for one in fields(MilestoneOutline)} - {"handle", "key", "typed_in"}
    assert PARTS["criteria"] == ("join", "needed", "criteria")


def test_weaving_keeps_the_first_order():
    assert woven("ac", "abcd") == list("abcd")
    assert woven("", "ba") == list("ba")
    assert woven("ab", "xb") == list("xab")
