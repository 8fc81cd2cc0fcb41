"""The customer's page about one milestone's wording: still right, or no longer and why. GET only shows."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from dashboards.visits import Visit, visitors_only
from milestones import agreeing
from milestones.models import Agreement
from organisations.access import client_ip

LONGEST = 2000  # characters, as with contests


@require_http_methods(["GET", "HEAD", "POST"])
@visitors_only
def agreement(request: HttpRequest, visit: Visit) -> HttpResponse:
    """GET shows the wording; POST says whether it still fits."""
    asked = agreeing.of_link(visit.link)
    if request.method != "POST":
        return _show(request, visit, asked)
    if not visit.may_answer:
        return _refuse(request, visit)
    said = request.POST.get("answer", "")
    if asked is None or said not in Agreement.Answer.values:
        return _show(request, visit, asked, status=409 if asked is None else 422)
    words = request.POST.get("words", "")[:LONGEST]
    try:
        agreeing.answer(
            agreement=asked,
            link=visit.link,
            is_right=said == Agreement.Answer.RIGHT,
            words=words,
            now=visit.now,
            ip=client_ip(request),
        )
    except agreeing.WordsMissing as refused:
        return _show(request, visit, asked, fault=str(refused), is_no=True, status=422)
    except agreeing.CannotAnswer as refused:
        return _show(request, visit, asked, fault=str(refused), words=words, status=409)
    return redirect("dashboards:agreement", visit.token)


@require_POST
@visitors_only
def withdrawal(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Take the answer back, within its 24 hours."""
    if not visit.may_answer:
        return _refuse(request, visit)
    asked = agreeing.of_link(visit.link)
    if asked is None:
        return _show(request, visit, None, status=409)
    try:
        agreeing.undo(agreement=asked, link=visit.link, now=visit.now)
    except agreeing.CannotAnswer as refused:
        return _show(request, visit, asked, fault=str(refused), status=409)
    messages.success(request, _("Your answer is taken back. The question waits for you again."))
    return redirect("dashboards:agreement", visit.token)


def _show(
    request: HttpRequest, visit: Visit, asked: Agreement | None, *, status: int = 200, **said: Any
) -> HttpResponse:
    context: dict[str, Any] = {
        "organisation": visit.organisation,
        "visit": visit,
        "contact": visit.contact,
        "csm": visit.contact.customer.owner,
        "asked": asked,
        "can_undo": asked is not None and asked.can_be_undone(visit.now),
        "fault": "",
        "words": "",
        **said,
    }
    return render(request, "dashboards/agreement.html", context, status=status)


def _refuse(request: HttpRequest, visit: Visit) -> HttpResponse:
    """A member cannot answer for the customer."""
    context = {"organisation": visit.organisation, "visit": visit, "contact": visit.contact}
    return render(request, "dashboards/customer_page_member.html", context, status=403)
