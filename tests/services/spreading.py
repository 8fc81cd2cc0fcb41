"""Who runs what when tests run on several workers: what a file shares is made once, not once a worker.

xdist's own groups (`xdist_group`) come to nothing under pytest 9.2, which no longer lets it rename tests.
"""

import pytest
from xdist.scheduler import LoadScopeScheduling

SHARING = "tests/walls/"  # its files look at the same two organisations
LONGEST = (
    SHARING,
    "tests/house/test_every_page.py",
    "tests/storm/test_storm.py",
    "tests/stories/",
    "tests/bosai/test_backup.py",
)  # begun first, so that no worker waits for them at the end


class ByFile(LoadScopeScheduling):
    """A file's tests, or those of a folder that shares, stay on one worker and in order."""

    def _split_scope(self, nodeid: str) -> str:
        return SHARING if nodeid.startswith(SHARING) else nodeid.partition("::")[0]


def longest_first(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: not item.nodeid.startswith(LONGEST))
