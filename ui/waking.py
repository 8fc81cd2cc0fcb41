"""Waking a task is a kindness, never a duty: the work is found in the database anyway.

The only place that publishes to the broker. It never raises, and a broker that does not answer is left alone
for half a minute, so that one page waits a second and the next ones do not wait at all.
"""

import logging
from collections.abc import Callable
from functools import partial
from time import monotonic
from typing import Any, Protocol

from django.db import transaction

logger = logging.getLogger(__name__)
LEFT_ALONE_SECONDS = 30


class Publishes(Protocol):
    """A Celery task, as far as waking it goes."""

    @property
    def name(self) -> str: ...
    @property
    def app(self) -> Any: ...
    @property
    def apply_async(self) -> Callable[..., object]: ...


class Breaker:
    """Open for a while after the broker failed; then one try decides again."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self._open_until = 0.0

    @property
    def is_open(self) -> bool:
        return monotonic() < self._open_until

    def failed(self) -> None:
        self._open_until = monotonic() + self.seconds

    def worked(self) -> None:
        self._open_until = 0.0


breaker = Breaker(LEFT_ALONE_SECONDS)


def wake(task: Publishes, **kwargs: Any) -> None:
    """Ask for `task` to run soon, after the current transaction has committed. Arguments: ids, by keyword."""
    transaction.on_commit(partial(_publish, task, kwargs), robust=True)


def _publish(task: Publishes, kwargs: dict[str, Any]) -> None:
    if breaker.is_open:
        return
    try:
        # A connection of its own: the pool's tries again for seconds before it gives a broker up.
        with task.app.connection_for_write(transport_options={"max_retries": 0}) as connection:
            task.apply_async(kwargs=kwargs, retry=False, connection=connection)
    except Exception as error:  # whatever the broker's client raises, the work is stored and will be found
        breaker.failed()
        logger.warning("could not wake %s, the post loop will find the work: %s", task.name, error)
    else:
        breaker.worked()
