"""Journeys as they are designed: versions of 5 to 7 milestones, each with its criteria."""

from datetime import datetime

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Count, Exists, F, IntegerField, OuterRef, Q, Subquery
from django.utils.translation import gettext_lazy as _

from customers.models import USE_CASE_LENGTH, Metric, Segment
from milestones.models.wholeness import whole_criterion
from milestones.models.wording import Kind, Operator, Said, Way, join_sentence, number_words
from organisations.models import Event
from organisations.tenancy import TenantManager, TenantModel

FEWEST, MOST = 5, 7


class JourneyQuerySet(models.QuerySet["Journey"]):
    def published(self) -> "JourneyQuerySet":
        in_force = JourneyVersion.objects.filter(journey=OuterRef("pk"), published_at__isnull=False)
        return self.filter(Exists(in_force))

    def for_list(self) -> "JourneyQuerySet":
        """With what a list says of each: customers on it, newest published version, its size, the draft."""
        published = JourneyVersion.objects.filter(journey=OuterRef("pk")).exclude(published_at=None)
        newest = published.order_by("-number")
        draft = JourneyVersion.objects.filter(journey=OuterRef("pk"), published_at=None)
        steps = Milestone.objects.filter(version=OuterRef("published_id")).order_by("-position")
        return (
            self.select_related("base")
            .annotate(
                customers=Count("enrolments", filter=Q(enrolments__ended_at=None)),
                published_id=Subquery(newest.values("pk")[:1]),
                published_number=Subquery(newest.values("number")[:1], output_field=IntegerField()),
                published_on=Subquery(newest.values("published_at")[:1]),
                draft_number=Subquery(draft.values("number")[:1], output_field=IntegerField()),
            )
            .annotate(
                milestones=Subquery(steps.values("position")[:1], output_field=IntegerField()),
                first_milestone=Subquery(steps.reverse().values("name")[:1]),
                last_milestone=Subquery(steps.values("name")[:1]),
                days=Subquery(
                    steps.order_by(F("target_days").desc(nulls_last=True)).values("target_days")[:1],
                    output_field=IntegerField(),
                ),
            )
        )


class Journey(TenantModel):
    """A path of 5 to 7 milestones from onboarding to mastery."""

    slug = models.SlugField(max_length=60)
    name = models.CharField(max_length=120)
    purpose = models.TextField(blank=True, help_text=_("What the customer has reached at its end."))
    messages_since = models.DateTimeField(
        null=True, blank=True, help_text=_("It writes about what happens from then on. Empty: it does not.")
    )
    base = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="variants")
    """The journey this is a variant of, for customers of this segment with this use case; none: of any."""
    for_segment = models.ForeignKey(
        Segment, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    for_use_case = models.CharField(max_length=USE_CASE_LENGTH, blank=True, default="", db_default="")

    objects = TenantManager.from_queryset(JourneyQuerySet)()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "slug"], name="journey_slug_once"),
            models.CheckConstraint(
                condition=Q(base__isnull=False) | Q(for_segment=None, for_use_case=""),
                name="journey_rule_of_variants_alone",
            ),
        ]
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    def current_version(self) -> "JourneyVersion | None":
        """The newest published version, which new enrolments follow."""
        return self.versions.exclude(published_at=None).order_by("-number").first()

    @property
    def family(self) -> "Journey":
        """The base that this is, or is a variant of."""
        return self.base or self

    def draft(self) -> "JourneyVersion | None":
        return self.versions.filter(published_at=None).first()

    def published_keys(self) -> set[str]:
        """The keys that milestones of any published version go by, its base's among them."""
        journeys = [pk for pk in (self.pk, self.base_id) if pk]
        published = Milestone.objects.filter(
            version__journey__in=journeys, version__published_at__isnull=False
        )
        return set(published.values_list("key", flat=True))

    def advice_set_aside(self) -> set[tuple[str, str, str]]:
        """What authors kept as it was: the milestone's key, the code of the advice, the mark of its words."""
        told = Event.objects.filter(
            verb="advice_set_aside", subject_type=self._meta.label_lower, subject_id=self.pk
        )
        said = told.values_list("data", flat=True)
        return {(data["milestone"], data["code"], data["mark"]) for data in said}

    def reached(self) -> dict[str, int]:
        """How many customers ever enrolled here have a standing achievement, by milestone key."""
        standing = self.enrolments.filter(achievements__withdrawn_at=None, achievements__isnull=False)
        counted = standing.values("achievements__milestone_key").annotate(n=Count("customer", distinct=True))
        return {row["achievements__milestone_key"]: row["n"] for row in counted}


class JourneyVersion(TenantModel):
    """One edition of a journey. Published editions never change; enrolments are pinned to theirs."""

    journey = models.ForeignKey(Journey, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    published_at = models.DateTimeField(null=True, blank=True)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    outline = models.JSONField(
        null=True,
        blank=True,
        help_text=_("A draft as it was typed, whole or not. Publishing makes rows of it."),
    )
    base_version = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    """Of a variant's version: the version of the base it was made from."""

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "journey", "number"], name="version_number_once"),
            models.UniqueConstraint(
                fields=["organisation", "journey"], name="version_draft_once", condition=Q(published_at=None)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.journey} {self.number}"

    @property
    def is_draft(self) -> bool:
        return self.published_at is None

    @property
    def kept_at(self) -> datetime | None:
        """When the draft was last kept."""
        return datetime.fromisoformat(self.outline["kept_at"]) if self.outline else None


