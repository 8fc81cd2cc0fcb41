"""Journeys as files: out as a download, in by a form."""

import json

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from milestones import designing, journey_files
from milestones.designing import DraftInTheWay, Import, Imported, NotReady
from milestones.documents import DocumentRefused
from milestones.forms.files import JourneyImportForm
from milestones.views.journeys import find_journey, posted
from organisations.access import MemberRequest, manager_required, member_required
from ui.htmx import render_page


@member_required
def journey_file(request: MemberRequest, journey_slug: str) -> HttpResponse:
    """The version in force as a file; `?draft=1` the draft, for those who may design."""
    journey = find_journey(request, journey_slug)
    draft = "draft" in request.GET and request.membership.can_manage
    text = json.dumps(designing.export(journey, draft=draft), indent=2, ensure_ascii=False)
    return HttpResponse(
        f"{text}\n",
        content_type="application/json; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{journey.slug}.json"'},
    )


@manager_required
def journey_import(request: MemberRequest) -> HttpResponse:
    form = JourneyImportForm(posted(request), request.FILES or None, use_required_attribute=False)
    context: dict[str, object] = {"nav": "journeys", "form": form}
    if form.is_valid():
        try:
            return _brought_in(request, form)
        except DocumentRefused as refused:
            context["faults"] = refused.faults
        except DraftInTheWay as in_the_way:
            context["in_the_way"] = in_the_way
        except NotReady as unready:
            messages.error(
                request, _("The file is kept as a draft. Before it can be published, see what is missing.")
            )
            return redirect("milestones:journey_edit", request.organisation.slug, unready.journey.slug)
    status = 422 if form.is_bound else 200
    return render_page(request, "milestones/journey_import.html", context, status=status)


def _brought_in(request: MemberRequest, form: JourneyImportForm) -> HttpResponse:
    file = form.cleaned_data["file"]
    imported = designing.import_file(
        organisation=request.organisation,
        data=journey_files.parse(file.read(journey_files.LARGEST + 1)),
        by=request.user,
        now=request.now,
        at_once=form.cleaned_data["publish"],
        replace_draft=form.cleaned_data["replace_draft"],
        replace_messages=form.cleaned_data["replace_messages"],
    )
    messages.success(request, " ".join([_said(imported), *imported.notes]))
    name = "milestones:journey_edit" if imported.version.is_draft else "milestones:journey"
    return redirect(name, request.organisation.slug, imported.journey.slug)


def _said(imported: Imported) -> str:
    words = {"name": imported.journey.name, "number": imported.version.number}
    match imported.came_to:
        case Import.UNCHANGED if imported.took_messages:
            return _("The milestones of “%(name)s” say this already.") % words
        case Import.UNCHANGED:
            return _("“%(name)s” says this already. Nothing was changed.") % words
        case Import.DRAFT:
            return _("“%(name)s” is in, as draft %(number)d.") % words
    return _("“%(name)s” is in, and version %(number)d is in force for new enrolments.") % words
