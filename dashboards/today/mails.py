"""Celebrations that wait, and mails a person must look at."""

from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from advocacy.models import Celebration
from customers.models import Customer
from dashboards.today import links
from dashboards.today.lines import Group, Kind, Line
from dashboards.today.scope import Cut, Scope
from post.models import Delivery

REFUSED_DAYS = 14


def celebrations(scope: Scope) -> Cut:
    """Those a person can still edit, stop or send, the soonest to leave first."""
    rows = (
        Celebration.objects.waiting()
        .filter(scope.customers_of("enrolment__customer"), scope.owned("enrolment__customer__owner"))
        .select_related("enrolment__customer__owner", "milestone")
        .prefetch_related("guests")
        .order_by("due_at", "id")
    )
    return scope.cut(rows)


def troubled(scope: Scope) -> Group:
    """Mails to customers that may or may not have arrived, or were refused in the last fortnight."""
    theirs = Customer.objects.filter(scope.customers()).values("pk")
    state = Q(state=Delivery.State.UNCERTAIN) | Q(
        state=Delivery.State.FAILED, created_at__gte=scope.days_ago(REFUSED_DAYS)
    )
    rows = Delivery.objects.filter(state, customer_id__in=theirs).order_by("-created_at", "-id")
    cut = scope.cut(rows)
    customers = _customers({delivery.customer_id for delivery in cut.rows})
    return Group(Kind.MAIL, [_line(scope, d, customers[d.customer_id]) for d in cut.rows], cut)


def _customers(ids: set[int]) -> dict[int, Customer]:
    return Customer.objects.select_related("owner").in_bulk(ids) if ids else {}


def _line(scope: Scope, delivery: Any, customer: Customer) -> Line:
    is_refused = delivery.state == Delivery.State.FAILED
    words = _("“%(subject)s” may or may not have arrived at %(address)s. %(reason)s")
    if is_refused:
        words = _("“%(subject)s” to %(address)s was refused. %(reason)s")
    values = {"subject": delivery.subject, "address": delivery.address, "reason": delivery.reason}
    return Line(
        kind=Kind.MAIL,
        when=_("Refused") if is_refused else _("Uncertain"),
        is_bad=True,
        customer=customer,
        why=(words % values).strip(),
        action=links.decide_mail(scope, delivery),
    )
