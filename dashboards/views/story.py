"""The customer's page about a story of theirs: answers, changes, a yes with its limits, and its end.

GET only shows. What is asked is answered on the link of that story and that person alone.
"""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from advocacy import storytelling
from advocacy.forms import ConsentForm
from advocacy.models import StoryAsk, StoryConsent, StoryEdition
from advocacy.storytelling import NotPossible, Way, showing
from advocacy.storytelling.letters import PURPOSE
from dashboards.visits import Visit, visitors_only
from organisations.access import client_ip
from ui.addresses import whole_number

RELATED = (
    "story__organisation", "story__customer", "story__quote_by", "contact__recipient",
    "contact__customer__organisation", "contact__customer__owner", "asked_by",
)  # fmt: skip
LONGEST = 4000


@require_http_methods(["GET", "HEAD", "POST"])
@visitors_only
def story(request: HttpRequest, visit: Visit) -> HttpResponse:
    ask = _ask(request, visit)
    if request.method != "POST":
        return _show(request, visit, ask)
    if not visit.may_answer:
        return _refuse(request, visit)
    if ask is None:
        return _show(request, visit, None, status=409)
    if not ask.is_review:
        return _answer(request, visit, ask)
    if request.POST.get("answer") == "changes":
        return _want_changes(request, visit, ask)
    return _agree(request, visit, ask)


def _answer(request: HttpRequest, visit: Visit, ask: StoryAsk) -> HttpResponse:
    said = [request.POST.get(f"answer{n}", "")[:LONGEST] for n in range(len(ask.questions))]
    try:
        storytelling.answer(ask=ask, answers=said, way=_way(request, visit), now=visit.now)
    except storytelling.Incomplete as refused:
        return _show(request, visit, ask, fault=str(refused), said=said, status=422)
    except NotPossible as refused:
        return _show(request, visit, ask, fault=str(refused), said=said, status=409)
    return _back(visit, ask)


def _want_changes(request: HttpRequest, visit: Visit, ask: StoryAsk) -> HttpResponse:
    words = request.POST.get("words", "")[:LONGEST]
    try:
        storytelling.want_changes(ask=ask, words=words, way=_way(request, visit), now=visit.now)
    except storytelling.Incomplete as refused:
        return _show(request, visit, ask, fault=str(refused), is_no=True, status=422)
    except NotPossible as refused:
        return _show(request, visit, ask, fault=str(refused), words=words, status=409)
    return _back(visit, ask)


def _agree(request: HttpRequest, visit: Visit, ask: StoryAsk) -> HttpResponse:
    form = ConsentForm(request.POST)
    if not form.is_valid():
        return _show(request, visit, ask, form=form, status=422)
    terms = form.terms(localtime(visit.now, visit.organisation.tzinfo).date())
    given: dict[str, Any] = {"ask": ask, "terms": terms, "way": _way(request, visit), "now": visit.now}
    try:
        storytelling.agree(edition=form.cleaned_data["edition"], **given)
    except storytelling.Incomplete as refused:
        form.add_error(refused.field, str(refused))
        return _show(request, visit, ask, form=form, status=422)
    except storytelling.MovedOn as refused:
        return _show(request, visit, ask, fault=str(refused), status=409)
    except NotPossible as refused:
        return _show(request, visit, ask, form=form, fault=str(refused), status=409)
    return _back(visit, ask)


@require_POST
@visitors_only
def withdrawal(request: HttpRequest, visit: Visit) -> HttpResponse:
    """They take their yes back. There is no last day for it."""
    if not visit.may_answer:
        return _refuse(request, visit)
    ask = _ask(request, visit)
    if ask is None:
        return _show(request, visit, None, status=409)
    words = request.POST.get("words", "")[:LONGEST]
    try:
        storytelling.withdraw(ask=ask, way=_way(request, visit), now=visit.now, words=words)
    except NotPossible as refused:
        return _show(request, visit, ask, fault=str(refused), status=409)
    messages.success(request, _("Taken back. The page is gone, and we take the story down everywhere else."))
    return _back(visit, ask)


@require_POST
@visitors_only
def answer_link(request: HttpRequest, visit: Visit) -> HttpResponse:
    """The link to answer, to their own address: whoever holds this page may not be them."""
    ask = _ask(request, visit) if visit.may_answer else None
    if ask is not None and storytelling.send_link(ask=ask, now=visit.now):
        said = _("The link to answer is on its way to %(address)s.")
        messages.success(request, said % {"address": visit.contact.address})
    return _back(visit, ask)


def _show(
    request: HttpRequest, visit: Visit, ask: StoryAsk | None, *, status: int = 200, **said: Any
) -> HttpResponse:
    context: dict[str, Any] = {
        "organisation": visit.organisation,
        "visit": visit,
        "contact": visit.contact,
        "csm": visit.contact.customer.owner,
        "ask": ask,
        "fault": "",
        "words": "",
        **said,
    }
    if ask is not None:
        context |= _about(visit, ask)
        context.setdefault("form", ConsentForm(initial={"edition": ask.edition}))
        answers = said.get("said", ask.answers)
        context["questions"] = [
            (f"answer{n}", question, answers[n] if n < len(answers) else "")
            for n, question in enumerate(ask.questions)
        ]
    return render(request, "dashboards/story.html", context, status=status)


def _about(visit: Visit, ask: StoryAsk) -> dict[str, Any]:
    """The edition they were asked about; and what they agreed to, while it holds."""
    row = ask.story
    kept = StoryEdition.objects.filter(story=row, number=ask.edition).first() if ask.is_review else None
    consent = (
        StoryConsent.objects.filter(story=row, contact=visit.contact).order_by("-given_at", "-id").first()
    )
    return {
        "story": row,
        "shown": showing.preview(row, edition=kept) if kept else None,
        "is_theirs": bool(kept and kept.content["quote_by"] == visit.contact.pk),
        "consent": consent,
        "holds": consent is not None and consent.ended_at is None and consent.holds(visit.now),
        "can_answer": visit.may_answer and storytelling.may_answer(visit.link, ask),
    }


def _refuse(request: HttpRequest, visit: Visit) -> HttpResponse:
    """A member cannot answer for the customer."""
    context = {"organisation": visit.organisation, "visit": visit, "contact": visit.contact}
    return render(request, "dashboards/customer_page_member.html", context, status=403)


def _ask(request: HttpRequest, visit: Visit) -> StoryAsk | None:
    """The question named, else the one the link was sent with; the newer one if they were asked again."""
    given = request.POST.get("ask") or request.GET.get("ask", "")
    pk = whole_number(given) or (visit.link.subject_id if visit.link.purpose == PURPOSE else 0)
    mine = StoryAsk.objects.filter(contact=visit.contact).select_related(*RELATED)
    found: StoryAsk | None = mine.filter(pk=pk).first()
    if found is None or found.closed_at is None or found.answered_at is not None:
        return found
    newer: StoryAsk | None = mine.filter(story=found.story_id, kind=found.kind, closed_at=None).first()
    return newer or found


def _way(request: HttpRequest, visit: Visit) -> Way:
    return Way(visit.link, client_ip(request))


def _back(visit: Visit, ask: StoryAsk | None) -> HttpResponse:
    answer = redirect("dashboards:story", visit.token)
    if ask is not None and visit.link.subject_id != ask.pk:
        answer["Location"] += f"?ask={ask.pk}"
    return answer
