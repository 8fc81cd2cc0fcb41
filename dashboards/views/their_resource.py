"""The customer's page of one resource they were sent: read, downloaded, and one tap whether it helped.

GET only shows. That it was opened is told by the page once a person has it in view.
"""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from coaching import sharing
from coaching.models import Sending
from coaching.views.resources import download
from dashboards.visits import Visit, visitors_only
from post.models import Link
from ui.addresses import whole_number


@require_safe
@visitors_only
def their_resource(request: HttpRequest, visit: Visit) -> HttpResponse:
    return _show(request, visit)


@require_safe
@visitors_only
def their_file(request: HttpRequest, visit: Visit) -> HttpResponse:
    """The file that goes with it, to keep."""
    sending = _sending(request, visit)
    if sending is None or sending.edition.file is None:
        raise Http404
    return download(sending.edition.file)


@require_POST
@visitors_only
def their_opening(request: HttpRequest, visit: Visit) -> HttpResponse:
    """The page tells that a person opened it; scanners that only fetch it do not."""
    sending = _sending(request, visit)
    if visit.member is None and sending is not None:
        Link.objects.filter(pk=visit.link.pk, first_opened_at=None).update(first_opened_at=visit.now)
        sharing.note_opening(sending=sending, link=visit.link, now=visit.now)
    return HttpResponse(status=204)


@require_POST
@visitors_only
def their_judgement(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Whether it helped; they may change their mind."""
    if not visit.may_answer:
        context = {"organisation": visit.organisation, "visit": visit, "contact": visit.contact}
        return render(request, "dashboards/customer_page_member.html", context, status=403)
    sending = _sending(request, visit)
    if sending is None:
        return _show(request, visit, status=409)
    answer = request.POST.get("answer", "")
    if answer not in ("yes", "no"):
        return _show(request, visit, fault=_("Choose one of the two answers."), status=422)
    try:
        sharing.judge(sending=sending, link=visit.link, has_helped=answer == "yes", now=visit.now)
    except sharing.NotTheirs as refused:
        return _show(request, visit, fault=str(refused), status=409)
    messages.success(request, _("Thank you. You can change your answer here."))
    return HttpResponseRedirect(_address(visit, "their_resource", sending))


def _show(request: HttpRequest, visit: Visit, *, status: int = 200, fault: str = "") -> HttpResponse:
    sending = _sending(request, visit)
    context: dict[str, Any] = {
        "organisation": visit.organisation,
        "visit": visit,
        "contact": visit.contact,
        "sending": sending,
        "edition": sending.edition if sending else None,
        "csm": visit.contact.customer.owner,
        "may_judge": sending is not None and visit.may_answer and sharing.may_judge(sending, visit.link),
        "file_url": _address(visit, "their_file", sending) if sending else "",
        "fault": fault,
    }
    return render(request, "dashboards/their_resource.html", context, status=status if sending else 404)


def _address(visit: Visit, name: str, sending: Sending) -> str:
    return f"{reverse(f'dashboards:{name}', args=[visit.token])}?of={sending.pk}"


def _sending(request: HttpRequest, visit: Visit) -> Sending | None:
    """The one asked for, of what this person was sent; else the one the link came with."""
    given = whole_number(request.POST.get("of", "") or request.GET.get("of", ""))
    pk = given or (visit.link.subject_id if visit.link.purpose == "resource" else 0)
    rows = Sending.objects.filter(contact=visit.contact, pk=pk or 0)
    found: Sending | None = rows.select_related("edition__file", "resource", "sent_by").first()
    return found
