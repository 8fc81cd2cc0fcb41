"""Everything of the organisation as one file, for its admins."""

from django.http import HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_http_methods

from office import exporting
from organisations.access import MemberRequest, admin_required
from ui.htmx import render_page


@require_http_methods(["GET", "HEAD", "POST"])
@admin_required
def export(request: MemberRequest) -> HttpResponseBase:
    """What it holds; a POST writes down who took it, and sends it."""
    if request.method != "POST":
        return _shown(request)
    organisation = request.organisation
    organisation.log("exported", by=request.user, now=request.now)
    response = StreamingHttpResponse(
        exporting.export(organisation, now=request.now), content_type="application/zip"
    )
    name = f"bosai-{organisation.slug}-{request.now:%Y-%m-%d}.zip"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _shown(request: MemberRequest) -> HttpResponse:
    context = {"nav": "export", "tables": exporting.TABLES}
    return render_page(request, "office/export.html", context)
