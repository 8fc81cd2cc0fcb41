"""Meetings of a circle, and what the calendars of its people were last told of each."""

from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from advocacy.models.circles import Circle
from customers.models import Contact
from organisations.tenancy import TenantManager, TenantModel
from post.models import Recipient


class CircleMeetingQuerySet(models.QuerySet["CircleMeeting"]):
    def ahead(self, now: datetime) -> "CircleMeetingQuerySet":
        """On, and still to come, of circles that are open."""
        return self.filter(off_at=None, starts_at__gt=now, circle__closed_at=None)

    def soonest_first(self) -> "CircleMeetingQuerySet":
        return self.order_by("starts_at", "id")


class CircleMeeting(TenantModel):
    """When and where a circle meets. Everybody in it has it in their calendar, by mail."""

    circle = models.ForeignKey(Circle, on_delete=models.CASCADE, related_name="meetings")
    title = models.CharField(max_length=120)
    about = models.TextField(blank=True)
    starts_at = models.DateTimeField()
    minutes = models.PositiveSmallIntegerField()
    place = models.CharField(max_length=300, help_text=_("A room, a number or a link."))
    planned_at = models.DateTimeField()
    planned_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    off_at = models.DateTimeField(null=True, blank=True)
    off_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )

    objects = TenantManager.from_queryset(CircleMeetingQuerySet)()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "circle", "title", "starts_at"],
                name="circle_meeting_once",
                condition=Q(off_at=None),
            )
        ]
        indexes = [
            models.Index(
                fields=["organisation", "starts_at"],
                name="circle_meeting_ahead",
                condition=Q(off_at=None),
            )
        ]

    def __str__(self) -> str:
        return self.title

    def is_ahead(self, now: datetime) -> bool:
        return self.off_at is None and self.starts_at > now


class MeetingNotice(TenantModel):
    """What one person's calendar was told of one meeting, at which address, in which message."""

    TOLD = ("title", "about", "starts_at", "minutes", "place")

    meeting = models.ForeignKey(CircleMeeting, on_delete=models.CASCADE, related_name="notices")
    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="meeting_notices")
    recipient = models.ForeignKey(Recipient, null=True, on_delete=models.SET_NULL, related_name="+")
    sequence = models.PositiveIntegerField(default=0, help_text=_("Of the last message; each is one more."))
    title = models.CharField(max_length=120)
    about = models.TextField(blank=True)
    starts_at = models.DateTimeField()
    minutes = models.PositiveSmallIntegerField()
    place = models.CharField(max_length=300)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "meeting", "contact", "recipient"], name="meeting_notice_once"
            )
        ]

    def key(self, sequence: int) -> str:
        """What the outbox knows the message of this sequence by."""
        return f"circle-meeting-{self.pk}-{sequence}"

    def keys(self) -> list[str]:
        return [self.key(sequence) for sequence in range(self.sequence + 1)]
