"""Subscriptions by the source's id: begun, changed, ended."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.utils.translation import gettext as _

from customers.models import Subscription
from office.importing.kinds.base import Happened, Row
from office.importing.kinds.retracted import TracedSubscriptions
from office.importing.kinds.sourced import Kept, Sourced, day
from office.importing.rows import Values
from ui.amounts import money_words


class Subscriptions(Sourced):
    undoes = (TracedSubscriptions,)
    MODEL = Subscription
    KEPT = {
        "start": day("starts_on"),
        "end": day("ends_on"),
        "amount": Kept("amount_e4"),
        "currency": Kept("currency"),
        "interval": Kept("interval"),
        "plan": Kept("plan"),
    }

    def makes_sense(self, row: Row, stored: Any) -> bool:
        end = row.values.get("end") or (stored and stored.ends_on and stored.ends_on.isoformat())
        if end and end < row.values["start"]:
            row.refuse(self.job.named("end"), end, _("lies before the start"))
        return row.is_good

    def words_of(self, target: str, value: Any, values: Values) -> str:
        if target == "amount":
            return money_words(value, values["currency"], exact=True)
        return super().words_of(target, value, values)

    def happened(self, rows: Sequence[Row]) -> Iterable[Happened]:
        for row in rows:
            customer, stored = row.found
            data = {"fields": sorted(row.changes), "ends_on": row.changes.get("end")}
            yield Happened("subscription_changed", Subscription, stored.pk, customer.pk, data)
