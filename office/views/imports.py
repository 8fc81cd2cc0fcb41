"""Bringing a file in: choose it, say which column is which, watch, look at what would change, say yes."""

from pathlib import Path
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from office import importing, tasks
from office.forms import ColumnsForm, ImportForm, ReadingForm
from office.importing.examples import template_of
from office.importing.tables import TABLES, table_of
from office.models import Import, ImportRow
from organisations.access import MemberRequest, manager_required
from ui.addresses import whole_number
from ui.htmx import render_page
from ui.spreadsheets import csv_response
from ui.waking import wake

PAGE = 30
NAV = {"nav": "imports"}


@require_safe
@manager_required
def import_list(request: MemberRequest) -> HttpResponse:
    """Newest first; `before` is the id that the page before ended with."""
    rows = Import.objects.newest_first().select_related("made_by")
    if before := whole_number(request.GET.get("before", "")):
        rows = rows.filter(pk__lt=before)
    imports = list(rows[: PAGE + 1])
    earlier = imports[PAGE - 1].pk if len(imports) > PAGE else None
    context = {"imports": imports[:PAGE], "earlier": earlier, **NAV}
    return render_page(request, "office/import_list.html", context)


@manager_required
def import_new(request: MemberRequest) -> HttpResponse:
    form = ImportForm(request.POST or None, request.FILES or None)
    if form.is_valid() and (import_ := _started(form, request)):
        if import_.state == Import.State.MAPPING:
            return redirect("office:import_columns", request.organisation.slug, import_.pk)
        _wake(import_)
        return _to_import(request, import_)
    status = 422 if form.is_bound else 200
    sources = Import.objects.order_by("source").values_list("source", flat=True).distinct()[:50]
    context = {"form": form, "sources": sources, "kinds": Import.Kind.choices, **NAV}
    return render_page(request, "office/import_new.html", context, status=status)


def _started(form: ImportForm, request: MemberRequest) -> Import | None:
    given = form.cleaned_data
    try:
        return importing.start(
            organisation=request.organisation,
            kind=given["kind"],
            file=given["file"],
            file_name=given["file"].name,
            mapping=given["mapping"],
            source=given["source"],
            by=request.user,
            now=request.now,
            wishes=importing.Wishes(
                is_history=given["is_history"],
                is_partial=given["is_partial"],
                apply_at_once=given["apply_at_once"],
            ),
        )
    except importing.WrongFile as wrong:
        form.add_error("file", str(wrong))
    return None


@manager_required
def import_columns(request: MemberRequest, pk: int) -> HttpResponse:
    """How the file is read and which column is which; only until that is said. `again` reads it once more."""
    import_ = get_object_or_404(Import.objects, pk=pk)
    if import_.state != Import.State.MAPPING:
        return _to_import(request, import_)
    read = ReadingForm.wishes(request.POST) if request.method == "POST" else None
    try:
        preview = importing.preview(import_, read=read, chosen=request.POST.dict())
    except (importing.WrongFile, importing.WrongMapping) as wrong:
        context = {"import": import_, "why": str(wrong), "corrected": bool(read), **NAV}
        return render_page(request, "office/import_columns.html", context, status=422)
    data = request.POST if request.method == "POST" and "again" not in request.POST else None
    form = ColumnsForm(data, import_=import_, preview=preview)
    if form.is_valid():
        corrections = importing.corrections(import_, read=read or {})
        importing.match_columns(import_, mapping=form.cleaned_data["mapping"] | corrections)
        _wake(import_)
        return _to_import(request, import_)
    reading = ReadingForm()
    reading.show(preview)
    context = {"import": import_, "form": form, "reading": reading, "preview": preview, **NAV}
    return render_page(request, "office/import_columns.html", context, status=422 if form.is_bound else 200)


