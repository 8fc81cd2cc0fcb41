"""Files of imports that are still kept: whether one names a person. Read in blocks, whatever its size."""

import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from django.conf import settings

from office.erasing.names import Names
from office.models import Import

BLOCK = 1 << 20
ENCODINGS = ("utf-8", "utf-16-le", "utf-16-be", "cp1252")


def naming(names: Names) -> list[Import]:
    """Imports whose kept file names them."""
    return [one for one in Import.objects.exclude(file_path="") if _names(one, names)]


def _names(import_: Import, names: Names) -> bool:
    path = Path(settings.STATE) / import_.file_path
    if not path.is_file():
        return False
    said = {one for text in names.variants for one in _encoded(text)}
    longest = max(map(len, said), default=1)
    for part in _parts(path):
        before = b""
        while block := part.read(BLOCK):
            text = (before + block).lower()
            if any(one in text for one in said):
                return True
            before = block[-longest:]
    return False


def _encoded(text: str) -> Iterator[bytes]:
    for name in ENCODINGS:
        yield text.encode(name, "ignore").lower()


def _parts(path: Path) -> Iterator[IO[bytes]]:
    """The file, or what a workbook packs."""
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as packed:
            for name in packed.namelist():
                with packed.open(name) as part:
                    yield part
    else:
        with path.open("rb") as file:
            yield file
