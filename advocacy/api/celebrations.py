"""Celebrations for machines: see them waiting, change, approve, stop or send them."""

from typing import Any

from django.db.models import QuerySet
from rest_framework import serializers

from advocacy import celebrating
from advocacy.models import Celebration
from advocacy.tasks import celebrate
from customers.models import Contact
from milestones.models import Achievement
from post.tasks import dispatch
from ui.api.fields import Filters, Ref, Shown, Strict, Text, number_of
from ui.api.problems import refusing
from ui.api.resources import Resource, act, takes
from ui.waking import wake


class CelebrationShown(Shown):
    customer = serializers.IntegerField(source="enrolment.customer_id", read_only=True)
    milestone = serializers.CharField(source="milestone_key", read_only=True)

    class Meta:
        model = Celebration
        fields = (
            "id", "customer", "enrolment", "milestone", "achievement", "state", "state_why", "made_at",
            "due_at", "posted_at", "stopped_at", "stopped_by", "contested_after_at", "fact", "personal_line",
            "signed_by", "guests",
        )  # fmt: skip


class CelebrationGiven(Strict):
    achievement = Ref(lambda _house: Achievement.objects.select_related("organisation"))


class CelebrationChanged(Strict):
    fact = Text(max_length=2000, required=False, allow_blank=True)
    personal_line = Text(max_length=2000, required=False, allow_blank=True)
    guests = Ref(lambda _house: Contact.objects.current(), many=True, required=False)


class StopGiven(Strict):
    why = Text(max_length=200, required=False, allow_blank=True)


class CelebrationFilters(Filters):
    customer = number_of("enrolment__customer_id")
    state = serializers.ChoiceField(Celebration.State.choices, required=False)


CANNOT = (celebrating.CannotChange, celebrating.NotReady)


class Celebrations(Resource):
    """One mail per achievement, for ever."""

    model, room = Celebration, "advocacy"
    serializer_class = CelebrationShown
    filters = CelebrationFilters

    def rows(self) -> QuerySet[Celebration]:
        return Celebration.objects.select_related("organisation", "enrolment").prefetch_related("guests")

    @takes(CelebrationGiven, status=201)
    def create(self, given: dict[str, Any]) -> Celebration:
        """Start one that none began by itself. It waits for its yes; one there is, is given back."""
        with refusing(*CANNOT):
            return celebrating.celebrate(**given, **self.actor)

    @takes(CelebrationChanged, partial=True)
    def partial_update(self, given: dict[str, Any], row: Celebration) -> Celebration:
        """Change the fact, the personal line, who it goes to; until it has left."""
        kept = {"fact": row.fact, "personal_line": row.personal_line, "guests": list(row.guests.all())}
        with refusing(*CANNOT):
            return celebrating.edit(celebration=row, **kept | given, **self.actor)

    @act("approval")
    def approval(self, given: dict[str, Any], row: Celebration) -> Celebration:
        """A person's yes: it goes out once its hold has passed."""
        with refusing(*CANNOT):
            approved = celebrating.approve(celebration=row, **self.actor)
        wake(celebrate, organisation_id=self.organisation.pk)
        return approved

    @act("stop", StopGiven)
    def stop(self, given: dict[str, Any], row: Celebration) -> Celebration:
        """No mail for this one."""
        with refusing(*CANNOT):
            return celebrating.stop(celebration=row, **given, **self.actor)

    @act("return")
    def comeback(self, given: dict[str, Any], row: Celebration) -> Celebration:
        """A stopped one waits for a yes again."""
        with refusing(*CANNOT):
            return celebrating.bring_back(celebration=row, **self.actor)

    @act("sending")
    def sending(self, given: dict[str, Any], row: Celebration) -> Celebration:
        """Put it in the post without waiting for its hold."""
        with refusing(*CANNOT):
            sent = celebrating.send_now(celebration=row, **self.actor)
        wake(dispatch)
        return sent
