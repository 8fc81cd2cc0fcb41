"""The public page of a story and its card: no sign-in, no cookie, gone the moment nobody agrees any more."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone, translation
from django.views.decorators.http import require_safe

from advocacy.storytelling import showing
from advocacy.storytelling.showing import Gone, Shown
from organisations import tenancy
from organisations.models import Organisation

KEPT_FOR = 30
"""Seconds that anybody between us and a reader may keep it: after a withdrawal it is gone within a minute."""

type Drawing = Callable[[Any, Organisation, Shown, str], HttpResponse]


def _public(view: Drawing) -> Callable[..., HttpResponse]:
    """Found by its address, within its organisation; 410 when it was public and is not any more."""

    @require_safe
    @wraps(view)
    def inner(request: Any, organisation: str, story: str) -> HttpResponse:
        house = get_object_or_404(Organisation, slug=organisation)
        with (
            tenancy.within(house),
            translation.override(house.language),
            timezone.override(house.tzinfo),
        ):
            try:
                found = showing.public(organisation=house, slug=story, now=request.now)
            except Gone:
                response = render(request, "advocacy/public_gone.html", {"organisation": house}, status=410)
                response["Cache-Control"] = "no-store"
                return response
            if found is None:
                raise Http404
            path = reverse("advocacy:public_story", args=[house.slug, story])
            response = view(request, house, found, f"{settings.BOSAI_URL}{path}")
        response["Cache-Control"] = f"public, max-age={KEPT_FOR}"
        return response

    return inner


@_public
def public_story(request: Any, organisation: Organisation, story: Shown, url: str) -> HttpResponse:
    return render(
        request, "advocacy/public_story.html", {"organisation": organisation, "story": story, "url": url}
    )


@_public
def public_card(request: Any, organisation: Organisation, story: Shown, url: str) -> HttpResponse:
    """A picture of it to put elsewhere: an SVG, as light as text."""
    context = {"organisation": organisation, "story": story, "title": _lines(story.title, 26, 3)}
    return render(request, "advocacy/public_card.svg", context, content_type="image/svg+xml")


def _lines(text: str, width: int, most: int) -> list[str]:
    """Words broken into lines of about so many letters; what does not fit ends in dots."""
    lines = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".strip()
        if len(longer) <= width or not lines[-1]:
            lines[-1] = longer
        else:
            lines.append(word)
    shown = lines[:most]
    if len(lines) > most:
        shown[-1] += " …"
    return shown
