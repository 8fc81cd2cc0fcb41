"""Pages that only these tests serve: the gallery, and forms to try drafts and partials on."""

from django.contrib import messages
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template import engines
from django.urls import include, path

from ui.htmx import refusal
from ui.toasts import toast
from ui.views import gallery, gallery_mail, gallery_sorry

received: list[tuple[str, str]] = []

FORM = """{% extends "base.html" %}{% block title %}Call{% endblock %}{% block main %}
<h1>Call</h1>
<form method="post" action="/sent/" data-draft="call"
  {% if draft_url %}data-draft-url="{{ draft_url }}"{% endif %}>
{% csrf_token %}<label for="note">Note</label>
<textarea class="input" id="note" name="note">{{ note }}</textarea>
<label><input type="checkbox" name="kept" value="1"> Kept</label><button data-save>Save</button></form>
<form method="post" action="/out/" data-sign-out>{% csrf_token %}<button>Leave</button></form>
<button type="button" id="refused" hx-post="/refused/" hx-target="#main">Refused</button>
<button type="button" id="broken" hx-get="/broken/" hx-target="#main">Broken</button>
<a href="/other/" data-shortcut="n">New call</a><a href="/other/" data-go="c">Customers</a>
<input class="input" aria-label="Search" data-shortcut="/">
{% endblock %}"""


class SignedIn(AnonymousUser):
    """Somebody, without a database."""

    pk = 7
    is_authenticated = True  # type: ignore[assignment]
    name = "Mara Lindqvist"


def _page(request: HttpRequest, template: str, **context: object) -> HttpResponse:
    if "out" not in request.GET:
        request.user = SignedIn()
    return HttpResponse(engines["django"].from_string(template).render(context, request))  # type: ignore[attr-defined]


def form(request: HttpRequest) -> HttpResponse:
    if said := request.GET.get("said"):
        toast(request, said, level=messages.ERROR if said == "Refused" else messages.SUCCESS)
    return _page(request, FORM, draft_url=request.GET.get("draft_url", ""), note=request.GET.get("note", ""))


def sent(request: HttpRequest) -> HttpResponse:
    note = request.POST["note"]
    received.append(("sent", note))
    return HttpResponseRedirect(f"/form/?said={note}" if note in ("Done", "Refused") else "/other/")


def draft(request: HttpRequest) -> HttpResponse:
    received.append(("draft", request.POST["note"]))
    return HttpResponse(status=204, headers={"Draft-Url": "/draft/1/"})


def other(request: HttpRequest) -> HttpResponse:
    toast(request, "Call saved.", undo="/undone/")
    return _page(request, '{% extends "base.html" %}{% block main %}<h1>Other</h1>{% endblock %}')


def refused(request: HttpRequest) -> HttpResponse:
    return refusal("Mara has changed it since. Load the page again.")


def broken(request: HttpRequest) -> HttpResponse:
    return HttpResponse("no", status=500)


urlpatterns = [
    path("ui/", gallery),
    path("ui/mail/", gallery_mail),
    path("ui/sorry/", gallery_sorry),
    path("form/", form),
    path("sent/", sent),
    path("draft/", draft),
    path("draft/1/", draft),
    path("other/", other),
    path("out/", other),
    path("refused/", refused),
    path("broken/", broken),
    path("", include("bosai.urls")),
]
handler400 = "ui.views.bad_request"
handler403 = "ui.views.permission_denied"
handler404 = "ui.views.page_not_found"
handler500 = "ui.views.server_error"
