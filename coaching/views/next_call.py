"""Plan the next call with a customer, move it, or say that it will not be."""

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from coaching import inviting, scheduling
from coaching.forms import NextCallForm
from coaching.models import Touchpoint
from coaching.views import invited
from customers.models import Customer
from organisations.access import MemberRequest, csm_required
from ui.addresses import own_page
from ui.htmx import render_page
from ui.moments import when_words
from ui.toasts import toast


@require_http_methods(["GET", "HEAD", "POST"])
@csm_required
def next_call(request: MemberRequest, pk: int) -> HttpResponse:
    customer = get_object_or_404(Customer.objects, pk=pk)
    planned = (
        Touchpoint.objects.planned().filter(customer=customer, owner=request.user).soonest_first().last()
    )
    contacts = customer.contacts.current()
    about: Any = {"now": request.now, "contacts": contacts, "initial": _initial(request, planned)}
    form = NextCallForm(request.POST or None, **about)
    if request.method == "POST" and form.is_valid() and _plan(request, customer, form):
        return redirect(_back(request, customer))
    context = {
        "invitations": invited.sights(request, planned),
        "off": None if planned else _called_off(request, customer),
        "zone": timezone.get_current_timezone_name(),
        "hold_minutes": inviting.HOLD.seconds // 60,
        "usual_minutes": inviting.minutes_of(planned) if planned else inviting.USUAL_MINUTES,
        "nav": "customers",
        "form": form,
        "customer": customer,
        "planned": planned,
        "next": request.POST.get("next") or request.GET.get("next", ""),
    }
    return render_page(request, "coaching/next_call.html", context, status=422 if form.is_bound else 200)


def _plan(request: MemberRequest, customer: Customer, form: NextCallForm) -> bool:
    """False when somebody cannot be invited: the form says who and why, and nothing was planned."""
    due_at = form.cleaned_data["due_at"]
    try:
        scheduling.plan(
            organisation=request.organisation,
            customer=customer,
            owner=request.user,
            due_at=due_at,
            by=request.user,
            now=request.now,
            purpose=form.cleaned_data["purpose"],
            terms=form.terms(),
        )
    except inviting.CannotInvite as refused:
        form.add_error("invite", str(refused))
        return False
    words = {"customer": customer.name, "when": when_words(due_at, now=request.now)}
    toast(request, _("Call with %(customer)s planned, %(when)s.") % words)
    return True


@require_POST
@csm_required
def touchpoint_skip(request: MemberRequest, pk: int) -> HttpResponse:
    """This planned call will not be held."""
    planned = get_object_or_404(Touchpoint.objects.select_related("customer"), pk=pk)
    scheduling.skip(touchpoint=planned, by=request.user, now=request.now)
    words = _("The planned call with %(customer)s is off.") % {"customer": planned.customer.name}
    undo = reverse("coaching:touchpoint_return", args=[request.organisation.slug, planned.pk])
    toast(request, words, undo=undo if planned.due_at > request.now else "")
    return redirect(_back(request, planned.customer))


@require_POST
@csm_required
def touchpoint_return(request: MemberRequest, pk: int) -> HttpResponse:
    """It is on after all."""
    planned = get_object_or_404(Touchpoint.objects.select_related("customer"), pk=pk)
    words = {"customer": planned.customer.name, "when": when_words(planned.due_at, now=request.now)}
    try:
        scheduling.bring_back(touchpoint=planned, by=request.user, now=request.now)
    except scheduling.CallInPast:
        said = _("Its time is past. Plan another call with %(customer)s.")
        toast(request, said % words, level=messages.ERROR)
    except scheduling.OtherPlanned:
        said = _("Another call with %(customer)s was planned meanwhile. This one stays off.")
        toast(request, said % words, level=messages.ERROR)
    else:
        toast(request, _("The call with %(customer)s is on again, %(when)s.") % words)
    return redirect(_back(request, planned.customer))


def _called_off(request: MemberRequest, customer: Customer) -> Touchpoint | None:
    """A call of theirs that is off and still could be on."""
    off = Touchpoint.objects.filter(state=Touchpoint.State.SKIPPED, due_at__gt=request.now)
    return off.filter(customer=customer, owner=request.user).soonest_first().first()


def _back(request: MemberRequest, customer: Customer) -> str:
    """To the page that asked for the form, else to the customer."""
    return own_page(request, request.POST.get("next", "")) or reverse(
        "dashboards:customer", args=[request.organisation.slug, customer.pk]
    )


def _initial(request: MemberRequest, planned: Touchpoint | None) -> dict[str, Any]:
    """What is planned; else tomorrow at this hour."""
    due = timezone.localtime(planned.due_at if planned else request.now + timedelta(days=1))
    if planned is None:
        due = due.replace(minute=0)
    return {
        "next_on": due.date(),
        "next_time": due.time().replace(second=0, microsecond=0),
        **({name: getattr(planned, name) for name in ("purpose", "minutes", "place")} if planned else {}),
        "invite": [row.contact_id for row in planned.invitations.open()] if planned else [],
    }
