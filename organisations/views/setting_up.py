"""The first run: one page behind the one-time link, which answers only while there is no organisation."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from organisations import founding, limits, signing_in
from organisations.access import client_ip
from organisations.forms import SetupForm


def setup(request: HttpRequest, token: str) -> HttpResponse:
    if request.method == "POST":
        limits.take(limits.LINK, address=client_ip(request), now=request.now)  # type: ignore[attr-defined]
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
        signing_in.enter(request, admin)
        return redirect("organisations:beginning", organisation.slug)
    status = 422 if form.is_bound else 200
    return render(request, "organisations/setup.html", {"form": form}, status=status)
