"""The rows of an import by how they ended, for the result page and for download."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils.http import urlencode

from office.importing.targets import FIELDS, TARGETS
from office.models import Import, ImportRow
from ui.addresses import whole_number

End = ImportRow.End
TABLES = (End.REFUSED, End.KEPT, End.NEW, End.CHANGED, End.UNCHANGED, End.SKIPPED)  # by what asks for a look
SHOWN = 50
STREAMED = 2000
MOST_CHOICES = 100


@dataclass(frozen=True)
class Tab:
    end: str
    label: str
    count: int
    is_open: bool


@dataclass(frozen=True)
class RowTable:
    """Rows that ended in one way, some at a time by line, and all of them as CSV.

    `about` keeps those refused or changed in one column, `text` those in which it stands.
    """

    import_: Import
    end: str
    about: str = ""
    text: str = ""
    after: int = 0

    @property
    def count(self) -> int:
        return self.import_.counts.get(self.end, 0)

    @property
    def is_filtered(self) -> bool:
        return bool(self.about or self.text)

    @property
    def query(self) -> str:
        """The same table in an address."""
        given = {"end": self.end, "column": self.about, "q": self.text}
        return urlencode({name: value for name, value in given.items() if value})

    @cached_property
    def found(self) -> QuerySet[ImportRow]:
        rows = self.import_.rows.ended(self.end)
        if self.about:
            rows = rows.filter(column=self.about)
        if self.text:
            said = Q(value__icontains=self.text) | Q(reason__icontains=self.text)
            rows = rows.filter(said | Q(line=whole_number(self.text)))
        return rows

    @cached_property
    def about_columns(self) -> list[str]:
        """What can be chosen to look at alone."""
        if not self.tells_where:
            return []
        names = self.import_.rows.filter(end=self.end).exclude(column="").order_by("column")
        return list(names.values_list("column", flat=True).distinct()[:MOST_CHOICES])

    @cached_property
    def _page(self) -> list[ImportRow]:
        return list(self.found.filter(line__gt=self.after)[: SHOWN + 1])

    @property
    def more(self) -> int | None:
        """The line to go on after."""
        return self._page[SHOWN - 1].line if len(self._page) > SHOWN else None

    @cached_property
    def tabs(self) -> list[Tab]:
        counts = [(End(end), self.import_.counts.get(end, 0)) for end in TABLES]
        return [Tab(end.value, str(end.label), count, end == self.end) for end, count in counts if count]

    @property
    def tells_why(self) -> bool:
        return self.end in (End.REFUSED, End.KEPT, End.CHANGED, End.SKIPPED)

    @property
    def tells_where(self) -> bool:
        """Whether the reason is about one column and what stands there."""
        return self.tells_why and self.end != End.SKIPPED

    @property
    def has_values(self) -> bool:
        """Whether the rows were understood."""
        return self.end not in (End.REFUSED, End.SKIPPED)

    @cached_property
    def columns(self) -> list[str]:
        """Target columns that were mapped."""
        known = list(TARGETS[self.import_.kind])
        row = self.import_.rows.exclude(identity="").first()
        further = [name for name in (row.data if row else {}) if name.startswith(FIELDS)]
        mapped = self.import_.mapping.keys() & set(known) or (row.data.keys() if row else set())
        return [name for name in known if name in mapped] + further

    @cached_property
    def rows(self) -> list[tuple[ImportRow, list[Any]]]:
        return [(row, [row.data.get(name, "") for name in self.columns]) for row in self._page[:SHOWN]]

    @cached_property
    def reasons(self) -> list[tuple[str, int]]:
        """Why rows were skipped, most frequent first."""
        if self.end != End.SKIPPED:
            return []
        return skipped_by_reason(self.import_)

    @property
    def csv_header(self) -> list[str]:
        """Refused rows come back in the file's own columns, to be corrected and brought in again."""
        why = ["_line", "_column", "_value", "_reason"]
        return [*why, *(self.import_.layout.get("columns", []) if self.end == End.REFUSED else self.columns)]

    def csv_rows(self) -> Iterator[list[object]]:
        for row in self.found.iterator(chunk_size=STREAMED):
            if self.end == End.REFUSED:
                values = row.data["cells"]
            else:
                values = [row.data.get(name, "") for name in self.columns]
            yield [row.line, row.column, row.value, row.reason, *values]


def table_of(import_: Import, *, end: str = "", about: str = "", text: str = "", after: int = 0) -> RowTable:
    """The rows that ended so; without a wish those that most ask for a look."""
    if end not in TABLES:
        end = next((each for each in TABLES if import_.counts.get(each)), End.NEW)
    return RowTable(import_, End(end).value, about.strip(), text.strip()[:200], after)


def skipped_by_reason(import_: Import) -> list[tuple[str, int]]:
    skipped = import_.rows.filter(end=End.SKIPPED).values_list("reason").annotate(rows=Count("pk"))
    return list(skipped.order_by("-rows", "reason"))
