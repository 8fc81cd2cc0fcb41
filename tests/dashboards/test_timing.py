"""Days to a milestone: counted in sets, equal to looking at every customer one by one."""

from collections import Counter, defaultdict
from datetime import date, datetime, time, timedelta

import pytest
from django.db.models import F

from customers.models import Customer
from dashboards.figures import Wish, steps, timing
from milestones.models import Achievement, Enrolment, Pause
from milestones.timelines import Observed
from organisations.models import User
from tests.counting import queries_of
from tests.dashboards.forty import AS_OF


@pytest.fixture
def leaving(wish: Wish, now: datetime) -> Wish:
    """Some of the forty go: off it, altogether, later, or never were on it. One has m4 before m3."""
    zone = wish.organisation.tzinfo
    for n, enrolment in enumerate(Enrolment.objects.order_by("pk")):
        day = (enrolment.started_on or AS_OF) + timedelta(days=(n * 7) % 60)
        if n % 5 in (0, 1):
            enrolment.ended_at = datetime.combine(day, time(23, 30), tzinfo=zone)
            enrolment.ended_why, enrolment.is_judged = "moved on", n % 15 != 0
            enrolment.save()
        if n % 5 in (1, 2):
            Customer.objects.filter(pk=enrolment.customer_id).update(left_on=day + timedelta(days=n % 4 - 2))
    early = Enrolment.objects.filter(started_on__lt=date(2025, 11, 1), ended_at=None, customer__left_on=None)
    enrolment = early.exclude(achievements__milestone_key__in=["m3", "m4"]).first()
    for key, days in (("m3", 20), ("m4", 9)):
        Achievement.objects.create(
            organisation=wish.organisation, enrolment=enrolment, milestone_key=key, days=days,
            milestone=enrolment.version.milestones.get(key=key), recorded_at=now,
            achieved_at=enrolment.started_at + timedelta(days=days, hours=3),
        )  # fmt: skip
    return wish


def left_on(enrolment: Enrolment, wish: Wish) -> date | None:
    ended = enrolment.ended_at and enrolment.ended_at.astimezone(wish.organisation.tzinfo).date()
    days = (enrolment.customer.left_on, ended)
    return min((day for day in days if day and day <= wish.as_of), default=None)


def one_by_one(wish: Wish, group) -> dict[tuple[object, str], Observed]:
    zone = wish.organisation.tzinfo
    found: dict[tuple[object, str], Observed] = defaultdict(Observed)
    for enrolment in Enrolment.objects.select_related("customer__owner", "customer__segment"):
        start = enrolment.started_on
        if start is None or start > wish.as_of or not enrolment.is_judged:
            continue
        if wish.since and start < wish.since:
            continue
        left = left_on(enrolment, wish)
        for milestone in enrolment.version.milestones.all():
            one = found[group(enrolment), milestone.key]
            row = enrolment.achievements.standing().filter(milestone=milestone).first()
            day = row and row.achieved_at.astimezone(zone).date()
            if day and day <= (left or wish.as_of):
                one.reached[ran(enrolment, start, day)] += 1
            else:
                (one.left if left else one.waiting)[ran(enrolment, start, left or wish.as_of)] += 1
    return dict(found)


def ran(enrolment: Enrolment, since: date, until: date) -> int:
    """Days on which no pause stood, counted one by one."""
    pauses = list(enrolment.pauses.standing())
    days = (since + timedelta(days=n) for n in range((until - since).days))
    return sum(1 for day in days if not any(pause.covers(day) for pause in pauses))


DAYS = [date(2025, 10, 15), date(2025, 11, 5), AS_OF, date(2026, 3, 1)]


def test_it_counts_as_looking_at_every_customer_does(leaving: Wish, mara: User) -> None:
    for as_of in DAYS:
        for since in (None, date(2025, 11, 1)):
            wish = Wish(leaving.organisation, leaving.journey, as_of, since=since)
            assert timing.observed(wish) == one_by_one(wish, lambda _enrolment: "")
    for column in ("owner_id", "segment_id"):
        by = timing.observed(leaving, by=lambda path, column=column: F(f"{path}customer__{column}"))
        assert by == one_by_one(leaving, lambda enrolment, column=column: getattr(enrolment.customer, column))
    hers = Wish(leaving.organisation, leaving.journey, AS_OF, owner=mara)
    by_owner = one_by_one(leaving, lambda enrolment: enrolment.customer.owner_id)
    assert timing.observed(hers, keys=frozenset({"m2"})) == {("", "m2"): by_owner[mara.pk, "m2"]}
    assert any(one.left for one in by_owner.values())
    assert len(queries_of(lambda: timing.observed(Wish(wish.organisation, wish.journey, AS_OF)))) == 5
    _steps_are_counted_likewise(leaving)


def test_days_in_a_pause_are_left_out(leaving: Wish, now: datetime) -> None:
    zone, about = leaving.organisation.tzinfo, {"organisation": leaving.organisation, "paused_at": now}
    for n, enrolment in enumerate(Enrolment.objects.exclude(started_on=None).order_by("pk")):
        begins = enrolment.started_on + timedelta(days=n % 9 - 3)
        for starts_on, length in ((begins, 1 + n % 6), (begins + timedelta(days=12 + n % 4), n % 5)):
            ends = starts_on + timedelta(days=length) if length else None
            if n % 3:
                made = {"enrolment": enrolment, "starts_on": starts_on, "resumes_on": ends, "why": "Holiday"}
                Pause.objects.create(**made, **about, withdrawn_at=now if n % 11 == 0 else None)
        for row in enrolment.achievements.standing():
            day = row.achieved_at.astimezone(zone).date()
            Achievement.objects.filter(pk=row.pk).update(days=ran(enrolment, enrolment.started_on, day))
    for as_of in DAYS:
        wish = Wish(leaving.organisation, leaving.journey, as_of)
        found = timing.observed(wish)
        assert found == one_by_one(wish, lambda _enrolment: "")
    assert found != timing.observed(leaving)
    assert len(queries_of(lambda: timing.observed(Wish(wish.organisation, wish.journey, AS_OF)))) == 5
    _steps_are_counted_likewise(leaving)


def _steps_are_counted_likewise(wish: Wish) -> None:
    found = steps.stretches(wish)
    zone, seen = wish.organisation.tzinfo, {f"m{n}": steps.Stretch() for n in range(2, 6)}
    for enrolment in Enrolment.objects.filter(is_judged=True, started_on__lte=AS_OF).select_related(
        "customer"
    ):
        days = {
            row.milestone_key: row.achieved_at.astimezone(zone).date()
            for row in enrolment.achievements.standing()
            if row.achieved_at < wish.until
        }
        left = left_on(enrolment, wish)
        for n in range(2, 6):
            began, ended = days.get(f"m{n - 1}"), days.get(f"m{n}")
            if began is None or (left and began > left):
                continue
            if ended and ended <= (left or AS_OF):
                seen[f"m{n}"].before += ended < began
                seen[f"m{n}"].observed.reached += Counter(
                    [ran(enrolment, began, ended)] if ended >= began else []
                )
            else:
                kind = seen[f"m{n}"].observed.left if left else seen[f"m{n}"].observed.waiting
                kind[ran(enrolment, began, left or AS_OF)] += 1
    assert found == seen
    assert any(step.before for step in seen.values())
    assert any(step.observed.left for step in seen.values())
    assert len(queries_of(lambda: steps.stretches(wish))) == 1
