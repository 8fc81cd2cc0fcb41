"""The table of milestones: counted by the database in four statements, whatever the number of customers."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, Q

from dashboards.figures.wishes import Wish
from milestones.models import Milestone


@dataclass
class MilestoneFigures:
    """One milestone in numbers of customers.

    on time: achieved by the target date · late: the target date has passed and it was not achieved by then
    (also if it was since) · contested: the customer disagrees, so not achieved, and counted apart ·
    not yet due: not achieved, target date not passed or none. Median days are of those who reached it.
    """

    milestone: Milestone
    enrolled: int = 0
    achieved: int = 0
    verified: int = 0
    on_time: int = 0
    late: int = 0
    not_yet_due: int = 0
    contested: int = 0
    days: Counter[int] = field(default_factory=Counter)

    @property
    def median_days(self) -> float | None:
        return median(self.days)

    @property
    def median_n(self) -> int:
        return self.days.total()

    @property
    def due(self) -> int:
        return self.on_time + self.late

    @property
    def achieved_share(self) -> float:
        return self.achieved / self.enrolled if self.enrolled else 0

    @property
    def verified_share(self) -> float:
        return self.verified / self.enrolled if self.enrolled else 0

    def as_json(self) -> dict[str, object]:
        return {
            "key": self.milestone.key,
            "name": self.milestone.name,
            "position": self.milestone.position,
            "achieved": self.achieved,
            "verified": self.verified,
            "on_time": self.on_time,
            "late": self.late,
            "not_yet_due": self.not_yet_due,
            "contested": self.contested,
            "median_days": self.median_days,
            "median_n": self.median_n,
        }


@dataclass(frozen=True)
class Figures:
    wish: Wish
    enrolled: int
    milestones: list[MilestoneFigures]

    @property
    def contested(self) -> int:
        return sum(row.contested for row in self.milestones)

    @property
    def achieved(self) -> int:
        return sum(row.achieved for row in self.milestones)

    @property
    def verified(self) -> int:
        return sum(row.verified for row in self.milestones)

    @property
    def on_time(self) -> int:
        return sum(row.on_time for row in self.milestones)

    @property
    def due(self) -> int:
        return sum(row.due for row in self.milestones)

    def as_json(self) -> dict[str, object]:
        return {
            "organisation": self.wish.organisation.slug,
            "journey": self.wish.journey.slug,
            "as_of": self.wish.as_of.isoformat(),
            "enrolled": self.enrolled,
            "milestones": [row.as_json() for row in self.milestones],
        }


def median(days: Counter[int]) -> float | None:
    """The middle value, or the mean of the two middle ones; none of nothing."""
    n = days.total()
    if not n:
        return None
    values = sorted(days.elements())
    middle = n // 2
    return float(values[middle]) if n % 2 else (values[middle - 1] + values[middle]) / 2


def figures(wish: Wish) -> Figures:
    milestones = wish.milestones
    rows = {milestone.key: MilestoneFigures(milestone) for milestone in reversed(milestones)}
    by_id = {milestone.pk: rows[milestone.key] for milestone in milestones}
    enrolled = _count_achieved_and_due(wish, milestones, by_id)
    for milestone_id, days, n in (
        wish.achievements()
        .filter(wish.in_period(), days__isnull=False)
        .values_list("milestone_id", "days")
        .annotate(n=Count("pk"))
    ):
        by_id[milestone_id].days[days] += n
    for row in rows.values():
        row.enrolled = enrolled
    ordered = dict.fromkeys(milestone.key for milestone in milestones)
    return Figures(wish, enrolled, [rows[key] for key in ordered])


def _count_achieved_and_due(
    wish: Wish, milestones: list[Milestone], by_id: dict[int, MilestoneFigures]
) -> int:
    """Fill the counts of every row; return how many are enrolled."""
    totals, of_version = _passed_by_version(wish, milestones)
    passed_on_time: Counter[int] = Counter()
    reached: Counter[int] = Counter()
    on_time, passed = wish.on_time(milestones), wish.passed_any(milestones)
    for row in (
        wish.achievements()
        .values("milestone_id")
        .annotate(
            reached=Count("pk"),
            achieved=Count("pk", filter=wish.in_period()),
            verified=Count("pk", filter=wish.in_period() & Q(verified_at__lt=wish.until)),
            on_time=Count("pk", filter=on_time),
            passed_on_time=Count("pk", filter=passed & Q(on_time)),
            passed_late=Count("pk", filter=passed & ~Q(on_time)),
        )
        .order_by()
    ):
        target = by_id[row["milestone_id"]]
        target.achieved += row["achieved"]
        target.verified += row["verified"]
        target.on_time += row["on_time"]
        passed_on_time[row["milestone_id"]] = row["passed_on_time"]
        reached[row["milestone_id"]] = row["reached"] - row["passed_on_time"] - row["passed_late"]
    contested, passed_contested = _contested(wish, milestones)
    for m in milestones:
        here = of_version[m.version_id].get(m.pk, 0)
        by_id[m.pk].contested += contested[m.pk]
        by_id[m.pk].late += here - passed_on_time[m.pk] - passed_contested[m.pk]
        ahead = totals[m.version_id] - here - reached[m.pk] - (contested[m.pk] - passed_contested[m.pk])
        by_id[m.pk].not_yet_due += ahead if wish.since is None else 0
    return totals.total()


def _passed_by_version(
    wish: Wish, milestones: list[Milestone]
) -> tuple[Counter[int], dict[int, dict[int, int]]]:
    """Per version: how many are enrolled, and for how many each milestone's target date has passed."""
    totals: Counter[int] = Counter()
    passed: dict[int, dict[int, int]] = defaultdict(dict)
    counts = {f"m{m.pk}": Count("pk", filter=wish.passed(m)) for m in milestones}
    versions: Any = wish.enrolments().values("version_id").annotate(n=Count("pk"), **counts).order_by()
    for version in versions:
        totals[version["version_id"]] = version["n"]
        passed[version["version_id"]] = {m.pk: version[f"m{m.pk}"] for m in milestones}
    return totals, passed


def _contested(wish: Wish, milestones: list[Milestone]) -> tuple[Counter[int], Counter[int]]:
    """Enrolments with an open contest, per milestone; and those of them whose target date has passed."""
    every: Counter[int] = Counter()
    passed: Counter[int] = Counter()
    for row in (
        wish.contests()
        .values("milestone_id")
        .annotate(
            n=Count("enrolment", distinct=True),
            passed=Count("enrolment", distinct=True, filter=wish.passed_any(milestones)),
        )
        .order_by()
    ):
        every[row["milestone_id"]], passed[row["milestone_id"]] = row["n"], row["passed"]
    return every, passed
