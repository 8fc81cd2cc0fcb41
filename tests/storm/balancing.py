"""What stands before two web processes that are restarted in turn: new connections go to who is there."""

import itertools
import shutil
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import BinaryIO

PATIENCE_SECONDS = 60


class Balancer:
    """A TCP proxy on a port of its own. It neither retries nor hides anything: what breaks, people see."""

    def __init__(self, *ports: int) -> None:
        self.serving = list(ports)
        self._turn = itertools.count()
        self._listening = socket.create_server(("127.0.0.1", 0), backlog=128)
        self.port: int = self._listening.getsockname()[1]
        threading.Thread(target=self._serve, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @contextmanager
    def without(self, port: int) -> Iterator[None]:
        """Inside, new connections go to the others; those that are open go on."""
        self.serving = [other for other in self.serving if other != port]
        yield
        self.serving = [*self.serving, port]

    def close(self) -> None:
        self._listening.close()

    def _serve(self) -> None:
        with suppress(OSError):  # closed
            while True:
                caller, _ = self._listening.accept()
                threading.Thread(target=self._connect, args=(caller,), daemon=True).start()

    def _connect(self, caller: socket.socket) -> None:
        serving = self.serving
        port = serving[next(self._turn) % len(serving)]
        with caller, suppress(OSError), socket.create_connection(("127.0.0.1", port)) as server:
            for line in (caller, server):
                line.settimeout(PATIENCE_SECONDS)
            asking = threading.Thread(target=_pass_on, args=(caller, server), daemon=True)
            asking.start()
            _pass_on(server, caller)


def _pass_on(source: socket.socket, target: socket.socket) -> None:
    with suppress(OSError), source.makefile("rb", 0) as reading, target.makefile("wb", 0) as writing:
        _copy(reading, writing)
        target.shutdown(socket.SHUT_WR)


def _copy(reading: BinaryIO, writing: BinaryIO) -> None:
    shutil.copyfileobj(reading, writing, 65536)
