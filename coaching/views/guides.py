"""Guides for conversations: the grid that shows what is missing, one to read, one to write."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from coaching import guiding
from coaching.coverage import coverage
from coaching.forms.guides import GuideForm
from coaching.models import ChallengeKind, Guide, GuideEdition
from milestones.models import Milestone
from organisations.access import MemberRequest, manager_required, member_required
from ui.addresses import whole_number
from ui.htmx import render_page


@require_safe
@member_required
def guides(request: MemberRequest) -> HttpResponse:
    """Every stage against every challenge; an empty place leads to writing its guide."""
    context = {"nav": "coaching", "grid": coverage(), "stages": list(Milestone.Stage)}
    return render_page(request, "coaching/guides.html", context)


@require_safe
@member_required
def guide(request: MemberRequest, pk: int) -> HttpResponse:
    """The edition in force, or an earlier one; the draft to those who may write."""
    found = _guide(pk)
    editions = list(found.editions.published().select_related("written_by").order_by("-number"))
    draft = found.editions.drafts().select_related("written_by").first()
    wanted = whole_number(request.GET.get("edition", "")) or (editions[0].number if editions else 0)
    shown = next((edition for edition in editions if edition.number == wanted), None)
    if shown is None and not request.membership.can_manage:
        raise Http404
    context = {
        "nav": "coaching",
        "guide": found,
        "editions": editions,
        "draft": draft,
        "edition": shown or draft,
        "is_in_force": bool(shown and editions and shown == editions[0]),
    }
    if context["edition"] is None:
        raise Http404
    return render_page(request, "coaching/guide.html", context)


@manager_required
def guide_new(request: MemberRequest, stage: str, kind: int | None = None) -> HttpResponse:
    """Write the guide of a place where there is none."""
    if stage not in Milestone.Stage.values:
        raise Http404
    of = get_object_or_404(ChallengeKind.objects.current(), pk=kind) if kind else None
    found = Guide.objects.filter(stage=stage, kind=of).first()
    if found is not None and request.method != "POST":
        return redirect("coaching:guide_edit", request.organisation.slug, found.pk)
    return _write(request, stage, of, found)


@manager_required
def guide_edit(request: MemberRequest, pk: int) -> HttpResponse:
    found = _guide(pk)
    return _write(request, found.stage, found.kind, found)


@require_POST
@manager_required
def guide_draft_removal(request: MemberRequest, pk: int) -> HttpResponse:
    guiding.drop_draft(guide=_guide(pk), by=request.user, now=request.now)
    messages.success(request, _("The draft is gone. What is in force stays."))
    return redirect("coaching:guides", request.organisation.slug)


def _write(
    request: MemberRequest, stage: str, kind: ChallengeKind | None, found: Guide | None
) -> HttpResponse:
    form = GuideForm(
        request.POST if request.method == "POST" else None, initial=GuideForm.initial_of(_standing(found))
    )
    if form.is_valid():
        try:
            return _kept(request, form, stage, kind)
        except guiding.Unfinished as refused:
            found = Guide.objects.get(stage=stage, kind=kind)
            form = _once_more(request, found)
            form.say_missing(refused.missing)
            form.add_error(None, _("It is kept as a draft. Nothing was published."))
        except guiding.NotPossible as refused:
            form.add_error(None, str(refused))
    standing = _standing(found)
    context: dict[str, Any] = {
        "nav": "coaching",
        "form": form,
        "stage": Milestone.Stage(stage),
        "kind": kind,
        "guide": found,
        "is_draft": standing is not None and standing.published_at is None,
    }
    status = 422 if form.is_bound else 200
    return render_page(request, "coaching/guide_edit.html", context, status=status)


def _kept(request: MemberRequest, form: GuideForm, stage: str, kind: ChallengeKind | None) -> HttpResponse:
    """Kept as a draft, and published if that was asked. Raises Unfinished, NotPossible."""
    made: dict[str, Any] = {"by": request.user, "now": request.now}
    draft = guiding.keep_draft(
        organisation=request.organisation, stage=stage, kind=kind, values=form.values, **made
    )
    words = _("Kept as a draft. Calls go on with what is in force.")
    if request.POST.get("then") == "publish":
        guiding.publish(guide=draft.guide, **made)
        words = _("Published: the next call is led by it.")
    messages.success(request, words)
    return redirect("coaching:guide", request.organisation.slug, draft.guide_id)


def _once_more(request: MemberRequest, found: Guide) -> GuideForm:
    """What was sent, beside what is stored by now."""
    data = request.POST.copy()
    data.pop("opened", None)
    form = GuideForm(data, initial=GuideForm.initial_of(_standing(found)))
    form.is_valid()
    return form


def _standing(found: Guide | None) -> GuideEdition | None:
    """What is edited: the draft, else what is in force."""
    return found.editions.order_by("-number").first() if found else None


def _guide(pk: int) -> Guide:
    row: Guide = get_object_or_404(Guide.objects.select_related("organisation", "kind"), pk=pk)
    return row
