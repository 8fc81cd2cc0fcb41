"""A variant is begun from its base, follows it, and is chosen for whom it is."""

from dataclasses import replace

import pytest

from customers.models import Segment
from milestones import assigning, designing, varying
from milestones.documents import DocumentRefused
from milestones.fits import families_of, family_of, rule_words
from milestones.models import Enrolment, Journey
from milestones.outline_rows import outline_of
from organisations.models import Event
from tests import factories


@pytest.fixture
def base(in_harbour):
    return factories.make_journey(in_harbour)


@pytest.fixture
def begin(in_harbour, base, theo, now):
    """A variant, published unless it is told not to be."""

    def begin(name="For freight", segment="", use_case="", *, publish=True):
        journey = varying.begin_variant(
            base=base, name=name, segment=segment, use_case=use_case, by=theo, now=now
        )
        if publish:
            designing.publish(journey=journey, by=theo, now=now)
        return journey

    return begin


@pytest.fixture
def say(theo, now):
    """Change a milestone, by key, and publish."""

    def say(journey, key, *, publish=True, **fields):
        def change(outline):
            one = next(each for each in outline.milestones if each.key == key)
            return outline.saying(replace(one, **fields))

        designing.save_draft(journey=journey, change=change, by=theo, now=now)
        if publish:
            designing.publish(journey=journey, by=theo, now=now)

    return say


@pytest.fixture
def take_over(theo, now):
    def take_over(journey, number, *taking):
        return varying.take_base_over(journey=journey, number=number, taking=taking, by=theo, now=now)

    return take_over


def target(version, key):
    return next(one.target_days for one in outline_of(version).milestones if one.key == key)


def test_it_begins_as_its_base_says_and_remembers_the_version(begin, base, in_harbour):
    variant = begin("For freight", "Freight", " planning ", publish=False)
    draft = variant.draft()
    assert draft.base_version == base.current_version()
    assert variant.base == base
    was, own = outline_of(base.current_version()), outline_of(draft)
    assert own.name == "For freight"
    assert own.milestones == was.milestones
    variant.refresh_from_db()
    assert (variant.for_segment.name, variant.for_use_case) == ("Freight", "planning")
    assert rule_words(variant) == "segment “Freight”, use case “planning”"
    assert Event.objects.get(verb="variant_rule_changed").data["use_case"] == "planning"


def test_the_keys_of_its_base_are_fixed_from_the_first_draft_on(begin, theo, now):
    variant = begin(publish=False)

    def rename(outline):
        return outline.saying(replace(outline.milestones[0], key="renamed", name="Ours"))

    designing.save_draft(journey=variant, change=rename, by=theo, now=now)
    first = outline_of(variant.draft()).milestones[0]
    assert (first.key, first.name) == ("m1", "Ours")


def test_only_a_published_journey_that_is_no_variant_has_variants(begin, base, in_harbour, theo, now):
    variant = begin()
    blank = designing.new_journey(organisation=in_harbour, name="Blank", by=theo, now=now)
    for journey in (variant, blank):
        with pytest.raises(varying.NotABase):
            varying.begin_variant(base=journey, name="x", segment="", use_case="", by=theo, now=now)
    assert Journey.objects.count() == 3


def test_it_has_no_news_until_its_base_is_published_anew_and_none_after_it_took_them_over(
    begin, base, say, take_over, theo, now
):
    variant = begin()
    assert varying.news_for(variant) is None
    assert varying.news_for(base) is None
    say(base, "m1", target_days="7")
    news = varying.news_for(variant)
    assert (news.was.number, news.version.number) == (1, 2)
    draft = take_over(variant, 2)
    assert draft.is_draft
    assert draft.base_version.number == 2
    assert target(draft, "m1") == "7"
    assert varying.news_for(variant) is None
    with pytest.raises(varying.NothingAnew):
        take_over(variant, 2)
    published = designing.publish(journey=variant, by=theo, now=now)
    assert published.base_version.number == 2
    say(variant, "m1", name="Ours", publish=False)
    assert variant.draft().base_version.number == 2


