"""Log a call, and correct one."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods
from django_htmx.http import HttpResponseClientRedirect

from coaching import challenging, inviting, scheduling, sharing
from coaching.forms import CallForm, CommitmentForm, Fields, token_of, typed
from coaching.models import Call
from coaching.scheduling import NewCommitment
from coaching.views.leading import lead_of
from coaching.views.sheet import Sheet, draft_of, edit_sheet, new_sheet, said_in
from customers.models import Customer
from organisations.access import MemberRequest, csm_required
from ui.fields import faults
from ui.htmx import render_page
from ui.moments import clock_words
from ui.toasts import toast

TEXTS = ("goal", "reality", "options", "words", "notes")


@require_http_methods(["GET", "HEAD", "POST"])
@csm_required
def call_new(request: MemberRequest, pk: int) -> HttpResponse:
    """Log a call that was held with this customer."""
    customer = get_object_or_404(Customer.objects.select_related("owner"), pk=pk)
    sheet = new_sheet(request, customer)
    if request.method != "POST":
        draft = draft_of(request, customer)
        form, rows = _typed_on(sheet, draft.data if draft else None)
        return _show(sheet, form, rows, draft=draft, is_fresh=draft is None)
    if "add" in request.POST:
        return _one_more_row(sheet)
    if "show" in request.POST:
        return _as_typed(sheet)
    if "later" in request.POST:
        return _finish_later(sheet)
    return _log(sheet)


@require_http_methods(["GET", "HEAD", "POST"])
@csm_required
def call_edit(request: MemberRequest, pk: int) -> HttpResponse:
    """Correct a call, or add a commitment to it: its author and managers may."""
    call = get_object_or_404(Call.objects.with_people(), pk=pk)
    if not may_edit(request, call):
        raise PermissionDenied(_("Only who logged this call, or a manager, may change it."))
    sheet = edit_sheet(request, call)
    if request.method != "POST":
        return _show(sheet, *_typed_on(sheet, None))
    return _one_more_row(sheet) if "add" in request.POST else _correct(sheet, call)


def _log(sheet: Sheet) -> HttpResponse:
    request, form, rows = _sent(sheet)
    if not _is_whole(form, rows):
        return _show(sheet, form, rows, status=422)
    try:
        call = scheduling.log_call(
            organisation=request.organisation,
            customer=sheet.customer,
            by=request.user,
            held_at=form.cleaned_data["held_at"],
            now=request.now,
            contacts=form.cleaned_data["contacts"],
            commitments=_agreed(rows),
            settled=form.settled(),
            next_call_at=form.cleaned_data["next_call_at"],
            terms=form.terms(),
            enrolment=sheet.enrolment,
            token=form.cleaned_data["token"],
            method=form.method(),
            then=scheduling.Then(form.share(), begins_recap=request.POST.get("then") == "recap"),
            **form.said(),
        )
    except inviting.CannotInvite as refused:
        form.add_error("invite", str(refused))
        return _show(sheet, form, rows, status=422)
    except challenging.NotPossible as refused:
        form.add_error("challenge", str(refused))
        return _show(sheet, form, rows, status=422)
    except sharing.NotPossible as refused:
        form.add_error("send_to", str(refused))
        return _show(sheet, form, rows, status=422)
    except scheduling.AlreadyLogged as refused:
        words = _("This call was saved at %(time)s already, and what you wrote since differs.")
        return _beside_what_is_saved(request, refused.call, words)
    toast(request, _("Call with %(customer)s saved.") % {"customer": sheet.customer.name})
    return _go(request, _after(request, call))


def _correct(sheet: Sheet, call: Call) -> HttpResponse:
    request, form, rows = _sent(sheet)
    if not _is_whole(form, rows):
        return _show(sheet, form, rows, status=422)
    try:
        scheduling.edit_call(
            call=call,
            version=_version(form),
            by=request.user,
            held_at=form.cleaned_data["held_at"],
            now=request.now,
            contacts=form.cleaned_data["contacts"],
            commitments=_agreed(rows),
            **form.said(),
        )
    except scheduling.CallChanged as refused:
        words = _("Somebody saved this call at %(time)s, while you were writing.")
        return _beside_what_is_saved(request, refused.call, words)
    toast(request, _("Call with %(customer)s changed.") % {"customer": sheet.customer.name})
    return _go(request, sheet.back)


def may_edit(request: MemberRequest, call: Call) -> bool:
    return request.membership.can_write and (call.by == request.user or request.membership.can_manage)


def _is_whole(form: CallForm, rows: Sequence[CommitmentForm]) -> bool:
    """Valid throughout, and more than when and with whom. All are asked, so that each shows its faults."""
    if not all([form.is_valid(), *[row.is_valid() for row in rows]]):
        return False
    if not _agreed(rows) and not form.says_something():
        form.add_error("goal", _("Write at least one line: what they said, a note, or a commitment."))
    return form.is_valid()


def _agreed(rows: Sequence[CommitmentForm]) -> list[NewCommitment]:
    return [new for row in rows if (new := row.commitment())]


def _version(form: CallForm) -> datetime:
    """The `saved_at` the form was opened with; one that was tampered with is never the newest."""
    try:
        return datetime.fromisoformat(form.cleaned_data["version"])
    except ValueError:
        return datetime.min  # noqa: DTZ901 - compared for being equal only


def _sent(sheet: Sheet) -> tuple[MemberRequest, CallForm, list[CommitmentForm]]:
    data = sheet.request.POST
    return sheet.request, sheet.form(data), sheet.rows(data)


def _typed_on(sheet: Sheet, fields: Fields | None, more: int = 0) -> tuple[CallForm, list[CommitmentForm]]:
    return sheet.form(fields=fields), sheet.rows(fields=fields, more=more)


def _one_more_row(sheet: Sheet) -> HttpResponse:
    """Another commitment, nothing checked or stored yet."""
    data = sheet.request.POST
    fields = typed(data) | ({"version": data.getlist("version")} if sheet.call else {})
    form, rows = _typed_on(sheet, fields, more=1)
    rows[-1].fields["when"].widget.attrs |= {"autofocus": True, "data-focus": True}
    return _show(sheet, form, rows, is_longer=True)


def _as_typed(sheet: Sheet) -> HttpResponse:
    """The form as it stands, with what goes with the choice just made. What is typed stays untouched."""
    form, rows = _typed_on(sheet, typed(sheet.request.POST))
    return _show(sheet, form, rows, is_touched=True)


def _finish_later(sheet: Sheet) -> HttpResponse:
    """Keep the draft and go; Today lists it."""
    request = sheet.request
    scheduling.keep_draft(
        organisation=request.organisation,
        customer=sheet.customer,
        by=request.user,
        fields=typed(request.POST),
        now=request.now,
        token=token_of(request.POST),
    )
    toast(request, _("Draft kept. You find it on Today."))
    return _go(request, sheet.back)


def _go(request: MemberRequest, url: str) -> HttpResponse:
    """On to another page; htmx is told to load it whole."""
    return HttpResponseClientRedirect(url) if request.htmx else redirect(url)


def _beside_what_is_saved(request: MemberRequest, call: Call, words: str) -> HttpResponse:
    """What was just sent, as a correction of what is stored: both stand on the page, a person decides."""
    sheet = edit_sheet(request, Call.objects.with_people().get(pk=call.pk))
    form, rows = _typed_on(sheet, typed(request.POST) | {"version": [call.saved_at.isoformat()]})
    saved = said_in(call)
    differs = [name for name in TEXTS if saved[name] != (form[name].value() or "").strip()]
    meanwhile = [(form[name].label, saved[name]) for name in differs]
    why = words % {"time": clock_words(call.saved_at)}
    return _show(sheet, form, rows, meanwhile=meanwhile, why=why, status=422)


def _show(
    sheet: Sheet, form: CallForm, rows: Sequence[CommitmentForm], *, status: int = 200, **more: Any
) -> HttpResponse:
    context = {
        "nav": "customers",
        "sheet": sheet,
        "customer": sheet.customer,
        "form": form,
        "lead": lead_of(sheet, form, show=sheet.request.POST.get("show", "")),
        "rows": rows,
        "faults": [fault for part in (form, *rows) if part.is_bound for fault in faults(part)],
        **more,
    }
    return render_page(sheet.request, "coaching/call_form.html", context, status=status)


def _after(request: MemberRequest, call: Call) -> str:
    """The customer's page; or the claim or the recap that was asked for along with saving."""
    slug = request.organisation.slug
    if request.POST.get("then") == "recap":
        return reverse("coaching:recap", args=[slug, call.pk])
    if request.POST.get("then") == "claim" and call.enrolment and call.enrolment.current:
        return reverse("milestones:claim", args=[slug, call.enrolment.pk, call.enrolment.current.key])
    return reverse("dashboards:customer", args=[slug, call.customer_id])
