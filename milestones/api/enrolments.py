"""Journeys, who is on them, and what they reached."""

from typing import Any

from django.db.models import Prefetch, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework import serializers

from customers.models import Customer
from milestones import assigning, enrolling, moving, pausing
from milestones.models import Achievement, Criterion, Enrolment, Journey, JourneyVersion, Milestone
from ui.api.fields import Day, Filters, Named, Ref, Shown, Strict, Text, Whole, YesNo, number_of
from ui.api.problems import Refused, refusing
from ui.api.resources import Resource, act, takes


class CriterionShown(Shown):
    metric = serializers.SlugRelatedField(slug_field="key", read_only=True, allow_null=True)
    sentence = serializers.CharField(read_only=True, help_text=gettext_lazy("As people read it."))

    class Meta:
        model = Criterion
        fields = (
            "position", "kind", "metric", "operator", "threshold", "way", "days", "holds_days", "answers",
            "scale_low", "scale_high", "urgency", "sentence",
        )  # fmt: skip


class MilestoneShown(Shown):
    criteria = CriterionShown(many=True, read_only=True)

    class Meta:
        model = Milestone
        fields = (
            "key", "position", "name", "meaning", "stage", "target_days", "celebrate", "hold_hours", "join",
            "needed", "criteria",
        )  # fmt: skip


class VersionShown(Shown):
    milestones = MilestoneShown(many=True, read_only=True)
    base_version = serializers.SlugRelatedField(
        slug_field="number",
        read_only=True,
        allow_null=True,
        help_text=gettext_lazy("Of a variant: the version of its base it was made from."),
    )

    class Meta:
        model = JourneyVersion
        fields = ("number", "published_at", "base_version", "milestones")


class JourneyShown(Shown):
    versions = VersionShown(source="published_versions", many=True, read_only=True)
    base = serializers.SlugRelatedField(
        slug_field="slug",
        read_only=True,
        allow_null=True,
        help_text=gettext_lazy("The journey it is a variant of."),
    )
    for_segment = serializers.SlugRelatedField(slug_field="name", read_only=True, allow_null=True)

    class Meta:
        model = Journey
        fields = ("id", "slug", "name", "purpose", "base", "for_segment", "for_use_case", "versions")


class JourneyFilters(Filters):
    slug = serializers.SlugField(required=False)


class Journeys(Resource):
    """Paths of 5 to 7 milestones, in their published versions."""

    model, room = Journey, "milestones"
    serializer_class = JourneyShown
    filters = JourneyFilters

    def rows(self) -> QuerySet[Journey]:
        published = JourneyVersion.objects.exclude(published_at=None).order_by("number")
        published = published.prefetch_related("milestones__criteria__metric")
        published = published.select_related("base_version")
        return Journey.objects.select_related("base", "for_segment").prefetch_related(
            Prefetch("versions", queryset=published, to_attr="published_versions")
        )


class EnrolmentShown(Shown):
    journey = serializers.SlugRelatedField(slug_field="slug", read_only=True)
    version = serializers.SlugRelatedField(slug_field="number", read_only=True)
    current = serializers.SlugRelatedField(slug_field="key", read_only=True, allow_null=True)

    class Meta:
        model = Enrolment
        fields = (
            "id", "customer", "journey", "version", "started_on", "enrolled_at", "enrolled_by", "ended_at",
            "ended_why", "is_judged", "current", "due_on", "achieved_count", "moved_at",
        )  # fmt: skip


class EnrolmentGiven(Strict):
    customer = Ref(lambda _house: Customer.objects.current())
    journey = Named(lambda _house: Journey.objects.all(), by="slug")
    started_on = Day(required=False, allow_null=True)
    fitting = YesNo(
        required=False,
        default=False,
        help_text=gettext_lazy("On the variant of that journey, or its base, that fits them."),
    )
    history = YesNo(
        required=False,
        default=False,
        help_text=gettext_lazy("What they have reached by now is counted, and not celebrated by itself."),
    )


class StartGiven(Strict):
    started_on = Day(allow_null=True)


class EndGiven(Strict):
    why = Text(max_length=enrolling.WHY_LENGTH)
    keep_judging = YesNo(
        required=False,
        default=True,
        help_text=gettext_lazy("Else it never was theirs, and what they reached on it is withdrawn."),
    )


class PauseGiven(Strict):
    starts_on = Day(help_text=gettext_lazy("The first day on which its clock stands."))
    resumes_on = Day(
        required=False,
        allow_null=True,
        default=None,
        help_text=gettext_lazy("The day on which it runs again by itself; none: until somebody says so."),
    )
    why = Text(max_length=pausing.WHY_LENGTH)


class ResumptionGiven(Strict):
    on = Day(help_text=gettext_lazy("The day on which its clock runs again; it stands until then."))


class VersionGiven(Strict):
    number = Whole(min_value=1, max_value=2**31 - 1, help_text=gettext_lazy("A published version."))
    journey = Named(
        lambda _house: Journey.objects.all(),
        by="slug",
        required=False,
        help_text=gettext_lazy("Its base, or a variant; left out: its own."),
    )
    history = YesNo(
        required=False,
        default=True,
        help_text=gettext_lazy("What newly counts is not celebrated by itself."),
    )


class EnrolmentFilters(Filters):
    customer = number_of("customer_id")
    journey = serializers.SlugField(required=False, source="journey__slug")
    is_open = serializers.BooleanField(required=False, source="ended_at__isnull")


