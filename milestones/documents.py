"""Reading somebody else's JSON document: takes values out, and notes every fault with its path."""

from collections.abc import Collection
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any

from django.utils.text import slugify
from django.utils.translation import gettext as _

from milestones.outlines import KEY_LENGTH, plain

MOST_FAULTS = 50
type Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong with a file: where, such as `milestones[2].criteria[0].threshold`, and what."""

    path: str
    message: str

    def __str__(self) -> str:
        return f"{self.path}: {self.message}" if self.path else self.message


class DocumentRefused(ValueError):
    """The document cannot be read. Nothing was stored."""

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__("\n".join(str(fault) for fault in faults))
        self.faults = faults


@dataclass
class Reader:
    """Takes values out of a document and notes what is wrong with them; gives a harmless value instead."""

    faults: list[Fault] = field(default_factory=list)

    def fault(self, path: str, message: str) -> None:
        if len(self.faults) < MOST_FAULTS:
            self.faults.append(Fault(path[:200], message))

    def record(self, path: str, value: Any, fields: Collection[str]) -> Json:
        if not isinstance(value, dict):
            self.fault(path, _("must be an object: { … }"))
            return {}
        for name in [name for name in value if name not in fields][:MOST_FAULTS]:
            near = get_close_matches(name[:40], fields, n=1)
            hint = _("; did you mean “%(near)s”?") % {"near": near[0]} if near else ""
            self.fault(f"{path}.{name}" if path else name, _("is not a field of a journey file") + hint)
        return value

    def items(self, path: str, value: Any, *, most: int) -> list[tuple[str, Any]]:
        if value is None:
            return []
        if not isinstance(value, list):
            self.fault(path, _("must be a list: [ … ]"))
            return []
        if len(value) > most:
            self.fault(
                path, _("has %(count)d entries; %(most)d at most") % {"count": len(value), "most": most}
            )
        return [(f"{path}[{index}]", item) for index, item in enumerate(value[:most])]

    def text(self, path: str, value: Any, *, most: int, needed: bool = False) -> str:
        if value is None or value == "":
            if needed:
                self.fault(path, _("is missing"))
            return ""
        if not isinstance(value, str):
            self.fault(path, _("must be text in quotes"))
            return ""
        if len(value) > most:
            self.fault(path, _("is longer than %(most)d characters") % {"most": most})
        if any(_is_forbidden(character) for character in value):
            self.fault(path, _("holds a character that is no text"))
        return value.strip()

    def slug(self, path: str, value: Any, *, needed: bool = False) -> str:
        text = self.text(path, value, most=KEY_LENGTH, needed=needed)
        if text and slugify(text) != text:
            self.fault(path, _("may hold small letters, digits and hyphens only"))
        return text

    def choice(self, path: str, value: Any, choices: Collection[str], *, needed: bool = False) -> str:
        text = self.text(path, value, most=60, needed=needed)
        if text and text not in choices:
            self.fault(path, _("must be one of %(choices)s") % {"choices": ", ".join(choices)})
        return text

    def whole(self, path: str, value: Any, *, most: int) -> str:
        if value is None:
            return ""
        if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= most:
            self.fault(path, _("must be a whole number from 0 to %(most)d") % {"most": most})
            return ""
        return plain(value)

    def number(self, path: str, value: Any) -> str:
        if value is None:
            return ""
        if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) <= 1e300:
            self.fault(path, _("must be a number"))
            return ""
        return plain(value)

    def flag(self, path: str, value: Any) -> bool:
        if value is not None and not isinstance(value, bool):
            self.fault(path, _("must be true or false"))
        return value is True


def _is_forbidden(character: str) -> bool:
    return (ord(character) < 32 and character not in "\t\n\r") or "\ud800" <= character <= "\udfff"
