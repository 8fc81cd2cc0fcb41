"""Customers, the people there, segments, metrics and readings for machines. Readings come in at `milestones`,
which judges them."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework import serializers

from customers import defining, keeping
from customers.models import USE_CASE_LENGTH, Contact, Customer, Metric, Reading, Segment
from organisations.access import colleagues
from post.models import Recipient
from ui.api.fields import Day, Filters, Named, Number, Ref, Shown, Strict, Text, YesNo, number_of
from ui.api.problems import Refused, refusing
from ui.api.resources import Resource, act, takes
from ui.zones import zone_names

KEY_TAKEN = gettext_lazy("Another customer has this key. Choose another, or leave it out.")
ADDRESS_TAKEN = gettext_lazy("Somebody else at this customer has this address.")


class CustomerShown(Shown):
    segment = serializers.SlugRelatedField(slug_field="name", read_only=True, allow_null=True)
    outcome = serializers.CharField(
        source="first_outcome.words",
        read_only=True,
        default="",
        help_text=gettext_lazy("What counts most; all of them are under outcomes/."),
    )
    outcome_by = serializers.CharField(source="first_outcome.whose", read_only=True, default="")
    outcome_on = serializers.DateField(
        source="first_outcome.said_on", read_only=True, allow_null=True, default=None
    )
    outcome_metric = serializers.CharField(
        source="first_outcome.metric.key", read_only=True, allow_null=True, default=None
    )
    outcome_baseline = serializers.FloatField(
        source="first_outcome.baseline", read_only=True, allow_null=True, default=None
    )
    outcome_target = serializers.FloatField(
        source="first_outcome.target", read_only=True, allow_null=True, default=None
    )

    class Meta:
        model = Customer
        fields = (
            "id", "key", "name", "about", "segment", "use_case", "owner", "outcome", "outcome_by",
            "outcome_on", "outcome_metric", "outcome_baseline", "outcome_target", "fields", "created_at",
            "left_on", "left_why", "archived_at",
        )  # fmt: skip


class CustomerGiven(Strict):
    name = Text(max_length=200)
    key = Text(max_length=120, required=False, help_text=gettext_lazy("Made from the name when left out."))
    about = Text(max_length=200, required=False, allow_blank=True)
    segment = Text(
        max_length=80,
        required=False,
        allow_blank=True,
        help_text=gettext_lazy("Its name; a new one is made."),
    )
    use_case = Text(max_length=USE_CASE_LENGTH, required=False, allow_blank=True)
    owner = Ref(lambda house: colleagues(house, who_write=True), required=False, allow_null=True)
    outcome = Text(max_length=2000, required=False, allow_blank=True)
    outcome_by = Text(max_length=200, required=False, allow_blank=True)
    outcome_on = Day(required=False, allow_null=True)
    outcome_metric = Named(lambda _house: Metric.objects.all(), by="key", required=False, allow_null=True)
    outcome_baseline = Number(required=False, allow_null=True)
    outcome_target = Number(required=False, allow_null=True)


@contextmanager
def _named() -> Iterator[None]:
    """A refusal about the outcome, under the name it has here."""
    try:
        yield
    except defining.Incomplete as refusal:
        named = {field: name for name, field in keeping.FIRST_OUTCOME.items()}
        raise Refused(refusal, field=named.get(refusal.field, "outcome"), status=422) from refusal


class CustomerFilters(Filters):
    key = serializers.CharField(required=False, max_length=120, allow_blank=True)
    owner = number_of("owner_id")
    segment = serializers.CharField(
        required=False, max_length=80, allow_blank=True, source="segment__name__iexact"
    )
    use_case = serializers.CharField(
        required=False, max_length=USE_CASE_LENGTH, allow_blank=True, source="use_case__iexact"
    )
    current = serializers.BooleanField(required=False, help_text=gettext_lazy("Neither left nor archived."))
    q = serializers.CharField(
        required=False,
        allow_blank=True,
        max_length=200,
        help_text=gettext_lazy("In their name, their key or the people there."),
    )


class Customers(Resource):
    """Companies you serve."""

    model, room = Customer, "customers"
    serializer_class = CustomerShown
    filters = CustomerFilters

    def rows(self) -> QuerySet[Customer]:
        return Customer.objects.select_related("organisation", "segment").with_outcomes()

    def narrow(self, rows: Any, wanted: Any) -> QuerySet[Customer]:
        wanted = dict(wanted)
        current, text = wanted.pop("current", None), wanted.pop("q", "")
        rows = rows.matching(text) if text else rows
        if current is not None:
            rows = rows.current() if current else rows.exclude(left_on=None, archived_at=None)
        return super().narrow(rows, wanted)

    @takes(CustomerGiven, status=201)
    def create(self, given: dict[str, Any]) -> Customer:
        """Write a customer down."""
        with _named(), refusing(keeping.KeyTaken, words=KEY_TAKEN, field="key"):
            return keeping.add_customer(organisation=self.organisation, values=given, **self.actor)

    @takes(CustomerGiven, partial=True)
    def partial_update(self, given: dict[str, Any], customer: Customer) -> Customer:
        """Change some fields. Imports keep what is set here."""
        with _named(), refusing(keeping.KeyTaken, words=KEY_TAKEN, field="key"):
            return keeping.edit_customer(customer=customer, values=given, **self.actor)

    @act("archive")
    def archive(self, given: dict[str, Any], customer: Customer) -> Customer:
        """Out of the lists; everything is kept."""
        keeping.archive(customer=customer, **self.actor)
        return customer

    @act("restoration")
    def restoration(self, given: dict[str, Any], customer: Customer) -> Customer:
        """Back into the lists."""
        keeping.restore(customer=customer, **self.actor)
        return customer

    @act("comeback")
    def comeback(self, given: dict[str, Any], customer: Customer) -> Customer:
        """Who left is back; enrolments that ended stay ended."""
        keeping.take_back(customer=customer, **self.actor)
        return customer


class ContactShown(Shown):
    role = serializers.ChoiceField([("", ""), *Contact.Role.choices], read_only=True)
    address = serializers.EmailField(read_only=True, allow_blank=True)
    language = serializers.CharField(source="recipient.language", read_only=True, default="")
    zone = serializers.CharField(source="recipient.zone", read_only=True, default="")
    wish = serializers.ChoiceField(
        Recipient.Wish.choices, source="recipient.wish", read_only=True, default=Recipient.Wish.ALL
    )

    class Meta:
        model = Contact
        fields = (
            "id", "customer", "key", "name", "title", "role", "address", "phone", "is_primary",
            "celebrate_with", "language", "zone", "wish", "left_on",
        )  # fmt: skip


class ContactChanged(Strict):
    name = Text(max_length=200, required=False)
    title = Text(max_length=120, required=False, allow_blank=True)
    role = serializers.ChoiceField([("", ""), *Contact.Role.choices], required=False)
    address = serializers.EmailField(max_length=254, required=False, allow_blank=True)
    phone = Text(max_length=50, required=False, allow_blank=True)
    is_primary = YesNo(required=False)
    celebrate_with = YesNo(required=False)
    language = serializers.ChoiceField(["", "en"], required=False, help_text=gettext_lazy("Empty: ours."))
    zone = Text(max_length=64, required=False, allow_blank=True)
    wish = serializers.ChoiceField(Recipient.Wish.choices, required=False)

    def validate_zone(self, zone: str) -> str:
        if zone and zone not in zone_names():
            raise serializers.ValidationError(_("There is no such time zone. One like Europe/Amsterdam."))
        return zone


class ContactGiven(ContactChanged):
    customer = Ref(lambda _house: Customer.objects.select_related("organisation"))
    name = Text(max_length=200)


class ContactFilters(Filters):
    customer = number_of("customer_id")
    address = serializers.EmailField(required=False, source="recipient__address__iexact")


class Contacts(Resource):
    """People at a customer."""

    model, room = Contact, "customers"
    serializer_class = ContactShown
    filters = ContactFilters

    def rows(self) -> QuerySet[Contact]:
        return Contact.objects.select_related("recipient", "customer__organisation")

    @takes(ContactGiven, status=201)
    def create(self, given: dict[str, Any]) -> Contact:
        """Write a person down."""
        with (
            refusing(keeping.Erased, field="address"),
            refusing(keeping.AddressTaken, words=ADDRESS_TAKEN, field="address"),
        ):
            return keeping.add_contact(customer=given.pop("customer"), values=given, **self.actor)

    @takes(ContactChanged, partial=True)
    def partial_update(self, given: dict[str, Any], contact: Contact) -> Contact:
        """Change some fields. Language, zone and wish belong to their address."""
        with (
            refusing(keeping.Erased, field="address"),
            refusing(keeping.AddressTaken, words=ADDRESS_TAKEN, field="address"),
        ):
            return keeping.edit_contact(contact=contact, values=given, **self.actor)

    @act("return")
    def comeback(self, given: dict[str, Any], contact: Contact) -> Contact:
        """Who left works there again."""
        with refusing(keeping.Erased):
            keeping.contact_returned(contact=contact, **self.actor)
        return contact


class SegmentShown(Shown):
    class Meta:
        model = Segment
        fields = ("id", "slug", "name")


class SegmentFilters(Filters):
    slug = serializers.SlugField(required=False)


class Segments(Resource):
    """Named groups of customers. One is made by naming it at a customer."""

    model, room = Segment, "customers"
    serializer_class = SegmentShown
    filters = SegmentFilters


class MetricShown(Shown):
    class Meta:
        model = Metric
        fields = ("id", "key", "name", "unit", "lower_is_better")


class MetricFilters(Filters):
    key = serializers.SlugField(required=False)


class Metrics(Resource):
    """What is measured. Journeys and imports make them."""

    model, room = Metric, "customers"
    serializer_class = MetricShown
    filters = MetricFilters


class ReadingShown(Shown):
    metric = serializers.SlugRelatedField(slug_field="key", read_only=True)

    class Meta:
        model = Reading
        fields = (
            "id", "customer", "metric", "at", "recorded_at", "value", "source", "external_id", "is_standing",
        )  # fmt: skip


class ReadingFilters(Filters):
    customer = number_of("customer_id")
    metric = serializers.SlugField(required=False, source="metric__key")
    is_standing = serializers.BooleanField(
        required=False, help_text=gettext_lazy("Neither corrected nor taken back.")
    )
    since = serializers.DateTimeField(required=False, source="at__gte")
    until = serializers.DateTimeField(required=False, source="at__lt")


class Readings(Resource):
    """One value of one metric at one customer at one time."""

    model, room = Reading, "customers"
    serializer_class = ReadingShown
    filters = ReadingFilters

    def rows(self) -> QuerySet[Reading]:
        return Reading.objects.select_related("metric")
