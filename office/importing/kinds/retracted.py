"""The tables whose rows bear the import that an undo took them back with; see `tracing`."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, ClassVar

from django.utils.translation import gettext as _

from customers import retracting
from customers.models import Promise, Reading, Subscription, SupportCase, Transaction
from milestones import remembering
from milestones.models import Criterion, Enrolment, PastAchievement
from office.importing.kinds.tracing import Images, Taken, Traced, differing
from organisations.models import Event

# How a file, and the timeline, name what is kept under another name.
SAID = {"customer_id": "customer", "starts_on": "start", "ends_on": "end", "amount_e4": "amount"}


class TakenBack(Taken):
    """A correction was a row of its own: what it had corrected stands again."""

    model: ClassVar[type[Reading] | type[Transaction]]

    def _brought(self) -> retracting.Brought:
        import_, part = self.undo.import_, self.undo.part
        at = None if part is None else datetime.fromisoformat(import_.parts[part]["applied_at"])
        return retracting.Brought(self.model, import_.pk, at)

    def look(self) -> dict[str, int]:
        return retracting.look_at(self._brought())

    def take_back(self) -> dict[str, int]:
        undo = self.undo
        retracted = retracting.retract(
            self._brought(), organisation=undo.organisation, by=undo.by, now=undo.now
        )
        self.touched(retracted.customer_ids)
        return retracted.counts

    def touched(self, customer_ids: set[int]) -> None:
        """Whose they were."""


class TakenReadings(TakenBack):
    model = Reading

    def touched(self, customer_ids: set[int]) -> None:
        self.undo.to_judge.update(customer_ids)


class TakenTransactions(TakenBack):
    model = Transaction


class Retracted(Traced):
    """Rows that an import made are marked as taken back; that sets their identity free."""

    def withdraw(self, rows: Sequence[Any]) -> None:
        made = self.model._default_manager.filter(pk__in=[row.pk for row in rows])
        made.update(retracted_by=self.undo.import_.pk)


class TracedSubscriptions(Retracted):
    model = Subscription
    fields = (
        "customer_id", "plan", "starts_on", "ends_on", "amount_e4", "currency", "interval", "retracted_by",
    )  # fmt: skip

    def restore(self, rows: Sequence[Subscription], were: Images) -> None:
        super().restore(rows, were)
        Event.objects.bulk_create(self._said(row, were[row.pk]) for row in rows)

    def _said(self, row: Subscription, was: Mapping[str, Any]) -> Event:
        changed = differing(self.image(row), was)
        ends_on = row.ends_on.isoformat() if "ends_on" in changed and row.ends_on else None
        fields = sorted(SAID.get(name, name) for name in changed)
        return self.undo.log("subscription_changed", row, row.customer_id, fields=fields, ends_on=ends_on)


class TracedCases(Retracted):
    model = SupportCase
    fields = (
        "customer_id", "subject", "opened_at", "first_answer_at", "resolved_at", "reopened_count",
        "reopened_at", "reassigned_count", "channel", "urgency", "satisfaction", "satisfaction_of",
        "retracted_by",
    )  # fmt: skip

    def finish(self) -> None:
        self.undo.to_judge.update(Enrolment.objects.asking_for(Criterion.Kind.SUPPORT).customer_ids())


class TracedPromises(Retracted):
    """What people decided about one since leaves it whole."""

    model = Promise
    fields = (
        "customer_id", "words", "message", "seller", "member_id", "said_in", "promised_on", "due_on", "state",
        "edition", "retracted_by",
    )  # fmt: skip

    def restore(self, rows: Sequence[Promise], were: Images) -> None:
        super().restore(rows, were)
        Event.objects.bulk_create(self.undo.log("promise_corrected", row, row.customer_id) for row in rows)


class TracedPast(Retracted):
    """Evidence: whoever is concerned is judged again. What the customer confirmed keeps what bears it."""

    model = PastAchievement
    related = ("enrolment",)
    fields = ("achieved_at", "retracted_by")

    @classmethod
    def customer_of(cls, row: Any) -> int:
        return row.enrolment.customer_id

    def in_the_way(
        self, rows: Sequence[PastAchievement], before: Mapping[int, Mapping[str, Any] | None]
    ) -> dict[int, str]:
        made = [row for row in rows if before[row.pk] is None]
        bearing = remembering.bearing_alone(made)
        said = _("the customer confirmed it, so it stays")
        return super().in_the_way(rows, before) | dict.fromkeys(bearing, said)

    def restore(self, rows: Sequence[PastAchievement], were: Images) -> None:
        super().restore(rows, were)
        self._judge(rows)

    def withdraw(self, rows: Sequence[PastAchievement]) -> None:
        super().withdraw(rows)
        self._judge(rows)

    def _judge(self, rows: Sequence[PastAchievement]) -> None:
        self.undo.to_judge.update(row.enrolment.customer_id for row in rows)
