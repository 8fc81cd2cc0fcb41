"""How near a customer is to a milestone, criterion by criterion, and what is missing: for people to read."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import floor

from django.db.models import Max, Min
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from customers.models import SupportCase
from milestones.criteria import Scope
from milestones.criteria.standing import Standing, standing
from milestones.evidence import FALLING, amount_words, fact_day
from milestones.models import Criterion, CriterionProgress, Enrolment
from organisations.models import Organisation

Kind = Criterion.Kind


@dataclass(frozen=True, slots=True)
class Nearing:
    """One criterion of one enrolment. `words` says how far it is, or when it was met."""

    criterion: Criterion
    is_met: bool
    words: str


def nearing(
    enrolments: Sequence[Enrolment],
    *,
    organisation: Organisation,
    milestone_ids: Iterable[int],
    now: datetime,
) -> dict[int, list[Nearing]]:
    """By enrolment id, the criteria of these milestones, each of which is on the way of one of them."""
    if not enrolments:
        return {}
    rows = Criterion.objects.filter(milestone__in=list(milestone_ids)).select_related("metric", "milestone")
    criteria = list(rows.order_by("milestone", "position"))
    ids = [enrolment.pk for enrolment in enrolments]
    met = CriterionProgress.objects.filter(enrolment__in=ids, criterion__in=criteria)
    met_at = {(row.enrolment_id, row.criterion_id): row.met_at for row in met}
    scope = Scope(organisation, {enrolment.customer_id for enrolment in enrolments})
    stands = standing(scope, {one.kind for one in criteria}, at=now)
    found: dict[int, list[Nearing]] = defaultdict(list)
    for enrolment in enrolments:
        for one in (one for one in criteria if one.milestone.version_id == enrolment.version_id):
            place = (enrolment.pk, one.pk)
            if place in met_at:
                words = _("met on %(day)s") % {"day": fact_day(met_at[place], now=now)}
            elif one.kind == Kind.SUPPORT:
                words = _silence(one, enrolment)
            else:
                words = _WORDS[one.kind](one, stands.get(place), now)
            found[enrolment.pk].append(Nearing(one, place in met_at, words))
    return found


def _amount(criterion: Criterion, value: float) -> str:
    if criterion.way == Criterion.Way.COUNT:
        return amount_words(value, "")
    unit = criterion.metric.unit if criterion.metric else ""
    return amount_words(round(value, 2), "%" if criterion.way.endswith("percent") else unit)


def _target(criterion: Criterion) -> str:
    return _amount(criterion, criterion.threshold or 0)


def _threshold(criterion: Criterion, stands: Standing | None, now: datetime) -> str:
    if stands is None:
        return _("not measured yet")
    said = {"now": _amount(criterion, stands.value), "target": _target(criterion)}
    said["day"] = fact_day(stands.at, now=now)
    if criterion.operator in FALLING:
        return _("%(now)s on %(day)s, to fall to %(target)s") % said
    return _("%(now)s of %(target)s so far, on %(day)s") % said


def _change(criterion: Criterion, stands: Standing | None, now: datetime) -> str:
    if stands is None:
        return _("no two readings to compare yet")
    said = {"now": _amount(criterion, stands.so_far), "target": _target(criterion)}
    said["day"] = fact_day(stands.at, now=now)
    if criterion.way.startswith("falls"):
        return _("fallen by %(now)s of %(target)s so far, on %(day)s") % said
    return _("risen by %(now)s of %(target)s so far, on %(day)s") % said


def _sustained(criterion: Criterion, stands: Standing | None, now: datetime) -> str:
    if stands is None:
        return _("not measured yet")
    until = stands.at + timedelta(days=criterion.holds_days or 0)
    held = 0 if until < now else floor(stands.so_far + 1e-6)
    said = {
        "held": held,
        "value": _amount(criterion, stands.value),
        "day": fact_day(stands.at, now=now),
        "until": fact_day(until, now=now),
    }
    words = ngettext("%(held)s of %(n)d day held", "%(held)s of %(n)d days held", criterion.days or 0)
    days = words % {"held": held, "n": criterion.days or 0}
    if until < now:
        return f"{days}: {_('the last reading, of %(day)s, held until %(until)s') % said}"
    return f"{days}: {_('%(value)s on %(day)s') % said}"


def _window(criterion: Criterion, stands: Standing | None, now: datetime) -> str:
    said = {"now": _amount(criterion, stands.so_far if stands else 0), "target": _target(criterion)}
    words = ngettext(
        "%(now)s of %(target)s within the last %(n)d day",
        "%(now)s of %(target)s within the last %(n)d days",
        criterion.days or 0,
    )
    return words % (said | {"n": criterion.days or 0})


def _survey(criterion: Criterion, stands: Standing | None, now: datetime) -> str:
    if stands is None or stands.seen is None:
        return _("no answer yet")
    said = {"mean": _amount(criterion, stands.so_far), "target": _target(criterion)}
    said |= {"seen": str(stands.seen), "answers": str(criterion.answers)}
    if stands.seen < (criterion.answers or 1):
        return _("%(seen)s of %(answers)s answers so far, their mean %(mean)s") % said
    return _("mean %(mean)s now, target %(target)s") % said


def _claimed(criterion: Criterion, stands: Standing | None, now: datetime) -> str:
    return _("not claimed yet")


def _confirmed(criterion: Criterion, stands: Standing | None, now: datetime) -> str:
    return _("not confirmed yet")


def _silence(criterion: Criterion, enrolment: Enrolment) -> str:
    """How long it has been silent, as far as the help desk was heard."""
    cases = SupportCase.objects.standing()
    heard = cases.aggregate(since=Min("opened_at"), until=Max(Coalesce("resolved_at", "opened_at")))
    if heard["since"] is None:
        return _("no support case has come in yet, so silence says nothing")
    own = cases.filter(customer=enrolment.customer_id)
    if criterion.urgency:
        own = own.filter(urgency=criterion.urgency)
    if count := own.filter(resolved_at=None).count():
        return ngettext("%(n)d case is open", "%(n)d cases are open", count) % {"n": count}
    closed = own.aggregate(at=Max("resolved_at"))["at"]
    since = max(at for at in (heard["since"], enrolment.started_at, closed) if at)
    days = max(0, (heard["until"] - since).days)
    said = {"days": days, "n": criterion.days or 0}
    return _("%(days)d of %(n)d days in silence, as far as the help desk was heard") % said


_WORDS: dict[str, Callable[[Criterion, Standing | None, datetime], str]] = {
    Kind.METRIC.value: _threshold,
    Kind.CHANGE.value: _change,
    Kind.SUSTAINED.value: _sustained,
    Kind.WINDOW.value: _window,
    Kind.SURVEY.value: _survey,
    Kind.CLAIM.value: _claimed,
    Kind.CONFIRMATION.value: _confirmed,
}
