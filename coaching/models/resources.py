"""The library: what customers are sent to help themselves, where it fits, and all its editions."""

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from coaching.models.challenges import ChallengeKind
from milestones.models import Milestone
from organisations.tenancy import TenantManager, TenantModel

FRESH = timedelta(days=180)
"""A resource that nobody looked through for longer has a review due."""


class ResourceQuerySet(models.QuerySet["Resource"]):
    def current(self) -> "ResourceQuerySet":
        """On the shelf: published, and not retired."""
        return self.published().filter(retired_at=None)

    def published(self) -> "ResourceQuerySet":
        return self.exclude(reviewed_at=None)

    def fresh(self, now: datetime) -> "ResourceQuerySet":
        """Looked through in the last 180 days."""
        return self.filter(reviewed_at__gt=now - FRESH)

    def stale(self, now: datetime) -> "ResourceQuerySet":
        return self.filter(reviewed_at__lte=now - FRESH)

    def matching(self, text: str) -> "ResourceQuerySet":
        """With each of these words somewhere in it."""
        found = self
        for word in words_of(text):
            found = found.filter(text_folded__contains=word)
        return found

    def best_first(self, text: str = "") -> "ResourceQuerySet":
        """Those first whose title has every word (`elsewhere` is 0), then by title."""
        in_title = Q()
        for word in words_of(text):
            in_title &= Q(title_folded__contains=word)
        zero, one = models.Value(0), models.Value(1)
        elsewhere = models.Case(models.When(in_title, then=zero), default=one) if in_title else zero
        return self.annotate(elsewhere=elsewhere).order_by("elsewhere", "title_folded", "pk")

    def at_stage(self, stage: str) -> "ResourceQuerySet":
        """For this stage, or for none in particular."""
        tags = ResourceTag.objects.filter(resource=models.OuterRef("pk"), kind=None)
        here = models.Exists(tags.filter(stage=stage))
        return self.filter(here | ~models.Exists(tags))

    def about(self, kinds: Collection[int]) -> "ResourceQuerySet":
        """Against one of these challenges."""
        tags = ResourceTag.objects.filter(resource=models.OuterRef("pk"), kind__in=kinds)
        return self.filter(models.Exists(tags))

    def about_none(self) -> "ResourceQuerySet":
        tags = ResourceTag.objects.filter(resource=models.OuterRef("pk"), kind__isnull=False)
        return self.filter(~models.Exists(tags))

    def with_places(self) -> "ResourceQuerySet":
        """With where they fit and who keeps them: everything a list shows but the words."""
        tags = ResourceTag.objects.select_related("kind").order_by("pk")
        return self.select_related("owner").prefetch_related(models.Prefetch("tags", tags))


class Resource(TenantModel):
    """One thing to send. What it says are its editions; its title is that of the newest published one."""

    class Type(models.TextChoices):
        GUIDE = "guide", _("guide")
        TEMPLATE = "template", _("template")
        WORKSHEET = "worksheet", _("worksheet")
        LINK = "link", _("link")
        FILE = "file", _("file")

    key = models.SlugField(max_length=60)
    type = models.CharField(max_length=10, choices=Type.choices, default=Type.GUIDE)
    title = models.CharField(max_length=160)
    title_folded = models.CharField(max_length=480, help_text=_("For searching and sorting."))
    text_folded = models.TextField(help_text=_("Everything it says, for searching."))
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text=_("Who keeps it right."),
    )
    reviewed_at = models.DateTimeField(
        null=True, blank=True, help_text=_("Last published, or looked through. Empty: never published.")
    )
    reviewed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField()
    retired_at = models.DateTimeField(null=True, blank=True, help_text=_("Off the shelf since."))

    objects = TenantManager.from_queryset(ResourceQuerySet)()

    elsewhere: int
    """Of `best_first` alone."""

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "key"], name="resource_key_once"),
        ]
        indexes = [models.Index(fields=["organisation", "title_folded", "id"], name="resource_by_title")]

    def __str__(self) -> str:
        return self.title

    @property
    def is_published(self) -> bool:
        return self.reviewed_at is not None

    @property
    def is_current(self) -> bool:
        return self.is_published and self.retired_at is None

    def is_review_due(self, now: datetime) -> bool:
        return self.reviewed_at is not None and self.reviewed_at <= now - FRESH

    @property
    def stages(self) -> list[Milestone.Stage]:
        """In the order of the journey; none: any."""
        found = {tag.stage for tag in self.tags.all() if tag.stage}
        return [stage for stage in Milestone.Stage if stage in found]

    @property
    def kinds(self) -> list[ChallengeKind]:
        """The challenges it helps against."""
        return sorted((tag.kind for tag in self.tags.all() if tag.kind), key=lambda kind: kind.name)


