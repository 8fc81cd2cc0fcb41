"""What customers want to reach, for machines. Nobody confirms here: that is the customer's."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy
from rest_framework import serializers

from customers import defining
from customers.models import Contact, Customer, Metric, Outcome
from ui.api.fields import Day, Filters, Named, Number, Ref, Shown, Strict, Text, Whole, number_of
from ui.api.problems import Refused, refusing
from ui.api.resources import Resource, act, takes

LONG = 2000


class OutcomeShown(Shown):
    metric = serializers.SlugRelatedField(slug_field="key", read_only=True, allow_null=True)

    class Meta:
        model = Outcome
        fields = (
            "id", "customer", "position", "words", "contact", "said_by", "said_on", "metric", "baseline",
            "baseline_on", "target", "target_on", "required", "experience", "edition", "created_at",
            "confirmed_at", "confirmed_by", "retired_at", "retired_why",
        )  # fmt: skip


class OutcomeChanged(Strict):
    words = Text(max_length=LONG, required=False, help_text=gettext_lazy("In the customer's own words."))
    contact = Ref(
        lambda _house: Contact.objects.all(),
        required=False,
        allow_null=True,
        help_text=gettext_lazy("Whose words they are."),
    )
    said_by = Text(max_length=200, required=False, allow_blank=True)
    said_on = Day(required=False, allow_null=True)
    metric = Named(lambda _house: Metric.objects.all(), by="key", required=False, allow_null=True)
    baseline = Number(required=False, allow_null=True)
    baseline_on = Day(required=False, allow_null=True)
    target = Number(required=False, allow_null=True)
    target_on = Day(required=False, allow_null=True)
    required = Text(
        max_length=LONG, required=False, allow_blank=True, help_text=gettext_lazy("What must be true.")
    )
    experience = Text(
        max_length=LONG,
        required=False,
        allow_blank=True,
        help_text=gettext_lazy("How they want to get there."),
    )


class OutcomeGiven(OutcomeChanged):
    customer = Ref(lambda _house: Customer.objects.select_related("organisation"))
    words = Text(max_length=LONG, help_text=gettext_lazy("In the customer's own words."))


class PlaceGiven(Strict):
    to = Whole(min_value=1, max_value=1000, help_text=gettext_lazy("1 is what counts most."))


class WhyRetired(Strict):
    why = Text(max_length=200)


class WhomGiven(Strict):
    contact = Ref(lambda _house: Contact.objects.select_related("recipient", "customer__organisation"))


class OutcomeFilters(Filters):
    customer = number_of("customer_id")
    standing = serializers.BooleanField(
        required=False, source="retired_at__isnull", help_text=gettext_lazy("Still wanted.")
    )
    confirmed = serializers.BooleanField(required=False)


class Outcomes(Resource):
    """What a customer wants to reach, in their own words."""

    model, room = Outcome, "customers"
    serializer_class = OutcomeShown
    filters = OutcomeFilters

    def rows(self) -> QuerySet[Outcome]:
        return Outcome.objects.select_related("customer__organisation", "metric")

    def narrow(self, rows: Any, wanted: Any) -> QuerySet[Outcome]:
        wanted = dict(wanted)
        if "confirmed" in wanted:
            wanted["confirmed_at__isnull"] = not wanted.pop("confirmed")
        return super().narrow(rows, wanted)

    @takes(OutcomeGiven, status=201)
    def create(self, given: dict[str, Any]) -> Outcome:
        """Write one down, after those there are."""
        try:
            return defining.add(customer=given.pop("customer"), values=given, **self.actor)
        except defining.Incomplete as refusal:
            raise Refused(refusal, field=refusal.field, status=422) from refusal

    @takes(OutcomeChanged, partial=True)
    def partial_update(self, given: dict[str, Any], outcome: Outcome) -> Outcome:
        """Change some fields, as the next edition. Another meaning is no longer confirmed."""
        try:
            return defining.edit(outcome=outcome, values=given, **self.actor)
        except defining.Incomplete as refusal:
            raise Refused(refusal, field=refusal.field, status=422) from refusal
        except defining.NotPossible as refusal:
            raise Refused(refusal) from refusal

    @act("place", PlaceGiven)
    def place(self, given: dict[str, Any], outcome: Outcome) -> Outcome:
        """To another place among those of the customer that stand."""
        with refusing(defining.NotPossible):
            defining.move(outcome=outcome, **given, **self.actor)
        return outcome

    @act("retirement", WhyRetired)
    def retirement(self, given: dict[str, Any], outcome: Outcome) -> Outcome:
        """Reached, replaced or no longer wanted. It is kept."""
        with refusing(defining.NotPossible, field="why", status=422):
            return defining.retire(outcome=outcome, **given, **self.actor)

    @act("return")
    def comeback(self, given: dict[str, Any], outcome: Outcome) -> Outcome:
        """Wanted again."""
        return defining.restore(outcome=outcome, **self.actor)

    @act("question", WhomGiven)
    def question(self, given: dict[str, Any], outcome: Outcome) -> Outcome:
        """Ask somebody there by mail whether it is right, or ask again."""
        with refusing(defining.NotPossible):
            defining.ask(outcome=outcome, **given, **self.actor)
        return outcome
