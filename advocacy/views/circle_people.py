"""People of a circle: asked in, taken out, brought together."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from advocacy import convening
from advocacy.models import CircleSeat, Introduction
from advocacy.peers import matches
from advocacy.views.advocates import contact_of
from advocacy.views.circles import circle_of
from organisations.access import MemberRequest, csm_required
from ui.addresses import whole_number

MANY = 10**6


@require_POST
@csm_required
def circle_seat_new(request: MemberRequest, pk: int) -> HttpResponse:
    """Ask somebody in, by mail."""
    circle, contact = circle_of(pk), contact_of(whole_number(request.POST.get("contact", "")))
    try:
        convening.ask(circle=circle, contact=contact, by=request.user, now=request.now)
    except (convening.MayNotBeAsked, convening.NotPossible) as refused:
        messages.error(request, str(refused))
    else:
        words = _("%(name)s is asked by mail, and is in the circle once they say yes.")
        messages.success(request, words % {"name": contact.name})
    return redirect("advocacy:circle", request.organisation.slug, pk)


@require_POST
@csm_required
def circle_seat_end(request: MemberRequest, pk: int) -> HttpResponse:
    """Take somebody out, or the question back."""
    seat: CircleSeat = get_object_or_404(CircleSeat.objects.with_people(), pk=pk)
    convening.take_out(seat=seat, by=request.user, now=request.now)
    words = _("%(name)s is out of it, and of its meetings and introductions.")
    messages.success(request, words % {"name": seat.contact.name})
    return redirect("advocacy:circle", request.organisation.slug, seat.circle_id)


@require_POST
@csm_required
def introduction_new(request: MemberRequest, pk: int) -> HttpResponse:
    """Ask both of a pair, each by themselves."""
    circle = circle_of(pk)
    wanted = (whole_number(request.POST.get("seeker", "")), whole_number(request.POST.get("peer", "")))
    found = [one for one in matches(circle, at_most=MANY) if (one.seeker.pk, one.peer.pk) == wanted]
    if not found:
        messages.error(request, _("This pair was asked before, or fits no longer. Nobody was asked now."))
        return redirect("advocacy:circle", request.organisation.slug, pk)
    try:
        convening.ask_both(match=found[0], by=request.user, now=request.now)
    except (convening.MayNotBeAsked, convening.NotPossible) as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("Both are asked. They are introduced once both say yes."))
    return redirect("advocacy:circle", request.organisation.slug, pk)


@require_POST
@csm_required
def introduction_withdrawal(request: MemberRequest, pk: int) -> HttpResponse:
    """Ask it no more."""
    row: Introduction = get_object_or_404(Introduction.objects.with_people(), pk=pk)
    try:
        convening.withdraw(introduction=row, by=request.user, now=request.now)
    except convening.NotPossible as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("Taken back. Neither learns who the other was."))
    return redirect("advocacy:circle", request.organisation.slug, row.circle_id)
