"""Success stories: what is told of an achievement, the numbers it rests on, and every state it had."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from customers.models import Contact, Customer, Metric, Reading
from milestones.models import Achievement
from organisations.tenancy import TenantManager, TenantModel

SLUG_LENGTH = 80


class StoryQuerySet(models.QuerySet["Story"]):
    def with_customer(self) -> "StoryQuerySet":
        """With whose it is, what it began from, and who is quoted."""
        return self.select_related(
            "organisation", "customer__owner", "customer__segment", "achievement__milestone",
            "achievement__enrolment__journey", "quote_by", "made_by", "published_by",
        )  # fmt: skip

    def matching(self, text: str) -> "StoryQuerySet":
        """Every word somewhere: in the text, the numbers, the customer, what they use it for or want."""
        rows = self
        for word in text.split()[:8]:
            said = Q()
            for name in ("title", "about", "background", "approach", "result", "learning", "quote"):
                said |= Q(**{f"{name}__icontains": word})
            for name in ("name", "about", "use_case", "segment__name"):
                said |= Q(**{f"customer__{name}__icontains": word})
            numbers = StoryNumber.objects.filter(story=models.OuterRef("pk"), label__icontains=word)
            rows = rows.filter(said | models.Exists(numbers))
        return rows

    def newest_first(self) -> "StoryQuerySet":
        return self.order_by("-made_at", "-id")


class Story(TenantModel):
    """How a customer reached something, told so that others can check it. Each change is a new edition."""

    class State(models.TextChoices):
        DRAFT = "draft", _("draft")
        REVIEW = "review", _("with the customer")
        AGREED = "agreed", _("agreed, not published")
        PUBLISHED = "published", _("published")
        DOWN = "down", _("taken down")

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="stories")
    achievement = models.ForeignKey(Achievement, null=True, on_delete=models.SET_NULL, related_name="stories")
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT)
    slug = models.SlugField(max_length=SLUG_LENGTH, help_text=_("Its address; it never changes."))
    edition = models.PositiveIntegerField(default=1)
    title = models.CharField(max_length=160)
    about = models.CharField(
        max_length=200, blank=True, help_text=_("Who they are, without a name: “a freight company”.")
    )
    background = models.TextField(blank=True, help_text=_("Where they started, and what they wanted."))
    approach = models.TextField(blank=True, help_text=_("What they did."))
    result = models.TextField(blank=True, help_text=_("What is so now."))
    learning = models.TextField(blank=True, help_text=_("What they would tell somebody who begins."))
    quote = models.TextField(blank=True, help_text=_("Their own words, as they said them."))
    quote_by = models.ForeignKey(Contact, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    quote_from = models.CharField(max_length=160, blank=True, help_text=_("Where and when they said so."))
    incentive = models.CharField(
        max_length=300, blank=True, help_text=_("What they get for it, in words the page shows.")
    )
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    published_at = models.DateTimeField(null=True, blank=True, help_text=_("When it last became public."))
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    down_at = models.DateTimeField(null=True, blank=True)

    objects = TenantManager.from_queryset(StoryQuerySet)()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "slug"], name="story_slug_once"),
            models.UniqueConstraint(
                fields=["organisation", "achievement"],
                name="story_once_of_achievement",
                condition=Q(achievement__isnull=False),
            ),
            models.CheckConstraint(
                condition=~Q(state="published") | Q(published_at__isnull=False), name="story_published_when"
            ),
            models.CheckConstraint(
                condition=~Q(state="down") | Q(down_at__isnull=False), name="story_down_when"
            ),
        ]
        indexes = [
            models.Index(fields=["organisation", "-made_at", "-id"], name="story_newest"),
            models.Index(fields=["organisation", "state", "-made_at"], name="story_state"),
            models.Index(fields=["organisation", "customer"], name="story_customer"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_public(self) -> bool:
        return self.state == Story.State.PUBLISHED


class StoryNumber(TenantModel):
    """One number of a story with what it rests on, kept as it was when the draft was made."""

    story = models.ForeignKey(Story, on_delete=models.CASCADE, related_name="numbers")
    position = models.PositiveSmallIntegerField()
    label = models.CharField(max_length=160)
    unit = models.CharField(max_length=20, blank=True)
    before = models.FloatField(null=True, blank=True)
    before_on = models.DateField(null=True, blank=True)
    after = models.FloatField(null=True, blank=True)
    after_on = models.DateField(null=True, blank=True)
    source = models.CharField(max_length=300, help_text=_("What it rests on, in words."))
    points = models.JSONField(default=list, help_text=_("[[day, value], …] in between, for the drawing."))
    metric = models.ForeignKey(Metric, null=True, on_delete=models.SET_NULL, related_name="+")
    before_reading = models.ForeignKey(Reading, null=True, on_delete=models.SET_NULL, related_name="+")
    after_reading = models.ForeignKey(Reading, null=True, on_delete=models.SET_NULL, related_name="+")
    is_shown = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "story", "position"], name="story_number_place")
        ]
        ordering = ["position"]


class StoryEdition(TenantModel):
    """A story as it stood: what somebody was asked about, agreed to, and what the page shows."""

    story = models.ForeignKey(Story, on_delete=models.CASCADE, related_name="editions")
    number = models.PositiveIntegerField()
    content = models.JSONField(help_text=_("The text and the numbers; people by id."))
    digest = models.CharField(max_length=64)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "story", "number"], name="story_edition_once")
        ]


class StoryAskQuerySet(models.QuerySet["StoryAsk"]):
    def for_page_of(self, contact: Contact) -> "StoryAskQuerySet":
        """What waits for this person, and what they agreed to and can take back: the newest first."""
        waits, stands = Q(closed_at=None), Q(consents__isnull=False, consents__ended_at=None)
        return (
            self.filter(waits | stands, contact=contact).select_related("story").order_by("-asked_at", "-id")
        )


class StoryAsk(TenantModel):
    """What one person at the customer is asked about a story: questions, or whether it may be told."""

    class Kind(models.TextChoices):
        INTERVIEW = "interview", _("questions for the story")
        REVIEW = "review", _("may it be told?")

    story = models.ForeignKey(Story, on_delete=models.CASCADE, related_name="asks")
    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="story_asks")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    edition = models.PositiveIntegerField(help_text=_("The edition they were asked about."))
    questions = models.JSONField(default=list)
    answers = models.JSONField(default=list, help_text=_("In the order of the questions."))
    words = models.TextField(blank=True, help_text=_("What they want to be different."))
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    answered_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True, help_text=_("Answered, or taken back."))
    from_ip = models.GenericIPAddressField(null=True, blank=True)
    is_demo = models.BooleanField(default=False)

    objects = TenantManager.from_queryset(StoryAskQuerySet)()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "story", "contact", "kind"],
                name="story_ask_open_once",
                condition=Q(closed_at=None),
            ),
            models.CheckConstraint(
                condition=Q(answered_at=None) | Q(closed_at__isnull=False),
                name="story_ask_answered_is_closed",
            ),
        ]

    @property
    def pairs(self) -> list[tuple[str, str]]:
        """Each question with its answer."""
        answers = [*self.answers, *[""] * len(self.questions)]
        return list(zip(self.questions, answers, strict=False))

    @property
    def is_review(self) -> bool:
        return self.kind == StoryAsk.Kind.REVIEW


class StoryUseQuerySet(models.QuerySet["StoryUse"]):
    def to_take_down(self) -> "StoryUseQuerySet":
        """Still out there, of a story that may not be told any more."""
        return self.filter(ended_at=None, story__state=Story.State.DOWN)


class StoryUse(TenantModel):
    """Somewhere outside where a story was used: it must come down there when the consent ends."""

    story = models.ForeignKey(Story, on_delete=models.CASCADE, related_name="uses")
    channel = models.CharField(max_length=10)
    place = models.CharField(max_length=200, help_text=_("Where: the page, the deck, the fair."))
    address = models.URLField(max_length=500, blank=True)
    used_on = models.DateField()
    noted_at = models.DateTimeField()
    noted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    ended_at = models.DateTimeField(null=True, blank=True, help_text=_("When it was taken down there."))
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )

    objects = TenantManager.from_queryset(StoryUseQuerySet)()

    class Meta:
        indexes = [
            models.Index(fields=["organisation", "story"], name="story_use_open", condition=Q(ended_at=None))
        ]
