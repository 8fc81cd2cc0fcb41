"""The file itself: a zip with a manifest that names every other member, its size and its SHA-256."""

import hashlib
import json
import os
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

FORMAT, EDITION = "bosai-backup", 1
MANIFEST = "manifest.json"
BLOCK = 1 << 20


class Unusable(Exception):
    """This file cannot be restored here; the text says why."""


class Damaged(Unusable):
    """It is a backup, and not as it was written."""


class Member:
    """What is being written into one member, counted on the way."""

    def __init__(self, file: IO[bytes]) -> None:
        self.file = file
        self.digest = hashlib.sha256()
        self.bytes = 0
        self.lines = 0

    def write(self, data: bytes) -> None:
        self.file.write(data)
        self.digest.update(data)
        self.bytes += len(data)
        self.lines += data.count(b"\n")


class Writer:
    def __init__(self, packed: zipfile.ZipFile) -> None:
        self.packed = packed
        self.members: dict[str, dict[str, Any]] = {}

    @contextmanager
    def member(self, name: str) -> Iterator[Member]:
        with self.packed.open(name, "w", force_zip64=True) as file:
            written = Member(file)
            yield written
        self.members[name] = {"bytes": written.bytes, "sha256": written.digest.hexdigest()}

    def add(self, name: str, path: Path) -> bool:
        """A file as it lies there. False when it has just gone."""
        try:
            source = path.open("rb")
        except FileNotFoundError:
            return False
        with source, self.member(name) as target:
            while block := source.read(BLOCK):
                target.write(block)
        return True

    def finish(self, manifest: dict[str, Any]) -> None:
        said = {"format": FORMAT, "edition": EDITION, **manifest, "members": self.members}
        self.packed.writestr(MANIFEST, json.dumps(said, indent=1, ensure_ascii=False))


@contextmanager
def written(path: Path) -> Iterator[Writer]:
    """A new file that appears whole or not at all, for its owner's eyes."""
    draft = path.with_name(f"{path.name}.part")
    try:
        descriptor = os.open(draft, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600)
        with (
            os.fdopen(descriptor, "wb") as file,
            zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=5) as packed,
        ):
            yield Writer(packed)
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


class Reader:
    def __init__(self, packed: zipfile.ZipFile) -> None:
        self.packed = packed
        self.manifest = _manifest_of(packed)

    def verify(self) -> None:
        """Raises Damaged unless every member is there and as it was written."""
        for name, wanted in self.manifest["members"].items():
            digest = hashlib.sha256()
            try:
                with self.packed.open(name) as file:
                    while block := file.read(BLOCK):
                        digest.update(block)
            except (KeyError, zipfile.BadZipFile, EOFError, OSError) as error:
                raise Damaged(f"{name} cannot be read from it") from error
            if digest.hexdigest() != wanted["sha256"]:
                raise Damaged(f"{name} is not as it was written")

    def names(self, below: str) -> list[str]:
        return [name for name in self.manifest["members"] if name.startswith(f"{below}/")]

    @contextmanager
    def member(self, name: str) -> Iterator[IO[bytes]]:
        with self.packed.open(name) as file:
            yield file

    def extract(self, name: str, target: Path) -> None:
        """Below `target`'s folder, readable by its owner."""
        target.parent.mkdir(parents=True, exist_ok=True)
        with self.member(name) as source, target.open("wb") as file:
            target.chmod(0o600)
            while block := source.read(BLOCK):
                file.write(block)


@contextmanager
def opened(path: Path) -> Iterator[Reader]:
    """Raises Unusable for what is no backup."""
    try:
        packed = zipfile.ZipFile(path)
    except (OSError, zipfile.BadZipFile) as error:
        raise Unusable(f"{path} is no backup of Bosai, or only a part of one") from error
    with packed:
        yield Reader(packed)


def _manifest_of(packed: zipfile.ZipFile) -> dict[str, Any]:
    try:
        manifest: dict[str, Any] = json.loads(packed.read(MANIFEST))
    except (KeyError, ValueError, zipfile.BadZipFile) as error:
        raise Unusable("there is no manifest in it: it is no backup of Bosai") from error
    if manifest.get("format") != FORMAT or manifest.get("edition") != EDITION:
        raise Unusable("it is no backup that this version of Bosai can read")
    return manifest
