"""What comes of resources: how many customers reach a milestone within N days of being sent one.

Counted are customers, not mails: of each the first one of a resource that left. Only those whose N days have
passed count, and only those who had a milestone ahead of them. Beside it stands what happens anyway.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property

from django.db.models import Count, Exists, F, OuterRef, Q
from django.db.models.functions import Coalesce
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from coaching.models import Resource, Sending
from dashboards.figures.rates import rate
from milestones.models import Achievement, Enrolment
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
    "base": _(
        "the same share without regard to resources: of all customers with a milestone ahead on the first "
        "of each of the last months whose days have passed, those who reached one within as many days"
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


@dataclass(frozen=True)
class Ranking:
    days: int
    base: Rate
    resources: Sequence[ResourceFigures]
    """Those that were sent, by the lower bound of their share; those that cannot be told last."""
    all: ResourceFigures


def ranking(*, organisation: Organisation, now: datetime, days: int = USUAL) -> Ranking:
    """Of the organisation we are within. As many statements however much was sent."""
    found: dict[int, ResourceFigures] = {}
    whole = ResourceFigures(None)
    rows = rows_of(now=now, days=days)
    resources: Mapping[int, Resource] = Resource.objects.in_bulk({row.resource_id for row in rows})
    for row in rows:
        one = found.setdefault(row.resource_id, ResourceFigures(resources[row.resource_id]))
        for figures in (one, whole):
            figures.rows.append(row)
    for pk, opened, helped, judged in _said():
        for figures in (found[pk], whole) if pk in found else ():
            figures.opened += opened
            figures.helped += helped
            figures.judged += judged
    return Ranking(days, base_rate(organisation, now=now, days=days), _ranked(found.values()), whole)


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
        had_ahead, reached_at, milestone = lives[customer_id].after(at, until=at + window)
        is_over = at + window <= now
        rows.append(Row(resource_id, pk, customer_id, at, is_over, had_ahead, reached_at, milestone))
    return sorted(rows, key=lambda row: (row.at, row.sending_id), reverse=True)


@dataclass
class Stay:
    """One customer on one journey."""

    began_at: datetime
    ended_at: datetime | None
    is_on: bool
    """There is a milestone still to reach today."""
    reached: list[tuple[datetime, str]] = field(default_factory=list)

    def has_ahead(self, at: datetime) -> bool:
        is_there = self.began_at <= at and (self.ended_at is None or self.ended_at > at)
        return is_there and (self.is_on or any(when > at for when, _name in self.reached))


@dataclass
class Life:
    stays: list[Stay] = field(default_factory=list)

    def after(self, at: datetime, *, until: datetime) -> tuple[bool, datetime | None, str]:
        """Whether a milestone was ahead of them, and which came first until then."""
        ahead = [stay for stay in self.stays if stay.has_ahead(at)]
        hits = [hit for stay in ahead for hit in stay.reached if at < hit[0] <= until]
        reached_at, name = min(hits, default=(None, ""))
        return bool(ahead), reached_at, name


def _lives(customers: set[int]) -> Mapping[int, Life]:
    found: dict[int, Life] = defaultdict(Life)
    stays: dict[int, Stay] = {}
    rows = Enrolment.objects.filter(customer__in=customers).annotate(
        began_at=Coalesce("started_at", "enrolled_at")
    )
    for pk, customer, began, ended, current in rows.values_list(
        "pk", "customer", "began_at", "ended_at", "current"
    ):
        stays[pk] = Stay(began, ended, current is not None)
        found[customer].stays.append(stays[pk])
    reached = Achievement.objects.standing().filter(enrolment__customer__in=customers)
    for enrolment, at, name in reached.values_list("enrolment", "achieved_at", "milestone__name"):
        stays[enrolment].reached.append((at, name))
    return found


def base_rate(organisation: Organisation, *, now: datetime, days: int) -> Rate:
    """What happens anyway: see `DEFINITIONS`. One statement for each of the months."""
    reached = of = 0
    for at in _firsts(organisation, now - timedelta(days=days)):
        counted = _ahead_at(at, until=at + timedelta(days=days))
        reached, of = reached + counted["reached"], of + counted["n"]
    return rate(reached, of)


def _firsts(organisation: Organisation, until: datetime) -> list[datetime]:
    """Midnights of the first of a month, the newest that is not after `until` and those before it."""
    first = until.astimezone(organisation.tzinfo).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    found = []
    for _month in range(MONTHS):
        found.append(first)
        first = (first - timedelta(days=1)).replace(day=1)
    return found


def _ahead_at(at: datetime, *, until: datetime) -> Mapping[str, int]:
    later = Achievement.objects.standing().filter(enrolment=OuterRef("pk"), achieved_at__gt=at)
    rows = (
        Enrolment.objects.annotate(began_at=Coalesce(F("started_at"), F("enrolled_at")))
        .filter(Q(began_at__lte=at), Q(ended_at=None) | Q(ended_at__gt=at))
        .filter(Q(current__isnull=False) | Exists(later))
        .annotate(has_reached=Exists(later.filter(achieved_at__lte=until)))
    )
    return rows.aggregate(
        n=Count("customer", distinct=True),
        reached=Count("customer", distinct=True, filter=Q(has_reached=True)),
    )