NOT_OPEN = gettext_lazy("They are off this journey already.")


class Enrolments(Resource):
    """Customers on journeys."""

    model, room = Enrolment, "milestones"
    serializer_class = EnrolmentShown
    filters = EnrolmentFilters

    def rows(self) -> QuerySet[Enrolment]:
        return Enrolment.objects.select_related("organisation", "journey", "version", "current")

    @takes(EnrolmentGiven, status=201)
    def create(self, given: dict[str, Any]) -> Enrolment:
        """Set a customer out on the version in force."""
        unpublished = gettext_lazy("This journey has no published version. Publish it first.")
        given = {"started_on": None, **given}
        customer, is_fitting = given.pop("customer"), given.pop("fitting")
        with refusing(enrolling.NotPublished, words=unpublished, field="journey"):
            if is_fitting:
                return self._fitting(customer, **given)
            made = enrolling.enrol(
                organisation=self.organisation, customers=[customer], **given, **self.actor
            )
        if not made:
            raise Refused(gettext_lazy("They are on this journey already."), field="customer")
        return made[0]

    def _fitting(self, customer: Customer, *, journey: Journey, started_on: Any, history: bool) -> Enrolment:
        assigned = assigning.enrol_fitting(
            organisation=self.organisation,
            journey=journey,
            starts={customer.pk: started_on},
            history=history,
            **self.actor,
        )
        if assigned.enrolments:
            return assigned.enrolments[0]
        for tie in assigned.plan.ties:
            names = ", ".join(f"“{one.slug}”" for one in tie.variants)
            words = _("%(names)s fit them equally well. Name one of these, and leave out fitting.")
            raise Refused(words % {"names": names}, field="fitting")
        raise Refused(_("They are on this journey, its base or a variant already."), field="customer")

    @takes(StartGiven, partial=True)
    def partial_update(self, given: dict[str, Any], enrolment: Enrolment) -> Enrolment:
        """Give it another start: only what came since then counts."""
        with refusing(enrolling.NotOpen, words=NOT_OPEN):
            given = {"started_on": enrolment.started_on} | given
            return enrolling.change_start(enrolment=enrolment, **given, **self.actor)

    @act("end", EndGiven)
    def end(self, given: dict[str, Any], enrolment: Enrolment) -> Enrolment:
        """Take the customer off the journey."""
        with refusing(enrolling.NotOpen, words=NOT_OPEN):
            return enrolling.end(enrolment=enrolment, **given, **self.actor)

    @act("pause", PauseGiven)
    def pause(self, given: dict[str, Any], enrolment: Enrolment) -> Enrolment:
        """Stop its clock: target dates move by the days it stands."""
        after = gettext_lazy("It goes on after it stopped.")
        overlap = gettext_lazy(
            "Its clock stands on these days already, or the journey had not begun or is over. Its pauses say."
        )
        with (
            refusing(pausing.WrongDays, words=after, field="resumes_on", status=422),
            refusing(pausing.CannotPause, words=overlap, field="starts_on"),
        ):
            pausing.pause(enrolment=enrolment, **given, **self.actor)
        return enrolment

    @act("resumption", ResumptionGiven)
    def resumption(self, given: dict[str, Any], enrolment: Enrolment) -> Enrolment:
        """Let its clock run again."""
        with refusing(pausing.NotPaused, words=gettext_lazy("Its clock runs on that day already.")):
            pausing.resume(enrolment=enrolment, **given, **self.actor)
        return enrolment

    @act("version", VersionGiven)
    def version(self, given: dict[str, Any], enrolment: Enrolment) -> Enrolment:
        """Move it to another published version of its journey, base or variant, and judge it by that."""
        journey = given.get("journey") or enrolment.journey
        versions = journey.versions.exclude(published_at=None).select_related("journey")
        version = versions.filter(number=given["number"]).first()
        if version is None:
            words = gettext_lazy("The journey has no such published version.")
            raise Refused(words, field="number", status=422)
        moved = moving.move(
            organisation=self.organisation,
            enrolment_ids=[enrolment.pk],
            version=version,
            history=given["history"],
            **self.actor,
        )
        if not moved:
            stays = gettext_lazy(
                "It is on this version already, has ended or is judged no more; or that journey is neither "
                "its base nor a variant, or they are on it as well."
            )
            raise Refused(stays)
        return moved[0]


class AchievementShown(Shown):
    customer = serializers.IntegerField(source="enrolment.customer_id", read_only=True)
    milestone = serializers.CharField(source="milestone_key", read_only=True)

    class Meta:
        model = Achievement
        fields = (
            "id", "customer", "enrolment", "milestone", "achieved_at", "recorded_at", "days", "is_history",
            "verified_at", "withdrawn_at", "withdrawn_why",
        )  # fmt: skip


class AchievementFilters(Filters):
    customer = number_of("enrolment__customer_id")
    enrolment = number_of("enrolment_id")
    milestone = serializers.SlugField(required=False, source="milestone_key")
    is_standing = serializers.BooleanField(required=False, source="withdrawn_at__isnull")


class Achievements(Resource):
    """Milestones reached, dated by their evidence."""

    model, room = Achievement, "milestones"
    serializer_class = AchievementShown
    filters = AchievementFilters

    def rows(self) -> QuerySet[Achievement]:
        return Achievement.objects.select_related("enrolment")
