"""Promises from the sale by the source's id. What people here decided or agreed since stays as it is."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.utils.translation import gettext as _

from customers.models import Customer, Promise
from office.importing.kinds.base import End, Happened, Row
from office.importing.kinds.retracted import TracedPromises
from office.importing.kinds.sourced import Kept, Sourced, day
from office.importing.rows import Values
from organisations.models import Membership


class Promises(Sourced):
    undoes = (TracedPromises,)
    MODEL = Promise
    KEPT = {
        "promise": Kept("words"),
        "seller": Kept("seller"),
        "member": Kept("member_id"),
        "said_in": Kept("said_in"),
        "message": Kept("message"),
        "promised_on": day("promised_on"),
        "due_on": day("due_on"),
    }

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        here = Membership.objects.filter(organisation=self.job.organisation, ended_at=None)
        self.members = {email.casefold(): pk for email, pk in here.values_list("user__email", "user")}

    def makes_sense(self, row: Row, stored: Any) -> bool:
        values = row.values
        if "seller" in values and "member" not in values:  # else understood when it was checked
            member = self.members.get((values["seller"] or "").casefold())
            values["member"], values["seller"] = member, "" if member else values["seller"] or ""
        for name in ("said_in", "message"):
            if name in values:
                values[name] = values[name] or ""
        promised = values.get("promised_on")
        due = values.get("due_on")
        if promised and due and due < promised:
            row.refuse(self.job.named("due_on"), due, _("lies before the day it was promised"))
        return row.is_good

    def _settle(self, row: Row, customer: Customer, stored: Any) -> None:
        super()._settle(row, customer, stored)
        if row.end == End.CHANGED and stored.edition > 1:
            row.end, row.changes = End.KEPT, {}
            row.reason = _("people here decided about it since; correct it on its page")

    def words_of(self, target: str, value: Any, values: Values) -> str:
        if target == "member":
            return next((email for email, pk in self.members.items() if pk == value), "")
        return super().words_of(target, value, values)

    def made(self, row: Row) -> Any:
        promise = super().made(row)
        promise.recorded_by = self.job.by
        return promise

    def store(self, rows: Sequence[Row]) -> None:
        super().store(rows)
        made = self._known([row.values["id"] for row in rows if row.end == End.NEW])
        self.job.log(
            Happened("promise_written", Promise, each.pk, each.customer_id, {}) for each in made.values()
        )

    def happened(self, rows: Sequence[Row]) -> Iterable[Happened]:
        for row in rows:
            customer, stored = row.found
            yield Happened(
                "promise_corrected", Promise, stored.pk, customer.pk, {"fields": sorted(row.changes)}
            )
