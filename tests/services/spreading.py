"""Who runs what when tests run on several workers: what a file shares is made once, not once a worker.

xdist's own groups (`xdist_group`) come to nothing under pytest 9.2, which no longer lets it rename tests.
"""

import pytest
from xdist.scheduler import LoadScopeScheduling

SHARING = "tests/walls/"  # its files look at the same two organisations
LONGEST = (
    SHARING,
    "tests/storm/test_storm.py",
    "tests/stories/test_learning_journeys.py",
    "tests/house/test_every_page.py",
    "tests/stories/",
    "tests/bosai/test_real_stack.py",
    "tests/bosai/test_compose.py",
    "tests/bosai/test_backup.py",
    "tests/organisations/test_replicas.py",
)  # begun first and in this order, so that no worker waits for them at the end


class ByFile(LoadScopeScheduling):
    """A file's tests, or those of a folder that shares, stay on one worker and in order."""

    def _split_scope(self, nodeid: str) -> str:
        return SHARING if nodeid.startswith(SHARING) else nodeid.partition("::")[0]


def longest_first(items: list[pytest.Item]) -> None:
    items.sort(key=_place)


def _place(item: pytest.Item) -> int:
    return next((n for n, start in enumerate(LONGEST) if item.nodeid.startswith(start)), len(LONGEST))
