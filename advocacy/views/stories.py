"""Success stories as members see them: find one, write one, ask for a consent, publish, note its uses."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from advocacy import finding, storytelling
from advocacy.finding import Wanted
from advocacy.forms import AskForm, StoryForm, UseForm
from advocacy.models import Story, StoryAsk, StoryConsent, StoryNumber, StoryUse
from advocacy.storytelling import NotPossible, files, showing
from advocacy.storytelling.noting import public_url
from customers.models import Customer, Metric, Segment
from organisations.access import MemberRequest, csm_required, member_required
from ui.htmx import render_page

SHOWN = 50


@require_safe
@member_required
def story_list(request: MemberRequest) -> HttpResponse:
    """Proof for X: the filters stand in the address."""
    said = {name: request.GET.get(name, "").replace("\x00", "")[:200] for name in Wanted.__dataclass_fields__}
    wanted, today = Wanted(**said), localtime(request.now).date()
    found = list(finding.find(wanted, today=today)[: SHOWN + 1])
    told = StoryNumber.objects.filter(metric__isnull=False).values("metric")
    context = {
        "nav": "advocacy",
        "stories": found[:SHOWN],
        "is_more": len(found) > SHOWN,
        "wanted": wanted,
        "is_narrowed": any(said.values()),
        "counts": finding.count(today=today),
        "states": Story.State,
        "segments": Segment.objects.filter(customers__stories__isnull=False).distinct(),
        "use_cases": Customer.objects.filter(stories__isnull=False).use_cases(),
        "metrics": Metric.objects.filter(pk__in=told),
    }
    return render_page(request, "advocacy/story_list.html", context)


@require_safe
@member_required
def story(request: MemberRequest, pk: int) -> HttpResponse:
    return _show(request, _story(pk))


@require_http_methods(["GET", "HEAD", "POST"])
@csm_required
def story_edit(request: MemberRequest, pk: int) -> HttpResponse:
    row = _story(pk)
    form = StoryForm(request.POST if request.method == "POST" else None, story=row)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                storytelling.edit(
                    story=row,
                    values=form.given,
                    numbers=form.shown,
                    edition=form.cleaned_data["edition"],
                    by=request.user,
                    now=request.now,
                )
            except storytelling.Incomplete as refused:
                form.add_error(refused.field, str(refused))
            except NotPossible as refused:
                form.add_error(None, str(refused))
                status = 409
            else:
                messages.success(request, _("Kept, as the next edition."))
                return redirect("advocacy:story", request.organisation.slug, pk)
    context = {
        "nav": "advocacy",
        "story": row,
        "customer": row.customer,
        "form": form,
        "consent": _consent(row),
        "quotes": storytelling.quotes_about(row.achievement) if row.achievement else [],
        "interviews": _answered(row),
    }
    return render_page(request, "advocacy/story_edit.html", context, status=status)


@require_POST
@csm_required
def story_question(request: MemberRequest, pk: int) -> HttpResponse:
    """Questions for the story, or whether it may be told."""
    row = _story(pk)
    form = AskForm(request.POST, story=row)
    if not form.is_valid():
        return _show(request, row, ask_form=form, status=422)
    given: dict[str, Any] = {
        "story": row, "contact": form.cleaned_data["contact"], "by": request.user, "now": request.now,
    }  # fmt: skip
    try:
        if form.cleaned_data["kind"] == StoryAsk.Kind.REVIEW:
            storytelling.review(**given)
        else:
            storytelling.interview(questions=form.cleaned_data["questions"].splitlines(), **given)
    except storytelling.Incomplete as refused:
        form.add_error(refused.field, str(refused))
        return _show(request, row, ask_form=form, status=422)
    except NotPossible as refused:
        form.add_error(None, str(refused))
        return _show(request, row, ask_form=form, status=409)
    messages.success(request, _("Asked: a mail is on its way to %(name)s.") % {"name": given["contact"].name})
    return redirect("advocacy:story", request.organisation.slug, pk)


@require_POST
@csm_required
def story_publication(request: MemberRequest, pk: int) -> HttpResponse:
    return _change(request, pk, storytelling.publish, _("Published. Everybody with its address can read it."))


@require_POST
@csm_required
def story_end(request: MemberRequest, pk: int) -> HttpResponse:
    """Take it down."""
    return _change(request, pk, storytelling.end, _("Taken down. What is used elsewhere stands below."))


@require_POST
@csm_required
def story_use(request: MemberRequest, pk: int) -> HttpResponse:
    """Note where it is used outside."""
    row = _story(pk)
    form = UseForm(request.POST)
    if not form.is_valid():
        return _show(request, row, use_form=form, status=422)
    try:
        storytelling.note_use(story=row, by=request.user, now=request.now, **form.cleaned_data)
    except storytelling.Incomplete as refused:
        form.add_error(refused.field, str(refused))
        return _show(request, row, use_form=form, status=422)
    except NotPossible as refused:
        form.add_error(None, str(refused))
        return _show(request, row, use_form=form, status=409)
    messages.success(request, _("Noted. When the consent ends, it stands on Today to be taken down there."))
    return redirect("advocacy:story", request.organisation.slug, pk)


@require_POST
@csm_required
def story_use_end(request: MemberRequest, pk: int) -> HttpResponse:
    use = get_object_or_404(StoryUse.objects.select_related("story"), pk=pk)
    storytelling.end_use(use=use, by=request.user, now=request.now)
    messages.success(request, _("It is taken down there."))
    return redirect("advocacy:story", request.organisation.slug, use.story_id)


@require_safe
@member_required
def story_file(request: MemberRequest, pk: int) -> HttpResponse:
    """To hand on: what was agreed, as Markdown, HTML or JSON."""
    row, form = _story(pk), request.GET.get("format", "md")
    consent = storytelling.standing_consent(row, now=request.now)
    if consent is None:
        return _show(request, row, status=404, fault=_not_agreed())
    form = form if form in files.FORMS else "md"
    text = files.written(showing.agreed(row, consent=consent), form, url=public_url(row))
    response = HttpResponse(text, content_type=files.FORMS[form][0])
    response["Content-Disposition"] = f'attachment; filename="{row.slug}.{form}"'
    return response


def _not_agreed() -> str:
    return _("There is no consent that holds to what it says now, so there is nothing to hand on.")


def _change(request: MemberRequest, pk: int, verb: Callable[..., Story], done: str) -> HttpResponse:
    row = _story(pk)
    try:
        verb(story=row, by=request.user, now=request.now)
    except NotPossible as refused:
        return _show(request, row, status=409, fault=str(refused))
    messages.success(request, done)
    return redirect("advocacy:story", request.organisation.slug, pk)


def _show(request: MemberRequest, row: Story, *, status: int = 200, **said: Any) -> HttpResponse:
    consent = _consent(row)
    holds = storytelling.standing_consent(row, now=request.now)
    context: dict[str, Any] = {
        "nav": "advocacy",
        "story": row,
        "shown": showing.preview(row),
        "customer": row.customer,
        "consent": consent,
        "holds": holds,
        "is_quoted": holds is not None and showing.allows_quote(holds, row.quote_by_id),
        "ended": row.consents.exclude(ended_at=None).select_related("contact").order_by("-ended_at").first(),
        "asks": row.asks.select_related("contact", "asked_by").order_by("-asked_at", "-id"),
        "uses": row.uses.select_related("noted_by", "ended_by").order_by("ended_at", "-used_on", "-id"),
        "forms": files.FORMS,
        "public_url": public_url(row),
        "evidence": _evidence(request, row),
        "shaky": row.numbers.filter(is_shown=True).filter(
            Q(before_reading__is_standing=False) | Q(after_reading__is_standing=False)
        ),
        "fault": "",
        **said,
    }
    if request.membership.can_write:
        context.setdefault("ask_form", AskForm(story=row))
        context.setdefault("use_form", UseForm(initial={"used_on": localtime(request.now).date()}))
    return render_page(request, "advocacy/story.html", context, status=status)


def _evidence(request: MemberRequest, row: Story) -> str:
    """Where the readings and the claim behind its numbers stand."""
    slug, achievement = request.organisation.slug, row.achievement
    if achievement is None or not request.membership.can_write:
        return reverse("dashboards:customer", args=[slug, row.customer_id]) + "?show=milestones"
    return reverse("milestones:claim", args=[slug, achievement.enrolment_id, achievement.milestone_key])


def _consent(row: Story) -> StoryConsent | None:
    found: StoryConsent | None = row.consents.filter(ended_at=None).select_related("contact").first()
    return found


def _answered(row: Story) -> list[StoryAsk]:
    rows = row.asks.filter(answered_at__isnull=False).select_related("contact")
    return list(rows.order_by("-answered_at"))


def _story(pk: int) -> Story:
    return get_object_or_404(Story.objects.with_customer(), pk=pk)
