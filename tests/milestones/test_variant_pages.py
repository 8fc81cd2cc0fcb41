"""The pages of variants: begun, said for whom, held against the base, brought up to it, and given out."""

import re
from dataclasses import replace

import pytest

from customers.models import Segment
from milestones import designing, varying
from milestones.models import Enrolment, Journey
from milestones.outline_rows import outline_of
from organisations import tenancy
from tests import factories
from tests.milestones.journey_editor import url


@pytest.fixture
def base(harbour) -> Journey:
    with tenancy.within(harbour):
        return factories.make_journey(harbour)


@pytest.fixture
def say(harbour, theo, now):
    def say(journey, key, *, publish=True, **fields):
        def change(outline):
            one = next(each for each in outline.milestones if each.key == key)
            return outline.saying(replace(one, **fields))

        with tenancy.within(harbour):
            designing.save_draft(journey=journey, change=change, by=theo, now=now)
            if publish:
                designing.publish(journey=journey, by=theo, now=now)

    return say


@pytest.fixture
def begin(harbour, base, theo, now):
    def begin(name, segment="", use_case=""):
        with tenancy.within(harbour):
            journey = varying.begin_variant(
                base=base, name=name, segment=segment, use_case=use_case, by=theo, now=now
            )
            designing.publish(journey=journey, by=theo, now=now)
            return journey

    return begin


def text(response) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def test_a_manager_begins_a_variant_from_the_bases_page(client_for, theo, harbour, base):
    client = client_for(theo)
    assert url("variant_new", base.slug) in client.get(url("journey", base.slug)).content.decode()
    given = {"name": "For freight", "segment": "Freight", "use_case": "Routing"}
    response = client.post(url("variant_new", base.slug), given, follow=True)
    assert response.redirect_chain[-1][0] == url("journey_edit", "for-freight")
    assert "its draft says what “First data” does" in text(response)
    page = text(client.get(url("journey", "for-freight")))
    assert "A variant of First data" in page
    assert "segment “Freight”, use case “Routing”" in page
    assert "A variant of First data" in text(client.get(url("journey_list")))
    assert client.post(url("variant_new", base.slug), {"name": ""}).status_code == 422


def test_a_variant_has_no_variants_and_what_stands_alone_no_rule(client_for, theo, base, begin):
    variant, client = begin("For freight"), client_for(theo)
    refused = client.post(url("variant_new", variant.slug), {"name": "Deeper"})
    assert refused.status_code == 422
    assert "no variant itself" in text(refused)
    for name in ("variant_rule", "takeover"):
        assert client.get(url(name, base.slug)).status_code == 404
        assert client.post(url(name, base.slug)).status_code == 404


def test_for_whom_it_is_can_be_changed(client_for, theo, harbour, begin):
    variant, client = begin("For freight", "Freight"), client_for(theo)
    assert 'value="Freight"' in client.get(url("variant_rule", variant.slug)).content.decode()
    response = client.post(
        url("variant_rule", variant.slug), {"segment": "freight", "use_case": "x"}, follow=True
    )
    assert "is for: segment “Freight”, use case “x”" in text(response)
    response = client.post(url("variant_rule", variant.slug), {}, follow=True)
    assert "by hand alone now" in text(response)


def test_it_shows_what_differs_in_words(client_for, theo, rio, base, begin, say):
    variant = begin("For freight")
    say(variant, "m2", target_days="9", name="Ours")
    page = text(client_for(rio).get(url("difference", variant.slug)))
    assert "1 of 5 milestones differs" in page
    assert "Ours changed" in page
    assert "by day 40 by day 9" in page
    assert "It is so when" not in page
    say(variant, "m3", target_days="61", publish=False)
    assert "draft 3" not in page
    managers = client_for(theo)
    assert "2 of 5 milestones differ" in text(managers.get(url("difference", variant.slug)))
    drafted = text(managers.get(url("difference", variant.slug) + "?left=2&right=3"))
    assert "1 of 5 milestones differs" in drafted
    same = managers.get(url("difference", base.slug) + "?left=1&right=1")
    assert "Nothing differs" in text(same)
    assert (
        client_for(rio).get(url("difference", variant.slug) + "?left=2&right=3").context["right"].value == "2"
    )


def test_it_leads_from_the_news_to_the_draft(client_for, theo, mara, harbour, base, begin, say):
    variant, client = begin("For freight"), client_for(theo)
    assert "Nothing anew" in text(client.get(url("takeover", variant.slug)))
    say(variant, "m1", target_days="5", name="Ours")
    say(base, "m1", target_days="7", meaning="Said anew.")
    assert "has been published anew: version 2" in text(client.get(url("journey", variant.slug)))
    assert "Has not taken over the newest version" in text(client.get(url("journey", base.slug)))
    page = client.get(url("takeover", variant.slug))
    assert "Both changed it. Keep the variant’s by day 5 Take the base’s by day 7" in text(page)
    assert "Said anew." in text(page)
    (conflict,) = page.context["conflicts"]
    chosen = {"number": "2", f"conflict-{conflict.id}": "base"}
    response = client.post(url("takeover", variant.slug), chosen, follow=True)
    assert response.redirect_chain[-1][0] == url("journey_edit", variant.slug)
    with tenancy.within(harbour):
        first = outline_of(variant.draft()).milestones[0]
    assert (first.target_days, first.name, first.meaning) == ("7", "Ours", "Said anew.")
    again = client.post(url("takeover", variant.slug), chosen, follow=True)
    assert "taken over already" in text(again)
    assert client_for(mara).get(url("takeover", variant.slug)).status_code == 403


