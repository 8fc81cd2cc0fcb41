"""Who works here, and the log of everything, for machines."""

from django.db.models import QuerySet
from rest_framework import serializers

from organisations.models import Event, Membership, Role
from ui.api.fields import Filters, Shown, number_of
from ui.api.resources import Resource


class MemberShown(Shown):
    name = serializers.CharField(source="user.name", read_only=True)
    email = serializers.EmailField(source="user.email", read_only=True)

    class Meta:
        model = Membership
        fields = ("id", "user", "name", "email", "role", "joined_at", "ended_at")


class MemberFilters(Filters):
    email = serializers.EmailField(required=False, source="user__email__iexact")
    role = serializers.ChoiceField(Role.choices, required=False)
    is_here = serializers.BooleanField(required=False, source="ended_at__isnull")


class Members(Resource):
    """Who works here, or did. `user` is the id that owners go by."""

    model, room = Membership, "organisations"
    reads = Role.ADMIN
    serializer_class = MemberShown
    filters = MemberFilters

    def rows(self) -> QuerySet[Membership]:
        return Membership.objects.filter(organisation=self.organisation).select_related("user")


class EventShown(Shown):
    customer = serializers.IntegerField(source="customer_id", read_only=True, allow_null=True)

    class Meta:
        model = Event
        fields = (
            "id", "at", "recorded_at", "actor", "verb", "subject_type", "subject_id", "customer", "data",
        )  # fmt: skip


class EventFilters(Filters):
    customer = number_of("customer_id")
    verb = serializers.SlugField(required=False, max_length=40)
    since = serializers.DateTimeField(required=False, source="at__gte")
    until = serializers.DateTimeField(required=False, source="at__lt")


class Events(Resource):
    """The append-only log. Ask with the last id you have as `after` for what happened since."""

    model, room = Event, "organisations"
    reads = Role.ADMIN
    serializer_class = EventShown
    filters = EventFilters
