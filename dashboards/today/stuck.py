"""Lines about who has reached nothing for longer than usual, though no date has passed yet."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from dashboards.board.states import stuck_words
from dashboards.today import links
from dashboards.today.lines import Group, Kind, Line
from dashboards.today.scope import Scope
from dashboards.today.targets import call_planned, next_call
from milestones.clocks import running_days
from milestones.models import Enrolment, Pause
from milestones.paces import Pace, Place, at_each, paces_of_each
from ui.moments import local


def stuck(scope: Scope) -> Group:
    """The longest waiting first. Who is past target as well stands among those who are late."""
    paces = _paces(scope)
    rows = _waiting(scope, paces).select_related("customer__owner", "current").order_by("moved_at", "pk")
    cut = scope.cut(rows, lambda few: few.annotate(next_call_at=next_call(scope, "customer_id")))
    pauses = Pause.objects.standing().by_enrolment(cut.rows)
    return Group(Kind.STUCK, [_line(scope, row, paces, pauses.get(row.pk, [])) for row in cut.rows], cut)


def _paces(scope: Scope) -> Mapping[Place, Pace]:
    """Of the milestones that somebody in scope has ahead."""
    places = set(_on_the_way(scope).order_by().values_list("journey_id", "current_key").distinct())
    journeys = {journey for journey, _key in places}
    keys = {key for _journey, key in places}
    found = paces_of_each(journeys, as_of=scope.today, organisation=scope.organisation, only=keys)
    return {place: pace for place, pace in found.items() if place in places}


def _on_the_way(scope: Scope) -> QuerySet[Enrolment]:
    """With a milestone ahead whose date has not passed, the clock running."""
    paused = Pause.objects.covering(scope.today).filter(enrolment=OuterRef("pk"))
    in_time = Q(due_on=None) | Q(due_on__gte=scope.today)
    return Enrolment.objects.open().filter(
        in_time, scope.customers("customer"), ~Exists(paused), current__isnull=False
    )


def _waiting(scope: Scope, paces: Mapping[Place, Pace]) -> QuerySet[Enrolment]:
    pauses = Pause.objects.standing()
    too_long = at_each(paces, on=scope.today, organisation=scope.organisation, pauses=pauses)
    return _on_the_way(scope).filter(too_long)


def _line(scope: Scope, row: Any, paces: Mapping[Place, Pace], pauses: Sequence[Pause]) -> Line:
    days = running_days(local(row.moved_at).date(), scope.today, pauses)
    why = _("Before “%(milestone)s”. %(words)s.") % {
        "milestone": row.current.name,
        "words": stuck_words(days, paces[row.journey_id, row.current_key]),
    }
    return Line(
        kind=Kind.STUCK,
        when=ngettext("%(n)d day", "%(n)d days", days) % {"n": days},
        customer=row.customer,
        why=" ".join(filter(None, (why, call_planned(scope, row)))),
        action=links.open_customer(scope, row.customer)
        if row.next_call_at
        else links.plan_call(scope, row.customer),
    )
