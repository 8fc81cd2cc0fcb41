"""The outbox for machines: every mail, its state, and what a person decides. Links stand as placeholders."""

from typing import Any

from django.db.models import QuerySet
from rest_framework import serializers

from post import settling, tasks
from post.models import Delivery
from post.settling import Decision
from ui.api.fields import Filters, Shown, number_of
from ui.api.problems import refusing
from ui.api.resources import Resource, act
from ui.waking import wake


class DeliveryShown(Shown):
    customer = serializers.IntegerField(source="customer_id", read_only=True, allow_null=True)

    class Meta:
        model = Delivery
        fields = (
            "id", "purpose", "customer", "address", "state", "reason", "created_at", "due_at", "sent_at",
            "attempts", "from_name", "reply_to", "message_id", "subject", "text",
        )  # fmt: skip


class DeliveryFilters(Filters):
    customer = number_of("customer_id")
    state = serializers.ChoiceField(Delivery.State.choices, required=False)
    purpose = serializers.ChoiceField(Delivery.Purpose.choices, required=False)
    address = serializers.EmailField(required=False, source="address__iexact")


class Deliveries(Resource):
    """Mails, each with what became of it. A link stands as its placeholder, such as [confirm link]."""

    model, room = Delivery, "post"
    serializer_class = DeliveryShown
    filters = DeliveryFilters

    def rows(self) -> QuerySet[Delivery]:
        return Delivery.objects.select_related("organisation")

    @act("arrival")
    def arrival(self, given: dict[str, Any], row: Delivery) -> Delivery:
        """Somebody knows that an uncertain mail arrived."""
        return self._settle(row, settling.it_arrived)

    @act("resending")
    def resending(self, given: dict[str, Any], row: Delivery) -> Delivery:
        """Send an uncertain or refused mail once more."""
        return self._settle(row, settling.send_again)

    @act("next-try")
    def next_try(self, given: dict[str, Any], row: Delivery) -> Delivery:
        """Do not wait for the next try."""
        return self._settle(row, settling.try_now)

    @act("stop")
    def stop(self, given: dict[str, Any], row: Delivery) -> Delivery:
        """Keep a waiting mail from leaving."""
        return self._settle(row, settling.stop)

    def _settle(self, row: Delivery, decide: Decision) -> Delivery:
        with refusing(settling.CannotSettleError):
            settled = decide(delivery=row, **self.actor)
        wake(tasks.dispatch)
        return settled
