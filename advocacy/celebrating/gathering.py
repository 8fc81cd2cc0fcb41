"""Every achievement to celebrate gets its celebration; what no longer stands is stopped.

Set-based: a handful of queries for every few hundred achievements, and one transaction for each such part,
so that a crash loses nothing and repeats nothing.
"""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from advocacy.celebrating.choosing import Choice, choices
from advocacy.celebrating.locking import hold
from advocacy.celebrating.noting import note
from advocacy.celebrating.stopping import look_after_posted, stop_unfounded
from advocacy.models import Celebration, CelebrationGuest
from milestones.models import Achievement, Milestone
from organisations.models import Event, Organisation, User

AT_ONCE = 500
State = Celebration.State
GONE_OUT = (State.POSTED, State.SIMULATED)


def gather(*, organisation: Organisation, now: datetime, at_most: int | None = None) -> int:
    """One round for an organisation; how many celebrations it made. Run it as often as you like.

    `at_most` ends it after about so many: on PostgreSQL the caller's `within` is one transaction.
    """
    with translation.override(organisation.language), timezone.override(organisation.tzinfo):
        stop_unfounded(organisation, now=now)
        look_after_posted(organisation, now=now)
        made = 0
        while found := list(_found()[:AT_ONCE]):  # an idle round takes no lock
            made += _part(found, organisation, now)
            if at_most is not None and made >= at_most:
                break
    return made


def _found() -> Any:
    """Ids of what is to be celebrated, each with its enrolment's."""
    rows = Achievement.objects.standing().to_celebrate().order_by("id")
    return rows.values_list("pk", "enrolment_id")


def _part(found: Sequence[tuple[int, int]], organisation: Organisation, now: datetime) -> int:
    """A few hundred of them; how many celebrations they brought."""
    with transaction.atomic():
        enrolments = {enrolment_id for _pk, enrolment_id in found}
        before = _celebrated_before(enrolments)
        hold(enrolments)
        rows = list(_to_celebrate().filter(pk__in=[pk for pk, _enrolment_id in found]))
        for row in rows:
            row.organisation = organisation
        wanted = [row for row in rows if not _is_silent(row)]
        new = [row for row in wanted if _key(row) not in before]
        made = make(new, choices(new, now=now), organisation=organisation, now=now)
        again = [(row, before[key]) for row in wanted if (key := _key(row)) in before]
        reopened = [pair for pair in again if _may_be_reviewed(pair[1])]
        _reopen(reopened, now)
        _tell_of_the_rest([pair for pair in again if pair not in reopened], now)
        Achievement.objects.filter(pk__in=[row.pk for row in rows]).update(is_to_celebrate=False)
    return len(made) + len(reopened)


def _to_celebrate() -> QuerySet[Achievement]:
    return (
        Achievement.objects.standing()
        .to_celebrate()
        .select_for_update(of=("self",))
        .select_related("milestone", "enrolment__customer__owner", "enrolment__enrolled_by")
        .order_by("id")
    )


def _key(row: Achievement | Celebration) -> tuple[int, str]:
    return row.enrolment_id, row.milestone_key


def _is_silent(row: Achievement) -> bool:
    return row.is_history or row.milestone.celebrate == Milestone.Celebrate.SILENT


def _celebrated_before(enrolment_ids: Collection[int]) -> dict[tuple[int, str], Celebration]:
    rows = Celebration.objects.select_for_update(of=("self",)).filter(enrolment__in=enrolment_ids)
    found = rows.select_related("enrolment").order_by("pk")
    return {_key(each): each for each in found}


def make(
    rows: list[Achievement],
    chosen: dict[int, Choice],
    *,
    organisation: Organisation,
    now: datetime,
    by: User | None = None,
) -> list[Celebration]:
    """A celebration for each of these achievements, none of which may have one yet."""
    made = Celebration.objects.bulk_create(
        [_celebration(row, chosen[row.pk], now=now) for row in rows],
    )
    CelebrationGuest.objects.bulk_create(
        CelebrationGuest(organisation=organisation, celebration=each, contact=contact)
        for each in made
        for contact in chosen[each.achievement_id].guests
    )
    Event.objects.bulk_create(note("celebration_waiting", each, now=now, by=by) for each in made)
    return made


def _celebration(row: Achievement, choice: Choice, *, now: datetime) -> Celebration:
    return Celebration(
        organisation=row.organisation,
        enrolment=row.enrolment,
        milestone=row.milestone,
        milestone_key=row.milestone_key,
        achievement=row,
        state=State.REVIEW if choice.doubt else State.WAITING,
        state_why=choice.doubt[:200],
        made_at=now,
        due_at=now + timedelta(hours=row.milestone.hold_hours),
        fact=choice.fact,
        signed_by=choice.signed_by,
    )


def _may_be_reviewed(before: Celebration) -> bool:
    """Never gone out, and not stopped by a person: reached again, it waits for a person's yes."""
    return before.state not in GONE_OUT and before.stopped_by_id is None


def _reopen(pairs: list[tuple[Achievement, Celebration]], now: datetime) -> None:
    for row, celebration in pairs:
        celebration.achievement = row
        celebration.state = State.REVIEW
        celebration.state_why = _("reached again after it was stopped")
        celebration.stopped_at = None
    rows = [celebration for _row, celebration in pairs]
    Celebration.objects.bulk_update(rows, ["achievement", "state", "state_why", "stopped_at"])
    Event.objects.bulk_create(note("celebration_waiting", each, now=now) for each in rows)


def _tell_of_the_rest(pairs: list[tuple[Achievement, Celebration]], now: datetime) -> None:
    """Celebrated already, or stopped by a person: the timeline says so, and no second mail goes out."""
    rows = [celebration for _row, celebration in pairs]
    Event.objects.bulk_create(note("celebration_not_repeated", each, now=now) for each in rows)
