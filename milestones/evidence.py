"""What an achievement rests on, in words: the one specific fact that a question or a celebration names."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from milestones.models import (
    Achievement,
    Claim,
    Criterion,
    CriterionProgress,
    Enrolment,
    Milestone,
    Verdict,
)
from milestones.models.wording import number_words

FALLING = (Criterion.Operator.AT_MOST, Criterion.Operator.LESS_THAN)


def outcome_key(enrolment_id: int, milestone_key: str) -> str:
    """The name of "this milestone of this enrolment" in the outbox: one celebration under it, for ever."""
    return f"{enrolment_id}:{milestone_key}"


def gone_words(why: str) -> str:
    """Why an achievement no longer stands, in words."""
    known = {
        "contested": _("the customer contested"),
        "evidence gone": _("its evidence is gone"),
        "claim withdrawn": _("the claim was taken back"),
        "answer taken back": _("the customer took the answer back"),
        "start changed": _("the journey has another start"),
        "import undone": _("the import was undone"),
    }
    return known.get(why, why)


def amount_words(value: float, unit: str) -> str:
    """A number with its unit: "7.6%", "78 points"."""
    space = "" if unit in ("", "%") else "\N{NO-BREAK SPACE}"
    return f"{number_words(value)}{space}{unit}"


def fact_day(at: datetime, *, now: datetime) -> str:
    """The day of a fact, which stays true when read later: "6 March", "9 October 2025"."""
    day, today = localtime(at).date(), localtime(now).date()
    if day.year == today.year:
        return date_format(day, pgettext("day this year", "j F"))
    return date_format(day, pgettext("day of another year", "j F Y"))


def reading_words(met: CriterionProgress, *, now: datetime) -> str:
    """A met metric criterion as a fact: "Score reached 78 (target 40) on 6 March"."""
    criterion = met.criterion
    metric, value, threshold = criterion.metric, met.value, criterion.threshold
    if metric is None or value is None or threshold is None:
        return ""
    words = {
        "metric": metric.name,
        "value": amount_words(value, metric.unit),
        "target": amount_words(threshold, metric.unit),
        "day": fact_day(met.met_at, now=now),
    }
    if criterion.operator in FALLING:
        return _("%(metric)s fell to %(value)s (target %(target)s) on %(day)s") % words
    return _("%(metric)s reached %(value)s (target %(target)s) on %(day)s") % words


def evidence_of(enrolment: Enrolment, milestone: Milestone, *, now: datetime) -> dict[str, Any]:
    """What the customer is shown before they answer: the newest claim, its number, and what was measured."""
    claims = Claim.objects.filter(enrolment=enrolment, milestone_key=milestone.key, withdrawn_at=None)
    claim = claims.select_related("claimed_by", "named_contact").order_by("id").last()
    met = CriterionProgress.objects.filter(enrolment=enrolment, criterion__milestone=milestone)
    rows = met.select_related("criterion__metric").order_by("criterion__position")
    number = claim.evidence_number if claim else None
    return {
        "claim": claim,
        "claim_number": "" if number is None else number_words(number),
        "readings": [words for row in rows if (words := reading_words(row, now=now))],
    }


def decisive(met: Sequence[CriterionProgress], achieved_at: datetime) -> CriterionProgress | None:
    """The metric criterion that completed the milestone: the last one met by then."""
    known = [row for row in met if row.value is not None and row.criterion.metric is not None]
    in_time = [row for row in known if row.met_at <= achieved_at]
    return max(in_time or known, key=lambda row: row.met_at, default=None)


def fact_of(
    achievement: Achievement,
    *,
    met: Sequence[CriterionProgress],
    claims: Sequence[Claim],
    verdicts: Sequence[Verdict],
    now: datetime,
) -> str:
    """One specific fact: what was claimed, else measured, else what they said; empty when there is none."""
    if claims:
        return claims[-1].statement.strip()
    reading = decisive(met, achievement.achieved_at)
    if reading is not None:
        return reading_words(reading, now=now)
    said = [
        verdict.words.strip() for verdict in verdicts if verdict.is_confirmation and verdict.words.strip()
    ]
    return said[-1] if said else ""
