"""Excel workbooks (.xlsx) as records, like a CSV file's. Looked at closely before anything is unpacked.

A workbook is a zip archive: how large it becomes, and how far its cells are spread, is found by reading it as
a stream, before the library that takes it apart holds it in memory. Formulas give the value last calculated.
"""

import re
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from pathlib import Path

from django.utils.translation import gettext as _
from python_calamine import CalamineWorkbook

from office.importing.records import Record, WrongFile

MAGIC = b"PK\x03\x04"
LARGEST_PACKED = 20 * 1024**2
LARGEST_UNPACKED = 200 * 1024**2
MOST_ROWS = 200_000
MOST_CELLS = 10_000_000
MOST_PARTS = 2_000
BLOCK = 1 << 20
OVERLAP = 64  # bytes: a reference may lie across two blocks
REFERENCE = re.compile(rb"""\br\s*=\s*["']([A-Z]{0,3})([0-9]{1,8})["']""")
DISGUISED = re.compile(rb"""\br\s*=\s*["'][^"'<>]{0,20}&""")


class SheetRecords:
    """The rows of one sheet; empty ones are passed over. `bytes_read` follows as far as rows do."""

    def __init__(self, path: Path, sheet: str) -> None:
        """Raises WrongFile."""
        self._size = path.stat().st_size
        self._rows = _rows(path, sheet)
        self._at = 0

    def __enter__(self) -> "SheetRecords":
        return self

    def __exit__(self, *error: object) -> None:
        self._rows = []

    @property
    def bytes_read(self) -> int:
        return self._size * self._at // max(1, len(self._rows))

    def __iter__(self) -> Iterator[Record]:
        for number, cells in enumerate(self._rows, start=1):
            self._at = number
            texts = [_text(cell) for cell in cells]
            if any(texts):
                yield Record(number, number, texts)


def is_workbook(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(4) == MAGIC


def sheets_of(path: Path) -> list[str]:
    """The names of its sheets, after a look at whether it is one that may be opened. Raises WrongFile."""
    _look(path)
    with _faults_said():
        names = CalamineWorkbook.from_path(str(path)).sheet_names
    if not names:
        raise WrongFile(_("The workbook has no sheet."))
    return list(names)


def choose_sheet(path: Path, wanted: str) -> str:
    """The wanted one; else the first that holds anything. Raises WrongFile."""
    names = sheets_of(path)
    if wanted:
        if wanted not in names:
            raise WrongFile(
                _("The workbook has no sheet “%(wanted)s”. It has: %(names)s.")
                % {"wanted": wanted, "names": ", ".join(names)}
            )
        return wanted
    with _faults_said():
        workbook = CalamineWorkbook.from_path(str(path))
        return next((name for name in names if workbook.get_sheet_by_name(name).start), names[0])


def _rows(path: Path, sheet: str) -> Sequence[Sequence[object]]:
    with _faults_said():
        found = CalamineWorkbook.from_path(str(path)).get_sheet_by_name(sheet)
        if found.end and found.end[0] >= MOST_ROWS:
            raise WrongFile(_too_many_rows())
        return found.to_python(skip_empty_area=False)


@contextmanager
def _faults_said() -> Iterator[None]:
    """Whatever a broken archive does to those who take it apart is the file's fault, and is said as that."""
    try:
        yield
    except WrongFile:
        raise
    except BaseException as error:  # a panic of the library is no Exception
        is_a_fault = isinstance(error, Exception) or type(error).__name__ == "PanicException"
        if not is_a_fault or isinstance(error, MemoryError):
            raise
        raise WrongFile(_damaged(error)) from None


def _look(path: Path) -> None:
    """Every part of the archive, unpacked as a stream and thrown away. Raises WrongFile."""
    if path.stat().st_size > LARGEST_PACKED:
        raise WrongFile(_("The workbook is larger than 20 MB. Save its sheet as CSV and bring that."))
    with _faults_said(), zipfile.ZipFile(path) as archive:
        parts = archive.infolist()
        if not any(part.filename.lower() == "xl/workbook.xml" for part in parts):
            raise WrongFile(_("This is a zip archive, not an Excel workbook. Unpack it and bring the file."))
        if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > LARGEST_UNPACKED:
            raise WrongFile(_too_large())
        left = LARGEST_UNPACKED
        for part in parts:
            left = _look_at(archive, part, left)


def _look_at(archive: zipfile.ZipFile, part: zipfile.ZipInfo, left: int) -> int:
    """How many bytes may still come after this part."""
    is_sheet = part.filename.lower().startswith("xl/worksheets/")
    rows = columns = 0
    before = b""
    with archive.open(part) as stream:
        while block := stream.read(BLOCK):
            left -= len(block)
            if left < 0:
                raise WrongFile(_too_large())
            if is_sheet:
                if b"\0" in block or DISGUISED.search(before + block):
                    raise WrongFile(_damaged(_("a sheet is written in a way no spreadsheet does")))
                for letters, number in REFERENCE.findall(before + block):
                    rows, columns = max(rows, int(number)), max(columns, _column(letters))
                before = block[-OVERLAP:]
    if rows > MOST_ROWS:
        raise WrongFile(_too_many_rows())
    if rows * columns > MOST_CELLS:
        raise WrongFile(
            _("A sheet spreads over more than 10 million cells. Save what you need as CSV and bring that.")
        )
    return left


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _text(cell: object) -> str:
    """As the file would say it in CSV: whole numbers without a point, dates as 2026-02-25."""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    if isinstance(cell, datetime):
        at = cell.isoformat(sep=" ")
        return at.removesuffix(" 00:00:00")
    if isinstance(cell, date | time):
        return cell.isoformat()
    return str(cell).strip() if not isinstance(cell, timedelta) else str(cell)


def _too_large() -> str:
    return _("Unpacked, the workbook would be larger than 200 MB. Save its sheet as CSV and bring that.")


def _too_many_rows() -> str:
    return _("A sheet has more than 200,000 rows. Save it as CSV and bring that.")


def _damaged(why: object) -> str:
    return (
        _("It begins like an Excel workbook, and is damaged: %s. Open it, save it again and bring that.")
        % why
    )
