"""Promises from the sale, for machines: written down, corrected, decided."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy
from rest_framework import serializers

from customers import promising
from customers.models import Contact, Customer, Outcome, Promise
from organisations.access import colleagues
from ui.api.fields import Day, Filters, Ref, Shown, Strict, Text, YesNo, number_of
from ui.api.problems import Refused
from ui.api.resources import Resource, act, takes

LONG = 2000


class PromiseShown(Shown):
    class Meta:
        model = Promise
        fields = (
            "id", "customer", "words", "message", "seller", "member", "said_in", "promised_on", "due_on",
            "state", "outcome", "settled_on", "edition", "recorded_at", "source", "external_id",
        )  # fmt: skip


class PromiseChanged(Strict):
    words = Text(max_length=LONG, required=False, help_text=gettext_lazy("As it was said."))
    message = Text(
        max_length=120,
        required=False,
        allow_blank=True,
        help_text=gettext_lazy("The sales message it belongs to, the same at every customer."),
    )
    seller = Text(max_length=200, required=False, allow_blank=True)
    member = Ref(colleagues, required=False, allow_null=True)
    said_in = Text(max_length=200, required=False, allow_blank=True)
    promised_on = Day(required=False, allow_null=True)
    due_on = Day(required=False, allow_null=True)


class PromiseGiven(PromiseChanged):
    customer = Ref(lambda _house: Customer.objects.select_related("organisation"))
    words = Text(max_length=LONG, help_text=gettext_lazy("As it was said."))


class IntoOutcome(Strict):
    words = Text(max_length=LONG, required=False, allow_blank=True)
    outcome = Ref(lambda _house: Outcome.objects.all(), required=False, allow_null=True)


class Renegotiated(Strict):
    words = Text(max_length=LONG)
    due_on = Day(allow_null=True)
    contact = Ref(lambda _house: Contact.objects.all(), required=False, allow_null=True)
    why = Text(max_length=LONG, required=False, allow_blank=True)


class WhyDeclined(Strict):
    why = Text(max_length=LONG)


class Settled(Strict):
    is_kept = YesNo()
    on = Day(required=False, allow_null=True)
    why = Text(max_length=LONG, required=False, allow_blank=True)


class Reopened(Strict):
    why = Text(max_length=LONG, required=False, allow_blank=True)


class PromiseFilters(Filters):
    customer = number_of("customer_id")
    state = serializers.ChoiceField(Promise.State.choices, required=False)


class Promises(Resource):
    """What a customer was promised before they bought, and what became of it."""

    model, room = Promise, "customers"
    serializer_class = PromiseShown
    filters = PromiseFilters

    def rows(self) -> QuerySet[Promise]:
        return Promise.objects.standing().select_related("customer__organisation")

    @takes(PromiseGiven, status=201)
    def create(self, given: dict[str, Any]) -> Promise:
        """Write one down. It waits for a decision."""
        return self._said(promising.write_down, customer=given.pop("customer"), values=given)

    @takes(PromiseChanged, partial=True)
    def partial_update(self, given: dict[str, Any], promise: Promise) -> Promise:
        """Correct what was written down wrong; how it read before is kept."""
        return self._said(promising.correct, promise=promise, values=given)

    @act("outcome", IntoOutcome)
    def outcome(self, given: dict[str, Any], promise: Promise) -> Promise:
        """It becomes this outcome, or a new draft of one."""
        return self._said(promising.into_outcome, promise=promise, **given)

    @act("renegotiation", Renegotiated)
    def renegotiation(self, given: dict[str, Any], promise: Promise) -> Promise:
        """Other words or another day, agreed with the customer."""
        return self._said(promising.renegotiate, promise=promise, **given)

    @act("decline", WhyDeclined)
    def decline(self, given: dict[str, Any], promise: Promise) -> Promise:
        """We will not do it, and say why."""
        return self._said(promising.decline, promise=promise, **given)

    @act("settlement", Settled)
    def settlement(self, given: dict[str, Any], promise: Promise) -> Promise:
        """It was kept on a day, or was not, and why."""
        return self._said(promising.settle, promise=promise, **({"on": None} | given))

    @act("return", Reopened)
    def comeback(self, given: dict[str, Any], promise: Promise) -> Promise:
        """Whatever was decided is open again."""
        return self._said(promising.reopen, promise=promise, **given)

    def _said(self, verb: Any, **given: Any) -> Promise:
        try:
            row: Promise = verb(**given, **self.actor)
        except promising.Incomplete as refusal:
            raise Refused(refusal, field=refusal.field, status=422) from refusal
        except promising.NotPossible as refusal:
            raise Refused(refusal) from refusal
        return row
