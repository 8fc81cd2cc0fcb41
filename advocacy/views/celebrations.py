"""Celebrations before they leave: the list of those that wait, and one exactly as it will be sent."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.csp import CSP
from django.utils.translation import gettext as _
from django.views.decorators.csp import csp_override
from django.views.decorators.http import require_POST, require_safe

from advocacy import celebrating, replying
from advocacy.celebrating import CannotChange, NotReady
from advocacy.forms import CelebrationForm
from advocacy.models import Celebration, CelebrationReply, Story
from advocacy.tasks import celebrate
from milestones.evidence import outcome_key
from milestones.models import Achievement
from organisations.access import MemberRequest, csm_required, member_required
from post.models import Delivery
from post.tasks import dispatch
from ui.addresses import own_page
from ui.htmx import render_page
from ui.toasts import toast
from ui.waking import wake

SHOWN = 50
# A mail brings its own styles in attributes, as mail programs want it; nothing else runs or loads there.
MAIL_CSP: dict[str, Any] = {
    "default-src": [CSP.NONE],
    "style-src": [CSP.UNSAFE_INLINE],
    "img-src": ["data:"],
    "frame-ancestors": [CSP.SELF],
    "sandbox": True,
}


@require_safe
@member_required
def celebration_list(request: MemberRequest) -> HttpResponse:
    """Those that wait, the soonest first; by state, what became of the others."""
    state = request.GET.get("state", "")
    rows = Celebration.objects.with_people()
    if state in Celebration.State.values:
        shown = rows.filter(state=state).newest_first()
    else:
        state, shown = "", rows.waiting().soonest_first()
    found = list(shown[: SHOWN + 1])
    context = {
        "nav": "advocacy",
        "celebrations": found[:SHOWN],
        "is_more": len(found) > SHOWN,
        "state": state,
        "states": Celebration.State.choices,
    }
    return render_page(request, "advocacy/celebration_list.html", context)


@require_safe
@member_required
def celebration(request: MemberRequest, pk: int) -> HttpResponse:
    row = _celebration(pk)
    return _show(request, row, CelebrationForm(celebration=row))


@require_safe
@csp_override(MAIL_CSP)
@member_required
def celebration_mail(request: MemberRequest, pk: int, guest_pk: int) -> HttpResponse:
    """The mail alone, as this guest gets it; the page shows it in a frame."""
    row = _celebration(pk)
    guest = next((each for each in row.guests.all() if each.pk == guest_pk), None)
    mail = celebrating.preview(row, guest=guest) if guest else None
    if mail is None:
        raise Http404
    return HttpResponse(mail.html)


@require_POST
@csm_required
def celebration_edit(request: MemberRequest, pk: int) -> HttpResponse:
    row = _celebration(pk)
    form = CelebrationForm(request.POST, celebration=row)
    if not form.is_valid():
        return _show(request, row, form, status=422)
    try:
        celebrating.edit(celebration=row, by=request.user, now=request.now, **form.cleaned_data)
    except CannotChange as refused:
        form.add_error(None, str(refused))
        return _show(request, row, form, status=409)
    messages.success(request, _("Kept. This is how it will look."))
    return redirect("advocacy:celebration", request.organisation.slug, pk)


@require_POST
@csm_required
def celebration_now(request: MemberRequest, pk: int) -> HttpResponse:
    """Send it without waiting for its hold."""
    return _change(request, pk, celebrating.send_now, _("It is in the post."), then=lambda: wake(dispatch))


@require_POST
@csm_required
def celebration_approval(request: MemberRequest, pk: int) -> HttpResponse:
    """A person's yes to one in review."""
    done = _("It goes out when its hold has passed.")
    return _change(request, pk, celebrating.approve, done, then=lambda: _wake_celebrate(request))


@require_POST
@csm_required
def celebration_stop(request: MemberRequest, pk: int) -> HttpResponse:
    back = reverse("advocacy:celebration_return", args=[request.organisation.slug, pk])
    return _change(request, pk, celebrating.stop, _("Stopped: nobody gets this mail."), undo=back)


@require_POST
@csm_required
def celebration_return(request: MemberRequest, pk: int) -> HttpResponse:
    """Bring a stopped one back, to wait for a yes."""
    return _change(request, pk, celebrating.bring_back, _("It is back, and waits for a yes."))


@require_POST
@csm_required
def celebration_new(request: MemberRequest, pk: int) -> HttpResponse:
    """Start the celebration of an achievement that began none by itself."""
    achievement = get_object_or_404(Achievement.objects.select_related("organisation"), pk=pk)
    try:
        row = celebrating.celebrate(achievement=achievement, by=request.user, now=request.now)
    except NotReady as refused:
        messages.error(request, str(refused))
        return _back(request, None)
    return redirect("advocacy:celebration", request.organisation.slug, row.pk)


def _wake_celebrate(request: MemberRequest) -> None:
    wake(celebrate, organisation_id=request.organisation.pk)


def _change(
    request: MemberRequest,
    pk: int,
    verb: Callable[..., Celebration],
    done: str,
    *,
    undo: str = "",
    then: Callable[[], None] = lambda: None,
) -> HttpResponse:
    """`then` follows a change that was made: a worker woken before it would find nothing."""
    row = get_object_or_404(Celebration.objects.select_related("organisation"), pk=pk)
    try:
        verb(celebration=row, by=request.user, now=request.now)
    except (CannotChange, NotReady) as refused:
        messages.error(request, str(refused))
    else:
        then()
        toast(request, done, undo=undo)
    return _back(request, row)


def _back(request: MemberRequest, row: Celebration | None) -> HttpResponse:
    """To the page the button stood on."""
    came_from = own_page(request, request.META.get("HTTP_REFERER", ""))
    if came_from:
        return redirect(came_from)
    slug = request.organisation.slug
    return (
        redirect("advocacy:celebration", slug, row.pk) if row else redirect("advocacy:celebration_list", slug)
    )


def _show(request: MemberRequest, row: Celebration, form: CelebrationForm, status: int = 200) -> HttpResponse:
    waits = row.state in (Celebration.State.REVIEW, Celebration.State.WAITING)
    key = outcome_key(row.enrolment_id, row.milestone_key)
    context: dict[str, Any] = {
        "nav": "advocacy",
        "celebration": row,
        "customer": row.enrolment.customer,
        "milestone": row.milestone,
        "form": form,
        "waits": waits,
        "may_change": waits and request.membership.can_write,
        "mails": celebrating.previews(row) if waits else [],
        "story": Story.objects.filter(achievement=row.achievement_id).first(),
        "replies": row.replies.select_related("contact").order_by("-replied_at", "-id"),
        "deliveries": Delivery.objects.filter(purpose=Delivery.Purpose.CELEBRATION, subject_key=key),
    }
    return render_page(request, "advocacy/celebration.html", context, status=status)


def _celebration(pk: int) -> Celebration:
    return get_object_or_404(Celebration.objects.with_people(), pk=pk)


@require_POST
@csm_required
def reply_sight(request: MemberRequest, pk: int) -> HttpResponse:
    """What somebody said back is read: it leaves Today and stays in their history."""
    row = get_object_or_404(CelebrationReply.objects.select_related("celebration"), pk=pk)
    replying.see(row=row, by=request.user, now=request.now)
    toast(request, _("Seen. It stays in their history."))
    came_from = own_page(request, request.META.get("HTTP_REFERER", ""))
    slug = request.organisation.slug
    return redirect(came_from) if came_from else redirect("advocacy:celebration", slug, row.celebration_id)
