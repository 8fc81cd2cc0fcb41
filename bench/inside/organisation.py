"""An organisation of any size, made by the product's verbs where there is one, and by the database where
there are many: one statement for each table, as the same role and behind the same two walls as everybody."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection
from django.utils import timezone

from milestones import designing
from milestones.models import Journey
from organisations import founding, governing, tenancy
from organisations.models import Organisation, Role, User

CSMS, MILESTONES, CALLS, BUSY_CALLS = 20, 5, 5, 20
THRESHOLD, LONGEST_DAYS = 40, 300
READER, MANAGER = "csm0@{}.test", "theo@{}.test"
STAGES = ("onboarding", "adoption", "adoption", "outcome", "mastery")


@dataclass(frozen=True)
class Words:
    """What SQLite and PostgreSQL say differently. Moments are so many hours before `now`."""

    now: datetime

    @property
    def is_postgres(self) -> bool:
        return connection.vendor == "postgresql"

    def ago(self, hours: str) -> str:
        moment = f"{self.now:%Y-%m-%d %H:%M:%S}"
        if self.is_postgres:
            return f"timestamptz '{moment}+00' - make_interval(hours => ({hours})::int)"
        return f"datetime('{moment}', (-({hours})) || ' hours')"

    def day(self, ahead: str) -> str:
        if self.is_postgres:
            return f"date '{self.now:%Y-%m-%d}' + ({ahead})::int"
        return f"date('{self.now:%Y-%m-%d}', ({ahead}) || ' days')"

    def midnight(self, ago: str) -> str:
        """Of the day so many days ago, in UTC, which is the organisation's zone."""
        if self.is_postgres:
            return f"timestamptz '{self.now:%Y-%m-%d} 00:00:00+00' - make_interval(days => ({ago})::int)"
        return f"datetime('{self.now:%Y-%m-%d} 00:00:00', (-({ago})) || ' days')"


def numbers(name: str, last: int) -> str:
    """A table expression with the rows 1 to `last`."""
    return f"{name}(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM {name} WHERE i < {last})"


def found(slug: str, *, hold_hours: int = 24) -> tuple[Organisation, Journey]:
    """The organisation, its people and a published journey of five milestones, each reached by a metric."""
    now = timezone.now() - timedelta(days=LONGEST_DAYS + 1)
    plan = founding.Plan(slug, slug.capitalize(), f"ada@{slug}.test", "Ada Okonjo")
    organisation, admin = founding.found(plan, now=now)
    with tenancy.within(organisation):
        people = [(f"csm{n}", Role.CSM) for n in range(CSMS)] + [("theo", Role.MANAGER)]
        for name, role in people:
            user = User.objects.create_user(f"{name}@{slug}.test", name=f"{name.capitalize()} Lind")
            governing.join(organisation=organisation, user=user, role=role, by=admin, now=now)
        data = _journey_file(hold_hours)
        journey = designing.import_journey(
            organisation=organisation, data=data, by=admin, now=now, publish=True
        )
    return organisation, journey


def _journey_file(hold_hours: int) -> dict[str, object]:
    milestones = [
        {
            "key": f"m{n}",
            "name": f"Milestone {n}",
            "meaning": "You know that it holds.",
            "stage": STAGES[n - 1],
            "target_days": 40 * n,
            "celebrate": {"mode": "auto", "hold_hours": hold_hours},
            "criteria": [
                {"kind": "metric", "metric": f"score-{n}", "operator": "at_least", "threshold": THRESHOLD}
            ],
        }
        for n in range(1, MILESTONES + 1)
    ]
    return {
        "format": "bosai-journey",
        "version": 1,
        "journey": {"slug": "first-value", "name": "First value", "purpose": "They do it without us."},
        "metrics": [{"key": f"score-{n}", "name": f"Score {n}"} for n in range(1, MILESTONES + 1)],
        "milestones": milestones,
    }


