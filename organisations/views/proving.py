"""Is it you? Whoever changes how they sign in has signed in, or typed their password, lately."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from allauth.account.adapter import get_adapter
from allauth.account.utils import get_next_redirect_url
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render, resolve_url
from django.utils.translation import gettext as _

from organisations import sessions
from organisations.forms import ProofForm


def proof_required(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Ask for the password first, then come back; what was posted is asked for again."""

    @wraps(view)
    @login_required
    def inner(request: Any, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if sessions.has_proof(request.session, request.now):
            return view(request, *args, **kwargs)
        back = request.get_full_path() if request.method == "GET" else resolve_url("own_sign_in")
        return redirect(f"{resolve_url('account_reauthenticate')}?{urlencode({'next': back})}")

    return inner


@login_required
def reauthenticate(request: Any) -> HttpResponse:
    """The password once more, counted like every sign-in."""
    form = ProofForm(request.POST or None)
    if form.is_valid():
        if _is_theirs(request, form.cleaned_data["password"]):
            sessions.prove(request.session, request.now)
            return redirect(get_next_redirect_url(request) or resolve_url("own_sign_in"))
        form.add_error("password", _("That is not your password."))
    context = {"form": form, "next": get_next_redirect_url(request)}
    return render(request, "account/reauthenticate.html", context, status=422 if form.is_bound else 200)


def _is_theirs(request: Any, password: str) -> bool:
    user = get_adapter().authenticate(request, email=request.user.email, password=password)
    return user is not None and user.pk == request.user.pk
