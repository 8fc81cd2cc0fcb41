"""What the columns of a file hold, by their first rows, and which of them becomes what. Pure: proposes only.

A proposal is a mapping as JSON: what a person corrects on the page is the same thing.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from office.importing import cells
from office.importing.mapping import NOT_TARGETS
from office.importing.rows import guess, plain
from office.importing.targets import TARGETS, Target

DATE_FORMATS = (
    "", "%d.%m.%Y", "%d/%m/%Y", "%m/%d/%Y", "%d-%m-%Y", "%m-%d-%Y", "%Y/%m/%d", "%Y%m%d",
    "%d.%m.%Y %H:%M", "%d/%m/%Y %H:%M", "%m/%d/%Y %H:%M", "%d.%m.%Y %H:%M:%S", "%m/%d/%Y %H:%M:%S",
)  # fmt: skip
ISO = re.compile(r"\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}.*)?\Z")
PLAIN_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?([eE][+-]?\d+)?\Z")
POINTS = re.compile(r"[+-]?\d{1,3}(,\d{3})+(\.\d+)?\Z")  # 1,234.5
COMMAS = re.compile(r"[+-]?\d{1,3}(\.\d{3})+(,\d+)?\Z")  # 1.234,5
COMMA = re.compile(r"[+-]?\d+,\d+\Z")  # 1234,5
ADDRESS = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+\Z")
NOTHING = frozenset(["", "null", "none", "n/a", "na", "-", "nan"])
MOST_VALUES = 30
VAGUE = ("key", "id", "date", "time", "start", "end")  # part of many names that mean something else


@dataclass(frozen=True)
class Content:
    """What one column holds."""

    name: str
    kind: str = "text"  # address, date, number, text, or empty
    date_format: str = ""
    is_unsure: bool = False
    """Day and month could be either way round."""
    decimal: str = "."
    thousands: str = ""
    values: tuple[str, ...] = ()
    """All that stands there, when that is few and repeats."""


def contents(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> dict[str, Content]:
    """By column name."""
    found: dict[str, Content] = {}
    for index, name in enumerate(columns):
        found.setdefault(name, content_of(name, [row[index].strip() for row in rows if index < len(row)]))
    return found


def content_of(name: str, texts: Sequence[str]) -> Content:
    said = [text for text in texts if text.casefold() not in NOTHING]
    if not said:
        return Content(name, "empty")
    if all(ADDRESS.match(text) for text in said):
        return Content(name, "address", values=_few(said))
    formats = [form for form in DATE_FORMATS if all(_is_date(text, form) for text in said)]
    if formats:
        unsure = {"%d/%m/%Y", "%m/%d/%Y"} <= set(formats) or {"%d-%m-%Y", "%m-%d-%Y"} <= set(formats)
        return Content(name, "date", date_format=formats[0], is_unsure=unsure)
    manner = _manner(said)
    if manner is not None:
        return Content(name, "number", decimal=manner[0], thousands=manner[1], values=_few(said))
    return Content(name, values=_few(said))


def _is_date(text: str, form: str) -> bool:
    if not form:
        return ISO.match(text) is not None and _parses(text, None)
    if form == "%Y%m%d" and not re.fullmatch(r"(19|20)\d{6}", text):
        return False
    return _parses(text, form)


def _parses(text: str, form: str | None) -> bool:
    try:
        found = datetime.strptime(text, form) if form else datetime.fromisoformat(text)  # noqa: DTZ007
    except ValueError:
        return False
    return 1900 <= found.year <= 2200


def _manner(said: Sequence[str]) -> tuple[str, str] | None:
    """Decimal and thousands sign, when all of it is numbers. `1,234` alone is thousands, as is `1.234,5`."""
    bare = [text.replace(" ", "").replace("\u00a0", "") for text in said]
    if all(PLAIN_NUMBER.match(text) for text in bare):
        return ".", ""
    for decimal, thousands, grouped in ((".", ",", POINTS), (",", ".", COMMAS)):
        if all(grouped.match(text) or PLAIN_NUMBER.match(text) for text in bare):
            if decimal == "," and any("." in text and not grouped.match(text) for text in bare):
                continue
            return decimal, thousands
    if all(COMMA.match(text) or re.fullmatch(r"[+-]?\d+", text) for text in bare):
        return ",", ""
    return None


def _few(said: Sequence[str]) -> tuple[str, ...]:
    different = dict.fromkeys(said)
    return tuple(different) if len(different) <= MOST_VALUES and len(different) < len(said) else ()


def propose(kind: str, found: dict[str, Content], remembered: dict[str, Any] | None) -> dict[str, Any]:
    """What was said last time for files of this source, if the columns it needs are here; else by name and
    content."""
    if remembered:
        here = {plain(name) for name in found}
        if all(plain(name) in here for name in _sources(remembered)):
            return remembered
    by_name = guess(kind, list(found))
    taken = set(by_name.values())
    for target, spec in TARGETS[kind].items():
        if target not in by_name:
            column = _by_words(target, spec, found, taken) or _by_content(spec, found, taken)
            if column:
                by_name[target] = column
                taken.add(column)
    return {target: described(kind, target, found[name]) for target, name in by_name.items()}


def as_chosen(
    kind: str, proposal: dict[str, Any], chosen: dict[str, str], found: dict[str, Content]
) -> dict[str, Any]:
    """The proposal with what a person has chosen in place of what was proposed."""
    chosen = {target: name for target, name in chosen.items() if name in found}
    kept = {
        target: spec
        for target, spec in proposal.items()
        if target not in chosen or (isinstance(spec, dict) and spec.get("from") == chosen[target])
    }
    return {target: described(kind, target, found[name]) for target, name in chosen.items()} | kept


def described(kind: str, target: str, content: Content) -> dict[str, Any]:
    """A column with the manner in which it writes its values."""
    spec = TARGETS[kind].get(target)
    column: dict[str, Any] = {"from": content.name}
    if spec and spec.is_date and content.kind == "date" and content.date_format:
        column["date_format"] = content.date_format
    if (
        spec
        and spec.is_number
        and content.kind == "number"
        and (content.decimal, content.thousands) != (".", "")
    ):
        column |= {"decimal": content.decimal, "thousands": content.thousands}
    return {name: value for name, value in column.items() if value}


def _sources(mapping: dict[str, Any]) -> list[str]:
    """The columns that files of this mapping always have."""
    specs = [spec for name, spec in mapping.items() if name not in NOT_TARGETS]
    named = [{"from": spec} if isinstance(spec, str) else spec for spec in specs]
    return [spec["from"] for spec in named if spec.get("from") and not spec.get("optional")]


def _words(name: str) -> set[str]:
    return set(re.findall(r"[a-z]+", re.sub(r"([a-z])([A-Z])", r"\1 \2", name).lower()))


def _by_words(target: str, spec: Target, found: dict[str, Content], taken: set[str]) -> str:
    """A column whose name holds every word of the target's, or of one of its other names: “Customer No”."""
    for known in (target, *spec.aliases):
        if known in VAGUE:
            continue
        wanted = _words(known.replace("_", " "))
        fitting = [name for name in found if name not in taken and wanted and wanted <= _words(name)]
        if len(fitting) == 1 and _may_be(spec, found[fitting[0]]):
            return fitting[0]
    return ""


def _by_content(spec: Target, found: dict[str, Content], taken: set[str]) -> str:
    """The only column left that holds what this target takes."""
    if spec.parse is cells.address:
        kind = "address"
    elif spec.is_required and spec.is_date:
        kind = "date"
    elif spec.is_required and spec.is_number:
        kind = "number"
    else:
        return ""
    fitting = [name for name, each in found.items() if each.kind == kind and name not in taken]
    return fitting[0] if len(fitting) == 1 else ""


def _may_be(spec: Target, content: Content) -> bool:
    if spec.parse is cells.address:
        return content.kind in ("address", "empty")
    if spec.is_date:
        return content.kind in ("date", "number", "empty")
    if spec.is_number:
        return content.kind in ("number", "empty")
    return content.kind != "date"