def fill(organisation: Organisation, journey: Journey, count: int) -> None:
    """So many customers: a person each, an enrolment, and readings for 0 to 5 milestones, not yet judged."""
    words, pk = Words(timezone.now()), organisation.pk
    run(
        f"INSERT INTO customers_segment (organisation_id, slug, name) WITH RECURSIVE {numbers('n', 5)}"
        f" SELECT {pk}, 'segment-' || i, 'Segment ' || i FROM n"
    )
    run(
        "INSERT INTO customers_customer (organisation_id, key, name, about, segment_id, owner_id, fields,"
        " edited, created_at, left_why)"
        f" WITH RECURSIVE {numbers('n', count)},"
        " owners AS (SELECT user_id, row_number() OVER (ORDER BY user_id) - 1 AS place"
        f"  FROM organisations_membership WHERE organisation_id = {pk} AND role = 'csm'),"
        " segments AS (SELECT id, row_number() OVER (ORDER BY id) - 1 AS place"
        f"  FROM customers_segment WHERE organisation_id = {pk})"
        f" SELECT {pk}, 'c' || i, 'Customer ' || substr(CAST(10000000 + i AS text), 2), 'Freight by road',"
        " segments.id, owners.user_id, '{}', '{}',"
        f" {words.ago(str(24 * LONGEST_DAYS))}, ''"
        f" FROM n JOIN owners ON owners.place = i % {CSMS} JOIN segments ON segments.place = i % 5"
    )
    run(
        "INSERT INTO customers_outcome (organisation_id, customer_id, position, words, said_by, required,"
        " experience, edition, created_at, retired_why)"
        " SELECT organisation_id, id, 1, 'A fifth fewer empty kilometres', '', '', '', 1, created_at, ''"
        f" FROM customers_customer WHERE organisation_id = {pk}"
    )
    run(
        "INSERT INTO post_recipient (organisation_id, address, language, zone, wish)"
        f" SELECT {pk}, 'nadia@' || key || '.test', '', '', 'all' FROM customers_customer"
        f" WHERE organisation_id = {pk}"
    )
    run(
        "INSERT INTO customers_contact (organisation_id, customer_id, key, name, title, recipient_id, phone,"
        " is_primary, celebrate_with, edited)"
        " SELECT c.organisation_id, c.id, '', 'Nadia ' || c.key, 'Operations', r.id, '', true, true, '{}'"
        " FROM customers_customer c JOIN post_recipient r"
        " ON r.organisation_id = c.organisation_id AND r.address = 'nadia@' || c.key || '.test'"
        f" WHERE c.organisation_id = {pk}"
    )
    version = journey.current_version()
    assert version is not None
    started = f"c.id * 7919 % {LONGEST_DAYS}"
    run(
        "INSERT INTO milestones_enrolment (organisation_id, customer_id, journey_id, version_id, started_on,"
        " started_at, enrolled_at, ended_why, is_judged, current_id, current_key, due_on, achieved_count,"
        " moved_at, edited)"
        f" SELECT {pk}, c.id, {journey.pk}, {version.pk}, {words.day(f'-({started})')},"
        f" {words.midnight(started)}, {words.midnight(started)}, '', true,"
        f" first.id, first.key, {words.day(f'first.target_days - ({started})')}, 0,"
        f" {words.midnight(started)}, '{{}}' FROM customers_customer c JOIN milestones_milestone first"
        f" ON first.version_id = {version.pk} AND first.position = 1 WHERE c.organisation_id = {pk}"
    )
    _measure(pk, words)


def _measure(pk: int, words: Words) -> None:
    """Readings that reach the first 0 to 5 milestones, as many for one customer as for another."""
    steps = f"(c.id * 7919 % {LONGEST_DAYS}) * 24"
    run(
        "INSERT INTO customers_reading (organisation_id, customer_id, metric_id, at, recorded_at, value,"
        " source, external_id, is_standing)"
        f" WITH RECURSIVE {numbers('n', MILESTONES)}"
        f" SELECT {pk}, c.id, m.id, {words.ago(f'{steps} * (6 - n.i) / 6')}, {words.ago('0')},"
        f" {THRESHOLD} + n.i, 'bench', c.id || ':' || n.i, true FROM n"
        f" JOIN customers_customer c ON c.organisation_id = {pk} AND c.id % 6 >= n.i"
        f" JOIN customers_metric m ON m.organisation_id = {pk} AND m.key = 'score-' || n.i"
    )


def coach(organisation: Organisation, busy_step: int) -> None:
    """Five calls with each customer, twenty with one in `busy_step`; what was agreed with every fourth, the
    next call with every third."""
    words, pk = Words(timezone.now()), organisation.pk
    held = "24 + n.i * 240 + c.id % 200"
    run(
        "INSERT INTO coaching_call (organisation_id, customer_id, by_id, held_at, minutes, goal, reality,"
        f" options, words, notes, confidence, saved_at) WITH RECURSIVE {numbers('n', BUSY_CALLS)}"
        f" SELECT {pk}, c.id, c.owner_id, {words.ago(held)}, 30, 'Stop asking for the sheet',"
        f" 'Two depots still do', 'One list for all', '', '', 7, {words.ago(held)}"
        " FROM n CROSS JOIN customers_customer c"
        f" WHERE c.organisation_id = {pk} AND (n.i <= {CALLS} OR c.id % {busy_step} = 1)"
    )
    run(
        "INSERT INTO organisations_event (organisation_id, at, recorded_at, actor_id, verb,"
        " subject_type, subject_id, customer_id, data)"
        " SELECT organisation_id, held_at, saved_at, by_id, 'call_logged',"
        f" 'coaching.call', id, customer_id, '{{}}' FROM coaching_call WHERE organisation_id = {pk}"
    )
    run(
        'INSERT INTO coaching_commitment (organisation_id, customer_id, owner_user_id, "when", will,'
        f" due_on, made_at, state) SELECT {pk}, c.id, c.owner_id, 'month-end comes', 'send the list',"
        f" {words.day('c.id % 60 - 5')}, {words.ago('200')}, 'open' FROM customers_customer c"
        f" WHERE c.organisation_id = {pk} AND c.id % 4 = 0"
    )
    run(
        "INSERT INTO coaching_touchpoint (organisation_id, customer_id, owner_id, due_at, purpose, state)"
        f" SELECT {pk}, c.id, c.owner_id, {words.ago('-(1 + c.id % 700)')}, 'How the list goes', 'planned'"
        f" FROM customers_customer c WHERE c.organisation_id = {pk} AND c.id % 3 = 0"
    )


def run(statement: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.rowcount


def analyze() -> None:
    """The planner's statistics; on PostgreSQL our caller does it, because only the owner may."""
    if connection.vendor == "sqlite":
        run("ANALYZE")
