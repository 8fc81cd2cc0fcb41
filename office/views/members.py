"""Who works here, as what, and how they leave. For admins."""

from django import forms
from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST

from customers.models import Customer
from office import parting
from organisations import factors, governing, securing
from organisations.access import MemberRequest, admin_required, colleagues
from organisations.models import Invitation, Membership, Organisation, Role, User
from organisations.views.proving import proof_required
from ui.htmx import render_page

LAST_ADMIN = gettext_lazy(
    "Without them nobody could run this organisation. Make somebody else an admin first."
)


class InvitationForm(forms.Form):
    email = forms.EmailField(label=gettext_lazy("E-mail address"), max_length=254)
    role = forms.ChoiceField(label=gettext_lazy("As"), choices=Role.choices, initial=Role.CSM)


class RoleForm(forms.Form):
    role = forms.ChoiceField(choices=Role.choices)


class HeirForm(forms.Form):
    """Who has the customers of somebody who leaves."""

    heir: "forms.ModelChoiceField[User]" = forms.ModelChoiceField(queryset=None, empty_label="")

    def __init__(self, *args: object, membership: Membership, needs_heir: bool, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        others = colleagues(membership.organisation, who_write=True).exclude(pk=membership.user_id)
        field = self.fields["heir"]
        field.queryset = others  # type: ignore[attr-defined]
        field.required = needs_heir
        n = Customer.objects.owned_by(membership.user).count()
        field.label = ngettext("Their %(n)d customer goes to", "Their %(n)d customers go to", n) % {"n": n}
        if not n:
            field.label = _("Their calls and promises go to")


def members_page(
    request: MemberRequest, *, form: InvitationForm | None = None, fresh_link: str = "", status: int = 200
) -> HttpResponse:
    """The page; `fresh_link` is shown this once."""
    organisation = request.organisation
    members = Membership.objects.filter(organisation=organisation, ended_at=None).select_related("user")
    invitations = Invitation.objects.filter(accepted_at=None, withdrawn_at=None).order_by("-invited_at")
    context = {
        "members": _with_factors(members.order_by("user__name", "pk")),
        "invitations": [(each, each.is_open(request.now)) for each in invitations],
        "form": form or InvitationForm(),
        "fresh_link": fresh_link,
        "roles": Role.choices,
    }
    return render_page(request, "office/members.html", context, status=status)


def _with_factors(members: QuerySet[Membership]) -> list[tuple[Membership, bool]]:
    """Each with whether they have a second factor."""
    rows = list(members)
    safe = factors.owners(row.user_id for row in rows)
    return [(row, row.user_id in safe) for row in rows]


@admin_required
def members(request: MemberRequest) -> HttpResponse:
    return members_page(request)


def _member(organisation: Organisation, pk: int) -> Membership:
    rows = Membership.objects.filter(organisation=organisation, ended_at=None)
    return get_object_or_404(rows.select_related("user", "organisation"), pk=pk)


@admin_required
@require_POST
def member_role(request: MemberRequest, pk: int) -> HttpResponse:
    membership, form = _member(request.organisation, pk), RoleForm(request.POST)
    if form.is_valid():
        role = Role(form.cleaned_data["role"])
        try:
            governing.change_role(membership=membership, role=role, by=request.user, now=request.now)
        except governing.LastAdmin:
            messages.error(request, LAST_ADMIN)
        else:
            said = _("%(name)s is %(role)s from now on.")
            messages.success(request, said % {"name": membership.user.name, "role": role.label})
    else:
        messages.error(request, _("There is no such role. Nothing was changed."))
    return redirect("office:members", request.organisation.slug)


@admin_required
def member_end(request: MemberRequest, pk: int) -> HttpResponse:
    """The page that asks who takes over, and the answer."""
    membership = _member(request.organisation, pk)
    needs_heir = parting.leaves_behind(membership.user)
    given = request.POST if request.method == "POST" else None
    form = HeirForm(given, membership=membership, needs_heir=needs_heir)
    if form.is_valid():
        heir = form.cleaned_data["heir"]
        try:
            moved = parting.member_leaves(membership=membership, heir=heir, by=request.user, now=request.now)
        except governing.LastAdmin:
            form.add_error(None, LAST_ADMIN)
        except parting.HeirNeeded:
            form.add_error("heir", _("Say who has their customers, calls and promises from now on."))
        else:
            messages.success(request, _parted(membership, moved))
            return redirect("office:members", request.organisation.slug)
    context = {"form": form, "membership": membership, "needs_heir": needs_heir}
    return render_page(request, "office/member_end.html", context, status=422 if form.is_bound else 200)


def _parted(membership: Membership, moved: int) -> str:
    words = ngettext(
        "%(name)s no longer works here; %(n)d customer was handed over.",
        "%(name)s no longer works here; %(n)d customers were handed over.",
        moved,
    )
    return words % {"name": membership.user.name, "n": moved}


@admin_required
@proof_required
def member_second_factor(request: MemberRequest, pk: int) -> HttpResponse:
    """Somebody lost theirs: asked first, then taken off."""
    membership = _member(request.organisation, pk)
    if membership.user == request.user:
        return redirect("own_sign_in")
    is_ours = securing.may_be_helped(membership.user, by=request.user)
    if request.method == "POST" and is_ours:
        name = membership.user.name
        if securing.remove_all(user=membership.user, by=request.user, now=request.now):
            messages.success(
                request, _("%s signs in with the password alone, until they set up anew.") % name
            )
        else:
            messages.info(request, _("%s had no second factor any more.") % name)
        return redirect("office:members", request.organisation.slug)
    context = {"membership": membership, "is_ours": is_ours}
    status = 403 if request.method == "POST" else 200
    return render_page(request, "office/member_second_factor.html", context, status=status)
