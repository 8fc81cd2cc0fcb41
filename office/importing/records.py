"""A CSV file as records with line numbers, read as a stream. Pure: knows nothing of mappings.

Reads by the standard library's csv, leniently, except where leniency would swallow rows: a quote that is
never closed, and a cell too large to be one.
"""

import csv
import io
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from django.utils.translation import gettext as _

LARGEST_CELL = 5_000_000  # characters; more is a quote that was never closed


class WrongFile(ValueError):
    """The file cannot be read as a whole; the text says why and where."""


class Record(NamedTuple):
    line: int  # the physical line it begins on, from 1
    last_line: int
    cells: list[str]


class Records:
    """The records of one file; blank lines are passed over. `bytes_read` follows."""

    def __init__(self, path: Path, *, encoding: str, delimiter: str) -> None:
        self.encoding = encoding
        self.delimiter = delimiter
        self._file = path.open("rb")
        self._text: io.TextIOWrapper | None = None
        self._is_at_end = False

    def __enter__(self) -> "Records":
        return self

    def __exit__(self, *error: object) -> None:
        if self._text is not None:
            self._text.close()
        self._file.close()

    @property
    def bytes_read(self) -> int:
        return self._file.tell()

    def __iter__(self) -> Iterator[Record]:
        """Raises WrongFile at the line where reading on would be guessing."""
        csv.field_size_limit(LARGEST_CELL)
        reader = csv.reader(self._lines(), delimiter=self.delimiter)
        before = 0
        try:
            for cells in reader:
                if self._is_at_end:
                    raise WrongFile(_unclosed(before + 1))
                if cells:
                    yield Record(before + 1, reader.line_num, cells)
                before = reader.line_num
        except csv.Error:
            raise WrongFile(_unclosed(before + 1)) from None
        except UnicodeError as error:
            raise WrongFile(
                _("After line %(line)s the file is not %(encoding)s: %(error)s.")
                % {"line": reader.line_num, "encoding": self.encoding, "error": error}
            ) from None

    def _lines(self) -> Iterator[str]:
        self._text = io.TextIOWrapper(self._file, encoding=self.encoding, newline="")
        yield from self._text
        self._is_at_end = True  # asked for a line after the last one: inside a quote, or done


def _unclosed(line: int) -> str:
    return (
        _("Line %s opens a quote that is never closed, or holds a cell of more than 5 million characters.")
        % line
    )
