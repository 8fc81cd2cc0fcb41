"""Hand customers over to another coach, several at once, with what was planned and promised there."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST

from coaching import handing
from coaching.handing import Handed
from customers.models import Customer
from organisations.access import MemberRequest, colleagues, csm_required
from organisations.models import Organisation, User
from ui.ticked import RowsField


class OwnersForm(forms.Form):
    """Give the customers that are ticked to one member."""

    customer: "forms.ModelMultipleChoiceField[Customer]" = RowsField(
        queryset=None, error_messages={"required": gettext_lazy("Tick the customers first.")}
    )
    owner: "forms.ModelChoiceField[User]" = forms.ModelChoiceField(
        queryset=None,
        required=False,
        error_messages={"invalid_choice": gettext_lazy("Choose somebody who works here.")},
    )

    def __init__(self, *args: Any, organisation: Organisation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["customer"].queryset = Customer.objects.all()  # type: ignore[attr-defined]
        self.fields["owner"].queryset = colleagues(organisation, who_write=True)  # type: ignore[attr-defined]


@csm_required
@require_POST
def owners(request: MemberRequest) -> HttpResponse:
    """Give the ticked customers to one member."""
    form = OwnersForm(request.POST, organisation=request.organisation)
    if not form.is_valid():
        messages.error(request, " ".join(str(e) for errors in form.errors.values() for e in errors))
        return _back_to_list(request)
    owner = form.cleaned_data["owner"]
    handed = handing.hand_over(
        organisation=request.organisation,
        customers=form.cleaned_data["customer"],
        owner=owner,
        by=request.user,
        now=request.now,
    )
    messages.success(request, _said(handed, owner))
    return _back_to_list(request)


def _said(handed: Handed, owner: User | None) -> str:
    n = handed.customers
    said = ngettext("%(n)d customer now has %(who)s.", "%(n)d customers now have %(who)s.", n)
    words = said % {"n": n, "who": owner.name if owner else _("no CSM")}
    calls, promises = handed.total("calls"), handed.total("commitments")
    challenges = handed.total("challenges")
    along = []
    if calls:
        along.append(ngettext("%(n)d planned call", "%(n)d planned calls", calls) % {"n": calls})
    if promises:
        along.append(ngettext("%(n)d commitment", "%(n)d commitments", promises) % {"n": promises})
    if challenges:
        along.append(ngettext("%(n)d challenge", "%(n)d challenges", challenges) % {"n": challenges})
    return f"{words} {_('Went along: %(what)s.') % {'what': ', '.join(along)}}" if along else words


def _back_to_list(request: MemberRequest) -> HttpResponse:
    """To the list as it was filtered; only a query string is taken from the form, never an address."""
    answer = redirect("dashboards:customer_list", request.organisation.slug)
    query = QueryDict(request.POST.get("query", "")).urlencode()
    if query:
        answer["Location"] += f"?{query}"
    return answer
