"""Lines about what stands in customers' ways: the next step of each challenge, when it is due."""

from django.utils.translation import gettext as _

from coaching.models import ChallengeStep
from dashboards.today import links
from dashboards.today.lines import Group, Kind, Line, days_words
from dashboards.today.scope import Scope


def due(scope: Scope) -> Group:
    """The first step that is not done of each open challenge one leads, due today or late."""
    rows = (
        ChallengeStep.objects.pending()
        .first_of_each()
        .due_by(scope.today)
        .filter(scope.customers_of("challenge__customer"), scope.owned("challenge__owner"))
        .select_related("challenge__customer__owner", "challenge__kind")
        .soonest_first()
    )
    cut = scope.cut(rows)
    return Group(Kind.STEP, [_due(scope, step) for step in cut.rows], cut)


def _due(scope: Scope, step: ChallengeStep) -> Line:
    challenge = step.challenge
    return Line(
        kind=Kind.STEP,
        when=days_words(step.due_on, scope.today),
        is_bad=step.is_overdue(scope.today),
        customer=challenge.customer,
        why=_("%(challenge)s: %(step)s") % {"challenge": challenge.kind.name, "step": step.words},
        action=links.challenges_of(scope, challenge.customer),
    )
