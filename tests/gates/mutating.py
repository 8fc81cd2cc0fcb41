"""Changes of one thing in a source: what a test should notice, and the lines a test must take to do so.

Field options of models count as well: that models and migrations agree is tested, and a change of one is not.
"""

import ast
import copy
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TARGETS = (
    "post",
    "milestones/judging.py",
    "milestones/achievements.py",
    "milestones/criteria.py",
    "milestones/evidence.py",
    "milestones/verifying",
)
"""What must never be wrong: all that leaves, and who has met what since when."""
LEFT_OUT = ("migrations", "admin.py", "apps.py", "urls.py")

COMPARED = {
    ast.Eq: ast.NotEq, ast.NotEq: ast.Eq, ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt,
    ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.In: ast.NotIn, ast.NotIn: ast.In,
}  # fmt: skip
COUNTED = {ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.FloorDiv, ast.FloorDiv: ast.Mult}


@dataclass(frozen=True)
class Mutant:
    path: str
    line: int
    said: str
    place: tuple[int, int]
    """The how-manieth node of the file, and which of its changes."""
    lines: range | None = None
    """Of the statement it is in; None when that is executed as the module is imported."""
    function: str = ""
    """The outermost function it is in, with its class."""

    def source(self, text: str) -> str:
        """The whole file, so changed."""
        tree = ast.parse(text)
        node = next(each for at, each in enumerate(ast.walk(tree)) if at == self.place[0])
        list(_changes(node))[self.place[1]]()
        return ast.unparse(tree)


def mutants_of(path: str, text: str) -> Iterator[Mutant]:
    """Every mutant of a file, each with one change."""
    tree = ast.parse(text)
    places = dict(_places(tree))
    for at, node in enumerate(ast.walk(tree)):
        for n in range(len(list(_changes(node)))):
            twin = copy.deepcopy(node)
            list(_changes(twin))[n]()
            before, after = ast.unparse(node), ast.unparse(twin)
            if before != after:
                lines, function = places[id(node)]
                said = f"{before[:70]}  →  {after[:70]}"
                yield Mutant(path, getattr(node, "lineno", 0), said, (at, n), lines, function)


type Place = tuple[range | None, str]


def _places(node: ast.AST, at: Place = (None, ""), owner: str = "") -> Iterator[tuple[int, Place]]:
    """For this and every node below, by its id: the lines of its statement and its outermost function."""
    lines, function = at
    if function and isinstance(node, ast.stmt):
        body = getattr(node, "body", None)
        last = body[0].lineno - 1 if body else node.end_lineno or node.lineno
        lines = range(node.lineno, max(node.lineno, last) + 1)
    yield id(node), (lines, function)
    is_function = isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and not function
    if isinstance(node, ast.ClassDef) and not function:
        owner = f"{owner}{node.name}."
    for child in ast.iter_child_nodes(node):
        if is_function and isinstance(child, ast.stmt):
            yield from _places(child, (lines, f"{owner}{node.name}"), owner)
        else:
            yield from _places(child, (lines, function), owner)


def _changes(node: ast.AST) -> Iterator[Callable[[], object]]:
    """What may be changed in this one, as functions that do it."""
    match node:
        case ast.Compare(ops=[op, *_]) if type(op) in COMPARED:
            yield lambda: node.ops.__setitem__(0, COMPARED[type(op)]())
        case ast.BoolOp():
            yield lambda: setattr(node, "op", ast.Or() if isinstance(node.op, ast.And) else ast.And())
        case ast.UnaryOp(op=ast.Not()):
            yield lambda: setattr(node, "operand", ast.UnaryOp(ast.Not(), node.operand))
        case ast.BinOp(op=op) if type(op) in COUNTED and not isinstance(
            node.left, ast.Constant | ast.JoinedStr
        ):
            yield lambda: setattr(node, "op", COUNTED[type(op)]())
        case ast.If() | ast.IfExp():
            yield lambda: setattr(node, "test", ast.UnaryOp(ast.Not(), node.test))
        case ast.Return(value=value) if value is not None and not _is_none(value):
            yield lambda: setattr(node, "value", ast.Constant(None))
        case ast.Constant(value=bool()):
            yield lambda: setattr(node, "value", not node.value)
        case ast.Constant(value=int() | float()):
            yield lambda: setattr(node, "value", node.value + 1)
        case ast.Expr(value=ast.Call()):
            yield lambda: setattr(node, "value", ast.Constant(None))


def _is_none(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is None


def all_mutants(wanted: list[str]) -> list[Mutant]:
    found: list[Mutant] = []
    for name in wanted or TARGETS:
        at = ROOT / name
        for path in sorted(at.rglob("*.py")) if at.is_dir() else [at]:
            relative = path.relative_to(ROOT)
            if not set(LEFT_OUT) & {*relative.parts}:
                found += mutants_of(str(relative), path.read_text(encoding="utf-8"))
    return found
