"""The one HTTP client for calls to other people's servers: POST, no redirects, seconds, a little answer.

The address that was looked at is the one that is connected to: see `post.reaching`. Nothing here knows what
is said or to whom it belongs.
"""

import http.client
import socket
import ssl
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cache
from threading import Event, Timer
from time import monotonic

from django.utils.translation import gettext as _

from post import reaching
from post.reaching import MayNotReach, Place, Target

CONNECT_SECONDS = 5.0
SILENT_SECONDS = 10.0  # between two bytes
WHOLE_SECONDS = 15.0  # from the connection to the last byte that is read
LARGEST_ANSWER = 64 * 1024  # bytes that are read
KEPT_ANSWER = 200  # characters that are kept


class NotAnswered(Exception):
    """No answer came; what was said may or may not have arrived. The text says what happened."""


@dataclass(frozen=True)
class Answer:
    status: int
    words: str  # the beginning of the body
    retry_after: str = ""


def call(url: str, *, body: bytes, headers: Mapping[str, str]) -> Answer:
    """POST `body`, and whatever comes back. Raises MayNotReach, NotAnswered; follows nothing."""
    target = reaching.target(url)
    try:
        places = reaching.addresses(target)
    except OSError:
        raise NotAnswered(_("The name %(host)s is not known.") % {"host": target.host}) from None
    try:
        with _connected(target, places) as connection:
            return _exchange(connection, target, body, headers)
    except TimeoutError:
        raise NotAnswered(_("No answer in time.")) from None
    except ssl.SSLCertVerificationError as error:
        why = {"why": error.verify_message}
        raise NotAnswered(_("Its certificate is not trusted: %(why)s.") % why) from None
    except (OSError, http.client.HTTPException, ValueError) as error:
        why = {"why": type(error).__name__}
        raise NotAnswered(_("The connection failed (%(why)s).") % why) from None


@contextmanager
def _connected(target: Target, places: list[Place]) -> Iterator[http.client.HTTPConnection]:
    began = monotonic()
    sock = _socket(places, began)
    line = sock.dup()  # cuts the connection whatever becomes of `sock`
    is_over = Event()
    timer = Timer(max(0.1, WHOLE_SECONDS - (monotonic() - began)), _cut, [line, is_over])
    timer.daemon = True
    timer.start()
    try:
        sock.settimeout(SILENT_SECONDS)
        if target.is_tls:
            sock = _trust().wrap_socket(sock, server_hostname=target.host)
        connection = http.client.HTTPConnection(target.host, target.port)
        connection.sock = sock
        yield connection
    except (OSError, http.client.HTTPException, ValueError):
        if is_over.is_set():
            raise TimeoutError from None
        raise
    else:
        if is_over.is_set():  # what was read until then may look whole
            raise TimeoutError
    finally:
        timer.cancel()
        line.close()
        sock.close()


def _cut(line: socket.socket, is_over: Event) -> None:
    is_over.set()
    with suppress(OSError):
        line.shutdown(socket.SHUT_RDWR)


def _socket(places: list[Place], began: float) -> socket.socket:
    """Connected to the first of the addresses that takes us."""
    last: OSError = OSError("no address")
    for family, address in places:
        sock = socket.socket(family, socket.SOCK_STREAM)
        try:
            sock.settimeout(max(0.1, CONNECT_SECONDS - (monotonic() - began)))
            sock.connect(address)
        except OSError as error:
            sock.close()
            last = error
        else:
            return sock
    raise last


def _exchange(
    connection: http.client.HTTPConnection, target: Target, body: bytes, headers: Mapping[str, str]
) -> Answer:
    connection.putrequest("POST", target.path, skip_host=True, skip_accept_encoding=True)
    own = {"Host": target.header, "Content-Length": str(len(body)), "Connection": "close"}
    for name, value in {**headers, **own}.items():
        connection.putheader(name, value)
    connection.endheaders(body)
    response = connection.getresponse()
    said = response.read(LARGEST_ANSWER)
    words = said[: 4 * KEPT_ANSWER].decode("utf-8", "replace").replace("\x00", "")[:KEPT_ANSWER]
    return Answer(response.status, words, response.getheader("Retry-After", "") or "")


@cache
def _trust() -> ssl.SSLContext:
    return ssl.create_default_context()


__all__ = ["Answer", "MayNotReach", "NotAnswered", "call"]
