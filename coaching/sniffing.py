"""Which files may be sent on: a few types that are plainly what their name says, and hold no program.

What a file is comes from its content; its name has to agree. Nothing is opened further than its table of
contents.
"""

import io
import re
import zipfile
from pathlib import PurePath

from django.utils.translation import gettext as _

LARGEST = 5 * 1024 * 1024
LONGEST_NAME = 120
OFFICE = "application/vnd.openxmlformats-officedocument"
TYPES = {
    ".pdf": "application/pdf",
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".docx": f"{OFFICE}.wordprocessingml.document",
    ".xlsx": f"{OFFICE}.spreadsheetml.sheet",
    ".pptx": f"{OFFICE}.presentationml.presentation",
    ".odt": "application/vnd.oasis.opendocument.text",
    ".ods": "application/vnd.oasis.opendocument.spreadsheet",
    ".odp": "application/vnd.oasis.opendocument.presentation",
    ".txt": "text/plain",
    ".md": "text/plain",
    ".csv": "text/csv",
}
FOLDERS = {".docx": "word/", ".xlsx": "xl/", ".pptx": "ppt/"}
PROGRAMS = re.compile(r"vbaproject|(^|/)activex/|(^|/)basic/|(^|/)scripts?/|\.(bin|exe|dll|js|vbs)$", re.I)
BEGINS = {".pdf": b"%PDF-", ".png": b"\x89PNG\r\n\x1a\n", ".jpg": b"\xff\xd8\xff", ".jpeg": b"\xff\xd8\xff"}


class Unsafe(ValueError):
    """This file is not taken; the text says why. Nothing was kept."""


def media_type(name: str, content: bytes) -> str:
    """What it is. Raises Unsafe."""
    ending = PurePath(name).suffix.lower()
    if len(content) > LARGEST:
        raise Unsafe(_("The file is larger than %(n)d MB. Send a link to it instead.") % {"n": LARGEST >> 20})
    if ending not in TYPES:
        known = ", ".join(sorted(ending.removeprefix(".") for ending in TYPES))
        raise Unsafe(_("This kind of file is not taken. These are: %(known)s.") % {"known": known})
    if not _is_what_it_says(ending, content):
        raise Unsafe(
            _("The file is not what its name says: its content is no “%(ending)s”.") % {"ending": ending}
        )
    return TYPES[ending]


def plain_name(name: str) -> str:
    """A file's name without folders and odd characters, its ending kept."""
    path = PurePath(name.replace("\\", "/"))
    stem = re.sub(r"[^\w \-.()]+", "-", path.stem).strip(" .-") or "file"
    ending = path.suffix.lower()
    return f"{stem[: LONGEST_NAME - len(ending)]}{ending}"


def _is_what_it_says(ending: str, content: bytes) -> bool:
    if ending in BEGINS:
        return content.startswith(BEGINS[ending])
    if ending in (".txt", ".md", ".csv"):
        return _is_text(content)
    return _is_document(ending, content)


def _is_text(content: bytes) -> bool:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return False
    return "\x00" not in text


def _is_document(ending: str, content: bytes) -> bool:
    """A zip with the parts of such a document and no program in it."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            names = packed.namelist()
            said = packed.open("mimetype").read(100).decode("ascii", "replace") if "mimetype" in names else ""
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, ValueError):
        return False
    if any(PROGRAMS.search(name) for name in names):
        raise Unsafe(_("The document holds a program (a macro). Save it without and choose it again."))
    if ending in FOLDERS:
        return "[Content_Types].xml" in names and any(name.startswith(FOLDERS[ending]) for name in names)
    return said.strip() == TYPES[ending]
