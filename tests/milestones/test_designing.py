"""Journeys from blank draft to published version, and the next."""

from dataclasses import replace
from datetime import timedelta

import pytest

from customers.models import Metric
from milestones import designing, drafting
from milestones.checking import Problem
from milestones.models import Criterion, Journey, Milestone
from milestones.models.wording import Said, join_sentence
from milestones.outline_rows import outline_of
from milestones.outlines import CriterionOutline, MetricOutline, MilestoneOutline, Outline
from milestones.starters import starters
from organisations.models import Event
from tests import factories

CLAIM = CriterionOutline("claim")
SCORE = CriterionOutline("metric", "score", "gte", "40")


@pytest.fixture
def harbour(in_harbour):
    return in_harbour


def make_outline(count: int = 5, **overrides: str) -> Outline:
    """Nothing is missing from it, if `score` is known."""
    return Outline(
        name="First data",
        milestones=tuple(
            replace(
                MilestoneOutline(
                    handle=n,
                    key=f"m{n}",
                    name=f"Outcome {n}",
                    meaning=f"What {n} means.",
                    stage="onboarding",
                    target_days=str(20 * n),
                    criteria=(SCORE,),
                ),
                **overrides,
            )
            for n in range(1, count + 1)
        ),
        metrics=(MetricOutline("score", "Score", "%"),),
    )


def saying(outline: Outline):
    return lambda _: outline


@pytest.fixture
def journey(harbour, theo, now) -> Journey:
    return designing.new_journey(organisation=harbour, name="First data", by=theo, now=now)


def drafted(journey, theo, now, outline):
    return designing.save_draft(journey=journey, change=saying(outline), by=theo, now=now)


def missing(version) -> list[tuple[int | None, str]]:
    return [
        (problem.milestone_position, problem.field)
        for problem in designing.what_is_missing(version)
        if not problem.is_warning
    ]


def warned(version) -> list[Problem]:
    return [problem for problem in designing.what_is_missing(version) if problem.is_warning]


def test_it_starts_blank_with_as_few_milestones_as_a_journey_may_have(journey):
    draft = journey.draft()
    assert draft.number == 1
    assert len(outline_of(draft).milestones) == 5
    assert (1, "name") in missing(draft)
    assert (5, "criteria") in missing(draft)


@pytest.mark.parametrize("starter", starters())
def test_it_starts_from_a_journey_that_ships_and_can_be_published_at_once(harbour, theo, now, starter):
    journey = designing.new_journey(organisation=harbour, name="", by=theo, now=now, starter=starter)
    version = designing.publish(journey=journey, by=theo, now=now)
    stages = list(version.milestones.values_list("stage", flat=True))
    assert len(stages) == 6
    assert list(dict.fromkeys(stages)) == ["onboarding", "adoption", "outcome", "mastery"]
    assert warned(version) == []
    assert all(milestone.criteria.exists() for milestone in version.milestones.all())


def test_the_journeys_that_ship_stand_side_by_side_in_one_organisation(harbour, theo, now):
    for starter in starters():
        journey = designing.new_journey(organisation=harbour, name="", by=theo, now=now, starter=starter)
        designing.publish(journey=journey, by=theo, now=now)
        assert {one.key: one.name for one in starters()[starter].outline.metrics} == dict(
            Metric.objects.filter(criteria__milestone__version__journey=journey).values_list("key", "name")
        )


def test_it_gives_two_journeys_of_one_name_two_addresses(harbour, theo, now, journey):
    again = designing.new_journey(organisation=harbour, name="First data", by=theo, now=now)
    shy = designing.new_journey(organisation=harbour, name="New", by=theo, now=now)
    assert (journey.slug, again.slug, shy.slug) == ("first-data", "first-data-2", "new-2")


def test_it_keeps_what_was_typed_though_it_is_no_number(journey, theo, now):
    typed = make_outline(target_days="3 weeks", criteria=(replace(SCORE, threshold="4o"),))
    draft = drafted(journey, theo, now, typed)
    assert outline_of(draft) == typed
    assert draft.kept_at == now
    assert (2, "target_days") in missing(draft)
    assert (2, "criterion-1-threshold") in missing(draft)


