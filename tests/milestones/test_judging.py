"""The judge against the oracle on random histories, and the sentences of the rules one by one."""

import random
from datetime import date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from customers.models import Customer, LatestReading, Metric, Reading
from customers.recording import NewReading
from milestones import judging
from milestones.models import Achievement, Claim, Criterion, Enrolment, Journey, Milestone, Verdict
from organisations.models import Event, Organisation
from tests import factories
from tests.milestones.oracle import stored, truth

HISTORIES = 1000


@pytest.fixture
def metric(in_harbour: Organisation) -> Metric:
    return factories.make_metric(in_harbour)


@pytest.fixture
def journey(in_harbour: Organisation, metric: Metric) -> Journey:
    return factories.make_journey(in_harbour, metric=metric)


@pytest.fixture
def enrolment(in_harbour: Organisation, journey: Journey) -> Enrolment:
    return factories.make_enrolment(factories.make_customer(in_harbour), journey)


def reading(enrolment: Enrolment, metric: Metric, value: float, at: datetime, key: str = "") -> NewReading:
    return NewReading(enrolment.customer_id, metric.pk, at, value, key)


def record(organisation: Organisation, *readings: NewReading, now: datetime, **extra) -> judging.Outcome:
    extra.setdefault("source", "test")
    return judging.record(readings, organisation=organisation, now=now, **extra)


@pytest.mark.once
def test_it_finds_the_readings_of_a_customer_by_their_index(
    in_harbour: Organisation, enrolment: Enrolment, now: datetime
) -> None:
    """SQLite only takes it for the words of its condition; else every reading is read for every enrolment."""
    with CaptureQueriesContext(connection) as asked:
        judging.judge(organisation=in_harbour, customer_ids=[enrolment.customer_id], now=now)
    said = [each["sql"] for each in asked if " JOIN customers_reading r " in each["sql"]]
    assert said
    with connection.cursor() as cursor:
        for statement in said:
            cursor.execute(f"EXPLAIN QUERY PLAN {statement}")
            assert "reading_judged (organisation_id=? AND customer_id=?" in str(cursor.fetchall())


# --- random histories -------------------------------------------------------------------------------------


def mixed_journey(organisation: Organisation, metrics: list[Metric]) -> Journey:
    """Five milestones: one metric, two metrics (all), two (any), claim and confirmation, metric or claim."""
    journey = factories.make_journey(organisation, slug="mixed", metric=metrics[0])
    _, m2, m3, m4, m5 = journey.current_version().milestones.all()
    Milestone.objects.filter(pk__in=[m3.pk, m5.pk]).update(join="any")

    def add(
        milestone: Milestone,
        position: int,
        kind: str,
        metric: Metric | None = None,
        op: str = "",
        at: float = 0,
    ) -> None:
        Criterion.objects.create(
            organisation=organisation, milestone=milestone, position=position, kind=kind,
            metric=metric, operator=op, threshold=at if metric else None,
        )  # fmt: skip

    add(m2, 2, "metric", metrics[1], "lt", 5)
    add(m3, 2, "metric", metrics[2], "gt", 7)
    m4.criteria.all().delete()
    add(m4, 1, "claim")
    add(m4, 2, "confirmation")
    add(m5, 2, "claim")
    return journey


def random_steps(
    rng: random.Random, enrolment: Enrolment, metrics: list[Metric], start: datetime
) -> list[NewReading]:
    """Readings out of order, some corrected later under the same id, some from before the start."""
    steps = [
        NewReading(
            enrolment.customer_id,
            rng.choice(metrics).pk,
            start + timedelta(hours=rng.randint(-30 * 24, 90 * 24)),
            rng.choice([0, 3, 5, 7, 8, 39, 40, 41, 90]),
            rng.choice(["", f"{enrolment.pk}-{rng.randint(1, 6)}"]),
        )
        for _ in range(rng.randint(0, 9))
    ]
    rng.shuffle(steps)
    return steps


