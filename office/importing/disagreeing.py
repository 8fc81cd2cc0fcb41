"""Where a file and what is stored contradict each other. Nobody's side is taken: both are shown, and counted.

Rules come from the mapping (`compare`); one always holds: nothing happens after a customer left. They are
asked of what is stored now, so that it does not matter which of two files came first.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from itertools import islice
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from customers.models import Customer, Reading, Subscription, SupportCase, Transaction
from office.importing.comparing import DATES, Fact, WrongRule, day_of, rules_of
from office.models import Import, ImportRow
from organisations.models import Organisation

CHUNK = 2000
LOOKED_AT = 20_000  # rows; a page does not look at more, the CSV at all
SHOWN, TALLIED = 50, 8


@dataclass(frozen=True)
class Disagreement:
    """One line, the customer it speaks of, and what contradicts what."""

    line: int
    customer: Customer
    says: str
    against: str


class Disagreements:
    """The contradictions of one import, found when they are asked for."""

    def __init__(self, organisation: Organisation, import_: Import, *, today: date) -> None:
        self.organisation, self.import_, self.today = organisation, import_, today
        try:
            self.rules = rules_of(import_.mapping.get("compare", []), kind=import_.kind)
        except WrongRule:
            self.rules = []

    @cached_property
    def waiting(self) -> list[str]:
        """Facts that nobody has yet: there is nothing to compare with."""
        facts = {rule.fact for rule in self.rules if rule.fact}
        return [fact.in_words for fact in sorted(facts, key=str) if not self._holders(fact).exists()]

    @cached_property
    def found(self) -> list[Disagreement]:
        """Of the first rows."""
        return list(self._of(islice(self._rows(), LOOKED_AT)))

    @property
    def shown(self) -> list[Disagreement]:
        return self.found[:SHOWN]

    @property
    def is_part(self) -> bool:
        return self.import_.good_count > LOOKED_AT

    @property
    def count(self) -> int:
        return len(self.found)

    @property
    def tally(self) -> list[tuple[str, int]]:
        """How often each contradiction occurs; nothing when there are too many of them to be read."""
        counted = Counter(
            f"{each.says}: {each.against}" if each.says else each.against for each in self.found
        )
        return counted.most_common() if len(counted) <= TALLIED else []

    def every(self) -> Iterator[Disagreement]:
        return self._of(self._rows())

    def _rows(self) -> Iterator[ImportRow]:
        rows = self.import_.rows.to_apply()
        if not self.rules:  # then only those who left can stand against it
            gone = Customer.objects.exclude(left_on=None).values_list("key", flat=True)
            keys = list(gone) if self.import_.kind in DATES else []
            rows = rows.filter(data__customer__in=keys) if keys else rows.none()
        yield from rows.iterator(chunk_size=CHUNK)

    def _of(self, rows: Iterator[ImportRow]) -> Iterator[Disagreement]:
        while chunk := list(islice(rows, CHUNK)):
            yield from self._of_chunk(chunk)

    def _of_chunk(self, rows: Sequence[ImportRow]) -> Iterator[Disagreement]:
        target = "key" if self.import_.kind == Import.Kind.CUSTOMERS else "customer"
        keys = {row.data.get(target) for row in rows}
        customers = {each.key: each for each in Customer.objects.filter(key__in=keys)}
        pks = [customer.pk for customer in customers.values()]
        facts = {rule.fact for rule in self.rules if rule.fact and rule.fact.in_words not in self.waiting}
        holders = {fact: self._ids(fact, pks) for fact in facts}
        for row in rows:
            customer = customers.get(row.data.get(target, ""))
            if customer is not None:
                yield from self._of_row(row, customer, holders)

    def _of_row(
        self, row: ImportRow, customer: Customer, holders: dict[Fact, set[int]]
    ) -> Iterator[Disagreement]:
        day = self._day(row)
        if day and customer.left_on and day > customer.left_on:
            yield Disagreement(row.line, customer, _said(day), _("they left on %s") % customer.left_on)
        for rule in self.rules:
            if not rule.applies_to(row.data):
                continue
            if rule.fact in holders and (customer.pk in holders[rule.fact]) != rule.should_have:
                against = rule.fact.none_in_words if rule.should_have else rule.fact.in_words
                yield Disagreement(row.line, customer, rule.premise(row.data), against)
            elif rule.field and _fact(customer, rule.field) not in ("", rule.value):
                said = rule.premise(row.data) or _said(day)
                yield Disagreement(row.line, customer, said, f"{rule.field} {_fact(customer, rule.field)}")
            elif rule.not_before:
                begins = day_of(_fact(customer, rule.not_before))
                if begins and day and day < begins:
                    yield Disagreement(row.line, customer, _said(day), f"{rule.not_before} {begins}")

    def _day(self, row: ImportRow) -> date | None:
        """The row's own day, in the organisation's zone."""
        said = row.data.get(DATES.get(self.import_.kind, ""), "")
        if len(said) > 10:
            return datetime.fromisoformat(said).astimezone(self.organisation.tzinfo).date()
        return day_of(said)

    def _ids(self, fact: Fact, pks: Sequence[int]) -> set[int]:
        found = self._holders(fact).filter(customer__in=pks)
        return set(found.values_list("customer_id", flat=True).distinct())

    def _holders(self, fact: Fact) -> QuerySet[Any]:
        """Rows that make a customer have it."""
        if fact.kind == "readings":
            return Reading.objects.standing().filter(metric__key=fact.key)
        if fact.kind == "subscriptions":
            standing = Subscription.objects.standing()
            return Subscription.objects.running(self.today) if fact.key == "running" else standing
        if fact.kind == "transactions":
            return Transaction.objects.standing()
        return SupportCase.objects.standing()


def _fact(customer: Customer, name: str) -> str:
    return str(customer.fields.get(name, ""))


def _said(day: date | None) -> str:
    return str(day or "")
