"""One mail: what it says, what became of it, and what a person may decide about it."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.csp import CSP
from django.utils.translation import gettext as _
from django.views.decorators.csp import csp_override
from django.views.decorators.http import require_POST, require_safe

from organisations.access import MemberRequest, admin_required, csm_required, member_required
from post import posting, settling, tasks
from post.history import history
from post.models import Delivery
from post.settling import Decision
from post.sights import Sight, obstacle
from ui.addresses import own_page
from ui.htmx import render_page
from ui.waking import wake

# A mail brings its own styles and nothing else: no script, no form, no picture from elsewhere.
MAIL_CSP: dict[str, Any] = {
    "default-src": [CSP.NONE],
    "style-src": [CSP.UNSAFE_INLINE],
    "img-src": ["data:"],
    "frame-ancestors": [CSP.SELF],
    "sandbox": True,
}


@require_safe
@member_required
def delivery(request: MemberRequest, pk: int) -> HttpResponse:
    row = _row(pk)
    context = {
        "nav": "outbox",
        "delivery": row,
        "sight": Sight(row, request.membership, request.now),
        "as_text": "text" in request.GET or not row.html,
        "steps": history(row),
        "obstacle": obstacle(),
        "mail_from": settings.MAIL_FROM,
    }
    return render_page(request, "post/delivery.html", context)


@require_safe
@csp_override(MAIL_CSP)
@member_required
def rendering(request: MemberRequest, pk: int) -> HttpResponse:
    """The mail itself, as it is stored: for the frame on its page."""
    # in a sandbox a new window cannot open: links, which are placeholders here, lead nowhere
    html = _row(pk).html.replace("<head>", '<head><base target="_blank">', 1)
    return HttpResponse(html, headers={"Referrer-Policy": "no-referrer"})


@require_POST
@csm_required
def arrival(request: MemberRequest, pk: int) -> HttpResponse:
    return _settle(request, pk, settling.it_arrived, _("Noted: it arrived."))


@require_POST
@csm_required
def resending(request: MemberRequest, pk: int) -> HttpResponse:
    return _settle(request, pk, settling.send_again, _("It goes out again within seconds."))


@require_POST
@csm_required
def next_try(request: MemberRequest, pk: int) -> HttpResponse:
    return _settle(request, pk, settling.try_now, _("It is tried again within seconds."))


@require_POST
@csm_required
def stop(request: MemberRequest, pk: int) -> HttpResponse:
    return _settle(request, pk, settling.stop, _("Stopped. It does not leave."))


def _settle(request: MemberRequest, pk: int, decide: Decision, words: str) -> HttpResponse:
    row = _row(pk)
    try:
        decide(delivery=row, by=request.user, now=request.now)
    except settling.CannotSettleError as refused:
        messages.error(request, str(refused))
    else:
        wake(tasks.dispatch)
        messages.success(request, words)
    back = own_page(request, request.POST.get("next", ""))
    return redirect(back) if back else redirect("post:delivery", request.organisation.slug, row.pk)


@require_POST
@admin_required
def test_mail(request: MemberRequest) -> HttpResponse:
    """A mail to oneself."""
    row = posting.post_test_mail(organisation=request.organisation, to=request.user, now=request.now)
    wake(tasks.dispatch)
    words = _("A test mail to %(address)s is in the outbox. This page tells what becomes of it.")
    messages.success(request, words % {"address": row.address})
    return redirect("post:delivery", request.organisation.slug, row.pk)


def _row(pk: int) -> Delivery:
    found: Delivery = get_object_or_404(Delivery.objects.select_related("organisation"), pk=pk)
    return found
