"""Which tests take a line, and how long each lasts: whoever changes that line need run no others.

As a pytest plugin under coverage it names what is measured after the test that runs, and keeps the seconds.
"""

import json
import os
from collections.abc import Generator
from pathlib import Path
from time import monotonic

import pytest
from coverage import Coverage, CoverageData

from tests.gates.mutating import ROOT, Mutant

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
    """Which tests take which lines of a file, and their seconds."""

    def __init__(self, folder: Path) -> None:
        """Of a folder that the plugin and coverage wrote into, in one run or in several."""
        self.tests: dict[tuple[str, int], set[str]] = {}
        self.seconds: dict[str, float] = {}
        for path in folder.glob("data*"):
            self._read(CoverageData(str(path)))
        for path in folder.glob("*.json"):
            self.seconds |= json.loads(path.read_text())

    def _read(self, data: CoverageData) -> None:
        data.read()
        for name in data.measured_files():
            path = str(Path(name).relative_to(ROOT))
            for line, tests in data.contexts_by_lineno(name).items():
                self.tests.setdefault((path, line), set()).update(filter(None, tests))
        data.close()

    def tests_of(self, mutant: Mutant) -> list[str]:
        """Those of the module's own name first, then the quickest. What is executed as the module is imported
        is everybody's who takes any of its lines."""
        found = {
            test
            for (path, line), tests in self.tests.items()
            if path == mutant.path and (mutant.lines is None or line in mutant.lines)
            for test in tests
        }
        own = f"test_{Path(mutant.path).stem}.py"
        return sorted(found, key=lambda test: (own not in test, self.seconds[test]))
