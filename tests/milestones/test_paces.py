"""How long it usually takes to go on, and from when that is too long."""

from datetime import UTC, date, datetime, time, timedelta

import pytest

from milestones import pacing
from milestones.models import Achievement, Patience
from milestones.paces import ENOUGH, LEAST, TAKEN, Source, paces_of, within
from organisations.models import Event
from tests import factories

BEGAN, AS_OF = date(2026, 1, 1), date(2026, 6, 1)


@pytest.fixture
def journey(in_harbour):
    return factories.make_journey(in_harbour)


@pytest.fixture
def went(in_harbour, journey):
    """Customers who reached m1 and then m2, so many running days after the start and after m1."""
    milestones = {m.key: m for m in journey.current_version().milestones.all()}

    def went(*steps: tuple[int, int]) -> None:
        for n, (first, second) in enumerate(steps):
            customer = factories.make_customer(in_harbour, f"Walker {Achievement.objects.count()}.{n}")
            enrolment = factories.make_enrolment(customer, journey, started_on=BEGAN)
            for key, days in (("m1", first), ("m2", first + second)):
                at = datetime.combine(BEGAN + timedelta(days=days), time(12), tzinfo=UTC)
                Achievement.objects.create(
                    organisation=in_harbour, enrolment=enrolment, milestone=milestones[key],
                    milestone_key=key, achieved_at=at, recorded_at=at, days=days,
                )  # fmt: skip

    return went


def of(journey, organisation, *, as_of=AS_OF):
    return paces_of(journey, as_of=as_of, organisation=organisation)


def test_it_learns_from_those_who_went_on(in_harbour, journey, went):
    went(*((10, gap) for gap in range(1, 21)))
    paces = of(journey, in_harbour)
    assert paces["m2"].source == Source.LEARNED
    assert (paces["m2"].limit, paces["m2"].median, paces["m2"].n) == (15, 10, 20)
    assert (paces["m1"].limit, paces["m1"].median, paces["m1"].n) == (10, 10, 20)
    assert (paces["m3"].limit, paces["m3"].source, paces["m3"].n) == (TAKEN, Source.TAKEN, 0)


def test_it_learns_from_what_was_so_by_that_day(in_harbour, journey, went):
    went(*((10, gap) for gap in range(1, 21)))
    early = of(journey, in_harbour, as_of=BEGAN + timedelta(days=10 + ENOUGH))["m2"]
    assert (early.source, early.n, early.limit) == (Source.LEARNED, ENOUGH, 9)
    assert of(journey, in_harbour, as_of=BEGAN + timedelta(days=9 + ENOUGH))["m2"].source == Source.TAKEN


def test_a_learned_limit_is_never_below_a_week(in_harbour, journey, went):
    went(*[(3, 1)] * ENOUGH)
    assert (of(journey, in_harbour)["m2"].limit, of(journey, in_harbour)["m2"].median) == (LEAST, 1)


def test_by_hand_goes_before_what_is_learned(in_harbour, journey, went, theo, now):
    went(*[(3, 20)] * ENOUGH)
    assert pacing.set_limits(journey=journey, limits={"m2": 5, "": 40}, by=theo, now=now)
    paces = of(journey, in_harbour)
    assert (paces["m2"].limit, paces["m2"].source, paces["m2"].median) == (5, Source.MILESTONE, 20)
    assert (paces["m1"].limit, paces["m1"].source) == (40, Source.JOURNEY)
    assert not pacing.set_limits(journey=journey, limits={"m2": 5}, by=theo, now=now)
    assert pacing.set_limits(journey=journey, limits={"m2": None, "": None}, by=theo, now=now)
    assert of(journey, in_harbour)["m2"].source == Source.LEARNED
    assert not Patience.objects.exists()
    first, second = Event.objects.filter(verb="patience_set").order_by("pk")
    assert (first.actor, first.data["limits"]) == (theo, {"m2": 5, "*": 40})
    assert second.data["limits"] == {"m2": None, "*": None}


@pytest.mark.parametrize("days", [0, -1, 4000])
def test_it_refuses_a_limit_that_is_none(journey, theo, now, days):
    with pytest.raises(pacing.WrongLimit) as refusal:
        pacing.set_limits(journey=journey, limits={"m1": 3, "m2": days}, by=theo, now=now)
    assert refusal.value.key == "m2"
    assert not Patience.objects.exists()


@pytest.mark.once
def test_within_is_the_nearest_rank():
    assert [within(share, [1, 2, 3, 4]) for share in (0.25, 0.5, 0.75, 1)] == [1, 2, 3, 4]
    assert within(0.75, [1, 2, 3, 4, 5]) == 4
    assert within(0.5, [7]) == 7
