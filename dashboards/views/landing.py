"""The page an advocate passes on: whoever opens it may leave a line. No account; GET only shows."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from advocacy import referring
from advocacy.models import Advocate, AskTerms
from dashboards.visits import private, refuse_other_sites
from organisations import limits, tenancy
from organisations.access import client_ip

TYPED = "code"
"""In place of a code: the page on which one types it in."""


class NewcomerForm(forms.Form):
    use_required_attribute = False
    name = forms.CharField(
        label=gettext_lazy("Your name"),
        max_length=120,
        error_messages={"required": gettext_lazy("Say who you are, so that somebody can answer you.")},
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    company = forms.CharField(
        label=gettext_lazy("Where you work"),
        max_length=120,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
    )
    address = forms.EmailField(
        label=gettext_lazy("Your e-mail address"),
        max_length=254,
        error_messages={"required": gettext_lazy("An address looks like ana@company.example.")},
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    words = forms.CharField(
        label=gettext_lazy("What you would like to reach"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    consent = forms.BooleanField(
        error_messages={
            "required": gettext_lazy("We may only keep this with your yes. Tick the box, or leave it.")
        }
    )

    def __init__(self, *args: Any, consent: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["consent"].label = consent


type AdvocatesView = Callable[[Any, Advocate, str], HttpResponse]


def by_code(view: AdvocatesView) -> Callable[..., HttpResponse]:
    """Let anybody in by an advocate's code. Whatever leads nowhere gets the same answer."""

    @csrf_exempt
    @wraps(view)
    def inner(request: Any, code: str) -> HttpResponse:
        refuse_other_sites(request)
        found = referring.find(code)
        if found is None:
            return _unknown(request, code)
        organisation, advocate = found
        with (
            tenancy.within(organisation),
            translation.override(organisation.language),
            timezone.override(organisation.tzinfo),
        ):
            return private(view(request, advocate, code))

    return inner


@require_http_methods(["GET", "HEAD", "POST"])
@by_code
def landing(request: Any, advocate: Advocate, code: str) -> HttpResponse:
    """Who recommends us and for what; POST takes what the newcomer writes."""
    consent = _("%(organisation)s may keep what I write here and answer me. Nobody else gets it.") % {
        "organisation": advocate.organisation.name
    }
    form = NewcomerForm(request.POST if request.method == "POST" else None, consent=consent)
    if request.method != "POST":
        return _show(request, advocate, code, form, is_thanked=request.GET.get("sent") == "1")
    limits.take(limits.REFERRAL, address=client_ip(request), account=code, now=request.now)
    if form.is_valid():
        given = form.cleaned_data | {"consent": consent}
        try:
            referring.submit(advocate=advocate, now=request.now, **given)
        except referring.Incomplete as refused:
            form.add_error(refused.field, str(refused))
        except referring.SelfReferral as refused:
            form.add_error("address", str(refused))
        else:
            return redirect(f"{request.path}?sent=1")
    return _show(request, advocate, code, form, status=422)


@require_POST
@by_code
def landing_opening(request: Any, advocate: Advocate, code: str) -> HttpResponse:
    """The page tells that a person opened it; scanners that only fetch it do not."""
    limits.take(limits.OPENING, address=client_ip(request), account=code, now=request.now)
    referring.opened(advocate=advocate, now=request.now)
    return HttpResponse(status=204)


def _show(
    request: Any, advocate: Advocate, code: str, form: NewcomerForm, *, status: int = 200, **said: Any
) -> HttpResponse:
    proof = advocate.achievement
    context = {
        "organisation": advocate.organisation,
        "terms": AskTerms.of(advocate.organisation),
        "advocate": advocate,
        "contact": advocate.contact,
        "milestone": proof.milestone if proof and proof.withdrawn_at is None else None,
        "code": code,
        "form": form,
        **said,
    }
    return render(request, "dashboards/landing.html", context, status=status)


def _unknown(request: HttpRequest, code: str) -> HttpResponse:
    """Where one types a code in; what leads nowhere, or no longer, ends here too."""
    typed = request.GET.get("code", "").strip()
    if code == TYPED and typed and request.method in ("GET", "HEAD") and referring.find(typed):
        return redirect("dashboards:landing", typed.lower())
    is_wrong = bool(typed) or code != TYPED
    context = {"organisation": None, "is_wrong": is_wrong, "typed": typed[:60]}
    return private(render(request, "dashboards/landing_code.html", context, status=404 if is_wrong else 200))
