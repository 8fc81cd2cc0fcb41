"""What we ask of somebody at a customer: they say yes or no on their own link. GET only shows."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from advocacy import recruiting
from advocacy.models import Favour
from dashboards.visits import Visit, visitors_only

LONGEST = 2000  # characters


@require_http_methods(["GET", "HEAD", "POST"])
@visitors_only
def favour(request: HttpRequest, visit: Visit) -> HttpResponse:
    asked = recruiting.of_link(visit.link)
    if request.method != "POST":
        return _show(request, visit, asked)
    if not visit.may_answer:
        context = {"organisation": visit.organisation, "visit": visit, "contact": visit.contact}
        return render(request, "dashboards/customer_page_member.html", context, status=403)
    said = request.POST.get("answer", "")
    if asked is None or said not in ("yes", "no"):
        fault = _("Choose one of the two answers.") if asked else ""
        return _show(request, visit, asked, fault=fault, status=422 if asked else 409)
    words = request.POST.get("words", "").replace("\x00", "")[:LONGEST]
    try:
        recruiting.answer(favour=asked, link=visit.link, is_yes=said == "yes", reply=words, now=visit.now)
    except recruiting.NotPossible as refused:
        return _show(request, visit, asked, fault=str(refused), words=words, status=409)
    return redirect("dashboards:favour", visit.token)


def _show(
    request: HttpRequest, visit: Visit, asked: Favour | None, *, status: int = 200, **said: Any
) -> HttpResponse:
    advocate = getattr(visit.contact, "advocate", None)
    is_referral = asked is not None and asked.kind == Favour.Kind.REFERRAL
    context: dict[str, Any] = {
        "organisation": visit.organisation,
        "visit": visit,
        "contact": visit.contact,
        "favour": asked,
        "own_address": advocate.address if advocate and is_referral else "",
        "fault": "",
        "words": "",
        **said,
    }
    return render(request, "dashboards/favour.html", context, status=status)
