"""Lines about milestones: contested, past target, near it, claimed without an answer."""

from datetime import timedelta
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from dashboards.today import links
from dashboards.today.lines import Group, Kind, Line, days_words
from dashboards.today.scope import Scope
from dashboards.today.targets import call_planned, count_of, next_call
from milestones.models import Agreement, Ask, Criterion, CriterionProgress, Enrolment, Pause, Verdict
from ui.moments import day_words, local

NEAR_DAYS = 7
PATIENCE_DAYS = 5
FORGOTTEN_DAYS = 60  # a question as old as this is no longer news; the customer's page still shows it


def contested(scope: Scope) -> Group:
    """Contests that wait for our answer."""
    rows = (
        Verdict.objects.open_contests()
        .filter(scope.customers("enrolment__customer"), answered_at=None)
        .select_related("enrolment__customer__owner", "milestone", "contact")
        .order_by("at", "id")
    )
    cut = scope.cut(rows)
    lines = []
    for verdict in cut.rows:
        customer = verdict.enrolment.customer
        who = verdict.contact.name if verdict.contact else _("Somebody there")
        lines.append(
            Line(
                kind=Kind.CONTESTED,
                when=_("Contested"),
                is_bad=True,
                customer=customer,
                why=_("%(who)s contested “%(milestone)s”:") % {"who": who, "milestone": verdict.milestone},
                words=verdict.words,
                action=links.answer(scope, verdict),
            )
        )
    return Group(Kind.CONTESTED, lines, cut)


def disagreed(scope: Scope) -> Group:
    """Milestones of which a customer says the wording no longer fits, until somebody takes it up."""
    rows = (
        Agreement.objects.open_objections()
        .filter(scope.customers("enrolment__customer"), enrolment__ended_at=None)
        .select_related("enrolment__customer__owner", "milestone", "contact")
        .order_by("answered_at", "id")
    )
    cut = scope.cut(rows)
    lines = [
        Line(
            kind=Kind.DISAGREED,
            when=_("Wording"),
            is_bad=True,
            customer=row.enrolment.customer,
            why=_("%(who)s says “%(milestone)s” is no longer right:")
            % {"who": row.contact.name, "milestone": row.milestone},
            words=row.words,
            action=links.take_up(scope, row),
        )
        for row in cut.rows
    ]
    return Group(Kind.DISAGREED, lines, cut)


def late(scope: Scope) -> Group:
    return _by_target(scope, Kind.LATE, _targets(scope).filter(due_on__lt=scope.today))


def near(scope: Scope) -> Group:
    until = scope.today + timedelta(days=NEAR_DAYS)
    rows = _targets(scope).filter(due_on__gte=scope.today, due_on__lte=until)
    return _by_target(scope, Kind.NEAR, rows)


def unanswered(scope: Scope) -> Group:
    """Claims whose "is it so?" has had no answer for longer than patience lasts."""
    rows = (
        Ask.objects.filter(
            scope.customers("enrolment__customer"),
            closed_at=None,
            asked_at__lt=scope.days_ago(PATIENCE_DAYS),
            asked_at__gte=scope.days_ago(FORGOTTEN_DAYS),
            enrolment__ended_at=None,
        )
        .select_related("enrolment__customer__owner", "milestone", "contact")
        .order_by("asked_at", "id")
    )
    cut = scope.cut(rows)
    return Group(Kind.CLAIM, [_unanswered(scope, ask) for ask in cut.rows], cut)


def _unanswered(scope: Scope, ask: Ask) -> Line:
    asked_on = local(ask.asked_at).date()
    days = (scope.today - asked_on).days
    return Line(
        kind=Kind.CLAIM,
        when=ngettext("Asked %(n)d day ago", "Asked %(n)d days ago", days) % {"n": days},
        customer=ask.enrolment.customer,
        why=_("%(who)s has not said yet whether “%(milestone)s” is so.")
        % {"who": ask.contact.name, "milestone": ask.milestone},
        action=links.ask_again(scope, ask),
    )


def _targets(scope: Scope) -> QuerySet[Any]:
    """Open enrolments whose next milestone has a date and whose clock runs, the earliest first."""
    paused = Pause.objects.covering(scope.today).filter(enrolment=OuterRef("pk"))
    return (
        Enrolment.objects.open()
        .filter(scope.customers("customer"), ~Exists(paused), due_on__isnull=False, current__isnull=False)
        .select_related("customer__owner", "current")
        .order_by("due_on", "id")
    )


def _by_target(scope: Scope, kind: Kind, rows: QuerySet[Any]) -> Group:
    """With how far the milestone is, and when we speak next."""
    met = CriterionProgress.objects.filter(
        enrolment=OuterRef("pk"), criterion__milestone=OuterRef("current_id")
    )
    criteria = Criterion.objects.filter(milestone=OuterRef("current_id"))
    cut = scope.cut(
        rows,
        lambda few: few.annotate(
            met_count=count_of(met),
            criterion_count=count_of(criteria),
            next_call_at=next_call(scope, "customer_id"),
        ),
    )
    return Group(kind, [_target_line(scope, kind, enrolment) for enrolment in cut.rows], cut)


def _target_line(scope: Scope, kind: Kind, enrolment: Any) -> Line:
    return Line(
        kind=kind,
        when=days_words(enrolment.due_on, scope.today),
        is_bad=kind == Kind.LATE,
        customer=enrolment.customer,
        why=" ".join(filter(None, (_target_why(scope, enrolment), call_planned(scope, enrolment)))),
        action=links.open_customer(scope, enrolment.customer)
        if enrolment.next_call_at
        else links.plan_call(scope, enrolment.customer),
    )


def _target_why(scope: Scope, enrolment: Any) -> str:
    values = {
        "milestone": enrolment.current.name,
        "day": day_words(enrolment.due_on, today=scope.today),
        "met": enrolment.met_count,
        "of": enrolment.criterion_count,
    }
    if enrolment.due_on < scope.today:
        return _("“%(milestone)s” was due %(day)s; %(met)d of %(of)d criteria met.") % values
    return _("“%(milestone)s” is due %(day)s; %(met)d of %(of)d criteria met.") % values
