"""What lists read can be worked out anew, and it is told how much of it had been wrong."""

import io
from datetime import date

import pytest
from django.core.management import CommandError, call_command

from customers.models import LatestReading
from milestones.models import Enrolment
from organisations import tenancy
from tests import factories

pytestmark = pytest.mark.django_db


def rebuilt(*arguments: str) -> list[str]:
    out = io.StringIO()
    call_command("rebuild", *arguments, stdout=out)
    return out.getvalue().splitlines()


def test_it_puts_right_what_stands_elsewhere_and_says_how_many(harbour, rival) -> None:
    with tenancy.within(harbour):
        metric = factories.make_metric(harbour)
        journey = factories.make_journey(harbour, metric=metric)
        kestrel, wren = (factories.make_customer(harbour, key=key) for key in ("kestrel", "wren"))
        for customer in (kestrel, wren):
            factories.make_enrolment(customer, journey, started_on=date(2026, 1, 5))
        Enrolment.objects.filter(customer=kestrel).update(current=None, current_key="", achieved_count=9)
    rebuilt()
    with tenancy.within(harbour):
        before = list(Enrolment.objects.order_by("pk").values())
        Enrolment.objects.filter(customer=wren).update(due_on=date(2030, 1, 1), achieved_count=4)
        LatestReading.objects.create(
            organisation=harbour, customer=wren, metric=metric, at=before[0]["enrolled_at"], value=3
        )
    assert rebuilt("--organisation", "harbour") == ["harbour: 2 enrolments looked at, 1 put right."]
    with tenancy.within(harbour):
        assert list(Enrolment.objects.order_by("pk").values()) == before
        assert not LatestReading.objects.exists()
        assert before[0]["current_key"] == "m1"
    assert rebuilt() == [
        "harbour: 2 enrolments looked at, 0 put right.",
        "rival: 0 enrolments looked at, 0 put right.",
    ]


def test_it_goes_on_part_by_part(harbour, monkeypatch) -> None:
    monkeypatch.setattr("milestones.rebuilding.PART", 2)
    with tenancy.within(harbour):
        journey = factories.make_journey(harbour)
        for n in range(4):
            factories.make_enrolment(factories.make_customer(harbour, key=f"c{n}"), journey)
    assert rebuilt()[0].startswith("harbour: 4 enrolments")


def test_it_names_an_organisation_that_is_not_there(harbour) -> None:
    with pytest.raises(CommandError, match="There is no organisation nowhere"):
        rebuilt("--organisation", "nowhere")
