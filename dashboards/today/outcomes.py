"""Lines about what customers want to reach: a wording that they say is wrong."""

from django.utils.translation import gettext as _

from customers.models import OutcomeReply
from dashboards.today import links
from dashboards.today.lines import Group, Kind, Line
from dashboards.today.scope import Scope


def wrong(scope: Scope) -> Group:
    """Outcomes whose wording a customer says is wrong, until somebody changes it."""
    rows = (
        OutcomeReply.objects.open_objections()
        .filter(scope.customers("outcome__customer"), outcome__retired_at=None)
        .select_related("outcome__customer__owner", "contact")
        .order_by("at", "id")
    )
    cut = scope.cut(rows)
    return Group(Kind.WRONG_OUTCOME, [_wrong(scope, reply) for reply in cut.rows], cut)


def _wrong(scope: Scope, reply: OutcomeReply) -> Line:
    who = reply.contact.name if reply.contact else _("Somebody there")
    return Line(
        kind=Kind.WRONG_OUTCOME,
        when=_("Wrong outcome"),
        is_bad=True,
        customer=reply.outcome.customer,
        why=_("%(who)s says their outcome is written down wrong:") % {"who": who},
        words=reply.words,
        action=links.correct_outcome(scope, reply.outcome),
    )
