"""Calls of the day, and lines about calls and what was promised in them."""

from datetime import timedelta
from typing import Any

from django.db.models import Exists, F, Max, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from coaching.models import Call, CallDraft, Commitment, Recap, Touchpoint
from customers.models import Customer, Outcome
from dashboards.today import links
from dashboards.today.lines import Group, Kind, Line, days_words
from dashboards.today.scope import Cut, Scope
from milestones.models import Enrolment
from ui.moments import clock_words, day_words, local, when_words

QUIET_DAYS = 30
MOST_CALLS = 30
THEY_OWE_DAYS = 7
NOW_MINUTES = 30


def calls_today(scope: Scope) -> list[Touchpoint]:
    """Planned for today, those among them that are logged already included."""
    day = Q(due_at__gte=scope.midnight(scope.today), due_at__lt=scope.tomorrow)
    rows = Touchpoint.objects.filter(day, scope.owned("owner")).exclude(state=Touchpoint.State.SKIPPED)
    return list(rows.select_related("customer__owner").soonest_first()[:MOST_CALLS])


def call_line(scope: Scope, touchpoint: Touchpoint) -> Line:
    """Its reason comes from its purpose, or later from where the customer stands."""
    is_held = touchpoint.state == Touchpoint.State.HELD
    is_now = abs(touchpoint.due_at - scope.now) <= timedelta(minutes=NOW_MINUTES) and not is_held
    at = clock_words(touchpoint.due_at)
    return Line(
        kind=None,
        when=_("%(time)s now") % {"time": at} if is_now else at,
        customer=touchpoint.customer,
        why=_("Logged.") if is_held else touchpoint.purpose,
        action=links.read_call(scope, touchpoint) if is_held else links.log_call(scope, touchpoint.customer),
        brief="" if is_held else links.brief_of(scope, touchpoint.customer),
    )


def not_logged(scope: Scope) -> Group:
    """Planned for an earlier day, and nobody said how it went."""
    rows = (
        Touchpoint.objects.planned()
        .filter(scope.customers_of("customer"), scope.owned("owner"))
        .due_before(scope.midnight(scope.today))
        .select_related("customer__owner")
        .soonest_first()
    )
    cut = scope.cut(rows)
    lines = [
        Line(
            kind=Kind.NOT_LOGGED,
            when=_("Not logged"),
            customer=touchpoint.customer,
            why=_("A call was planned for %(when)s. Log it, or plan it anew.")
            % {"when": when_words(touchpoint.due_at, now=scope.now)},
            action=links.log_call(scope, touchpoint.customer),
        )
        for touchpoint in cut.rows
    ]
    return Group(Kind.NOT_LOGGED, lines, cut)


def promised(scope: Scope) -> Group:
    """What we said we would do, due by tomorrow or late."""
    rows = (
        Commitment.objects.open()
        .filter(scope.customers_of("customer"), scope.owned("owner_user"), owner_user__isnull=False)
        .due_by(scope.today + timedelta(days=1))
        .select_related("customer__owner", "owner_user")
        .soonest_first()
    )
    cut = scope.cut(rows)
    return Group(Kind.PROMISED, [_promised(scope, commitment) for commitment in cut.rows], cut)


def _promised(scope: Scope, commitment: Commitment) -> Line:
    is_mine = commitment.owner_user == scope.viewer
    values = {"will": commitment.will, "who": commitment.owner_first_name, "when": commitment.when}
    if commitment.when:
        words = (
            _("You promised, when %(when)s: %(will)s")
            if is_mine
            else _("%(who)s promised, when %(when)s: %(will)s")
        )
    else:
        words = _("You promised: %(will)s") if is_mine else _("%(who)s promised: %(will)s")
    return Line(
        kind=Kind.PROMISED,
        when=days_words(commitment.due_on, scope.today),
        is_bad=commitment.is_overdue(scope.today),
        customer=commitment.customer,
        why=words % values,
        action=links.keep(scope, commitment),
    )


