"""How a coach's minutes went: calls that were held as planned, and calls that came by themselves."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Q, Sum

from coaching.models import Call
from organisations.models import User

DAYS = 28


@dataclass(frozen=True)
class Balance:
    """Proactive: held as planned. Reactive: logged without a plan. `untimed` say nothing of how long."""

    proactive: int
    reactive: int
    proactive_minutes: int
    reactive_minutes: int
    untimed: int

    @property
    def n(self) -> int:
        return self.proactive + self.reactive

    @property
    def minutes(self) -> int:
        return self.proactive_minutes + self.reactive_minutes

    @property
    def share(self) -> float | None:
        """Of calls."""
        return self.proactive / self.n if self.n else None

    @property
    def minutes_share(self) -> float | None:
        return self.proactive_minutes / self.minutes if self.minutes else None

    @property
    def reactive_a_week(self) -> int:
        return round(self.reactive_minutes * 7 / DAYS)


def balance_of(coach: User, *, now: datetime) -> Balance:
    """Of the last four weeks. One query."""
    planned = Q(touchpoint__isnull=False)
    rows = Call.objects.filter(by=coach, held_at__gte=now - timedelta(days=DAYS), held_at__lte=now)
    found = rows.aggregate(
        proactive=Count("pk", filter=planned),
        reactive=Count("pk", filter=~planned),
        proactive_minutes=Sum("minutes", filter=planned, default=0),
        reactive_minutes=Sum("minutes", filter=~planned, default=0),
        untimed=Count("pk", filter=Q(minutes=None)),
    )
    return Balance(**found)
