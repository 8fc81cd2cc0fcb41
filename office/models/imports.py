"""Imports in two phases, with their staging rows."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from organisations.tenancy import TenantManager, TenantModel

UNDO_FOR = timedelta(days=30)


class ImportQuerySet(models.QuerySet["Import"]):
    def newest_first(self) -> "ImportQuerySet":
        return self.order_by("-made_at", "-id")

    def runnable(self) -> "ImportQuerySet":
        """Those with work to do."""
        return self.filter(state__in=Import.RUNNING)

    def failed(self) -> "ImportQuerySet":
        return self.filter(state=Import.State.FAILED)

    def takeable(self) -> "ImportQuerySet":
        """Work to do that nobody holds: never taken, or its lease has run out by the database's clock."""
        return self.runnable().filter(Q(lease_token=None) | Q(lease_until__lt=Now()))

    def orphaned(self) -> "ImportQuerySet":
        """Work that was asked for and that nobody took, or went on with, in time."""
        return self.runnable().filter(lease_until__lt=Now())


class Import(TenantModel):
    """One file on its way in: checked into staging in committed chunks, then applied at once."""

    class Kind(models.TextChoices):
        CUSTOMERS = "customers", _("customers")
        CONTACTS = "contacts", _("contacts")
        ENROLMENTS = "enrolments", _("enrolments")
        READINGS = "readings", _("readings")
        TRANSACTIONS = "transactions", _("transactions")
        SUBSCRIPTIONS = "subscriptions", _("subscriptions")
        CASES = "cases", _("support cases")
        ACHIEVEMENTS = "achievements", _("past achievements")
        PROMISES = "promises", _("promises from the sale")

    class State(models.TextChoices):
        MAPPING = "mapping", _("columns to be matched")
        WAITING = "waiting", _("waits for the worker")
        CHECKING = "checking", _("is being checked")
        CHECKED = "checked", _("checked, not yet applied")
        APPLYING = "applying", _("is being applied")
        APPLIED = "applied", _("applied")
        REFUSED = "refused", _("refused, nothing stored")
        CANCELLED = "cancelled", _("cancelled, nothing stored")
        FAILED = "failed", _("failed")
        UNDOING = "undoing", _("is being undone")
        UNDONE = "undone", _("undone")

    RUNNING = (State.WAITING, State.CHECKING, State.APPLYING, State.UNDOING)
    FINISHED = (State.APPLIED, State.REFUSED, State.CANCELLED, State.FAILED, State.UNDONE)

    kind = models.CharField(max_length=16, choices=Kind.choices)
    source = models.CharField(
        max_length=60, help_text=_("Where the file comes from; keeps identities apart.")
    )
    file_name = models.CharField(max_length=255)
    file_path = models.CharField(max_length=500, help_text=_("Below the state folder."))
    file_bytes = models.BigIntegerField()
    file_sha256 = models.CharField(max_length=64)
    mapping = models.JSONField(default=dict)
    layout = models.JSONField(
        default=dict, help_text=_("How the file reads: encoding, delimiter, header line, columns.")
    )
    is_history = models.BooleanField(default=False)
    is_partial = models.BooleanField(default=False)
    is_dry_run = models.BooleanField(default=False)
    apply_at_once = models.BooleanField(
        default=False, help_text=_("Apply when the check finds nothing refused.")
    )
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )

    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    state_why = models.TextField(blank=True)
    lease_token = models.UUIDField(null=True, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    cancel_asked_at = models.DateTimeField(null=True, blank=True)
    checking_since = models.DateTimeField(null=True, blank=True)
    applying_since = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    bytes_read = models.BigIntegerField(default=0)
    lines_read = models.BigIntegerField(default=0)
    rows_applied = models.BigIntegerField(default=0)
    parts = models.JSONField(
        default=list, help_text=_("Applied in parts: [{to_line, rows, applied_at}], each whole by itself.")
    )
    attempts = models.PositiveIntegerField(
        default=0, help_text=_("Times somebody took it without getting any further.")
    )
    counts = models.JSONField(
        default=dict, help_text=_("Rows by how they end: new, changed, unchanged, skipped, refused, kept.")
    )
    is_traced = models.BooleanField(
        db_default=False, help_text=_("What it did to rows is kept, so that it can be undone.")
    )
    undo = models.JSONField(
        default=dict, help_text=_("The last undo: {asked_at, by, part, was, counts}; counts when it is done.")
    )

    objects = TenantManager.from_queryset(ImportQuerySet)()

    class Meta:
        indexes = [models.Index(fields=["organisation", "-made_at", "-id"], name="import_newest")]

    @property
    def is_finished(self) -> bool:
        return self.state in Import.FINISHED

    @property
    def is_running(self) -> bool:
        return self.state in Import.RUNNING

    @property
    def row_count(self) -> int:
        return sum(self.counts.values())

    @property
    def counts_in_words(self) -> str:
        """“12 new · 3 changed · 9 refused”, without what did not happen."""
        counts = [(end, self.counts.get(end, 0)) for end in ImportRow.End]
        return " · ".join(f"{count:,} {end.label}" for end, count in counts if count) or gettext("no rows")

    @property
    def can_be_applied(self) -> bool:
        """Whether a person's yes would store something."""
        is_checked = self.state in (Import.State.CHECKED, Import.State.REFUSED)
        return is_checked and self.good_count > 0 and self.file_path != ""

    @property
    def can_be_tried_again(self) -> bool:
        """Whether what it needs is still there: a failure on our side, and the file with its rows."""
        return self.state == Import.State.FAILED and self.file_path != ""

    def can_be_undone(self, now: datetime) -> bool:
        """Whether something of it is stored that an undo could still take back."""
        is_stored = self.state == Import.State.APPLIED or (
            self.state == Import.State.FAILED and bool(self.parts)
        )
        return bool(is_stored and self.is_traced and self.finished_at and now <= self.undo_until)

    @property
    def undo_until(self) -> datetime:
        return (self.finished_at or self.made_at) + UNDO_FOR

    @property
    def undone_parts(self) -> list[int]:
        return [number for number, part in enumerate(self.parts) if part.get("undone_at")]

    @property
    def parts_to_undo(self) -> list[int | None]:
        """What is still stored: parts by number, from the last; [None] is the whole."""
        if not self.parts:
            return [None]
        return [number for number in reversed(range(len(self.parts))) if number not in self.undone_parts]

    @property
    def state_before_failing(self) -> str:
        if self.undo and "counts" not in self.undo:
            return Import.State.UNDOING
        if self.applying_since:
            return Import.State.APPLYING
        return Import.State.CHECKING if self.checking_since else Import.State.WAITING

    @property
    def good_count(self) -> int:
        """Rows that an apply would store or find in place."""
        return self.row_count - self.counts.get("refused", 0) - self.counts.get("skipped", 0)


class ImportRowQuerySet(models.QuerySet["ImportRow"]):
    def ended(self, end: str) -> "ImportRowQuerySet":
        return self.filter(end=end).order_by("line")

    def to_apply(self) -> "ImportRowQuerySet":
        """Understood, and the first in the file with their identity."""
        return self.exclude(identity="").order_by("line")


class ImportRow(TenantModel):
    """One line in staging: what was understood, and how it ends."""

    class End(models.TextChoices):
        NEW = "new", _("new")
        CHANGED = "changed", _("changed")
        UNCHANGED = "unchanged", _("unchanged")
        SKIPPED = "skipped", _("skipped by rule")
        REFUSED = "refused", _("refused")
        KEPT = "kept", _("a person's edit is kept")

    of = models.ForeignKey(Import, on_delete=models.CASCADE, related_name="rows")
    line = models.BigIntegerField()
    identity = models.CharField(
        max_length=32, blank=True, help_text=_("Hash of what it is about; empty when it is not applied.")
    )
    end = models.CharField(max_length=9, choices=End.choices)
    data = models.JSONField(
        default=dict, help_text=_("The understood values; of a refused row the raw ones.")
    )
    column = models.CharField(max_length=120, blank=True)
    value = models.CharField(max_length=200, blank=True)
    reason = models.CharField(max_length=300, blank=True)

    objects = TenantManager.from_queryset(ImportRowQuerySet)()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "of", "line"], name="import_row_once")]
        indexes = [
            models.Index(fields=["organisation", "of", "end", "line"], name="import_row_end"),
            models.Index(
                fields=["organisation", "of", "identity"],
                name="import_row_identity",
                condition=~Q(identity=""),
            ),
        ]


