"""Calls, commitments and planned conversations."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy
from rest_framework import serializers

from coaching import inviting, scheduling
from coaching.models import Call, Commitment, Touchpoint
from customers.models import Contact, Customer
from milestones.models import Enrolment
from organisations.access import colleagues
from ui.api.fields import Day, Filters, Moment, Ref, Shown, Strict, Text, Whole, number_of
from ui.api.problems import Refused, refusing
from ui.api.resources import Resource, act, takes

LONG = 5000
ELSEWHERE = gettext_lazy("A contact or an enrolment of another customer is named.")


class CallShown(Shown):
    class Meta:
        model = Call
        fields = (
            "id", "customer", "enrolment", "by", "held_at", "minutes", "contacts", "goal", "reality",
            "options", "words", "notes", "importance", "confidence", "guide", "saved_at",
        )  # fmt: skip


class CommitmentGiven(Strict):
    will = Text(max_length=300)
    when = Text(max_length=200, required=False, allow_blank=True)
    due_on = Day(required=False, allow_null=True)
    owner_user = Ref(colleagues, required=False, help_text=gettext_lazy("Ours; or"))
    owner_contact = Ref(
        lambda _house: Contact.objects.all(), required=False, help_text=gettext_lazy("theirs. One of them.")
    )

    def validate(self, given: dict[str, Any]) -> dict[str, Any]:
        owners = [given.pop(name) for name in ("owner_user", "owner_contact") if name in given]
        if len(owners) != 1:
            raise serializers.ValidationError(
                {"owner_user": gettext_lazy("Name one owner, a user or a contact.")}
            )
        return given | {"owner": owners[0]}


def long_text() -> Text:
    return Text(max_length=LONG, required=False, allow_blank=True)


class CallGiven(Strict):
    customer = Ref(lambda _house: Customer.objects.all())
    held_at = Moment()
    minutes = Whole(min_value=1, max_value=24 * 60, required=False, allow_null=True)
    enrolment = Ref(lambda _house: Enrolment.objects.all(), required=False, allow_null=True)
    contacts = Ref(lambda _house: Contact.objects.all(), many=True, required=False)
    goal, reality, options, notes = long_text(), long_text(), long_text(), long_text()
    words = Text(
        max_length=LONG,
        required=False,
        allow_blank=True,
        help_text=gettext_lazy("The customer's own words."),
    )
    importance = Whole(
        min_value=0,
        max_value=10,
        required=False,
        allow_null=True,
        help_text=gettext_lazy("How much it matters to them."),
    )
    confidence = Whole(min_value=0, max_value=10, required=False, allow_null=True)
    commitments = serializers.ListField(child=CommitmentGiven(), required=False, max_length=50)
    next_call_at = Moment(required=False, allow_null=True)

    def validate_contacts(self, contacts: list[Contact]) -> list[Contact]:
        return list(dict.fromkeys(contacts))


class OfCustomer(Filters):
    customer = number_of("customer_id")


class CallFilters(OfCustomer):
    by = number_of("by_id")
    since = serializers.DateTimeField(required=False, source="held_at__gte")
    until = serializers.DateTimeField(required=False, source="held_at__lt")


class Calls(Resource):
    """Coaching calls that were held, as GROW."""

    model, room = Call, "coaching"
    serializer_class = CallShown
    filters = CallFilters

    def rows(self) -> QuerySet[Call]:
        return Call.objects.prefetch_related("contacts")

    @takes(CallGiven, status=201)
    def create(self, given: dict[str, Any]) -> Call:
        """Log a call, with what was agreed and when the next one is."""
        promises = [scheduling.NewCommitment(**one) for one in given.pop("commitments", [])]
        with (
            refusing(
                scheduling.CallInFuture,
                words=gettext_lazy("A call is logged after it was held."),
                field="held_at",
                status=422,
            ),
            refusing(
                scheduling.CallInPast,
                words=gettext_lazy("The next call lies ahead."),
                field="next_call_at",
                status=422,
            ),
            refusing(scheduling.NotAtCustomer, words=ELSEWHERE, field="customer", status=422),
        ):
            return scheduling.log_call(
                organisation=self.organisation, commitments=promises, **given, **self.actor
            )


class CommitmentShown(Shown):
    class Meta:
        model = Commitment
        fields = (
            "id", "customer", "call", "owner_user", "owner_contact", "when", "will", "due_on", "made_at",
            "state", "settled_at",
        )  # fmt: skip


class SettlementGiven(Strict):
    state = serializers.ChoiceField(Commitment.State.choices)


class CommitmentFilters(OfCustomer):
    state = serializers.ChoiceField(Commitment.State.choices, required=False)
    owner_user = number_of("owner_user_id")


class Commitments(Resource):
    """If-then plans, ours or theirs, by a date. They are made in a call."""

    model, room = Commitment, "coaching"
    serializer_class = CommitmentShown
    filters = CommitmentFilters

    @act("settlement", SettlementGiven)
    def settlement(self, given: dict[str, Any], commitment: Commitment) -> Commitment:
        """Say how it ended, or open it again."""
        return scheduling.settle(commitment=commitment, **given, **self.actor)


class TouchpointShown(Shown):
    class Meta:
        model = Touchpoint
        fields = ("id", "customer", "owner", "due_at", "minutes", "place", "purpose", "state", "call")


class TouchpointGiven(Strict):
    customer = Ref(lambda _house: Customer.objects.current())
    owner = Ref(
        lambda house: colleagues(house, who_write=True),
        required=False,
        help_text=gettext_lazy("Left out: whom the token acts for."),
    )
    due_at = Moment()
    minutes = Whole(min_value=1, max_value=24 * 60, required=False, allow_null=True)
    place = Text(max_length=300, required=False, allow_blank=True)
    purpose = Text(max_length=200, required=False, allow_blank=True)
    invite = Ref(
        lambda _house: Contact.objects.all(),
        many=True,
        required=False,
        help_text=gettext_lazy("Everybody who is asked to it by mail. Left out: as it is."),
    )


class TouchpointFilters(OfCustomer):
    owner = number_of("owner_id")
    state = serializers.ChoiceField(Touchpoint.State.choices, required=False)


class Touchpoints(Resource):
    """Planned conversations."""

    model, room = Touchpoint, "coaching"
    serializer_class = TouchpointShown
    filters = TouchpointFilters

    @takes(TouchpointGiven, status=201)
    def create(self, given: dict[str, Any]) -> Touchpoint:
        """Plan the owner's next call with a customer. There is one: planning again moves it."""
        given.setdefault("owner", self.actor["by"])
        terms = scheduling.Terms(**{name: given.pop(name, None) for name in ("minutes", "place", "invite")})
        try:
            return scheduling.plan(organisation=self.organisation, terms=terms, **given, **self.actor)
        except inviting.CannotInvite as refusal:
            raise Refused(str(refusal), field="invite", status=422) from refusal
        except scheduling.CallInPast as refusal:
            raise Refused(
                gettext_lazy("A call is planned before it is held."), field="due_at", status=422
            ) from refusal

    @act("skip")
    def skip(self, given: dict[str, Any], touchpoint: Touchpoint) -> Touchpoint:
        """It will not be held; who was invited hears it."""
        return scheduling.skip(touchpoint=touchpoint, **self.actor)
