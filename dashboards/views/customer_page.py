"""The customer's own pages. Opening one changes nothing; every change is a POST by whoever holds the link."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from dashboards.customer_page import page_for
from dashboards.customer_sections import Reader, sections_for
from dashboards.visits import Visit, closed, refuse_other_sites, visitors_only
from milestones import verifying
from milestones.models import Ask, Verdict
from milestones.verifying.visiting import may_answer
from organisations import limits, tenancy
from organisations.access import client_ip
from post import linking
from post.forms import WishForm
from post.models import Link
from post.preferring import change_wish
from ui.addresses import whole_number

ASKED = (
    "milestone", "contact__recipient", "contact__customer__organisation", "enrolment__customer__owner",
    "enrolment__enrolled_by", "asked_by",
)  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
@visitors_only
def customer_page(request: HttpRequest, visit: Visit) -> HttpResponse:
    """GET shows; POST answers one question with yes or no."""
    if request.method == "POST":
        return _answer(request, visit) if visit.may_answer else refuse(request, visit)
    return show(request, visit)


def _answer(request: HttpRequest, visit: Visit) -> HttpResponse:
    ask = _ask(request, visit)
    if ask is None:
        gone = _("This question was taken back. There is nothing to answer.")
        return show(request, visit, fault=gone, status=409)
    words = request.POST.get("words", "").replace("\x00", "")[:2000]
    given: dict[str, Any] = {
        "ask": ask,
        "link": visit.link,
        "words": words,
        "now": visit.now,
        "ip": client_ip(request),
    }
    try:
        if request.POST.get("answer") == "yes":
            verifying.confirm(**given)
        elif request.POST.get("answer") == "no":
            verifying.contest(**given)
        else:
            return show(request, visit, fault=_("Choose one of the two answers."), words=words, status=422)
    except verifying.WordsMissing as refused:
        return show(request, visit, fault=str(refused), fault_of=ask.pk, status=422)
    except verifying.NotPossible as refused:
        return show(request, visit, fault=str(refused), words=words, status=409)
    return back(visit)


@require_POST
@visitors_only
def withdrawal(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Take an answer back, within its 24 hours."""
    if not visit.may_answer:
        return refuse(request, visit)
    verdict = _own_verdict(request, visit)
    if verdict is None:
        return back(visit)
    if not may_answer(visit.link, verdict):
        shows = _("This link only shows. Take the answer back on the link you gave it by, or on its copy.")
        return show(request, visit, fault=shows, status=409)
    try:
        verifying.undo(verdict=verdict, now=visit.now)
    except verifying.NotPossible as refused:
        return show(request, visit, fault=str(refused), status=409)
    messages.success(request, _("Your answer is taken back. The question waits for you again."))
    return back(visit)


@require_POST
@visitors_only
def copy(request: HttpRequest, visit: Visit) -> HttpResponse:
    """A copy of their answer by mail."""
    verdict = _own_verdict(request, visit)
    if verdict is not None and verifying.send_copy(verdict=verdict, now=visit.now):
        messages.success(
            request, _("A copy is on its way to %(address)s.") % {"address": visit.contact.address}
        )
    return back(visit)


@require_POST
@visitors_only
def answer_link(request: HttpRequest, visit: Visit) -> HttpResponse:
    """The link to answer one question, to their own address: whoever holds this page may not be them."""
    ask = _ask(request, visit) if visit.may_answer else None
    if ask is not None and verifying.send_link_to_answer(ask=ask, now=visit.now):
        messages.success(
            request,
            _("The link to answer is on its way to %(address)s.") % {"address": visit.contact.address},
        )
    return back(visit)


@require_POST
@visitors_only
def mails(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Which mails this address gets."""
    form = WishForm(request.POST)
    if not form.is_valid() or visit.contact.recipient is None:
        return show(request, visit, fault=_("Choose which mails you want."), status=422)
    change_wish(recipient=visit.contact.recipient, now=visit.now, **form.cleaned_data)
    messages.success(request, _("Kept. It holds for every mail from us, those waiting included."))
    return back(visit)


@require_POST
@visitors_only
def opening(request: HttpRequest, visit: Visit) -> HttpResponse:
    """The page tells that a person opened it; scanners that only fetch it do not."""
    if visit.member is None:
        Link.objects.filter(pk=visit.link.pk, first_opened_at=None).update(first_opened_at=visit.now)
    return HttpResponse(status=204)


@require_POST
@csrf_exempt
def new_link(request: Any, token: str) -> HttpResponse:
    """A new link for one that ran out, to the same address. The answer is the same for any token."""
    refuse_other_sites(request)
    limits.take(limits.NEW_LINK, address=client_ip(request), account=token, now=request.now)
    found = linking.find(token)
    if found is not None:
        organisation, link = found
        with tenancy.within(organisation):
            verifying.send_new_link(link=link, now=request.now)
    return closed(request, token, is_asked=True)


def show(request: HttpRequest, visit: Visit, *, status: int = 200, **said: Any) -> HttpResponse:
    context = {
        "organisation": visit.organisation,
        "visit": visit,
        "contact": visit.contact,
        "page": page_for(visit.contact, visit.link, now=visit.now),
        "reader": (reader := Reader(visit.contact, visit.link, visit.now, visit.may_answer)),
        "sections": sections_for(reader),
        "fault": "",
        "words": "",
        **said,
    }
    return render(request, "dashboards/customer_page.html", context, status=status)


def refuse(request: HttpRequest, visit: Visit) -> HttpResponse:
    """A member cannot answer for the customer."""
    context = {"organisation": visit.organisation, "visit": visit, "contact": visit.contact}
    return render(request, "dashboards/customer_page_member.html", context, status=403)


def _ask(request: HttpRequest, visit: Visit) -> Ask | None:
    """The question that was on the page when it was answered; else the one the link was sent with."""
    given = request.POST.get("ask", "")
    pk = whole_number(given) or visit.link.subject_id
    if not given and visit.link.purpose != "confirm":
        return None
    return Ask.objects.filter(contact=visit.contact, pk=pk).select_related(*ASKED).first()


def _own_verdict(request: HttpRequest, visit: Visit) -> Verdict | None:
    given = request.POST.get("verdict", "")
    rows = Verdict.objects.filter(contact=visit.contact).select_related(
        "enrolment__organisation", "enrolment__customer__owner", "enrolment__enrolled_by", "milestone", "ask"
    )
    return rows.filter(pk=whole_number(given)).first()


def back(visit: Visit) -> HttpResponse:
    return redirect("dashboards:customer_page", visit.token)
