"""Setting up second factors and taking them off. Looking writes nothing: a new secret travels signed."""

from base64 import b64encode
from typing import Any

from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import generate_totp_secret
from allauth.mfa.webauthn.internal import auth as webauthn
from django.contrib import messages
from django.core import signing
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from organisations import factors, securing, sessions
from organisations.forms import AppForm, PasskeyForm
from organisations.views.own_sign_in import passkeys_work
from organisations.views.proving import proof_required

SALT, SECRET_HOLDS = "organisations.factors.app", 60 * 60  # seconds


@proof_required
def app(request: Any) -> HttpResponse:
    """Scan, type the code, done."""
    if factors.of(request.user).app:
        return redirect("own_sign_in")
    given = request.POST.get("secret", "")
    secret = _opened(given, request.user.pk)
    if secret is None:
        secret = generate_totp_secret()
        given = signing.dumps([request.user.pk, secret], salt=SALT)
        form = AppForm(initial={"secret": given})
    else:
        form = AppForm(request.POST)
        if form.is_valid():
            try:
                codes = securing.add_app(
                    user=request.user,
                    secret=secret,
                    code=form.cleaned_data["code"],
                    seat=sessions.seat_of(request),
                    now=request.now,
                )
            except securing.WrongCode:
                form.add_error("code", _("That is not the code of now. Type the one the app shows."))
            else:
                return _done(request, codes, _("The app is set up. You were signed out elsewhere."))
    context = {"form": form, "secret": _grouped(secret), "qr": _qr(request, secret)}
    return render(request, "account/app.html", context, status=422 if form.is_bound else 200)


def _opened(given: str, user_id: int) -> str | None:
    """The secret this page gave to this person within the hour."""
    try:
        owner, secret = signing.loads(given, salt=SALT, max_age=SECRET_HOLDS)
    except (signing.BadSignature, ValueError):
        return None
    return secret if owner == user_id else None


def _grouped(secret: str) -> str:
    return " ".join(secret[at : at + 4] for at in range(0, len(secret), 4))


def _qr(request: Any, secret: str) -> str:
    """The square to scan, as an address an image may have."""
    adapter = get_adapter()
    svg = adapter.build_totp_svg(adapter.build_totp_url(request.user, secret))
    return f"data:image/svg+xml;base64,{b64encode(svg.encode()).decode()}"


@require_POST
@proof_required
def passkey_options(request: Any) -> JsonResponse:
    """What the browser asks the device for; the challenge waits in the session."""
    return JsonResponse(webauthn.begin_registration(request.user, passwordless=True))


@proof_required
def passkey(request: Any) -> HttpResponse:
    form = PasskeyForm(request.POST or None, user=request.user)
    if form.is_valid():
        codes = securing.add_passkey(
            user=request.user,
            name=form.cleaned_data["name"],
            credential=form.cleaned_data["credential"],
            seat=sessions.seat_of(request),
            now=request.now,
        )
        return _done(request, codes, _("The passkey is set up. You were signed out elsewhere."))
    context = {"form": form, "can_have_passkeys": passkeys_work(request)}
    return render(request, "account/passkey.html", context, status=422 if form.is_bound else 200)


@proof_required
def recovery_codes(request: Any) -> HttpResponse:
    """Asked first; the new ones are shown on the answer alone."""
    if not factors.has_second(request.user):
        return redirect("own_sign_in")
    if request.method == "POST":
        codes = securing.renew_codes(user=request.user, seat=sessions.seat_of(request), now=request.now)
        return _done(request, codes, "")
    return render(request, "account/codes_new.html", {"left": factors.of(request.user).codes_left})


@proof_required
def factor_removal(request: Any, pk: int) -> HttpResponse:
    mine = Authenticator.objects.filter(user=request.user, type__in=factors.SECOND).select_related("user")
    factor = get_object_or_404(mine, pk=pk)
    if request.method == "POST":
        securing.remove(factor=factor, seat=sessions.seat_of(request), now=request.now)
        messages.success(request, _("It is removed. You were signed out elsewhere."))
        return redirect("own_sign_in")
    others = mine.exclude(pk=pk).exists()
    context = {"factor": factor, "name": str(factor), "is_last": not others, "is_app": factor.type == "totp"}
    return render(request, "account/factor_removal.html", context)


def _done(request: Any, codes: list[str], words: str) -> HttpResponse:
    """New recovery codes, shown this once; else back."""
    if words:
        messages.success(request, words)
    if not codes:
        return redirect("own_sign_in")
    return render(request, "account/codes.html", {"codes": codes})
