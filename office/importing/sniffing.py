"""How a file reads: its encoding, delimiter, header line and columns. What the mapping says goes first."""

import codecs
import csv
import io
from collections import Counter
from dataclasses import asdict, dataclass, replace
from itertools import islice
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from office.importing.mapping import Mapping, WrongMapping
from office.importing.records import Record, Records, WrongFile
from office.importing.rows import by_name, plain
from office.importing.workbooks import SheetRecords, choose_sheet, is_workbook

SAMPLE_BYTES = 65_536
SAMPLE_RECORDS = 50
DELIMITERS = (",", ";", "\t", "|")
MAGIC = {
    b"\xd0\xcf\x11\xe0": "an old Excel workbook, or one with a password",
    b"\x1f\x8b": "a gzip archive",
    b"%PDF": "a PDF",
    b"SQLite format": "a database",
}
BOMS = {codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
NOT_IN_CP1252 = bytes([0x81, 0x8D, 0x8F, 0x90, 0x9D])


@dataclass(frozen=True)
class Layout:
    """Everything needed to read the file again in the same way."""

    encoding: str
    delimiter: str
    header_line: int
    columns: list[str]
    sheet: str = ""  # of a workbook

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> "Layout":
        return cls(**data)

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    def open(self, path: Path) -> Records | SheetRecords:
        if self.sheet:
            return SheetRecords(path, self.sheet)
        return Records(path, encoding=self.encoding, delimiter=self.delimiter)


def find_layout(path: Path, mapping: Mapping, *, whole: bool = True) -> Layout:
    """Raises WrongFile, or WrongMapping when the mapped columns are nowhere near the top.

    With `whole` the encoding is tried on the whole file, not on a sample: what is found holds to the end.
    """
    layout = _manner(path, mapping, whole=whole)
    with layout.open(path) as records:
        top = list(islice(records, SAMPLE_RECORDS))
    if not top:
        raise WrongFile(_("The file is empty."))
    return _with_header(layout, top, mapping)


def _manner(path: Path, mapping: Mapping, *, whole: bool) -> Layout:
    """How it is written, before anything is known of its header."""
    with path.open("rb") as file:
        sample = file.read(SAMPLE_BYTES)
    if is_workbook(path):
        return Layout("", "", 0, [], sheet=choose_sheet(path, mapping.sheet))
    _refuse_other_kinds(sample)
    encoding = mapping.encoding or find_encoding(path, whole=whole)
    delimiter = mapping.delimiter or find_delimiter(_decoded(sample, encoding))
    return Layout(encoding, delimiter, 0, [])


def _refuse_other_kinds(sample: bytes) -> None:
    for magic, kind in MAGIC.items():
        if sample.startswith(magic):
            raise WrongFile(
                _("This is %s, not a CSV file or an .xlsx workbook. Save it as one of these and bring that.")
                % kind
            )


def find_encoding(path: Path, *, whole: bool) -> str:
    """A byte-order mark decides; then UTF-8 if it fits, else Windows-1252, else Latin-1: that always fits."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    is_utf8 = fits_cp1252 = True
    with path.open("rb") as file:
        block = file.read(SAMPLE_BYTES)
        for bom, encoding in BOMS.items():
            if block.startswith(bom):
                return encoding
        if unmarked := _unmarked_utf16(block):
            return unmarked
        while block:
            if is_utf8:
                try:
                    decoder.decode(block)
                except UnicodeDecodeError:
                    is_utf8 = False
            fits_cp1252 = fits_cp1252 and len(block.translate(None, NOT_IN_CP1252)) == len(block)
            block = file.read(1 << 20) if whole else b""
    if is_utf8 and whole and decoder.getstate()[0]:
        is_utf8 = False  # ends inside a character
    return "utf-8" if is_utf8 else "cp1252" if fits_cp1252 else "latin-1"


def _unmarked_utf16(block: bytes) -> str:
    """Latin text in UTF-16 has a zero in every second byte."""
    even, odd = block[0:2000:2], block[1:2000:2]
    if even and odd.count(0) > len(odd) * 0.6 and even.count(0) < len(even) * 0.1:
        return "utf-16-le"
    if odd and even.count(0) > len(even) * 0.6 and odd.count(0) < len(odd) * 0.1:
        return "utf-16-be"
    return ""


def _decoded(sample: bytes, encoding: str) -> str:
    return codecs.getincrementaldecoder(encoding)("replace").decode(sample)


def find_delimiter(sample: str) -> str:
    """The one that cuts the most lines into the same number of cells, more than one."""

    def evenness(delimiter: str) -> tuple[int, int]:
        try:
            reader = csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter)
            rows = list(islice(reader, SAMPLE_RECORDS))
        except csv.Error:
            return 0, 0
        widths = Counter(len(row) for row in rows[:-1] or rows if len(row) > 1)
        return max(((lines, width) for width, lines in widths.items()), default=(0, 0))

    return max(DELIMITERS, key=evenness)


def _with_header(layout: Layout, top: list[Record], mapping: Mapping) -> Layout:
    if mapping.header_line == 0:
        columns = [str(number) for number in range(1, len(top[0].cells) + 1)]
        return replace(layout, columns=columns)
    if mapping.header_line is not None:
        for record in top:
            if record.line == mapping.header_line:
                return _header_at(layout, record)
        raise WrongFile(_("Line %s, which the mapping calls the header, is not there.") % mapping.header_line)
    for record in top:
        if _names_all(mapping, record.cells):
            return _header_at(layout, record)
    return _header_at(layout, _most_likely(top))


def _header_at(layout: Layout, record: Record) -> Layout:
    if any("\0" in cell for cell in record.cells):
        raise WrongFile(_("Line %s, the header, has NUL characters in it: this is no text.") % record.line)
    return replace(layout, header_line=record.line, columns=[cell.strip() for cell in record.cells])


def _names_all(mapping: Mapping, cells: list[str]) -> bool:
    """Whether this line names every column the mapping (or, without one, the kind) needs."""
    if not mapping.columns:
        try:
            by_name(mapping.kind, cells)
        except WrongMapping:
            return False
        return True
    there = {plain(cell) for cell in cells}
    return all(plain(name) in there for name in mapping.named_columns())


def _most_likely(top: list[Record]) -> Record:
    """Nothing fits: the fullest of the lines as wide as most lines are, for saying what is there."""
    filled = [record for record in top if any(cell.strip() for cell in record.cells)] or top
    usual = Counter(len(record.cells) for record in filled).most_common(1)[0][0]
    wide = [record for record in filled if len(record.cells) == usual]
    return max(wide, key=lambda record: (sum(bool(cell.strip()) for cell in record.cells), -record.line))