def they_owe(scope: Scope) -> Cut:
    """What people at customers said they would do: late, or due within a week."""
    rows = (
        Commitment.objects.open()
        .theirs()
        .filter(scope.customers("customer"))
        .due_by(scope.today + timedelta(days=THEY_OWE_DAYS))
        .select_related("customer__owner", "owner_contact")
        .soonest_first()
    )
    return scope.cut(rows)


def owed(scope: Scope) -> Group:
    """The same as lines, for the page that shows them all."""
    cut = they_owe(scope)
    lines = [
        Line(
            kind=Kind.OWED,
            when=days_words(commitment.due_on, scope.today),
            is_bad=commitment.is_overdue(scope.today),
            customer=commitment.customer,
            why=_("%(who)s promised: %(will)s") % {"who": commitment.owner_name, "will": commitment.will},
            action=links.keep(scope, commitment),
        )
        for commitment in cut.rows
    ]
    return Group(Kind.OWED, lines, cut)


def quiet(scope: Scope) -> Group:
    """On a journey, nobody spoke with them for 30 days, and no call is planned."""
    since = scope.days_ago(QUIET_DAYS)
    on_journey = Enrolment.objects.open().filter(customer=OuterRef("pk"))
    began = on_journey.order_by().values("organisation_id")
    calls = Call.objects.filter(customer=OuterRef("pk")).order_by().values("organisation_id")
    planned = Touchpoint.objects.planned().filter(customer=OuterRef("pk"), due_at__gte=scope.now)
    rows = (
        Customer.objects.filter(scope.customers(), Exists(on_journey.filter(enrolled_at__lt=since)))
        .filter(~Exists(planned))
        .annotate(
            last_call_at=Subquery(calls.annotate(newest=Max("held_at")).values("newest")),
            began_at=Subquery(began.annotate(newest=Max("enrolled_at")).values("newest")),
        )
        .annotate(quiet_since=Coalesce(F("last_call_at"), F("began_at")))
        .filter(quiet_since__lt=since)
        .select_related("owner")
        .order_by("quiet_since", "id")
    )
    cut = scope.cut(rows)
    return Group(Kind.QUIET, [_quiet(scope, customer) for customer in cut.rows], cut)


def _quiet(scope: Scope, customer: Any) -> Line:
    since = local(customer.quiet_since).date()
    days = (scope.today - since).days
    words = (
        _("No call since %(day)s.")
        if customer.last_call_at
        else _("On the journey since %(day)s, and no call yet.")
    )
    return Line(
        kind=Kind.QUIET,
        when=ngettext("Quiet %(n)d day", "Quiet %(n)d days", days) % {"n": days},
        customer=customer,
        why=words % {"day": day_words(since, today=scope.today)},
        action=links.plan_call(scope, customer),
    )


def without_outcome(scope: Scope) -> Group:
    """On a journey, and nobody wrote down where they want to go."""
    on_journey = Enrolment.objects.open().filter(customer=OuterRef("pk"))
    written = Outcome.objects.standing().in_words().filter(customer=OuterRef("pk"))
    rows = (
        Customer.objects.filter(scope.customers(), Exists(on_journey), ~Exists(written))
        .select_related("owner")
        .order_by("created_at", "id")
    )
    cut = scope.cut(rows)
    lines = [
        Line(
            kind=Kind.NO_OUTCOME,
            when=_("No outcome"),
            customer=customer,
            why=_("Nobody has written down what they want to reach, in their own words."),
            action=links.write_outcome(scope, customer),
        )
        for customer in cut.rows
    ]
    return Group(Kind.NO_OUTCOME, lines, cut)


def drafts(scope: Scope) -> list[CallDraft]:
    """Calls the viewer began to write and has not saved. Nobody else's drafts are theirs to read."""
    rows = CallDraft.objects.filter(by=scope.viewer).select_related("customer").order_by("-kept_at")
    return list(rows[: scope.most])


def recaps(scope: Scope) -> list[Recap]:
    """Recaps the viewer has begun or edited last, and nobody was sent yet."""
    rows = Recap.objects.filter(saved_by=scope.viewer, sent_at=None).filter(
        scope.customers_of("call__customer")
    )
    return list(rows.select_related("call__customer").order_by("-saved_at", "-pk")[: scope.most])
