"""Who has met what since last time: the heart of the product.

One judge, set-based: the same statements serve one customer and a million. A milestone is achieved when
enough of its criteria are met (all: when the last was; any: when the first was; at least k: when the k-th
was), in the evidence's own time. An open contest holds it open; a contest the customer settled dates it no
earlier than that. Nothing else writes achievements.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction

from customers import recording
from customers.recording import NewReading
from milestones import achievements, standing
from milestones.criteria import Scope, keep_progress
from milestones.models import Criterion, Enrolment
from organisations.models import Organisation, User


@dataclass(slots=True)
class Judged:
    """Ids of the achievements that are new, that moved in time, and that were withdrawn."""

    achieved: list[int] = field(default_factory=list)
    moved: list[int] = field(default_factory=list)
    withdrawn: list[int] = field(default_factory=list)


@dataclass(slots=True)
class Outcome:
    """What storing readings did, and what it meant."""

    recorded: recording.Recorded
    judged: Judged


def record(
    readings: Sequence[NewReading],
    *,
    organisation: Organisation,
    source: str,
    now: datetime,
    by: User | None = None,
    import_id: int | None = None,
    history: bool = False,
) -> Outcome:
    """Store readings and judge the customers they concern, in one transaction. A repeat changes nothing."""
    with transaction.atomic():
        recorded = recording.add(
            readings, organisation=organisation, source=source, now=now, by=by, import_id=import_id
        )
        judged = judge(
            organisation=organisation, customer_ids=recorded.customer_ids, now=now, by=by, history=history
        )
    return Outcome(recorded, judged)


def judge(
    *,
    organisation: Organisation,
    customer_ids: Collection[int] | None,
    now: datetime,
    by: User | None = None,
    history: bool = False,
    why_gone: str = "evidence gone",
) -> Judged:
    """Judge the enrolments of these customers (None: all). Call it after anything that can meet a criterion.

    `history` keeps what is newly achieved from being celebrated by itself; `why_gone` is the reason written
    on achievements whose evidence no longer stands.
    """
    if customer_ids is not None and not customer_ids:
        return Judged()
    scope = Scope(organisation, customer_ids)
    with transaction.atomic(), scope.locked():
        keep_progress(scope)
        withdrawn = achievements.withdraw_unreached(scope, now=now, by=by, why_gone=why_gone)
        moved = achievements.move(scope, now=now, by=by)
        achieved = achievements.insert_reached(scope, now=now, by=by, history=history)
        achievements.keep_verified(scope)
        standing.keep_touched(organisation, [*achieved, *moved, *withdrawn])
    return Judged(achieved, moved, withdrawn)


def judge_silence(
    *, organisation: Organisation, now: datetime, by: User | None = None, history: bool = False
) -> Judged:
    """Judge whoever's journey asks that no support case be open. Call it after cases were stored.

    A case of one customer is heard from the desk, and proves the silence of the others until then.
    """
    customer_ids = Enrolment.objects.asking_for(Criterion.Kind.SUPPORT).customer_ids()
    return judge(organisation=organisation, customer_ids=customer_ids, now=now, by=by, history=history)


def withdraw_all(
    enrolments: Collection[Enrolment],
    *,
    organisation: Organisation,
    why: str,
    now: datetime,
    by: User | None = None,
) -> list[int]:
    """Withdraw what was reached on enrolments that are judged no more, for this reason; their ids."""
    ids = [enrolment.pk for enrolment in enrolments]
    with transaction.atomic():
        withdrawn = achievements.withdraw_standing(organisation, ids, why=why, now=now, by=by)
        standing.keep_touched(organisation, withdrawn)
    return withdrawn