def random_words(rng: random.Random, enrolment: Enrolment, start: datetime) -> None:
    """Claims and verdicts, some withdrawn, some contests settled."""
    for milestone in enrolment.version.milestones.all():
        at = start + timedelta(hours=rng.randint(1, 2000))
        common = {
            "organisation_id": enrolment.organisation_id, "enrolment": enrolment,
            "milestone": milestone, "milestone_key": milestone.key,
        }  # fmt: skip
        gone = at if rng.random() < 0.2 else None
        if rng.random() < 0.4:
            Claim.objects.create(
                **common,
                statement="So it is.",
                reached_at=at,
                claimed_at=at,
                evidence_number=1,
                withdrawn_at=gone,
            )
        if rng.random() < 0.3:
            Verdict.objects.create(**common, kind="confirmed", at=at, withdrawn_at=gone)
        if rng.random() < 0.2:
            later = at + timedelta(hours=rng.randint(1, 200))
            settled = later if rng.random() < 0.5 else None
            Verdict.objects.create(**common, kind="contested", words="Not so.", at=at, settled_at=settled)
            if settled:
                Verdict.objects.create(**common, kind="confirmed", at=later)


@pytest.mark.parametrize("seed", [1, *(pytest.param(n, marks=pytest.mark.nightly) for n in (2, 3))])
def test_it_agrees_with_the_oracle_on_random_histories(
    in_harbour: Organisation, now: datetime, seed: int
) -> None:
    rng = random.Random(seed)
    metrics = [factories.make_metric(in_harbour, key) for key in ("a", "b", "c")]
    journey = mixed_journey(in_harbour, metrics)
    start = factories.START
    customers = Customer.objects.bulk_create(
        Customer(organisation=in_harbour, key=f"c{n}", name=f"Customer {n}", created_at=start)
        for n in range(HISTORIES)
    )
    enrolments = [
        factories.make_enrolment(
            customer, journey, started_on=rng.choice([None, start.date(), start.date() + timedelta(days=9)])
        )
        for customer in customers
    ]
    steps = {enrolment.pk: random_steps(rng, enrolment, metrics, start) for enrolment in enrolments}
    for turn in range(3):  # everything arrives in three chunks, judged after each
        part = [step for pk in steps for step in steps[pk][turn::3]]
        record(in_harbour, *part, now=now + timedelta(days=turn), source=rng.choice(["crm", "test"]))
        spoken = rng.sample(enrolments, HISTORIES // 5)
        for enrolment in spoken:
            random_words(rng, enrolment, start)
        judging.judge(organisation=in_harbour, customer_ids=[e.customer_id for e in spoken], now=now)
        assert stored() == truth()
    assert len(stored()) > HISTORIES / 2  # the histories do achieve things
    before = Event.objects.count()
    again = judging.judge(organisation=in_harbour, customer_ids=None, now=now)
    assert (again.achieved, again.moved, again.withdrawn) == ([], [], [])
    assert Event.objects.count() == before


@pytest.mark.parametrize("seed", range(2))
def test_it_finds_the_same_whatever_the_order_and_chunks(
    in_harbour: Organisation, now: datetime, seed: int
) -> None:
    rng = random.Random(seed)
    metrics = [factories.make_metric(in_harbour, key) for key in ("a", "b", "c")]
    journey = mixed_journey(in_harbour, metrics)
    twins = [
        [
            factories.make_enrolment(factories.make_customer(in_harbour, f"{twin} {n}"), journey)
            for n in range(60)
        ]
        for twin in ("One", "Other")
    ]
    for one, other in zip(*twins, strict=True):
        steps = [s for s in random_steps(rng, one, metrics, factories.START) if not s.external_id]
        same = [NewReading(other.customer_id, s.metric_id, s.at, s.value) for s in reversed(steps)]
        distinct = len({(s.metric_id, s.at) for s in steps}) == len(steps)
        if not distinct:  # two values at one time are a correction: there the last one said stands
            continue
        record(in_harbour, *steps, now=now)
        for step in same:
            record(in_harbour, step, now=now)
    found = stored()
    for one, other in zip(*twins, strict=True):
        for n in range(1, 6):
            assert found.get((one.pk, f"m{n}")) == found.get((other.pk, f"m{n}"))


# --- the rules, one by one --------------------------------------------------------------------------------


def test_it_dates_an_achievement_by_the_earliest_reading_that_meets_it(
    in_harbour: Organisation, enrolment: Enrolment, metric: Metric, now: datetime
) -> None:
    early, late = factories.START + timedelta(days=10), factories.START + timedelta(days=20)
    record(in_harbour, reading(enrolment, metric, 80, late), reading(enrolment, metric, 50, early), now=now)
    rows = Achievement.objects.all()
    assert {row.achieved_at for row in rows} == {early}
    assert {row.recorded_at for row in rows} == {now}
    assert {row.days for row in rows} == {10}


def test_it_moves_back_without_cheering_again_when_an_earlier_reading_arrives_late(
    in_harbour: Organisation, enrolment: Enrolment, metric: Metric, now: datetime
) -> None:
    record(in_harbour, reading(enrolment, metric, 80, factories.START + timedelta(days=20)), now=now)
    Achievement.objects.update(is_to_celebrate=False)
    earlier = factories.START + timedelta(days=5)
    outcome = record(in_harbour, reading(enrolment, metric, 41, earlier), now=now + timedelta(days=1))
    assert len(outcome.judged.moved) == 5
    assert not outcome.judged.achieved
    assert {row.achieved_at for row in Achievement.objects.all()} == {earlier}
    assert not Achievement.objects.filter(is_to_celebrate=True).exists()
    assert Event.objects.filter(verb="achievement_moved").count() == 5


def test_it_ignores_what_was_before_the_start(
    in_harbour: Organisation, enrolment: Enrolment, metric: Metric, now: datetime
) -> None:
    record(in_harbour, reading(enrolment, metric, 80, factories.START - timedelta(days=1)), now=now)
    assert not Achievement.objects.exists()


def test_it_withdraws_when_a_correction_takes_the_evidence_away(
    in_harbour: Organisation, enrolment: Enrolment, metric: Metric, now: datetime
) -> None:
    at = factories.START + timedelta(days=3)
    record(in_harbour, reading(enrolment, metric, 80, at, "r1"), now=now)
    outcome = record(in_harbour, reading(enrolment, metric, 8, at, "r1"), now=now + timedelta(hours=1))
    assert outcome.recorded.changed == 1
    assert not Achievement.objects.standing().exists()
    assert set(Achievement.objects.values_list("withdrawn_why", flat=True)) == {"evidence gone"}
    assert Reading.objects.standing().get().value == 8
    assert LatestReading.objects.get().value == 8
    enrolment.refresh_from_db()
    assert (enrolment.achieved_count, enrolment.current.key) == (0, "m1")


def test_it_changes_nothing_when_the_same_readings_come_twice(
    in_harbour: Organisation, enrolment: Enrolment, metric: Metric, now: datetime
) -> None:
    row = reading(enrolment, metric, 80, factories.START + timedelta(days=3))
    record(in_harbour, row, now=now)
    counts = Reading.objects.count(), Achievement.objects.count(), Event.objects.count()
    again = record(in_harbour, row, now=now + timedelta(days=1))
    assert (again.recorded.new, again.recorded.changed, again.recorded.unchanged) == (0, 0, 1)
    assert counts == (Reading.objects.count(), Achievement.objects.count(), Event.objects.count())


def test_it_counts_days_by_the_local_calendar(
    in_harbour: Organisation, journey: Journey, metric: Metric, now: datetime
) -> None:
    """23:30 in Amsterdam on the last Sunday of March is already another day in UTC, over a clock change."""
    customer = factories.make_customer(in_harbour, "Lumen Dental")
    enrolment = factories.make_enrolment(customer, journey, started_on=date(2026, 3, 28))
    at = datetime(2026, 3, 29, 23, 30, tzinfo=in_harbour.tzinfo)
    record(in_harbour, reading(enrolment, metric, 80, at), now=now)
    assert set(Achievement.objects.values_list("days", flat=True)) == {1}


def test_it_keeps_where_the_customer_stands(in_harbour: Organisation, now: datetime) -> None:
    journey = factories.make_journey(in_harbour, slug="steps")
    enrolment = factories.make_enrolment(factories.make_customer(in_harbour), journey)
    metrics = {metric.key: metric for metric in Metric.objects.all()}
    at = factories.START + timedelta(days=2)
    record(in_harbour, reading(enrolment, metrics["steps-1"], 40, at), now=now)
    record(in_harbour, reading(enrolment, metrics["steps-3"], 40, at + timedelta(days=1)), now=now)
    enrolment.refresh_from_db()
    assert (enrolment.achieved_count, enrolment.current.key) == (2, "m2")
    assert enrolment.moved_at == at + timedelta(days=1)


def test_it_marks_history_as_not_to_be_cheered(
    in_harbour: Organisation, enrolment: Enrolment, metric: Metric, now: datetime
) -> None:
    record(in_harbour, reading(enrolment, metric, 80, factories.START), now=now, history=True)
    assert set(Achievement.objects.values_list("is_history", "is_to_celebrate")) == {(True, False)}


def test_it_never_judges_another_organisation(
    in_harbour: Organisation, rival: Organisation, enrolment: Enrolment, metric: Metric, now: datetime
) -> None:
    from organisations import tenancy

    with tenancy.within(rival):
        other_metric = factories.make_metric(rival)
        other = factories.make_enrolment(
            factories.make_customer(rival), factories.make_journey(rival, metric=other_metric)
        )
        factories.make_reading(other.customer, other_metric, 90)
    record(in_harbour, reading(enrolment, metric, 80, factories.START), now=now)
    judging.judge(organisation=in_harbour, customer_ids=None, now=now)
    with tenancy.within(rival):
        assert not Achievement.objects.exists()


@pytest.mark.parametrize("rows", [5, 300])
def test_it_takes_the_same_number_of_statements_for_few_and_many(
    in_harbour: Organisation, journey: Journey, metric: Metric, now: datetime, rows: int,
    django_assert_max_num_queries,
) -> None:  # fmt: skip
    enrolments = [
        factories.make_enrolment(factories.make_customer(in_harbour, f"Customer {n}"), journey)
        for n in range(rows)
    ]
    readings = [reading(enrolment, metric, 80, factories.START) for enrolment in enrolments]
    with django_assert_max_num_queries(30):
        record(in_harbour, *readings, now=now)
    assert Achievement.objects.count() == 5 * rows


def test_another_start_counts_other_days_and_moves_nothing(
    in_harbour: Organisation, enrolment: Enrolment, metric: Metric, now: datetime
) -> None:
    record(in_harbour, reading(enrolment, metric, 80, factories.START + timedelta(days=10)), now=now)
    earlier = factories.START - timedelta(days=3)
    Enrolment.objects.update(started_on=earlier.date(), started_at=earlier)
    judged = judging.judge(organisation=in_harbour, customer_ids=[enrolment.customer_id], now=now)
    assert len(judged.moved) == 5
    assert set(Achievement.objects.values_list("days", flat=True)) == {13}
    assert list(Event.objects.filter(verb="achievement_moved").values_list("data", flat=True)) == []


@pytest.mark.postgres
@pytest.mark.parametrize("knows_the_table", [False, True])
def test_it_judges_the_same_however_the_planner_is_told_to_join(
    in_harbour: Organisation, journey: Journey, metric: Metric, now: datetime, knows_the_table: bool
) -> None:
    """A few of many in a table with statistics are joined as the planner likes, all else by hash."""
    enrolments = [
        factories.make_enrolment(factories.make_customer(in_harbour, f"Customer {n}"), journey)
        for n in range(30)
    ]

    def counted(execute, sql, *rest):
        """As after ANALYZE, which only the tables' owner may."""
        told = "SELECT 1000::real FROM pg_class WHERE oid = %s::regclass"
        return execute(told if knows_the_table and "reltuples" in sql else sql, *rest)

    with connection.execute_wrapper(counted):
        record(in_harbour, reading(enrolments[0], metric, 80, factories.START), now=now)
    assert Achievement.objects.count() == 5
    rest = [reading(enrolment, metric, 80, factories.START) for enrolment in enrolments[1:]]
    record(in_harbour, *rest, now=now)
    assert Achievement.objects.count() == 5 * 30
    with connection.cursor() as cursor:  # and the planner is as it was
        cursor.execute("SHOW enable_nestloop")
        assert cursor.fetchone() == ("on",)
