"""How this installation is doing, for admins and managers; and an admin's word that held mail may go."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from dashboards.status import Machine, MailState
from office.models import Import
from organisations.access import MemberRequest, admin_required, manager_required
from post import guarding, tasks
from post.models import Hold
from ui.htmx import render_page
from ui.waking import wake

IMPORTS = 5


@require_safe
@manager_required
def status(request: MemberRequest) -> HttpResponse:
    mail = MailState()
    context = {
        "nav": "status",
        "mail": mail,
        "groups": [
            (_("Mail"), mail.lines(now=request.now)),
            (_("Processes"), Machine(now=request.now).lines()),
        ],
        "imports": Import.objects.failed().newest_first().select_related("made_by")[:IMPORTS],
        "choices": Hold.Choice,
    }
    return render_page(request, "dashboards/status.html", context)


@require_POST
@admin_required
def release(request: MemberRequest) -> HttpResponse:
    """Mail leaves from here again."""
    choice = Hold.Choice.SEND if request.POST.get("choice") == Hold.Choice.SEND else Hold.Choice.LEAVE
    try:
        count = guarding.send_from_here_on(
            organisation=request.organisation, choice=choice, by=request.user, now=request.now
        )
    except guarding.NotHeldError as refused:
        messages.error(request, str(refused))
    else:
        wake(tasks.dispatch)
        messages.success(request, _told(choice, count))
    return redirect("dashboards:status", request.organisation.slug)


def _told(choice: Hold.Choice, count: int) -> str:
    if choice == Hold.Choice.SEND:
        words = ngettext(
            "Mail leaves again, %(n)s held one first.", "Mail leaves again, %(n)s held ones first.", count
        )
    else:
        words = ngettext(
            "Mail leaves again. %(n)s stays stopped.", "Mail leaves again. %(n)s stay stopped.", count
        )
    return words % {"n": count}
