"""What growth is worth by state: each state with its n and its sums by currency.

Each names the verified outcome it grows from: what is won here is growth that service brought.
"""

from collections import defaultdict
from dataclasses import dataclass, field

from django.db.models import Count, Sum
from django.utils.functional import Promise

from advocacy.models import Expansion, Referral
from customers.models import Subscription
from ui.amounts import money_words


@dataclass
class Total:
    state: str
    label: "Promise | str"
    n: int = 0
    sums: dict[str, int] = field(default_factory=lambda: defaultdict(int))

    @property
    def worth(self) -> str:
        return ", ".join(money_words(e4, currency) for currency, e4 in sorted(self.sums.items()))


def totals() -> list[Total]:
    """One for each state, in the order they are gone through."""
    found = {value: Total(value, label) for value, label in Expansion.State.choices}
    rows = Expansion.objects.order_by().values("state", "currency")
    for row in rows.annotate(n=Count("pk"), total=Sum("amount_e4")):
        one = found[row["state"]]
        one.n += row["n"]
        if row["currency"]:
            one.sums[row["currency"]] += row["total"]
    return list(found.values())


def usual_currency() -> str:
    """What was written last, else what customers pay in; a form begins with it."""
    for model in (Expansion, Referral, Subscription):
        rows = model.objects.exclude(currency="").order_by("-pk").values_list("currency", flat=True)
        if found := rows.first():
            return str(found)
    return ""
