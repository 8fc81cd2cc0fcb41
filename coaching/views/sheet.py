"""Everything the call form shows around its fields: where they want to go, since last time, what to ask."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import uuid4

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from coaching import inviting, sharing
from coaching.forms import CallForm, CommitmentForm, Fields, People, commitment_rows
from coaching.forms.call import SAID
from coaching.forms.typed import initial_of
from coaching.models import Call, CallDraft, Challenge, Commitment, GuideEdition, Resource, Touchpoint
from coaching.prompts import fitting, guides_for, stage_of
from customers.attainment import Attainment, attainment_of
from customers.models import Contact, Customer, GoalScale
from milestones.models import Enrolment
from milestones.walking import Path, paths_of
from organisations.access import MemberRequest
from ui.stones import Stone

MOST_SINCE, MOST_RESOURCES = 12, 4


@dataclass
class Sheet:
    """One customer's call form before it is dressed: what was there when it opened."""

    request: MemberRequest
    customer: Customer
    call: Call | None
    """The call that is corrected; None while a new one is logged."""
    enrolment: Enrolment | None
    contacts: QuerySet[Contact]
    since: Sequence[Commitment]
    planned: Touchpoint | None = None
    """The call this one probably was."""
    planned_next: Touchpoint | None = None
    """A call on a later day, which this one leaves as it is."""
    challenges: Sequence[Challenge] = ()
    """What stands in their way, with its steps."""
    guides: Sequence[GuideEdition] = ()
    """Those in force, what fits their stage first. Their texts are read when one is asked for."""
    resources: Sequence[Resource] = ()
    """What fits them now and may be sent along."""
    last_words: Call | None = None
    """The call before this one in which words of theirs were kept."""

    @cached_property
    def path(self) -> Path | None:
        if self.enrolment is None:
            return None
        return paths_of([self.enrolment], now=self.request.now)[self.enrolment.pk]

    @cached_property
    def scales(self) -> list[GoalScale]:
        """The levels agreed of what they want to reach, what counts most first."""
        rows = GoalScale.objects.filter(outcome__customer=self.customer, outcome__retired_at=None)
        return list(rows.select_related("outcome").order_by("outcome__position", "outcome"))

    @cached_property
    def attainment(self) -> Attainment | None:
        return attainment_of([self.customer.pk]).get(self.customer.pk) if self.scales else None

    @property
    def hint(self) -> str:
        """What the journey's authors would ask around the milestone they stand before, in Markdown."""
        return self.enrolment.current.coaching if self.enrolment and self.enrolment.current else ""

    @property
    def action(self) -> str:
        slug = self.request.organisation.slug
        if self.call:
            return reverse("coaching:call_edit", args=[slug, self.call.pk])
        return reverse("coaching:call_new", args=[slug, self.customer.pk])

    @property
    def draft_name(self) -> str:
        """What the browser keeps this form under."""
        return f"call-edit-{self.call.pk}" if self.call else f"call-{self.customer.pk}"

    @property
    def back(self) -> str:
        slug = self.request.organisation.slug
        if self.call:
            return reverse("coaching:call", args=[slug, self.call.pk])
        return reverse("dashboards:customer", args=[slug, self.customer.pk])

    @property
    def hold_minutes(self) -> int:
        return inviting.HOLD.seconds // 60

    @property
    def is_claimable(self) -> bool:
        """There is a milestone they are working on, and the form logs a new call."""
        return bool(self.call is None and self.path and self.path.current)

    @property
    def current_stone(self) -> Stone | None:
        return next((stone for stone in self.path.stones if stone.is_current), None) if self.path else None

    @property
    def standing(self) -> str:
        """How far they have come: "3 of 6 milestones. Next: One list. 2 days past target"."""
        if not self.path:
            return ""
        words = _("%(achieved)d of %(all)d milestones") % {
            "achieved": sum(1 for step in self.path.steps if step.achieved_at),
            "all": len(self.path.steps),
        }
        stone = self.current_stone
        if stone is None:
            return words
        return _("%(words)s. Next: %(milestone)s. %(state)s") % {
            "words": words,
            "milestone": stone.name,
            "state": stone.warning or stone.words,
        }

    @cached_property
    def people(self) -> People:
        us = {user.pk: user for user in (self.request.user, self.customer.owner) if user}
        return People(contacts=list(self.contacts), us=list(us.values()))

    def form(self, data: Any = None, fields: Fields | None = None) -> CallForm:
        """The form as it was sent (`data`), as it was typed (`fields`), or fresh."""
        about: dict[str, Any] = {
            "now": self.request.now,
            "customer": self.customer,
            "contacts": self.contacts,
            "challenges": self.challenges,
            "since": self.since,
            "planned": self.planned_next,
            "resources": self.resources,
        }
        if data is not None:
            return CallForm(data, **about)
        return CallForm(initial=self._typed(fields) if fields else self._fresh(), **about)

    def rows(self, data: Any = None, fields: Fields | None = None, more: int = 0) -> list[CommitmentForm]:
        return commitment_rows(self.people, data=data, fields=fields, more=more)

    def _typed(self, fields: Fields) -> dict[str, Any]:
        """A draft may hold less than a form; what a whole form left empty stays empty."""
        was_whole = "held_on" in fields
        return (
            initial_of(fields, lists=("contacts", "invite", "steps_done", "send"))
            if was_whole
            else self._fresh() | initial_of(fields)
        )

    def _fresh(self) -> dict[str, Any]:
        if self.call:
            return said_in(self.call)
        held = held_at(self.planned, self.request.now)
        led_by = fitting(
            self.guides,
            stage=stage_of(self.enrolment),
            kinds=[challenge.kind_id for challenge in self.challenges],
        )
        return {
            "token": uuid4(),
            "guide": led_by.pk if led_by else "",
            "held_on": held.date(),
            "held_time": held.time().replace(second=0, microsecond=0),
            "contacts": [contact.pk for contact in self.contacts if contact.is_primary],
        }