def test_it_keeps_what_it_changed_and_a_person_decides_conflicts(begin, base, say, take_over):
    variant = begin()
    say(variant, "m1", target_days="5", name="Ours")
    say(base, "m1", target_days="7", meaning="Said anew.")
    (conflict,) = varying.news_for(variant).overlay.conflicts
    kept = take_over(variant, 2)
    first = outline_of(kept).milestones[0]
    assert (first.target_days, first.name, first.meaning) == ("5", "Ours", "Said anew.")
    say(base, "m1", target_days="9")
    (conflict,) = varying.news_for(variant).overlay.conflicts
    taken = take_over(variant, 3, conflict.id)
    assert target(taken, "m1") == "9"
    assert taken == kept
    event = Event.objects.filter(verb="base_taken_over").latest("pk")
    assert event.data == {"journey_id": variant.pk, "number": 3, "conflicts": 1, "taken": 1}


def test_it_refuses_a_decision_about_what_has_changed_since(begin, base, say, take_over):
    variant = begin()
    say(variant, "m1", target_days="5")
    say(base, "m1", target_days="7")
    (conflict,) = varying.news_for(variant).overlay.conflicts
    say(variant, "m1", target_days="6", publish=False)
    with pytest.raises(varying.Outdated):
        take_over(variant, 2, conflict.id)
    say(base, "m2", target_days="41")
    with pytest.raises(varying.Outdated):
        take_over(variant, 2)
    assert variant.draft().base_version.number == 1


def test_news_that_change_nothing_start_no_draft(begin, base, say, take_over):
    variant = begin()
    say(variant, "m1", target_days="5")
    say(base, "m1", target_days="7")
    assert not take_over(variant, 2).is_draft
    assert variant.draft() is None
    assert varying.news_for(variant) is None
    assert target(variant.current_version(), "m1") == "5"


def test_a_draft_that_is_discarded_brings_the_news_back(begin, base, say, take_over):
    variant = begin()
    say(base, "m1", target_days="7")
    take_over(variant, 2)
    designing.discard_draft(journey=variant)
    assert varying.news_for(variant).version.number == 2


def test_the_most_specific_variant_fits_and_the_base_everybody_else(begin, base, in_harbour):
    freight = begin("Freight", "Freight")
    both = begin("Freight planning", "Freight", "Planning")
    begin("Not published", "Freight", "planning", publish=False)
    begin("By hand")
    segment = Segment.objects.get(name="Freight")
    family = family_of(freight)
    assert [one.name for one in family.aside] == ["By hand", "Not published"]
    cases = [
        ({"segment": segment, "use_case": "planning "}, both),
        ({"segment": segment, "use_case": "routing"}, freight),
        ({"segment": segment}, freight),
        ({"use_case": "planning"}, base),
        ({}, base),
    ]
    for fields, journey in cases:
        customer = factories.make_customer(in_harbour, f"C {fields}", **fields)
        assert family.fit(customer).journey == journey, fields
    assert families_of([base, freight]).keys() == {base.pk, freight.pk}


@pytest.fixture
def enrol_fitting(in_harbour, base, mara, now):
    def enrol_fitting(*customers, **options):
        starts = {each.pk: None for each in customers}
        return assigning.enrol_fitting(
            organisation=in_harbour, journey=base, starts=starts, by=mara, now=now, **options
        )

    return enrol_fitting


def test_each_sets_out_on_what_fits_and_who_is_on_the_family_stays(begin, base, in_harbour, enrol_fitting):
    variant = begin("Freight", "Freight")
    segment = Segment.objects.get(name="Freight")
    a = factories.make_customer(in_harbour, "A", segment=segment)
    b = factories.make_customer(in_harbour, "B")
    c = factories.make_customer(in_harbour, "C", segment=segment)
    factories.make_enrolment(c, base)
    plan = assigning.plan(variant, [a, b, c])
    assert plan.going == {base: [b], variant: [a]}
    assert [line.on for line in plan.staying] == [base]
    assigned = enrol_fitting(a, b, c)
    assert {each.customer.name: each.journey.name for each in assigned.enrolments} == {
        "A": "Freight",
        "B": base.name,
    }
    assert not enrol_fitting(a, b, c).enrolments
    assert Enrolment.objects.count() == 3


