"""What people typed is escaped wherever it is shown; whoever switches that off stands here, with a reason."""

import ast
import re

from tests.house.ours import ROOT, sources

UNESCAPED = re.compile(r"autoescape off|\|\s*safe(seq)?\b")
# Modules that call text safe: shapes and icons of our own, made of numbers and constants.
DRAWING = {
    "ui/markdown.py": "Markdown, read without HTML; what is filled in is escaped",
    "ui/icons.py": "the drawings of this very file",
    "ui/shapes.py": "paths made of numbers",
    "ui/templatetags/ui.py": "nothing at all, when there is nothing to say",
}


def test_pages_escape_everything() -> None:
    """Plain-text mails alone do not: there is nothing to escape in them."""
    found = {
        str(path.relative_to(ROOT))
        for path in (ROOT / "templates").rglob("*.*")
        if UNESCAPED.search(path.read_text(encoding="utf-8"))
    }
    assert {path for path in found if not re.fullmatch(r"templates/(emails|account)/.+\.txt", path)} == set()


def test_only_drawings_are_called_safe() -> None:
    calling = {
        source.path
        for source in sources()
        for node in ast.walk(source.tree)
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") in ("mark_safe", "SafeString")
    }
    assert calling == DRAWING.keys()
