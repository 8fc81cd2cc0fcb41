"""Today, put together: one line a customer where one is enough, each with its reason."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from coaching.models import CallDraft, Recap
from dashboards.paths import leading_paths
from dashboards.today import (
    advocacy,
    calls,
    challenges,
    mails,
    milestones,
    outcomes,
    people,
    promises,
    stories,
    stuck,
)
from dashboards.today.lines import Group, Kind, Line
from dashboards.today.scope import Cut, Scope
from ui.charts import Span

READERS: dict[Kind, Callable[[Scope], Group]] = {
    Kind.CONTESTED: milestones.contested,
    Kind.DATA: people.requests,
    Kind.WRONG_OUTCOME: outcomes.wrong,
    Kind.CHAMPION: people.champions,
    Kind.DISAGREED: milestones.disagreed,
    Kind.TAKE_DOWN: stories.to_take_down,
    Kind.NOT_LOGGED: calls.not_logged,
    Kind.PROMISED: calls.promised,
    Kind.PICKED: people.picked,
    Kind.UNDECIDED: promises.undecided,
    Kind.STEP: challenges.due,
    Kind.REPLY: stories.replies,
    Kind.STORY: stories.stories,
    Kind.REFERRED: advocacy.referred,
    Kind.LATE: milestones.late,
    Kind.STUCK: stuck.stuck,
    Kind.MAIL: mails.troubled,
    Kind.NEAR: milestones.near,
    Kind.CLAIM: milestones.unanswered,
    Kind.GROWTH: advocacy.growth,
    Kind.THANKS: advocacy.to_thank,
    Kind.NO_OUTCOME: calls.without_outcome,
    Kind.QUIET: calls.quiet,
}
ENOUGH = 20  # lines for one day; where there would be more, weaker reasons show only their first few
FEW = 4
CALL_MINUTES = 30  # how long a planned call is drawn
DAY_BEGINS, DAY_ENDS = 8, 17  # hours, unless calls are earlier or later


@dataclass(frozen=True)
class Band:
    """The hours of the day with their calls."""

    begins: datetime
    ends: datetime
    spans: list[Span]


@dataclass(frozen=True)
class Today:
    """Everything the page shows, already in words."""

    calls: list[Line]
    lines: list[Line]
    more: list[Group]
    """Kinds of which only a part is shown."""
    celebrations: Cut
    they_owe: Cut
    drafts: list[CallDraft]
    recaps: list[Recap]
    """Drafts of what customers are written after a call."""
    band: Band | None = None
    ahead: list[Line] = field(default_factory=list)
    """The calls that are still to come, the next one first."""
    is_quiet: bool = False
    """Nothing at all needs anybody."""


def today(scope: Scope) -> Today:
    """What needs this person now."""
    touchpoints = calls.calls_today(scope)
    call_lines = [calls.call_line(scope, touchpoint) for touchpoint in touchpoints]
    groups = [read(scope) for read in READERS.values()]
    shown = _few(groups) if sum(len(group.lines) for group in groups) > ENOUGH else groups
    lines = _folded(call_lines, shown)
    _give_paths(scope, [*call_lines, *lines])
    for line in call_lines:
        line.why = line.why or _standing(line)
    celebrations, they_owe = mails.celebrations(scope), calls.they_owe(scope)
    drafts, recaps = calls.drafts(scope), calls.recaps(scope)
    return Today(
        calls=call_lines,
        lines=lines,
        more=[group for group in shown if group.cut.in_all > len(group.lines)],
        celebrations=celebrations,
        they_owe=they_owe,
        drafts=drafts,
        recaps=recaps,
        band=_band(scope, [(t.due_at, t.customer.name) for t in touchpoints]),
        ahead=[
            line
            for line, t in zip(call_lines, touchpoints, strict=True)
            if t.is_planned and t.due_at >= scope.now
        ],
        is_quiet=not (call_lines or lines or celebrations.rows or they_owe.rows or drafts or recaps),
    )


def all_of(scope: Scope, kind: Kind) -> Group:
    """One page of everything of a kind."""
    group = calls.owed(scope) if kind == Kind.OWED else READERS[kind](scope)
    _give_paths(scope, group.lines)
    return group


def _few(groups: Iterable[Group]) -> list[Group]:
    """What presses whole, of every weaker reason the first few: a list that one day is enough for."""
    return [replace(group, lines=group.lines[:FEW]) if group.kind.folds else group for group in groups]


def _folded(call_lines: Iterable[Line], groups: Iterable[Group]) -> list[Line]:
    """In order of what presses most; a weaker reason joins the line its customer has already."""
    by_customer = {line.customer.pk: line for line in call_lines}
    lines = []
    for group in groups:
        for line in group.lines:
            first = by_customer.get(line.customer.pk)
            if first and group.kind.folds:
                first.also.append(_("%(when)s: %(why)s") % {"when": line.when, "why": line.why})
            else:
                lines.append(line)
                by_customer.setdefault(line.customer.pk, line)
    return lines


def _give_paths(scope: Scope, lines: Iterable[Line]) -> None:
    lines = list(lines)
    found = leading_paths(
        {line.customer.pk for line in lines}, organisation=scope.organisation, now=scope.now
    )
    for line in lines:
        line.path = found.get(line.customer.pk)


def _standing(line: Line) -> str:
    """A call without a purpose: what it could be about."""
    if line.also:
        return line.also.pop(0)
    if line.path is None:
        return _("Not on a journey yet. Ask what they want to reach.")
    step = line.path.current
    if step is None:
        return _("At the end of their journey.")
    return _("Next: “%(milestone)s”, %(met)d of %(of)d criteria met.") % {
        "milestone": step.name,
        "met": step.met,
        "of": step.rings,
    }


def _band(scope: Scope, planned: list[tuple[datetime, str]]) -> Band | None:
    """Only of one person's day: everyone's calls at once are no day."""
    if not planned or scope.person is None:
        return None
    length = timedelta(minutes=CALL_MINUTES)
    zone = scope.now.tzinfo
    spans = [
        Span(
            at.astimezone(zone),
            at.astimezone(zone) + length,
            f"{at.astimezone(zone):%H:%M} {name.split()[0]}",
        )
        for at, name in planned
    ]
    midnight = scope.midnight(scope.today)
    return Band(
        begins=min(midnight + timedelta(hours=DAY_BEGINS), spans[0].begins),
        ends=max(midnight + timedelta(hours=DAY_ENDS), max(span.ends for span in spans)),
        spans=spans,
    )
