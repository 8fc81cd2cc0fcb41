"""What leaves the house: one recipient per address, the outbox, links in mails, and what holds mail back."""

from collections.abc import Collection
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Coalesce, Lower
from django.utils.translation import gettext_lazy as _

from organisations.tenancy import TenantManager, TenantModel


class Recipient(TenantModel):
    """One address we may write to. Language, zone, quiet hours and opt-outs belong to the address."""

    class Wish(models.TextChoices):
        ALL = "all", _("everything")
        WEEKLY = "weekly", _("one mail a week instead of single ones")
        IMPORTANT = "important", _("only what asks something of them")
        NOTHING = "nothing", _("no mails")

    class Weekday(models.IntegerChoices):
        """As `datetime.weekday` counts them."""

        MONDAY = 0, _("Monday")
        TUESDAY = 1, _("Tuesday")
        WEDNESDAY = 2, _("Wednesday")
        THURSDAY = 3, _("Thursday")
        FRIDAY = 4, _("Friday")

    address = models.EmailField(max_length=254)
    language = models.CharField(max_length=10, blank=True, help_text=_("Empty: the organisation's."))
    zone = models.CharField(max_length=64, blank=True, help_text=_("Empty: the organisation's."))
    quiet_from = models.TimeField(null=True, blank=True)
    quiet_to = models.TimeField(null=True, blank=True)
    wish = models.CharField(max_length=10, choices=Wish.choices, default=Wish.ALL)
    weekday = models.PositiveSmallIntegerField(
        choices=Weekday.choices,
        default=Weekday.TUESDAY,
        db_default=Weekday.TUESDAY.value,
        help_text=_("When their one mail a week goes, if they wish for one."),
    )
    opted_out_at = models.DateTimeField(null=True, blank=True)
    bounced_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint("organisation", Lower("address"), name="recipient_address_once"),
            models.CheckConstraint(
                condition=Q(quiet_from=None, quiet_to=None)
                | Q(quiet_from__isnull=False, quiet_to__isnull=False),
                name="recipient_quiet_hours_paired",
            ),
            models.CheckConstraint(condition=Q(weekday__lte=4), name="recipient_weekday_is_a_workday"),
        ]

    def tzinfo(self) -> ZoneInfo:
        return ZoneInfo(self.zone or self.organisation.zone)


class DeliveryQuerySet(models.QuerySet["Delivery"]):
    def newest_first(self) -> "DeliveryQuerySet":
        return self.order_by("-created_at", "-id")

    def open(self) -> "DeliveryQuerySet":
        return self.filter(state__in=[Delivery.State.PENDING, Delivery.State.SENDING, Delivery.State.HELD])

    def when_counted(self, recipient_ids: Collection[int], *, now: datetime) -> list[tuple[int, datetime]]:
        """What budgets count of the last seven days, by recipient: when it went, or may have."""
        may_have = [Delivery.State.SENT, Delivery.State.SENDING, Delivery.State.UNCERTAIN]
        rows = self.filter(recipient__in=recipient_ids, purpose__in=Delivery.COUNTED, state__in=may_have)
        began = rows.annotate(began_at=Coalesce("sent_at", "first_tried_at"))
        lately = began.filter(began_at__gt=now - Delivery.BUDGET_DAYS, began_at__lte=now)
        return list(lately.values_list("recipient_id", "began_at"))


