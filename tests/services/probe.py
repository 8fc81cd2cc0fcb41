"""A task that leaves a trace, so that a test can see it ran in the worker."""

import os
from pathlib import Path

from celery import shared_task


@shared_task
def touch(*, path: str) -> None:
    Path(path).write_text(str(os.getpid()))
