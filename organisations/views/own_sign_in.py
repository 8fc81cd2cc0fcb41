"""Your sign-in: password, second factors, recovery codes, and where one is signed in."""

from ipaddress import ip_address
from typing import Any

from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from organisations import factors, securing, sessions
from organisations.devices import device_words
from organisations.views.proving import proof_required


@login_required
def own_sign_in(request: Any) -> HttpResponse:
    seat = sessions.seat_of(request)
    opened = sessions.opened(request.user, this=seat.key, now=request.now)
    context = {
        "factors": factors.of(request.user),
        "asking": factors.missing_at(request.user),
        "can_have_passkeys": passkeys_work(request),
        "sessions": [
            {"of": each, "number": sessions.number_of(each.row), "device": device_words(each.agent)}
            for each in opened
        ],
    }
    return render(request, "account/own_sign_in.html", context)


def passkeys_work(request: HttpRequest) -> bool:
    """Browsers offer passkeys at a name over https (or at localhost), never at a bare number."""
    host = request.get_host().rpartition(":")[0] or request.get_host()
    try:
        ip_address(host.strip("[]"))
    except ValueError:
        return request.is_secure() or host == "localhost"
    return False


@require_POST
@proof_required
def session_end(request: Any) -> HttpResponse:
    number, seat = request.POST.get("session", ""), sessions.seat_of(request)
    if securing.end_session(user=request.user, number=number, seat=seat, now=request.now):
        messages.success(request, _("That one is signed out."))
    else:
        messages.info(request, _("That one was signed out already."))
    return redirect("own_sign_in")


@require_POST
@proof_required
def sessions_end(request: Any) -> HttpResponse:
    """Sign out elsewhere; with `here` in this browser too."""
    seat, is_here = sessions.seat_of(request), "here" in request.POST
    ended = securing.end_sessions(user=request.user, seat=seat, now=request.now, keep=not is_here)
    if is_here:
        logout(request)
        messages.success(request, _("You are signed out everywhere."))
        return redirect("account_login")
    words = ngettext("%(n)d other session is ended.", "%(n)d other sessions are ended.", ended)
    messages.success(request, words % {"n": ended})
    return redirect("own_sign_in")
