"""How a wording came to be what it is: every change with what stood there before, by whom and when."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from customers.models import Contact, Metric, Outcome, OutcomeRevision
from organisations.models import User

FIELDS: dict[str, Promise] = {
    "words": gettext_lazy("their words"),
    "said_by": gettext_lazy("who said so, and where"),
    "contact": gettext_lazy("whose words"),
    "said_on": gettext_lazy("since when"),
    "metric": gettext_lazy("measured by"),
    "baseline": gettext_lazy("where it began"),
    "baseline_on": gettext_lazy("when it began"),
    "target": gettext_lazy("where it shall be"),
    "target_on": gettext_lazy("by when"),
    "required": gettext_lazy("what must be true"),
    "experience": gettext_lazy("how they want to get there"),
    "retired_why": gettext_lazy("why it is wanted no more"),
}


@dataclass(frozen=True)
class Line:
    """One field that changed, in words. Empty: nothing stood there."""

    field: str
    before: str
    after: str


@dataclass(frozen=True)
class Change:
    at: datetime
    edition: int
    """The one that began with it."""
    by: User | None
    contact: Contact | None
    """The customer's own change."""
    is_import: bool
    title: str
    lines: Sequence[Line]

    @property
    def who(self) -> str:
        if self.contact is not None:
            return self.contact.name
        if self.is_import:
            return _("an import")
        return self.by.name if self.by else _("somebody no longer on file")


def history_of(outcome: Outcome) -> list[Change]:
    """Newest first. Three queries, however long it is."""
    rows = list(outcome.revisions.select_related("by", "contact").order_by("-edition"))
    names = _names(outcome, rows)
    after: dict[str, Any] = {name: _now(outcome, name) for row in rows for name in row.was}
    changes = []
    for row in rows:
        changes.append(_change(row, after, names))
        after |= row.was
    return changes


def _change(row: OutcomeRevision, after: dict[str, Any], names: dict[tuple[str, int], str]) -> Change:
    lines = [
        Line(str(words), _said(name, row.was[name], names), _said(name, after[name], names))
        for name, words in FIELDS.items()
        if name in row.was
    ]
    return Change(
        at=row.at,
        edition=row.edition + 1,
        by=row.by,
        contact=row.contact,
        is_import=row.import_id is not None,
        title=_title(row, after),
        lines=lines,
    )


def _title(row: OutcomeRevision, after: dict[str, Any]) -> str:
    if "retired_at" in row.was:
        return _("Retired") if after["retired_at"] else _("Wanted again")
    if "confirmed_at" in row.was and after["confirmed_at"]:
        return _("Confirmed, with changes") if "words" in row.was or "target" in row.was else _("Confirmed")
    if "confirmed_at" in row.was:
        return _("Changed; no longer confirmed") if len(row.was) > 2 else _("No longer confirmed")
    return _("Changed")


def _now(outcome: Outcome, name: str) -> Any:
    field: Any = Outcome._meta.get_field(name)
    value = getattr(outcome, field.attname)
    return value.isoformat() if isinstance(value, date) else value


def _names(outcome: Outcome, rows: Sequence[OutcomeRevision]) -> dict[tuple[str, int], str]:
    """What the metrics and people are called that a wording named at some time."""
    found: dict[tuple[str, int], str] = {}
    for name, model in (("metric", Metric), ("contact", Contact)):
        ids = {row.was[name] for row in rows if row.was.get(name)} | {_now(outcome, name)}
        wanted = ids - {None}
        if wanted and any(name in row.was for row in rows):
            named = model._default_manager.filter(pk__in=wanted).values_list("pk", "name")
            found |= {(name, pk): text for pk, text in named}
    return found


def _said(name: str, value: Any, names: dict[tuple[str, int], str]) -> str:
    if value in (None, ""):
        return ""
    if name in ("metric", "contact"):
        return names.get((name, value), _("one no longer on file"))
    if name.endswith("_on"):
        return date_format(date.fromisoformat(value), pgettext("day of another year", "j F Y"))
    if isinstance(value, float):
        return f"{value:g}"
    return str(value)
