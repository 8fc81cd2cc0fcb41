"""When the clocks of enrolments stand. A pause is made and ended at its enrolment."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy
from rest_framework import serializers

from milestones import pausing
from milestones.models import Pause
from ui.api.fields import Filters, Shown, number_of
from ui.api.problems import refusing
from ui.api.resources import Resource, act


class PauseShown(Shown):
    customer = serializers.IntegerField(source="enrolment.customer_id", read_only=True)

    class Meta:
        model = Pause
        fields = (
            "id", "customer", "enrolment", "starts_on", "resumes_on", "why", "paused_at", "paused_by",
            "resumed_at", "resumed_by", "withdrawn_at", "withdrawn_by",
        )  # fmt: skip


class PauseFilters(Filters):
    customer = number_of("enrolment__customer_id")
    enrolment = number_of("enrolment_id")
    is_standing = serializers.BooleanField(required=False, source="withdrawn_at__isnull")


class Pauses(Resource):
    """Days on which the clock of an enrolment stands: a holiday, a project on hold."""

    model, room = Pause, "milestones"
    serializer_class = PauseShown
    filters = PauseFilters

    def rows(self) -> QuerySet[Pause]:
        return Pause.objects.select_related("enrolment")

    @act("withdrawal")
    def withdrawal(self, given: dict[str, Any], pause: Pause) -> Pause:
        """Take it back: it never was."""
        with refusing(pausing.NotPaused, words=gettext_lazy("It is taken back already.")):
            pausing.take_back(pause=pause, **self.actor)
        return pause
