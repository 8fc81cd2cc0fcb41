"""How celebrating goes, for whoever manages: in time, answered, passed on, and what was missed."""

from django.http import HttpResponse
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from dashboards.figures.celebrated import DEFINITIONS, celebrated
from organisations.access import MemberRequest, member_required
from ui.htmx import render_page

PERIODS = (30, 90, 365)
TERMS = {
    "reached": gettext_lazy("Reached"),
    "in_time": gettext_lazy("Celebrated within 3 working days"),
    "replied": gettext_lazy("Answered"),
    "shared": gettext_lazy("Passed on"),
    "interval": gettext_lazy("Interval"),
}


@require_safe
@member_required
def celebrations(request: MemberRequest) -> HttpResponse:
    given = request.GET.get("days", "")
    days = next((each for each in PERIODS if str(each) == given), 90)
    context = {
        "nav": "advocacy",
        "found": celebrated(days=days, now=request.now),
        "days": days,
        "periods": PERIODS,
        "definitions": {name: str(words) for name, words in DEFINITIONS.items()},
        "terms": [(str(words), DEFINITIONS[name]) for name, words in TERMS.items()],
    }
    return render_page(request, "dashboards/celebrated.html", context)
