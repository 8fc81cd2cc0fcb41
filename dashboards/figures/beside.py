"""In what else the coached and the others differ by the landmark: what may explain a difference."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from statistics import fmean, median

from django.utils.translation import gettext as _

from customers.models import TIMES_A_YEAR, Segment, Subscription, SupportCase
from dashboards.figures.coached import Coached, Story
from milestones.models import Achievement
from ui.amounts import UNIT

MOST_SEGMENTS = 4


@dataclass(frozen=True)
class Beside:
    """One thing of both groups; None where a group has nobody of whom it is known."""

    name: str
    treated: float | None
    others: float | None
    is_share: bool = False


def beside(coached: Coached) -> list[Beside]:
    """Segments, earlier milestones, support cases, contracts. Four statements."""
    there = coached.at_risk()
    treated = [one for one in there if coached.is_coached(one)]
    others = [one for one in there if not coached.is_coached(one)]
    day = coached.question.landmark

    def row(name: str, of: Callable[[Sequence[Story]], float | None], *, is_share: bool = False) -> Beside:
        return Beside(name, of(treated), of(others), is_share)

    earlier, cases, paid = _earlier(coached), _cases(coached), _paid(coached)
    return [
        *(
            row(_("in %(segment)s") % {"segment": name}, _share_of(pk), is_share=True)
            for pk, name in _segments(there)
        ),
        row(
            _("milestones reached by then, mean"), _mean(lambda one: _by(earlier[one.enrolment_id], one, day))
        ),
        row(_("support cases by then, mean"), _mean(lambda one: _by(cases[one.customer_id], one, day))),
        row(_("contract a year, median, in the unit of its currency"), _median_of(paid)),
        row(
            _("day of their start, mean days ago"),
            _mean(lambda one: (coached.question.wish.as_of - one.started_on).days),
        ),
    ]


def _by(days: Sequence[date], story: Story, day: int) -> int:
    return sum(1 for on in days if 0 <= (on - story.started_on).days <= day)


def _mean(value: Callable[[Story], float]) -> Callable[[Sequence[Story]], float | None]:
    return lambda stories: fmean(map(value, stories)) if stories else None


def _share_of(segment_id: int | None) -> Callable[[Sequence[Story]], float | None]:
    def of(stories: Sequence[Story]) -> float | None:
        n = sum(1 for one in stories if one.segment_id == segment_id)
        return n / len(stories) if stories else None

    return of


def _median_of(paid: dict[int, int]) -> Callable[[Sequence[Story]], float | None]:
    def of(stories: Sequence[Story]) -> float | None:
        known = [paid[one.customer_id] for one in stories if one.customer_id in paid]
        return median(known) / UNIT if known else None

    return of


def _segments(stories: Sequence[Story]) -> list[tuple[int | None, str]]:
    counts: dict[int | None, int] = defaultdict(int)
    for story in stories:
        counts[story.segment_id] += 1
    names = dict(Segment.objects.values_list("pk", "name"))
    largest = sorted(counts, key=lambda pk: -counts[pk])[:MOST_SEGMENTS]
    return [(pk, names.get(pk, _("no segment")) if pk else _("no segment")) for pk in largest]


def _earlier(coached: Coached) -> dict[int, list[date]]:
    """By enrolment, when other milestones were reached."""
    wish = coached.question.wish
    found: dict[int, list[date]] = defaultdict(list)
    rows = Achievement.objects.standing().filter(
        enrolment__journey__in=wish.journeys, achieved_at__lt=wish.until
    )
    zone = wish.organisation.tzinfo
    for pk, at in rows.exclude(milestone_key=coached.question.key).values_list("enrolment", "achieved_at"):
        found[pk].append(at.astimezone(zone).date())
    return found


def _cases(coached: Coached) -> dict[int, list[date]]:
    wish = coached.question.wish
    found: dict[int, list[date]] = defaultdict(list)
    there = wish.enrolments().values("customer")
    rows = SupportCase.objects.filter(customer__in=there, opened_at__lt=wish.until)
    for pk, at in rows.values_list("customer", "opened_at"):
        found[pk].append(at.astimezone(wish.organisation.tzinfo).date())
    return found


def _paid(coached: Coached) -> dict[int, int]:
    wish = coached.question.wish
    found: dict[int, int] = defaultdict(int)
    there = wish.enrolments().values("customer")
    rows = Subscription.objects.running(wish.as_of).filter(customer__in=there)
    for pk, interval, amount in rows.values_list("customer", "interval", "amount_e4"):
        found[pk] += amount * TIMES_A_YEAR[interval]
    return dict(found)
