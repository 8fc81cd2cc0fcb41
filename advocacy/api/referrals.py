"""Referrals for a CRM: read who came, say what became of them."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy
from rest_framework import serializers

from advocacy import referring
from advocacy.models import Referral
from customers.models import Customer
from ui.api.fields import Filters, Ref, Shown, Strict, Text, Whole, number_of
from ui.api.problems import Refused, refusing
from ui.api.resources import Resource, act


class ReferralShown(Shown):
    contact = serializers.IntegerField(
        source="advocate.contact_id", read_only=True, allow_null=True, default=None
    )
    milestone = serializers.CharField(
        source="achievement.milestone_key", read_only=True, allow_null=True, default=None
    )

    class Meta:
        model = Referral
        fields = (
            "id", "state", "known_as", "advocate", "contact", "achievement", "milestone", "name", "company",
            "address", "words", "submitted_at", "qualified_at", "qualified_by", "closed_at", "closed_by",
            "closed_why", "amount_e4", "currency", "customer", "reward", "forgotten_at",
        )  # fmt: skip


class WinGiven(Strict):
    amount_e4 = Whole(
        min_value=0,
        max_value=10**15,
        required=False,
        allow_null=True,
        help_text=gettext_lazy("In ten-thousandths of the currency’s unit."),
    )
    currency = Text(max_length=3, required=False, allow_blank=True)
    customer = Ref(
        lambda _house: Customer.objects.all(),
        required=False,
        allow_null=True,
        help_text=gettext_lazy("Who they became."),
    )


class LossGiven(Strict):
    why = Text(max_length=200, help_text=gettext_lazy("In a few words: the next one learns from it."))


class ReferralFilters(Filters):
    state = serializers.ChoiceField(Referral.State.choices, required=False)
    advocate = number_of("advocate_id")
    customer = number_of("customer_id")


class Referrals(Resource):
    """People who wrote by an address that an advocate passed on."""

    model, room = Referral, "advocacy"
    serializer_class = ReferralShown
    filters = ReferralFilters

    def rows(self) -> QuerySet[Referral]:
        return Referral.objects.select_related("advocate", "achievement", "organisation")

    @act("qualification")
    def qualification(self, given: dict[str, Any], row: Referral) -> Referral:
        """It is real: it counts, and the advocate is thanked by mail."""
        with refusing(referring.NotPossible):
            return referring.qualify(referral=row, **self.actor)

    @act("win", WinGiven)
    def winning(self, given: dict[str, Any], row: Referral) -> Referral:
        """They became a customer. Said again, it is corrected."""
        try:
            with refusing(referring.NotPossible):
                return referring.win(referral=row, **given, **self.actor)
        except referring.Incomplete as refusal:
            field = "amount_e4" if refusal.field == "amount" else refusal.field
            raise Refused(refusal, field=field, status=422) from refusal

    @act("loss", LossGiven)
    def losing(self, given: dict[str, Any], row: Referral) -> Referral:
        """It came to nothing."""
        with refusing(referring.NotPossible):
            return referring.lose(referral=row, **given, **self.actor)
