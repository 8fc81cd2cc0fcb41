"""Circles: all of them with their numbers, one with its people, made and closed."""

from typing import Any

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from advocacy import convening
from advocacy.forms.circles import CircleForm
from advocacy.models import Circle, CircleMeeting, CircleSeat, Introduction
from advocacy.peers import FEWEST, community, matches
from customers.models import Contact
from organisations.access import MemberRequest, colleagues, csm_required, member_required
from ui.htmx import render_page

SHOWN, FOUND, LONGEST = 100, 12, 80


@require_safe
@member_required
def circles(request: MemberRequest) -> HttpResponse:
    """Open ones by name, closed ones below."""
    rows = list(Circle.objects.counted().select_related("host").order_by("name", "pk")[:SHOWN])
    context = {
        "nav": "advocacy",
        "section": "circles",
        "open": [one for one in rows if one.closed_at is None],
        "closed": [one for one in rows if one.closed_at is not None],
        "community": community(now=request.now),
    }
    return render_page(request, "advocacy/circles.html", context)


@require_safe
@member_required
def circle(request: MemberRequest, pk: int) -> HttpResponse:
    """Who is in it, who was asked, whom it could bring together, when it meets."""
    row = circle_of(pk)
    seats = list(CircleSeat.objects.filter(circle=row).with_people().by_name())
    q = request.GET.get("q", "").replace("\x00", "").strip()[:LONGEST]
    context = {
        "nav": "advocacy",
        "section": "circles",
        "circle": row,
        "inside": [one for one in seats if one.is_joined],
        "asked": [one for one in seats if one.state == CircleSeat.State.ASKED],
        "gone": [one for one in seats if one.ended_at is not None],
        "q": q,
        "found": _people(row, q)[:FOUND] if q else [],
        "matches": matches(row),
        "fewest": FEWEST,
        "now": request.now,
        "introductions": Introduction.objects.filter(circle=row).with_people().newest_first()[:SHOWN],
        "meetings": CircleMeeting.objects.filter(circle=row).order_by("-starts_at", "-id")[:SHOWN],
    }
    return render_page(request, "advocacy/circle.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@csm_required
def circle_edit(request: MemberRequest, pk: int | None = None) -> HttpResponse:
    """A circle, new or in other words."""
    row = circle_of(pk) if pk else None
    form = CircleForm(
        request.POST or None,
        hosts=colleagues(request.organisation, who_write=True),
        initial=CircleForm.initial_of(row, by=request.user),
    )
    if form.is_valid():
        made: dict[str, Any] = {"organisation": request.organisation, "by": request.user, "now": request.now}
        try:
            saved = convening.save(circle=row, values=form.cleaned_data, **made)
        except convening.WordsMissing as refused:
            form.add_error(refused.field, str(refused))
        except convening.NotPossible as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("Kept: %(name)s.") % {"name": saved.name})
            return redirect("advocacy:circle", request.organisation.slug, saved.pk)
    context = {"nav": "advocacy", "section": "circles", "circle": row, "form": form}
    return render_page(request, "advocacy/circle_edit.html", context, status=422 if form.is_bound else 200)


@require_POST
@csm_required
def circle_closing(request: MemberRequest, pk: int) -> HttpResponse:
    """For good."""
    row = circle_of(pk)
    convening.close(circle=row, by=request.user, now=request.now)
    words = _("“%(name)s” is closed. Its meetings are off, and nobody sees anybody there any more.")
    messages.success(request, words % {"name": row.name})
    return redirect("advocacy:circle", request.organisation.slug, pk)


def circle_of(pk: int) -> Circle:
    found: Circle = get_object_or_404(Circle.objects.select_related("organisation", "host"), pk=pk)
    return found


def _people(circle: Circle, q: str) -> QuerySet[Contact]:
    """By name, company, or the milestone their company attempts next; who has a seat is left out."""
    rows = Contact.objects.current().filter(
        recipient__isnull=False, customer__left_on=None, customer__archived_at=None
    )
    on_it = Q(customer__enrolments__ended_at=None, customer__enrolments__current__name__icontains=q)
    rows = rows.filter(Q(name__icontains=q) | Q(customer__name__icontains=q) | on_it)
    seated = CircleSeat.objects.filter(circle=circle, state__in=["asked", "joined"]).values("contact")
    return rows.exclude(pk__in=seated).select_related("customer").distinct().order_by("name", "pk")
