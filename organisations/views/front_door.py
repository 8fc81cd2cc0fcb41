"""Signing in and out, and the way to one's organisation. allauth does the work; nothing here acts on GET."""

from typing import Any

from allauth.account import views as allauth_views
from allauth.account.forms import UserTokenForm
from allauth.account.internal import flows
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse_lazy
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.generic.edit import FormView

from organisations import limits, securing, sessions
from organisations.access import client_ip
from organisations.forms import ForgottenForm, NewPasswordForm, OwnPasswordForm, SignInForm
from organisations.models import Membership, Organisation
from organisations.signing_in import CROWD, DEMO_PASSWORD, DEMO_PEOPLE
from organisations.views.own_sign_in import passkeys_work


def home(request: HttpRequest) -> HttpResponse:
    """To the reader's organisation; several are offered to choose from."""
    if not request.user.is_authenticated:
        return redirect(settings.LOGIN_URL)
    current = Membership.objects.filter(user=request.user, ended_at=None)
    memberships = list(current.select_related("organisation").order_by("organisation__name"))
    if len(memberships) == 1:
        return redirect("dashboards:today", memberships[0].organisation.slug)
    return render(request, "organisations/chooser.html", {"memberships": memberships})


class SignIn(allauth_views.LoginView):
    """E-mail and password. The demo names its people; `?as=mara` fills the form."""

    form_class = SignInForm

    def get_initial(self) -> dict[str, Any]:
        wanted = self.request.GET.get("as")
        person = next((p for p in (*DEMO_PEOPLE, *CROWD) if p.key == wanted), None)
        if not settings.DEMO or person is None:
            return {}
        return {"login": person.email, "password": DEMO_PASSWORD}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        context["can_have_passkeys"] = passkeys_work(self.request)
        if settings.DEMO:
            context |= {"people": DEMO_PEOPLE, "crowd": CROWD, "demo_password": DEMO_PASSWORD}
        elif not Organisation.objects.exists():
            context["is_first_run"] = True
        return context


class Forgotten(allauth_views.PasswordResetView):
    form_class = ForgottenForm

    def post(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponseBase:
        account = request.POST.get("email", "")
        limits.take(limits.RESET, address=client_ip(request), account=account, now=request.now)
        return super().post(request, *args, **kwargs)


@method_decorator(login_not_required, name="dispatch")
class NewPassword(FormView):
    """A new password by the link from a mail.

    allauth's own view keeps the key in the session on GET; here opening the link writes nothing.
    """

    template_name = "account/password_reset_from_key.html"
    form_class = NewPasswordForm
    success_url = reverse_lazy("account_reset_password_from_key_done")

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        token = UserTokenForm(data={"uidb36": kwargs["uidb36"], "key": kwargs["key"]})
        if request.method == "POST":
            limits.take(limits.LINK, address=client_ip(request), now=request.now)  # type: ignore[attr-defined]
        self.user = token.reset_user if token.is_valid() else None
        if self.user is None:
            return render(request, self.template_name, {"token_fail": True}, status=404)
        return super().dispatch(request, *args, **kwargs)

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"user": self.user}

    def form_valid(self, form: NewPasswordForm) -> HttpResponse:
        form.save()
        if self.request.user.is_authenticated:
            logout(self.request)  # this session ends like all others
        flows.password_reset.finalize_password_reset(self.request, self.user)
        _tell_changed(self.request, self.user, keep=False)
        return super().form_valid(form)


class OwnPassword(allauth_views.PasswordChangeView):
    form_class = OwnPasswordForm
    success_url = reverse_lazy("own_sign_in")

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Who signs in by passkey alone has none to change; allauth would lead to a page we do not have."""
        if not request.user.has_usable_password():
            messages.info(request, _("You have no password yet. Let us send you a link to set one."))
            return redirect("account_reset_password")
        return super().dispatch(request, *args, **kwargs)

    def post(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """The password until now is guessed as little as at sign-in."""
        self.counted = limits.take(
            limits.SIGN_IN, address=client_ip(request), account=request.user.email, now=request.now
        )
        return super().post(request, *args, **kwargs)

    def form_valid(self, form: OwnPasswordForm) -> HttpResponse:
        answer = super().form_valid(form)
        limits.give_back(self.counted, now=self.request.now)
        _tell_changed(self.request, form.user, keep=True)
        return answer


def _tell_changed(request: Any, user: Any, *, keep: bool) -> None:
    securing.password_changed(user=user, seat=sessions.seat_of(request), now=request.now, keep=keep)


def signup_closed(request: HttpRequest) -> HttpResponse:
    """Nobody signs up by themselves; whoever ends up here reads how people come in."""
    return render(request, "account/signup_closed.html", {"title": _("People come in by invitation")})
