"""The slow oracle of each kind of criterion: when it is met, walked reading by reading and day by day."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction

from customers.models import Reading, SupportCase
from milestones.models import Claim, Criterion, Enrolment

HOLDS = {
    "gte": lambda value, threshold: value >= threshold,
    "gt": lambda value, threshold: value > threshold,
    "lte": lambda value, threshold: value <= threshold,
    "lt": lambda value, threshold: value < threshold,
}


@dataclass
class Evidence:
    """All there is about one enrolment (readings of every metric), and the cases of its organisation."""

    enrolment: Enrolment
    readings: list[Reading]
    claims: list[Claim]
    confirmations: list[datetime]
    cases: list[SupportCase]

    def of(self, criterion: Criterion, *, from_start: bool = True) -> list[Reading]:
        start = self.enrolment.started_at if from_start else None
        return sorted(
            (
                reading
                for reading in self.readings
                if reading.metric_id == criterion.metric_id and (start is None or reading.at >= start)
            ),
            key=lambda reading: (reading.at, reading.source, reading.external_id),
        )


def when_met(criterion: Criterion, evidence: Evidence) -> datetime | None:
    return KINDS[criterion.kind](criterion, evidence)


def _metric(criterion: Criterion, evidence: Evidence) -> datetime | None:
    holds = HOLDS[criterion.operator]
    return next((r.at for r in evidence.of(criterion) if holds(r.value, criterion.threshold)), None)


def _change(criterion: Criterion, evidence: Evidence) -> datetime | None:
    readings, start = evidence.of(criterion, from_start=False), evidence.enrolment.started_at
    before = [r for r in readings if start is not None and r.at <= start]
    after = readings[len(before) :]
    base = before[-1] if before else after.pop(0) if after else None
    for reading in after:
        assert base is not None
        grown = Fraction(reading.value) - Fraction(base.value)
        if criterion.way.startswith("falls"):
            grown = -grown
        needed = Fraction(criterion.threshold)
        if criterion.way.endswith("percent"):
            needed = needed * abs(Fraction(base.value)) / 100
            if base.value == 0:
                continue
        if grown >= needed:
            return reading.at
    return None


def _sustained(criterion: Criterion, evidence: Evidence) -> datetime | None:
    since: datetime | None = None
    before: datetime | None = None
    for reading in evidence.of(criterion):
        if not HOLDS[criterion.operator](reading.value, criterion.threshold):
            since = None
        elif since is None or before is None or reading.at > before + timedelta(days=criterion.holds_days):
            since = reading.at
        if since is not None and reading.at >= since + timedelta(days=criterion.days):
            return reading.at
        before = reading.at
    return None


def _window(criterion: Criterion, evidence: Evidence) -> datetime | None:
    readings = evidence.of(criterion)
    for place, reading in enumerate(readings):
        begin = reading.at - timedelta(days=criterion.days)
        within = [r for r in readings[: place + 1] if r.at > begin]
        total = len(within) if criterion.way == "count" else sum(Fraction(r.value) for r in within)
        if total >= Fraction(criterion.threshold):
            return reading.at
    return None


def _survey(criterion: Criterion, evidence: Evidence) -> datetime | None:
    answers = [r for r in evidence.of(criterion) if criterion.scale_low <= r.value <= criterion.scale_high]
    for place in range(criterion.answers, len(answers) + 1):
        newest = answers[place - criterion.answers : place]
        mean = sum(Fraction(r.value) for r in newest) / criterion.answers
        if HOLDS[criterion.operator](mean, Fraction(criterion.threshold)):
            return newest[-1].at
    return None


def _support(criterion: Criterion, evidence: Evidence) -> datetime | None:
    """The first moment at which the days before it were silent; silence begins with a start or a closing."""
    if not evidence.cases:
        return None
    heard_from = min(case.opened_at for case in evidence.cases)
    heard_until = max(case.resolved_at or case.opened_at for case in evidence.cases)
    start = evidence.enrolment.started_at
    begins = max(start, heard_from) if start else heard_from
    own = [
        case
        for case in evidence.cases
        if case.customer_id == evidence.enrolment.customer_id and criterion.urgency in ("", case.urgency)
    ]
    moments = [begins, *(case.resolved_at for case in own if case.resolved_at)]
    for since in sorted(moments):
        full = since + timedelta(days=criterion.days)
        is_open = any(
            case.opened_at < full and (case.resolved_at is None or case.resolved_at > since) for case in own
        )
        if since >= begins and full <= heard_until and not is_open:
            return full
    return None


def _claim(criterion: Criterion, evidence: Evidence) -> datetime | None:
    return min(_shown(criterion, evidence.claims), default=None)


def _shown(criterion: Criterion, claims: Iterable[Claim]) -> Iterator[datetime]:
    for claim in claims:
        shown = {
            "": True,
            "number": claim.evidence_number is not None,
            "words": bool(claim.evidence_words),
            "link": bool(claim.evidence_link),
        }
        if shown[criterion.way]:
            yield claim.reached_at


def _confirmation(criterion: Criterion, evidence: Evidence) -> datetime | None:
    return min(evidence.confirmations, default=None)


KINDS: dict[str, Callable[[Criterion, Evidence], datetime | None]] = {
    "metric": _metric,
    "change": _change,
    "sustained": _sustained,
    "window": _window,
    "survey": _survey,
    "support": _support,
    "claim": _claim,
    "confirmation": _confirmation,
}
