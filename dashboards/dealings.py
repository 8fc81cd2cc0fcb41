"""What a customer pays and what they needed help with, for their page: four queries, however much it is."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from statistics import fmean, median
from typing import Any

from django.db.models import Count, Q
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from customers.models import Customer, Subscription, SupportCase, Transaction
from ui.amounts import money_words

SHOWN = 3
LATEST = 50  # cases that medians and means are taken of


@dataclass(frozen=True)
class Paid:
    """All transactions in one currency."""

    currency: str
    n: int
    total_e4: int
    first_at: datetime
    last_at: datetime
    n_costed: int
    costed_e4: int
    costs_e4: int

    @property
    def total(self) -> str:
        return money_words(self.total_e4, self.currency)

    @property
    def margin(self) -> float | None:
        """The share that is left after the cost, of those whose cost is known."""
        return 1 - self.costs_e4 / self.costed_e4 if self.n_costed and self.costed_e4 > 0 else None


@dataclass(frozen=True)
class Running:
    """A subscription that runs today."""

    subscription: Subscription

    @property
    def amount(self) -> str:
        row = self.subscription
        return f"{money_words(row.amount_e4, row.currency)} {row.get_interval_display()}"


@dataclass(frozen=True)
class Money:
    paid: Sequence[Paid]
    subscriptions: Sequence[Running]
    running: int
    ended: int
    ahead: int

    @property
    def further(self) -> int:
        """Running ones that are not shown."""
        return self.running - len(self.subscriptions)

    @property
    def rest_in_words(self) -> str:
        """ "2 more run, 1 has ended"."""
        counts = [
            (self.further, ngettext("%(n)d more runs", "%(n)d more run", self.further)),
            (self.ahead, ngettext("%(n)d begins later", "%(n)d begin later", self.ahead)),
            (self.ended, ngettext("%(n)d has ended", "%(n)d have ended", self.ended)),
        ]
        return ", ".join(words % {"n": n} for n, words in counts if n)


def money_of(customer: Customer, *, today: date) -> Money:
    paid = Transaction.objects.standing().filter(customer=customer).sums()
    rows = Subscription.objects.standing().filter(customer=customer)
    running = Subscription.objects.running(today).filter(customer=customer)
    counts = rows.aggregate(
        running=Count("pk", filter=Q(pk__in=running.values("pk"))),
        ended=Count("pk", filter=Q(ends_on__lt=today)),
        ahead=Count("pk", filter=Q(starts_on__gt=today)),
    )
    shown = running.order_by("-amount_e4", "pk")[:SHOWN] if counts["running"] else []
    return Money([_paid(row) for row in paid], [Running(row) for row in shown], **counts)


def _paid(row: dict[str, Any]) -> Paid:
    return Paid(**row | {"costed_e4": row["costed_e4"] or 0, "costs_e4": row["costs_e4"] or 0})


@dataclass(frozen=True)
class Support:
    count: int
    open: int
    latest: Sequence[SupportCase]

    @property
    def newest(self) -> Sequence[SupportCase]:
        return self.latest[:SHOWN]

    @property
    def reopened(self) -> int:
        return sum(1 for case in self.latest if case.reopened_count)

    @property
    def facts(self) -> list[str]:
        """Of the latest cases, each with its n: how long they waited, what they thought, how often again."""
        waits = [case.waited.total_seconds() for case in self.latest if case.waited is not None]
        marks = [
            10 * case.satisfaction / case.satisfaction_of
            for case in self.latest
            if case.satisfaction is not None and case.satisfaction_of
        ]
        known = [case for case in self.latest if case.reopened_count is not None]
        facts = []
        if waits:
            said = {"time": duration_words(median(waits)), "n": len(waits)}
            facts.append(_("first answer after %(time)s (median, n=%(n)d)") % said)
        if marks:
            said = {"mark": number_format(fmean(marks), 1), "n": len(marks)}
            facts.append(_("satisfaction %(mark)s of 10 (n=%(n)d)") % said)
        if known:
            facts.append(_("%(again)d of %(n)d reopened") % {"again": self.reopened, "n": len(known)})
        return facts

    @property
    def is_part(self) -> bool:
        """Whether the facts are of the latest cases alone."""
        return self.count > len(self.latest)


def support_of(customer: Customer) -> Support:
    rows = SupportCase.objects.standing().filter(customer=customer)
    counts = rows.aggregate(count=Count("pk"), open=Count("pk", filter=Q(resolved_at=None)))
    return Support(**counts, latest=list(rows.newest_first()[:LATEST]))


def duration_words(seconds: float) -> str:
    """ "14 min", "3 h", "2 days"."""
    minutes = seconds / 60
    if minutes < 100:
        return _("%d min") % round(minutes)
    if minutes < 48 * 60:
        return _("%d h") % round(minutes / 60)
    return ngettext("%d day", "%d days", round(minutes / 1440)) % round(minutes / 1440)