def test_a_tie_is_named_and_waits_for_a_person(begin, in_harbour, enrol_fitting):
    one, other = begin("Freight", "Freight"), begin("Planning", "", "planning")
    segment = Segment.objects.get(name="Freight")
    a = factories.make_customer(in_harbour, "A", segment=segment, use_case="planning")
    b = factories.make_customer(in_harbour, "B", segment=segment)
    assigned = enrol_fitting(a, b)
    (tie,) = assigned.plan.ties
    assert (tie.variants, tie.customers, assigned.undecided) == ((one, other), (a,), 1)
    assert [each.customer for each in assigned.enrolments] == [b]
    decided = enrol_fitting(a, decisions={tie.id: other.pk})
    assert [each.journey for each in decided.enrolments] == [other]
    assert not decided.undecided


def test_nobody_is_enrolled_when_something_else_would_happen_by_now(begin, base, in_harbour, enrol_fitting):
    begin("Freight", "Freight")
    a = factories.make_customer(in_harbour, "A")
    seen = assigning.plan(base, [a]).mark
    a.segment = Segment.objects.get(name="Freight")
    a.save(update_fields=["segment"])
    with pytest.raises(assigning.Outdated):
        enrol_fitting(a, mark=seen)
    assert not Enrolment.objects.exists()


@pytest.fixture
def bring_in(in_harbour, theo, now):
    def bring_in(data, **options):
        return designing.import_file(organisation=in_harbour, data=data, by=theo, now=now, **options)

    return bring_in


def test_its_file_carries_base_and_rule_and_comes_back_as_it_was(begin, base, say, bring_in):
    variant = begin("For freight", "Freight", "Routing")
    data = designing.export(variant)
    said = {"journey": base.slug, "version": 1, "segment": "Freight", "use_case": "Routing"}
    assert data["journey"]["variant_of"] == said
    assert "variant_of" not in designing.export(base)["journey"]
    assert bring_in(data).came_to == "unchanged"
    say(base, "m1", target_days="7")
    data["journey"] |= {"slug": "again", "variant_of": said | {"use_case": "Planning"}}
    brought = bring_in(data)
    assert (brought.journey.slug, brought.version.base_version.number) == ("again", 1)
    assert varying.news_for(Journey.objects.get(slug="again")).version.number == 2
    data["journey"]["variant_of"] |= {"version": 9, "segment": ""}
    again = bring_in(data)
    assert again.came_to == "unchanged"
    assert again.notes == ("“first-data” has no version 9 here; 1 stands in for it.",)
    assert rule_words(again.journey) == "use case “Planning”"


def test_a_file_makes_what_stood_alone_a_variant(begin, base, in_harbour, bring_in):
    alone = factories.make_journey(in_harbour, slug="alone")
    data = designing.export(alone)
    data["journey"]["variant_of"] = {"journey": base.slug}
    assert bring_in(data).came_to == "unchanged"
    alone.refresh_from_db()
    assert (alone.base, alone.current_version().base_version) == (base, base.current_version())
    assert Event.objects.get(verb="variant_made").data["base_id"] == base.pk


def test_a_file_with_a_base_that_cannot_be_is_refused_whole(begin, base, in_harbour, bring_in, theo, now):
    variant = begin()
    other = factories.make_journey(in_harbour, slug="other")
    data = designing.export(variant)
    count = Journey.objects.count()
    cases = [
        ("new", {"journey": "nowhere"}, "no published journey"),
        ("new", {"journey": variant.slug}, "cannot be its base"),
        ("other", {"journey": "other"}, "cannot be its base"),
        (base.slug, {"journey": "other"}, "variants of its own"),
        (variant.slug, {"journey": "other"}, "has another base"),
        ("new", {"version": 1}, "is missing"),
        ("new", {"journey": base.slug, "version": "1"}, "whole number"),
    ]
    for slug, said, words in cases:
        data["journey"] |= {"slug": slug if slug != "new" else "brand-new", "variant_of": said}
        with pytest.raises(DocumentRefused) as refused:
            bring_in(data, replace_draft=True)
        assert words in str(refused.value), said
        assert refused.value.faults[0].path.startswith("journey.variant_of")
    assert Journey.objects.count() == count
    other.refresh_from_db()
    assert other.base is None
