"""Numbers for Prometheus: of requests, each web process its own; of the database, asked at every scrape.

The database is asked organisation by organisation, inside each one's wall, and only sums leave: no label
names an organisation or a person.
"""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime

from django.db.models import Count, Min, QuerySet
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.process_collector import ProcessCollector
from prometheus_client.registry import Collector

from advocacy.models import Celebration
from office.models import Import, IncomingEvent
from organisations import tenancy
from organisations.models import Organisation
from post import beating
from post.models import Delivery, Hold, WebhookDelivery

CONTENT_TYPE = CONTENT_TYPE_LATEST
OURS = CollectorRegistry()
ProcessCollector(registry=OURS)
REQUESTS = Histogram(
    "bosai_request_seconds",
    "Time until a response began, by view and status.",
    ["view", "method", "status"],
    buckets=(0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
    registry=OURS,
)
METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}


def request_answered(*, view: str, method: str, status: int, seconds: float) -> None:
    method = method if method in METHODS else "other"  # what strangers make up must not become a label
    REQUESTS.labels(view, method, str(status)).observe(seconds)


def rendered(*, now: datetime) -> bytes:
    """Everything, as Prometheus reads it."""
    snapshot = CollectorRegistry()
    snapshot.register(_Snapshot(now))
    return generate_latest(OURS) + generate_latest(snapshot)


class _Snapshot(Collector):
    """What the database holds at this moment."""

    def __init__(self, now: datetime) -> None:
        self.now = now
        self.counted: dict[str, Counter[str]] = {"deliveries": Counter(), "imports": Counter()}
        self.counted |= {"webhook_calls": Counter(), "incoming_events": Counter()}
        self.celebrations: Counter[str] = Counter()
        self.held = 0
        self.oldest: datetime | None = None

    def describe(self) -> list[Metric]:
        return []

    def collect(self) -> Iterator[Metric]:
        for organisation in Organisation.objects.order_by("pk"):
            with tenancy.within(organisation):
                self._count()
        for name, counter in self.counted.items():
            yield _gauge(
                f"bosai_{name}", f"{name.replace('_', ' ').capitalize()} by state.", counter, "state"
            )
        yield _gauge("bosai_celebrations", "Celebrations by state.", self.celebrations, "state")
        waited = (self.now - self.oldest).total_seconds() if self.oldest else 0.0
        words = "Seconds since the delivery became due that waits longest."
        yield GaugeMetricFamily("bosai_oldest_waiting_seconds", words, value=waited)
        words = "Organisations whose mail is held."
        yield GaugeMetricFamily("bosai_held_organisations", words, value=self.held)
        beats = beating.beats(now=self.now)
        ages = {name: (beats.clock - at).total_seconds() for name, at in beats.at.items()}
        yield _gauge("bosai_heartbeat_age_seconds", "Seconds since a process was heard.", ages, "process")

    def _count(self) -> None:
        self.counted["deliveries"].update(_by_state(Delivery.objects.all()))
        self.counted["imports"].update(_by_state(Import.objects.all()))
        self.counted["webhook_calls"].update(_by_state(WebhookDelivery.objects.all()))
        self.counted["incoming_events"].update(_by_state(IncomingEvent.objects.all()))
        self.celebrations.update(_by_state(Celebration.objects.all()))
        self.held += Hold.objects.filter(ended_at=None).count()
        waiting = Delivery.objects.filter(state=Delivery.State.PENDING, due_at__lte=self.now)
        oldest = waiting.aggregate(at=Min("due_at"))["at"]
        self.oldest = min(filter(None, (self.oldest, oldest)), default=None)


def _by_state(rows: QuerySet) -> dict[str, int]:
    return dict(rows.order_by().values_list("state").annotate(n=Count("pk")))


def _gauge(name: str, words: str, values: "Counter[str] | dict[str, float]", label: str) -> GaugeMetricFamily:
    family = GaugeMetricFamily(name, words, labels=[label])
    for value, number in sorted(values.items()):
        family.add_metric([value], number)
    return family
