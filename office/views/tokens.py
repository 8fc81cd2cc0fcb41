"""Tokens: what lets machines in. For admins; the text of a new one is shown on one answer alone."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from office import authorising
from office.models import Token
from office.models.tokens import INTAKE, ROOMS
from organisations.access import MemberRequest, admin_required
from organisations.models import Organisation, User
from ui.htmx import render_page

LASTS = [
    ("30", gettext_lazy("30 days")),
    ("90", gettext_lazy("90 days")),
    ("365", gettext_lazy("a year")),
    ("0", gettext_lazy("until it is ended")),
]
NAMES = {
    "customers": gettext_lazy("customers, people, metrics, readings"),
    "milestones": gettext_lazy("journeys, enrolments, achievements"),
    "coaching": gettext_lazy("calls, commitments, challenges, guides"),
    "advocacy": gettext_lazy("celebrations"),
    "post": gettext_lazy("the outbox"),
    "office": gettext_lazy("imports"),
    "organisations": gettext_lazy("members and the log"),
}
DOES = {"read": gettext_lazy("Read {what}"), "write": gettext_lazy("Read and write {what}")}
ALL = [
    ("read", gettext_lazy("Read everything")),
    ("write", gettext_lazy("Read and write everything")),
    (INTAKE, gettext_lazy("Send events")),
]
IN_ROOMS = [
    (f"{room}:{what}", format_lazy(words, what=NAMES[room])) for room in ROOMS for what, words in DOES.items()
]


class TokenForm(forms.Form):
    """A new token. What no box is ticked for, it cannot do."""

    name = forms.CharField(
        label=gettext_lazy("Where it is used"),
        max_length=80,
        widget=forms.TextInput(attrs={"placeholder": gettext_lazy("data warehouse"), "autocomplete": "off"}),
    )
    scopes = forms.MultipleChoiceField(
        label=gettext_lazy("It may"), choices=ALL, required=False, widget=forms.CheckboxSelectMultiple
    )
    rooms = forms.MultipleChoiceField(
        label=gettext_lazy("Or only some of it"),
        choices=IN_ROOMS,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    user: "forms.ModelChoiceField[User]" = forms.ModelChoiceField(
        queryset=None,
        label=gettext_lazy("In the name of"),
        empty_label=None,
        help_text=gettext_lazy("It never does more than they may, and stops when they leave."),
    )
    days = forms.TypedChoiceField(label=gettext_lazy("For"), choices=LASTS, initial="365", coerce=int)

    def __init__(self, *args: object, organisation: Organisation, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        here = authorising.members(organisation).values("user")
        people = User.objects.filter(pk__in=here).order_by("name", "pk")
        self.fields["user"].queryset = people  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        given["scopes"] = [*given.get("scopes", []), *given.pop("rooms", [])]
        if not given["scopes"] and not {"scopes", "rooms"} & self.errors.keys():
            self.add_error("scopes", _("Tick what it may do: one at least."))
        return given


@admin_required
def tokens(request: MemberRequest) -> HttpResponse:
    """The list, and the form that makes one."""
    given = request.POST if request.method == "POST" else None
    form = TokenForm(given, organisation=request.organisation, initial={"user": request.user})
    fresh, status = "", 422 if form.is_bound else 200
    if form.is_valid():
        _token, fresh = authorising.make(
            organisation=request.organisation,
            by=request.user,
            now=request.now,
            **form.cleaned_data,
        )
        form, status = TokenForm(organisation=request.organisation, initial={"user": request.user}), 200
    rows = Token.objects.newest_first().select_related("user")
    here = set(authorising.members(request.organisation).values_list("user_id", flat=True))
    context = {
        "open": [(row, row.user_id in here) for row in rows if row.is_open(request.now)],
        "over": [row for row in rows if not row.is_open(request.now)][:20],
        "form": form,
        "fresh": fresh,
    }
    return render_page(request, "office/tokens.html", context, status=status)


@admin_required
@require_POST
def token_end(request: MemberRequest, pk: int) -> HttpResponse:
    token = get_object_or_404(Token.objects.select_related("organisation"), pk=pk)
    authorising.end(token=token, by=request.user, now=request.now)
    messages.success(request, _("%(name)s opens nothing any more.") % {"name": token.name})
    return redirect("office:tokens", request.organisation.slug)
