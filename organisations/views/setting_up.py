"""The first run: one page behind the one-time link, which answers only while there is no organisation."""

from django.contrib.auth import login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from organisations import founding
from organisations.forms import SetupForm

BACKEND = "organisations.signing_in.MemberBackend"


def setup(request: HttpRequest, token: str) -> HttpResponse:
    if not founding.answers_to(token):
        raise Http404
    form = SetupForm(request.POST or None, initial={"zone": "UTC"})
    if form.is_valid():
        now = request.now  # type: ignore[attr-defined]
        try:
            with founding.first_run(token):
                organisation, admin = founding.found(founding.Plan(**form.cleaned_data), now=now)
        except founding.LinkGone as gone:
            raise Http404 from gone
        login(request, admin, backend=BACKEND)
        return redirect("organisations:beginning", organisation.slug)
    status = 422 if form.is_bound else 200
    return render(request, "organisations/setup.html", {"form": form}, status=status)
