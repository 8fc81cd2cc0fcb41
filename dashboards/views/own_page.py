"""What people do on their own page: pick what is next, tick what they did, ask about their data.

Each needs a link that speaks for its reader; without one the page shows, and sends them that link.
"""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from coaching import picking, scheduling
from coaching.models import Commitment
from customers import requesting
from customers.models import DataRequest
from dashboards.customer_sections import Reader, may_pick
from dashboards.views.customer_page import back, refuse, show
from dashboards.visits import Visit, visitors_only
from milestones import verifying
from milestones.models import Achievement, Pick
from ui.addresses import whole_number


@require_POST
@visitors_only
def own_link(request: HttpRequest, visit: Visit) -> HttpResponse:
    """The link that acts, to their own address: whoever holds this page may not be them."""
    if visit.may_answer and verifying.send_own_link(contact=visit.contact, now=visit.now):
        said = _("The link is on its way to %(address)s. It works for a day.")
        messages.success(request, said % {"address": visit.contact.address})
    return back(visit)


@require_POST
@visitors_only
def pick(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Choose one line of the menu after a win."""
    rows = Achievement.objects.filter(enrolment__customer=visit.contact.customer)
    achievement = rows.select_related("enrolment").filter(pk=_number(request, "achievement")).first()
    if achievement is None or not may_pick(reader_of(visit), achievement):
        return _only_shows(request, visit)
    try:
        due_on = parse_date(request.POST.get("due_on", ""))
    except ValueError:
        return show(request, visit, fault=_("Write a date like 2026-03-31, or none."), status=422)
    given: dict[str, Any] = {"kind": request.POST.get("kind", ""), "due_on": due_on}
    try:
        picking.pick(
            achievement=achievement,
            contact=visit.contact,
            now=visit.now,
            is_demo=visit.link.is_demo,
            **given,
        )
    except picking.NotPossible as refused:
        return show(request, visit, fault=str(refused), status=409)
    messages.success(request, _("Written down. You can take it back for 24 hours."))
    return back(visit)


@require_POST
@visitors_only
def pick_withdrawal(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Take a pick back, within its 24 hours."""
    if not reader_of(visit).may_act:
        return _only_shows(request, visit)
    row = Pick.objects.filter(contact=visit.contact, pk=_number(request, "pick")).first()
    try:
        if row is not None:
            picking.undo(pick=row, now=visit.now)
    except picking.NotPossible as refused:
        return show(request, visit, fault=str(refused), status=409)
    messages.success(request, _("Taken back. The menu is as it was."))
    return back(visit)


@require_POST
@visitors_only
def tick(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Say that they did what they said, or take that back for 24 hours."""
    if not reader_of(visit).may_act:
        return _only_shows(request, visit)
    rows = Commitment.objects.filter(owner_contact=visit.contact, pk=_number(request, "commitment"))
    row, is_kept = rows.first(), request.POST.get("is") == "kept"
    if row is None:
        gone = _("This commitment is no longer there. Here is what stands now.")
        return show(request, visit, fault=gone, status=409)
    try:
        scheduling.settle_own(commitment=row, contact=visit.contact, is_kept=is_kept, now=visit.now)
    except scheduling.NotTheirs as refused:
        return show(request, visit, fault=str(refused), status=409)
    messages.success(request, _("Well done. We see it too.") if is_kept else _("It is open again."))
    return back(visit)


@require_POST
@visitors_only
def data_request(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Ask for a copy of their data, or that it be erased."""
    if not reader_of(visit).may_act:
        return _only_shows(request, visit)
    kind = request.POST.get("kind", "")
    if kind not in DataRequest.Kind.values:
        return show(request, visit, fault=_("Choose what you ask for."), status=422)
    requesting.ask(contact=visit.contact, kind=kind, now=visit.now, is_demo=visit.link.is_demo)
    said = _("A person has been told. What you asked also goes to %(address)s by mail.")
    messages.success(request, said % {"address": visit.contact.address})
    return back(visit)


def reader_of(visit: Visit) -> Reader:
    return Reader(visit.contact, visit.link, visit.now, visit.may_answer)


def _number(request: HttpRequest, name: str) -> int:
    return whole_number(request.POST.get(name, ""))


def _only_shows(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Nothing was stored; the link that acts goes to the person alone."""
    if not visit.may_answer:
        return refuse(request, visit)
    words = _("This link only shows. Have the link that acts sent to you, below. Nothing was stored.")
    return show(request, visit, fault=words, status=403)
