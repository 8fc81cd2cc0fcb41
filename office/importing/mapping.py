"""The mapping file: which column becomes what, and which rows are meant. Pure: JSON in, rules out.

`Mapping.from_json` checks the file by itself; `office.importing.rows` binds it to a file's own columns.
See docs/reference/mapping-file.md.
"""

import json
import re
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from office.importing.cells import Manner
from office.importing.comparing import WrongRule, rules_of
from office.importing.conditions import Condition, WrongCondition
from office.importing.targets import FIELDS, TARGETS, find_target

PLACE = re.compile(r"\{([^{}]+)\}")
FILE_OPTIONS = ("encoding", "delimiter", "header_line", "sheet")
NOT_TARGETS = (*FILE_OPTIONS, "only_where", "compare", "kind", "note", "rests_on")
COLUMN_OPTIONS = {
    "from": str,
    "const": (str, int, float, bool),
    "format": str,
    "values": dict,
    "empty": str,
    "date_format": str,
    "days_from": str,
    "decimal": str,
    "thousands": str,
    "create": bool,
    "edited": str,
    "optional": bool,
    "by": str,
}
DELIMITERS = {",": ",", ";": ";", "|": "|", "\t": "\t", "tab": "\t"}


class WrongMapping(ValueError):
    """The mapping cannot be used; `problems` says everything that is wrong with it."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__(" ".join(problems))
        self.problems = problems


@dataclass(frozen=True)
class Column:
    """Where a target column's values come from, and how they are written."""

    target: str
    source: str = ""
    const: str | None = None
    format: str = ""
    values: dict[str, str] = field(default_factory=dict)
    empty: str = ""
    date_format: str = ""
    days_from: date | None = None
    decimal: str = "."
    thousands: str = ""
    create: bool = False
    takes_edited: bool = False
    is_optional: bool = False
    by: str = ""

    def manner(self, zone: ZoneInfo) -> Manner:
        return Manner(zone, self.date_format, self.days_from, self.decimal, self.thousands)


@dataclass(frozen=True)
class Mapping:
    """A checked mapping file. Without columns, the file's own column names decide."""

    kind: str
    columns: tuple[Column, ...] = ()
    conditions: tuple[Condition, ...] = ()
    encoding: str = ""
    delimiter: str = ""
    header_line: int | None = None
    sheet: str = ""

    @classmethod
    def from_json(cls, data: object, *, kind: str) -> "Mapping":
        """Raises WrongMapping with every problem found."""
        if not isinstance(data, dict):
            raise WrongMapping([_("A mapping is a JSON object: {“target column”: {“from”: “column”}, …}.")])
        problems: list[str] = []
        if "\\u0000" in json.dumps(data):
            problems.append(_("The mapping has a NUL character in it."))
        if data.get("kind", kind) != kind:
            said = {"own": data["kind"], "kind": kind}
            raise WrongMapping([_("This mapping is for %(own)s, and the file is to hold %(kind)s.") % said])
        targets = {name: spec for name, spec in data.items() if name not in NOT_TARGETS}
        columns = [_column(kind, name, spec, problems) for name, spec in targets.items()]
        conditions = _conditions(data.get("only_where", {}), problems)
        options = _file_options(data, problems)
        try:
            rules_of(data.get("compare", []), kind=kind)
        except WrongRule as wrong:
            problems.append(str(wrong))
        if targets:
            problems += _missing_targets(kind, set(targets))
        if problems:
            raise WrongMapping(problems)
        return cls(kind, tuple(filter(None, columns)), tuple(conditions), **options)

    def column(self, target: str) -> Column | None:
        return next((column for column in self.columns if column.target == target), None)

    def named_columns(self) -> list[str]:
        """Every column of the file that this mapping names and cannot do without."""
        needed = [column for column in self.columns if not column.is_optional]
        names = [column.source for column in needed if column.source]
        for column in needed:
            names += PLACE.findall(column.format)
        return [*names, *(condition.column for condition in self.conditions)]


def required(kind: str) -> list[str]:
    return [name for name, target in TARGETS[kind].items() if target.is_required]


def _missing_targets(kind: str, mapped: set[str]) -> list[str]:
    return [
        _("Nothing is mapped to “%(target)s”, which every row of %(kind)s needs.")
        % {"target": name, "kind": kind}
        for name in required(kind)
        if name not in mapped
    ]


def _column(kind: str, name: str, spec: object, problems: list[str]) -> Column | None:
    if find_target(kind, name) is None:
        targets = [*TARGETS[kind], *([f"{FIELDS}…"] if kind == "customers" else [])]
        problems.append(
            _("“%(name)s” is no target column of %(kind)s. There are: %(targets)s.")
            % {"name": name, "kind": kind, "targets": ", ".join(targets)}
        )
        return None
    if isinstance(spec, str):
        spec = {"from": spec}
    if not isinstance(spec, dict):
        problems.append(_("“%s” needs a column name or an object.") % name)
        return None
    found = _column_problems(name, spec)
    if spec.get("optional") and TARGETS[kind].get(name) and TARGETS[kind][name].is_required:
        found.append(_("“%s” is needed in every row and cannot be optional.") % name)
    problems += found
    return None if found else _build(name, spec)


