"""Who we serve: organisations, the people who work in them, and the log of everything that happened."""

from datetime import datetime
from importlib import import_module
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.sessions.backends.base import SessionBase
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from organisations.machines import about_token
from organisations.tenancy import TenantManager, TenantModel


class Organisation(models.Model):
    """A company that serves customers. Every other row belongs to one."""

    class Unsure(models.TextChoices):
        HOLD = "hold", _("wait for a person’s word")
        RESEND = "resend", _("send it again: rather two than none")

    slug = models.SlugField(max_length=50, unique=True)
    name = models.CharField(max_length=120)
    zone = models.CharField(max_length=64, default="UTC")
    language = models.CharField(max_length=10, default="en")
    accent = models.CharField(max_length=9, default="#00666f")
    sender_name = models.CharField(max_length=120, blank=True)
    postal_address = models.TextField(blank=True)
    celebrate_within_days = models.PositiveIntegerField(
        null=True,
        blank=True,
        default=14,
        help_text=_("Older achievements wait for a person's yes. Empty: no limit."),
    )
    mails_per_week = models.PositiveSmallIntegerField(
        null=True,
        blank=True,
        help_text=_("How many mails one person gets in any seven days. Empty: no limit."),
    )
    second_factor_required = models.BooleanField(
        default=False, help_text=_("Whoever works here proves twice that it is them.")
    )
    uncertain_mail = models.CharField(
        max_length=6,
        choices=Unsure.choices,
        default=Unsure.HOLD,
        db_default=Unsure.HOLD,
        help_text=_("What becomes of a mail when nobody knows whether it arrived."),
    )
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name

    @property
    def tzinfo(self) -> ZoneInfo:
        return ZoneInfo(self.zone)

    @property
    def sender(self) -> str:
        """The name mails come from."""
        return self.sender_name or self.name

    def log(
        self,
        verb: str,
        *,
        by: "User | None",
        now: datetime,
        subject: models.Model | None = None,
        customer_id: int | None = None,
        at: datetime | None = None,
        **data: Any,
    ) -> "Event":
        """Append to the event log. `at`: when it happened (default: now). No names or addresses in data."""
        return Event.objects.create(
            organisation=self,
            at=at or now,
            recorded_at=now,
            actor=by,
            verb=verb,
            subject_type=subject._meta.label_lower if subject else "",
            subject_id=subject.pk if subject else None,
            customer_id=customer_id,
            data=about_token() | data,
        )


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, *, name: str, password: str | None = None, **fields: Any) -> "User":
        user = self.model(email=self.normalize_email(email).lower(), name=name, **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, email: str | None) -> "User":
        return self.get(email__iexact=email)


class User(AbstractBaseUser):
    """A person who signs in. Belongs to organisations through memberships."""

    email = models.EmailField(unique=True)
    name = models.CharField(max_length=120)
    zone = models.CharField(max_length=64, blank=True, help_text=_("Empty: the organisation's."))
    is_active = models.BooleanField(default=True)
    is_demo = models.BooleanField(default=False, help_text=_("Works in demo mode only."))
    joined_at = models.DateTimeField(null=True)

    objects = UserManager()

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        constraints = [models.UniqueConstraint(Lower("email"), name="user_email_once")]

    def __str__(self) -> str:
        return self.name

    def get_full_name(self) -> str:
        return self.name

    def get_short_name(self) -> str:
        return self.name.split(" ")[0]


class Session(AbstractBaseSession):
    """A browser that is, or is about to be, signed in. Ending it is deleting it; see `sessions`."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.CASCADE, related_name="sessions"
    )

    @classmethod
    def get_session_store_class(cls) -> type[SessionBase]:
        store: type[SessionBase] = import_module(settings.SESSION_ENGINE).SessionStore
        return store


class Attempts(models.Model):
    """How often something was tried in a window of time. The key is a keyed hash: nobody is named."""

    key = models.CharField(max_length=64, primary_key=True)
    count = models.PositiveIntegerField()
    ends_at = models.DateTimeField(db_index=True)


class Role(models.TextChoices):
    ADMIN = "admin", _("admin")
    MANAGER = "manager", _("manager")
    CSM = "csm", _("CSM")
    READONLY = "readonly", _("read-only")


class Membership(models.Model):
    """A person's role in an organisation."""

    class Digest(models.TextChoices):
        NONE = "none", _("none")
        DAILY = "daily", _("every day")
        WEEKLY = "weekly", _("every week")

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="memberships")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=10, choices=Role.choices, default=Role.CSM)
    joined_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    seen_at = models.DateTimeField(null=True, blank=True, help_text=_("Today: what changed since then."))
    digest = models.CharField(
        max_length=6, choices=Digest.choices, default=Digest.NONE, db_default=Digest.NONE
    )

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "user"], name="membership_once")]

    def __str__(self) -> str:
        return f"{self.user} ({self.role})"

    @property
    def can_write(self) -> bool:
        return self.role != Role.READONLY

    @property
    def can_manage(self) -> bool:
        """Managers and admins design journeys and read everything that concerns the team."""
        return self.role in (Role.ADMIN, Role.MANAGER)

    @property
    def is_admin(self) -> bool:
        return self.role == Role.ADMIN


class Invitation(TenantModel):
    """A colleague asked in by mail. Only the token's hash is kept."""

    email = models.EmailField()
    role = models.CharField(max_length=10, choices=Role.choices, default=Role.CSM)
    token_hash = models.CharField(max_length=64, blank=True)
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    invited_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                "organisation",
                Lower("email"),
                name="invitation_open_once",
                condition=models.Q(accepted_at=None, withdrawn_at=None),
            )
        ]
        indexes = [models.Index(fields=["organisation", "token_hash"], name="invitation_token")]

    def is_open(self, now: datetime) -> bool:
        return self.accepted_at is None and self.withdrawn_at is None and now < self.expires_at


class EventQuerySet(models.QuerySet["Event"]):
    def newest_first(self) -> "EventQuerySet":
        return self.order_by("-at", "-id")

    def of_customer(self, customer_id: int) -> "EventQuerySet":
        return self.filter(customer_id=customer_id)


class Event(TenantModel):
    """One thing that happened. Append-only; names are joined when shown: erasing a person leaves it whole."""

    at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    verb = models.CharField(max_length=40)
    subject_type = models.CharField(max_length=60, blank=True)
    subject_id = models.BigIntegerField(null=True)
    customer_id = models.BigIntegerField(null=True)
    data = models.JSONField(default=dict)

    objects = TenantManager.from_queryset(EventQuerySet)()

    class Meta:
        indexes = [
            models.Index(fields=["organisation", "customer_id", "-at", "-id"], name="event_timeline"),
            models.Index(fields=["organisation", "-at", "-id"], name="event_audit"),
            models.Index(fields=["organisation", "verb", "-at"], name="event_verb"),
        ]


class SealQuerySet(models.QuerySet["Seal"]):
    def newest(self) -> "Seal | None":
        return self.order_by("-number").first()


class Seal(TenantModel):
    """Some events of the log, hashed, with the hash of the seal before it. Append-only; see `sealing`."""

    number = models.PositiveIntegerField(help_text=_("1, 2, 3, …"))
    sealed_at = models.DateTimeField()
    count = models.PositiveIntegerField()
    last_id = models.BigIntegerField(help_text=_("The highest event sealed up to here."))
    lines = models.JSONField(help_text=_("[[event, hash], …]"))
    previous = models.CharField(max_length=40, blank=True)
    head = models.CharField(max_length=40)

    objects = TenantManager.from_queryset(SealQuerySet)()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "number"], name="seal_number_once")]
