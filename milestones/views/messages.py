"""What a journey writes by itself: read it, word it, look ahead, switch it on and off."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from milestones import messaging
from milestones.forms.messages import COUNTED, MessageForm
from milestones.messaging import Wording, wordings
from milestones.messaging.wording import EVERY, wording_of
from milestones.models import Enrolment, Journey, Milestone, Occasion
from milestones.models.naming import NAMES
from milestones.outline_rows import outline_of
from milestones.views.journeys import find_journey
from organisations.access import MemberRequest, manager_required, member_required
from ui.addresses import whole_number
from ui.htmx import render_page
from ui.mail import RenderedMail

OFFERED = 50  # customers to look at a message with


@dataclass(frozen=True)
class Line:
    """One occasion on the page: what holds for all milestones, and which have a wording of their own."""

    occasion: Occasion
    wording: Wording
    counted: Any
    own: list[tuple[Milestone, Wording]]


@require_safe
@member_required
def message_list(request: MemberRequest, journey_slug: str) -> HttpResponse:
    """The four occasions, and what would be written in the coming weeks."""
    journey = find_journey(request, journey_slug)
    found, milestones = wordings(journey), _milestones(journey)
    lines = [
        Line(
            occasion,
            found[EVERY, occasion],
            COUNTED[occasion],
            [(each, found[each.key, occasion]) for each in milestones if (each.key, occasion) in found],
        )
        for occasion in Occasion
    ]
    context = {
        "nav": "journeys",
        "journey": journey,
        "lines": lines,
        "milestones": milestones,
        "forecast": messaging.forecast(journey=journey, organisation=request.organisation, now=request.now),
        "is_any_on": any(each.is_on for each in found.values()),
    }
    return render_page(request, "milestones/message_list.html", context)


@require_safe
@member_required
def message_calendar(request: MemberRequest, journey_slug: str) -> HttpResponse:
    """Day by day what would go to whom, and what would wait or be left out and why."""
    journey = find_journey(request, journey_slug)
    ahead = messaging.forecast(journey=journey, organisation=request.organisation, now=request.now)
    context = {"nav": "journeys", "journey": journey, "forecast": ahead, "days": ahead.by_day()}
    return render_page(request, "milestones/message_calendar.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@manager_required
def message_edit(request: MemberRequest, journey_slug: str) -> HttpResponse:
    """Word one message, for one milestone or for all; see it as a customer would, have it sent to oneself."""
    page = _Page.of(request, journey_slug)
    before = wording_of(wordings(page.journey), page.key, page.occasion)
    initial = MessageForm.initial_of(before)
    if request.method != "POST":
        return page.show(MessageForm(occasion=page.occasion, initial=initial), before)
    form = MessageForm(request.POST, occasion=page.occasion, initial=initial)
    if not form.is_valid():
        return page.show(form, before, status=422)
    if "look" in request.POST:
        return page.show(form, form.wording())
    if "try" in request.POST:
        return _try(page, form)
    messaging.keep_message(
        journey=page.journey, milestone_key=page.key, wording=form.wording(), by=request.user, now=request.now
    )
    messages.success(request, _("Kept."))
    return redirect("milestones:message_list", request.organisation.slug, page.journey.slug)


@require_POST
@manager_required
def message_removal(request: MemberRequest, journey_slug: str) -> HttpResponse:
    """Back to what holds for every milestone, or to what ships."""
    page = _Page.of(request, journey_slug)
    own = wordings(page.journey).get((page.key, page.occasion))
    if own and own.own:
        messaging.remove_message(message=own.own, by=request.user, now=request.now)
        messages.success(request, _("Taken out."))
    return redirect("milestones:message_list", request.organisation.slug, page.journey.slug)


@require_POST
@manager_required
def message_start(request: MemberRequest, journey_slug: str) -> HttpResponse:
    journey = find_journey(request, journey_slug)
    try:
        messaging.start(journey=journey, by=request.user, now=request.now)
    except messaging.NothingOn:
        messages.error(request, _("Switch on one of the four first."))
    else:
        messages.success(request, _("“%(name)s” writes from now on.") % {"name": journey.name})
    return redirect("milestones:message_list", request.organisation.slug, journey.slug)


@require_POST
@manager_required
def message_stop(request: MemberRequest, journey_slug: str) -> HttpResponse:
    journey = find_journey(request, journey_slug)
    messaging.stop(journey=journey, by=request.user, now=request.now)
    messages.success(request, _("It writes no more, and what waited in the outbox is stopped."))
    return redirect("milestones:message_list", request.organisation.slug, journey.slug)


@dataclass(frozen=True)
class _Page:
    """One message's page: of which occasion, and of which milestone (none: of all)."""

    request: MemberRequest
    journey: Journey
    occasion: Occasion
    milestone: Milestone | None

    @classmethod
    def of(cls, request: MemberRequest, journey_slug: str) -> "_Page":
        """As the address names it, or the form. Raises Http404 for what there is not."""
        journey = find_journey(request, journey_slug)
        occasion, key = (_given(request).get(name, "") for name in ("occasion", "milestone"))
        if occasion not in Occasion.values:
            raise Http404
        milestone = next((each for each in _milestones(journey) if each.key == key), None)
        if key and milestone is None:
            raise Http404
        return cls(request, journey, Occasion(occasion), milestone)

    @property
    def key(self) -> str:
        return self.milestone.key if self.milestone else EVERY

    def show(self, form: MessageForm, wording: Wording, *, status: int = 200) -> HttpResponse:
        enrolments = self._enrolments()
        chosen = self._chosen(enrolments)
        mail, lacking = self._preview(chosen, wording)
        context = {
            "nav": "journeys",
            "journey": self.journey,
            "occasion": self.occasion,
            "milestone": self.milestone,
            "form": form,
            "names": NAMES.items(),
            "own": wording.own if wording.own and wording.own.milestone_key == self.key else None,
            "enrolments": enrolments,
            "chosen": chosen,
            "mail": mail,
            "lacking": lacking,
        }
        return render_page(self.request, "milestones/message_edit.html", context, status=status)

    def about(self, enrolment: Enrolment) -> Milestone | None:
        """The milestone the message would speak of to this customer."""
        if self.milestone is not None:
            own = enrolment.version.milestones.filter(key=self.milestone.key)
            return own.first()
        return enrolment.current or enrolment.version.milestones.first()

    def chosen_one(self) -> Enrolment | None:
        return self._chosen(self._enrolments())

    def _enrolments(self) -> list[Enrolment]:
        rows = self.journey.enrolments.open().order_by("customer__name", "pk")
        related = ("customer__owner", "current", "version", "journey", "enrolled_by", "organisation")
        return list(rows.select_related(*related)[:OFFERED])

    def _chosen(self, enrolments: list[Enrolment]) -> Enrolment | None:
        pk = whole_number(_given(self.request).get("customer", ""))
        return next((each for each in enrolments if each.pk == pk), enrolments[0] if enrolments else None)

    def _preview(self, chosen: Enrolment | None, wording: Wording) -> tuple[RenderedMail | None, str]:
        milestone = self.about(chosen) if chosen else None
        if chosen is None or milestone is None:
            return None, ""
        try:
            _contact, mail = messaging.preview(
                enrolment=chosen, milestone=milestone, wording=wording, now=self.request.now
            )
        except messaging.Lacking as lacking:
            return None, str(lacking)
        return mail, ""


def _try(page: _Page, form: MessageForm) -> HttpResponse:
    request, wording, chosen = page.request, form.wording(), page.chosen_one()
    milestone = page.about(chosen) if chosen else None
    if chosen is None or milestone is None:
        messages.error(request, _("Nobody is on this journey yet, so there is no customer to try it with."))
        return page.show(form, wording, status=409)
    try:
        messaging.post_trial(
            enrolment=chosen, milestone=milestone, wording=wording, to=request.user, now=request.now
        )
    except messaging.Lacking as lacking:
        messages.error(request, str(lacking))
        return page.show(form, wording, status=409)
    messages.success(request, _("On its way to %(address)s.") % {"address": request.user.email})
    return page.show(form, wording)


def _milestones(journey: Journey) -> list[Milestone]:
    """Those in force; of a journey that was never published, those its draft names."""
    version, draft = journey.current_version(), journey.draft()
    if version:
        return list(version.milestones.order_by("position"))
    named = outline_of(draft).milestones if draft else ()
    return [Milestone(key=one.key, name=one.name) for one in named if one.key]


def _given(request: MemberRequest) -> QueryDict:
    return request.POST if request.method == "POST" else request.GET
