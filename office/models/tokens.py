"""What lets a machine in: tokens, and the answers kept so that a repeated request changes nothing."""

from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from organisations.tenancy import TenantManager, TenantModel

INTAKE = "intake"
ROOMS = ("customers", "milestones", "coaching", "advocacy", "post", "office", "organisations")
SCOPES = ("read", "write", *(f"{room}:{what}" for room in ROOMS for what in ("read", "write")), INTAKE)


class TokenQuerySet(models.QuerySet["Token"]):
    def newest_first(self) -> "TokenQuerySet":
        return self.order_by("-made_at", "-id")


class Token(TenantModel):
    """A machine's key. Only its hash is kept; what is done with it, is done in the name of `user`."""

    name = models.CharField(max_length=80, help_text=_("Where it is used."))
    start = models.CharField(max_length=24, help_text=_("Its first letters, to tell it from others."))
    token_hash = models.CharField(max_length=64)
    scopes = models.JSONField(default=list, help_text=_("Of `SCOPES`: a room's, or all rooms'."))
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        help_text=_("In whose name it writes. It may never do more than they may."),
    )
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True, blank=True)
    used_at = models.DateTimeField(null=True, blank=True, help_text=_("Written at most once a minute."))
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = TenantManager.from_queryset(TokenQuerySet)()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "token_hash"], name="token_once")]

    def __str__(self) -> str:
        return self.name

    def is_open(self, now: datetime) -> bool:
        return self.ended_at is None and (self.expires_at is None or now < self.expires_at)

    def may(self, scope: str) -> bool:
        """Whether it was made for this, such as "customers:read". Who may write may read."""
        room, _colon, what = scope.partition(":")
        wider = {scope, what} if what else {scope}
        if what == "read":
            wider |= {f"{room}:write", "write"}
        return not wider.isdisjoint(self.scopes)


class KeptAnswer(TenantModel):
    """What a request with an Idempotency-Key was answered: made in the transaction of its effect."""

    token = models.ForeignKey(Token, on_delete=models.CASCADE, related_name="answers")
    key = models.CharField(max_length=255)
    fingerprint = models.CharField(max_length=64, help_text=_("Hash of method, address and body."))
    status = models.PositiveSmallIntegerField()
    body = models.TextField()
    headers = models.JSONField(default=dict)
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "token", "key"], name="kept_answer_once"),
            models.CheckConstraint(condition=~Q(key=""), name="kept_answer_has_key"),
        ]
        indexes = [models.Index(fields=["organisation", "made_at"], name="kept_answer_age")]
