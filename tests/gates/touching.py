"""Which tests take a line, and how long each lasts: whoever changes that line need run no others.

As a pytest plugin under coverage it names what is measured after the test that runs, and keeps the seconds.
"""

import json
import os
from collections.abc import Generator, Iterable
from pathlib import Path
from time import monotonic

import pytest
from coverage import Coverage, CoverageData

from tests.gates.mutating import Mutant

FOLDER = "BOSAI_TEST_TOUCHING"


def pytest_configure(config: pytest.Config) -> None:
    if folder := os.environ.get(FOLDER):
        config.pluginmanager.register(Keeper(Path(folder)), "touching-keeper")


class Keeper:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.seconds: dict[str, float] = {}

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Generator[None, object, object]:
        measuring, began = Coverage.current(), monotonic()
        if measuring is None:  # the one that hands tests to workers
            return (yield)
        measuring.switch_context(item.nodeid)
        try:
            return (yield)
        finally:
            measuring.switch_context("")
            self.seconds[item.nodeid] = monotonic() - began

    def pytest_sessionfinish(self) -> None:
        (self.folder / f"{os.getpid()}.json").write_text(json.dumps(self.seconds))


class Touching:
    """Read from what was measured: a combined data file, and the folder with the seconds."""

    def __init__(self, data: Path, folder: Path, root: Path) -> None:
        self.root, self.data = root, CoverageData(str(data))
        self.data.read()
        self.seconds: dict[str, float] = {}
        for path in folder.glob("*.json"):
            self.seconds |= json.loads(path.read_text())

    def tests_of(self, mutant: Mutant) -> list[str]:
        """Those of the module's own name first, then the quickest. What is executed as the module is imported
        is everybody's who takes any of its lines."""
        by_line = self.data.contexts_by_lineno(str(self.root / mutant.path))
        lines: Iterable[int] = by_line if mutant.lines is None else mutant.lines
        found = {test for line in lines for test in by_line.get(line, ()) if test}
        own = f"test_{Path(mutant.path).stem}.py"
        return sorted(found, key=lambda test: (own not in test, self.seconds[test]))
