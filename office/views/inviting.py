"""Invitations: asked by an admin, answered at the door. Opening a link never acts."""

from datetime import datetime

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from office import inviting
from office.views.members import InvitationForm, members_page
from organisations import limits, signing_in
from organisations.access import MemberRequest, admin_required, client_ip
from organisations.forms import PasswordField, check_password
from organisations.models import Invitation, Role, User


class ArrivalForm(forms.Form):
    """Somebody new: how they are called, and a password."""

    name = forms.CharField(
        label=gettext_lazy("Your name"),
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    password = PasswordField(label=gettext_lazy("A password"))

    def __init__(self, *args: object, email: str, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.email = email

    def clean(self) -> dict[str, object]:
        given = super().clean() or {}
        if given.get("password"):
            check_password(self, "password", User(email=self.email, name=given.get("name", "")))
        return given


@admin_required
@require_POST
def invitations(request: MemberRequest) -> HttpResponse:
    form = InvitationForm(request.POST)
    if form.is_valid():
        try:
            invitation = inviting.invite(
                organisation=request.organisation,
                email=form.cleaned_data["email"],
                role=Role(form.cleaned_data["role"]),
                by=request.user,
                now=request.now,
            )
        except inviting.AlreadyMember:
            form.add_error("email", _("They work here already."))
        else:
            messages.success(request, _("The invitation to %s is in the post.") % invitation.email)
            return redirect("office:members", request.organisation.slug)
    return members_page(request, form=form, status=422)


def _invitation(request: MemberRequest, pk: int) -> Invitation:
    return get_object_or_404(Invitation.objects.select_related("organisation"), pk=pk)


def _no_longer_open(request: MemberRequest) -> HttpResponse:
    messages.error(request, _("It was answered or withdrawn in the meantime. Invite them again."))
    return redirect("office:members", request.organisation.slug)


@admin_required
@require_POST
def invitation_resend(request: MemberRequest, pk: int) -> HttpResponse:
    invitation = _invitation(request, pk)
    try:
        inviting.resend(invitation=invitation, by=request.user, now=request.now)
    except inviting.NoLongerOpen:
        return _no_longer_open(request)
    messages.success(request, _("The invitation to %s is in the post once more.") % invitation.email)
    return redirect("office:members", request.organisation.slug)


@admin_required
@require_POST
def invitation_withdrawal(request: MemberRequest, pk: int) -> HttpResponse:
    invitation = _invitation(request, pk)
    inviting.withdraw(invitation=invitation, by=request.user, now=request.now)
    messages.success(request, _("The invitation to %s is withdrawn.") % invitation.email)
    return redirect("office:members", request.organisation.slug)


@admin_required
@require_POST
def invitation_link(request: MemberRequest, pk: int) -> HttpResponse:
    """A fresh link to hand over, on this answer alone."""
    try:
        link = inviting.fresh_link(invitation=_invitation(request, pk), by=request.user, now=request.now)
    except inviting.NoLongerOpen:
        return _no_longer_open(request)
    return members_page(request, fresh_link=link)


def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """The door: a known person signs in and says yes, a new one gives a name and a password."""
    if request.method == "POST":
        limits.take(limits.LINK, address=client_ip(request), now=_now(request))
    guest = inviting.find(token, now=_now(request))
    try:
        if guest:
            return _known(request, guest) if guest.known else _new(request, guest)
    except (inviting.NoLongerOpen, inviting.NotYours):
        pass  # somebody was quicker: the answer of a link that opens nothing
    return render(request, "office/invitation.html", {"guest": None}, status=404)


def _new(request: HttpRequest, guest: inviting.Guest) -> HttpResponse:
    form = ArrivalForm(request.POST if request.method == "POST" else None, email=guest.invitation.email)
    if form.is_valid():
        user = inviting.accept_as_new(guest=guest, now=_now(request), **form.cleaned_data)
        signing_in.enter(request, user)
        return redirect("dashboards:today", guest.organisation.slug)
    context = {"guest": guest, "form": form, "organisation": guest.organisation}
    return render(request, "office/invitation.html", context, status=422 if form.is_bound else 200)


def _known(request: HttpRequest, guest: inviting.Guest) -> HttpResponse:
    user = request.user if isinstance(request.user, User) else None
    is_them = user is not None and user.email.lower() == guest.invitation.email.lower()
    if request.method == "POST" and user and is_them:
        inviting.accept(guest=guest, user=user, now=_now(request))
        return redirect("dashboards:today", guest.organisation.slug)
    context = {"guest": guest, "is_them": is_them, "organisation": guest.organisation}
    return render(request, "office/invitation.html", context)


def _now(request: HttpRequest) -> datetime:
    return request.now  # type: ignore[attr-defined]
