"""Customers, people and enrolments: what an import did to them, and how it goes back; see `tracing`."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import F
from django.utils.translation import gettext as _

from customers.models import Contact, Customer, Outcome, OutcomeRevision
from milestones import correcting, standing
from milestones.models import Enrolment
from office.importing.kinds.tracing import Images, Traced, Undo, differing
from organisations.access import colleagues
from organisations.models import Event
from post.models import Recipient


class TracedCustomers(Traced):
    model = Customer
    fields = (
        "key", "name", "about", "segment_id", "use_case", "owner_id", "fields", "edited", "left_on",
        "archived_at",
    )  # fmt: skip
    later = ("use_case",)

    @classmethod
    def customer_of(cls, row: Any) -> int:
        return row.pk

    def in_the_way(
        self, rows: Sequence[Customer], before: Mapping[int, Mapping[str, Any] | None]
    ) -> dict[int, str]:
        """Whoever rests on a customer, and a CSM who works here no more."""
        here = set(colleagues(self.undo.organisation, who_write=True).values_list("pk", flat=True))
        gone = {
            row.pk: _("its earlier CSM works here no more")
            for row in rows
            if (was := before[row.pk]) is not None
            and was["owner_id"] not in (None, row.owner_id)
            and was["owner_id"] not in here
        }
        return super().in_the_way(rows, before) | gone

    def restore(self, rows: Sequence[Customer], were: Mapping[int, Mapping[str, Any]]) -> None:
        super().restore(rows, were)
        Event.objects.bulk_create(
            self.undo.log("customer_edited", row, row.pk, fields=differing(self.image(row), were[row.pk]))
            for row in rows
        )

    def withdraw(self, rows: Sequence[Customer]) -> None:
        """Out of the lists: nothing is ever deleted."""
        Customer.objects.filter(pk__in=[row.pk for row in rows]).update(archived_at=self.undo.now)
        Event.objects.bulk_create(self.undo.log("customer_archived", row, row.pk) for row in rows)


class TracedOutcomes(Traced):
    """What customers want to reach. Undo adds an edition, as every change does."""

    model = Outcome
    fields = (
        "words", "said_by", "contact_id", "said_on", "metric_id", "baseline", "baseline_on", "target",
        "target_on", "required", "experience", "confirmed_at", "confirmed_by_id", "retired_at", "retired_why",
    )  # fmt: skip

    def restore(self, rows: Sequence[Outcome], were: Images) -> None:
        revisions = []
        for row in rows:
            was = were[row.pk]
            changed = {name.removesuffix("_id"): was[name] for name in differing(self.image(row), was)}
            revisions.append(self._revision(row, changed))
            row.edition += 1
        OutcomeRevision.objects.bulk_create(revisions)
        Outcome.objects.bulk_update(rows, ["edition"], batch_size=500)
        super().restore(rows, were)
        self._log("outcome_edited", rows)

    def withdraw(self, rows: Sequence[Outcome]) -> None:
        """Wanted no more; nothing is ever deleted."""
        was = {"retired_at": None, "retired_why": ""}
        OutcomeRevision.objects.bulk_create([self._revision(row, was) for row in rows])
        Outcome.objects.filter(pk__in=[row.pk for row in rows]).update(
            retired_at=self.undo.now, retired_why="import undone", edition=F("edition") + 1
        )
        self._log("outcome_retired", rows)

    def _revision(self, row: Outcome, was: Mapping[str, Any]) -> OutcomeRevision:
        undo = self.undo
        return OutcomeRevision(
            organisation=undo.organisation,
            outcome=row,
            edition=row.edition,
            was=was,
            at=undo.now,
            by=undo.by,
            import_id=undo.import_.pk,
        )

    def _log(self, verb: str, rows: Sequence[Outcome]) -> None:
        Event.objects.bulk_create(self.undo.log(verb, row, row.customer_id) for row in rows)


class TracedContacts(Traced):
    model = Contact
    fields = (
        "key", "name", "title", "recipient_id", "phone", "is_primary", "celebrate_with", "left_on", "edited",
    )  # fmt: skip

    def __init__(self, undo: Undo) -> None:
        super().__init__(undo)
        self.primary: dict[int, int] = {}  # who was it before, by customer

    def in_the_way(
        self, rows: Sequence[Contact], before: Mapping[int, Mapping[str, Any] | None]
    ) -> dict[int, str]:
        """Whoever rests on a contact, and another one who has the earlier key or address by now."""
        wanted = {(row.customer_id, row.pk): was for row in rows if (was := before[row.pk])}
        others = Contact.objects.filter(customer__in={customer_id for customer_id, _pk in wanted})
        keys, addresses = {}, {}
        for pk, customer_id, key, recipient_id in others.values_list(
            "pk", "customer_id", "key", "recipient_id"
        ):
            keys[customer_id, key], addresses[customer_id, recipient_id] = pk, pk
        taken = {}
        for (customer_id, pk), was in wanted.items():
            if was["key"] and keys.get((customer_id, was["key"]), pk) != pk:
                taken[pk] = _("another contact of this customer has the earlier key by now")
            if was["recipient_id"] and addresses.get((customer_id, was["recipient_id"]), pk) != pk:
                taken[pk] = _("another contact of this customer has the earlier address by now")
        return super().in_the_way(rows, before) | taken

    def restore(self, rows: Sequence[Contact], were: Mapping[int, Mapping[str, Any]]) -> None:
        for row in rows:
            if row.is_primary:
                self.primary[row.customer_id] = row.pk
                row.is_primary = False
        super().restore(rows, were)
        Event.objects.bulk_create(
            self.undo.log(
                "contact_edited",
                row,
                row.customer_id,
                contact_id=row.pk,
                fields=differing(self.image(row), were[row.pk]),
            )
            for row in rows
        )

    def withdraw(self, rows: Sequence[Contact]) -> None:
        """They are there no more; nothing is ever deleted."""
        today = self.undo.now.astimezone(self.undo.organisation.tzinfo).date()
        Contact.objects.filter(pk__in=[row.pk for row in rows]).update(left_on=today, is_primary=False)
        Event.objects.bulk_create(
            self.undo.log("contact_left", row, row.customer_id, contact_id=row.pk) for row in rows
        )

    def finish(self) -> None:
        """The earlier primary contacts are it again, unless a person has named another one since."""
        primaries = Contact.objects.filter(is_primary=True).values_list("customer_id", flat=True)
        held = set(primaries.filter(customer__in=self.primary)) if self.primary else set()
        back = [pk for customer_id, pk in self.primary.items() if customer_id not in held]
        Contact.objects.filter(pk__in=back).update(is_primary=True)


class TracedRecipients(Traced):
    model = Recipient
    fields = ("zone", "language")


class TracedEnrolments(Traced):
    model = Enrolment
    fields = ("version_id", "started_on", "started_at", "ended_at", "ended_why", "is_judged", "edited")

    def in_the_way(
        self, rows: Sequence[Enrolment], before: Mapping[int, Mapping[str, Any] | None]
    ) -> dict[int, str]:
        """Whatever people did on an enrolment, and another one that is open by now."""
        reopening = [row for row in rows if (was := before[row.pk]) and row.ended_at and not was["ended_at"]]
        open_ones = Enrolment.objects.open().filter(customer__in={row.customer_id for row in reopening})
        held = set(open_ones.values_list("customer_id", "journey_id"))
        again = {
            row.pk: _("the customer set out on this journey again")
            for row in reopening
            if (row.customer_id, row.journey_id) in held
        }
        return super().in_the_way(rows, before) | again

    def restore(self, rows: Sequence[Enrolment], were: Images) -> None:
        super().restore(rows, were)
        standing.keep(self.undo.organisation, [row.pk for row in rows])
        Event.objects.bulk_create(event for row in rows for event in self._said(row, were[row.pk]))
        self.undo.to_judge.update(row.customer_id for row in rows)

    def _said(self, row: Enrolment, was: Mapping[str, Any]) -> list[Event]:
        now_is, said = self.image(row), []
        if now_is["started_on"] != was["started_on"]:
            days = {"from": was["started_on"], "to": now_is["started_on"]}
            said.append(self.undo.log("start_changed", row, row.customer_id, **days))
        if now_is["ended_at"] != was["ended_at"]:
            verb = "enrolment_ended" if row.ended_at else "enrolled"
            about = {"journey_id": row.journey_id, "why": row.ended_why}
            said.append(self.undo.log(verb, row, row.customer_id, **about))
        return said

    def withdraw(self, rows: Sequence[Enrolment]) -> None:
        """Ended, judged no more, and what was reached on them is withdrawn."""
        undo = self.undo
        gone = correcting.take_back_each(
            organisation=undo.organisation, enrolments=rows, by=undo.by, now=undo.now
        )
        undo.withdrawn.extend(gone)
