"""What stands in customers' ways, for machines: the catalogue, what is open, and the steps."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy
from rest_framework import serializers

from coaching import challenging
from coaching.models import Challenge, ChallengeKind, ChallengeStep
from customers.models import Customer
from organisations.access import colleagues
from ui.api.fields import Filters, Named, Ref, Shown, Strict, Text, Whole, number_of
from ui.api.problems import Refused, refusing
from ui.api.resources import Resource, act, takes

LONG = 4000


class ChallengeKindShown(Shown):
    class Meta:
        model = ChallengeKind
        fields = (
            "id", "key", "name", "signs", "questions", "steps", "lead", "escalate", "created_at", "saved_at",
            "retired_at",
        )  # fmt: skip


class KindStepGiven(Strict):
    words = Text(max_length=300)
    days = Whole(
        min_value=0,
        max_value=365,
        required=False,
        allow_null=True,
        default=None,
        help_text=gettext_lazy("Due so many days after it is opened."),
    )


def lines(words: Any) -> Text:
    return Text(max_length=LONG, required=False, allow_blank=True, help_text=words)


class ChallengeKindChanged(Strict):
    name = Text(max_length=120, required=False)
    signs = lines(gettext_lazy("One a line."))
    questions = lines(gettext_lazy("One a line."))
    steps = serializers.ListField(child=KindStepGiven(), required=False, min_length=1, max_length=12)
    lead = serializers.ChoiceField(ChallengeKind.Lead.choices, required=False)
    escalate = lines(gettext_lazy("When others are called in, and who."))

    def validate_steps(self, steps: list[dict[str, Any]]) -> list[dict[str, Any]]:
        return [{"words": step["words"], "days": step.get("days")} for step in steps]


class ChallengeKindGiven(ChallengeKindChanged):
    name = Text(max_length=120)
    steps = serializers.ListField(child=KindStepGiven(), min_length=1, max_length=12)


class ChallengeKindFilters(Filters):
    current = serializers.BooleanField(
        required=False, source="retired_at__isnull", help_text=gettext_lazy("In the catalogue now.")
    )


class ChallengeKinds(Resource):
    """The catalogue of challenges."""

    model, room = ChallengeKind, "coaching"
    writes = "manager"
    serializer_class = ChallengeKindShown
    filters = ChallengeKindFilters

    def rows(self) -> QuerySet[ChallengeKind]:
        return ChallengeKind.objects.select_related("organisation")

    @takes(ChallengeKindGiven, status=201)
    def create(self, given: dict[str, Any]) -> ChallengeKind:
        """One more in the catalogue."""
        try:
            return challenging.add_kind(organisation=self.organisation, values=given, **self.actor)
        except challenging.Incomplete as refusal:
            raise Refused(refusal, field=refusal.field, status=422) from refusal

    @takes(ChallengeKindChanged, partial=True)
    def partial_update(self, given: dict[str, Any], kind: ChallengeKind) -> ChallengeKind:
        """Change some fields. What is open at customers keeps the steps it has."""
        try:
            return challenging.edit_kind(kind=kind, values=given, **self.actor)
        except challenging.Incomplete as refusal:
            raise Refused(refusal, field=refusal.field, status=422) from refusal
        except challenging.NotPossible as refusal:
            raise Refused(refusal) from refusal

    @act("retirement")
    def retirement(self, given: dict[str, Any], kind: ChallengeKind) -> ChallengeKind:
        """Out of the catalogue; where it is open, it goes on."""
        return challenging.retire_kind(kind=kind, **self.actor)

    @act("return")
    def comeback(self, given: dict[str, Any], kind: ChallengeKind) -> ChallengeKind:
        """Back in the catalogue."""
        with refusing(challenging.NotPossible):
            return challenging.return_kind(kind=kind, **self.actor)


class ChallengeShown(Shown):
    kind = serializers.SlugRelatedField(slug_field="key", read_only=True)

    class Meta:
        model = Challenge
        fields = (
            "id", "customer", "kind", "call", "words", "owner", "opened_at", "opened_by", "state",
            "closed_at", "closed_by", "closed_why",
        )  # fmt: skip


class ChallengeGiven(Strict):
    customer = Ref(lambda _house: Customer.objects.current())
    kind = Named(
        lambda _house: ChallengeKind.objects.current(),
        by="key",
        help_text=gettext_lazy("Of the catalogue, by its key."),
    )
    words = Text(max_length=LONG, required=False, allow_blank=True)
    owner = Ref(
        lambda house: colleagues(house, who_write=True),
        required=False,
        help_text=gettext_lazy("Who leads it. Left out: the customer’s CSM, else whom the token acts for."),
    )


class Ending(Strict):
    why = Text(max_length=1000, help_text=gettext_lazy("In a sentence: the next one learns from it."))


class ChallengeFilters(Filters):
    customer = number_of("customer_id")
    owner = number_of("owner_id")
    state = serializers.ChoiceField(Challenge.State.choices, required=False)
    kind = serializers.SlugField(required=False, source="kind__key")


class Challenges(Resource):
    """What stands or stood in customers' ways. Opened, they bring the catalogue's steps."""

    model, room = Challenge, "coaching"
    serializer_class = ChallengeShown
    filters = ChallengeFilters

    def rows(self) -> QuerySet[Challenge]:
        return Challenge.objects.select_related("kind", "customer")

    @takes(ChallengeGiven, status=201)
    def create(self, given: dict[str, Any]) -> Challenge:
        """Open one at a customer. One of a kind is open there at a time."""
        with refusing(challenging.NotPossible):
            return challenging.open_challenge(**given, **self.actor)

    @act("resolution", Ending)
    def resolution(self, given: dict[str, Any], challenge: Challenge) -> Challenge:
        """It stands in the way no more."""
        with refusing(challenging.NotPossible):
            return challenging.resolve(challenge=challenge, **given, **self.actor)

    @act("giving-up", Ending)
    def giving_up(self, given: dict[str, Any], challenge: Challenge) -> Challenge:
        """Nobody works on it any more."""
        with refusing(challenging.NotPossible):
            return challenging.give_up(challenge=challenge, **given, **self.actor)

    @act("return")
    def comeback(self, given: dict[str, Any], challenge: Challenge) -> Challenge:
        """It is there again."""
        with refusing(challenging.NotPossible):
            return challenging.reopen(challenge=challenge, **self.actor)


class ChallengeStepShown(Shown):
    class Meta:
        model = ChallengeStep
        fields = ("id", "challenge", "position", "words", "due_on", "done_at", "done_by")


class ChallengeStepFilters(Filters):
    challenge = number_of("challenge_id")
    customer = number_of("challenge__customer_id")
    open = serializers.BooleanField(
        required=False, source="done_at__isnull", help_text=gettext_lazy("Not done yet.")
    )


class ChallengeSteps(Resource):
    """The steps against each challenge."""

    model, room = ChallengeStep, "coaching"
    serializer_class = ChallengeStepShown
    filters = ChallengeStepFilters

    def rows(self) -> QuerySet[ChallengeStep]:
        return ChallengeStep.objects.select_related("challenge__customer")

    @act("tick")
    def tick(self, given: dict[str, Any], step: ChallengeStep) -> ChallengeStep:
        """It is done."""
        with refusing(challenging.NotPossible):
            return challenging.tick(step=step, **self.actor)

    @act("untick")
    def untick(self, given: dict[str, Any], step: ChallengeStep) -> ChallengeStep:
        """It is not done after all."""
        with refusing(challenging.NotPossible):
            return challenging.untick(step=step, **self.actor)