def _column_problems(name: str, spec: dict[str, Any]) -> list[str]:
    problems = []
    for option, value in spec.items():
        if option not in COLUMN_OPTIONS:
            problems.append(
                _("“%(name)s” has an unknown option “%(option)s”. There are: %(options)s.")
                % {"name": name, "option": option, "options": ", ".join(COLUMN_OPTIONS)}
            )
        elif not isinstance(value, COLUMN_OPTIONS[option]):  # type: ignore[arg-type]
            problems.append(
                _("“%(name)s”: %(option)s has the wrong type.") % {"name": name, "option": option}
            )
    if len({"from", "const", "format"} & set(spec)) != 1:
        problems.append(_("“%s” needs one of from, const and format.") % name)
    return problems or _value_problems(name, spec)


def _value_problems(name: str, spec: dict[str, Any]) -> list[str]:
    problems = []
    if spec.get("empty", "skip") not in ("skip", "refuse"):
        problems.append(_("“%s”: empty is skip or refuse.") % name)
    if spec.get("edited", "keep") not in ("keep", "take"):
        problems.append(_("“%s”: edited is keep or take.") % name)
    if "by" in spec and (name, spec["by"]) != ("customer", "subscription"):
        problems.append(_("“%s”: by is for customer alone, and can be subscription.") % name)
    if "date_format" in spec and "days_from" in spec:
        problems.append(_("“%s” has both date_format and days_from; one is enough.") % name)
    if spec.get("decimal", ".") not in (".", ","):
        problems.append(_("“%s”: decimal is a point or a comma.") % name)
    if spec.get("thousands", "") and spec["thousands"] == spec.get("decimal", "."):
        problems.append(_("“%s”: decimal and thousands are the same sign.") % name)
    if any(isinstance(value, dict | list) for value in spec.get("values", {}).values()):
        problems.append(_("“%s”: values maps a text to a text.") % name)
    try:
        date.fromisoformat(spec.get("days_from", "2000-01-01"))
    except ValueError:
        problems.append(_("“%s”: days_from is a date like 2026-02-25.") % name)
    return problems


def _build(name: str, spec: dict[str, Any]) -> Column:
    return Column(
        target=name,
        source=spec.get("from", "").strip(),
        const=_as_text(spec["const"]) if "const" in spec else None,
        format=spec.get("format", ""),
        values={key.strip(): _as_text(value) for key, value in spec.get("values", {}).items()},
        empty=spec.get("empty", ""),
        date_format=spec.get("date_format", ""),
        days_from=date.fromisoformat(spec["days_from"]) if "days_from" in spec else None,
        decimal=spec.get("decimal", "."),
        thousands=spec.get("thousands", ""),
        create=spec.get("create", False),
        takes_edited=spec.get("edited") == "take",
        is_optional=spec.get("optional", False),
        by=spec.get("by", ""),
    )


def _as_text(value: object) -> str:
    """JSON's null is an empty cell."""
    return "" if value is None else str(value).strip()


def _conditions(data: object, problems: list[str]) -> list[Condition]:
    if not isinstance(data, dict):
        problems.append(_("only_where is an object: {“column”: “value”}."))
        return []
    conditions = []
    for column, wanted in data.items():
        try:
            conditions.append(Condition.from_json(column, wanted))
        except WrongCondition as wrong:
            problems.append(str(wrong))
    return conditions


def _file_options(data: dict[str, Any], problems: list[str]) -> dict[str, Any]:
    options: dict[str, Any] = {}
    if "encoding" in data:
        try:
            "".encode(data["encoding"])
            options["encoding"] = data["encoding"]
        except (LookupError, TypeError):
            problems.append(_("“%s” is no encoding we know.") % data["encoding"])
    if "delimiter" in data:
        if data["delimiter"] in DELIMITERS:
            options["delimiter"] = DELIMITERS[data["delimiter"]]
        else:
            problems.append(_("delimiter is one of , ; | and tab."))
    if "header_line" in data:
        line = data["header_line"]
        if isinstance(line, int) and not isinstance(line, bool) and line >= 0:
            options["header_line"] = line
        else:
            problems.append(_("header_line is a line number; 0 says that there is no header."))
    if "sheet" in data:
        if isinstance(data["sheet"], str):
            options["sheet"] = data["sheet"]
        else:
            problems.append(_("sheet is the name of a workbook's sheet."))
    return options
