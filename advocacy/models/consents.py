"""What a customer allows of a story: which edition, what may be named, where, until when."""

from datetime import date, datetime

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from advocacy.models.stories import Story, StoryAsk
from customers.models import Contact
from organisations.tenancy import TenantManager, TenantModel


class Channel(models.TextChoices):
    """Where a story may be used."""

    PAGE = "page", _("a public page of ours")
    SALES = "sales", _("talks with people who think about working with us")
    SOCIAL = "social", _("social media")
    PRESS = "press", _("press and print")
    EVENTS = "events", _("talks and fairs")


class StoryConsentQuerySet(models.QuerySet["StoryConsent"]):
    def standing(self, today: date) -> "StoryConsentQuerySet":
        """Neither ended nor run out."""
        return self.filter(Q(until=None) | Q(until__gte=today), ended_at=None)

    def run_out(self, today: date) -> "StoryConsentQuerySet":
        """Over by its term, and nobody has acted on it yet."""
        return self.filter(ended_at=None, until__lt=today)


class StoryConsent(TenantModel):
    """The customer's yes to one edition of a story, with its limits. Only they may give it."""

    class End(models.TextChoices):
        WITHDRAWN = "withdrawn", _("the customer took it back")
        EXPIRED = "expired", _("its term is over")
        EDITED = "edited", _("the text was changed")
        RENEWED = "renewed", _("agreed to anew")
        ENDED = "ended", _("taken down by us")
        FORGOTTEN = "forgotten", _("the person was erased")

    story = models.ForeignKey(Story, on_delete=models.CASCADE, related_name="consents")
    ask = models.ForeignKey(StoryAsk, null=True, on_delete=models.SET_NULL, related_name="consents")
    contact = models.ForeignKey(Contact, null=True, on_delete=models.SET_NULL, related_name="+")
    edition = models.PositiveIntegerField()
    digest = models.CharField(max_length=64, help_text=_("Of exactly the content they agreed to."))
    names_company = models.BooleanField()
    names_person = models.BooleanField()
    shows_quote = models.BooleanField()
    shows_logo = models.BooleanField()
    channels = models.JSONField(default=list)
    until = models.DateField(null=True, blank=True, help_text=_("The last day; empty: until taken back."))
    incentive = models.CharField(max_length=300, blank=True)
    given_at = models.DateTimeField()
    from_ip = models.GenericIPAddressField(null=True, blank=True)
    is_demo = models.BooleanField(default=False)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_why = models.CharField(max_length=10, choices=End.choices, blank=True)
    ended_words = models.TextField(blank=True, help_text=_("What the customer said when taking it back."))

    objects = TenantManager.from_queryset(StoryConsentQuerySet)()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "story"], name="story_consent_once", condition=Q(ended_at=None)
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None, ended_why="") | (Q(ended_at__isnull=False) & ~Q(ended_why="")),
                name="story_consent_ended_why",
            ),
        ]
        indexes = [
            models.Index(
                fields=["organisation", "until"], name="story_consent_term", condition=Q(ended_at=None)
            )
        ]

    def holds(self, now: datetime) -> bool:
        """Whether it stands on that day, in the organisation's zone."""
        today = now.astimezone(self.organisation.tzinfo).date()
        return self.ended_at is None and (self.until is None or today <= self.until)

    @property
    def channel_words(self) -> list[str]:
        return [str(Channel(each).label) for each in self.channels if each in Channel.values]