@require_safe
@manager_required
def import_detail(request: MemberRequest, pk: int) -> HttpResponse:
    """How far it is, and what it found; the region `import-state` asks again while there is work."""
    import_ = get_object_or_404(Import.objects.select_related("made_by"), pk=pk)
    if import_.state == Import.State.MAPPING:
        return redirect("office:import_columns", request.organisation.slug, import_.pk)
    context: dict[str, Any] = {"import": import_, **NAV}
    if import_.is_running:
        context["progress"] = importing.progress_of(import_, now=request.now)
    else:
        context["table"] = _table(request, import_)
        context["can_be_undone"] = import_.can_be_undone(request.now)
        context["undone"] = importing.undoing.in_words(import_.undo.get("counts", {}))
        context["disagreements"] = importing.Disagreements(
            request.organisation, import_, today=localdate(request.now, request.organisation.tzinfo)
        )
    return render_page(request, "office/import_detail.html", context)


@manager_required
@require_POST
def import_application(request: MemberRequest, pk: int) -> HttpResponse:
    """Store what was checked; with `partial` the good rows alone."""
    import_ = get_object_or_404(Import.objects, pk=pk)
    try:
        importing.ask_to_apply(import_, now=request.now, partial=request.POST.get("partial") == "yes")
    except importing.NotPossible as error:
        messages.error(request, str(error))
    else:
        _wake(import_)
    return _to_import(request, import_)


@manager_required
@require_POST
def import_cancellation(request: MemberRequest, pk: int) -> HttpResponse:
    import_ = get_object_or_404(Import.objects, pk=pk)
    try:
        importing.cancel(import_, now=request.now)
        messages.success(request, _("Cancelled. Nothing of “%s” is stored.") % import_.file_name)
    except importing.NotPossible as error:
        messages.error(request, str(error))
    return _to_import(request, import_)


@manager_required
@require_POST
def import_retry(request: MemberRequest, pk: int) -> HttpResponse:
    """Once more, after a failure on our side."""
    import_ = get_object_or_404(Import.objects, pk=pk)
    try:
        importing.try_again(import_)
    except importing.NotPossible as error:
        messages.error(request, str(error))
    else:
        _wake(import_)
    return _to_import(request, import_)


@require_safe
@manager_required
def import_rows(request: MemberRequest, pk: int) -> HttpResponseBase:
    """The rows that ended in one way, as CSV; refused ones as they came, to be corrected."""
    import_ = get_object_or_404(Import.objects, pk=pk)
    table = _table(request, import_, otherwise=ImportRow.End.REFUSED)
    return csv_response(f"{table.end}-{Path(import_.file_name).stem}.csv", table.csv_header, table.csv_rows())


def _table(request: MemberRequest, import_: Import, *, otherwise: str = "") -> importing.RowTable:
    given = request.GET
    return table_of(
        import_,
        end=given.get("end", "") if given.get("end") in TABLES else otherwise,
        about=given.get("column", ""),
        text=given.get("q", ""),
        after=whole_number(given.get("after", "")),
    )


@require_safe
@manager_required
def import_template(request: MemberRequest, kind: str) -> HttpResponseBase:
    """A header and one example row, to be filled in."""
    if kind not in Import.Kind:
        raise Http404
    header, row = template_of(kind)
    return csv_response(f"{kind}.csv", header, [row])


@require_safe
@manager_required
def import_mapping(request: MemberRequest, pk: int) -> HttpResponse:
    """The mapping as a file, for next time and for the command line."""
    import_ = get_object_or_404(Import.objects, pk=pk)
    response = JsonResponse(import_.mapping, json_dumps_params={"indent": 2, "ensure_ascii": False})
    response["Content-Disposition"] = f'attachment; filename="mapping-{import_.pk}.json"'
    return response


def _wake(import_: Import) -> None:
    wake(tasks.work_on_import, organisation_id=import_.organisation_id, import_id=import_.pk)


def _to_import(request: MemberRequest, import_: Import) -> HttpResponse:
    return redirect("office:import_detail", request.organisation.slug, import_.pk)
