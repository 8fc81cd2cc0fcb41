"""What people do about circles on their own page. Going needs any link of theirs, all else one that acts."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from advocacy import convening
from advocacy.models import CircleSeat, Introduction
from dashboards.views.customer_page import back, refuse, show
from dashboards.views.own_page import reader_of
from dashboards.visits import Visit, visitors_only
from ui.addresses import whole_number

JOIN, SHOW, LEAVE = "join", "show", "leave"


@require_POST
@visitors_only
def their_circle(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Join, show more or less, leave."""
    do, reader = request.POST.get("do", ""), reader_of(visit)
    if not visit.may_answer:
        return refuse(request, visit)
    if do != LEAVE and not reader.may_act:
        return _only_shows(request, visit)
    pk = whole_number(request.POST.get("seat", ""))
    seat = CircleSeat.objects.filter(contact=visit.contact, pk=pk).first()
    if seat is None or do not in (JOIN, SHOW, LEAVE):
        gone = _("This circle is no longer there. Here is what stands now.")
        return show(request, visit, fault=gone, status=409)
    shows = request.POST.getlist("shows")
    try:
        if do == JOIN:
            convening.join(seat=seat, shows=shows, now=visit.now, is_demo=visit.link.is_demo)
        elif do == SHOW:
            convening.show(seat=seat, shows=shows, now=visit.now)
        else:
            convening.leave(seat=seat, now=visit.now)
    except convening.NotPossible as refused:
        return show(request, visit, fault=str(refused), status=409)
    messages.success(request, _said(do))
    return back(visit)


@require_POST
@visitors_only
def their_introduction(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Yes or no to being introduced."""
    if not visit.may_answer:
        return refuse(request, visit)
    if not reader_of(visit).may_act:
        return _only_shows(request, visit)
    said, pk = request.POST.get("answer", ""), whole_number(request.POST.get("introduction", ""))
    row = Introduction.objects.of(visit.contact).filter(pk=pk).first()
    if row is None or said not in ("yes", "no"):
        gone = _("This question was taken back. There is nothing to answer.")
        return show(request, visit, fault=gone, status=409)
    try:
        row = convening.answer(
            introduction=row,
            contact=visit.contact,
            is_yes=said == "yes",
            now=visit.now,
            is_demo=visit.link.is_demo,
        )
    except convening.NotPossible as refused:
        return show(request, visit, fault=str(refused), status=409)
    if row.state == Introduction.State.MADE:
        messages.success(request, _("You both said yes. A mail is on its way to each of you."))
    else:
        messages.success(request, _("Written down. The other side does not learn what you said."))
    return back(visit)


def _said(do: str) -> str:
    return {
        JOIN: _("You are in it. Leave whenever you like."),
        SHOW: _("Kept. That is what the others see from now on."),
        LEAVE: _("You are out of it, and nothing is shown of you."),
    }[do]


def _only_shows(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Nothing was stored; the link that acts goes to the person alone."""
    words = _("This link only shows. Have the link that acts sent to you, below. Nothing was stored.")
    return show(request, visit, fault=words, status=403)