class ImportClaim(TenantModel):
    """What one line of a file says about something it shares with other lines: they must not disagree."""

    of = models.ForeignKey(Import, on_delete=models.CASCADE, related_name="claims")
    about = models.CharField(max_length=32, help_text=_("Hash of what it is about."))
    says = models.CharField(max_length=32, help_text=_("Hash of what is said."))
    line = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "of", "about"], name="import_claim_once")
        ]


class ImportTraceQuerySet(models.QuerySet["ImportTrace"]):
    def listed(self) -> "ImportTraceQuerySet":
        """What an undo could not take back, or what it left for good reason."""
        return self.filter(undone__in=ImportTrace.LISTED).exclude(reason="").order_by("id")


class ImportTrace(TenantModel):
    """What an import did to one row: how it was before, how it was left, and what undo made of it."""

    class Undone(models.TextChoices):
        RESTORED = "restored", _("as before")
        WITHDRAWN = "withdrawn", _("taken back")
        LEFT = "left", _("left whole")
        CONFIRMED = "confirmed", _("stays: the customer confirmed it")
        SENT = "sent", _("was sent before")

    LISTED = (Undone.LEFT, Undone.CONFIRMED, Undone.SENT)

    of = models.ForeignKey(Import, on_delete=models.CASCADE, related_name="traces")
    part = models.PositiveIntegerField(default=0)
    model = models.CharField(max_length=60)
    row = models.BigIntegerField(help_text=_("Its id."))
    customer_id = models.BigIntegerField(null=True)
    before = models.JSONField(null=True, help_text=_("The fields as they were; none for a row it made."))
    after = models.CharField(max_length=32, help_text=_("Hash of the fields as it left them."))
    undone = models.CharField(max_length=10, choices=Undone.choices, db_default="")
    undone_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=300, db_default="")

    objects = TenantManager.from_queryset(ImportTraceQuerySet)()

    class Meta:
        indexes = [
            models.Index(fields=["organisation", "of", "model", "row"], name="import_trace_row"),
            models.Index(
                fields=["organisation", "model", "row"],
                name="import_trace_undone",
                condition=Q(undone="withdrawn"),
            ),
        ]
