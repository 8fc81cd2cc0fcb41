"""An import taken back: what would happen, yes, and what came of it."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from office import tasks
from office.importing import NotPossible, undoing
from office.models import Import
from organisations.access import MemberRequest, manager_required
from ui.addresses import whole_number
from ui.htmx import render_page
from ui.waking import wake


@require_http_methods(["GET", "HEAD", "POST"])
@manager_required
def import_undo(request: MemberRequest, pk: int) -> HttpResponse:
    """Look first; a POST asks for it. `part` is a part by its number, from 1; none is the whole."""
    import_ = get_object_or_404(Import.objects.select_related("made_by"), pk=pk)
    number = whole_number(request.POST.get("part", "") or request.GET.get("part", ""))
    part = number - 1 if number else None
    if request.method == "POST":
        return _asked(request, import_, part)
    context: dict[str, Any] = {"import": import_, "nav": "imports", "part": number}
    if import_.can_be_undone(request.now):
        if part is not None and part not in import_.parts_to_undo:
            part = context["part"] = None
        context["outlook"] = undoing.look_ahead(
            import_, organisation=request.organisation, now=request.now, part=part
        )
        context["still_stored"] = [each + 1 for each in reversed(import_.parts_to_undo) if each is not None]
    elif not import_.is_running:
        context["why_not"] = undoing.why_not(import_, now=request.now)
    if "counts" in import_.undo:
        context["done"] = undoing.in_words(import_.undo["counts"])
        after = whole_number(request.GET.get("after", "")) or 0
        context["listed"], context["more"] = undoing.listed(import_, after=after)
    return render_page(request, "office/import_undo.html", context)


def _asked(request: MemberRequest, import_: Import, part: int | None) -> HttpResponse:
    try:
        undoing.ask_to_undo(import_, by=request.user, now=request.now, part=part)
    except NotPossible as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("“%s” is being undone.") % import_.file_name)
        wake(tasks.work_on_import, organisation_id=import_.organisation_id, import_id=import_.pk)
    return redirect("office:import_detail", request.organisation.slug, import_.pk)
