"""A mapping bound to the columns a file really has: cells in, understood values out. Pure."""

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from office.importing.cells import Manner, Parser, Unreadable
from office.importing.mapping import PLACE, Column, Mapping, WrongMapping, required
from office.importing.targets import FIELDS, TARGETS, find_target

GUARDED = re.compile(r"'[=+\-@\t\r]")  # how spreadsheet-safe exports, ours too, mark what is no formula
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
LISTED = 40  # column names shown at most
LINE = "#line"  # stands for the line itself, in files that have no key

type Values = dict[str, Any]
type Columns = Sequence[Sequence[str]]
type Raw = Callable[[Columns], Sequence[str]]


class Skipped(Exception):
    """A rule of the mapping leaves this row out; the text says which."""


class Refused(Exception):
    """A cell stands against storing this row."""

    def __init__(self, column: str, value: str, reason: str) -> None:
        super().__init__(reason)
        self.column = column
        self.value = value
        self.reason = reason


class RowReader:
    """Reads one row's cells into values by target column."""

    def __init__(self, mapping: Mapping, header: list[str], *, zone: ZoneInfo) -> None:
        """Raises WrongMapping when the file lacks a column that the mapping names."""
        self.header = header
        self._find = _Finder(header)
        self.columns = _there(mapping.columns, self._find) or by_name(mapping.kind, header)
        self._conditions = [(self._find(c.column), c) for c in mapping.conditions]
        self._steps = [self._step(mapping.kind, column, zone) for column in self.columns]
        self._find.raise_problems()

    def read(self, cells: list[str], *, line: int = 0) -> Values:
        """Raises Skipped or Refused."""
        found = self.read_all([cells], lines=[line])[0]
        if isinstance(found, Skipped | Refused):
            raise found
        return found

    def read_all(
        self, rows: Sequence[list[str]], *, lines: Sequence[int]
    ) -> list[Values | Skipped | Refused]:
        """Column by column, which is several times quicker than row by row; what a row says first counts."""
        problems: dict[int, Skipped | Refused] = {}
        meant: dict[int, list[str]] = {}
        for place, (cells, line) in enumerate(zip(rows, lines, strict=True)):
            try:
                meant[place] = self._meant(cells, line)
            except (Skipped, Refused) as problem:
                problems[place] = problem
        if not meant:
            return list(problems.values())
        columns = list(zip(*meant.values(), strict=True))
        said = [step.read(columns) for step in self._steps]
        for column in said:
            for place, value in zip(meant, column.values, strict=True) if column.has_problems else ():
                if isinstance(value, Skipped | Refused):
                    problems.setdefault(place, value)
        targets = [step.target for step in self._steps]
        read = zip(*(column.values for column in said), strict=True)
        values = {
            place: {target: value for target, value in zip(targets, row, strict=True) if value is not None}
            for place, row in zip(meant, read, strict=True)
        }
        return [problems.get(place) or values[place] for place in range(len(rows))]

    def _meant(self, cells: list[str], line: int) -> list[str]:
        """The cells of a row that no rule leaves out."""
        if not any(map(str.strip, cells)):
            raise Skipped(_("empty row"))
        cells = self._same_width(cells)
        if self._find.is_line_asked_for:
            cells = [*cells, str(line)]
        for index, condition in self._conditions:
            if not condition.holds(cells[index].strip()):
                raise Skipped(condition.in_words)
        return cells

    def _same_width(self, cells: list[str]) -> list[str]:
        width = len(self.header)
        if len(cells) == width:
            return cells
        if len(cells) > width and not any(cell.strip() for cell in cells[width:]):
            return cells[:width]
        raise Refused(
            "",
            "",
            _("has %(cells)s cells, the header names %(columns)s columns")
            % {"cells": len(cells), "columns": width},
        )

    def _step(self, kind: str, column: Column, zone: ZoneInfo) -> "_Step":
        target = find_target(kind, column.target)
        assert target is not None
        empty = column.empty or ("refuse" if target.is_required else "")
        return _Step(column, self._raw(column), target.parse, column.manner(zone), empty)

    def _raw(self, column: Column) -> Raw:
        if column.const is not None:
            const = column.const
            return lambda columns: [const] * len(columns[0])
        if column.format:
            return self._formatted(column.format)
        index = self._find(column.source)
        return lambda columns: columns[index]

    def _formatted(self, form: str) -> Raw:
        """`{column}` stands for its cell; when all of them are empty, so is the whole."""
        places = {name: self._find(name) for name in PLACE.findall(form)}
        if not places:
            return lambda columns: [form] * len(columns[0])

        def fill(*cells: str) -> str:
            said = dict(zip(places, map(str.strip, cells), strict=True))
            return PLACE.sub(lambda found: said[found[1]], form) if any(said.values()) else ""

        return lambda columns: list(map(fill, *(columns[index] for index in places.values())))


