"""Choose whom a call was with, and read a call."""

from dataclasses import dataclass
from datetime import timedelta

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_safe

from coaching.models import Call, Recap, Sending, Touchpoint
from coaching.views.call_form import may_edit
from customers.models import Customer
from organisations.access import MemberRequest, csm_required, member_required
from ui.htmx import render_page

MOST = 12


@dataclass(frozen=True)
class Choice:
    """A customer to log a call with, and the call that was planned for today."""

    customer: Customer
    planned: Touchpoint | None


@require_safe
@csm_required
def call_choice(request: MemberRequest) -> HttpResponse:
    """Choose by typing; a name that leaves no doubt goes straight on to the form."""
    text = request.GET.get("q", "").replace("\x00", "").strip()[:100]
    choices = _choices(request, text)
    if "go" in request.GET and text and (sure := _without_doubt(choices, text)):
        return redirect("coaching:call_new", request.organisation.slug, sure.pk)
    context = {"q": text, "choices": choices[:MOST], "is_more": len(choices) > MOST}
    return render_page(request, "coaching/call_choice.html", context)


@require_safe
@member_required
def call(request: MemberRequest, pk: int) -> HttpResponse:
    """One call: their words, the notes, what was agreed."""
    rows = Call.objects.with_people().select_related("enrolment__journey", "guide__guide__kind")
    call = get_object_or_404(rows.prefetch_related("challenges__kind"), pk=pk)
    context = {
        "nav": "customers",
        "call": call,
        "customer": call.customer,
        "may_edit": may_edit(request, call),
        "sendings": list(Sending.objects.filter(call=call).with_people().order_by("pk")),
        "recap": Recap.objects.filter(call=call).select_related("saved_by").first(),
    }
    return render_page(request, "coaching/call.html", context)


def _choices(request: MemberRequest, text: str) -> list[Choice]:
    """Those with a call planned for today first, then one's own, then everyone else's."""
    customers = Customer.objects.current().mine_first(request.user).select_related("owner")
    if text:
        customers = customers.matching(text)
    planned = {} if text else _planned_today(request)
    first = [Choice(touchpoint.customer, touchpoint) for touchpoint in planned.values()]
    rest = customers.exclude(pk__in=planned)[: MOST + 1]
    return [*first, *(Choice(customer, None) for customer in rest)]


def _planned_today(request: MemberRequest) -> dict[int, Touchpoint]:
    today = timezone.localtime(request.now).replace(hour=0, minute=0, second=0, microsecond=0)
    due = Touchpoint.objects.planned().filter(
        owner=request.user, due_at__gte=today, due_at__lt=today + timedelta(days=1)
    )
    return {t.customer_id: t for t in due.soonest_first().select_related("customer__owner")[:MOST]}


def _without_doubt(choices: list[Choice], text: str) -> Customer | None:
    """The only one found, or the only one whose name begins so."""
    begins = [c.customer for c in choices if c.customer.name.casefold().startswith(text.casefold())]
    named = [c.customer for c in choices if c.customer.name.casefold() == text.casefold()]
    for found in (named, begins, [c.customer for c in choices]):
        if len(found) == 1:
            return found[0]
    return None
