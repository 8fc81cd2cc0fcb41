"""python -m bench.inside.judging N ROUNDS: seconds to judge N enrolments and to celebrate, ours and bare SQL.

Each try is rolled back, so all of them find the same rows.
"""

import sys
import time
from collections.abc import Callable
from datetime import datetime

from django.db import connection, transaction
from django.utils import timezone

from advocacy import celebrating
from bench.inside import tell
from bench.inside.organisation import fill, found, run
from milestones.judging import judge
from milestones.models import Achievement
from organisations import tenancy
from organisations.models import Organisation

CELEBRATED = 5000
SLUG = "judging"

# The same rows as the judge writes, and nothing asked but what this journey needs: a reading per milestone.
MET = """
    INSERT INTO milestones_criterionprogress (organisation_id, enrolment_id, criterion_id, met_at, value,
        reading_id)
    SELECT DISTINCT ON (e.id, c.id) e.organisation_id, e.id, c.id, r.at, r.value, r.id
    FROM milestones_enrolment e
    JOIN milestones_milestone m ON m.version_id = e.version_id
    JOIN milestones_criterion c ON c.milestone_id = m.id
    JOIN customers_reading r ON r.organisation_id = e.organisation_id AND r.customer_id = e.customer_id
        AND r.metric_id = c.metric_id AND r.is_standing AND r.value >= c.threshold AND r.at >= e.started_at
    WHERE e.organisation_id = {pk} ORDER BY e.id, c.id, r.at"""
ACHIEVED = """
    INSERT INTO milestones_achievement (organisation_id, enrolment_id, milestone_id, milestone_key,
        achieved_at, recorded_at, days, is_history, is_to_celebrate, withdrawn_why)
    SELECT p.organisation_id, p.enrolment_id, m.id, m.key, p.met_at, now(),
        (p.met_at AT TIME ZONE 'UTC')::date - e.started_on, false, true, ''
    FROM milestones_criterionprogress p
    JOIN milestones_criterion c ON c.id = p.criterion_id
    JOIN milestones_milestone m ON m.id = c.milestone_id
    JOIN milestones_enrolment e ON e.id = p.enrolment_id WHERE p.organisation_id = {pk}"""
LOGGED = """
    INSERT INTO organisations_event (organisation_id, at, recorded_at, verb, subject_type, subject_id,
        customer_id, data)
    SELECT a.organisation_id, a.achieved_at, a.recorded_at, 'milestone_achieved', 'milestones.achievement',
        a.id, e.customer_id, jsonb_build_object('milestone_id', a.milestone_id, 'history', false)
    FROM milestones_achievement a JOIN milestones_enrolment e ON e.id = a.enrolment_id
    WHERE a.organisation_id = {pk}"""
MOVED = """
    UPDATE milestones_enrolment e SET achieved_count = s.n, moved_at = s.newest, current_id = (
        SELECT m.id FROM milestones_milestone m WHERE m.version_id = e.version_id AND m.position = s.n + 1)
    FROM (SELECT enrolment_id, count(*) AS n, max(achieved_at) AS newest FROM milestones_achievement
        WHERE organisation_id = {pk} GROUP BY enrolment_id) s
    WHERE e.id = s.enrolment_id AND e.organisation_id = {pk}"""
CHOSEN = f"""(SELECT a.* FROM milestones_achievement a WHERE a.organisation_id = {{pk}} AND a.is_to_celebrate
    ORDER BY a.id LIMIT {CELEBRATED})"""
CELEBRATIONS = f"""
    INSERT INTO advocacy_celebration (organisation_id, enrolment_id, milestone_id, milestone_key,
        achievement_id, state, state_why, made_at, due_at, fact, personal_line, signed_by_id)
    SELECT a.organisation_id, a.enrolment_id, a.milestone_id, a.milestone_key, a.id, 'waiting', '', now(),
        now() + interval '1 day', 'Score reached', '', c.owner_id
    FROM {CHOSEN} a JOIN milestones_enrolment e ON e.id = a.enrolment_id
    JOIN customers_customer c ON c.id = e.customer_id"""
GUESTS = """
    INSERT INTO advocacy_celebrationguest (organisation_id, celebration_id, contact_id)
    SELECT b.organisation_id, b.id, k.id FROM advocacy_celebration b
    JOIN milestones_enrolment e ON e.id = b.enrolment_id
    JOIN customers_contact k ON k.customer_id = e.customer_id AND k.celebrate_with
    WHERE b.organisation_id = {pk}"""
TOLD = """
    INSERT INTO organisations_event (organisation_id, at, recorded_at, verb, subject_type, subject_id,
        customer_id, data)
    SELECT b.organisation_id, now(), now(), 'celebration_waiting', 'advocacy.celebration', b.id,
        e.customer_id,
        jsonb_build_object('milestone_id', b.milestone_id)
    FROM advocacy_celebration b JOIN milestones_enrolment e ON e.id = b.enrolment_id
    WHERE b.organisation_id = {pk}"""
CHEERED = f"UPDATE milestones_achievement SET is_to_celebrate = false WHERE id IN (SELECT id FROM {CHOSEN} x)"


def ours(organisation: Organisation, now: datetime) -> tuple[float, float, int]:
    def judged() -> None:
        judge(organisation=organisation, customer_ids=None, now=now)

    def celebrated() -> None:
        celebrating.gather(organisation=organisation, now=now, at_most=CELEBRATED)

    return tried(organisation, judged, celebrated)


def bare(organisation: Organisation, now: datetime) -> tuple[float, float, int]:
    def judged() -> None:
        run_all(organisation, MET, ACHIEVED, LOGGED, MOVED)

    def celebrated() -> None:
        run_all(organisation, CELEBRATIONS, GUESTS, TOLD, CHEERED)

    return tried(organisation, judged, celebrated)


def run_all(organisation: Organisation, *statements: str) -> None:
    for statement in statements:
        run(statement.format(pk=organisation.pk))


def tried(organisation: Organisation, *steps: Callable[[], None]) -> tuple[float, float, int]:
    """Seconds of both steps, and how many achievements there were then."""
    with tenancy.within(organisation), transaction.atomic():
        seconds = [timed(step) for step in steps]
        count = Achievement.objects.standing().count()
        transaction.set_rollback(True)
    return seconds[0], seconds[1], count


def timed(step: Callable[[], None]) -> float:
    began = time.perf_counter()
    step()
    return time.perf_counter() - began


def compare(count: int, rounds: int) -> dict[str, object]:
    assert connection.vendor == "postgresql", "the bare statements are PostgreSQL's"
    now = timezone.now()
    organisation, journey = found(SLUG)
    with tenancy.within(organisation):
        fill(organisation, journey, count)
    tries = [(ours(organisation, now), bare(organisation, now)) for _ in range(rounds)]
    assert len({found[2] for pair in tries for found in pair}) == 1, "both write the same achievements"
    achieved = tries[0][0][2]
    return {
        "judge": [[mine[0], theirs[0]] for mine, theirs in tries],
        "celebrate": [[mine[1], theirs[1]] for mine, theirs in tries],
        "achieved": achieved,
        "celebrated": min(CELEBRATED, achieved),
    }


if __name__ == "__main__":
    tell(compare(int(sys.argv[1]), int(sys.argv[2])))
