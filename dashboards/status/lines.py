"""One line of the status page: what it is about, how it is, since when, and what to do about it."""

from dataclasses import dataclass
from datetime import datetime

GOOD, WARN, BAD, PLAIN = "good", "warn", "bad", ""
ICONS = {GOOD: "check", WARN: "clock", BAD: "warning", PLAIN: "info"}


@dataclass(frozen=True)
class Line:
    about: str
    look: str
    words: str
    at: datetime | None = None
    do: str = ""

    @property
    def icon(self) -> str:
        return ICONS[self.look]
