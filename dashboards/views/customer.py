"""A customer: the outcome in their words above everything else, and all that happened below."""

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.timezone import localtime
from django.views.decorators.http import require_safe

from dashboards import timeline
from dashboards.portrait import Portrait, customers_for_page
from milestones.models import Enrolment
from milestones.walking import Step
from organisations.access import MemberRequest, member_required
from ui.htmx import render_page


@require_safe
@member_required
def customer(request: MemberRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(customers_for_page(), pk=pk)
    found.organisation = request.organisation

    def claim_page(enrolment: Enrolment, step: Step) -> str:
        return reverse("milestones:claim", args=[request.organisation.slug, enrolment.pk, step.key])

    show = request.GET.get("show", "")
    portrait = Portrait(
        found,
        organisation=request.organisation,
        now=localtime(request.now),
        show=show if show in timeline.GROUPS else "",
        before=request.GET.get("before", ""),
        href=claim_page if request.membership.can_write else None,
    )
    context = {
        "nav": "customers",
        "customer": found,
        "portrait": portrait,
        "is_demo": settings.DEMO and request.membership.can_write,
    }
    return render_page(request, "dashboards/customer.html", context)
