"""Transactions by the source's id. Another amount under the same id corrects: the old one steps aside."""

from collections.abc import Iterable, Sequence
from typing import Any

from customers.models import Transaction
from office.importing.kinds.base import Happened, Row
from office.importing.kinds.retracted import TakenTransactions
from office.importing.kinds.sourced import Kept, Sourced, moment
from office.importing.rows import Values
from ui.amounts import money_words


class Transactions(Sourced):
    undoes = (TakenTransactions,)
    MODEL = Transaction
    KEPT = {
        "at": moment("at"),
        "amount": Kept("amount_e4"),
        "cost": Kept("cost_e4"),
        "currency": Kept("currency"),
        "about": Kept("about"),
    }

    def makes_sense(self, row: Row, stored: Any) -> bool:
        return True

    def words_of(self, target: str, value: Any, values: Values) -> str:
        if target in ("amount", "cost") and value is not None:
            return money_words(value, values["currency"], exact=True)
        return super().words_of(target, value, values)

    def change(self, rows: Sequence[Row]) -> None:
        """Let the old ones step aside and put whole new ones in their place."""
        olds = [row.found[1] for row in rows]
        for old in olds:
            old.is_standing, old.replaced_by_id = False, old.pk  # until its successor has an id
        Transaction.objects.bulk_update(olds, ["is_standing", "replaced_by"], batch_size=500)
        made = Transaction.objects.bulk_create([self._corrected(row) for row in rows])
        for old, new in zip(olds, made, strict=True):
            old.replaced_by = new
        Transaction.objects.bulk_update(olds, ["replaced_by"], batch_size=500)
        self.job.log(_corrections(olds, made))

    def _corrected(self, row: Row) -> Transaction:
        old, new = row.found[1], self.made(row)
        for target, kept in self.KEPT.items():
            if target not in row.values:  # an empty cell leaves alone what is stored
                setattr(new, kept.attribute, getattr(old, kept.attribute))
        return new


def _corrections(olds: Sequence[Transaction], made: Sequence[Transaction]) -> Iterable[Happened]:
    for old, new in zip(olds, made, strict=True):
        said = {"from_e4": old.amount_e4, "from": old.currency, "to_e4": new.amount_e4, "to": new.currency}
        yield Happened("transaction_corrected", Transaction, new.pk, new.customer_id, said)
