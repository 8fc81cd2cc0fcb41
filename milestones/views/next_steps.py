"""What customers may take up after a win: the organisation's own menu, stage by stage."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from milestones import choosing
from milestones.forms.next_steps import NextStepsForm
from organisations.access import MemberRequest, manager_required
from ui.htmx import render_page


@require_http_methods(["GET", "HEAD", "POST"])
@manager_required
def next_steps(request: MemberRequest) -> HttpResponse:
    """Read and word the menu."""
    form = NextStepsForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        choosing.word(organisation=request.organisation, lines=form.lines, by=request.user, now=request.now)
        messages.success(request, _("Kept. It is offered after the next win; what was picked stays."))
        return redirect("milestones:next_steps", request.organisation.slug)
    status = 422 if form.is_bound else 200
    context = {"nav": "journeys", "form": form}
    return render_page(request, "milestones/next_steps.html", context, status=status)