def new_sheet(request: MemberRequest, customer: Customer) -> Sheet:
    """For a call that is logged now."""
    since = Commitment.objects.filter(customer=customer).open().with_owners().soonest_first()
    planned = Touchpoint.objects.planned().filter(customer=customer, owner=request.user).soonest_first()
    today = timezone.localdate(request.now)
    due = [touchpoint for touchpoint in planned if timezone.localdate(touchpoint.due_at) <= today]
    ahead = [touchpoint for touchpoint in planned if touchpoint not in due]
    enrolment = open_enrolment(request, customer)
    challenges = list(Challenge.objects.open().filter(customer=customer).with_steps().newest_first())
    stage, kinds = stage_of(enrolment), [challenge.kind_id for challenge in challenges]
    return Sheet(
        request=request,
        customer=customer,
        call=None,
        enrolment=enrolment,
        contacts=customer.contacts.current(),
        since=list(since[:MOST_SINCE]),
        planned=due[-1] if due else None,
        planned_next=ahead[0] if ahead else None,
        challenges=challenges,
        guides=guides_for(stage, kinds),
        resources=sharing.suggested(sharing.Fit(stage, kinds), customer=customer, most=MOST_RESOURCES),
        last_words=Call.objects.filter(customer=customer).exclude(words="").newest_first().first(),
    )


def edit_sheet(request: MemberRequest, call: Call) -> Sheet:
    """For a call that is corrected. Who was on it stays to choose, even if they have left since."""
    there = Q(left_on=None) | Q(attended__call=call)
    return Sheet(
        request=request,
        customer=call.customer,
        call=call,
        enrolment=open_enrolment(request, call.customer),
        contacts=call.customer.contacts.filter(there).distinct(),
        since=(),
    )


def open_enrolment(request: MemberRequest, customer: Customer) -> Enrolment | None:
    """The journey they are on; the newest when there are several."""
    enrolment = (
        Enrolment.objects.of_customer(customer)
        .open()
        .select_related("current", "journey")
        .order_by("-enrolled_at", "-id")
        .first()
    )
    if enrolment:
        enrolment.organisation = request.organisation
    return enrolment


def held_at(planned: Touchpoint | None, now: datetime) -> datetime:
    """When the call was probably held, in the reader's zone: as planned for today, else now."""
    here = timezone.localtime(now)
    if planned:
        due = timezone.localtime(planned.due_at)
        if due <= here and due.date() == here.date():
            return due
    return here


def said_in(call: Call) -> dict[str, Any]:
    """A stored call as a form's initial values."""
    held = timezone.localtime(call.held_at)
    return {
        "version": call.saved_at.isoformat(),
        "held_on": held.date(),
        "held_time": held.time(),
        "contacts": [contact.pk for contact in call.contacts.all()],
        **{name: getattr(call, name) for name in SAID},
    }


def draft_of(request: MemberRequest, customer: Customer) -> CallDraft | None:
    return CallDraft.objects.filter(customer=customer, by=request.user).first()
