"""A milestone of one customer, for members: claims, questions, answers to contests. Nobody confirms here."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from customers.forms import WhomForm
from customers.models import Contact, Outcome
from milestones import aiming, verifying
from milestones.enrolling import midnight
from milestones.evidence import evidence_of
from milestones.forms.verifying import AnswerForm, ClaimForm, WithdrawalForm
from milestones.models import Achievement, Ask, Claim, Enrolment, Milestone, Verdict
from milestones.nearing import nearing
from milestones.walking import paths_of
from organisations.access import MemberRequest, csm_required, member_required
from post import linking
from ui.addresses import whole_number
from ui.htmx import render_page

DEMO_LINK_DAYS = 1


@require_http_methods(["GET", "HEAD", "POST"])
@csm_required
def claim(request: MemberRequest, pk: int, key: str) -> HttpResponse:
    """Where one milestone of one customer stands, and the form to claim it."""
    enrolment = _enrolment(pk)
    milestone = get_object_or_404(Milestone.objects.filter(version=enrolment.version_id), key=key)
    today = localtime(request.now, request.organisation.tzinfo).date()
    form = ClaimForm(request.POST or None, customer=enrolment.customer, today=today)
    if form.is_valid() and _claimed(request, enrolment, milestone, form):
        return _to_claim(request, enrolment, key)
    context = _standing(request, enrolment, milestone) | {"form": form}
    status = 422 if request.method == "POST" else 200
    return render_page(request, "milestones/claim.html", context, status=status)


def _claimed(request: MemberRequest, enrolment: Enrolment, milestone: Milestone, form: ClaimForm) -> bool:
    given = dict(form.cleaned_data)
    asked = list(given.pop("asked"))
    reached_at = midnight(request.organisation, given.pop("reached_on"))
    try:
        verifying.claim(
            enrolment=enrolment,
            milestone=milestone,
            reached_at=reached_at,
            asked=asked,
            by=request.user,
            now=request.now,
            **given,
        )
    except verifying.ClaimIncomplete as refused:
        form.add_error(refused.field, str(refused))
    except verifying.NotPossible as refused:
        form.add_error("asked", str(refused))
    else:
        messages.success(request, _asked_words(asked))
        return True
    return False


def _asked_words(asked: list[Any]) -> str:
    if not asked:
        return _("Claimed. Nobody was asked yet.")
    return _("Claimed. %(names)s gets the question by mail.") % {
        "names": ", ".join(contact.name for contact in asked)
    }


@require_POST
@csm_required
def aim(request: MemberRequest, pk: int, key: str) -> HttpResponse:
    """Say which outcome of the customer this milestone serves."""
    enrolment = _enrolment(pk)
    milestone = get_object_or_404(Milestone.objects.filter(version=enrolment.version_id), key=key)
    given = whole_number(request.POST.get("outcome", ""))
    outcome = get_object_or_404(Outcome, pk=given, customer=enrolment.customer_id) if given else None
    try:
        aiming.aim(
            enrolment=enrolment, milestone=milestone, outcome=outcome, by=request.user, now=request.now
        )
    except aiming.CannotServe as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("Kept. It stands on their page and on the customer’s."))
    return _to_claim(request, enrolment, key)


@require_POST
@csm_required
def question(request: MemberRequest, pk: int, key: str) -> HttpResponse:
    """Ask somebody, or ask again."""
    enrolment = _enrolment(pk)
    milestone = get_object_or_404(Milestone.objects.filter(version=enrolment.version_id), key=key)
    form = WhomForm(request.POST, customer=enrolment.customer)
    if not form.is_valid():
        messages.error(request, " ".join(map(str, form.errors["contact"])))
        return _to_claim(request, enrolment, key)
    contact = form.cleaned_data["contact"]
    try:
        verifying.ask(
            enrolment=enrolment, milestone=milestone, contact=contact, by=request.user, now=request.now
        )
    except verifying.NotPossible as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("%(name)s gets the question by mail.") % {"name": contact.name})
    return _to_claim(request, enrolment, key)


@require_POST
@csm_required
def withdrawal(request: MemberRequest, pk: int) -> HttpResponse:
    """Take a claim back."""
    row = get_object_or_404(Claim.objects.select_related("enrolment"), pk=pk)
    form = WithdrawalForm(request.POST)
    if form.is_valid():
        verifying.withdraw_claim(claim=row, why=form.cleaned_data["why"], by=request.user, now=request.now)
        messages.success(request, _("The claim is taken back, and with it the question."))
    else:
        messages.error(request, " ".join(map(str, form.errors["why"])))
    return _to_claim(request, row.enrolment, row.milestone_key)


@require_POST
@csm_required
def contact_leaving(request: MemberRequest, pk: int) -> HttpResponse:
    """They left their company: no mails to them, and no question waits for them."""
    contact = get_object_or_404(Contact.objects.select_related("customer__organisation", "recipient"), pk=pk)
    today = localtime(request.now, request.organisation.tzinfo).date()
    verifying.contact_left(contact=contact, on=today, by=request.user, now=request.now)
    said = _("%(name)s gets no more mails and is asked nothing. What they said stays.")
    messages.success(request, said % {"name": contact.name})
    return redirect("dashboards:customer", request.organisation.slug, contact.customer_id)


@require_POST
@csm_required
def visit(request: MemberRequest, pk: int) -> HttpResponse:
    """Demo mode alone: open the customer's page as the person asked. What is answered there is marked."""
    if not settings.DEMO:
        raise Http404
    ask = get_object_or_404(Ask.objects.select_related("contact__recipient"), pk=pk)
    token = linking.make(
        organisation=request.organisation,
        purpose="confirm",
        subject_id=ask.pk,
        address=ask.contact.address,
        now=request.now,
        days=DEMO_LINK_DAYS,
        by=request.user,
        is_demo=True,
    )
    return redirect("dashboards:customer_page", token)


