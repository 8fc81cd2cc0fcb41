"""Celebrations whose achievement no longer stands: stopped if they have not left, else marked."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import F, Q

from advocacy.celebrating.noting import note
from advocacy.models import Celebration
from milestones.evidence import gone_words, outcome_key
from milestones.models import Achievement, Verdict
from organisations.models import Event, Organisation
from post.models import Delivery

AT_ONCE = 500
State = Celebration.State
IN_THE_POST = (State.POSTED, State.SIMULATED)
NEVER_LEFT = {Delivery.State.STOPPED, Delivery.State.FAILED, Delivery.State.SUPPRESSED}
MAY_LEAVE = {Delivery.State.PENDING, Delivery.State.HELD, Delivery.State.SENDING}


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
        row.state_why = gone_words(row.achievement.withdrawn_why or "contested")
    Celebration.objects.bulk_update(rows, ["state", "stopped_at", "state_why"], batch_size=500)
    Event.objects.bulk_create(
        note("celebration_stopped", row, now=now, why=row.achievement.withdrawn_why or "contested")
        for row in rows
    )


def look_after_posted(organisation: Organisation, *, now: datetime) -> int:
    """Celebrations in the post that no longer stand: stop what never left, mark what was contested after.

    What withdrew the achievement recalled their mails in its own transaction; here it is only written down
    what became of them. One whose mail is on its way is looked at again. How many were stopped.
    """
    contests = _contests_of_posted()
    recalled = list(Achievement.objects.to_recall().order_by("id").values_list("pk", flat=True)[:AT_ONCE])
    if not contests and not recalled:  # an idle round takes no lock
        return 0
    with transaction.atomic():
        rows = _in_the_post(contests, recalled)
        states = _mail_states(rows)
        resting = [row for row in rows if MAY_LEAVE.isdisjoint(states[_mail_key(row)])]
        stopped = [row for row in resting if NEVER_LEFT.issuperset(states[_mail_key(row)])]
        stop_all(stopped, now=now)
        late = [row for row in resting if row not in stopped and row.pk in contests]
        for row in late:
            row.contested_after_at = contests[row.pk]
        Celebration.objects.bulk_update(late, ["contested_after_at"])
        on_its_way = {row.achievement_id for row in rows} - {row.achievement_id for row in resting}
        done = Achievement.objects.filter(pk__in=set(recalled) - on_its_way)
        done.update(is_to_recall=False)
    return len(stopped)


def _contests_of_posted() -> dict[int, datetime]:
    """The open contests of what is in the post and not marked yet: when, by celebration."""
    rows = Verdict.objects.open_contests().filter(
        enrolment__celebrations__milestone_key=F("milestone_key"),
        enrolment__celebrations__state__in=IN_THE_POST,
        enrolment__celebrations__contested_after_at=None,
    )
    return dict(rows.order_by("at", "id").values_list("enrolment__celebrations", "at"))


def _in_the_post(contests: Collection[int], recalled: Collection[int]) -> list[Celebration]:
    about = Q(pk__in=contests) | Q(achievement__in=recalled)
    rows = Celebration.objects.filter(about, state__in=IN_THE_POST).select_for_update(of=("self",))
    return list(rows.select_related("achievement", "enrolment").order_by("id"))


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
