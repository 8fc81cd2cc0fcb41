"""A member's day: what their Today shows, and what was reached since their last digest."""

from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from dashboards.digests.sections import Section, item, items_of, more_words
from dashboards.today import changes
from dashboards.today.lines import days_words
from dashboards.today.page import Today
from dashboards.today.page import today as today_of
from dashboards.today.scope import Cut, Scope
from ui.moments import day_words, local, when_words


def sections(scope: Scope, *, since: datetime) -> list[Section]:
    """Those that have something to say."""
    today = today_of(scope)
    found = [
        _calls(scope, today),
        _needed(scope, today),
        _celebrations(scope, today.celebrations),
        _they_owe(scope, today.they_owe),
        _reached(scope, since),
    ]
    return [section for section in found if section.items]


def _calls(scope: Scope, today: Today) -> Section:
    n = len(today.calls)
    said = ngettext("%(n)d call", "%(n)d calls", n) % {"n": n}
    return Section(_("Calls today"), said, items_of(today.calls, scope.organisation), in_all=n)


def _needed(scope: Scope, today: Today) -> Section:
    more = sum(group.cut.in_all - len(group.lines) for group in today.more)
    n = len(today.lines) + more
    said = ngettext("%(n)d thing to do", "%(n)d things to do", n) % {"n": n}
    return Section(_("Needs you"), said, items_of(today.lines, scope.organisation), more_words(more), n)


def _celebrations(scope: Scope, cut: Cut) -> Section:
    items = [
        item(
            celebration.enrolment.customer,
            scope.organisation,
            when=_("Leaves %(when)s") % {"when": when_words(celebration.due_at, now=scope.now)}
            if celebration.state == celebration.State.WAITING
            else _("Waits for a yes"),
            why=celebration.fact or celebration.milestone.name,
        )
        for celebration in cut.rows
    ]
    said = ngettext("%(n)s celebration waiting", "%(n)s celebrations waiting", cut.in_all) % {"n": cut.said}
    more = more_words(cut.in_all - len(items))
    return Section(_("Waiting celebrations"), said, items, more, cut.in_all)


def _they_owe(scope: Scope, cut: Cut) -> Section:
    items = [
        item(
            commitment.customer,
            scope.organisation,
            when=days_words(commitment.due_on, scope.today),
            why=_("%(who)s promised: %(will)s") % {"who": commitment.owner_name, "will": commitment.will},
            is_bad=commitment.is_overdue(scope.today),
        )
        for commitment in cut.rows
    ]
    said = ngettext("%(n)s promise of theirs", "%(n)s promises of theirs", cut.in_all) % {"n": cut.said}
    more = more_words(cut.in_all - len(items))
    return Section(_("What customers promised"), said, items, more, cut.in_all)


def _reached(scope: Scope, since: datetime) -> Section:
    rows, cut = changes.happened(scope, since, "reached")
    items = [
        item(
            row.customer,
            scope.organisation,
            when=day_words(local(row.at).date(), today=scope.today).capitalize(),
            why=row.milestone,
            open=str(row.milestone),
        )
        for row in rows
    ]
    said = changes.KINDS["reached"][1](cut.in_all)
    more = more_words(cut.in_all - len(cut.rows))
    return Section(_("Reached since your last digest"), said, items, more, cut.in_all)
