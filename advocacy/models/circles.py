"""Circles of people at different customers, who was asked in, and what each shows to the others."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.db.models import Count, F, Q
from django.utils.translation import gettext_lazy as _

from customers.models import Contact
from organisations.tenancy import TenantManager, TenantModel

JOINED = Q(seats__state="joined", seats__contact__left_on=None) & Q(
    seats__contact__customer__left_on=None, seats__contact__customer__archived_at=None
)


class CircleQuerySet(models.QuerySet["Circle"]):
    def open(self) -> "CircleQuerySet":
        return self.filter(closed_at=None)

    def counted(self) -> "CircleQuerySet":
        """With how many people are in each, of how many customers, and who has not answered."""
        return self.annotate(
            people=Count("seats", filter=JOINED, distinct=True),
            customers=Count("seats__contact__customer", filter=JOINED, distinct=True),
            waiting=Count("seats", filter=Q(seats__state="asked"), distinct=True),
        )


class Circle(TenantModel):
    """People of different customers with a milestone or a topic in common, each by their own yes."""

    name = models.CharField(max_length=120)
    about = models.TextField(help_text=_("What they have in common, as they read it."))
    talk_url = models.URLField(blank=True, help_text=_("Where they talk, such as a Discourse category."))
    host = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text=_("Answers to its mails reach them."),
    )
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )

    objects = TenantManager.from_queryset(CircleQuerySet)()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "name"], name="circle_name_once", condition=Q(closed_at=None)
            )
        ]

    def __str__(self) -> str:
        return self.name


class CircleSeatQuerySet(models.QuerySet["CircleSeat"]):
    def here(self) -> "CircleSeatQuerySet":
        """In it just now: they said yes, still work there, at a customer that still is one."""
        return self.filter(
            state=CircleSeat.State.JOINED,
            circle__closed_at=None,
            contact__left_on=None,
            contact__customer__left_on=None,
            contact__customer__archived_at=None,
        )

    def for_page_of(self, contact: Contact, now: datetime) -> "CircleSeatQuerySet":
        """Asked, in it, or out of it of late, so that one may come back."""
        lately = Q(ended_at__gt=now - CircleSeat.WAY_BACK, ended_by=None)
        rows = self.filter(contact=contact, circle__closed_at=None)
        return rows.filter(Q(state__in=[CircleSeat.State.ASKED, CircleSeat.State.JOINED]) | lately)

    def with_people(self) -> "CircleSeatQuerySet":
        return self.select_related(
            "organisation", "circle__host", "contact__recipient", "contact__customer__owner",
            "contact__customer__organisation", "asked_by",
        )  # fmt: skip

    def by_name(self) -> "CircleSeatQuerySet":
        return self.order_by("contact__name", "id")


class CircleSeat(TenantModel):
    """One person asked into one circle: what they said, and what the others see of them."""

    class State(models.TextChoices):
        ASKED = "asked", _("asked")
        JOINED = "joined", _("in the circle")
        DECLINED = "declined", _("would rather not")
        LEFT = "left", _("left it")

    WAY_BACK = timedelta(hours=24)
    """So long whoever said no, or left, may come back by themselves."""
    SHOWN = ("shows_name", "shows_company", "shows_title")

    circle = models.ForeignKey(Circle, on_delete=models.CASCADE, related_name="seats")
    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="circle_seats")
    state = models.CharField(max_length=8, choices=State.choices, default=State.ASKED)
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    joined_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True, help_text=_("When they said no, or left."))
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text=_("Who took them out; empty: they left by themselves."),
    )
    shows_name = models.BooleanField(default=False, help_text=_("Their whole name, not the first alone."))
    shows_company = models.BooleanField(default=False)
    shows_title = models.BooleanField(default=False, help_text=_("Their work there."))
    told_at = models.DateTimeField(null=True, blank=True, help_text=_("When they last had its news."))
    is_demo = models.BooleanField(default=False)

    objects = TenantManager.from_queryset(CircleSeatQuerySet)()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "circle", "contact"], name="circle_seat_once"),
            models.CheckConstraint(
                condition=~Q(state="joined") | Q(joined_at__isnull=False, ended_at=None),
                name="circle_seat_joined_when",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["asked", "joined"]) | Q(ended_at__isnull=False),
                name="circle_seat_ended_when",
            ),
            models.CheckConstraint(
                condition=Q(state="joined") | Q(shows_name=False, shows_company=False, shows_title=False),
                name="circle_seat_shows_only_inside",
            ),
        ]
        indexes = [
            models.Index(fields=["organisation", "contact", "-asked_at"], name="circle_seat_of_person"),
            models.Index(fields=["organisation", "state", "told_at"], name="circle_seat_state"),
        ]

    @property
    def is_joined(self) -> bool:
        return self.state == self.State.JOINED

    def has_way_back(self, now: datetime) -> bool:
        """They went by themselves, of late."""
        return self.ended_at is not None and self.ended_by_id is None and now < self.ended_at + self.WAY_BACK

    @property
    def shown(self) -> str:
        """Everything the others in the circle get to see of them, in one line."""
        name = self.contact.name if self.shows_name else self.contact.first_name
        title = self.contact.title if self.shows_title else ""
        company = self.contact.customer.name if self.shows_company else ""
        return ", ".join(filter(None, (name, title, company)))


class IntroductionQuerySet(models.QuerySet["Introduction"]):
    def open(self) -> "IntroductionQuerySet":
        return self.filter(state=Introduction.State.ASKED)

    def of(self, contact: Contact) -> "IntroductionQuerySet":
        return self.filter(Q(seeker=contact) | Q(peer=contact))

    def with_people(self) -> "IntroductionQuerySet":
        sides = (
            f"{side}__{what}"
            for side in ("seeker", "peer")
            for what in ("recipient", "customer__owner", "customer__organisation")
        )
        return self.select_related("organisation", "circle__host", "milestone", "asked_by", *sides)

    def newest_first(self) -> "IntroductionQuerySet":
        return self.order_by("-asked_at", "-id")


class Introduction(TenantModel):
    """Two people of one circle: one has reached what the other attempts next. Made by the yes of both."""

    class State(models.TextChoices):
        ASKED = "asked", _("asked")
        MADE = "made", _("introduced")
        DECLINED = "declined", _("somebody would rather not")
        ENDED = "ended", _("taken back")

    circle = models.ForeignKey(Circle, on_delete=models.CASCADE, related_name="introductions")
    seeker = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="introductions_sought")
    peer = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="introductions_given")
    milestone = models.ForeignKey("milestones.Milestone", on_delete=models.PROTECT, related_name="+")
    milestone_key = models.SlugField(max_length=60)
    state = models.CharField(max_length=8, choices=State.choices, default=State.ASKED)
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    seeker_yes_at = models.DateTimeField(null=True, blank=True)
    peer_yes_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    is_demo = models.BooleanField(default=False)

    objects = TenantManager.from_queryset(IntroductionQuerySet)()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "seeker", "peer", "milestone_key"], name="introduction_once"
            ),
            models.CheckConstraint(
                condition=~Q(state="made") | Q(seeker_yes_at__isnull=False, peer_yes_at__isnull=False),
                name="introduction_by_both",
            ),
            models.CheckConstraint(
                condition=Q(state="asked", closed_at=None) | (~Q(state="asked") & Q(closed_at__isnull=False)),
                name="introduction_closed_when",
            ),
            models.CheckConstraint(condition=~Q(seeker=F("peer")), name="introduction_of_two"),
        ]
        indexes = [models.Index(fields=["organisation", "state", "-asked_at"], name="introduction_state")]

    @property
    def yeses(self) -> int:
        """How many of the two have said yes."""
        return (self.seeker_yes_at is not None) + (self.peer_yes_at is not None)

    @property
    def is_open(self) -> bool:
        return self.state == self.State.ASKED

    def key(self, side: str) -> str:
        """What the outbox knows the mail to one of the two by."""
        return f"introduction-{self.pk}-{side}"
