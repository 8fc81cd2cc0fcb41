"""The week that is over: Milestones up to its Sunday, what changed in it, who is past the target."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from dashboards.digests.sections import Section, items_of, more_words
from dashboards.figures import MilestoneFigures, Wish
from dashboards.figures.kept import Report, busiest_first, report
from dashboards.figures.rates import rate
from dashboards.today import changes, milestones
from dashboards.today.scope import Scope
from milestones.models import Journey
from ui.figures import Rate

MOST_JOURNEYS = 5


@dataclass(frozen=True)
class Share:
    """One number with its company: how many of how many, and of what."""

    label: str
    rate: Rate
    of: str


@dataclass(frozen=True)
class JourneyWeek:
    journey: Journey
    enrolled: int
    shares: list[Share]
    milestones: list[Share]


@dataclass(frozen=True)
class Week:
    begins: datetime
    ends: datetime
    """The last day's midnight."""
    journeys: list[JourneyWeek]
    changes: list[str]
    stuck: Section

    @property
    def is_empty(self) -> bool:
        """The same numbers as the week before, and nobody to think about."""
        return not (self.changes or self.stuck.items)


def week(scope: Scope) -> Week:
    monday = scope.midnight(scope.today - timedelta(days=scope.today.weekday()))
    begins, ends = monday - timedelta(days=7), monday - timedelta(days=1)
    until = replace(scope, now=monday)
    return Week(
        begins=begins,
        ends=ends,
        journeys=_journeys(scope, ends),
        changes=[change.words for change in changes.changes(until, begins)],
        stuck=_stuck(scope),
    )


def _journeys(scope: Scope, sunday: datetime) -> list[JourneyWeek]:
    wishes = [
        Wish(organisation=scope.organisation, journey=journey, as_of=sunday.date())
        for journey in busiest_first(scope.organisation)[:MOST_JOURNEYS]
    ]
    reports = [report(wish, now=scope.now) for wish in wishes]
    return [_journey(found) for found in reports if found.found.enrolled]


def _journey(known: Report) -> JourneyWeek:
    headline, found = known.headline, known.found
    return JourneyWeek(
        journey=found.wish.journey,
        enrolled=found.enrolled,
        shares=[
            Share(_("Achieved"), headline.achieved, _("customers with a milestone due")),
            Share(_("On time"), headline.on_time, _("milestones due")),
            Share(_("Verified by the customer"), headline.verified, _("achieved")),
            Share(_("Contested"), headline.contested, _("achieved and contested")),
        ],
        milestones=[_milestone(row) for row in found.milestones],
    )


def _milestone(row: MilestoneFigures) -> Share:
    return Share(row.milestone.name, rate(row.achieved, row.enrolled), "")


def _stuck(scope: Scope) -> Section:
    """Whose next milestone is past its target date, the longest first."""
    group = milestones.late(scope)
    n = group.cut.in_all
    said = ngettext("%(n)s customer past the target", "%(n)s customers past the target", n)
    items = items_of(group.lines, scope.organisation)
    more = more_words(n - len(items))
    return Section(_("Past the target the longest"), said % {"n": group.cut.said}, items, more, n)