def folded(*texts: str) -> str:
    """As it is searched: capitals and spaces make no difference, on every database the same."""
    return " ".join(" ".join(texts).casefold().split())


def words_of(text: str, most: int = 8) -> list[str]:
    return folded(text).split()[:most]


class ResourceTag(TenantModel):
    """Where a resource fits: a stage, or a challenge."""

    resource = models.ForeignKey(Resource, on_delete=models.CASCADE, related_name="tags")
    stage = models.CharField(max_length=12, blank=True, choices=Milestone.Stage.choices)
    kind = models.ForeignKey(
        ChallengeKind, null=True, blank=True, on_delete=models.CASCADE, related_name="resource_tags"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "resource", "stage"],
                name="resource_stage_once",
                condition=Q(kind=None),
            ),
            models.UniqueConstraint(
                fields=["organisation", "resource", "kind"],
                name="resource_kind_once",
                condition=Q(kind__isnull=False),
            ),
            models.CheckConstraint(
                condition=(Q(kind=None) & ~Q(stage="")) | Q(kind__isnull=False, stage=""),
                name="resource_tag_says_one",
            ),
        ]


class ResourceFile(TenantModel):
    """A file of an edition, whole: it is in every backup, and behind the wall of its organisation."""

    name = models.CharField(max_length=160)
    media_type = models.CharField(max_length=100)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    content = models.BinaryField()
    added_at = models.DateTimeField()
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return self.name


class ResourceEditionQuerySet(models.QuerySet["ResourceEdition"]):
    def published(self) -> "ResourceEditionQuerySet":
        return self.filter(published_at__isnull=False)

    def drafts(self) -> "ResourceEditionQuerySet":
        return self.filter(published_at=None)

    def in_force(self) -> "ResourceEditionQuerySet":
        """The newest published edition of each."""
        newer = ResourceEdition.objects.published().filter(
            resource=models.OuterRef("resource"), number__gt=models.OuterRef("number")
        )
        return self.published().filter(~models.Exists(newer))

    def by_resource(self, resources: Iterable[Resource]) -> dict[int, "ResourceEdition"]:
        """What each says now. Files come without their content."""
        rows = self.in_force().filter(resource__in=list(resources)).select_related("file")
        return {row.resource_id: row for row in rows.defer("file__content")}


class ResourceEdition(TenantModel):
    """What a resource says. A published edition never changes; one draft beside it may."""

    resource = models.ForeignKey(Resource, on_delete=models.CASCADE, related_name="editions")
    number = models.PositiveIntegerField()
    title = models.CharField(max_length=160)
    summary = models.CharField(max_length=300, blank=True, help_text=_("What it is good for, in a sentence."))
    body = models.TextField(blank=True, help_text=_("Markdown."))
    url = models.URLField(max_length=500, blank=True)
    file = models.ForeignKey(
        ResourceFile, null=True, blank=True, on_delete=models.PROTECT, related_name="editions"
    )
    written_at = models.DateTimeField()
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    published_at = models.DateTimeField(null=True, blank=True)

    objects = TenantManager.from_queryset(ResourceEditionQuerySet)()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "resource", "number"], name="resource_edition_once"
            ),
            models.UniqueConstraint(
                fields=["organisation", "resource"],
                name="resource_edition_one_draft",
                condition=Q(published_at=None),
            ),
        ]

    def __str__(self) -> str:
        return self.title
