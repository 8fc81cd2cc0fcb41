"""Saying something back to a celebration with one tap, and the card of it to pass on. GET only shows."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from advocacy import replying
from advocacy.models import CelebrationGuest, CelebrationReply
from dashboards.visits import Visit, visitors_only
from organisations.access import client_ip

LONGEST = replying.LONGEST


@require_http_methods(["GET", "HEAD", "POST"])
@visitors_only
def reply(request: HttpRequest, visit: Visit) -> HttpResponse:
    """GET shows what was celebrated and a button; POST says it."""
    seat = replying.seat_of(visit.link)
    if request.method != "POST":
        return _show(request, visit, seat, "dashboards/reply.html")
    if not visit.may_answer:
        return _refuse(request, visit)
    if seat is None:
        return _show(request, visit, None, "dashboards/reply.html", status=409)
    replying.reply(
        seat=seat,
        words=request.POST.get("words", "")[:LONGEST],
        may_tell=bool(request.POST.get("may_tell")),
        link=visit.link,
        now=visit.now,
        ip=client_ip(request),
    )
    return redirect("dashboards:reply", visit.token)


@require_http_methods(["GET", "HEAD", "POST"])
@visitors_only
def card(request: HttpRequest, visit: Visit) -> HttpResponse:
    """The card to print or pass on; it bears no link and no name but theirs. POST notes that they do."""
    seat = replying.seat_of(visit.link)
    if request.method != "POST":
        return _show(request, visit, seat, "dashboards/card.html")
    if not visit.may_answer:
        return _refuse(request, visit)
    if seat is None:
        return _show(request, visit, None, "dashboards/card.html", status=409)
    replying.share(seat=seat, link=visit.link, now=visit.now, ip=client_ip(request))
    return redirect("dashboards:card", visit.token)


def _show(
    request: HttpRequest, visit: Visit, seat: CelebrationGuest | None, template: str, *, status: int = 200
) -> HttpResponse:
    context: dict[str, Any] = {
        "organisation": visit.organisation,
        "visit": visit,
        "contact": visit.contact,
        "csm": visit.contact.customer.owner,
        "seat": seat,
    }
    if seat is not None:
        said = CelebrationReply.objects.filter(celebration=seat.celebration_id, contact=visit.contact)
        context |= {"celebration": seat.celebration, "said": said.first()}
    return render(request, template, context, status=status)


def _refuse(request: HttpRequest, visit: Visit) -> HttpResponse:
    """A member cannot answer for the customer."""
    context = {"organisation": visit.organisation, "visit": visit, "contact": visit.contact}
    return render(request, "dashboards/customer_page_member.html", context, status=403)