class Delivery(TenantModel):
    """One mail to one address: the outbox. See `post.dispatching` for how it moves between states."""

    class State(models.TextChoices):
        PENDING = "pending", _("waiting to go")
        SENDING = "sending", _("on its way")
        SENT = "sent", _("taken by the mail server")
        FAILED = "failed", _("refused")
        UNCERTAIN = "uncertain", _("uncertain")
        SUPPRESSED = "suppressed", _("not sent: they asked us not to")
        HELD = "held", _("held")
        STOPPED = "stopped", _("stopped")
        SIMULATED = "simulated", _("simulated, never sent")

    class Purpose(models.TextChoices):
        CELEBRATION = "celebration", _("celebration")
        MESSAGE = "message", _("message on the way")
        WEEK = "week", _("messages of a week")
        CONFIRMATION = "confirmation", _("question: is it so?")
        RECEIPT = "receipt", _("copy of an answer")
        LINK = "link", _("new link")
        INVITATION = "invitation", _("invitation")
        APPOINTMENT = "appointment", _("call invitation")
        RESOURCE = "resource", _("resource")
        RECAP = "recap", _("recap of a call")
        CONTEST = "contest", _("a customer contested")
        REMINDER = "reminder", _("reminder of a commitment")
        FAVOUR = "favour", _("we ask something of them")
        THANKS = "thanks", _("thanks")
        INTRODUCTION = "introduction", _("introduction of two people")
        MEETING = "meeting", _("meeting of a circle")
        CIRCLE = "circle", _("news of a circle")
        DIGEST = "digest", _("digest")
        TEST = "test", _("test mail")

    COUNTED = (
        *(Purpose.CELEBRATION, Purpose.MESSAGE, Purpose.WEEK, Purpose.CONFIRMATION),
        *(Purpose.RESOURCE, Purpose.RECAP, Purpose.REMINDER, Purpose.FAVOUR),
        *(Purpose.INTRODUCTION, Purpose.CIRCLE),
    )
    """What a person's budget counts."""
    BUDGET_DAYS = timedelta(days=7)

    purpose = models.CharField(max_length=20, choices=Purpose.choices)
    subject_key = models.CharField(max_length=100)
    address = models.EmailField(max_length=254)
    recipient = models.ForeignKey(Recipient, null=True, on_delete=models.SET_NULL, related_name="deliveries")
    customer_id = models.BigIntegerField(null=True)

    state = models.CharField(max_length=12, choices=State.choices, default=State.PENDING)
    reason = models.CharField(max_length=500, blank=True, help_text=_("Why it is in this state, in words."))
    recalled_why = models.CharField(
        max_length=500, blank=True, db_default="", help_text=_("Why it must not be tried again.")
    )
    created_at = models.DateTimeField()
    due_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveIntegerField(default=0)
    first_tried_at = models.DateTimeField(
        null=True, blank=True, help_text=_("We give up some days after this moment.")
    )
    lease_token = models.UUIDField(null=True, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)

    from_name = models.CharField(max_length=120)
    reply_to = models.CharField(max_length=254, blank=True)
    message_id = models.CharField(max_length=200)
    subject = models.CharField(max_length=300)
    text = models.TextField()
    html = models.TextField(blank=True)
    calendar = models.TextField(
        blank=True,
        db_default="",
        help_text=_("An entry for the reader’s calendar that goes with it, as it leaves."),
    )
    links = models.JSONField(
        default=list, help_text=_("Links made at send: [{placeholder, purpose, subject_id, days}].")
    )

    objects = TenantManager.from_queryset(DeliveryQuerySet)()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                "organisation", "purpose", "subject_key", Lower("address"), name="delivery_once"
            ),
        ]
        indexes = [
            models.Index(fields=["organisation", "-created_at", "-id"], name="delivery_newest"),
            models.Index(fields=["organisation", "state", "-created_at", "-id"], name="delivery_state"),
            models.Index(fields=["organisation", "customer_id", "-created_at"], name="delivery_customer"),
        ]


class PostDue(models.Model):
    """The thin table the post loop reads across organisations: which delivery is due when, nothing else."""

    organisation = models.ForeignKey("organisations.Organisation", on_delete=models.CASCADE, related_name="+")
    delivery = models.OneToOneField(Delivery, primary_key=True, on_delete=models.CASCADE, related_name="+")
    due_at = models.DateTimeField()

    class Meta:
        db_table = "post_due"
        indexes = [
            models.Index(fields=["due_at", "delivery"], name="post_due_soonest"),
            models.Index(fields=["organisation", "due_at", "delivery"], name="post_due_organisation"),
        ]


class Link(TenantModel):
    """A signed link in a mail: single-purpose, expiring. The token itself is never stored, only its hash."""

    purpose = models.CharField(max_length=20)
    subject_id = models.BigIntegerField(null=True)
    address = models.EmailField(max_length=254, blank=True)
    token_hash = models.CharField(max_length=64)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    first_opened_at = models.DateTimeField(null=True, blank=True)
    spent_at = models.DateTimeField(null=True, blank=True)
    is_demo = models.BooleanField(default=False, help_text=_("Opened as the customer in demo mode."))
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "token_hash"], name="link_token_once")]

    def has_expired(self, now: datetime) -> bool:
        return now >= self.expires_at

    def is_open(self, now: datetime) -> bool:
        return self.spent_at is None and not self.has_expired(now)


class Hold(TenantModel):
    """An organisation's mail waits for a word of theirs: this looks like a copy. See `post.guarding`."""

    class Why(models.TextChoices):
        COPY = "copy", _("this database has sent mail before, and from somewhere else")
        OLDER = "older", _("mail has left since the moment this database remembers")

    class Choice(models.TextChoices):
        SEND = "send", _("send them")
        LEAVE = "leave", _("leave them stopped")

    why = models.CharField(max_length=10, choices=Why.choices)
    since = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    choice = models.CharField(max_length=5, choices=Choice.choices, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation"], condition=Q(ended_at=None), name="hold_open_once"
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None, choice="") | (Q(ended_at__isnull=False) & ~Q(choice="")),
                name="hold_ends_with_a_choice",
            ),
        ]


class Installation(models.Model):
    """The one row about this database itself: its key, and how many sends it has begun."""

    ONLY = 1

    key = models.UUIDField()
    sends = models.BigIntegerField(default=0)


class Heartbeat(models.Model):
    """When a part of this installation last said that it lives, on the database's clock."""

    class Name(models.TextChoices):
        POST = "post", _("the post loop")
        WORKER = "worker", _("the worker")
        BEAT = "beat", _("beat")
        BROKER = "broker", _("the broker")  # noted by the post loop when it answered

    SILENT_AFTER = timedelta(minutes=2)

    name = models.CharField(max_length=10, primary_key=True, choices=Name.choices)
    at = models.DateTimeField()
