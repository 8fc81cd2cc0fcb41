"""The one stylesheet browsers get says exactly what the many files say."""

from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from ui.stylesheets import flattened

STATIC = Path(__file__).parents[2] / "static"


def test_it_puts_imports_into_their_layers() -> None:
    files = {
        "css/app.css": "@layer a, b;\n"
        '@import url("one.css") layer(a);\n@import url("in/two.css") layer(b);\n',
        "css/one.css": "p { color: red; }\n",
        "css/in/two.css": '@import url("../one.css");\nq { color: blue; }\n',
    }
    assert flattened("css/app.css", files.__getitem__) == (
        "@layer a, b;\n@layer a {\np { color: red; }\n}\n"
        "@layer b {\np { color: red; }\nq { color: blue; }\n}\n"
    )


def test_it_misses_no_file_of_ours() -> None:
    flat = flattened("css/app.css", lambda name: (STATIC / name).read_text())
    assert "@import" not in flat
    for path in STATIC.glob("css/**/*.css"):
        if path.name not in ("app.css", "gallery.css"):
            assert path.read_text() in flat, f"{path.name} is not imported by app.css"


def test_it_collects_one_hashed_and_compressed_stylesheet(tmp_path: Path, settings: Any) -> None:
    settings.STATIC_ROOT = tmp_path
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "ui.stylesheets.FlatStylesheets"},
    }
    call_command("collectstatic", "--no-input", verbosity=0)
    (hashed,) = tmp_path.glob("css/app.????????????.css")
    assert "@import" not in hashed.read_text()
    assert hashed.with_suffix(".css.br").stat().st_size < 14_000


@pytest.mark.parametrize("path", sorted(STATIC.glob("css/**/*.css")), ids=lambda path: path.name)
def test_it_keeps_stylesheets_short(path: Path) -> None:
    assert len(path.read_text().splitlines()) <= 120
