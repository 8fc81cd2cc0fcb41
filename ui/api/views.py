"""The document of the API, and the page that people read it on. Both are everybody's: they name no rows."""

from functools import cache
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe
from drf_spectacular.generators import SchemaGenerator

from ui.api import problems
from ui.api.reference import chapters

MEDIA_TYPE = "application/vnd.oai.openapi+json;version=3.1"


@cache
def document() -> dict[str, Any]:
    """OpenAPI 3.1, made once: it changes with the code alone."""
    made: dict[str, Any] = SchemaGenerator().get_schema(public=True)
    return made


@require_safe
def schema(request: HttpRequest) -> HttpResponse:
    return JsonResponse(document(), content_type=MEDIA_TYPE, json_dumps_params={"indent": 1})


@require_safe
def reference(request: HttpRequest) -> HttpResponse:
    """Without a script: the document, as a page."""
    return render(
        request, "api/reference.html", {"chapters": chapters(document()), "refusals": problems.KINDS}
    )
