"""What Harbour's customers pay, and what they ask its support: as an invoicing and a help desk would tell."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from random import Random

from bosai.demo.harbour.calendar import Calendar, workday
from bosai.demo.harbour.part import Part
from customers.models import Subscription, SupportCase, Transaction

CURRENCY, UNIT = "EUR", 10_000
BASE, EACH_SITE = 390, 65  # euros a month
COST = 0.31  # of the price, more or less
SUBJECTS = (
    "A site is missing from the morning report",
    "Yesterday’s figures came an hour late",
    "Who may see the regional page?",
    "Export to a spreadsheet cuts off a column",
    "Two sites swapped after the reorganisation",
    "The night shift counts as the day after",
    "A new colleague cannot sign in",
    "The goal line does not match what we agreed",
    "Wrong unit after the import",
    "Can the report go to a second address?",
)


def settle_accounts(parts: Iterable[Part], calendar: Calendar) -> None:
    """A subscription each, an invoice a month, and now and then a question."""
    parts = list(parts)
    Subscription.objects.bulk_create([_subscription(part, calendar) for part in parts])
    Transaction.objects.bulk_create([each for part in parts for each in _invoices(part, calendar)])
    SupportCase.objects.bulk_create([each for part in parts for each in _cases(part, calendar)])


def _monthly(part: Part) -> int:
    return (BASE + EACH_SITE * part.row.sites) * UNIT


def _last_day(part: Part, calendar: Calendar) -> date | None:
    return None if part.row.left is None else calendar.day(part.row.left)


def _subscription(part: Part, calendar: Calendar) -> Subscription:
    return Subscription(
        organisation=part.stage.organisation,
        customer=part.customer,
        plan="Daily decisions",
        starts_on=calendar.day(part.row.started),
        ends_on=_last_day(part, calendar),
        amount_e4=_monthly(part),
        currency=CURRENCY,
        interval=Subscription.Interval.MONTH,
        recorded_at=calendar.now,
        source="invoicing",
        external_id=f"contract-{part.row.key}",
    )


def _invoices(part: Part, calendar: Calendar) -> Iterator[Transaction]:
    dice, day = part.row.dice("invoices"), calendar.day(part.row.started)
    last = _last_day(part, calendar) or calendar.today
    while day < last:
        amount = _monthly(part)
        yield Transaction(
            organisation=part.stage.organisation,
            customer=part.customer,
            at=calendar.at(workday(day), 9),
            recorded_at=calendar.now,
            amount_e4=amount,
            cost_e4=round(amount * (COST + dice.uniform(-0.06, 0.12))),
            currency=CURRENCY,
            about="Daily decisions",
            source="invoicing",
            external_id=f"invoice-{part.row.key}-{day:%Y%m%d}",
        )
        day += timedelta(days=30)


def _cases(part: Part, calendar: Calendar) -> Iterator[SupportCase]:
    dice, days_ago = part.row.dice("support"), float(part.row.started)
    number = 0
    while (days_ago := days_ago - dice.expovariate(1 / 75)) > max(part.row.left or 0, 0.5):
        number += 1
        yield _case(
            part, calendar.ago(int(days_ago), dice.randrange(8, 17), dice.randrange(60)), number, dice
        )


def _case(part: Part, opened: datetime, number: int, dice: Random) -> SupportCase:
    now = part.stage.calendar.now
    answered = opened + timedelta(minutes=dice.lognormvariate(3.6, 0.9))
    resolved = answered + timedelta(hours=dice.lognormvariate(2.2, 1.1))
    is_resolved = resolved < now
    is_asked = is_resolved and dice.random() < 0.5
    again = dice.random() < 0.08
    return SupportCase(
        organisation=part.stage.organisation,
        customer=part.customer,
        subject=dice.choice(SUBJECTS),
        opened_at=opened,
        first_answer_at=answered if answered < now else None,
        resolved_at=resolved if is_resolved else None,
        reopened_count=int(again and is_resolved),
        reopened_at=answered + (resolved - answered) * 0.6 if again and is_resolved else None,
        reassigned_count=dice.choice((0, 0, 0, 1, 2)),
        channel=dice.choice(("Mail", "Mail", "Telephone")),
        urgency=dice.choice(("low", "normal", "normal", "high")),
        satisfaction=dice.choice((3, 4, 4, 5, 5, 5)) if is_asked else None,
        satisfaction_of=5 if is_asked else None,
        recorded_at=now,
        source="help desk",
        external_id=f"case-{part.row.key}-{number}",
    )
