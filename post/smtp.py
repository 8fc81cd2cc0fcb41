"""One conversation with the mail server, cut where it matters: before the message body, and after.

Up to and including the DATA command nothing has been sent, so every failure may be tried again. From the
first byte of the body on only a reply tells; without one nobody knows.
"""

import ipaddress
import re
import smtplib
import socket
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from django.conf import settings
from django.utils.translation import gettext as _

CONNECT_SECONDS, COMMAND_SECONDS, DATA_SECONDS, GOODBYE_SECONDS = 10, 30, 60, 2
WORDS = 400  # characters kept of what a mail server says
Meanwhile = Callable[[], None]


def nothing() -> None:
    """What is done meanwhile when there is nothing to do."""


class BrokenOffError(Exception):
    """No connection, or it ended before the body began: nothing was sent."""

    def __init__(self, words: str, *, is_time_out: bool = False) -> None:
        super().__init__(words)
        self.is_time_out = is_time_out


class NotReachedError(BrokenOffError):
    """There is no way to talk to the server at all: it is no use to try the next mail."""


class DeniedError(NotReachedError):
    """The server does not take our name or password. Asking it often may lock us out."""


class NoAnswerError(BrokenOffError):
    """The body has begun to leave and no reply came back: it may have arrived."""


class RefusedError(Exception):
    """The server said no, in its own words."""

    def __init__(self, code: int, words: str) -> None:
        super().__init__(words)
        self.code = code

    @property
    def is_for_good(self) -> bool:
        return self.code >= 500

    @property
    def is_bad_address(self) -> bool:
        """Whether the enhanced status says that the mailbox or its domain does not exist (RFC 3463)."""
        return self.is_for_good and any(f" 5.1.{n} " in f"{self} " for n in (1, 2, 3, 10))


@dataclass(frozen=True)
class Server:
    """Where SMTP_URL points: smtp[s]://user:password@host:port, `?starttls` to encrypt on the way.

    `?idempotent=24h` (or `15m`): for so long it delivers a Message-ID once, however often it is given it.
    """

    host: str
    port: int
    user: str = ""
    password: str = ""
    has_tls: bool = False
    starts_tls: bool = False
    knows_again_for: timedelta = timedelta(0)

    @classmethod
    def configured(cls) -> "Server | None":
        """The server of SMTP_URL; None when none is set up."""
        if not settings.SMTP_URL:
            return None
        parts = urlsplit(settings.SMTP_URL)
        has_tls = parts.scheme == "smtps"
        return cls(
            host=parts.hostname or "localhost",
            port=parts.port or (465 if has_tls else 25),
            user=unquote(parts.username or ""),
            password=unquote(parts.password or ""),
            has_tls=has_tls,
            starts_tls="starttls" in parts.query,
            knows_again_for=_length(parse_qs(parts.query).get("idempotent", [""])[-1]),
        )

    def addresses(self) -> list[str]:
        """What the name resolves to."""
        found = socket.getaddrinfo(self.host, self.port, type=socket.SOCK_STREAM)
        return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def _length(text: str) -> timedelta:
    """Of `24h` or `15m`; nothing of anything else, which `bosai.checks` refuses."""
    found = re.fullmatch(r"([1-9]\d{0,3})([hm])", text)
    if found is None:
        return timedelta(0)
    return timedelta(**{"hours" if found[2] == "h" else "minutes": int(found[1])})


def is_loopback(address: str) -> bool:
    return ipaddress.ip_address(address.partition("%")[0]).is_loopback


