"""How to lead a conversation: a guide for each stage, plain or for one challenge, and all its editions."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from coaching.models.challenges import ChallengeKind, lines_of
from milestones.models import Milestone
from organisations.tenancy import TenantManager, TenantModel


class GuideQuerySet(models.QuerySet["Guide"]):
    def in_order(self) -> "GuideQuerySet":
        """By stage, the plain one of each first."""
        stages = [models.When(stage=stage, then=place) for place, stage in enumerate(Milestone.Stage.values)]
        place = models.Case(*stages, default=99, output_field=models.IntegerField())
        return self.order_by(place, models.F("kind__name").asc(nulls_first=True), "id")


class Guide(TenantModel):
    """One place of the grid: a stage, and a challenge or none. What is said there are its editions."""

    stage = models.CharField(max_length=12, choices=Milestone.Stage.choices)
    kind = models.ForeignKey(
        ChallengeKind,
        null=True,
        blank=True,
        on_delete=models.RESTRICT,
        related_name="guides",
        help_text=_("None: the plain guide of the stage."),
    )
    created_at = models.DateTimeField()

    objects = TenantManager.from_queryset(GuideQuerySet)()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "stage", "kind"],
                name="guide_once",
                condition=Q(kind__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["organisation", "stage"], name="guide_plain_once", condition=Q(kind=None)
            ),
        ]

    def __str__(self) -> str:
        stage = str(self.get_stage_display()).capitalize()
        return f"{stage}: {self.kind.name}" if self.kind else stage


class GuideEditionQuerySet(models.QuerySet["GuideEdition"]):
    def published(self) -> "GuideEditionQuerySet":
        return self.filter(published_at__isnull=False)

    def drafts(self) -> "GuideEditionQuerySet":
        return self.filter(published_at=None)

    def in_force(self) -> "GuideEditionQuerySet":
        """The newest published edition of each guide."""
        newer = GuideEdition.objects.published().filter(
            guide=models.OuterRef("guide"), number__gt=models.OuterRef("number")
        )
        return self.published().filter(~models.Exists(newer)).select_related("guide__kind")


class GuideEdition(TenantModel):
    """What a guide says. A published edition never changes; one draft beside it may."""

    guide = models.ForeignKey(Guide, on_delete=models.CASCADE, related_name="editions")
    number = models.PositiveIntegerField()
    purpose = models.TextField(blank=True, help_text=_("What the conversation is for."))
    goal = models.TextField(blank=True, help_text=_("Questions, one a line."))
    reality = models.TextField(blank=True, help_text=_("Questions, one a line."))
    options = models.TextField(blank=True, help_text=_("Questions, one a line."))
    will = models.TextField(blank=True, help_text=_("Questions, one a line."))
    cues = models.TextField(blank=True, help_text=_("What to listen for."))
    good = models.TextField(blank=True, help_text=_("What a good conversation leaves behind."))
    avoid = models.TextField(blank=True, help_text=_("What not to do."))
    written_at = models.DateTimeField()
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    published_at = models.DateTimeField(null=True, blank=True)

    objects = TenantManager.from_queryset(GuideEditionQuerySet)()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "guide", "number"], name="guide_edition_once"),
            models.UniqueConstraint(
                fields=["organisation", "guide"],
                name="guide_edition_one_draft",
                condition=Q(published_at=None),
            ),
        ]

    def __str__(self) -> str:
        return str(self.guide)

    @property
    def goal_lines(self) -> list[str]:
        return lines_of(self.goal)

    @property
    def reality_lines(self) -> list[str]:
        return lines_of(self.reality)

    @property
    def options_lines(self) -> list[str]:
        return lines_of(self.options)

    @property
    def will_lines(self) -> list[str]:
        return lines_of(self.will)
