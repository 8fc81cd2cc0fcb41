"""How challenges end, by kind: the share that is resolved, and how long it takes. One statement.

Of being resolved, being given up and the customer leaving, the first counts; what is open still has lasted
as long as it has been seen.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

from django.db.models import Case, CharField, Count, DateField, F, Q, Value, When
from django.db.models.functions import Cast, Coalesce, Greatest, TruncDate
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from coaching.models import Challenge, ChallengeKind
from dashboards.figures.rates import rate
from dashboards.figures.timelines import Estimate
from milestones.clocks import DaysBetween
from milestones.timelines import Observed, Quantile
from organisations.models import Organisation
from ui.figures import Rate

FEWEST = 5  # challenges that are over, or resolved; below, nothing is said of the share, or of the time
RESOLVED, GIVEN_UP, LEFT, OPEN = "resolved", "given_up", "left", "open"

DEFINITIONS: dict[str, Promise] = {
    "opened": _("challenges of this kind that were ever opened"),
    "resolved": _("closed as resolved, with a sentence"),
    "given_up": _("closed as given up, with a sentence"),
    "left": _("open when the customer left: they can be resolved no more"),
    "open": _("not closed so far; each counts for as many days as it has been open (censored)"),
    "share": _("resolved of those that are over: resolved, given up, or the customer left"),
    "interval": _("95 %: Wilson’s for the share; for the days where the bounds of the curve cross one half"),
    "median": _(
        "the first day by which half of all opened are resolved: Aalen–Johansen, in which being given up "
        "and leaving compete with being resolved"
    ),
}


@dataclass
class KindFigures:
    """What became of the challenges of one kind; of all kinds without `kind`."""

    kind: ChallengeKind | None
    counts: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    observed: Observed = field(default_factory=Observed)

    def take(self, ending: str, days: int, n: int) -> None:
        self.counts[ending] += n
        where = {RESOLVED: self.observed.reached, OPEN: self.observed.waiting}
        where.get(ending, self.observed.left)[max(0, days)] += n

    @property
    def opened(self) -> int:
        return self.observed.n

    @property
    def resolved(self) -> int:
        return self.counts[RESOLVED]

    @property
    def given_up(self) -> int:
        return self.counts[GIVEN_UP]

    @property
    def left(self) -> int:
        return self.counts[LEFT]

    @property
    def open(self) -> int:
        return self.counts[OPEN]

    @property
    def over(self) -> int:
        return self.opened - self.open

    @cached_property
    def share(self) -> Rate | None:
        """None: cannot tell yet."""
        return rate(self.resolved, self.over) if self.over >= FEWEST else None

    @cached_property
    def half(self) -> Quantile | None:
        """None: cannot tell yet."""
        return Estimate(self.observed).half if self.resolved >= FEWEST else None


@dataclass(frozen=True)
class ChallengeFigures:
    all: KindFigures
    kinds: Sequence[KindFigures]
    """Those that were ever opened, the most frequent first."""


def challenge_figures(organisation: Organisation, *, today: date) -> ChallengeFigures:
    found: dict[int, KindFigures] = {}
    whole = KindFigures(None)
    kinds: Mapping[int, ChallengeKind] = ChallengeKind.objects.in_bulk()
    for kind_id, ending, days, n in _counted(organisation, today):
        found.setdefault(kind_id, KindFigures(kinds[kind_id])).take(ending, days, n)
        whole.take(ending, days, n)
    order = sorted(found.values(), key=lambda one: (-one.opened, str(one.kind)))
    return ChallengeFigures(whole, order)


def _counted(organisation: Organisation, today: date) -> Any:
    """How many, by kind, by how they ended and after how many days."""
    zone = organisation.tzinfo
    opened_on = Cast(TruncDate("opened_at", tzinfo=zone), DateField())
    closed_on = TruncDate("closed_at", tzinfo=zone)
    still = Value(today, output_field=DateField())
    ended_on = Coalesce(closed_on, F("customer__left_on"), still, output_field=DateField())
    is_open = Q(state=Challenge.State.OPEN)
    ending = Case(
        When(is_open & Q(customer__left_on__isnull=False), then=Value(LEFT)),
        default=F("state"),
        output_field=CharField(),
    )
    days = DaysBetween(Greatest(ended_on, opened_on, output_field=DateField()), opened_on)
    rows = Challenge.objects.annotate(ending=ending, days=days)
    return rows.values_list("kind", "ending", "days").annotate(n=Count("pk")).order_by()
