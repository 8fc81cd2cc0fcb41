"""Who speaks for us, and the ledger of one person: everything they were ever asked."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from advocacy import recruiting
from advocacy.forms.asking import AnswerForm, ResultForm, ThanksForm
from advocacy.ledger import lines_of, standings
from advocacy.models import Advocate, AskTerms, Favour
from customers.models import Contact
from organisations.access import MemberRequest, csm_required, member_required
from ui.htmx import render_page

SHOWN = 50


@require_safe
@member_required
def advocates(request: MemberRequest) -> HttpResponse:
    """By state, the newest first; beside them what was promised, and who is still to be thanked."""
    state = request.GET.get("state", "")
    if state not in Advocate.State.values:
        state = Advocate.State.WILLING
    rows = Advocate.objects.with_people().filter(state=state).order_by("-invited_at", "-id")
    found = list(rows[: SHOWN + 1])
    known = standings([one.contact for one in found[:SHOWN]], now=request.now)
    favours = Favour.objects.with_people().newest_first()
    context = {
        "nav": "advocacy",
        "section": "advocates",
        "rows": [(one, known[one.contact_id]) for one in found[:SHOWN]],
        "is_more": len(found) > SHOWN,
        "state": state,
        "states": _counted(),
        "asks": AskTerms.of(request.organisation).asks,
        "unanswered": favours.filter(state=Favour.State.ASKED)[:SHOWN],
        "promised": favours.promised()[:SHOWN],
        "to_thank": favours.to_thank()[:SHOWN],
    }
    return render_page(request, "advocacy/advocates.html", context)


@require_safe
@member_required
def person(request: MemberRequest, pk: int) -> HttpResponse:
    return show_person(request, contact_of(pk))


def show_person(
    request: MemberRequest, contact: Contact, *, status: int = 200, **faulty: Any
) -> HttpResponse:
    """The ledger of one person. `faulty`: a form that was sent and wants more, by "kind-of-form pk"."""
    one = standings([contact], now=request.now)[contact.pk]
    lines = lines_of(contact, now=request.now)
    forms = {"answer": AnswerForm, "result": ResultForm, "thanks": ThanksForm}
    context = {
        "nav": "advocacy",
        "contact": contact,
        "customer": contact.customer,
        "advocate": one.advocate,
        "standing": one,
        "asks": AskTerms.of(request.organisation).asks,
        "lines": [(line, _forms_for(line.favour, forms, faulty)) for line in lines],
        "faulty": list(faulty.values()),
        "is_demo_mode": settings.DEMO,
    }
    return render_page(request, "advocacy/person.html", context, status=status)


@require_POST
@csm_required
def advocate_end(request: MemberRequest, pk: int) -> HttpResponse:
    """Nothing more is asked of them."""
    row = _advocate(pk)
    recruiting.end(advocate=row, by=request.user, now=request.now)
    messages.success(request, _("%(name)s is not asked any more.") % {"name": row.contact.name})
    return redirect("advocacy:person", request.organisation.slug, row.contact_id)


@require_POST
@csm_required
def advocate_return(request: MemberRequest, pk: int) -> HttpResponse:
    """Ended by mistake."""
    row = _advocate(pk)
    try:
        recruiting.take_back(advocate=row, by=request.user, now=request.now)
    except recruiting.NotPossible as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("%(name)s speaks for you as before.") % {"name": row.contact.name})
    return redirect("advocacy:person", request.organisation.slug, row.contact_id)


def contact_of(pk: int) -> Contact:
    rows = Contact.objects.select_related(
        "recipient", "customer__owner", "customer__segment", "customer__organisation"
    )
    found: Contact = get_object_or_404(rows, pk=pk)
    return found


def _forms_for(favour: Favour | None, forms: dict[str, Any], faulty: dict[str, Any]) -> dict[str, Any]:
    if favour is None:
        return {}
    return {
        name: faulty.get(f"{name}_{favour.pk}") or form(auto_id=f"{name}-{favour.pk}-%s")
        for name, form in forms.items()
    }


def _counted() -> list[tuple[str, Any, int]]:
    """Every state with how many are in it."""
    rows = Advocate.objects.order_by().values("state").annotate(n=Count("pk"))
    counts = {row["state"]: row["n"] for row in rows}
    return [(value, label, counts.get(value, 0)) for value, label in Advocate.State.choices]


def _advocate(pk: int) -> Advocate:
    found: Advocate = get_object_or_404(Advocate.objects.with_people(), pk=pk)
    return found
