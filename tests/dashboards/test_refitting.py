"""Customers whom another variant fits by now: said on their page, foreseen, moved, and moved back."""

import re
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from django.urls import reverse

from customers.models import Segment
from milestones import designing, judging, moving, varying
from milestones.models import Achievement, Enrolment
from organisations import tenancy
from organisations.models import Event
from tests import factories
from tests.milestones.test_variant_pages import text


@pytest.fixture
def family(harbour, theo, now):
    """A base of five milestones, and a variant for freight that leaves out the fifth."""
    with tenancy.within(harbour):
        base = factories.make_journey(harbour)
        variant = varying.begin_variant(
            base=base, name="For freight", segment="Freight", use_case="", by=theo, now=now
        )

        def change(outline):
            own = replace(outline.milestones[0], handle=0, key="own", name="Of their own")
            return outline.saying(own).without(5)

        designing.save_draft(journey=variant, change=change, by=theo, now=now)
        designing.publish(journey=variant, by=theo, now=now)
    return base, variant


@pytest.fixture
def enrolment(harbour, family, now):
    """On the base with m1 reached, and of a segment that the variant is for."""
    with tenancy.within(harbour):
        customer = factories.make_customer(harbour, "Kestrel", segment=Segment.objects.get(name="Freight"))
        enrolment = factories.make_enrolment(customer, family[0], started_on=date(2026, 1, 1))
        metric = family[0].current_version().milestones.get(key="m1").criteria.get().metric
        factories.make_reading(customer, metric, 500, at=datetime(2026, 2, 1, 12, tzinfo=UTC))
        judging.judge(organisation=harbour, customer_ids=[customer.pk], now=now)
    return enrolment


def test_the_page_says_that_another_fits_and_nobody_is_moved_by_it(
    client_for, mara, harbour, family, enrolment
):
    page = text(client_for(mara).get(f"/o/harbour/customers/{enrolment.customer_id}/"))
    assert "“For freight” fits them now, not “First data”: it is for segment “Freight”." in page
    with tenancy.within(harbour):
        enrolment.refresh_from_db()
        assert enrolment.journey == family[0]
        enrolment.customer.segment = None
        enrolment.customer.save()
    page = text(client_for(mara).get(f"/o/harbour/customers/{enrolment.customer_id}/"))
    assert "fits them now" not in page


def test_it_is_foreseen_done_and_undone(client_for, mara, harbour, family, enrolment):
    base, variant = family
    client = client_for(mara)
    here = reverse("dashboards:board_changes", args=["harbour", base.slug])
    chosen = {"change": "variant", "enrolment": enrolment.pk}
    seen = client.post(here, chosen)
    (foreseen,) = seen.context["seen"].foreseen
    assert foreseen.version.journey == variant
    assert foreseen.kept == ["Milestone 1"]
    assert "→ For freight" in text(seen)
    applied = client.post(here, chosen | {"step": "apply", "history": "on"}, follow=True)
    assert "1 follow the journey that fits them now." in text(applied)
    with tenancy.within(harbour):
        enrolment.refresh_from_db()
        assert (enrolment.journey, enrolment.version) == (variant, variant.current_version())
        standing = Achievement.objects.standing().filter(enrolment=enrolment)
        assert set(standing.values_list("milestone__version__journey__name", flat=True)) == {"For freight"}
        event = Event.objects.get(verb="version_changed")
        assert event.data == {"journey_id": variant.pk, "from": 1, "to": 1, "from_journey_id": base.pk}
    assert "From “First data” to “For freight”, version 1" in text(
        client.get(f"/o/harbour/customers/{enrolment.customer_id}/")
    )
    undo = re.search(r'action="([^"]*undo=[^"]*)"', applied.content.decode())
    assert undo
    client.post(undo[1].replace("&amp;", "&"))
    with tenancy.within(harbour):
        enrolment.refresh_from_db()
        assert (enrolment.journey, enrolment.version) == (base, base.current_version())


def test_who_is_on_the_variant_as_well_stays(harbour, family, enrolment, mara, now):
    _base, variant = family
    with tenancy.within(harbour):
        factories.make_enrolment(enrolment.customer, variant)
        rows = Enrolment.objects.select_related("journey").filter(pk=enrolment.pk)
        assert moving.movable(rows, variant.current_version()) == []
        other = factories.make_journey(harbour, slug="other")
        assert moving.movable(rows, other.current_version()) == []
