"""Which digest a member gets: each chooses for themselves."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from organisations.access import MemberRequest, member_required
from organisations.models import Membership
from post.forms import DigestForm
from post.preferring import choose_digest, opted_out
from ui.htmx import render_page

Digest = Membership.Digest


@require_http_methods(["GET", "HEAD", "POST"])
@member_required
def own_mails(request: MemberRequest) -> HttpResponse:
    member = request.membership
    form = DigestForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        choose_digest(membership=member, digest=form.cleaned_data["digest"], by=request.user, now=request.now)
        messages.success(request, _("Saved."))
        return redirect("post:own_mails", request.organisation.slug)
    context = {
        "choices": [(value, *words) for value, words in choices().items()],
        "fault": _("Choose which digest you want.") if form.is_bound else "",
        "is_out": opted_out(member) is not None,
    }
    return render_page(request, "post/own_mails.html", context, status=422 if form.is_bound else 200)


def choices() -> dict[str, tuple[str, str]]:
    """What each brings, in the reader’s words."""
    return {
        Digest.DAILY: (
            _("Every day"),
            _("At 7:00: what Today shows. Calls, commitments due, contests, celebrations, what was reached."),
        ),
        Digest.WEEKLY: (
            _("Every week"),
            _("On Monday at 7:00: Milestones up to Sunday, what changed, and who is past the target."),
        ),
        Digest.NONE: (_("None"), _("Today and Milestones show the same whenever you look.")),
    }
