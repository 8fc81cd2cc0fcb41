"""The settings tests run with: a state folder of their own, made before the real settings are read.

A conftest would be too late: pytest-django loads the settings first.
"""

import atexit
import os
import shutil
import tempfile

os.environ.setdefault("BOSAI_MODE", "test")
os.environ.setdefault("BOSAI_SECRET_KEY", "only-for-tests-" * 4)
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")  # Playwright keeps an event loop in this thread
if "BOSAI_STATE" not in os.environ:
    os.environ["BOSAI_STATE"] = tempfile.mkdtemp(prefix="bosai-test-")
    atexit.register(shutil.rmtree, os.environ["BOSAI_STATE"], ignore_errors=True)

from bosai.settings import *  # noqa: F403
from bosai.settings import STATE

# test databases come and go beside each other, so that each needs a mark of its own
WORKER = os.environ.get("PYTEST_XDIST_WORKER", "alone")
SEND_MARK = STATE / f"installation-{WORKER}"
LOG_HEADS = STATE / f"seals-{WORKER}" / "heads.jsonl"
