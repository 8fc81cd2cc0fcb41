"""Who at a customer was asked to a planned call, and what their calendar was last told."""

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from coaching.models.calls import Touchpoint
from customers.models import Contact
from organisations.tenancy import TenantManager, TenantModel
from post.models import Recipient

if TYPE_CHECKING:
    from datetime import datetime


class CallInvitationQuerySet(models.QuerySet["CallInvitation"]):
    def open(self) -> "CallInvitationQuerySet":
        """Not taken back."""
        return self.filter(ended_at=None)

    def in_order(self) -> "CallInvitationQuerySet":
        return self.order_by("contact__name", "pk")

    def astray(self, now: "datetime") -> "CallInvitationQuerySet":
        """Open ones that say something else than what is planned now, of calls that lie or lay ahead."""
        planned = Q(touchpoint__state=Touchpoint.State.PLANNED)
        gone = (
            ~planned
            | Q(touchpoint__customer__archived_at__isnull=False)
            | Q(touchpoint__customer__left_on__isnull=False)
            | Q(contact__left_on__isnull=False)
        )
        readdressed = Q(recipient=None) | ~Q(contact__recipient=F("recipient")) | Q(contact__recipient=None)
        changed = (
            ~Q(touchpoint__due_at=F("starts_at"))
            | ~Q(touchpoint__place=F("place"))
            | ~Q(touchpoint__owner__email=F("organizer"))
            | (Q(touchpoint__minutes__isnull=False) & ~Q(touchpoint__minutes=F("minutes")))
        )
        told = Q(starts_at__gt=now) | Q(touchpoint__due_at__gt=now) | ~planned
        return self.open().filter(told & (gone | readdressed | changed))


class CallInvitation(TenantModel):
    """One person asked to one call at one address. Each has an entry of their own, with nobody else in it."""

    class End(models.TextChoices):
        CALLED_OFF = "called_off", _("the call is off")
        TAKEN_BACK = "taken_back", _("taken back")
        GONE = "gone", _("the customer left or is archived")
        LEFT = "left", _("they work there no more")
        READDRESSED = "readdressed", _("they have another address now")
        HELD = "held", _("the call was held")

    touchpoint = models.ForeignKey(Touchpoint, on_delete=models.CASCADE, related_name="invitations")
    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="call_invitations")
    recipient = models.ForeignKey(Recipient, null=True, on_delete=models.SET_NULL, related_name="+")
    invited_at = models.DateTimeField()
    invited_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    uid = models.CharField(max_length=200, help_text=_("What calendars know the call by; it never changes."))
    sequence = models.PositiveIntegerField(default=0, help_text=_("Of the last message; each is one more."))
    asked_in = models.PositiveIntegerField(default=0, help_text=_("The sequence of the last request."))
    starts_at = models.DateTimeField(help_text=_("As the last request says, like the next three."))
    minutes = models.PositiveIntegerField()
    place = models.CharField(max_length=300, blank=True)
    organizer = models.EmailField(max_length=254)

    ended_at = models.DateTimeField(null=True, blank=True)
    ended_why = models.CharField(max_length=12, blank=True, choices=End.choices)

    objects = TenantManager.from_queryset(CallInvitationQuerySet)()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "touchpoint", "contact", "recipient"], name="call_invitation_once"
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None, ended_why="") | (Q(ended_at__isnull=False) & ~Q(ended_why="")),
                name="call_invitation_ends_why",
            ),
            models.CheckConstraint(
                condition=Q(asked_in__lte=F("sequence")), name="call_invitation_in_sequence"
            ),
        ]
        indexes = [
            models.Index(
                fields=["organisation", "touchpoint"],
                name="call_invitation_open",
                condition=Q(ended_at=None),
            )
        ]

    def key(self, sequence: int) -> str:
        """What the outbox knows the message of this sequence by."""
        return f"call-invitation-{self.pk}-{sequence}"

    def keys(self) -> list[str]:
        return [self.key(sequence) for sequence in range(self.sequence + 1)]

    @property
    def is_open(self) -> bool:
        return self.ended_at is None
