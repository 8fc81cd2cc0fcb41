"""How an import stands, in numbers and words: for the page and the command alike."""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from office.models import Import, ImportRow


@dataclass(frozen=True)
class Progress:
    """How far the work at hand is. `percent` is None where nobody can see: inside one transaction."""

    percent: int | None
    rows: int
    total: int | None
    seconds: float

    @cached_property
    def rows_per_second(self) -> int:
        return round(self.rows / self.seconds) if self.seconds > 0 else 0

    @cached_property
    def seconds_left(self) -> int | None:
        """None until there is something to go by."""
        if not self.percent or self.seconds < 1:
            return None
        return round(self.seconds * (100 - self.percent) / self.percent)

    @property
    def in_words(self) -> str:
        words = [] if self.percent is None else [f"{self.percent} %"]
        if self.rows:
            words.append(ngettext("%(n)s row", "%(n)s rows", self.rows) % {"n": f"{self.rows:,}"})
        if self.rows_per_second:
            words.append(_("%s rows a second") % f"{self.rows_per_second:,}")
        if self.seconds_left is not None:
            words.append(_("%s left") % duration_in_words(self.seconds_left))
        return " · ".join(words)


def progress_of(import_: Import, *, now: datetime) -> Progress:
    """Of the phase it is in: bytes while it is checked, rows while it is applied in parts, parts undone."""
    if import_.state == Import.State.UNDOING:
        seconds = _since(datetime.fromisoformat(import_.undo["asked_at"]), now)
        return Progress(None, 0, None, seconds)
    if import_.state == Import.State.APPLYING:
        seconds = _since(import_.applying_since, now)
        total = import_.row_count
        percent = 100 * import_.rows_applied // total if import_.parts and total else None
        return Progress(percent, import_.rows_applied, total, seconds)
    percent = min(100, 100 * import_.bytes_read // import_.file_bytes) if import_.file_bytes else 0
    return Progress(percent, import_.row_count, None, _since(import_.checking_since, now))


def _since(began: datetime | None, now: datetime) -> float:
    return max(0.0, (now - began).total_seconds()) if began else 0.0


def duration_in_words(seconds: int) -> str:
    if seconds < 60:
        return ngettext("%s second", "%s seconds", seconds) % seconds
    minutes = round(seconds / 60)
    return ngettext("%s minute", "%s minutes", minutes) % minutes


def row_in_words(row: ImportRow) -> str:
    """“line 12, column score, “n/a”: is not a number”."""
    words = [_("line %s") % row.line]
    if row.column:
        words.append(_("column %s") % row.column)
    if row.value:
        words.append(f"“{row.value}”")
    return f"{', '.join(words)}: {row.reason}"
