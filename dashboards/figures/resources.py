"""What comes of resources: how many customers reach a milestone within N days of being sent one.

Counted are customers, not mails: of each the first one of a resource that left. Only those whose N days have
passed count, and only those who had a milestone ahead of them. Beside it stands what happens anyway.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from coaching.models import Resource, Sending
from dashboards.figures.rates import rate
from milestones.models import Achievement, Enrolment, Milestone
from organisations.models import Organisation
from ui.figures import Rate

FEWEST = 10  # customers whose days have passed; below, nothing is said of the share
DAYS = (14, 30, 60, 90)
USUAL = 30
MONTHS = 6  # how many first-of-months the base is taken from

DEFINITIONS: dict[str, Promise] = {
    "customers": _("customers to whom a mail with it left, each counted once, from the first one on"),
    "running": _("their days have not passed yet: they count nowhere so far"),
    "apart": _("on no journey on that day, or with every milestone reached: nothing was left to reach"),
    "reached": _("reached any milestone within these days, counted from when the mail left"),
    "share": _("reached, of all whose days have passed and who had a milestone ahead"),
    "interval": _("95 %, Wilson’s"),
    "anyway": _(
        "the same share without regard to resources, at the same stages: of all customers with a milestone "
        "of that stage ahead on the first of each of the last six months whose days have passed, those who "
        "reached one within as many days; each stage counts as often as the resource was sent there"
    ),
    "helped": _("said so on their page, of those who said anything"),
}


@dataclass(frozen=True)
class Row:
    """One customer and one resource: the first time it went to them, and what came of it."""

    resource_id: int
    sending_id: int
    customer_id: int
    at: datetime
    is_over: bool
    """Its days have passed."""
    had_ahead: bool
    reached_at: datetime | None
    milestone: str = ""
    stage: str = ""
    """Of the milestone that was next for them when it was sent."""

    @property
    def counts(self) -> bool:
        return self.is_over and self.had_ahead

    @property
    def days(self) -> int | None:
        return (self.reached_at - self.at).days if self.reached_at else None


@dataclass
class ResourceFigures:
    """One resource, or all of them together."""

    resource: Resource | None
    rows: list[Row] = field(default_factory=list)
    base: Mapping[str, Rate] = field(default_factory=dict)
    """What happens anyway, by stage."""
    opened: int = 0
    helped: int = 0
    judged: int = 0

    @property
    def customers(self) -> int:
        return len(self.rows)

    @property
    def running(self) -> int:
        return sum(1 for row in self.rows if row.had_ahead and not row.is_over)

    @property
    def apart(self) -> int:
        return sum(1 for row in self.rows if not row.had_ahead)

    @property
    def n(self) -> int:
        return sum(1 for row in self.rows if row.counts)

    @property
    def reached(self) -> int:
        return sum(1 for row in self.rows if row.counts and row.reached_at)

    @cached_property
    def share(self) -> Rate | None:
        """None: cannot tell yet."""
        return rate(self.reached, self.n) if self.n >= FEWEST else None

    @cached_property
    def anyway(self) -> float | None:
        """What one would expect at the stages it was sent at. None: cannot tell yet."""
        shares = [self.base.get(row.stage) for row in self.rows if row.counts]
        if not shares or any(one is None or one.of < FEWEST for one in shares):
            return None
        return sum(one.share or 0 for one in shares if one) / len(shares)


@dataclass(frozen=True)
class Ranking:
    days: int
    base: Mapping[str, Rate]
    """By stage."""
    resources: Sequence[ResourceFigures]
    """Those that were sent, by the lower bound of their share; those that cannot be told last."""
    all: ResourceFigures


def ranking(*, organisation: Organisation, now: datetime, days: int = USUAL) -> Ranking:
    """Of the organisation we are within. As many statements however much was sent."""
    found: dict[int, ResourceFigures] = {}
    base = base_rates(organisation, now=now, days=days)
    whole = ResourceFigures(None, base=base)
    rows = rows_of(now=now, days=days)
    resources: Mapping[int, Resource] = Resource.objects.in_bulk({row.resource_id for row in rows})
    for row in rows:
        one = found.setdefault(row.resource_id, ResourceFigures(resources[row.resource_id], base=base))
        for figures in (one, whole):
            figures.rows.append(row)
    for pk, opened, helped, judged in _said():
        for figures in (found[pk], whole) if pk in found else ():
            figures.opened += opened
            figures.helped += helped
            figures.judged += judged
    return Ranking(days, base, _ranked(found.values()), whole)


def _ranked(found: Iterable[ResourceFigures]) -> list[ResourceFigures]:
    def place(one: ResourceFigures) -> tuple[float, int, str]:
        low = one.share.low if one.share else None
        return -1.0 if low is None else low, one.n, ""

    named = sorted(found, key=lambda one: str(one.resource))
    return sorted(named, key=place, reverse=True)


def _said() -> Iterable[tuple[int, int, int, int]]:
    """By resource: how many were opened, said that it helped, said anything."""
    counts = {
        "opened": Count("pk", filter=Q(opened_at__isnull=False)),
        "helped": Count("pk", filter=Q(has_helped=True)),
        "judged": Count("pk", filter=Q(has_helped__isnull=False)),
    }
    rows = Sending.objects.left().values_list("resource").annotate(**counts).order_by()
    return list(rows)


def rows_of(*, now: datetime, days: int, resource: Resource | None = None) -> list[Row]:
    """Of each resource and customer the first time it went, newest first; of one resource alone if given."""
    sent = Sending.objects.left().annotate(left_at=Coalesce("delivery__sent_at", "sent_at"))
    if resource is not None:
        sent = sent.filter(resource=resource)
    first: dict[tuple[int, int], tuple[int, datetime]] = {}
    named = sent.order_by("left_at", "pk").values_list("resource", "customer", "pk", "left_at")
    for resource_id, customer_id, pk, at in named:
        first.setdefault((resource_id, customer_id), (pk, at))
    lives = _lives({customer for _resource, customer in first})
    window = timedelta(days=days)
    rows = []
    for (resource_id, customer_id), (pk, at) in first.items():
        stage, hit = lives[customer_id].after(at, until=at + window)
        is_over = at + window <= now
        rows.append(Row(resource_id, pk, customer_id, at, is_over, bool(stage), *hit, stage))
    return sorted(rows, key=lambda row: (row.at, row.sending_id), reverse=True)


@dataclass
class Stay:
    """One customer on one journey."""

    began_at: datetime
    ended_at: datetime | None
    way: Sequence[tuple[str, str]]
    """Key and stage of each milestone, in order."""
    reached: dict[str, tuple[datetime, str]] = field(default_factory=dict)
    """When, and what it is called, by key."""

    def stage_at(self, at: datetime) -> str:
        """Of the first milestone that was still ahead; empty where none was, or they were not there."""
        if self.began_at > at or (self.ended_at is not None and self.ended_at <= at):
            return ""
        ahead = (stage for key, stage in self.way if key not in self.reached or self.reached[key][0] > at)
        return next(ahead, "")


@dataclass
class Life:
    stays: list[Stay] = field(default_factory=list)

    def after(self, at: datetime, *, until: datetime) -> tuple[str, tuple[datetime | None, str]]:
        """At which stage they were, on the newest journey with anything ahead; what came first then."""
        ahead = [stay for stay in self.stays if stay.stage_at(at)]
        if not ahead:
            return "", (None, "")
        hits = [hit for stay in ahead for hit in stay.reached.values() if at < hit[0] <= until]
        return max(ahead, key=lambda stay: stay.began_at).stage_at(at), min(hits, default=(None, ""))


def _lives(customers: set[int]) -> Mapping[int, Life]:
    found: dict[int, Life] = defaultdict(Life)
    stays: dict[int, Stay] = {}
    rows = Enrolment.objects.filter(customer__in=customers)
    named = rows.annotate(began_at=Coalesce("started_at", "enrolled_at"))
    ways: dict[int, list[tuple[str, str]]] = defaultdict(list)
    milestones = Milestone.objects.filter(version__in=rows.values("version")).order_by("version", "position")
    for version, key, stage in milestones.values_list("version", "key", "stage"):
        ways[version].append((key, stage))
    for pk, customer, began, ended, version in named.values_list(
        "pk", "customer", "began_at", "ended_at", "version"
    ):
        stays[pk] = Stay(began, ended, ways[version])
        found[customer].stays.append(stays[pk])
    reached = Achievement.objects.standing().filter(enrolment__customer__in=customers)
    for enrolment, key, at, name in reached.values_list(
        "enrolment", "milestone_key", "achieved_at", "milestone__name"
    ):
        stays[enrolment].reached[key] = (at, name)
    return found


def base_rates(organisation: Organisation, *, now: datetime, days: int) -> dict[str, Rate]:
    """What happens anyway, by stage: see `DEFINITIONS`. One statement for each of the months."""
    reached: Counter[str] = Counter()
    of: Counter[str] = Counter()
    for at in _firsts(organisation, now - timedelta(days=days)):
        for row in _ahead_at(at, until=at + timedelta(days=days)):
            of[row["stage"]] += row["n"]
            reached[row["stage"]] += row["hits"]
    return {str(stage): rate(reached[stage], of[stage]) for stage in Milestone.Stage}


def _firsts(organisation: Organisation, until: datetime) -> list[datetime]:
    """Midnights of the first of a month, the newest that is not after `until` and those before it."""
    first = until.astimezone(organisation.tzinfo).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    found = []
    for _month in range(MONTHS):
        found.append(first)
        first = (first - timedelta(days=1)).replace(day=1)
    return found


def _ahead_at(at: datetime, *, until: datetime) -> Iterable[Mapping[str, Any]]:
    """Customers by the stage of the milestone that was next for them at that moment."""
    standing = Achievement.objects.standing()
    before = standing.filter(
        enrolment=OuterRef(OuterRef("pk")), milestone_key=OuterRef("key"), achieved_at__lte=at
    )
    ahead = Milestone.objects.filter(~Exists(before), version=OuterRef("version")).order_by("position")
    hits = standing.filter(enrolment=OuterRef("pk"), achieved_at__gt=at, achieved_at__lte=until)
    rows = (
        Enrolment.objects.annotate(began_at=Coalesce(F("started_at"), F("enrolled_at")))
        .filter(Q(began_at__lte=at), Q(ended_at=None) | Q(ended_at__gt=at))
        .annotate(stage=Subquery(ahead.values("stage")[:1]), has_reached=Exists(hits))
        .filter(stage__isnull=False)
    )
    customers = Count("customer", distinct=True)
    hit = Count("customer", distinct=True, filter=Q(has_reached=True))
    return rows.values("stage").annotate(n=customers, hits=hit).order_by()
