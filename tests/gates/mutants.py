"""Change one thing in what must never be wrong, and see whether a test notices.

`python -m tests.gates.mutants [--sample N] [--seed S] [FILE …]` prints the mutants nobody noticed and the
score; it ends with 1 below 85 %. Written here because the tools there are run a project's tests from a copy
they lay out themselves, which settings, static files and a kept test database do not survive.
"""

import argparse
import ast
import copy
import os
import random
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from queue import SimpleQueue

ROOT = Path(__file__).resolve().parents[2]
LEAST = 85.0  # per cent of mutants that a test notices
TARGETS = ("post", "milestones/judging.py", "milestones/verifying")
TESTS = {
    "post": ["tests/post", "tests/dashboards/customer_page", "tests/milestones/verifying"],
    "milestones": [
        "tests/milestones", "tests/advocacy/test_every_order.py", "tests/dashboards/customer_page",
    ],
}  # fmt: skip
QUICK = "not slow and not browser and not postgres"
LEFT_OUT = ("migrations", "admin.py", "apps.py", "urls.py")
WORKERS, SECONDS = 2, 900

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
    source: str


def mutants_of(path: str, text: str) -> Iterator[Mutant]:
    """Every mutant of a file, each with one change."""
    tree = ast.parse(text)
    for place, node in enumerate(ast.walk(tree)):
        for n in range(len(list(_changes(node)))):
            changed = copy.deepcopy(tree)
            twin = next(each for at, each in enumerate(ast.walk(changed)) if at == place)
            change = list(_changes(twin))[n]
            before = ast.unparse(node)[:70]
            change()
            if (source := ast.unparse(changed)) != ast.unparse(tree):
                said = f"{before}  →  {ast.unparse(twin)[:70]}" if not isinstance(twin, ast.Pass) else before
                yield Mutant(path, getattr(node, "lineno", 0), said, source)


def _changes(node: ast.AST) -> Iterator[object]:
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


def tests_of(path: str) -> list[str]:
    """Those of the room, the module's own first: whoever is noticed at once costs little."""
    own = sorted((ROOT / "tests").rglob(f"test_{Path(path).stem}.py"))
    return [*(str(each.relative_to(ROOT)) for each in own), *TESTS[path.split("/")[0]]]


class Copy:
    """A working copy in which one mutant at a time is tried."""

    def __init__(self, folder: Path) -> None:
        self.root, self.state = folder / "copy", folder / "state"
        unneeded = shutil.ignore_patterns(".git", ".venv", "state", "__pycache__", ".*_cache")
        shutil.copytree(ROOT, self.root, ignore=unneeded)
        self.state.mkdir()

    def passes(self, tests: list[str]) -> bool:
        """One database for all of them: made by the first, kept for the others."""
        environment = os.environ | {"BOSAI_STATE": str(self.state), "BOSAI_MODE": "test"}
        command = ["-m", "pytest", "-q", "-x", "--reuse-db", "-p", "no:cacheprovider", "-m", QUICK, *tests]
        try:
            done = subprocess.run(
                [sys.executable, *command],
                cwd=self.root,
                env=environment,
                capture_output=True,
                timeout=SECONDS,
            )
        except subprocess.TimeoutExpired:
            return False
        return done.returncode == 0

    def notices(self, mutant: Mutant) -> bool:
        path = self.root / mutant.path
        before = path.read_text(encoding="utf-8")
        path.write_text(mutant.source, encoding="utf-8")
        try:
            return not self.passes(tests_of(mutant.path))
        finally:
            path.write_text(before, encoding="utf-8")


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.gates.mutants")
    parser.add_argument("files", nargs="*", help=f"default: {', '.join(TARGETS)}")
    parser.add_argument("--sample", type=int, help="only so many of the mutants, chosen by --seed")
    parser.add_argument("--seed", default="1")
    given = parser.parse_args(arguments)
    there_are = all_mutants(given.files)
    wanted = there_are
    if given.sample and given.sample < len(there_are):
        wanted = random.Random(given.seed).sample(there_are, given.sample)
    noticed, missed = try_out(wanted)
    for mutant in sorted(missed, key=lambda each: (each.path, each.line)):
        sys.stdout.write(f"{mutant.path}:{mutant.line}  {mutant.said}\n")
    score = 100 * noticed / max(1, len(wanted))
    sys.stdout.write(f"{noticed} of {len(wanted)} mutants noticed, {score:.1f} % ({len(there_are)} in all)\n")
    return int(score < LEAST)


def try_out(wanted: list[Mutant]) -> tuple[int, list[Mutant]]:
    """How many were noticed, and those that were not."""
    copies: SimpleQueue[Copy] = SimpleQueue()
    with tempfile.TemporaryDirectory(prefix="bosai-mutants-") as folder:
        for n in range(WORKERS):
            made = Copy(Path(folder) / str(n))
            for room in {mutant.path.split("/")[0] for mutant in wanted}:
                assert made.passes(TESTS[room]), f"they fail unchanged: {TESTS[room]}"
            copies.put(made)

        def notices(mutant: Mutant) -> bool:
            at = copies.get()
            try:
                return at.notices(mutant)
            finally:
                copies.put(at)

        with ThreadPoolExecutor(WORKERS) as side_by_side:
            answers = list(side_by_side.map(notices, wanted))
    return sum(answers), [mutant for mutant, was in zip(wanted, answers, strict=True) if not was]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
