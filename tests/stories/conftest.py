"""Where the pictures in the guides come from."""

import os
from pathlib import Path

import pytest


@pytest.fixture
def pictures(tmp_path: Path) -> Path:
    """Where pictures go: docs/pictures when asked for, so that a test run leaves the checkout as it was."""
    folder = Path(os.environ.get("BOSAI_PICTURES", tmp_path / "pictures"))
    folder.mkdir(parents=True, exist_ok=True)
    return folder