class _Said(NamedTuple):
    values: list[Any]
    has_problems: bool


@dataclass(frozen=True, slots=True)
class _Step:
    """One target column: what every row's cell says. The same text is understood once."""

    column: Column
    cells_of: Raw
    parse: Parser
    manner: Manner
    empty: str

    @property
    def target(self) -> str:
        return self.column.target

    def read(self, columns: Columns) -> "_Said":
        """A value for each row; None for an empty cell, or what stands against the row."""
        cells = list(map(str.strip, self.cells_of(columns)))
        said = {cell: self._said(cell) for cell in set(cells)}
        has_problems = any(isinstance(value, Skipped | Refused) for value in said.values())
        return _Said([said[cell] for cell in cells], has_problems)

    def _said(self, cell: str) -> Any:
        named = self.column.source or self.target
        cell = self.column.values.get(cell, cell)
        if GUARDED.match(cell):
            cell = cell[1:]
        if not cell:
            return _met_empty(named, self.empty)
        if CONTROL.search(cell):
            return Refused(named, cell, _("has a control character in it, such as NUL"))
        try:
            return self.parse(cell, self.manner)
        except Unreadable as unreadable:
            return Refused(named, cell, str(unreadable))


def _there(columns: tuple[Column, ...], find: "_Finder") -> tuple[Column, ...]:
    """All columns but the optional ones that this file lacks."""

    def is_there(column: Column) -> bool:
        named = [column.source] if column.source else PLACE.findall(column.format)
        return not column.is_optional or all(plain(name) in find.plain for name in named)

    return tuple(column for column in columns if is_there(column))


def _met_empty(column: str, rule: str) -> Skipped | Refused | None:
    if rule == "skip":
        return Skipped(_("%s is empty") % column)
    return Refused(column, "", _("is empty")) if rule == "refuse" else None


class _Finder:
    """Where a named column stands; collects the names that are not there, or are there twice."""

    def __init__(self, header: list[str]) -> None:
        self.header = header
        self.exact = [name.strip() for name in header]
        self.plain = [plain(name) for name in header]
        self.problems: list[str] = []
        self.is_line_asked_for = False

    def __call__(self, name: str) -> int:
        if name.strip() == LINE and LINE not in self.exact:
            self.is_line_asked_for = True
            return len(self.header)
        for names, wanted in ((self.exact, name.strip()), (self.plain, plain(name))):
            found = [index for index, each in enumerate(names) if each == wanted]
            if len(found) == 1:
                return found[0]
            if found:
                places = ", ".join(str(index + 1) for index in found)
                self.problems.append(
                    _("The column “%(name)s” stands there more than once: columns %(places)s.")
                    % {"name": name, "places": places}
                )
                return found[0]
        self.problems.append(_("There is no column “%s”.") % name)
        return 0

    def raise_problems(self) -> None:
        if self.problems:
            raise WrongMapping([*dict.fromkeys(self.problems), what_is_there(self.header)])


def plain(name: str) -> str:
    """How names are compared: without case, spaces, hyphens and underscores."""
    return re.sub(r"[\s_\-]+", "", name).casefold()


def what_is_there(header: list[str]) -> str:
    names = [name.strip() or _("(no name)") for name in header]
    more = _(" and %s more") % (len(names) - LISTED) if len(names) > LISTED else ""
    return _("The file has: %(names)s%(more)s.") % {"names": ", ".join(names[:LISTED]), "more": more}


def guess(kind: str, header: list[str]) -> dict[str, str]:
    """Target → column for those that go by the target's name or one of its aliases."""
    names = Counter(plain(name) for name in header if name.strip())
    guessed, used = {}, set()
    for target, spec in TARGETS[kind].items():
        for known in (target, *spec.aliases):
            if names[plain(known)] and plain(known) not in used:
                guessed[target] = next(name for name in header if plain(name) == plain(known))
                used.add(plain(known))
                break
    for name in header:
        if find_target(kind, name.strip()) and name.strip().startswith(FIELDS):
            guessed[name.strip()] = name
    return guessed


def by_name(kind: str, header: list[str]) -> tuple[Column, ...]:
    """Columns for a file that comes without a mapping. Raises WrongMapping when a needed one is missing."""
    guessed = guess(kind, header)
    missing = [name for name in required(kind) if name not in guessed]
    if missing:
        raise WrongMapping(
            [
                *[_("There is no column “%s”.") % name for name in missing],
                what_is_there(header),
                _("A mapping file says which column is meant."),
            ]
        )
    return tuple(replace(Column(target), source=source.strip()) for target, source in guessed.items())
