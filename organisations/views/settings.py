"""How the organisation presents itself; and its colour, for every page that wears it."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import condition, require_safe

from organisations import factors, governing
from organisations.access import MemberRequest, admin_required
from organisations.forms import SettingsForm
from organisations.models import Organisation
from ui.colours import FALLBACK, is_colour
from ui.htmx import render_page


@admin_required
def settings(request: MemberRequest) -> HttpResponse:
    organisation = request.organisation
    form = SettingsForm(
        request.POST or None,
        initial=SettingsForm.initial_of(organisation),
        has_second_factor=factors.has_second(request.user),
    )
    if form.is_valid():
        governing.save_settings(
            organisation=organisation, values=form.values, by=request.user, now=request.now
        )
        messages.success(request, _("Saved."))
        return redirect("organisations:settings", organisation.slug)
    status = 422 if form.is_bound else 200
    return render_page(request, "organisations/settings.html", {"form": form}, status=status)


@admin_required
def beginning(request: MemberRequest) -> HttpResponse:
    """After the first run: the ways to begin."""
    return render_page(request, "organisations/beginning.html")


def _accent(slug: str) -> str:
    """The accent of this organisation; our own for one that is not there, so that asking tells nothing."""
    accent = Organisation.objects.filter(slug=slug).values_list("accent", flat=True).first() or ""
    return accent if is_colour(accent) else FALLBACK


@require_safe
@condition(etag_func=lambda request, slug: f'"{_accent(slug)}"')
def theme(request: HttpRequest, slug: str) -> HttpResponse:
    """One line of CSS, for members and customers alike: the pages correct its contrast themselves."""
    css = f":root, [data-accent] {{ --accent: {_accent(slug)}; }}\n"
    return HttpResponse(css, content_type="text/css", headers={"Cache-Control": "public, no-cache"})