def test_it_takes_nothing_over_that_was_not_looked_at(client_for, theo, harbour, base, begin, say):
    variant, client = begin("For freight"), client_for(theo)
    say(base, "m1", target_days="7")
    for number in ("1", "x", ""):
        refused = client.post(url("takeover", variant.slug), {"number": number})
        assert refused.status_code == 422
        assert "look again" in text(refused)
    with tenancy.within(harbour):
        assert variant.draft() is None


def test_it_says_when_the_draft_will_have_too_many_milestones(client_for, theo, harbour, base, begin, now):
    variant = begin("For freight")
    with tenancy.within(harbour):

        def add(outline, *keys):
            for key in keys:
                outline = outline.saying(replace(outline.milestones[0], handle=0, key=key, name=key))
            return outline

        for journey, keys in ((variant, ("x", "y")), (base, ("z",))):
            designing.save_draft(journey=journey, change=lambda one, k=keys: add(one, *k), by=theo, now=now)
            designing.publish(journey=journey, by=theo, now=now)
    assert "then has 8 milestones" in text(client_for(theo).get(url("takeover", variant.slug)))


@pytest.fixture
def customers(harbour, begin):
    """Alder fits one variant, Birch two of them, Cedar none."""
    begin("For freight", "Freight")
    begin("For routing", "", "Routing")
    with tenancy.within(harbour):
        freight = Segment.objects.get(name="Freight")
        return [
            factories.make_customer(harbour, "Alder", segment=freight),
            factories.make_customer(harbour, "Birch", segment=freight, use_case="routing"),
            factories.make_customer(harbour, "Cedar"),
        ]


def on(harbour) -> dict[str, str]:
    with tenancy.within(harbour):
        return dict(Enrolment.objects.values_list("customer__name", "journey__name"))


def test_it_shows_who_would_get_which_and_why_and_stores_nothing(client_for, mara, harbour, base, customers):
    client = client_for(mara)
    page = text(client.get(url("assignment", base.slug)))
    assert "1 on First data Because: no variant is for them" in page
    assert "1 on For freight Because: segment “Freight”" in page
    assert "1 customer whom several fit equally well Birch" in page
    assert "Cedar" not in text(client.get(url("assignment", base.slug) + "?segment=freight"))
    ticked = client.post(url("assignment", "for-freight"), {"customer": [customers[0].pk], "step": "look"})
    assert ticked.status_code == 200
    assert ticked.context["count"] == 1
    assert ticked.context["form"]["started_on"].value()  # today, unless it is said
    assert on(harbour) == {}
    assert "See which variant fits those ticked" in text(client.get(url("enrolments", base.slug)))
    alone = client.get(url("assignment", base.slug), {"customer": customers[2].pk})
    assert [group.customers for group in alone.context["groups"]] == [[customers[2]]]
    assert not alone.context["is_everybody"]
    for page in ("/o/harbour/customers/", f"/o/harbour/customers/{customers[0].pk}/"):
        assert "See which of First data fits" in text(client.get(page))


def test_everybody_sets_out_on_what_fits_and_a_tie_waits(client_for, mara, harbour, base, customers):
    client = client_for(mara)
    page = client.get(url("assignment", base.slug))
    posted = {"step": "apply", "whom": "all", "mark": page.context["plan"].mark, "started_on": "2026-03-01"}
    response = client.post(url("assignment", base.slug), posted, follow=True)
    said = "2 customers have set out: 1 on “First data”, 1 on “For freight”. 1 waits for a decision."
    assert said in text(response)
    assert on(harbour) == {"Alder": "For freight", "Cedar": "First data"}
    page = client.get(url("assignment", base.slug))
    (tie, variants), *_rest = page.context["ties"]
    posted |= {"mark": page.context["plan"].mark, f"tie-{tie.id}": str(variants[1][0].pk)}
    client.post(url("assignment", base.slug), posted)
    assert on(harbour)["Birch"] == "For routing"
    assert "Nobody to enrol" in text(client.get(url("assignment", base.slug)))


def test_it_enrols_nobody_on_what_was_not_looked_at_or_a_bad_day(client_for, mara, harbour, base, customers):
    client = client_for(mara)
    mark = client.get(url("assignment", base.slug)).context["plan"].mark
    for wrong in ({"mark": "old"}, {"mark": mark, "started_on": "soon"}):
        refused = client.post(url("assignment", base.slug), {"step": "apply", "whom": "all"} | wrong)
        assert refused.status_code == 422
    assert on(harbour) == {}


def test_those_on_one_of_the_family_stay(client_for, mara, harbour, base, customers):
    with tenancy.within(harbour):
        factories.make_enrolment(customers[0], base)
    ticked = {"customer": [one.pk for one in customers], "step": "look"}
    page = text(client_for(mara).post(url("assignment", base.slug), ticked))
    assert "1 stays as they are Alder on First data already" in page
