"""One customer's stories: which there are, what could become one, and a person taken out of all of them."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from advocacy import storytelling
from advocacy.models import Story
from advocacy.storytelling import NotPossible
from customers.models import Contact, Customer
from milestones.models import Achievement
from organisations.access import MemberRequest, csm_required, manager_required, member_required
from ui.addresses import own_page
from ui.htmx import render_page

SHOWN = 50


@require_safe
@member_required
def customer_stories(request: MemberRequest, pk: int) -> HttpResponse:
    """One customer's stories, and what they reached that could become one."""
    customer = get_object_or_404(Customer.objects.select_related("owner"), pk=pk)
    told = Story.objects.filter(customer=customer)
    reached = Achievement.objects.standing().filter(enrolment__customer=customer)
    context = {
        "nav": "advocacy",
        "customer": customer,
        "stories": told.newest_first(),
        "people": Contact.objects.filter(customer=customer).order_by("name", "pk"),
        "reached": reached.exclude(pk__in=told.exclude(achievement=None).values("achievement"))
        .select_related("milestone", "enrolment__journey")
        .order_by("-achieved_at", "-id")[:SHOWN],
    }
    return render_page(request, "advocacy/customer_stories.html", context)


@require_POST
@manager_required
def forgetting(request: MemberRequest, pk: int) -> HttpResponse:
    """A person is to be erased: out of every story and answer."""
    contact = get_object_or_404(Contact.objects.select_related("customer"), pk=pk)
    left = storytelling.forget(contact=contact, by=request.user, now=request.now)
    messages.success(request, _("Their words, answers and consents are gone from stories and celebrations."))
    for row in left:
        messages.warning(
            request,
            _("“%(story)s” still has their name in its text. Take it out there.") % {"story": row.title},
        )
    return redirect("advocacy:customer_stories", request.organisation.slug, contact.customer_id)


@require_POST
@csm_required
def story_new(request: MemberRequest, pk: int) -> HttpResponse:
    """Begin the story of an achievement, filled with what is known; the one there is, is opened."""
    achievement = get_object_or_404(Achievement.objects.select_related("organisation"), pk=pk)
    try:
        row = storytelling.draft(achievement=achievement, by=request.user, now=request.now)
    except NotPossible as refused:
        messages.error(request, str(refused))
        came_from = own_page(request, request.META.get("HTTP_REFERER", ""))
        return (
            redirect(came_from) if came_from else redirect("advocacy:story_list", request.organisation.slug)
        )
    return redirect("advocacy:story", request.organisation.slug, row.pk)
