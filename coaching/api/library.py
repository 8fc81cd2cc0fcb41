"""The library, for machines: what is on the shelf, the next edition of it, and to whom it went."""

from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery
from django.utils.translation import gettext_lazy
from rest_framework import serializers

from coaching import sharing, shelving
from coaching.models import ChallengeKind, Resource, ResourceEdition, Sending
from customers.models import Contact
from milestones.models import Milestone
from organisations.access import colleagues
from ui.api.fields import Filters, Named, Ref, Shown, Strict, Text, number_of
from ui.api.problems import Refused, refusing
from ui.api.resources import Resource as Noun
from ui.api.resources import act, takes

LONG = 20_000
WRITTEN = [choice for choice in Resource.Type.choices if choice[0] != Resource.Type.FILE]


class ResourceShown(Shown):
    number = serializers.IntegerField(
        read_only=True, allow_null=True, help_text=gettext_lazy("Of the edition in force; null: a draft.")
    )
    summary = serializers.CharField(read_only=True, allow_null=True)
    body = serializers.CharField(read_only=True, allow_null=True)
    url = serializers.CharField(read_only=True, allow_null=True)
    stages = serializers.ListField(
        child=serializers.CharField(), read_only=True, help_text=gettext_lazy("None: every stage.")
    )
    kinds = serializers.SerializerMethodField(help_text=gettext_lazy("Keys of challenges it helps against."))

    def get_kinds(self, row: Resource) -> list[str]:
        return [kind.key for kind in row.kinds]

    class Meta:
        model = Resource
        fields = (
            "id", "key", "type", "title", "number", "summary", "body", "url", "stages", "kinds", "owner",
            "reviewed_at", "reviewed_by", "created_at", "retired_at",
        )  # fmt: skip


class EditionGiven(Strict):
    title = Text(max_length=160, required=False)
    summary = Text(max_length=300, required=False)
    body = Text(max_length=LONG, required=False, allow_blank=True, help_text=gettext_lazy("Markdown."))
    url = serializers.URLField(max_length=500, required=False, allow_blank=True)
    stages = serializers.ListField(
        child=serializers.ChoiceField(Milestone.Stage.choices), required=False, max_length=4
    )
    kinds = Named(
        lambda _house: ChallengeKind.objects.current(),
        by="key",
        many=True,
        required=False,
        help_text=gettext_lazy("Keys of the catalogue of challenges."),
    )
    owner = Ref(lambda house: colleagues(house, who_write=True), required=False, allow_null=True)


class ResourceGiven(EditionGiven):
    type = serializers.ChoiceField(WRITTEN, help_text=gettext_lazy("Files are added on the page."))
    title = Text(max_length=160)
    summary = Text(max_length=300)


class ResourceFilters(Filters):
    type = serializers.ChoiceField(Resource.Type.choices, required=False)
    stage = serializers.ChoiceField(Milestone.Stage.choices, required=False, source="tags__stage")
    kind = serializers.SlugField(required=False, source="tags__kind__key")
    current = serializers.BooleanField(
        required=False, source="retired_at__isnull", help_text=gettext_lazy("Not taken off the shelf.")
    )


class Resources(Noun):
    """The library. What is sent is the edition in force; each publishing makes the next."""

    model, room = Resource, "coaching"
    serializer_class = ResourceShown
    filters = ResourceFilters

    def rows(self) -> QuerySet[Resource]:
        now = ResourceEdition.objects.published().filter(resource=OuterRef("pk")).order_by("-number")
        said = {name: Subquery(now.values(name)[:1]) for name in ("number", "summary", "body", "url")}
        rows: QuerySet[Resource] = Resource.objects.select_related("organisation").with_places()
        return rows.annotate(**said)

    @takes(ResourceGiven, status=201)
    def create(self, given: dict[str, Any]) -> Resource:
        """Write one and publish it."""
        return self._write(None, given.pop("type"), given)

    @act("edition", EditionGiven)
    def edition(self, given: dict[str, Any], resource: Resource) -> Resource:
        """Publish the next edition. What is left out stays as it is."""
        return self._write(resource, resource.type, given)

    @act("review")
    def review(self, given: dict[str, Any], resource: Resource) -> Resource:
        """Looked through, and right as it is."""
        with refusing(shelving.NotPossible):
            shelving.review(resource=resource, **self.actor)
        return resource

    @act("retirement")
    def retirement(self, given: dict[str, Any], resource: Resource) -> Resource:
        """Off the shelf; whoever was sent it still sees it."""
        shelving.retire(resource=resource, **self.actor)
        return resource

    @act("return")
    def comeback(self, given: dict[str, Any], resource: Resource) -> Resource:
        """On the shelf again."""
        shelving.bring_back(resource=resource, **self.actor)
        return resource

    def _write(self, resource: Resource | None, type: str, given: dict[str, Any]) -> Resource:
        place = {name: given.pop(name) for name in ("stages", "kinds", "owner") if name in given}
        stands = self._place(resource) | place
        try:
            edition = shelving.write(
                organisation=self.organisation,
                resource=resource,
                type=type,
                values=given,
                at=shelving.Place(**stands) if place or resource is None else None,
                **self.actor,
            )
        except shelving.Unfinished as refusal:
            raise Refused(refusal, field=next(iter(refusal.missing)), status=422) from refusal
        except shelving.NotPossible as refusal:
            raise Refused(refusal) from refusal
        found: Resource = edition.resource
        return found

    def _place(self, resource: Resource | None) -> dict[str, Any]:
        if resource is None:
            return {"owner": self.actor["by"]}
        return {"stages": resource.stages, "kinds": resource.kinds, "owner": resource.owner}


class SendingShown(Shown):
    number = serializers.IntegerField(source="edition.number", read_only=True)

    class Meta:
        model = Sending
        fields = (
            "id", "resource", "number", "customer", "contact", "call", "words", "sent_at", "sent_by",
            "delivery", "opened_at", "has_helped", "judged_at",
        )  # fmt: skip


class SendingGiven(Strict):
    resource = Ref(lambda _house: Resource.objects.current())
    contact = Ref(lambda _house: Contact.objects.current())
    words = Text(max_length=1000, required=False, allow_blank=True)


class SendingFilters(Filters):
    customer = number_of("customer_id")
    resource = number_of("resource_id")
    call = number_of("call_id")


class Sendings(Noun):
    """Which resource went to whom, whether it was opened, and whether they say that it helped."""

    model, room = Sending, "coaching"
    serializer_class = SendingShown
    filters = SendingFilters

    def rows(self) -> QuerySet[Sending]:
        return Sending.objects.select_related("edition")

    @takes(SendingGiven, status=201)
    def create(self, given: dict[str, Any]) -> Sending:
        """Send the edition in force to one person, by the outbox. Each edition goes to a person once."""
        with refusing(sharing.NotPossible):
            return sharing.send(**given, **self.actor)