@require_safe
@member_required
def contest(request: MemberRequest, pk: int) -> HttpResponse:
    """The customer's words, and our answer."""
    return _contest_page(request, _contest(pk), None)


@require_POST
@csm_required
def answer(request: MemberRequest, pk: int) -> HttpResponse:
    """Answer a contest."""
    verdict = _contest(pk)
    form = AnswerForm(request.POST, customer=verdict.enrolment.customer, contested_by=verdict.contact)
    if form.is_valid() and _answered(request, verdict, form):
        return redirect("milestones:contest", request.organisation.slug, verdict.pk)
    return _contest_page(request, verdict, form)


def _contest_page(request: MemberRequest, verdict: Verdict, form: AnswerForm | None) -> HttpResponse:
    customer = verdict.enrolment.customer
    context = _standing(request, verdict.enrolment, verdict.milestone) | {
        "verdict": verdict,
        "form": form or AnswerForm(customer=customer, contested_by=verdict.contact),
        "may_answer": request.membership.can_write and verdict.is_open_contest,
    }
    return render_page(request, "milestones/contest.html", context, status=422 if form else 200)


def _answered(request: MemberRequest, verdict: Verdict, form: AnswerForm) -> bool:
    given = form.cleaned_data
    try:
        verifying.answer_contest(verdict=verdict, by=request.user, now=request.now, **given)
    except verifying.NotPossible as refused:
        form.add_error(None, str(refused))
        return False
    words = _("%(name)s gets your answer, with a fresh question.")
    messages.success(
        request,
        (words if given["ask_again"] else _("%(name)s gets your answer.")) % {"name": given["contact"].name},
    )
    return True


def _standing(request: MemberRequest, enrolment: Enrolment, milestone: Milestone) -> dict[str, Any]:
    """Everything known about this milestone of this customer."""
    path = paths_of([enrolment], now=request.now)[enrolment.pk]
    place = next(place for place, step in enumerate(path.steps) if step.key == milestone.key)
    about = {"enrolment": enrolment, "milestone_key": milestone.key}
    asks = Ask.objects.filter(enrolment=enrolment, milestone__key=milestone.key, closed_at=None)
    claims = Claim.objects.filter(**about, withdrawn_at=None).select_related("claimed_by", "named_contact")
    verdicts = Verdict.objects.standing().filter(**about)
    people = enrolment.customer.contacts.current()
    near = nearing(
        [enrolment], organisation=request.organisation, milestone_ids=[milestone.pk], now=request.now
    )
    return {
        "enrolment": enrolment,
        "customer": enrolment.customer,
        "milestone": milestone,
        "criteria": near.get(enrolment.pk, []),
        "wants": verifying.asked_of(milestone),
        "place": place + 1,
        "path": path,
        "step": path.steps[place],
        "stone": path.stones[place],
        "achievement": Achievement.objects.standing().filter(**about).first(),
        **evidence_of(enrolment, milestone, now=request.now),
        "claims": claims.order_by("-id"),
        "asks": asks.select_related("contact__recipient").order_by("id"),
        "verdicts": verdicts.select_related("contact").order_by("-at", "-id"),
        "without_address": people.filter(recipient=None),
        "others": WhomForm(customer=enrolment.customer),
        "withdrawal": WithdrawalForm(),
        "aim": aiming.served_by([enrolment]).get(enrolment.pk, {}).get(milestone.key),
        "is_demo": settings.DEMO,
    }


def _enrolment(pk: int) -> Enrolment:
    rows = Enrolment.objects.select_related("organisation", "customer__owner", "journey", "version")
    return get_object_or_404(rows, pk=pk)


def _contest(pk: int) -> Verdict:
    rows = Verdict.objects.filter(kind=Verdict.Kind.CONTESTED).select_related(
        "contact", "milestone", "answered_by", "enrolment__organisation", "enrolment__customer__owner",
        "enrolment__journey", "enrolment__version",
    )  # fmt: skip
    return get_object_or_404(rows, pk=pk)


def _to_claim(request: MemberRequest, enrolment: Enrolment, key: str) -> HttpResponse:
    return redirect("milestones:claim", request.organisation.slug, enrolment.pk, key)
