"""Rows for tests: typed functions with defaults. Call them within the organisation."""

from datetime import UTC, date, datetime, time
from typing import Any

from customers.keeping import FIRST_OUTCOME
from customers.models import (
    Contact,
    Customer,
    Metric,
    Outcome,
    Reading,
    Segment,
    Subscription,
    SupportCase,
    Transaction,
)
from milestones.clocks import target_day
from milestones.models import Criterion, Enrolment, Journey, JourneyVersion, Milestone
from organisations.models import Membership, Organisation, Role, User
from post.models import Recipient

START = datetime(2025, 10, 1, tzinfo=UTC)
START_DAY = START.date()
PASSWORD = "a-long-enough-password"


def make_organisation(
    *, slug: str = "harbour", name: str = "Harbour Analytics", **fields: Any
) -> Organisation:
    fields.setdefault("postal_address", "Kade 1, 3011 Rotterdam")
    return Organisation.objects.create(slug=slug, name=name, created_at=START, **fields)


def make_member(organisation: Organisation, name: str, *, role: Role = Role.CSM) -> User:
    first = name.split(" ")[0].lower()
    user = User.objects.create_user(f"{first}@{organisation.slug}.example", name=name, password=PASSWORD)
    Membership.objects.create(organisation=organisation, user=user, role=role, joined_at=START)
    return user


def make_segment(organisation: Organisation, name: str = "Freight") -> Segment:
    return Segment.objects.create(organisation=organisation, slug=name.lower(), name=name)


def make_customer(organisation: Organisation, name: str = "Kestrel Freight", **fields: Any) -> Customer:
    fields.setdefault("key", name.lower().replace(" ", "-"))
    fields.setdefault("created_at", START)
    first = {field: fields.pop(name) for name, field in FIRST_OUTCOME.items() if name in fields}
    customer = Customer.objects.create(organisation=organisation, name=name, **fields)
    if any(first.values()):
        make_outcome(customer, **first)
    return customer


def make_outcome(
    customer: Customer, words: str = "A fifth fewer empty kilometres.", **fields: Any
) -> Outcome:
    fields.setdefault("created_at", START)
    return Outcome.objects.create(
        organisation_id=customer.organisation_id, customer=customer, words=words, **fields
    )


def make_contact(
    customer: Customer, name: str = "Amara Okafor", *, address: str = "", **fields: Any
) -> Contact:
    address = address or f"{name.split(' ')[0].lower()}@{customer.key}.example"
    recipient, _ = Recipient.objects.get_or_create(organisation_id=customer.organisation_id, address=address)
    return Contact.objects.create(
        organisation_id=customer.organisation_id, customer=customer, name=name, recipient=recipient, **fields
    )


def make_metric(organisation: Organisation, key: str = "score", **fields: Any) -> Metric:
    fields.setdefault("name", key.replace("-", " ").capitalize())
    return Metric.objects.create(organisation=organisation, key=key, **fields)


def make_journey(
    organisation: Organisation,
    *,
    slug: str = "first-data",
    milestones: int = 5,
    metric: Metric | None = None,
    threshold: float = 40,
    published: bool = True,
    **milestone_fields: Any,
) -> Journey:
    """A journey whose milestones m1…mN each need their metric to be at least threshold."""
    journey = Journey.objects.create(
        organisation=organisation, slug=slug, name=slug.replace("-", " ").capitalize()
    )
    version = JourneyVersion.objects.create(
        organisation=organisation, journey=journey, number=1, published_at=START if published else None
    )
    stages = list(Milestone.Stage)
    for n in range(1, milestones + 1):
        fields: dict[str, Any] = {
            "name": f"Milestone {n}",
            "meaning": f"What milestone {n} means for you.",
            "stage": stages[min(n - 1, len(stages) - 1)],
            "target_days": 20 * n,
        }
        milestone = Milestone.objects.create(
            organisation=organisation, version=version, key=f"m{n}", position=n, **(fields | milestone_fields)
        )
        Criterion.objects.create(
            organisation=organisation,
            milestone=milestone,
            position=1,
            kind=Criterion.Kind.METRIC,
            metric=metric or make_metric(organisation, f"{slug}-{n}"),
            operator=Criterion.Operator.AT_LEAST,
            threshold=threshold,
        )
    return journey


def make_enrolment(
    customer: Customer, journey: Journey, *, started_on: date | None = START_DAY, **fields: Any
) -> Enrolment:
    version = fields.pop("version", None) or journey.current_version()
    zone = customer.organisation.tzinfo
    first = version.milestones.order_by("position").first() if version else None
    fields.setdefault("moved_at", datetime.combine(started_on, time(), tzinfo=zone) if started_on else START)
    return Enrolment.objects.create(
        organisation_id=customer.organisation_id,
        customer=customer,
        journey=journey,
        version=version,
        started_on=started_on,
        started_at=datetime.combine(started_on, time(), tzinfo=zone) if started_on else None,
        enrolled_at=fields.pop("enrolled_at", START),
        current=first,
        current_key=first.key if first else "",
        due_on=target_day(started_on, first.target_days, ()) if first else None,
        **fields,
    )


def make_reading(
    customer: Customer, metric: Metric, value: float, *, at: datetime = START, **fields: Any
) -> Reading:
    """A stored reading, not judged."""
    fields.setdefault("external_id", f"{customer.pk}:{metric.pk}:{at.isoformat()}")
    fields.setdefault("source", "test")
    return Reading.objects.create(
        organisation_id=customer.organisation_id,
        customer=customer,
        metric=metric,
        at=at,
        recorded_at=fields.pop("recorded_at", at),
        value=value,
        **fields,
    )


def make_transaction(
    customer: Customer, amount_e4: int, *, at: datetime = START, **fields: Any
) -> Transaction:
    number = Transaction.objects.count()
    defaults = {"currency": "EUR", "source": "test", "external_id": f"t{number}", "recorded_at": at}
    return Transaction.objects.create(
        organisation_id=customer.organisation_id,
        customer=customer,
        amount_e4=amount_e4,
        at=at,
        **(defaults | fields),
    )


def make_subscription(
    customer: Customer, amount_e4: int, *, starts_on: date = START_DAY, **fields: Any
) -> Subscription:
    number = Subscription.objects.count()
    defaults: dict[str, Any] = {"currency": "EUR", "interval": "month", "recorded_at": START}
    defaults |= {"source": "test", "external_id": f"s{number}"}
    return Subscription.objects.create(
        organisation_id=customer.organisation_id,
        customer=customer,
        amount_e4=amount_e4,
        starts_on=starts_on,
        **(defaults | fields),
    )


def make_case(customer: Customer, *, opened_at: datetime = START, **fields: Any) -> SupportCase:
    number = SupportCase.objects.count()
    defaults: dict[str, Any] = {"source": "test", "external_id": f"c{number}", "recorded_at": opened_at}
    return SupportCase.objects.create(
        organisation_id=customer.organisation_id,
        customer=customer,
        opened_at=opened_at,
        **(defaults | fields),
    )