@pytest.mark.parametrize(
    ("field", "value", "found"),
    [
        ("name", "", "name"),
        ("name", "x" * 121, "name"),
        ("meaning", "", "meaning"),
        ("stage", "", "stage"),
        ("stage", "heaven", "stage"),
        ("target_days", "", "target_days"),
        ("target_days", "0", "target_days"),
        ("target_days", "-3", "target_days"),
        ("target_days", "99999", "target_days"),
        ("hold_hours", "soon", "hold_hours"),
        ("hold_hours", "721", "hold_hours"),
        ("celebrate", "loudly", "celebrate"),
        ("join", "some", "join"),
        ("key", "Not A Key", "key"),
        ("criteria", (), "criteria"),
        ("criteria", (replace(SCORE, metric=""),), "criterion-1-metric"),
        ("criteria", (replace(SCORE, metric="nobody-knows"),), "criterion-1-metric"),
        ("criteria", (replace(SCORE, operator=""),), "criterion-1-operator"),
        ("criteria", (CLAIM, replace(SCORE, threshold="")), "criterion-2-threshold"),
        ("criteria", (replace(SCORE, threshold="nan"),), "criterion-1-threshold"),
        ("criteria", (replace(SCORE, threshold="1_000"),), "criterion-1-threshold"),
        ("criteria", (CLAIM, CLAIM), "criterion-2-kind"),
    ],
)
def test_it_names_the_milestone_and_the_field_that_keep_it_from_being_published(
    journey, theo, now, field, value, found
):
    outline = make_outline()
    wrong = replace(outline.milestones[2], **{field: value})
    draft = drafted(journey, theo, now, outline.saying(wrong))
    if (field, value) == ("key", ""):
        wrong = replace(wrong, key="outcome-3")
    assert missing(draft) == [(3, found)]
    with pytest.raises(designing.NotReady) as refused:
        designing.publish(journey=journey, by=theo, now=now)
    assert refused.value.problems[0].milestone_position == 3
    assert not journey.versions.exclude(published_at=None).exists()
    assert not Metric.objects.exists()


@pytest.mark.parametrize("count", [0, 1, 4, 8, 12])
def test_it_refuses_fewer_than_five_and_more_than_seven(journey, theo, now, count):
    draft = drafted(journey, theo, now, make_outline(count))
    assert missing(draft) == [(None, "milestones")]


@pytest.mark.parametrize("count", [5, 6, 7])
def test_it_publishes_five_to_seven(journey, theo, now, count):
    drafted(journey, theo, now, make_outline(count))
    version = designing.publish(journey=journey, by=theo, now=now)
    assert version.milestones.count() == count
    assert version.published_at == now
    assert version.published_by == theo
    assert journey.draft() is None


def test_it_warns_of_targets_that_go_backwards_and_publishes_all_the_same(journey, theo, now):
    outline = make_outline()
    draft = drafted(journey, theo, now, outline.saying(replace(outline.milestones[3], target_days="5")))
    assert [(one.milestone_position, one.field) for one in warned(draft)] == [(4, "target_days")]
    assert designing.publish(journey=journey, by=theo, now=now).milestones.get(position=4).target_days == 5


@pytest.mark.parametrize(
    ("name", "is_vendor_activity"),
    [
        ("Kick-off call", True),
        ("Training held", True),
        ("Users logged in daily", True),
        ("Go-live", True),
        ("The first report is trusted", False),
        ("Empty kilometres down a fifth", False),
    ],
)
def test_it_advises_when_a_milestone_is_what_we_do_rather_than_what_they_reach(
    journey, theo, now, name, is_vendor_activity
):
    outline = make_outline()
    draft = drafted(journey, theo, now, outline.saying(replace(outline.milestones[0], name=name)))
    assert missing(draft) == []
    assert [one.field for one in warned(draft)] == (["name"] if is_vendor_activity else [])


def test_it_refuses_two_milestones_of_one_key(journey, theo, now):
    draft = drafted(journey, theo, now, make_outline(key="same"))
    assert (1, "key") in missing(draft)
    assert (5, "key") in missing(draft)


