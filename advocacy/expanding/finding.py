"""Where a verified outcome, a sign of capacity and a stated need meet. One query, whoever asks."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import batched
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet, Subquery
from django.utils import timezone

from advocacy.models import Expansion, ExpansionRule, Need
from customers.models import Customer, LatestReading, Metric
from milestones.models import Achievement, Verdict
from organisations.models import Event, Organisation
from organisations.sweeping import in_each_organisation

Operator = ExpansionRule.Operator
AT_ONCE = 500
WHOLE = 10**9  # an organisation is looked through in one go


@dataclass(frozen=True)
class Sign:
    """What a rule looks for; also of one that is not saved yet."""

    metric: Metric
    operator: str
    threshold: float
    need_days: int

    @classmethod
    def of(cls, rule: ExpansionRule) -> "Sign":
        return cls(rule.metric, rule.operator, rule.threshold, rule.need_days)


def matches(sign: Sign, *, now: datetime) -> QuerySet[Customer]:
    """Customers at whom all three meet today, with `need_id`, `value`, `achievement_id`, by name."""
    rows = _capable(sign).annotate(need_id=_need(sign, now)).filter(need_id__isnull=False)
    return rows.select_related("owner").order_by("name", "pk")


def nearly(sign: Sign, *, now: datetime) -> int:
    """How many lack the stated need alone: whom to ask in the next call."""
    return _capable(sign).annotate(need_id=_need(sign, now)).filter(need_id=None).count()


def look(*, organisation: Organisation, now: datetime, customer: Customer | None = None) -> int:
    """Find what is new, of everybody or of one; how many signals. Run it as often as you like.

    A need gives one signal by a rule for ever; whoever dismissed it is not asked again.
    """
    made = 0
    with timezone.override(organisation.tzinfo):
        for rule in ExpansionRule.objects.in_force().select_related("metric").order_by("id"):
            rows = _new(rule, now)
            if customer is not None:
                rows = rows.filter(pk=customer.pk)
            for part in batched(rows, AT_ONCE):
                made += _signal(part, rule, organisation, now)
    return made


def look_everywhere(*, now: datetime) -> int:
    """The same in every organisation. One that fails holds up no other."""
    return in_each_organisation(
        lambda organisation, _at_most: look(organisation=organisation, now=now), part=WHOLE, what="growth"
    )


def _capable(sign: Sign) -> QuerySet[Customer]:
    """With a verified outcome that stands, no open contest, and the sign."""
    verified = Achievement.objects.standing().filter(
        enrolment__customer=OuterRef("pk"), verified_at__isnull=False
    )
    contests = Verdict.objects.open_contests().filter(enrolment__customer=OuterRef("pk"))
    lookup = "value__gte" if sign.operator == Operator.AT_LEAST else "value__lte"
    shown: dict[str, Any] = {"metric": sign.metric, lookup: sign.threshold}
    readings = LatestReading.objects.filter(customer=OuterRef("pk"), **shown)
    newest = verified.order_by("-verified_at", "-id").values("pk")[:1]
    rows: QuerySet[Customer] = Customer.objects.current().filter(Exists(readings), ~Exists(contests))
    rows = rows.annotate(achievement_id=Subquery(newest), value=Subquery(readings.values("value")[:1]))
    return rows.filter(achievement_id__isnull=False)


def _need(sign: Sign, now: datetime) -> Subquery:
    since = timezone.localtime(now).date() - timedelta(days=sign.need_days)
    rows = Need.objects.filter(customer=OuterRef("pk"), said_on__gte=since)
    return Subquery(rows.order_by("-said_on", "-id").values("pk")[:1])


def _new(rule: ExpansionRule, now: datetime) -> QuerySet[Customer]:
    known = Expansion.objects.filter(rule=rule, customer=OuterRef("pk"))
    is_open = known.filter(state__in=Expansion.OPEN)
    same = known.filter(need=OuterRef("need_id"))
    return matches(Sign.of(rule), now=now).filter(~Exists(is_open), ~Exists(same))


def _signal(part: tuple[Any, ...], rule: ExpansionRule, organisation: Organisation, now: datetime) -> int:
    """Two who look at once find each signal once: one waits for the other, and sees what it found."""
    drafts = [
        Expansion(
            organisation=organisation,
            customer=row,
            rule=rule,
            need_id=row.need_id,
            achievement_id=row.achievement_id,
            value=row.value,
            found_at=now,
        )
        for row in part
    ]
    with transaction.atomic():
        ExpansionRule.objects.select_for_update().get(pk=rule.pk)
        before = set(_of(rule, drafts).values_list("pk", flat=True))
        Expansion.objects.bulk_create(drafts, ignore_conflicts=True)
        new = list(_of(rule, drafts).filter(found_at=now).exclude(pk__in=before))
        Event.objects.bulk_create(_event(row, organisation, now) for row in new)
    return len(new)


def _of(rule: ExpansionRule, drafts: list[Expansion]) -> QuerySet[Expansion]:
    return Expansion.objects.filter(rule=rule, need__in=[each.need_id for each in drafts])


def _event(row: Expansion, organisation: Organisation, now: datetime) -> Event:
    return Event(
        organisation=organisation,
        at=now,
        recorded_at=now,
        verb="expansion_found",
        subject_type=Expansion._meta.label_lower,
        subject_id=row.pk,
        customer_id=row.customer_id,
        data={"metric_id": row.rule.metric_id},
    )
