"""What is known of how a customer got somewhere: words for a first draft, and numbers with their evidence.

Nothing here is made up: what is not known is left empty for a person to ask about.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from advocacy.models import CelebrationReply
from coaching.models import Call, Commitment
from customers.models import Contact, Metric, Reading
from milestones.evidence import fact_of
from milestones.models import Achievement, Claim, CriterionProgress, Verdict

MOST_POINTS, MOST_NUMBERS, MOST_COMMITMENTS = 48, 4, 5


@dataclass(frozen=True)
class Quote:
    """Something they said that may be quoted."""

    words: str
    contact: Contact | None
    said: str
    """Where and when."""


@dataclass
class Materials:
    """A first draft, and what it rests on."""

    background: str
    approach: str
    result: str
    quotes: list[Quote]
    numbers: list[dict[str, Any]] = field(default_factory=list)
    """Fields of a `StoryNumber` each."""


def gather(achievement: Achievement, *, now: datetime) -> Materials:
    """Give it with its milestone and its enrolment's customer and journey; `now` and words in the zone and
    language in force."""
    return Materials(
        background=_background(achievement),
        approach=_approach(achievement),
        result=_result(achievement, now=now),
        quotes=quotes_about(achievement),
        numbers=_numbers(achievement),
    )


def quotes_about(achievement: Achievement) -> list[Quote]:
    """What they said when they confirmed, what they said back to the celebration, what stands in a claim."""
    at = {"enrolment": achievement.enrolment_id, "milestone_key": achievement.milestone_key}
    found = []
    said = Verdict.objects.standing().filter(**at, kind=Verdict.Kind.CONFIRMED).exclude(words="")
    for verdict in said.select_related("contact").order_by("-at"):
        found.append(Quote(verdict.words, verdict.contact, _("confirming it, %s") % _day(verdict.at)))
    replies = CelebrationReply.objects.filter(
        celebration__enrolment=achievement.enrolment_id, celebration__milestone_key=achievement.milestone_key
    ).exclude(words="")
    for reply in replies.select_related("contact").order_by("-replied_at"):
        day = _day(reply.replied_at or achievement.achieved_at)
        found.append(Quote(reply.words, reply.contact, _("answering our mail, %s") % day))
    claims = Claim.objects.filter(**at, withdrawn_at=None).exclude(evidence_words="")
    for claim in claims.select_related("named_contact").order_by("-id"):
        found.append(
            Quote(claim.evidence_words, claim.named_contact, _("to us, %s") % _day(claim.reached_at))
        )
    return found


def _background(achievement: Achievement) -> str:
    customer, enrolment = achievement.enrolment.customer, achievement.enrolment
    outcome = customer.first_outcome
    lines = []
    if outcome and outcome.words:
        lines.append(_("What they wanted, in their words: “%(words)s”") % {"words": outcome.words.strip()})
    if outcome and outcome.metric and outcome.baseline is not None:
        where = {"metric": outcome.metric.name, "value": outcome.metric.said(outcome.baseline)}
        lines.append(_("%(metric)s stood at %(value)s when they began.") % where)
    if enrolment.started_on:
        lines.append(_("They set out on %(day)s.") % {"day": _date(enrolment.started_on)})
    return "\n\n".join(lines)


def _approach(achievement: Achievement) -> str:
    enrolment = achievement.enrolment
    rows = Achievement.objects.standing().filter(
        enrolment=enrolment, achieved_at__lte=achievement.achieved_at
    )
    steps = [
        f"{_day(row.achieved_at)}: {row.milestone.name}"
        for row in rows.select_related("milestone").order_by("achieved_at", "id")
    ]
    calls = Call.objects.filter(customer=enrolment.customer_id, held_at__lte=achievement.achieved_at).count()
    kept = Commitment.objects.filter(
        customer=enrolment.customer_id,
        state=Commitment.State.KEPT,
        owner_contact__isnull=False,
        settled_at__lte=achievement.achieved_at,
    ).order_by("settled_at", "id")
    lines = ["\n".join(steps)] if steps else []
    if calls:
        lines.append(
            ngettext("We spoke %(n)d time on the way.", "We spoke %(n)d times on the way.", calls)
            % {"n": calls}
        )
    done = [row.will.strip().rstrip(".") for row in kept[:MOST_COMMITMENTS]]
    if done:
        lines.append(_("What they said they would do, and did: %s.") % "; ".join(done))
    return "\n\n".join(lines)


def _result(achievement: Achievement, *, now: datetime) -> str:
    at = {"enrolment": achievement.enrolment_id}
    key = achievement.milestone_key
    met = CriterionProgress.objects.filter(**at, criterion__milestone=achievement.milestone_id)
    claims = Claim.objects.filter(**at, milestone_key=key, withdrawn_at=None).order_by("id")
    fact = fact_of(
        achievement,
        met=list(met.select_related("criterion__metric")),
        claims=list(claims),
        verdicts=list(Verdict.objects.standing().filter(**at, milestone_key=key).order_by("at", "id")),
        now=now,
    )
    return "\n\n".join(part for part in (fact, achievement.milestone.meaning.strip()) if part)


def _numbers(achievement: Achievement) -> list[dict[str, Any]]:
    """What was measured: of each metric of this milestone and of their first outcome, then and now."""
    enrolment = achievement.enrolment
    met = CriterionProgress.objects.filter(enrolment=enrolment, criterion__metric__isnull=False)
    here = met.filter(criterion__milestone=achievement.milestone_id).select_related("criterion__metric")
    metrics = {row.criterion.metric_id: row.criterion.metric for row in here.order_by("criterion__position")}
    outcome = enrolment.customer.first_outcome
    if outcome and outcome.metric:
        metrics.setdefault(outcome.metric_id, outcome.metric)
    found = [_number(achievement, metric) for metric in list(metrics.values())[:MOST_NUMBERS] if metric]
    rows = [row for row in found if row is not None]
    if achievement.days is not None:
        rows.append(_days_taken(achievement))
    return [row | {"position": place} for place, row in enumerate(rows, start=1)]


def _number(achievement: Achievement, metric: Metric) -> dict[str, Any] | None:
    readings = list(
        Reading.objects.standing()
        .filter(customer=achievement.enrolment.customer_id, metric=metric)
        .filter(at__lte=achievement.achieved_at)
        .order_by("at", "id")
    )
    if not readings:
        return None
    first, last = readings[0], readings[-1]
    said = _("%(n)d readings of “%(metric)s”, from %(source)s, %(first)s to %(last)s")
    return {
        "label": metric.name,
        "unit": metric.unit,
        "before": first.value if first.pk != last.pk else None,
        "before_on": _on(first.at) if first.pk != last.pk else None,
        "after": last.value,
        "after_on": _on(last.at),
        "source": said
        % {
            "n": len(readings),
            "metric": metric.name,
            "source": last.source,
            "first": _day(first.at),
            "last": _day(last.at),
        },
        "points": [[_on(row.at).isoformat(), row.value] for row in _spread(readings)],
        "metric": metric,
        "before_reading": first,
        "after_reading": last,
    }


def _days_taken(achievement: Achievement) -> dict[str, Any]:
    verified = _("; the customer confirmed it") if achievement.verified_at else ""
    said = _("“%(milestone)s” was reached on %(day)s, counted from the day they set out")
    words = said % {"milestone": achievement.milestone.name, "day": _day(achievement.achieved_at)}
    return {
        "label": _("Days it took"),
        "unit": "",
        "after": float(achievement.days or 0),
        "after_on": _on(achievement.achieved_at),
        "source": words + verified,
    }


def _spread(readings: Sequence[Reading]) -> list[Reading]:
    """All of them, or as many as a drawing shows, evenly chosen with the first and the last."""
    if len(readings) <= MOST_POINTS:
        return list(readings)
    step = (len(readings) - 1) / (MOST_POINTS - 1)
    return [readings[round(place * step)] for place in range(MOST_POINTS)]


def _on(at: datetime) -> date:
    return localtime(at).date()


def _day(at: datetime) -> str:
    return _date(_on(at))


def _date(day: date) -> str:
    return date_format(day, "j F Y")
