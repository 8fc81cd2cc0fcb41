"""Guides for conversations, for machines: each published edition, and the next one."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy
from rest_framework import serializers

from coaching import guiding
from coaching.models import ChallengeKind, GuideEdition
from milestones.models import Milestone
from ui.api.fields import Filters, Named, Shown, Strict, Text, number_of
from ui.api.problems import Refused
from ui.api.resources import Resource, takes

LONG = 4000
QUESTIONS = gettext_lazy("Questions, one a line.")
MARKDOWN = gettext_lazy("Markdown.")


class GuideShown(Shown):
    stage = serializers.CharField(source="guide.stage", read_only=True)
    kind = serializers.SlugRelatedField(
        slug_field="key",
        read_only=True,
        allow_null=True,
        source="guide.kind",
        help_text=gettext_lazy("The challenge; null: the plain guide of the stage."),
    )

    class Meta:
        model = GuideEdition
        fields = (
            "id", "guide", "stage", "kind", "number", "purpose", "goal", "reality", "options", "will", "cues",
            "good", "avoid", "written_by", "published_at",
        )  # fmt: skip


class GuideGiven(Strict):
    stage = serializers.ChoiceField(Milestone.Stage.choices)
    kind = Named(lambda _house: ChallengeKind.objects.current(), by="key", required=False, allow_null=True)
    purpose = Text(max_length=LONG, help_text=MARKDOWN)
    goal = Text(max_length=LONG, help_text=QUESTIONS)
    reality = Text(max_length=LONG, help_text=QUESTIONS)
    options = Text(max_length=LONG, help_text=QUESTIONS)
    will = Text(max_length=LONG, help_text=QUESTIONS)
    cues = Text(max_length=LONG, help_text=MARKDOWN)
    good = Text(max_length=LONG, help_text=MARKDOWN)
    avoid = Text(max_length=LONG, help_text=MARKDOWN)


class GuideFilters(Filters):
    guide = number_of("guide_id")
    stage = serializers.ChoiceField(Milestone.Stage.choices, required=False, source="guide__stage")
    kind = serializers.SlugField(required=False, source="guide__kind__key")


class Guides(Resource):
    """Published editions of the guides for conversations; the highest number of each guide is in force."""

    model, room = GuideEdition, "coaching"
    writes = "manager"
    serializer_class = GuideShown
    filters = GuideFilters

    def rows(self) -> QuerySet[GuideEdition]:
        return GuideEdition.objects.published().select_related("guide__kind")

    @takes(GuideGiven, status=201)
    def create(self, given: dict[str, Any]) -> GuideEdition:
        """Publish the next edition of the guide of a stage, plain or for one challenge."""
        stage, kind = given.pop("stage"), given.pop("kind", None)
        try:
            return guiding.write(
                organisation=self.organisation, stage=stage, kind=kind, values=given, **self.actor
            )
        except guiding.Unfinished as refusal:
            raise Refused(refusal, field=refusal.missing[0], status=422) from refusal
