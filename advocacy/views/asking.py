"""Who may I ask for X, the asking itself, and how much of it is allowed."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from advocacy import recruiting
from advocacy.candidates import Wish, candidates
from advocacy.forms.asking import FavourForm, TermsForm, WishForm
from advocacy.ledger import refusal, standings
from advocacy.models import AskTerms, Favour
from advocacy.views.advocates import contact_of
from organisations.access import MemberRequest, csm_required, manager_required, member_required
from ui.htmx import render_page

SHOWN = 30


@require_safe
@member_required
def asking(request: MemberRequest) -> HttpResponse:
    """People in order of fit, with the reasons; and why the others may not be asked."""
    given = request.GET.dict()
    if given.get("kind") not in Favour.Kind.values:
        given["kind"] = Favour.Kind.REFERENCE
    form = WishForm(given)
    found = None
    if form.is_valid():
        wish = Wish(**form.cleaned_data)
        found = candidates(wish, AskTerms.of(request.organisation), now=request.now)
    context = {
        "nav": "advocacy",
        "section": "asking",
        "form": form,
        "kind": form.cleaned_data.get("kind", "") if found else "",
        "may": found.may[:SHOWN] if found else [],
        "may_not": found.may_not[:SHOWN] if found else [],
        "counted": (len(found.may), len(found.may_not)) if found else (0, 0),
        "is_cut": found.is_cut if found else False,
    }
    return render_page(request, "advocacy/asking.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@csm_required
def favour_new(request: MemberRequest, pk: int) -> HttpResponse:
    """Ask one person for one thing. Whoever may not be asked is not, and the page says until when."""
    contact = contact_of(pk)
    kind = request.GET.get("kind", "")
    kind = kind if kind in Favour.Kind.values else Favour.Kind.REFERENCE
    language = contact.recipient.language if contact.recipient else ""
    words = recruiting.beginning(kind, language or request.organisation.language)
    form = FavourForm(request.POST or None, initial={"kind": kind, "words": words})
    status = 422 if form.is_bound else 200
    if form.is_valid():
        try:
            recruiting.ask(contact=contact, by=request.user, now=request.now, **form.cleaned_data)
        except recruiting.MayNotBeAsked as refused:
            form.add_error(None, str(refused))
            status = 409
        except recruiting.WordsMissing as refused:
            form.add_error(refused.field, str(refused))
        else:
            messages.success(
                request, _("Asked. %(name)s answers on their own link.") % {"name": contact.name}
            )
            return redirect("advocacy:person", request.organisation.slug, pk)
    one = standings([contact], now=request.now)[pk]
    terms = AskTerms.of(request.organisation)
    context = {
        "nav": "advocacy",
        "contact": contact,
        "customer": contact.customer,
        "form": form,
        "refusal": None if form.is_bound else refusal(one, kind, terms, now=request.now),
        "standing": one,
        "asks": terms.asks,
    }
    return render_page(request, "advocacy/favour_new.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@manager_required
def terms(request: MemberRequest) -> HttpResponse:
    """How much may be asked of one person, and what a referral's page says."""
    found = AskTerms.of(request.organisation)
    form = TermsForm(request.POST or None, initial=TermsForm.initial_of(found))
    if form.is_valid():
        recruiting.save_terms(
            organisation=request.organisation, values=form.terms(found), by=request.user, now=request.now
        )
        messages.success(request, _("Saved."))
        return redirect("advocacy:terms", request.organisation.slug)
    rests = [form[name] for name in form.fields if name.startswith("rest_")]
    context = {"nav": "advocacy", "section": "terms", "form": form, "rests": rests}
    return render_page(request, "advocacy/terms.html", context, status=422 if form.is_bound else 200)
