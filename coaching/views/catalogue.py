"""The catalogue of challenges: read by everybody, written by managers."""

from typing import Any

from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from coaching import challenging, starting
from coaching.forms.challenges import ChallengeKindForm
from coaching.models import Challenge, ChallengeKind
from coaching.starters import starter_kinds
from organisations.access import MemberRequest, manager_required, member_required
from ui.addresses import own_page
from ui.htmx import render_page

MOST_OPEN = 50


@require_safe
@member_required
def challenge_kinds(request: MemberRequest) -> HttpResponse:
    """All of them, with how many customers have each now."""
    rows = ChallengeKind.objects.annotate(
        open_now=Count("challenges", filter=Q(challenges__state=Challenge.State.OPEN))
    )
    held = set(ChallengeKind.objects.values_list("key", flat=True))
    context = {
        "nav": "coaching",
        "kinds": list(rows.current().in_order()),
        "retired": list(rows.exclude(retired_at=None).in_order()),
        "missing": len(starter_kinds().keys() - held),
    }
    return render_page(request, "coaching/challenge_kinds.html", context)


@require_safe
@member_required
def challenge_kind(request: MemberRequest, pk: int) -> HttpResponse:
    """One of them: signs, questions, steps; and where it is open now."""
    kind = get_object_or_404(ChallengeKind.objects, pk=pk)
    open_ones = kind.challenges.open().select_related("customer", "owner").order_by("opened_at", "id")
    context = {
        "nav": "coaching",
        "kind": kind,
        "open": list(open_ones[:MOST_OPEN]),
        "open_in_all": kind.challenges.open().count(),
    }
    return render_page(request, "coaching/challenge_kind.html", context)


@manager_required
def challenge_kind_new(request: MemberRequest) -> HttpResponse:
    form = ChallengeKindForm(
        request.POST if request.method == "POST" else None, initial={"lead": ChallengeKind.Lead.CSM}
    )
    if form.is_valid():
        try:
            kind = challenging.add_kind(
                organisation=request.organisation,
                values=form.cleaned_data,
                by=request.user,
                now=request.now,
            )
        except challenging.Incomplete as refused:
            form.add_error(refused.field, str(refused))
        else:
            messages.success(request, _("“%(name)s” is in the catalogue.") % {"name": kind.name})
            return redirect("coaching:challenge_kind", request.organisation.slug, kind.pk)
    return _form_page(request, form, {})


@manager_required
def challenge_kind_edit(request: MemberRequest, pk: int) -> HttpResponse:
    kind = get_object_or_404(ChallengeKind.objects.select_related("organisation"), pk=pk)
    form = ChallengeKindForm(
        request.POST if request.method == "POST" else None, initial=ChallengeKindForm.initial_of(kind)
    )
    if form.is_valid():
        try:
            challenging.edit_kind(kind=kind, values=form.values, by=request.user, now=request.now)
        except challenging.Incomplete as refused:
            form.add_error(refused.field, str(refused))
        except challenging.NotPossible as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("Saved. What is open at customers keeps the steps it has."))
            return redirect("coaching:challenge_kind", request.organisation.slug, kind.pk)
    return _form_page(request, form, {"kind": kind})


@require_POST
@manager_required
def challenge_kind_retirement(request: MemberRequest, pk: int) -> HttpResponse:
    kind = get_object_or_404(ChallengeKind.objects.select_related("organisation"), pk=pk)
    challenging.retire_kind(kind=kind, by=request.user, now=request.now)
    messages.success(request, _("Out of the catalogue. Where it is open, it goes on."))
    return redirect("coaching:challenge_kinds", request.organisation.slug)


@require_POST
@manager_required
def challenge_kind_return(request: MemberRequest, pk: int) -> HttpResponse:
    kind = get_object_or_404(ChallengeKind.objects.select_related("organisation"), pk=pk)
    try:
        challenging.return_kind(kind=kind, by=request.user, now=request.now)
    except challenging.NotPossible as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("“%(name)s” is in the catalogue again.") % {"name": kind.name})
    return redirect("coaching:challenge_kinds", request.organisation.slug)


@require_POST
@manager_required
def starters(request: MemberRequest) -> HttpResponse:
    """Take what ships, as far as it is not there."""
    taken = starting.take(organisation=request.organisation, by=request.user, now=request.now)
    if taken.kinds or taken.guides or taken.resources:
        said = {
            "kinds": ngettext("%(n)d challenge", "%(n)d challenges", taken.kinds) % {"n": taken.kinds},
            "guides": ngettext("%(n)d guide", "%(n)d guides", taken.guides) % {"n": taken.guides},
            "resources": ngettext("%(n)d resource", "%(n)d resources", taken.resources)
            % {"n": taken.resources},
        }
        words = _("%(kinds)s, %(guides)s and %(resources)s are yours now. Change what is different with you.")
        messages.success(request, words % said)
    else:
        messages.info(request, _("You have all of them already. Nothing was changed."))
    back = own_page(request, request.POST.get("next", ""))
    return redirect(back or reverse("coaching:guides", args=[request.organisation.slug]))


def _form_page(request: MemberRequest, form: ChallengeKindForm, context: dict[str, Any]) -> HttpResponse:
    context = {"nav": "coaching", "form": form, **context}
    status = 422 if form.is_bound else 200
    return render_page(request, "coaching/challenge_kind_edit.html", context, status=status)
