"""Readings that an import brought are taken back; nothing is erased, and what they corrected stands again.

Nothing here judges milestones.
"""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import OuterRef, Subquery

from customers.models import Reading
from customers.models.readings import ReadingQuerySet
from customers.recording import refresh_latest
from organisations.models import Event, Organisation, User


@dataclass(frozen=True, slots=True)
class Brought:
    """The readings of one import, or of the part of it that was recorded at one time."""

    import_id: int
    recorded_at: datetime | None = None

    def readings(self) -> ReadingQuerySet:
        """Those not taken back yet."""
        rows = Reading.objects.filter(import_id=self.import_id, retracted_by=None)
        return rows if self.recorded_at is None else rows.filter(recorded_at=self.recorded_at)

    def corrected(self) -> ReadingQuerySet:
        """What stood before them, and would stand again."""
        return Reading.objects.filter(replaced_by__in=self.readings().standing(), retracted_by=None)


@dataclass(frozen=True, slots=True)
class Retracted:
    """How many were taken back, stand again, or stay since they were corrected later; and whose they are."""

    withdrawn: int
    restored: int
    left: int
    customer_ids: set[int]

    @property
    def counts(self) -> dict[str, int]:
        return {"withdrawn": self.withdrawn, "restored": self.restored, "left": self.left}


def look_at(brought: Brought) -> dict[str, int]:
    """What `retract` would count, and nothing written."""
    mine = brought.readings()
    restored, standing = brought.corrected().count(), mine.standing().count()
    left = mine.filter(is_standing=False).count()
    return {"withdrawn": standing - restored, "restored": restored, "left": left}


def retract(brought: Brought, *, organisation: Organisation, by: User | None, now: datetime) -> Retracted:
    """Take them back. One that was corrected since stays as it is, and so does its correction."""
    with transaction.atomic():
        mine = brought.readings()
        _step_out(mine.filter(is_standing=False))
        left = mine.filter(is_standing=False).update(retracted_by=brought.import_id)
        again = list(brought.corrected().select_for_update().select_related("replaced_by").order_by("pk"))
        touched = set(mine.order_by().values_list("customer_id", flat=True).distinct())
        taken = mine.standing().update(is_standing=False, retracted_by=brought.import_id)
        Reading.objects.filter(pk__in=[row.pk for row in again]).update(is_standing=True, replaced_by=None)
        Event.objects.bulk_create(
            (_stands_again(row, organisation, brought.import_id, by=by, now=now) for row in again),
            batch_size=500,
        )
        touched |= {row.customer_id for row in again}
        refresh_latest(organisation, touched)
    return Retracted(taken - len(again), len(again), left, touched)


def _step_out(later: ReadingQuerySet) -> None:
    """Readings corrected since step out of the chain: the correction follows what had stood before them."""
    onwards = Reading.objects.filter(pk=OuterRef("replaced_by")).values("replaced_by")[:1]
    Reading.objects.filter(replaced_by__in=later).update(replaced_by=Subquery(onwards))


def _stands_again(
    row: Reading, organisation: Organisation, import_id: int, *, by: User | None, now: datetime
) -> Event:
    assert row.replaced_by is not None
    return Event(
        organisation=organisation,
        at=now,
        recorded_at=now,
        actor=by,
        verb="reading_corrected",
        subject_type=Reading._meta.label_lower,
        subject_id=row.pk,
        customer_id=row.customer_id,
        data={
            "metric_id": row.metric_id,
            "from": row.replaced_by.value,
            "to": row.value,
            "undone_import_id": import_id,
        },
    )
