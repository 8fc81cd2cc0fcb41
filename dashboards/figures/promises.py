"""How promises from the sale were kept: by who made them, and by the message behind them. One statement.

A promise counts once it can be judged: it was settled, declined, or its day has passed without a word. What
is not due yet, or has no day and is not settled, says nothing so far.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

from django.db.models import Case, CharField, Count, F, Q, QuerySet, Value, When
from django.utils.functional import Promise as Lazy
from django.utils.translation import gettext_lazy as _

from customers.models import Promise
from dashboards.figures.rates import rate
from ui.figures import Rate

FEWEST = 5  # promises that can be judged; below, nothing is said of the share
KEPT, LATE, NOT_KEPT, DECLINED, PASSED = "kept", "late", "not_kept", "declined", "passed"
UNDECIDED, AHEAD = "undecided", "ahead"
JUDGED = (KEPT, LATE, NOT_KEPT, DECLINED, PASSED)
State = Promise.State

ENDINGS: dict[str, Lazy] = {
    KEPT: _("kept in time"),
    LATE: _("kept late"),
    NOT_KEPT: _("not kept"),
    DECLINED: _("declined"),
    PASSED: _("day passed"),
    AHEAD: _("ahead"),
    UNDECIDED: _("not decided yet"),
}
DEFINITIONS: dict[str, Lazy] = {
    KEPT: _("said to be kept, on or before the day that was agreed; or on any day when none was"),
    LATE: _("said to be kept, after that day"),
    NOT_KEPT: _("said not to be kept, with a reason"),
    DECLINED: _("declined with a reason: what the customer was told will not be"),
    PASSED: _("its day has passed, and nobody has said whether it was kept"),
    AHEAD: _("an outcome or renegotiated, and not due yet or without a day"),
    UNDECIDED: _("written down, nothing decided, and its day has not passed"),
    "share": _(
        "kept in time, of those that can be judged: kept in time or late, not kept, declined, or day passed. "
        "A promise renegotiated with the customer is judged by the day agreed last"
    ),
    "interval": _("95 %, Wilson’s"),
}


@dataclass
class PromiseFigures:
    """What became of some promises. `value` is how the page's filter calls them."""

    name: str
    value: str
    counts: dict[str, int] = field(default_factory=lambda: defaultdict(int))

    @property
    def n(self) -> int:
        return sum(self.counts.values())

    @property
    def judged(self) -> int:
        return sum(self.counts[ending] for ending in JUDGED)

    @cached_property
    def share(self) -> Rate | None:
        """None: cannot tell yet."""
        return rate(self.counts[KEPT], self.judged) if self.judged >= FEWEST else None

    @property
    def in_columns(self) -> list[tuple[Lazy, int]]:
        return [(words, self.counts[ending]) for ending, words in ENDINGS.items()]


@dataclass(frozen=True)
class PromiseReport:
    all: PromiseFigures
    by_seller: Sequence[PromiseFigures]
    by_message: Sequence[PromiseFigures]


def ending(today: date) -> Case:
    """How each promise ended, as far as it has."""
    is_late = Q(due_on__isnull=False, settled_on__gt=F("due_on"))
    is_passed = Q(due_on__lt=today)
    return Case(
        When(Q(state=State.KEPT) & is_late, then=Value(LATE)),
        When(state=State.KEPT, then=Value(KEPT)),
        When(state=State.NOT_KEPT, then=Value(NOT_KEPT)),
        When(state=State.DECLINED, then=Value(DECLINED)),
        When(is_passed, then=Value(PASSED)),
        When(state=State.UNDECIDED, then=Value(UNDECIDED)),
        default=Value(AHEAD),
        output_field=CharField(),
    )


def promises_of(wanted: Mapping[str, Any], *, today: date) -> QuerySet[Promise]:
    """The rows behind a number: by `seller` ("m7" is a member), `message`, `ending`, `customer`."""
    rows = Promise.objects.standing().with_names().annotate(ending=ending(today)).in_order()
    seller = str(wanted.get("seller", ""))
    if seller.startswith("m") and seller[1:].isdecimal():
        rows = rows.filter(member=min(int(seller[1:]), 2**63 - 1))
    elif seller:
        rows = rows.filter(member=None, seller__iexact="" if seller == "-" else seller)
    if message := str(wanted.get("message", "")):
        rows = rows.filter(message__iexact="" if message == "-" else message)
    if wanted.get("ending") in ENDINGS:
        rows = rows.filter(Q(ending=wanted["ending"]))
    if customer := wanted.get("customer"):
        rows = rows.filter(customer=customer)
    return rows


def ended(promise: Promise) -> str:
    """In words, of a row of `promises_of`."""
    return str(ENDINGS[promise.ending])  # type: ignore[attr-defined]


def promise_figures(*, today: date) -> PromiseReport:
    whole = PromiseFigures("", "")
    sellers: dict[str, PromiseFigures] = {}
    messages: dict[str, PromiseFigures] = {}
    rows = Promise.objects.standing().annotate(ending=ending(today)).order_by()
    names = ("seller", "member_id", "member__name", "message", "ending")
    for row in rows.values(*names).annotate(n=Count("pk")):
        who = f"m{row['member_id']}" if row["member_id"] else row["seller"].casefold()
        name = row["member__name"] or row["seller"]
        value = who if row["member_id"] else row["seller"] or "-"
        for found, key, made in (
            (sellers, who, PromiseFigures(name, value)),
            (messages, row["message"].casefold(), PromiseFigures(row["message"], row["message"] or "-")),
        ):
            found.setdefault(key, made).counts[row["ending"]] += row["n"]
        whole.counts[row["ending"]] += row["n"]
    return PromiseReport(whole, _in_order(sellers), _in_order(messages))


def _in_order(found: Mapping[str, PromiseFigures]) -> list[PromiseFigures]:
    """Those with a name, the most promises first; what has none last."""
    return sorted(found.values(), key=lambda one: (not one.name, -one.n, one.name))
