"""The files of imports, kept below the state folder until they are no longer needed."""

import hashlib
import uuid
from pathlib import Path
from typing import BinaryIO, NamedTuple

from django.conf import settings
from django.utils.translation import gettext as _

from office.importing.records import WrongFile
from office.models import Import
from organisations.models import Organisation

LARGEST_FILE = 1024**3
BLOCK = 1 << 20


class KeptFile(NamedTuple):
    path: str  # below the state folder
    bytes: int
    sha256: str


def keep(file: BinaryIO, organisation: Organisation) -> KeptFile:
    """Copy a file: the work goes on whatever happens to the original. Raises WrongFile over 1 GB."""
    folder = folder_of(organisation.pk)
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{uuid.uuid4().hex}.csv"
    digest, size = hashlib.sha256(), 0
    try:
        with path.open("wb") as copy:
            while block := file.read(BLOCK):
                size += len(block)
                if size > LARGEST_FILE:
                    raise WrongFile(
                        _("The file is larger than 1 GB. Cut it into parts and bring them in turn.")
                    )
                digest.update(block)
                copy.write(block)
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    return KeptFile(str(path.relative_to(settings.STATE)), size, digest.hexdigest())


def folder_of(organisation_id: int) -> Path:
    return Path(settings.STATE) / "imports" / str(organisation_id)


def path_of(import_: Import) -> Path:
    """Raises WrongFile when the file is gone."""
    path = Path(settings.STATE) / import_.file_path
    if not import_.file_path or not path.is_file():
        raise WrongFile(_("The file is no longer kept. Bring it in again."))
    return path


def forget(import_: Import) -> None:
    """Delete the file; the import's row stays as the record of what happened."""
    if import_.file_path:
        unlink(import_.file_path)
        import_.file_path = ""
        import_.save(update_fields=["file_path"])


def unlink(path: str) -> None:
    """By what `Import.file_path` said."""
    (Path(settings.STATE) / path).unlink(missing_ok=True)