class Milestone(TenantModel):
    """An outcome the customer reaches. Its key stays the same across versions of a journey."""

    class Stage(models.TextChoices):
        ONBOARDING = "onboarding", _("onboarding")
        ADOPTION = "adoption", _("adoption")
        OUTCOME = "outcome", _("outcome")
        MASTERY = "mastery", _("mastery")

    class Celebrate(models.TextChoices):
        AUTO = "auto", _("by itself, after the hold")
        REVIEW = "review", _("after a person's yes")
        SILENT = "silent", _("not at all")

    class Join(models.TextChoices):
        ALL = "all", _("all of them")
        ANY = "any", _("any of them")
        AT_LEAST = "at_least", _("at least so many of them")

    version = models.ForeignKey(JourneyVersion, on_delete=models.CASCADE, related_name="milestones")
    key = models.SlugField(max_length=60)
    position = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=120)
    meaning = models.TextField(blank=True, help_text=_("What it means for the customer."))
    stage = models.CharField(max_length=12, choices=Stage.choices, default=Stage.ONBOARDING)
    target_days = models.PositiveIntegerField(null=True, blank=True, help_text=_("Days from the start."))
    celebrate = models.CharField(max_length=8, choices=Celebrate.choices, default=Celebrate.AUTO)
    hold_hours = models.PositiveIntegerField(default=24, validators=[MaxValueValidator(24 * 30)])
    join = models.CharField(max_length=8, choices=Join.choices, default=Join.ALL)
    needed = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text=_("How many criteria must hold, where at least so many must.")
    )
    coaching = models.TextField(
        blank=True,
        default="",
        db_default="",
        help_text=_("For the CSM: what to ask in a call around it, in Markdown."),
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(join="at_least", needed__isnull=False, needed__gte=1)
                | (~Q(join="at_least") & Q(needed=None)),
                name="milestone_needed_when_joined_so",
            ),
            models.UniqueConstraint(fields=["organisation", "version", "key"], name="milestone_key_once"),
            models.UniqueConstraint(
                fields=["organisation", "version", "position"],
                name="milestone_position_once",
            ),
        ]
        ordering = ["position"]

    def __str__(self) -> str:
        return self.name

    @property
    def join_sentence(self) -> str:
        return join_sentence(self.join, len(self.criteria.all()), str(self.needed or ""))


class Criterion(TenantModel):
    """What must be so for a milestone to be achieved. `wording.FIELDS` says which fields a kind has."""

    Kind = Kind
    Operator = Operator
    Way = Way

    milestone = models.ForeignKey(Milestone, on_delete=models.CASCADE, related_name="criteria")
    position = models.PositiveSmallIntegerField(validators=[MinValueValidator(1)])
    kind = models.CharField(max_length=12, choices=Kind.choices)
    metric = models.ForeignKey(
        Metric, null=True, blank=True, on_delete=models.PROTECT, related_name="criteria"
    )
    operator = models.CharField(max_length=3, choices=Operator.choices, blank=True)
    threshold = models.FloatField(null=True, blank=True)
    way = models.CharField(
        max_length=20,
        choices=Way.choices,
        blank=True,
        default="",
        db_default="",
        help_text=_("How a change is meant, what a window counts, which evidence a claim needs."),
    )
    days = models.PositiveIntegerField(null=True, blank=True, help_text=_("How long, or within how many."))
    holds_days = models.PositiveIntegerField(
        null=True, blank=True, help_text=_("How long one reading holds; a longer gap breaks the run.")
    )
    answers = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text=_("Of how many newest answers the mean is taken.")
    )
    scale_low = models.FloatField(null=True, blank=True, help_text=_("Answers below are none."))
    scale_high = models.FloatField(null=True, blank=True, help_text=_("Answers above are none."))
    urgency = models.CharField(
        max_length=40,
        blank=True,
        default="",
        db_default="",
        help_text=_("Cases of this urgency only; empty: all."),
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "milestone", "position"],
                name="criterion_position_once",
            ),
            models.CheckConstraint(condition=whole_criterion(), name="criterion_whole"),
        ]
        ordering = ["position"]

    def __str__(self) -> str:
        return self.sentence

    @property
    def said(self) -> Said:
        """Every value as it is shown. Ask with the metric selected."""
        numbers = {
            name: "" if value is None else number_words(float(value))
            for name in ("threshold", "answers", "scale_low", "scale_high")
            for value in [getattr(self, name)]
        }
        return Said(
            kind=self.kind,
            metric=self.metric.name if self.metric else "",
            unit=self.metric.unit if self.metric else "",
            operator=self.operator,
            way=self.way,
            days="" if self.days is None else str(self.days),
            holds_days="" if self.holds_days is None else str(self.holds_days),
            urgency=self.urgency,
            **numbers,
        )

    @property
    def sentence(self) -> str:
        """Such as "Exam score is at least 40 %". Ask with the metric selected."""
        return self.said.sentence()
