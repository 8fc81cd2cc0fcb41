"""One resource: read, written, published, looked through, taken off the shelf and put back."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from coaching import shelving
from coaching.forms.resources import ResourceForm, SendingForm
from coaching.models import ChallengeKind, Resource, ResourceEdition, ResourceFile, Sending
from customers.models import Customer
from milestones.models import Milestone
from organisations.access import MemberRequest, colleagues, csm_required, member_required
from ui.addresses import whole_number
from ui.htmx import render_page

NEWEST = 20


@require_safe
@member_required
def resource(request: MemberRequest, pk: int) -> HttpResponse:
    """What it says, in force or earlier; to whom it went; a form to send it."""
    return show_resource(request, find(pk))


def show_resource(
    request: MemberRequest,
    found: Resource,
    *,
    customer: Customer | None = None,
    form: SendingForm | None = None,
    status: int = 200,
) -> HttpResponse:
    """With the form that sends it to somebody of the customer, where one was chosen."""
    rows = found.editions.select_related("written_by", "file").defer("file__content").order_by("-number")
    editions = list(rows.published())
    draft = rows.drafts().first()
    wanted = whole_number(request.GET.get("edition", "")) or (editions[0].number if editions else 0)
    shown = next((edition for edition in editions if edition.number == wanted), None)
    if shown is None and not request.membership.can_write:
        raise Http404
    edition = shown or draft
    if edition is None:
        raise Http404
    sendings = Sending.objects.filter(resource=found)
    context = {
        "nav": "coaching",
        "resource": found,
        "editions": editions,
        "draft": draft,
        "edition": edition,
        "is_in_force": bool(shown and shown == editions[0]),
        "is_review_due": found.is_review_due(request.now),
        "sendings": list(sendings.with_people().newest_first()[:NEWEST]),
        "sent": sendings.count(),
        "opened": sendings.exclude(opened_at=None).count(),
        "helped": sendings.filter(has_helped=True).count(),
        "judged": sendings.exclude(has_helped=None).count(),
        "customer": customer,
        "form": form,
    }
    return render_page(request, "coaching/resource.html", context, status=status)


@csm_required
def resource_new(request: MemberRequest, type: str) -> HttpResponse:
    """Write one of a type, which stays what it is."""
    if type not in Resource.Type.values:
        raise Http404
    return _write(request, type, None)


@csm_required
def resource_edit(request: MemberRequest, pk: int) -> HttpResponse:
    found = find(pk)
    return _write(request, found.type, found)


@require_POST
@csm_required
def resource_draft_removal(request: MemberRequest, pk: int) -> HttpResponse:
    found = find(pk)
    shelving.drop_draft(resource=found, by=request.user, now=request.now)
    messages.success(request, _("The draft is gone. What was published stays."))
    return redirect("coaching:library", request.organisation.slug)


@require_POST
@csm_required
def resource_review(request: MemberRequest, pk: int) -> HttpResponse:
    """Looked through, and right as it is."""
    try:
        shelving.review(resource=find(pk), by=request.user, now=request.now)
    except shelving.NotPossible as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("Noted: you looked through it today, and it is right as it is."))
    return redirect("coaching:resource", request.organisation.slug, pk)


@require_POST
@csm_required
def resource_retirement(request: MemberRequest, pk: int) -> HttpResponse:
    shelving.retire(resource=find(pk), by=request.user, now=request.now)
    messages.success(request, _("Off the shelf. Whoever was sent it still sees it."))
    return redirect("coaching:resource", request.organisation.slug, pk)


@require_POST
@csm_required
def resource_return(request: MemberRequest, pk: int) -> HttpResponse:
    shelving.bring_back(resource=find(pk), by=request.user, now=request.now)
    messages.success(request, _("On the shelf again."))
    return redirect("coaching:resource", request.organisation.slug, pk)


@require_safe
@member_required
def resource_file(request: MemberRequest, pk: int) -> HttpResponse:
    """The file of an edition, to keep: never shown as a page of ours."""
    edition = get_object_or_404(ResourceEdition.objects.exclude(file=None).select_related("file"), pk=pk)
    if edition.published_at is None and not request.membership.can_write:
        raise Http404
    assert edition.file is not None, "asked for"
    return download(edition.file)


def download(file: ResourceFile) -> HttpResponse:
    """As an attachment, under the type its content has, which browsers may not guess anew."""
    response = HttpResponse(bytes(file.content), content_type=file.media_type)
    response["Content-Disposition"] = content_disposition_header(True, file.name) or "attachment"
    response["X-Content-Type-Options"] = "nosniff"
    return response


def find(pk: int) -> Resource:
    row: Resource = get_object_or_404(Resource.objects.select_related("organisation").with_places(), pk=pk)
    return row


def _write(request: MemberRequest, type: str, found: Resource | None) -> HttpResponse:
    form = _form(request, type, found, request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            return _kept(request, form, type, found)
        except shelving.Unfinished as refused:
            form.say_missing(dict(refused.missing))
            form.add_error(
                None, _("Nothing was published yet. Keep it as a draft, or write what is missing.")
            )
        except shelving.NotPossible as refused:
            form.add_error(None, str(refused))
    draft = found.editions.drafts().exists() if found else False
    standing = _standing(found)
    context = {
        "nav": "coaching",
        "form": form,
        "type": Resource.Type(type),
        "resource": found,
        "is_draft": draft,
        "file": standing.file if standing else None,
    }
    status = 422 if form.is_bound else 200
    return render_page(request, "coaching/resource_edit.html", context, status=status)


def _form(request: MemberRequest, type: str, found: Resource | None, data: Any) -> ResourceForm:
    if found is None:
        stage = request.GET.get("stage", "")
        stages = [stage] if stage in Milestone.Stage.values else []
        initial: dict[str, Any] = {"owner": request.user.pk, "stages": stages}
    else:
        initial = ResourceForm.initial_of(found, _standing(found))
    return ResourceForm(
        data,
        request.FILES if data is not None else None,
        type=type,
        kinds=ChallengeKind.objects.current().in_order(),
        members=colleagues(request.organisation, who_write=True),
        initial=initial,
    )


def _kept(request: MemberRequest, form: ResourceForm, type: str, found: Resource | None) -> HttpResponse:
    """Kept as a draft, or published if that was asked. Raises Unfinished, NotPossible."""
    is_published = request.POST.get("then") == "publish"
    draft = shelving.write(
        organisation=request.organisation,
        resource=found,
        type=type,
        values=form.texts,
        at=form.place if found else form.whole_place,
        file=form.new_file,
        is_published=is_published,
        by=request.user,
        now=request.now,
    )
    words = _("Kept as a draft. What is sent stays what was published.")
    if is_published:
        words = _("Published: this is what is sent from now on.")
    messages.success(request, words)
    return redirect("coaching:resource", request.organisation.slug, draft.resource_id)


def _standing(found: Resource | None) -> ResourceEdition | None:
    """What is edited: the draft, else what is in force."""
    if found is None:
        return None
    rows = found.editions.select_related("file").defer("file__content")
    newest: ResourceEdition | None = rows.order_by("-number").first()
    return newest
