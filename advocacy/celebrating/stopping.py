"""Celebrations whose achievement no longer stands: stopped if they have not left, else marked."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from advocacy.celebrating.noting import note
from advocacy.models import Celebration
from milestones.evidence import outcome_key
from milestones.models import Achievement, Verdict
from organisations.models import Event, Organisation
from post.models import Delivery
from post.recalling import recall

LOOK_BACK = timedelta(days=1)
State = Celebration.State
NEVER_LEFT = {Delivery.State.STOPPED, Delivery.State.FAILED, Delivery.State.SUPPRESSED}
WAITS = {Delivery.State.PENDING, Delivery.State.HELD}


def stop_unfounded(organisation: Organisation, *, now: datetime) -> int:
    """Stop the waiting celebrations of achievements that were withdrawn."""
    unfounded = Celebration.objects.waiting().filter(achievement__withdrawn_at__isnull=False)
    if not unfounded.exists():  # an idle round takes no lock
        return 0
    with transaction.atomic():
        locked = unfounded.select_for_update(of=("self",)).select_related("achievement", "enrolment")
        rows = list(locked)
        stop_all(rows, now=now)
    return len(rows)


def stop_all(rows: Collection[Celebration], *, now: datetime) -> None:
    """Stop these, by nobody's decision, for the reason their achievement was withdrawn."""
    for row in rows:
        row.state, row.stopped_at = State.STOPPED, now
        row.state_why = reason(row.achievement)
    Celebration.objects.bulk_update(rows, ["state", "stopped_at", "state_why"], batch_size=500)
    Event.objects.bulk_create(
        note("celebration_stopped", row, now=now, why=row.achievement.withdrawn_why or "contested")
        for row in rows
    )


def reason(achievement: Achievement) -> str:
    """Why an achievement no longer stands, in words."""
    known = {
        "contested": _("the customer contested"),
        "evidence gone": _("its evidence is gone"),
        "claim withdrawn": _("the claim was taken back"),
        "answer taken back": _("the customer took the answer back"),
        "import undone": _("the import was undone"),
    }
    return known.get(achievement.withdrawn_why or "contested", achievement.withdrawn_why)


def look_after_posted(organisation: Organisation, *, now: datetime) -> int:
    """Celebrations in the post that no longer stand: recall what has not left, mark what was contested after.

    How many were stopped before anybody got one.
    """
    contests = {
        (verdict.enrolment_id, verdict.milestone_key): verdict
        for verdict in Verdict.objects.open_contests().order_by("at", "id")
    }
    rows = _contested({enrolment_id for enrolment_id, _key in contests}) | _lately_withdrawn(now)
    if not rows:
        return 0
    states = _mail_states(rows.values())
    stopped = []
    for row in rows.values():
        contest = contests.get((row.enrolment_id, row.milestone_key))
        known = states[_mail_key(row)]
        if contest is None and (WAITS.isdisjoint(known) and not NEVER_LEFT.issuperset(known)):
            continue  # it was sent, and nobody contested: nothing to do
        with transaction.atomic():
            if _recall(row, known):
                stop_all([row], now=now)
                stopped.append(row)
            elif contest is not None:
                row.contested_after_at = contest.at
                row.save(update_fields=["contested_after_at"])
    return len(stopped)


def _contested(enrolment_ids: Collection[int]) -> dict[int, Celebration]:
    if not enrolment_ids:
        return {}
    rows = Celebration.objects.filter(
        enrolment__in=enrolment_ids, state__in=[State.POSTED, State.SIMULATED], contested_after_at=None
    )
    return {row.pk: row for row in rows.select_related("achievement", "enrolment")}


def _lately_withdrawn(now: datetime) -> dict[int, Celebration]:
    """Those in the post whose achievement was withdrawn since yesterday: their mails may still be waiting."""
    gone = Event.objects.filter(verb="achievement_withdrawn", at__gt=now - LOOK_BACK).values("subject_id")
    rows = Celebration.objects.filter(achievement__in=gone, state=State.POSTED, contested_after_at=None)
    return {row.pk: row for row in rows.select_related("achievement", "enrolment")}


def _mail_key(row: Celebration) -> str:
    return outcome_key(row.enrolment_id, row.milestone_key)


def _mail_states(rows: Iterable[Celebration]) -> dict[str, set[str]]:
    """The states of their mails in the outbox, by key."""
    found: dict[str, set[str]] = defaultdict(set)
    mails = Delivery.objects.filter(
        purpose=Delivery.Purpose.CELEBRATION, subject_key__in=[_mail_key(row) for row in rows]
    )
    for key, state in mails.values_list("subject_key", "state"):
        found[key].add(state)
    return found


def _recall(row: Celebration, states: Collection[str]) -> bool:
    """Recall what waits. Whether nobody has got it, nor can still get it."""
    key = _mail_key(row)
    if not WAITS.isdisjoint(states):
        recall(purpose=Delivery.Purpose.CELEBRATION, subject_key=key, why=reason(row.achievement))
        states = _mail_states([row])[key]
    return NEVER_LEFT.issuperset(states)
