"""The second step of signing in, and passkeys in place of both. A challenge is made by POST and used once."""

from datetime import timedelta
from typing import Any

from allauth.account.internal.decorators import login_stage_required
from allauth.account.internal.stagekit import unstash_login
from allauth.account.models import Login
from allauth.account.utils import get_next_redirect_url
from allauth.mfa.models import Authenticator
from allauth.mfa.stages import AuthenticateStage
from allauth.mfa.webauthn.internal import auth as webauthn
from allauth.mfa.webauthn.internal.flows import perform_passwordless_login
from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from organisations import factors, limits, securing, sessions
from organisations.access import client_ip
from organisations.forms import CodeForm, CredentialForm
from organisations.models import User

STEP_HOLDS = timedelta(minutes=15)


@login_stage_required(stage=AuthenticateStage.key, redirect_urlname="account_login")
def second_step(request: Any) -> HttpResponse:
    """The password was right; now a code or a passkey."""
    stage = request._login_stage
    form = CodeForm(request.POST if "code" in request.POST else None)
    if request.method == "POST":
        if "over" in request.POST:
            return stage.abort()
        if request.now.timestamp() - stage.login.initiated_at > STEP_HOLDS.total_seconds():
            messages.error(request, _("That took more than 15 minutes. Please begin again."))
            return stage.abort()
        if _is_right(request, stage.login.user, form):
            return stage.exit()
    own = factors.of(stage.login.user)
    context = {"form": form, "has_app": own.app, "has_passkey": own.passkeys, "has_codes": own.codes}
    return render(request, "account/second_step.html", context, status=422 if form.is_bound else 200)


def _is_right(request: Any, user: User, form: CodeForm) -> bool:
    if "credential" in request.POST:
        return _by_passkey(request, user) is not None
    if not form.is_valid():
        return False
    counted = limits.take(limits.CODE, address=client_ip(request), account=str(user.pk), now=request.now)
    seat = sessions.seat_of(request)
    try:
        securing.use_code(user=user, code=form.cleaned_data["code"], seat=seat, now=request.now)
    except securing.WrongCode:
        form.add_error("code", _("That code is wrong, or was used before. Type the one the app shows now."))
        return False
    limits.give_back(counted, now=request.now)
    return True


def _by_passkey(request: Any, user: User | None) -> Authenticator | None:
    """The passkey that answered; None, with a word about it, when it is none of ours."""
    counted = limits.take(limits.PASSKEY, address=client_ip(request), now=request.now)
    form = CredentialForm(request.POST, user=user)
    if not form.is_valid():
        messages.error(request, _("That passkey opens nothing here. Use another way."))
        return None
    limits.give_back(counted, now=request.now)
    key: Authenticator = form.cleaned_data["credential"]
    key.record_usage()
    return key


@require_POST
def passkey_challenge(request: Any) -> JsonResponse:
    """What the browser asks the device to sign: for anybody, or for who has given their password."""
    limits.take(limits.CHALLENGE, address=client_ip(request), now=request.now)
    begun = unstash_login(request, peek=True)
    return JsonResponse(webauthn.begin_authentication(begun.user if begun else None))


@require_POST
def passkey_sign_in(request: Any) -> HttpResponse:
    """In place of password and code: the device asked for a finger, a face or a PIN."""
    if request.user.is_authenticated:
        return redirect("home")
    key = _by_passkey(request, None)
    if key is None:
        return redirect("account_login")
    login = Login(user=key.user, redirect_url=get_next_redirect_url(request))
    return perform_passwordless_login(request, key, login)
