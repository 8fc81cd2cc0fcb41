"""Readings and transactions that an import brought are taken back; what they corrected stands again.

Nothing is erased, and nothing here judges milestones.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import models, transaction
from django.db.models import OuterRef, Subquery

from customers.models import Reading, Transaction
from customers.recording import refresh_latest
from organisations.models import Event, Organisation, User


@dataclass(frozen=True, slots=True)
class Brought:
    """What one import brought of one kind, or the part of it that was recorded at one time."""

    model: type[Reading] | type[Transaction]
    import_id: int
    recorded_at: datetime | None = None

    def rows(self) -> models.QuerySet[Any]:
        """Those not taken back yet."""
        rows = self.model._default_manager.filter(import_id=self.import_id, retracted_by=None)
        return rows if self.recorded_at is None else rows.filter(recorded_at=self.recorded_at)

    def standing(self) -> models.QuerySet[Any]:
        return self.rows().filter(is_standing=True)

    def corrected_since(self) -> models.QuerySet[Any]:
        return self.rows().filter(is_standing=False)

    def corrected(self) -> models.QuerySet[Any]:
        """What stood before them, and would stand again."""
        return self.model._default_manager.filter(replaced_by__in=self.standing(), retracted_by=None)


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
    restored, standing = brought.corrected().count(), brought.standing().count()
    left = brought.corrected_since().count()
    return {"withdrawn": standing - restored, "restored": restored, "left": left}


def retract(brought: Brought, *, organisation: Organisation, by: User | None, now: datetime) -> Retracted:
    """Take them back. One that was corrected since stays as it is, and so does its correction."""
    rows = brought.model._default_manager
    with transaction.atomic():
        _step_out(brought)
        left = brought.corrected_since().update(retracted_by=brought.import_id)
        again = list(brought.corrected().select_for_update().select_related("replaced_by").order_by("pk"))
        touched = set(brought.rows().order_by().values_list("customer_id", flat=True).distinct())
        taken = brought.standing().update(is_standing=False, retracted_by=brought.import_id)
        rows.filter(pk__in=[row.pk for row in again]).update(is_standing=True, replaced_by=None)
        Event.objects.bulk_create(
            (_stands_again(row, organisation, brought.import_id, by=by, now=now) for row in again),
            batch_size=500,
        )
        touched |= {row.customer_id for row in again}
        if brought.model is Reading:
            refresh_latest(organisation, touched)
    return Retracted(taken - len(again), len(again), left, touched)


def _step_out(brought: Brought) -> None:
    """Those corrected since step out of the chain: the correction follows what had stood before them."""
    rows = brought.model._default_manager
    onwards = rows.filter(pk=OuterRef("replaced_by")).values("replaced_by")[:1]
    rows.filter(replaced_by__in=brought.corrected_since()).update(replaced_by=Subquery(onwards))


def _stands_again(
    row: Reading | Transaction, organisation: Organisation, import_id: int, *, by: User | None, now: datetime
) -> Event:
    verb, said = _correction(row)
    return Event(
        organisation=organisation,
        at=now,
        recorded_at=now,
        actor=by,
        verb=verb,
        subject_type=row._meta.label_lower,
        subject_id=row.pk,
        customer_id=row.customer_id,
        data=said | {"undone_import_id": import_id},
    )


def _correction(row: Reading | Transaction) -> tuple[str, dict[str, Any]]:
    """From what was taken back to what stands again, said as any other correction is."""
    was = row.replaced_by
    if isinstance(row, Reading):
        assert isinstance(was, Reading)
        return "reading_corrected", {"metric_id": row.metric_id, "from": was.value, "to": row.value}
    assert isinstance(was, Transaction)
    return "transaction_corrected", {
        "from_e4": was.amount_e4,
        "from": was.currency,
        "to_e4": row.amount_e4,
        "to": row.currency,
    }
