"""What changed since somebody last looked, by others and by the data."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Q
from django.utils.translation import ngettext

from customers.models import Customer
from dashboards.today.scope import Cut, Scope
from milestones.models import Milestone
from organisations.models import Event, EventQuerySet, Membership

NEVER_SEEN_DAYS = 7
LONGEST_DAYS = 90

# Kind → event verb, and how many there were in words.
KINDS: dict[str, tuple[str, Callable[[int], str]]] = {
    "reached": (
        "milestone_achieved",
        lambda n: ngettext("%(n)d milestone reached", "%(n)d milestones reached", n) % {"n": n},
    ),
    "confirmed": (
        "outcome_confirmed",
        lambda n: ngettext("%(n)d outcome confirmed", "%(n)d outcomes confirmed", n) % {"n": n},
    ),
    "contested": (
        "outcome_contested",
        lambda n: ngettext("%(n)d outcome contested", "%(n)d outcomes contested", n) % {"n": n},
    ),
    "worded": (
        "wording_confirmed",
        lambda n: ngettext("%(n)d wording confirmed", "%(n)d wordings confirmed", n) % {"n": n},
    ),
    "celebrated": (
        "celebration_posted",
        lambda n: ngettext("%(n)d celebration sent", "%(n)d celebrations sent", n) % {"n": n},
    ),
    "called": ("call_logged", lambda n: ngettext("%(n)d call logged", "%(n)d calls logged", n) % {"n": n}),
    "started": (
        "enrolled",
        lambda n: ngettext("%(n)d journey begun", "%(n)d journeys begun", n) % {"n": n},
    ),
    "left": (
        "customer_left",
        lambda n: ngettext("%(n)d customer left", "%(n)d customers left", n) % {"n": n},
    ),
}
KIND_OF = {verb: kind for kind, (verb, _words) in KINDS.items()}


@dataclass(frozen=True)
class Change:
    kind: str
    words: str


@dataclass(frozen=True)
class Happened:
    """One event of a kind, with the names it is about."""

    customer: Customer
    at: datetime
    milestone: str


def since(membership: Membership, now: datetime) -> datetime:
    """From when on: never longer ago than a person can make sense of."""
    if membership.seen_at is None:
        return now - timedelta(days=NEVER_SEEN_DAYS)
    return max(membership.seen_at, now - timedelta(days=LONGEST_DAYS))


def changes(scope: Scope, since: datetime) -> list[Change]:
    """How much of each kind; nothing of a kind that did not happen."""
    counted = _events(scope, since, list(KIND_OF)).order_by().values("verb").annotate(n=Count("pk"))
    by_kind = {KIND_OF[row["verb"]]: row["n"] for row in counted}
    return [Change(kind, KINDS[kind][1](by_kind[kind])) for kind in KINDS if kind in by_kind]


def how_many(scope: Scope, since: datetime, kind: str) -> Change:
    """How much of one kind, none included."""
    found = next((change for change in changes(scope, since) if change.kind == kind), None)
    return found or Change(kind, KINDS[kind][1](0))


def happened(scope: Scope, since: datetime, kind: str) -> tuple[list[Happened], Cut]:
    """The events of one kind, the newest first."""
    cut = scope.cut(_events(scope, since, [KINDS[kind][0]]).newest_first())
    events = cut.rows
    customers = Customer.objects.in_bulk({event.customer_id for event in events})
    milestones = Milestone.objects.in_bulk({event.data.get("milestone_id") or 0 for event in events})
    rows = [
        Happened(
            customer=customers[event.customer_id],
            at=event.at,
            milestone=str(milestones.get(event.data.get("milestone_id"), "")),
        )
        for event in events
        if event.customer_id in customers
    ]
    return rows, cut


def _events(scope: Scope, since: datetime, verbs: list[str]) -> EventQuerySet:
    """Learned since then; neither the viewer's own doing nor what an import told about the past."""
    theirs = Customer.objects.filter(scope.owned("owner")).values("pk")
    return (
        Event.objects.filter(recorded_at__gt=since, recorded_at__lte=scope.now, verb__in=verbs)
        .filter(customer_id__in=theirs)
        .filter(~Q(actor=scope.viewer) | Q(actor=None))
        .filter(Q(data__history__isnull=True) | Q(data__history=False))
    )


def see(*, membership: Membership, until: datetime, now: datetime) -> None:
    """What is known by `until` has been seen. Never moves back, never ahead of now."""
    until = min(until, now)
    if membership.seen_at is None or until > membership.seen_at:
        membership.seen_at = until
        membership.save(update_fields=["seen_at"])
