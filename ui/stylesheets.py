"""One stylesheet for browsers, many files for people: collectstatic puts the imports into app.css.

Thirty small files would cost a page two more round trips. Nothing is compiled: the text stays as written.
"""

import re
from collections.abc import Callable, Iterator
from posixpath import dirname, join, normpath
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import InMemoryStorage
from whitenoise.storage import CompressedManifestStaticFilesStorage

ENTRY = "css/app.css"
IMPORT = re.compile(r'@import url\("([^"]+)"\)(?: layer\((\w+)\))?;\n?')


def flattened(name: str, read: Callable[[str], str]) -> str:
    """The stylesheet with every import replaced by what it imports, in its layer."""

    def imported(found: re.Match[str]) -> str:
        path, layer = found.groups()
        text = flattened(normpath(join(dirname(name), path)), read)
        return f"@layer {layer} {{\n{text}}}\n" if layer else text

    return IMPORT.sub(imported, read(name))


class FlatStylesheets(CompressedManifestStaticFilesStorage):
    """WhiteNoise's storage, which hashes and compresses, given one stylesheet instead of thirty."""

    def post_process(self, paths: dict[str, Any], dry_run: bool = False, **options: Any) -> Iterator[Any]:
        if ENTRY in paths and not dry_run:
            flat = InMemoryStorage()
            flat.save(ENTRY, ContentFile(flattened(ENTRY, lambda name: _text(paths, name))))
            paths = {**paths, ENTRY: (flat, ENTRY)}
        yield from super().post_process(paths, dry_run, **options)


def _text(paths: dict[str, Any], name: str) -> str:
    storage, path = paths[name]
    with storage.open(path) as file:
        return str(file.read().decode())
