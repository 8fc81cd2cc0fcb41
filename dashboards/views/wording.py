"""The customer's page about one outcome of theirs: right, wrong, or in better words. GET only shows."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from customers import defining
from customers.defining.letters import PURPOSE
from customers.forms import ObjectionForm, WordingForm
from customers.models import Outcome, OutcomeAsk, OutcomeReply
from dashboards.visits import Visit, visitors_only
from organisations.access import client_ip
from ui.addresses import whole_number

ASKED = (
    "outcome__metric", "outcome__contact", "outcome__customer__organisation", "contact__recipient",
    "contact__customer__organisation", "contact__customer__owner", "asked_by",
)  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
@visitors_only
def wording(request: HttpRequest, visit: Visit) -> HttpResponse:
    """GET shows the wording; POST says that it is right, as it then reads, or wrong."""
    if request.method != "POST":
        return _show(request, visit, _ask(request, visit))
    if not visit.may_answer:
        return _refuse(request, visit)
    ask = _ask(request, visit)
    if ask is None:
        return _show(request, visit, None, status=409)
    if request.POST.get("answer") == "wrong":
        return _object(request, visit, ask)
    return _confirm(request, visit, ask)


def _confirm(request: HttpRequest, visit: Visit, ask: OutcomeAsk) -> HttpResponse:
    form = WordingForm(request.POST, outcome=ask.outcome)
    if not form.is_valid():
        beside = ObjectionForm(initial={"objection": request.POST.get("objection", "")})
        return _show(request, visit, ask, form=form, objection=beside, status=422)
    given: dict[str, Any] = {"ask": ask, "link": visit.link, "now": visit.now, "ip": client_ip(request)}
    try:
        defining.confirm(edition=form.cleaned_data["edition"], values=form.given, **given)
    except defining.WordsMissing as refused:
        form.add_error("words", str(refused))
        return _show(request, visit, ask, form=form, status=422)
    except defining.MovedOn as refused:
        return _show_anew(request, visit, ask, form, str(refused))
    except defining.NotPossible as refused:
        return _show(request, visit, ask, form=form, fault=str(refused), status=409)
    return _back(visit, ask)


def _object(request: HttpRequest, visit: Visit, ask: OutcomeAsk) -> HttpResponse:
    form = ObjectionForm(request.POST)
    if not form.is_valid():
        typed = {name: request.POST[name] for name in WordingForm.base_fields if name in request.POST}
        beside = WordingForm(initial=WordingForm.initial_of(ask.outcome) | typed, outcome=ask.outcome)
        return _show(request, visit, ask, form=beside, objection=form, status=422)
    given: dict[str, Any] = {"ask": ask, "link": visit.link, "now": visit.now, "ip": client_ip(request)}
    try:
        defining.object_to(words=form.cleaned_data["objection"], **given)
    except defining.NotPossible as refused:
        return _show(request, visit, ask, objection=form, fault=str(refused), status=409)
    return _back(visit, ask)


@require_POST
@visitors_only
def withdrawal(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Take a word back, within its 24 hours."""
    if not visit.may_answer:
        return _refuse(request, visit)
    ask = _ask(request, visit)
    reply = _reply(ask) if ask else None
    if ask is None or reply is None:
        return _show(request, visit, ask, status=409)
    if not defining.may_answer(visit.link, ask):
        shows = _("This link only shows. Have the link to answer sent to you.")
        return _show(request, visit, ask, fault=shows, status=409)
    try:
        defining.undo(reply=reply, now=visit.now)
    except defining.NotPossible as refused:
        return _show(request, visit, ask, fault=str(refused), status=409)
    messages.success(request, _("Your answer is taken back. The question waits for you again."))
    return _back(visit, ask)


@require_POST
@visitors_only
def answer_link(request: HttpRequest, visit: Visit) -> HttpResponse:
    """The link to answer, to their own address: whoever holds this page may not be them."""
    ask = _ask(request, visit) if visit.may_answer else None
    if ask is not None and defining.send_link(ask=ask, now=visit.now):
        messages.success(
            request,
            _("The link to answer is on its way to %(address)s.") % {"address": visit.contact.address},
        )
    return _back(visit, ask)


def _show(
    request: HttpRequest, visit: Visit, ask: OutcomeAsk | None, *, status: int = 200, **said: Any
) -> HttpResponse:
    context: dict[str, Any] = {
        "organisation": visit.organisation,
        "visit": visit,
        "contact": visit.contact,
        "csm": visit.contact.customer.owner,
        "ask": ask,
        "fault": "",
        **said,
    }
    if ask is not None:
        row = ask.outcome
        reply = _reply(ask) if ask.closed_at is not None else None
        context |= {
            "outcome": row,
            "reply": reply,
            "can_undo": reply is not None and reply.can_be_undone(visit.now),
            "can_answer": visit.may_answer and defining.may_answer(visit.link, ask),
        }
        context.setdefault("form", WordingForm(initial=WordingForm.initial_of(row), outcome=row))
        context.setdefault("objection", ObjectionForm())
    return render(request, "dashboards/wording.html", context, status=status)


def _show_anew(
    request: HttpRequest, visit: Visit, ask: OutcomeAsk, form: WordingForm, fault: str
) -> HttpResponse:
    """The wording as it stands now, and what they had written beside it: nothing typed is lost."""
    row = Outcome.objects.select_related("metric", "contact", "customer__organisation").get(pk=ask.outcome_id)
    typed = form.cleaned_data["words"]
    ask.outcome = row
    fresh = WordingForm(initial=WordingForm.initial_of(row), outcome=row)
    return _show(request, visit, ask, form=fresh, typed=typed, fault=fault, status=409)


def _refuse(request: HttpRequest, visit: Visit) -> HttpResponse:
    """A member cannot answer for the customer."""
    context = {"organisation": visit.organisation, "visit": visit, "contact": visit.contact}
    return render(request, "dashboards/customer_page_member.html", context, status=403)


def _ask(request: HttpRequest, visit: Visit) -> OutcomeAsk | None:
    """The question named, else the one the link was sent with; the newer one if it was asked again."""
    given = request.POST.get("ask") or request.GET.get("ask", "")
    pk = whole_number(given) or (visit.link.subject_id if visit.link.purpose == PURPOSE else 0)
    mine = OutcomeAsk.objects.filter(contact=visit.contact).select_related(*ASKED)
    asked = mine.filter(pk=pk).first()
    if asked is None or asked.closed_at is None or _reply(asked):
        return asked
    return mine.filter(outcome=asked.outcome_id, closed_at=None).first() or asked


def _reply(ask: OutcomeAsk) -> OutcomeReply | None:
    """Their word that stands."""
    standing = OutcomeReply.objects.standing().filter(ask=ask).select_related("outcome__customer", "contact")
    return standing.order_by("-at", "-id").first()


def _back(visit: Visit, ask: OutcomeAsk | None) -> HttpResponse:
    answer = redirect("dashboards:wording", visit.token)
    if ask is not None and visit.link.subject_id != ask.pk:
        answer["Location"] += f"?ask={ask.pk}"
    return answer
