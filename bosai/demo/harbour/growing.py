"""Growth at Harbour's customers: two signals that wait, and one in each state after them."""

from collections.abc import Sequence
from datetime import timedelta

from django.db.models import Count

from advocacy import expanding
from advocacy.models import Expansion, ExpansionRule
from bosai.demo.harbour.stage import Stage
from customers.models import Customer, LatestReading, Metric
from milestones.models import Achievement, Verdict
from organisations.models import User

SIGN = "More places than they pay for"
NEEDS = (
    "We open a second site in spring, and I do not want to begin with spreadsheets there.",
    "Our planners ask when the night shift gets this too.",
    "If the wholesale side had it, I could stop two meetings a week.",
    "The board wants the same list for the daughter company.",
    "I would like the drivers to see it themselves.",
)


def grow(stage: Stage) -> None:
    """A sign on a number that most have; what five customers said they need; what was decided since."""
    metric = Metric.objects.get(pk=_measured_most())
    values = sorted(LatestReading.objects.filter(metric=metric).values_list("value", flat=True))
    expanding.save_rule(
        organisation=stage.organisation,
        values={
            "name": SIGN,
            "metric": metric,
            "operator": ExpansionRule.Operator.AT_LEAST,
            "threshold": round(values[0], 1),
            "need_days": 120,
        },
        by=stage.people["theo"],
        now=stage.calendar.ago(60, 11),
    )
    _decide(stage, [_hear(stage, one, NEEDS[n], 6 + 4 * n) for n, one in enumerate(_who_speak(metric))])


def _measured_most() -> int:
    counted = LatestReading.objects.order_by().values("metric").annotate(n=Count("pk"))
    most: int = counted.order_by("-n", "metric").values_list("metric", flat=True)[0]
    return most


def _who_speak(metric: Metric) -> Sequence[Customer]:
    """Those with an outcome that was verified and stands, whom it is measured at."""
    verified = Achievement.objects.standing().filter(verified_at__isnull=False)
    contested = Verdict.objects.open_contests().values("enrolment__customer")
    rows = Customer.objects.current().filter(pk__in=verified.values("enrolment__customer"))
    rows = rows.filter(latest_readings__metric=metric).exclude(pk__in=contested)
    return list(rows.select_related("organisation", "owner").order_by("pk")[: len(NEEDS)])


def _hear(stage: Stage, customer: Customer, words: str, ago: int) -> Expansion:
    """In their last call, if there was one; said by whom we speak with."""
    need = expanding.note_need(
        customer=customer,
        words=words,
        said_on=stage.calendar.day(ago),
        contact=customer.contacts.current().first() if ago % 8 else None,
        said_by="Their new director, in passing",
        call=customer.calls.newest_first().first(),
        by=_owner(stage, customer),
        now=stage.calendar.ago(ago, 17),
    )
    found: Expansion = need.expansions.get()
    return found


def _decide(stage: Stage, signals: Sequence[Expansion]) -> None:
    """The first two wait; the next are pursued, won and dismissed."""
    calendar = stage.calendar
    for signal, (next_step, days, amount) in zip(signals[2:4], PLANS, strict=False):
        expanding.confirm(
            expansion=signal,
            next_step=next_step,
            next_on=calendar.today + timedelta(days=days),
            amount_e4=amount * 10_000,
            currency="EUR",
            by=_owner(stage, signal.customer),
            now=calendar.ago(5, 10),
        )
    for signal in signals[3:4]:
        by = _owner(stage, signal.customer)
        expanding.win(expansion=signal, amount_e4=98_000_000, currency="EUR", by=by, now=calendar.ago(2, 15))
    for signal in signals[4:5]:
        why = "The drivers have no devices before autumn. Ask again then."
        by = _owner(stage, signal.customer)
        expanding.dismiss(expansion=signal, why=why, by=by, now=calendar.ago(3, 9))


PLANS = (
    ("Show the wholesale planners the list on their own numbers", -1, 14_400),
    ("Send the offer", 3, 9_600),
)


def _owner(stage: Stage, customer: Customer) -> User:
    return customer.owner or stage.people["theo"]
