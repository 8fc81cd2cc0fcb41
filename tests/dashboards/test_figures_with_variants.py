"""Figures of a base with its variants: the sum of both, by the same keys."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.management import call_command

from customers.models import Customer
from dashboards.figures import Wish, figures
from dashboards.figures.timelines import timelines
from milestones import designing, judging, varying
from organisations import tenancy
from tests import factories
from tests.milestones.test_variant_pages import text

COUNTS = ("achieved", "verified", "on_time", "late", "not_yet_due", "contested")
TODAY = date(2026, 3, 12)


@pytest.fixture
def family(harbour, theo, now):
    """A base and a variant without m5 and with one of its own, three customers on each."""
    with tenancy.within(harbour):
        metric = factories.make_metric(harbour)
        base = factories.make_journey(harbour, metric=metric)
        variant = varying.begin_variant(base=base, name="Own", segment="", use_case="x", by=theo, now=now)

        def change(outline):
            own = replace(outline.milestones[0], handle=0, key="own", name="Of their own")
            return outline.saying(own).without(5)

        designing.save_draft(journey=variant, change=change, by=theo, now=now)
        designing.publish(journey=variant, by=theo, now=now)
        for n, journey in enumerate([base, variant] * 3):
            customer = factories.make_customer(harbour, f"C{n}")
            factories.make_enrolment(customer, journey, started_on=date(2026, 1, 1) + timedelta(days=n))
            if n % 3:
                factories.make_reading(customer, metric, 15 * n, at=datetime(2026, 2, n, 12, tzinfo=UTC))
        everybody = set(Customer.objects.values_list("pk", flat=True))
        judging.judge(organisation=harbour, customer_ids=everybody, now=now)
    return base, variant


def test_they_are_the_sum_of_both(harbour, family):
    base, variant = family
    with tenancy.within(harbour):
        alone = [figures(Wish(harbour, journey, TODAY)) for journey in family]
        found = figures(Wish(harbour, base, TODAY, with_variants=True))
        assert found.enrolled == 6
        assert found.achieved
        assert [row.milestone.key for row in found.milestones] == ["m1", "m2", "m3", "m4", "m5", "own"]
        for row in found.milestones:
            parts = [
                one for each in alone for one in each.milestones if one.milestone.key == row.milestone.key
            ]
            for name in COUNTS:
                assert getattr(row, name) == sum(getattr(part, name) for part in parts), (row, name)
        assert figures(Wish(harbour, variant, TODAY, with_variants=True)).enrolled == 3
        timed = timelines(Wish(harbour, base, TODAY, with_variants=True))
        assert [one.milestone.key for one in timed.milestones] == ["m1", "m2", "m3", "m4", "m5", "own"]


def test_the_command_prints_them(harbour, family, capsys):
    asked = ["--organisation", "harbour", "--journey", family[0].slug, "--as-of", TODAY.isoformat(), "--json"]
    for further, enrolled in ([], 3), (["--with-variants"], 6):
        call_command("figures", *asked, *further)
        assert json.loads(capsys.readouterr().out)["enrolled"] == enrolled


def test_the_pages_have_a_switch_and_open_what_it_counts(client_for, theo, harbour, family):
    base, variant = family
    client = client_for(theo)
    here = "/o/harbour/milestones/"
    assert 'name="variants"' in client.get(here, {"journey": base.slug}).content.decode()
    assert 'name="variants"' not in client.get(here, {"journey": variant.slug}).content.decode()
    page = client.get(here, {"journey": base.slug, "variants": "on"})
    assert page.context["found"].enrolled == 6
    assert "Variants are counted with it." in text(page)
    assert len(client.get(page.context["behind_urls"]["enrolled"]).context["rows"]) == 6
    own = f"{here}{base.slug}/timelines/own/"
    assert f"{own}?variants=on" in page.content.decode()
    assert client.get(f"{own}?variants=on").context["found"].observed.n == 3  # whose version has it
    assert client.get(own).status_code == 404
    assert 'name="variants"' in client.get(f"{here}{base.slug}/timelines/").content.decode()
