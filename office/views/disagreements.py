"""Where a file contradicts what is stored: both sides, line by line."""

from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from office import importing
from office.models import Import
from organisations.access import MemberRequest, manager_required
from ui.htmx import render_page
from ui.spreadsheets import csv_response


@require_safe
@manager_required
def import_disagreements(request: MemberRequest, pk: int) -> HttpResponseBase:
    """The first of them; all of them as CSV."""
    import_ = get_object_or_404(Import.objects, pk=pk)
    today = localdate(request.now, request.organisation.tzinfo)
    found = importing.Disagreements(request.organisation, import_, today=today)
    if request.GET.get("format") == "csv":
        header = [_("Line"), _("Their id"), _("Customer"), _("The file says"), _("Here stands")]
        rows = (
            [each.line, each.customer.key, each.customer.name, each.says, each.against]
            for each in found.every()
        )
        return csv_response(f"disagreements-{import_.file_name}", header, rows)
    context = {"nav": "imports", "import": import_, "disagreements": found}
    return render_page(request, "office/import_disagreements.html", context)
