"""What a journey writes to customers by itself, and what it has written."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from customers.models import Contact
from milestones.models.enrolments import Enrolment
from milestones.models.journeys import Journey
from organisations.tenancy import TenantManager, TenantModel
from post.models import Delivery, Recipient


class Occasion(models.TextChoices):
    """When a journey writes: about the milestone a customer works on, or the one they have just reached."""

    EXPECTATION = "expectation", _("what comes")
    MOMENTUM = "momentum", _("before the target")
    STALL = "stall", _("when nothing moves")
    HANDOVER = "handover", _("on to the next")


class Message(TenantModel):
    """The wording for one occasion: of one milestone (by its key, in every version), or of all the others."""

    journey = models.ForeignKey(Journey, on_delete=models.CASCADE, related_name="messages")
    milestone_key = models.SlugField(max_length=60, blank=True, help_text=_("Empty: every milestone."))
    occasion = models.CharField(max_length=12, choices=Occasion.choices)
    is_on = models.BooleanField(default=True)
    days = models.PositiveSmallIntegerField(help_text=_("After what happened; before the target date."))
    subject = models.CharField(max_length=150)
    body = models.TextField(help_text=_("Markdown, with {names} that are filled in."))
    asks_wording = models.BooleanField(
        default=False, db_default=False, help_text=_("It asks whether the milestone is still worded right.")
    )
    edited_at = models.DateTimeField()
    edited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )

    objects = TenantManager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "journey", "milestone_key", "occasion"], name="message_once"
            )
        ]


class MessageWritten(TenantModel):
    """A message that was put in the post, by itself or in a mail of the week. Its constraint makes it one."""

    enrolment = models.ForeignKey(Enrolment, on_delete=models.CASCADE, related_name="messages_written")
    milestone_key = models.SlugField(max_length=60)
    occasion = models.CharField(max_length=12, choices=Occasion.choices)
    written_at = models.DateTimeField()
    contact = models.ForeignKey(Contact, null=True, on_delete=models.SET_NULL, related_name="+")
    delivery = models.ForeignKey(Delivery, null=True, on_delete=models.SET_NULL, related_name="+")

    objects = TenantManager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "enrolment", "milestone_key", "occasion"],
                name="message_written_once",
            )
        ]
        indexes = [models.Index(fields=["organisation", "-written_at"], name="message_newest")]


class WeeklyMail(TenantModel):
    """The one mail of a week to somebody who wants no single ones. Its unique constraint makes it one."""

    recipient = models.ForeignKey(Recipient, on_delete=models.CASCADE, related_name="weekly_mails")
    week = models.DateField(help_text=_("The Monday of it, where they are."))
    written_at = models.DateTimeField()
    delivery = models.ForeignKey(Delivery, null=True, on_delete=models.SET_NULL, related_name="+")

    objects = TenantManager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "recipient", "week"], name="weekly_mail_once")
        ]
