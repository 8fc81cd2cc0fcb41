"""The product's own files, for tests that read them."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
ROOMS = (
    "bosai", "dashboards", "office", "advocacy", "coaching", "milestones", "customers", "post",
    "organisations", "ui",
)  # fmt: skip


@dataclass(frozen=True)
class Source:
    """A Python file, by its path below the root, such as "post/models.py"."""

    path: str
    text: str

    @property
    def tree(self) -> ast.Module:
        return ast.parse(self.text)

    @property
    def lines(self) -> int:
        return len(self.text.splitlines())

    @property
    def functions(self) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
        for node in ast.walk(self.tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                yield node


def sources(*, migrations: bool = False) -> list[Source]:
    """Every Python file of the rooms; what the framework writes only when asked for."""
    found = [path for room in ROOMS for path in sorted((ROOT / room).rglob("*.py"))]
    return [
        Source(str(path.relative_to(ROOT)), path.read_text(encoding="utf-8"))
        for path in found
        if migrations or "migrations" not in path.parts
    ]


def span(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Lines from the first of its signature to its last; decorators not counted."""
    return (node.end_lineno or node.lineno) - node.lineno + 1
