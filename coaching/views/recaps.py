"""The recap of a call: drafted from its record, edited, sent to people of the customer."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from coaching import recapping
from coaching.forms.resources import RecapForm
from coaching.models import Call, Recap, RecapCopy
from coaching.views.call_form import may_edit
from customers.models import Contact
from organisations.access import MemberRequest, csm_required
from ui.htmx import render_page


@require_http_methods(["GET", "HEAD", "POST"])
@csm_required
def recap(request: MemberRequest, pk: int) -> HttpResponse:
    """GET shows what it would say, or what is kept; POST keeps it, or sends it."""
    call = _call(request, pk)
    kept = Recap.objects.filter(call=call).select_related("saved_by").first()
    there = Contact.objects.current().filter(customer=call.customer).exclude(recipient=None)
    people = there.order_by("-is_primary", "name", "pk")
    form = RecapForm(
        request.POST if request.method == "POST" else None, people=people, initial=_initial(call, kept)
    )
    if form.is_valid() and (answer := _done(request, call, form, kept)):
        return answer
    copies = (
        RecapCopy.objects.filter(recap=kept).select_related("contact", "delivery").order_by("sent_at", "pk")
    )
    context = {
        "nav": "customers",
        "call": call,
        "customer": call.customer,
        "form": form,
        "recap": kept,
        "copies": list(copies) if kept else [],
        "nobody": not people.exists(),
    }
    return render_page(request, "coaching/recap.html", context, status=422 if form.is_bound else 200)


@require_POST
@csm_required
def recap_removal(request: MemberRequest, pk: int) -> HttpResponse:
    """Throw the draft away."""
    call = _call(request, pk)
    if recapping.drop(call=call):
        messages.success(request, _("The draft is gone. Nobody was sent anything."))
    else:
        messages.info(request, _("There is no draft: none was begun, or it went to somebody already."))
    return redirect("coaching:call", request.organisation.slug, call.pk)


def _call(request: MemberRequest, pk: int) -> Call:
    rows = Call.objects.with_people().select_related("organisation")
    call: Call = get_object_or_404(rows, pk=pk)
    if not may_edit(request, call):
        raise PermissionDenied(_("Only who logged this call, or a manager, may write its recap."))
    return call


def _initial(call: Call, kept: Recap | None) -> dict[str, object]:
    draft = recapping.Draft(kept.subject, kept.body) if kept else recapping.draft_of(call)
    had = set(RecapCopy.objects.filter(recap=kept).values_list("contact", flat=True)) if kept else set()
    on_it = [contact.pk for contact in call.contacts.all() if contact.pk not in had]
    return {"subject": draft.subject, "body": draft.body, "contacts": on_it}


def _done(request: MemberRequest, call: Call, form: RecapForm, kept: Recap | None) -> HttpResponse | None:
    """Kept, or sent. None when it cannot be sent; the form says why."""
    data = form.cleaned_data
    draft = recapping.Draft(data["subject"], data["body"])
    made = {"call": call, "draft": draft, "by": request.user, "now": request.now}
    if request.POST.get("then") != "send" and kept and kept.sent_at:
        form.add_error(None, _("It went out already and stays as it was sent. Choose who else gets it."))
        return None
    if request.POST.get("then") != "send":
        recapping.keep(**made)
        messages.success(request, _("Kept. It waits on Today until you send it or throw it away."))
        return redirect("coaching:call", request.organisation.slug, call.pk)
    try:
        recapping.send(**made, contacts=list(data["contacts"]))
    except recapping.NotPossible as refused:
        form.add_error("contacts", str(refused))
        return None
    messages.success(request, _("In the outbox. The recap goes once to each of them."))
    return redirect("coaching:call", request.organisation.slug, call.pk)
