"""Messages as files, for machines without Redis: kombu's filesystem transport, made to survive.

Messages appear whole (kombu's own may be read before they are written), an unreadable one is dropped
with a word in the log, and folders that somebody deletes come back with the next message or poll.
A lost message costs nothing but time: the post loop finds all work in the database.
"""

import logging
import os
import uuid
from collections.abc import Callable
from pathlib import Path
from queue import Empty
from time import monotonic, time_ns
from typing import Any

from django.conf import settings
from kombu.exceptions import ChannelError
from kombu.transport import TRANSPORT_ALIASES, filesystem
from kombu.utils.json import dumps, loads
from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

TURN_SECONDS = 0.3
SCHEME = "bosai-files"
TRANSPORT_ALIASES[SCHEME] = "bosai.broker:Transport"

logger = logging.getLogger(__name__)


def options(folder: Path) -> dict[str, Any]:
    """Transport options that keep every message below `folder`."""
    return {
        "data_folder_in": str(folder / "messages"),
        "data_folder_out": str(folder / "messages"),
        "control_folder": str(folder / "control"),
        "polling_interval": 0.1,
    }


class Channel(filesystem.Channel):
    def _put(self, queue: str, payload: Any, **kwargs: Any) -> None:  # type: ignore[override]
        name = f"{time_ns():020d}_{uuid.uuid4().hex}.{queue}.msg"
        draft = self._control / f"{name}.draft"

        def write() -> None:
            draft.write_text(dumps(payload))
            draft.replace(self._messages / name)

        self._with_folders(write)

    def _get(self, queue: str, timeout: float | None = None) -> Any:
        for name in sorted(self._names(queue)):
            taken = self._control / f"{name}.taken"
            try:
                (self._messages / name).rename(taken)
            except OSError:
                continue  # another worker was quicker
            try:
                return loads(taken.read_text())
            except (OSError, ValueError):
                logger.warning("dropped an unreadable message: %s", name)
            finally:
                taken.unlink(missing_ok=True)
        raise Empty

    def _size(self, queue: str) -> int:
        return len(self._names(queue))

    def _purge(self, queue: str) -> int:
        names = self._names(queue)
        for name in names:
            (self._messages / name).unlink(missing_ok=True)
        return len(names)

    def get_table(self, exchange: str) -> list[Any]:
        try:
            return super().get_table(exchange)
        except (ChannelError, ValueError):
            return []

    def _queue_bind(self, exchange: str, *args: Any) -> None:
        def bind() -> None:
            try:
                super(Channel, self)._queue_bind(exchange, *args)
            except ValueError:  # cut off while being written
                (self._control / f"{exchange}.exchange").unlink(missing_ok=True)
                raise FileNotFoundError(exchange) from None

        self._with_folders(bind)

    def _names(self, queue: str) -> list[str]:
        listed: list[str] = self._with_folders(lambda: os.listdir(self._messages))
        return [name for name in listed if name.partition(".")[2] == f"{queue}.msg"]

    def _with_folders(self, act: Callable[[], Any]) -> Any:
        """`act`, once more after making the folders if they were missing."""
        try:
            return act()
        except (FileNotFoundError, ChannelError):
            self._messages.mkdir(parents=True, exist_ok=True)
            self._control.mkdir(parents=True, exist_ok=True)
            return act()

    @property
    def _messages(self) -> Path:
        return Path(self.data_folder_in)

    @property
    def _control(self) -> Path:
        return Path(self.control_folder)


class Transport(filesystem.Transport):
    Channel = Channel

    def drain_events(self, connection: Any, timeout: float | None = None, **kwargs: Any) -> None:
        """Wait in short turns: between two, the worker notices that it was asked to stop."""
        super().drain_events(connection, timeout=min(timeout or TURN_SECONDS, TURN_SECONDS))


class _Probe:
    """Asks now and then, from the post loop, whether the broker answers; no page ever waits for it."""

    every, patience = 15.0, 0.3  # seconds

    def __init__(self) -> None:
        self.asked_at = -self.every
        self.answered = False

    def ask(self) -> bool:
        if monotonic() - self.asked_at >= self.every:
            self.asked_at = monotonic()
            self.answered = self._asked(settings.REDIS_URL)
        return self.answered

    def _asked(self, url: str) -> bool:
        if not url:
            return os.access(settings.STATE, os.W_OK)
        seconds = {"socket_timeout": self.patience, "socket_connect_timeout": self.patience}
        try:
            with Redis.from_url(url, retry=Retry(NoBackoff(), 0), **seconds) as redis:
                return bool(redis.ping())
        except (RedisError, OSError, ValueError):
            return False


_probe = _Probe()


def answers() -> bool:
    """Whether the broker answered when it was last asked, at most a quarter of a minute ago."""
    return _probe.ask()
