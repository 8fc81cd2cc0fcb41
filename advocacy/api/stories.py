"""Stories and answers to celebrations for machines: read them, begin a story. Only people ask and publish."""

from typing import Any

from django.db.models import QuerySet
from rest_framework import serializers

from advocacy import storytelling
from advocacy.models import CelebrationReply, Story
from milestones.models import Achievement
from ui.api.fields import Filters, Ref, Shown, Strict, number_of
from ui.api.problems import refusing
from ui.api.resources import Resource, takes


class StoryShown(Shown):
    class Meta:
        model = Story
        fields = (
            "id", "customer", "achievement", "state", "slug", "edition", "title", "about", "background",
            "approach", "result", "learning", "quote", "quote_by", "quote_from", "incentive", "made_at",
            "made_by", "published_at", "down_at",
        )  # fmt: skip


class StoryGiven(Strict):
    achievement = Ref(lambda _house: Achievement.objects.select_related("organisation"))


class StoryFilters(Filters):
    customer = number_of("customer_id")
    state = serializers.ChoiceField(Story.State.choices, required=False)


class Stories(Resource):
    """Success stories, drafts and published ones: what they say now, not what somebody has agreed to."""

    model, room = Story, "advocacy"
    serializer_class = StoryShown
    filters = StoryFilters

    def rows(self) -> QuerySet[Story]:
        return Story.objects.all()

    @takes(StoryGiven, status=201)
    def create(self, given: dict[str, Any]) -> Story:
        """Begin the story of an achievement, filled with what is known; one there is, is given back."""
        with refusing(storytelling.NotPossible):
            return storytelling.draft(**given, **self.actor)


class CelebrationReplyShown(Shown):
    class Meta:
        model = CelebrationReply
        fields = (
            "id", "celebration", "contact", "words", "may_tell", "replied_at", "shared_at",
            "seen_at", "seen_by",
        )  # fmt: skip


class CelebrationReplyFilters(Filters):
    customer = number_of("celebration__enrolment__customer_id")


class CelebrationReplies(Resource):
    """What people said back to a celebration, and whether they passed its card on."""

    model, room = CelebrationReply, "advocacy"
    serializer_class = CelebrationReplyShown
    filters = CelebrationReplyFilters

    def rows(self) -> QuerySet[CelebrationReply]:
        return CelebrationReply.objects.all()