def test_it_makes_a_key_of_the_name_once(journey, theo, now):
    blank = outline_of(journey.draft())
    named = blank.saying(replace(blank.milestones[0], name="Erste Zahlen!"))
    draft = drafted(journey, theo, now, named)
    first = outline_of(draft).milestones[0]
    assert first.key == "erste-zahlen"
    draft = drafted(journey, theo, now, outline_of(draft).saying(replace(first, name="Other words")))
    assert outline_of(draft).milestones[0].key == "erste-zahlen"
    draft = drafted(journey, theo, now, outline_of(draft).saying(replace(first, key="chosen")))
    assert outline_of(draft).milestones[0].key == "chosen"


def test_it_makes_different_keys_of_equal_names_and_a_key_of_a_name_without_letters(journey, theo, now):
    draft = drafted(
        journey, theo, now, Outline("J", milestones=tuple(MilestoneOutline(n, name="…") for n in (1, 2)))
    )
    assert [one.key for one in outline_of(draft).milestones] == ["milestone", "milestone-2"]


def test_it_keeps_the_key_of_a_milestone_that_was_published(journey, theo, now):
    drafted(journey, theo, now, make_outline())
    designing.publish(journey=journey, by=theo, now=now)
    outline = outline_of(journey.current_version())
    renamed = outline.saying(replace(outline.milestones[1], name="Better words", key="better-words"))
    draft = drafted(journey, theo, now, renamed)
    assert outline_of(draft).milestones[1].name == "Better words"
    assert outline_of(draft).milestones[1].key == "m2"


def test_it_starts_the_next_version_from_the_published_one_and_leaves_enrolments_on_theirs(
    harbour, journey, theo, now
):
    drafted(journey, theo, now, make_outline())
    first = designing.publish(journey=journey, by=theo, now=now)
    enrolment = factories.make_enrolment(factories.make_customer(harbour), journey)
    outline = outline_of(first)
    draft = drafted(journey, theo, now, outline.moving(outline.milestones[4].handle, -4))
    assert (draft.number, first.number) == (2, 1)
    second = designing.publish(journey=journey, by=theo, now=now + timedelta(days=1))
    assert [one.key for one in second.milestones.all()] == ["m5", "m1", "m2", "m3", "m4"]
    assert [one.key for one in first.milestones.all()] == ["m1", "m2", "m3", "m4", "m5"]
    enrolment.refresh_from_db()
    assert enrolment.version == first
    assert journey.current_version() == second


def test_it_starts_no_draft_when_nothing_is_changed(journey, theo, now):
    drafted(journey, theo, now, make_outline())
    version = designing.publish(journey=journey, by=theo, now=now)
    assert drafted(journey, theo, now, outline_of(version)) == version
    assert journey.draft() is None


def test_it_keeps_a_draft_that_cannot_be_published(journey, theo, now):
    with pytest.raises(designing.NotReady):
        designing.publish(journey=journey, change=saying(make_outline(3)), by=theo, now=now)
    assert outline_of(journey.draft()) == make_outline(3)


def test_it_renames_a_published_journey_only_with_its_next_version(journey, theo, now):
    drafted(journey, theo, now, make_outline())
    designing.publish(journey=journey, by=theo, now=now)
    drafted(journey, theo, now, replace(make_outline(), name="New name"))
    journey.refresh_from_db()
    assert journey.name == "First data"
    designing.publish(journey=journey, by=theo, now=now)
    journey.refresh_from_db()
    assert (journey.name, journey.slug) == ("New name", "first-data")


def test_it_tells_the_log_who_published_what(harbour, journey, theo, now):
    drafted(journey, theo, now, make_outline())
    version = designing.publish(journey=journey, by=theo, now=now)
    event = Event.objects.get(verb="journey_published")
    assert (event.actor, event.subject_id) == (theo, version.pk)
    assert event.data == {"journey_id": journey.pk, "number": 1}


def test_it_cannot_publish_what_is_not_there(journey, theo, now):
    drafted(journey, theo, now, make_outline())
    designing.publish(journey=journey, by=theo, now=now)
    with pytest.raises(designing.NoDraft):
        designing.publish(journey=journey, by=theo, now=now)


