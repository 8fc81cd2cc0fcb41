"""Variants for machines: what a journey is a variant of, and enrolling on what fits."""

import pytest

from customers.models import Segment
from milestones import designing, varying
from milestones.models import Enrolment
from organisations import tenancy
from tests import factories
from tests.bosai.test_api import Api


@pytest.fixture
def api(harbour, mara) -> Api:
    return Api(harbour, mara)


@pytest.fixture
def freight(harbour, theo, now) -> Segment:
    """A base, a variant for freight and one for routing."""
    with tenancy.within(harbour):
        base = factories.make_journey(harbour)
        for name, segment, use_case in (("Haul", "Freight", ""), ("Routes", "", "Routing")):
            variant = varying.begin_variant(
                base=base, name=name, segment=segment, use_case=use_case, by=theo, now=now
            )
            designing.publish(journey=variant, by=theo, now=now)
        return Segment.objects.get()


def test_a_journey_says_what_it_is_a_variant_of_and_for_whom(api, freight):
    (haul,) = api("get", "journeys/?slug=haul").json()["results"]
    assert (haul["base"], haul["for_segment"], haul["for_use_case"]) == ("first-data", "Freight", "")
    assert [one["base_version"] for one in haul["versions"]] == [1]
    (base,) = api("get", "journeys/?slug=first-data").json()["results"]
    assert (base["base"], base["for_segment"], base["versions"][0]["base_version"]) == (None, None, None)


def test_it_enrols_on_what_fits_and_refuses_a_tie(api, harbour, freight):
    with tenancy.within(harbour):
        one = factories.make_customer(harbour, "One", segment=freight)
        both = factories.make_customer(harbour, "Both", segment=freight, use_case="routing")
    given = {"journey": "first-data", "fitting": True}
    answer = api("post", "enrolments/", given | {"customer": one.pk})
    assert (answer.status_code, answer.json()["journey"]) == (201, "haul")
    again = api("post", "enrolments/", given | {"customer": one.pk})
    assert (again.status_code, again.json()["errors"][0]["field"]) == (409, "customer")
    tied = api("post", "enrolments/", given | {"customer": both.pk})
    assert (tied.status_code, tied.json()["errors"][0]["field"]) == (409, "fitting")
    assert "“haul”, “routes” fit them equally well" in tied.json()["detail"]
    with tenancy.within(harbour):
        assert Enrolment.objects.count() == 1
    named = api("post", "enrolments/", {"journey": "routes", "customer": both.pk})
    assert named.json()["journey"] == "routes"


def test_it_moves_to_a_variant_and_to_no_other_journey(api, harbour, freight):
    with tenancy.within(harbour):
        factories.make_journey(harbour, slug="other")
        customer = factories.make_customer(harbour, "One", segment=freight)
    made = api("post", "enrolments/", {"journey": "first-data", "customer": customer.pk}).json()
    moved = api("post", f"enrolments/{made['id']}/version/", {"number": 1, "journey": "haul"})
    assert (moved.status_code, moved.json()["journey"]) == (200, "haul")
    refused = api("post", f"enrolments/{made['id']}/version/", {"number": 1, "journey": "other"})
    assert refused.status_code == 409
    assert "neither its base nor a variant" in refused.json()["detail"]


def test_a_customer_has_a_use_case(api, harbour):
    made = api("post", "customers/", {"name": "Heron", "use_case": "Routing"}).json()
    assert made["use_case"] == "Routing"
    found = api("get", "customers/?use_case=routing").json()["results"]
    assert [one["id"] for one in found] == [made["id"]]
    changed = api("patch", f"customers/{made['id']}/", {"use_case": ""})
    assert changed.json()["use_case"] == ""
