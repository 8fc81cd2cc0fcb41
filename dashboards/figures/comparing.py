"""Whether segments, CSMs or those who began together reach a milestone equally fast, as far as can be told.

The test is the log-rank test; who left is on the way no longer. Three are made of each milestone, so each
chance is raised for that (Holm). A difference is no cause: nobody drew lots for who is in which group.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Case, CharField, F, Value, When
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from customers.models import Segment
from dashboards.figures import timing
from dashboards.figures.timelines import Estimate
from dashboards.figures.wishes import NONE, Wish
from milestones.timelines import LogRank, Observed, holm, log_rank
from organisations.models import User

FEWEST_IN_GROUP, FEWEST_REACHED, MOST_GROUPS, QUARTERS = 10, 10, 12, 8
DIFFERS = 0.05
SEGMENT, OWNER, COHORT = "segment", "owner", "cohort"


@dataclass(frozen=True)
class Group(Estimate):
    value: Any
    """How the page's filter calls it; none where it has no filter."""
    name: str

    @property
    def is_compared(self) -> bool:
        return self.n >= FEWEST_IN_GROUP


@dataclass(frozen=True)
class Comparison:
    """Groups of one kind, the largest first (cohorts: the newest), and the test over those large enough."""

    kind: str
    groups: list[Group]
    more: int
    """Groups that are not shown."""
    test: LogRank | None
    raised: float | None = None
    """The chance of the test, raised for how many are made."""

    @property
    def differs(self) -> bool:
        return self.raised is not None and self.raised < DIFFERS

    @property
    def chance_words(self) -> str:
        """Such as "p=0.03"; never "p=0"."""
        if self.raised is None:
            return ""
        if self.raised < 0.001:
            return f"p<{number_format(0.001)}"
        return f"p={number_format(self.raised, 2 if self.raised >= 0.1 else 3)}"

    def as_json(self) -> dict[str, Any]:
        test = self.test
        return {
            "by": self.kind,
            "groups": [{"name": group.name, **group.as_json()} for group in self.groups],
            "log_rank": {"statistic": test.statistic, "freedom": test.freedom, "p": test.p} if test else None,
            "p_raised": self.raised,
            "differs": self.differs,
        }


def comparisons(wish: Wish, key: str) -> list[Comparison]:
    """By segment, CSM and start cohort; not by what the question is held to already."""
    made = []
    if wish.segment is None:
        made.append(_compared(wish, key, SEGMENT, _column("segment"), _segments))
    if wish.owner is None:
        made.append(_compared(wish, key, OWNER, _column("owner"), _owners))
    starts = quarter_starts(wish.as_of)
    made.append(_compared(wish, key, COHORT, _cohort(starts), lambda _keys: _cohort_names(starts)))
    raised = holm({one.kind: one.test.p for one in made if one.test})
    return [Comparison(c.kind, c.groups, c.more, c.test, raised.get(c.kind)) for c in made]


def _column(name: str) -> timing.By:
    return lambda path: F(f"{path}customer__{name}_id")


type Names = Callable[[list[Any]], dict[Any, tuple[Any, str]]]


def _compared(wish: Wish, key: str, kind: str, by: timing.By, names: Names) -> Comparison:
    found = timing.observed(wish, keys=frozenset({key}), by=by)
    known = names([group for group, _key in found])
    groups = [Group(one, *known.get(group, (NONE, ""))) for (group, _key), one in found.items() if one.n]
    if kind == COHORT:
        groups.sort(key=lambda group: group.value, reverse=True)
    else:
        groups.sort(key=lambda group: (-group.n, group.name))
    shown = groups[:MOST_GROUPS]
    compared: list[Observed] = [group.observed for group in shown if group.is_compared]
    is_enough = len(compared) > 1 and sum(one.reached.total() for one in compared) >= FEWEST_REACHED
    return Comparison(kind, shown, len(groups) - len(shown), log_rank(compared) if is_enough else None)


def _segments(keys: list[Any]) -> dict[Any, tuple[Any, str]]:
    rows = Segment.objects.filter(pk__in=[key for key in keys if key])
    return {row.pk: (row.slug, row.name) for row in rows}


def _owners(keys: list[Any]) -> dict[Any, tuple[Any, str]]:
    rows = User.objects.filter(pk__in=[key for key in keys if key])
    return {row.pk: (row.pk, row.name) for row in rows}


def quarter_starts(last: date) -> list[date]:
    """The first days of the last quarters up to a day, the newest first."""
    day, found = last.replace(month=(last.month - 1) // 3 * 3 + 1, day=1), []
    for _quarter in range(QUARTERS):
        found.append(day)
        day = day.replace(year=day.year - 1, month=10) if day.month == 1 else day.replace(month=day.month - 3)
    return found


def _cohort(starts: list[date]) -> timing.By:
    def by(path: str) -> Case:
        whens = [When(**{f"{path}started_on__gte": day}, then=Value(day.isoformat())) for day in starts]
        return Case(*whens, default=Value(""), output_field=CharField())

    return by


def _cohort_names(starts: list[date]) -> dict[Any, tuple[Any, str]]:
    names = {day.isoformat(): (day.isoformat(), _quarter_words(day)) for day in starts}
    return {**names, "": ("", _("before %(quarter)s") % {"quarter": _quarter_words(starts[-1])})}


def _quarter_words(day: date) -> str:
    return _("Q%(quarter)d %(year)d") % {"quarter": (day.month + 2) // 3, "year": day.year}