class Conversation:
    """Opened when first needed, kept from mail to mail, opened again after it broke."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self._line: smtplib.SMTP | None = None
        self._is_fresh = True

    def offer(self, sender: str, to: str, *, meanwhile: Meanwhile = nothing) -> None:
        """MAIL and RCPT. Raises NotReachedError, BrokenOffError, RefusedError; all safe to try again.

        `meanwhile` is called while the server works on its first answer, or before a call is made.
        """
        if self._line is None:
            meanwhile()
            meanwhile = nothing
        line = self._line or self._open()
        with self._watched(BrokenOffError):
            _wait_at_most(line, COMMAND_SECONDS)
            if not self._is_fresh:
                line.docmd("RSET")
            self._is_fresh = False
            line.putcmd(f"MAIL FROM:<{sender}>")
        meanwhile()
        with self._watched(BrokenOffError):
            self._expect(250, line.getreply())
            self._expect(250, line.docmd(f"RCPT TO:<{to}>"), 251)

    def hand_over(self, message: bytes, *, meanwhile: Meanwhile = nothing) -> str:
        """DATA and the body. Returns the server's words of acceptance.

        Raises BrokenOffError and RefusedError as `offer` does, and NoAnswerError once the body has begun.
        `meanwhile` must not raise.
        """
        line = self._line
        assert line is not None
        with self._watched(BrokenOffError):
            self._expect(354, line.docmd("DATA"))
        with self._watched(NoAnswerError):
            _wait_at_most(line, DATA_SECONDS)
            line.send(_dotted(message))
            meanwhile()
            words = self._expect(250, line.getreply())
        self._is_fresh = True
        return words

    def close(self) -> None:
        """Say goodbye, without waiting long for it to be heard."""
        line, self._line = self._line, None
        if line is None:
            return
        _wait_at_most(line, GOODBYE_SECONDS)
        try:
            line.quit()
        except (smtplib.SMTPException, OSError):
            line.close()

    def _open(self) -> smtplib.SMTP:
        """Connect, EHLO, STARTTLS, AUTH. The name is resolved once: what was checked is what is called."""
        with self._watched(NotReachedError):
            line = self._connect()
            _wait_at_most(line, COMMAND_SECONDS)
            self._line = line
            line.ehlo_or_helo_if_needed()
            if self.server.starts_tls:
                line.starttls(context=ssl.create_default_context())
                line.ehlo_or_helo_if_needed()
            if self.server.user:
                self._refuse_to_whisper_aloud(line)
                self._log_in(line)
        self._is_fresh = True
        return line

    def _log_in(self, line: smtplib.SMTP) -> None:
        try:
            line.login(self.server.user, self.server.password)
        except smtplib.SMTPAuthenticationError as error:
            self._drop()
            raise DeniedError(_words(error)) from error

    def _connect(self) -> smtplib.SMTP:
        server, name = self.server, settings.MAIL_FROM.rpartition("@")[2] or "localhost"
        kind: Any = _NamedSSL if server.has_tls else _Named
        addresses = server.addresses()
        if settings.DEMO and not all(map(is_loopback, addresses)):
            raise NotReachedError(_("the demo sends to this machine only"))
        for last, address in enumerate(addresses, start=1 - len(addresses)):
            try:
                return kind(server.host, address, server.port, name)
            except OSError:
                if last == 0:
                    raise
        raise NotReachedError(_("the mail server's name leads nowhere"))

    def _refuse_to_whisper_aloud(self, line: smtplib.SMTP) -> None:
        wire = line.sock
        if not isinstance(wire, ssl.SSLSocket) and not (wire and is_loopback(wire.getpeername()[0])):
            raise NotReachedError(_("the password is not sent unencrypted: use smtps:// or add ?starttls"))

    def _expect(self, wanted: int, reply: tuple[int, bytes], also: int = 0) -> str:
        code, text = reply
        words = f"{code} {' '.join(text.decode(errors='replace').split())}"[:WORDS]
        if code in (wanted, also):
            return words
        if code == 421 or not 400 <= code < 600:
            self._drop()  # 421: the server hangs up; anything else: it does not speak SMTP
        raise RefusedError(code if 400 <= code < 600 else 450, words)

    @contextmanager
    def _watched(self, error: type[BrokenOffError]) -> Iterator[None]:
        """Turn what sockets and smtplib raise into `error`, and forget the broken connection."""
        try:
            yield
        except (smtplib.SMTPException, OSError, ValueError) as cause:
            self._drop()
            raise error(_words(cause), is_time_out=_is_time_out(cause)) from cause

    def _drop(self) -> None:
        line, self._line = self._line, None
        if line is not None:
            line.close()


class _Named(smtplib.SMTP):
    """Calls an address that was already resolved, while TLS still checks the name."""

    def __init__(self, host: str, address: str, port: int, greeting: str) -> None:
        self._address = address
        super().__init__(host, port, local_hostname=greeting, timeout=CONNECT_SECONDS)

    def _get_socket(self, host: str, port: int, timeout: float) -> Any:
        return super()._get_socket(self._address, port, timeout)  # type: ignore[misc]


class _NamedSSL(_Named):
    def _get_socket(self, host: str, port: int, timeout: float) -> Any:
        plain = super()._get_socket(host, port, timeout)
        return ssl.create_default_context().wrap_socket(plain, server_hostname=host)


def _wait_at_most(line: smtplib.SMTP, seconds: float) -> None:
    """For every single answer from now on."""
    assert line.sock is not None, "a line that breaks is dropped"
    line.sock.settimeout(seconds)


def _dotted(message: bytes) -> bytes:
    """Lines that begin with a dot get a second one; a lone dot ends the message."""
    if b"\r\n." in message:
        message = message.replace(b"\r\n.", b"\r\n..")
    return message + b".\r\n"


def _words(cause: BaseException) -> str:
    if isinstance(cause, smtplib.SMTPResponseException):
        said = cause.smtp_error
        text = said.decode(errors="replace") if isinstance(said, bytes) else str(said)
        return f"{cause.smtp_code} {' '.join(text.split())}"[:WORDS]
    return (str(cause) or type(cause).__name__)[:WORDS]


def _is_time_out(cause: BaseException | None) -> bool:
    return cause is not None and (isinstance(cause, TimeoutError) or _is_time_out(cause.__context__))
