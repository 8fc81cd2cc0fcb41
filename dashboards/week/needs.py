"""With whom a call is due by a day: since when, by which rule, why, and what it is worth.

Due is a local day: so many days after the last call, after the call that was skipped, or after the customer
set out. Who has a call planned from today on is not due.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Exists, Min, OuterRef, QuerySet, Subquery
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from coaching.models import CadenceRule, Call, Occurrence, PlanWeights, Touchpoint
from coaching.models.plans import midnight
from coaching.planning import Due, weights_of
from customers.models import TIMES_A_YEAR, Customer, Subscription
from dashboards.board.states import State
from dashboards.week.doing import Doing, doing_of
from milestones.models import Enrolment
from organisations.models import Organisation
from ui.moments import short_day

NEAR = timedelta(days=14)  # a target so close ahead is near
LEAST = 1  # what every due call is worth


@dataclass(frozen=True)
class Need:
    """A call that is due."""

    due: Due
    doing: Doing
    spoken_on: date | None
    """When there was a call last."""
    parts: Sequence[tuple[str, int]]
    """What it is worth, in words and points."""
    today: date

    @property
    def customer(self) -> Customer:
        return self.due.customer

    @property
    def pin(self) -> str:
        """How the address of a week calls the day a person chose."""
        return f"day-{self.customer.pk}"

    @property
    def worth(self) -> int:
        return LEAST + sum(points for _words, points in self.parts)

    @property
    def is_overdue(self) -> bool:
        return self.due.due_on < self.today

    @property
    def rhythm(self) -> str:
        """ "Last call 3 Mar; every 14 days"."""
        every = ngettext("every %(n)d day", "every %(n)d days", self.due.every_days)
        rhythm = every % {"n": self.due.every_days}
        if self.spoken_on is None:
            return _("No call yet; %(rhythm)s") % {"rhythm": rhythm}
        day = short_day(self.spoken_on, today=self.today)
        return _("Last call %(day)s; %(rhythm)s") % {"day": day, "rhythm": rhythm}

    @property
    def purpose(self) -> str:
        """One line that stands beside the planned call."""
        ahead = (
            _("Towards “%(milestone)s”") % {"milestone": self.doing.milestone} if self.doing.milestone else ""
        )
        said = ". ".join(part for part in (self.doing.why, ahead) if part) or self.rhythm
        return said if len(said) <= 200 else f"{said[:199]}…"


def needs_of(
    customers: QuerySet[Customer], *, organisation: Organisation, until: date, now: datetime
) -> list[Need]:
    """Of these customers, those with whom a call is due by `until`; the most valuable first."""
    rules = list(CadenceRule.objects.all())
    if not any(rule.every_days for rule in rules):
        return []
    today = now.astimezone(organisation.tzinfo).date()
    rows = _rows(customers, organisation, today)
    if not rows:
        return []
    doing = doing_of([row.pk for row in rows], organisation=organisation, today=today)
    since = _since(rows, organisation)
    dues = [
        (row, due)
        for row in rows
        if (due := _due(row, rules, doing.get(row.pk, Doing()), since[row.pk], organisation))
        and due.due_on <= until
    ]
    worth = _Worth(weights_of(organisation), _values([row for row, _due in dues], today), today)
    found = [
        Need(
            due,
            one := doing.get(row.pk, Doing()),
            _day(row.spoken_at, organisation),
            worth.of(due, one),
            today,
        )
        for row, due in dues
    ]
    return sorted(found, key=lambda need: (-need.worth, need.due.due_on, need.customer.name))


def _rows(customers: QuerySet[Customer], organisation: Organisation, today: date) -> list[Any]:
    """Those with whom no call is planned, with when they were spoken with and when one was skipped."""
    here = {"customer": OuterRef("pk")}
    planned = Touchpoint.objects.planned().filter(**here, due_at__gte=midnight(today, organisation.tzinfo))
    return list(
        customers.select_related("segment")
        .filter(~Exists(planned), left_on=None, archived_at=None)
        .annotate(
            spoken_at=Subquery(Call.objects.filter(**here).newest_first().values("held_at")[:1]),
            skipped=Subquery(
                Occurrence.objects.skipped().filter(**here).order_by("-skipped_on").values("skipped_on")[:1]
            ),
            waiting_on=Subquery(
                Occurrence.objects.waiting().filter(**here).order_by("due_on").values("due_on")[:1]
            ),
        )
        .order_by("pk")
    )


def _since(rows: Sequence[Any], organisation: Organisation) -> dict[int, date]:
    """From which day on the days to the next call count."""
    silent = [row.pk for row in rows if row.spoken_at is None]
    started: dict[int, date] = {
        row["customer"]: row["first"]
        for row in Enrolment.objects.open()
        .filter(customer__in=silent)
        .order_by()
        .values("customer")
        .annotate(first=Min("started_on"))
    }
    found = {}
    for row in rows:
        spoken = _day(row.spoken_at, organisation)
        first = spoken or started.get(row.pk) or _day(row.created_at, organisation)
        assert first is not None, "a customer was made on some day"
        found[row.pk] = max(first, row.skipped or first)
    return found


def _due(
    row: Any, rules: Sequence[CadenceRule], doing: Doing, since: date, organisation: Organisation
) -> Due | None:
    """By the rule that says most of whom it is for. None: there is none, or it says no calls."""
    fitting = [
        rule for rule in rules if rule.fits(segment_id=row.segment_id, stage=doing.stage, risk=doing.risk)
    ]
    rule = max(fitting, key=lambda one: one.weight, default=None)
    if rule is None or rule.every_days is None:
        return None
    due_on = row.waiting_on or since + timedelta(days=rule.every_days)
    counts_from = midnight(since + timedelta(days=1), organisation.tzinfo)
    return Due(row, due_on, rule.every_days, rule.minutes, rule.channel, counts_from)


def _day(at: datetime | None, organisation: Organisation) -> date | None:
    return at.astimezone(organisation.tzinfo).date() if at else None


@dataclass(frozen=True)
class _Worth:
    weights: PlanWeights
    values: dict[int, float]
    """Of a customer: their part of the largest contract among those that are due."""
    today: date

    def of(self, due: Due, doing: Doing) -> list[tuple[str, int]]:
        weights = self.weights
        by_state = {
            State.STUCK: weights.stuck,
            State.BEHIND: weights.behind,
            State.ON_TRACK: weights.on_track,
            State.PAUSED: weights.paused,
        }
        parts = [(str(doing.state.label), by_state[doing.state])] if doing.state else []
        if doing.target_on and doing.target_on < self.today:
            parts.append((_("target passed"), weights.past_target))
        elif doing.target_on and doing.target_on <= self.today + NEAR:
            parts.append((_("target near"), weights.near_target))
        if share := self.values.get(due.customer.pk):
            parts.append((_("contract"), round(weights.value * share)))
        if due.due_on < self.today:
            parts.append((_("overdue"), weights.overdue))
        return [(words, points) for words, points in parts if points]


def _values(customers: Collection[Customer], today: date) -> dict[int, float]:
    """What each pays a year, as a part of the most, in the currency most of them pay in."""
    rows = Subscription.objects.running(today).filter(customer__in=[one.pk for one in customers])
    totals: dict[str, dict[int, int]] = defaultdict(lambda: defaultdict(int))
    for pk, currency, interval, amount in rows.values_list("customer", "currency", "interval", "amount_e4"):
        totals[currency][pk] += amount * TIMES_A_YEAR[interval]
    if not totals:
        return {}
    currency = Counter({name: len(paid) for name, paid in totals.items()}).most_common(1)[0][0]
    most = max(totals[currency].values())
    return {pk: paid / most for pk, paid in totals[currency].items() if most > 0 and paid > 0}