def test_it_discards_a_draft_and_a_journey_that_was_never_published(journey, theo, now):
    drafted(journey, theo, now, make_outline())
    designing.publish(journey=journey, by=theo, now=now)
    drafted(journey, theo, now, make_outline(6))
    assert designing.discard_draft(journey=journey) == journey
    assert journey.draft() is None
    assert journey.current_version().milestones.count() == 5
    other = designing.new_journey(organisation=journey.organisation, name="Other", by=theo, now=now)
    assert designing.discard_draft(journey=other) is None
    assert not Journey.objects.filter(pk=other.pk).exists()


def test_it_makes_the_metrics_it_needs_when_it_is_published(journey, theo, now):
    drafted(journey, theo, now, make_outline())
    assert not Metric.objects.exists()
    designing.publish(journey=journey, by=theo, now=now)
    metric = Metric.objects.get()
    assert (metric.key, metric.name, metric.unit) == ("score", "Score", "%")


def test_it_edits_a_draft_that_was_kept_as_rows(harbour, theo, now):
    journey = factories.make_journey(harbour, published=False)
    outline = outline_of(journey.draft())
    draft = drafted(journey, theo, now, outline.without(2))
    assert draft.milestones.count() == 0
    assert [one.key for one in outline_of(draft).milestones] == ["m1", "m3", "m4", "m5"]


class TestSentences:
    def test_it_says_a_metric_with_its_value_and_unit(self, harbour):
        metric = factories.make_metric(harbour, "score", name="exam score", unit="%")
        criterion = Criterion(kind="metric", metric=metric, operator="gte", threshold=40)
        assert criterion.sentence == "Exam score is at least 40\N{NO-BREAK SPACE}%"

    @pytest.mark.parametrize(
        ("operator", "words"),
        [("gte", "at least"), ("gt", "more than"), ("lte", "at most"), ("lt", "less than")],
    )
    def test_it_says_each_comparison(self, operator, words):
        said = Said("metric", metric="Score", operator=operator, threshold="0.5").sentence()
        assert said == f"Score is {words} 0.5"

    def test_it_says_who_claims_and_who_confirms(self):
        assert Said("claim").sentence() == "The CSM claims it, with evidence"
        assert Said("confirmation").sentence() == "The customer confirms it"

    def test_it_says_how_criteria_are_joined(self):
        assert join_sentence("all", 2) == "It is so when all of these hold"
        assert join_sentence("any", 2) == "It is so when any of these holds"
        assert join_sentence("any", 1) == "It is so when this holds"


class TestOutline:
    def test_it_moves_as_far_as_there_are_places(self):
        outline = make_outline(3)
        handles = [one.handle for one in outline.moving(1, 9).milestones]
        assert handles == [2, 3, 1]
        assert outline.moving(99, 1) == outline
        assert [one.handle for one in outline.moving(3, -1).milestones] == [1, 3, 2]

    def test_it_comes_back_from_what_is_kept(self):
        outline = make_outline(2)
        assert Outline.from_dict(outline.to_dict()) == outline

    def test_its_fingerprint_changes_with_its_own_milestone_only(self):
        outline = make_outline(3)
        edited = outline.saying(replace(outline.milestones[1], name="Other"))
        assert edited.fingerprint(2) != outline.fingerprint(2)
        assert edited.fingerprint(3) == outline.fingerprint(3)


def test_it_stays_within_the_organisation(harbour, rival, journey, theo, now):
    from organisations import tenancy

    with tenancy.within(rival):
        assert not Milestone.objects.exists()
        assert not Journey.objects.exists()


def test_it_finds_another_address_when_somebody_took_it_this_moment(harbour, theo, now, monkeypatch):
    first = designing.new_journey(organisation=harbour, name="First data", by=theo, now=now)
    looked, blind = drafting.free_slug, iter([True])
    monkeypatch.setattr(
        drafting,
        "free_slug",
        lambda name, taken, **how: first.slug if next(blind, False) else looked(name, taken, **how),
    )
    second = designing.new_journey(organisation=harbour, name="First data", by=theo, now=now)
    assert second.slug != first.slug
