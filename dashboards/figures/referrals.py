"""Referrals: the funnel by advocate and by milestone, and how many customers bring somebody.

Only who was new counts: whoever worked at a customer or was referred before is left out everywhere.
"""

from collections import defaultdict
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Q, Sum
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from advocacy.models import Advocate, Referral, ReferralOpening
from advocacy.models.referrals import ReferralQuerySet
from customers.models import Customer
from dashboards.figures.rates import rate
from organisations.models import Organisation
from ui.amounts import money_words
from ui.figures import Rate

YEAR = timedelta(days=365)
TARGET = 0.15
TERMS = [
    (
        gettext_lazy("Opened"),
        gettext_lazy("How often the address was opened in a browser that shows it. Openings, not people."),
    ),
    (gettext_lazy("Wrote"), gettext_lazy("People who left a line and were new to you.")),
    (gettext_lazy("Qualified"), gettext_lazy("Of these, whom somebody of yours found to be real, ever.")),
    (gettext_lazy("Won"), gettext_lazy("Who became a customer, with what that is worth, by currency.")),
    (
        gettext_lazy("Referral rate"),
        gettext_lazy(
            "Of the customers you had twelve months ago, those with at least one referral qualified "
            "since. 95% interval by Wilson."
        ),
    ),
    (
        gettext_lazy("Referred among the new"),
        gettext_lazy(
            "Of the customers written down in these twelve months, those that a won referral became."
        ),
    ),
]


@dataclass(frozen=True)
class Row:
    """One advocate's or one milestone's way from opening to won."""

    name: str
    about: str = ""
    contact_id: int | None = None
    opened: int | None = None
    wrote: int = 0
    qualified: int = 0
    won: int = 0
    lost: int = 0
    sums: dict[str, int] = field(default_factory=dict)

    @property
    def worth(self) -> str:
        return ", ".join(money_words(e4, currency) for currency, e4 in sorted(self.sums.items()))

    @property
    def conversion(self) -> Rate:
        """Won of who wrote."""
        return rate(self.won, self.wrote)


@dataclass(frozen=True)
class Funnel:
    by_advocate: list[Row]
    by_milestone: list[Row]
    all: Row
    brings: Rate
    among_new: Rate


COUNTS = {
    "wrote": Count("pk"),
    "qualified": Count("pk", filter=Q(qualified_at__isnull=False)),
    "won": Count("pk", filter=Q(state=Referral.State.WON)),
    "lost": Count("pk", filter=Q(state=Referral.State.LOST)),
}


def funnel(organisation: Organisation, *, now: datetime) -> Funnel:
    """Everything on the page, in seven statements."""
    counted = Referral.objects.counted().order_by()
    opened = dict(
        ReferralOpening.objects.order_by()
        .values("advocate")
        .annotate(n=Sum("count"))
        .values_list("advocate", "n")
    )
    return Funnel(
        by_advocate=_by_advocate(counted, opened),
        by_milestone=_by_milestone(counted),
        all=_row(_("All"), counted.aggregate(**COUNTS), _sums(counted, None)[None], sum(opened.values())),
        brings=_brings(organisation, now),
        among_new=_among_new(now),
    )


def _by_advocate(counted: ReferralQuerySet, opened: dict[int, int]) -> list[Row]:
    counts: dict[int | None, Any] = {
        row["advocate"]: row for row in counted.values("advocate").annotate(**COUNTS)
    }
    sums = _sums(counted, "advocate")
    rows = []
    people = Advocate.objects.with_people().filter(pk__in=[pk for pk in {*opened, *counts} if pk])
    for one in people:
        contact = one.contact
        row = _row(contact.name, counts.get(one.pk, {}), sums[one.pk], opened.get(one.pk, 0))
        rows.append(replace(row, about=contact.customer.name, contact_id=contact.pk))
    if None in counts:
        rows.append(_row(_("Somebody no longer on file"), counts[None], sums[None], None))
    return sorted(rows, key=_most_first)


def _by_milestone(counted: ReferralQuerySet) -> list[Row]:
    path = "achievement__milestone"
    key, name = f"{path}__key", f"{path}__name"
    sums, rows = _sums(counted, key), list(counted.values(key, name).annotate(**COUNTS))
    by_key: dict[str | None, list[dict[str, object]]] = defaultdict(list)
    for row in rows:
        by_key[row[key]].append(row)
    found = []
    for of_key, them in by_key.items():
        added = {count: sum(int(str(row[count])) for row in them) for count in COUNTS}
        said = str(them[-1][name]) if of_key else _("None known")
        found.append(_row(said, added, sums[of_key], None))
    return sorted(found, key=_most_first)


def _sums(counted: ReferralQuerySet, by: str | None) -> dict[object, dict[str, int]]:
    """Group → currency → what was won, in ten-thousandths."""
    found: dict[object, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    won = counted.filter(state=Referral.State.WON, amount_e4__isnull=False)
    for row in won.values("currency", *([by] if by else [])).annotate(total=Sum("amount_e4")):
        found[row[by] if by else None][row["currency"]] += row["total"]
    return found


def _row(name: str, counts: dict[str, int], sums: dict[str, int], opened: int | None) -> Row:
    known = {each: counts.get(each, 0) for each in COUNTS}
    return Row(name, opened=opened, sums=dict(sums), **known)  # type: ignore[arg-type]


def _brings(organisation: Organisation, now: datetime) -> Rate:
    start = now - YEAR
    day = start.astimezone(organisation.tzinfo).date()
    then = Customer.objects.filter(created_at__lte=start).filter(Q(left_on=None) | Q(left_on__gt=day))
    path = "contacts__advocate__referrals__qualified_at"
    bringing = then.filter(**{f"{path}__gt": start, f"{path}__lte": now})
    found = rate(bringing.values("pk").distinct().count(), then.count())
    return replace(found, target=TARGET)


def _among_new(now: datetime) -> Rate:
    new = Customer.objects.filter(created_at__gt=now - YEAR, created_at__lte=now)
    won = Referral.objects.counted().filter(state=Referral.State.WON, customer__in=new.values("pk"))
    return rate(won.values("customer").distinct().count(), new.count())


def _most_first(row: Row) -> tuple[int, int, int, str]:
    return -row.won, -row.qualified, -row.wrote, row.name
