"""Claims, questions to customers, and their answers."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy
from rest_framework import serializers

from customers.models import Contact
from milestones import verifying
from milestones.models import Ask, Claim, Enrolment, Milestone, Verdict
from ui.api.fields import Filters, Moment, Number, Ref, Shown, Strict, Text, YesNo, number_of
from ui.api.problems import Refused, refusing
from ui.api.resources import Resource, act, takes

SAID_AS = {"reached_on": "reached_at"}  # how a refusal of the verb names a field


def milestone_of(enrolment: Enrolment, key: str) -> Milestone:
    found = Milestone.objects.filter(version=enrolment.version_id, key=key).first()
    if found is None:
        words = gettext_lazy("This enrolment has no such milestone. Its journey lists their keys.")
        raise Refused(words, field="milestone", status=422)
    return found


class AboutMilestone(Strict):
    enrolment = Ref(lambda _house: Enrolment.objects.select_related("organisation", "customer"))
    milestone = Text(max_length=60, help_text=gettext_lazy("Its key."))


class OfEnrolment(Filters):
    customer = number_of("enrolment__customer_id")
    enrolment = number_of("enrolment_id")


class ClaimShown(Shown):
    milestone = serializers.CharField(source="milestone_key", read_only=True)
    number = serializers.FloatField(source="evidence_number", read_only=True, allow_null=True)
    words = serializers.CharField(source="evidence_words", read_only=True)
    link = serializers.CharField(source="evidence_link", read_only=True)

    class Meta:
        model = Claim
        fields = (
            "id", "enrolment", "milestone", "statement", "reached_at", "claimed_at", "claimed_by", "number",
            "words", "link", "named_contact", "withdrawn_at", "withdrawn_why",
        )  # fmt: skip


class ClaimGiven(AboutMilestone):
    statement = Text(max_length=2000, help_text=gettext_lazy("What is so now, as one specific fact."))
    reached_at = Moment()
    number = Number(required=False, allow_null=True)
    words = Text(max_length=2000, required=False, allow_blank=True)
    link = serializers.URLField(max_length=500, required=False, allow_blank=True)
    named_contact = Ref(lambda _house: Contact.objects.current(), required=False, allow_null=True)
    asked = Ref(
        lambda _house: Contact.objects.current().select_related("recipient"),
        many=True,
        required=False,
        help_text=gettext_lazy("Left out: the named contact, else the primary one. []: nobody."),
    )


class WhyGiven(Strict):
    why = Text(max_length=200)


class Claims(Resource):
    """What a CSM says is reached, with evidence."""

    model, room = Claim, "milestones"
    serializer_class = ClaimShown
    filters = OfEnrolment

    def rows(self) -> QuerySet[Claim]:
        return Claim.objects.select_related("enrolment")

    @takes(ClaimGiven, status=201)
    def create(self, given: dict[str, Any]) -> Claim:
        """Claim a milestone. The customer is asked by mail."""
        given["milestone"] = milestone_of(given["enrolment"], given["milestone"])
        try:
            return verifying.claim(**given, **self.actor)
        except verifying.ClaimIncomplete as refusal:
            field = SAID_AS.get(refusal.field, refusal.field)
            raise Refused(refusal, field=field, status=422) from refusal
        except verifying.NotPossible as refusal:
            raise Refused(refusal) from refusal

    @act("withdrawal", WhyGiven)
    def withdrawal(self, given: dict[str, Any], claim: Claim) -> Claim:
        """Take it back. With the last one go the questions about it."""
        with refusing(verifying.NotPossible, field="why", status=422):
            return verifying.withdraw_claim(claim=claim, **given, **self.actor)


class QuestionShown(Shown):
    milestone = serializers.SlugRelatedField(slug_field="key", read_only=True)

    class Meta:
        model = Ask
        fields = ("id", "enrolment", "milestone", "contact", "asked_at", "asked_by", "closed_at")


class QuestionGiven(AboutMilestone):
    contact = Ref(lambda _house: Contact.objects.select_related("recipient"))


class QuestionFilters(OfEnrolment):
    contact = number_of("contact_id")
    is_open = serializers.BooleanField(required=False, source="closed_at__isnull")


class Questions(Resource):
    """“Is it so?”, asked of one contact by mail."""

    model, room = Ask, "milestones"
    serializer_class = QuestionShown
    filters = QuestionFilters

    def rows(self) -> QuerySet[Ask]:
        return Ask.objects.select_related("milestone")

    @takes(QuestionGiven, status=201)
    def create(self, given: dict[str, Any]) -> Ask:
        """Ask somebody, or ask again."""
        given["milestone"] = milestone_of(given["enrolment"], given["milestone"])
        with refusing(verifying.NotPossible):
            return verifying.ask(**given, **self.actor)


class VerdictShown(Shown):
    milestone = serializers.CharField(source="milestone_key", read_only=True)

    class Meta:
        model = Verdict
        fields = (
            "id", "enrolment", "milestone", "ask", "contact", "kind", "words", "at", "is_demo",
            "withdrawn_at", "settled_at", "answer", "answered_at", "answered_by",
        )  # fmt: skip


class AnswerGiven(Strict):
    answer = Text(max_length=2000, help_text=gettext_lazy("It goes to the customer as it stands."))
    ask_again = YesNo(required=False, default=True)
    contact = Ref(
        lambda _house: Contact.objects.current().select_related("recipient"), required=False, allow_null=True
    )


class VerdictFilters(OfEnrolment):
    kind = serializers.ChoiceField(Verdict.Kind.choices, required=False)


class Verdicts(Resource):
    """Customers' own answers. Only they give them."""

    model, room = Verdict, "milestones"
    serializer_class = VerdictShown
    filters = VerdictFilters

    def rows(self) -> QuerySet[Verdict]:
        return Verdict.objects.select_related("enrolment", "milestone", "contact__recipient")

    @act("answer", AnswerGiven)
    def answer(self, given: dict[str, Any], verdict: Verdict) -> Verdict:
        """Answer a contest, by default with a fresh question."""
        with refusing(verifying.NotPossible):
            return verifying.answer_contest(verdict=verdict, **given, **self.actor)
