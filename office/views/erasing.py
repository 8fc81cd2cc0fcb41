"""One person's data: a copy of it, what erasing them would do, doing it, and lifting that."""

from django import forms
from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from customers.models import Contact, Erasure
from office import erasing
from organisations.access import MemberRequest, admin_required
from ui.htmx import render_page

MOST = 200


class ErasureForm(forms.Form):
    why = forms.CharField(
        label=gettext_lazy("Why"),
        max_length=300,
        help_text=gettext_lazy("In one sentence, without their name: it stays beside the date."),
    )
    sure = forms.BooleanField(label=gettext_lazy("I have read what goes. Nothing of it comes back."))


@require_http_methods(["GET", "HEAD", "POST"])
@admin_required
def person_erasure(request: MemberRequest, pk: int) -> HttpResponse:
    """What goes and what stays, by number; a POST with a reason does it."""
    contact = _contact(pk)
    form = ErasureForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            erasing.erase(contact=contact, by=request.user, now=request.now, why=form.cleaned_data["why"])
        except erasing.NotPossible as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("Erased. They got no mail of it: their address went with the rest."))
            return redirect("office:erasures", request.organisation.slug)
    erasure = Erasure.objects.filter(contact=contact).select_related("by").first()
    context = {"nav": "customers", "contact": contact, "form": form, "erasure": erasure}
    context["look"] = None if erasure else erasing.look(contact)
    return render_page(request, "office/person_erasure.html", context, status=422 if form.is_bound else 200)


@require_POST
@admin_required
def person_copy(request: MemberRequest, pk: int) -> HttpResponseBase:
    """Everything about them as one file; the log notes who took it."""
    contact = _contact(pk)
    made = erasing.write_down(contact=contact, by=request.user, now=request.now)
    response = JsonResponse(made, json_dumps_params={"ensure_ascii": False, "indent": 1})
    name = f"bosai-person-{contact.pk}-{request.now:%Y-%m-%d}.json"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@require_safe
@admin_required
def erasures(request: MemberRequest) -> HttpResponse:
    """Who was erased, without names; the newest first."""
    rows = Erasure.objects.newest_first().select_related("customer", "by", "lifted_by")
    context = {"nav": "customers", "rows": rows[:MOST], "most": MOST}
    return render_page(request, "office/erasures.html", context)


@require_POST
@admin_required
def erasure_lifting(request: MemberRequest, pk: int) -> HttpResponse:
    """They may be written down again, as somebody new."""
    row = get_object_or_404(Erasure.objects, pk=pk)
    why = request.POST.get("why", "").replace("\x00", "")
    try:
        erasing.lift(erasure=row, by=request.user, now=request.now, why=why)
    except erasing.NotPossible as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("Lifted. They can be written down again; nothing of before comes back."))
    return redirect("office:erasures", request.organisation.slug)


def _contact(pk: int) -> Contact:
    rows = Contact.objects.select_related("recipient", "organisation", "customer__organisation")
    return get_object_or_404(rows, pk=pk)
