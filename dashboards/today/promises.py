"""Lines about promises from the sale that nobody has decided about."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from customers.models import Attention, Promise
from dashboards.today import links
from dashboards.today.lines import Group, Kind, Line
from dashboards.today.scope import Scope


def undecided(scope: Scope) -> Group:
    """Promises that have waited for a decision as many days as the organisation allows."""
    days = Attention.of(scope.organisation).promise_days
    rows = (
        Promise.objects.waiting_since(scope.days_ago(days))
        .filter(scope.customers("customer"))
        .select_related("customer__owner", "member")
        .order_by("recorded_at", "id")
    )
    cut = scope.cut(rows)
    return Group(Kind.UNDECIDED, [_undecided(scope, promise) for promise in cut.rows], cut)


def _undecided(scope: Scope, promise: Promise) -> Line:
    days = max(1, (scope.now - promise.recorded_at).days)
    who = promise.who or _("The sale")
    return Line(
        kind=Kind.UNDECIDED,
        when=ngettext("%(n)d day undecided", "%(n)d days undecided", days) % {"n": days},
        is_bad=promise.is_overdue(scope.today),
        customer=promise.customer,
        why=_("%(who)s promised: %(words)s") % {"who": who, "words": promise.words[:200]},
        action=links.decide_promise(scope, promise),
    )
