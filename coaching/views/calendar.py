"""Your calendar: make, renew and end the address for a calendar program; what the program reads there."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.cache import get_conditional_response
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from coaching import calendars, feeding
from coaching.models import CalendarFeed
from organisations import tenancy
from organisations.access import MemberRequest, csm_required
from organisations.models import Organisation
from ui.htmx import render_page


@require_http_methods(["GET", "HEAD", "POST"])
@csm_required
def calendar(request: MemberRequest) -> HttpResponse:
    """Whether one has an address; posted to, it makes a new one and shows it this once."""
    fresh = ""
    if request.method == "POST":
        fresh = feeding.make(organisation=request.organisation, by=request.user, now=request.now)
    feed = CalendarFeed.objects.filter(user=request.user).first()
    context = {"feed": feed, "fresh": fresh, "usual_minutes": feeding.USUAL_MINUTES}
    return render_page(request, "coaching/calendar.html", context)


@require_POST
@csm_required
def calendar_removal(request: MemberRequest) -> HttpResponse:
    me, organisation = request.user, request.organisation
    if feeding.switch_off(organisation=organisation, user=me, by=me, now=request.now):
        messages.success(request, _("Switched off: the address opens nothing any more."))
    else:
        messages.info(request, _("It was switched off already."))
    return redirect("coaching:calendar", organisation.slug)


@require_safe
def calendar_feed(request: Any, slug: str, token: str) -> HttpResponse:
    """For whoever holds the address: no session is used. Unknown, renewed and ended ones are not there."""
    organisation = get_object_or_404(Organisation, slug=slug)
    with tenancy.within(organisation):
        user = feeding.whose(token, organisation=organisation)
        if user is None:
            raise Http404
        listing = feeding.listing_of(user, organisation=organisation)
    answer = get_conditional_response(request, etag=listing.mark) or _file(request, listing)
    answer.headers["ETag"] = listing.mark
    answer.headers["Cache-Control"] = "private, no-cache"
    return answer


def _file(request: HttpRequest, listing: calendars.Listing) -> HttpResponse:
    content = calendars.written(listing, now=request.now)  # type: ignore[attr-defined]
    named = {"Content-Disposition": 'inline; filename="calls.ics"'}
    return HttpResponse(content, content_type=calendars.TYPE, headers=named)
