"""What an achievement rests on, in words: the one specific fact that a question or a celebration names."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from milestones.models import (
    Achievement,
    Claim,
    Criterion,
    CriterionProgress,
    Enrolment,
    Milestone,
    Verdict,
)
from milestones.models.wording import MEASURED, number_words

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
    """A met criterion that was measured, as a fact: "Score reached 78 (target 40) on 6 March"."""
    criterion = met.criterion
    say = _FACTS.get(criterion.kind)
    if say is None:
        return ""
    said, metric = criterion.said, criterion.metric
    is_plain = criterion.way == Criterion.Way.COUNT
    unit = "%" if criterion.way.endswith("percent") else said.unit
    words = {
        "metric": metric.name if metric else "",
        "value": "" if met.value is None else amount_words(round(met.value, 4), "" if is_plain else unit),
        "target": amount_words(criterion.threshold or 0, "" if is_plain else unit),
        "operator": criterion.get_operator_display(),
        "days": ngettext("%(n)d day", "%(n)d days", criterion.days or 0) % {"n": criterion.days or 0},
        "answers": said.answers,
        "urgency": criterion.urgency,
        "day": fact_day(met.met_at, now=now),
    }
    return say(criterion) % words


def _threshold_fact(criterion: Criterion) -> str:
    if criterion.operator in FALLING:
        return _("%(metric)s fell to %(value)s (target %(target)s) on %(day)s")
    return _("%(metric)s reached %(value)s (target %(target)s) on %(day)s")


def _change_fact(criterion: Criterion) -> str:
    if criterion.way.startswith("falls"):
        return _("%(metric)s fell by %(value)s (target %(target)s) since they began, on %(day)s")
    return _("%(metric)s rose by %(value)s (target %(target)s) since they began, on %(day)s")


def _sustained_fact(_criterion: Criterion) -> str:
    return _("%(metric)s stayed %(operator)s %(target)s for %(days)s, up to %(day)s")


def _window_fact(criterion: Criterion) -> str:
    if criterion.way == Criterion.Way.COUNT:
        return _("%(value)s × %(metric)s within %(days)s (target %(target)s), on %(day)s")
    return _("%(metric)s added up to %(value)s within %(days)s (target %(target)s), on %(day)s")


def _survey_fact(criterion: Criterion) -> str:
    if criterion.operator in FALLING:
        return _(
            "The mean of %(answers)s answers to %(metric)s fell to %(value)s (target %(target)s) on %(day)s"
        )
    return _("The mean of %(answers)s answers to %(metric)s reached %(value)s (target %(target)s) on %(day)s")


def _support_fact(criterion: Criterion) -> str:
    if criterion.urgency:
        return _("No support case of urgency “%(urgency)s” was open for %(days)s, up to %(day)s")
    return _("No support case was open for %(days)s, up to %(day)s")


_FACTS: dict[str, Callable[[Criterion], str]] = {
    "metric": _threshold_fact,
    "change": _change_fact,
    "sustained": _sustained_fact,
    "window": _window_fact,
    "survey": _survey_fact,
    "support": _support_fact,
}


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
    """The measured criterion that completed the milestone: the last one met by then."""
    known = [row for row in met if row.criterion.kind in MEASURED]
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
