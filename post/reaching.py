"""Which addresses outside may be called: public ones alone, whatever a name or a number pretends to be.

A name is resolved once, every address it stands for is looked at, and the call goes to one of those; nobody
resolves it again. Hosts named in BOSAI_CALL_HOSTS, for receivers of one's own network, may be anything.
"""

import re
import socket
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext as _

LARGEST_URL = 500
# Public by their look, and a way to somewhere else: NAT64, 6to4 and its relays, Teredo, old mapped forms,
# multicast and what nobody may use.
ELSEWHERE = [
    ip_network(each)
    for each in (
        *("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/23", "::/96", "::ffff:0:0/96"),
        *("fec0::/10", "ff00::/8", "2001:db8::/32", "5f00::/16", "3fff::/20"),
        *("192.88.99.0/24", "224.0.0.0/4", "240.0.0.0/4", "100.64.0.0/10", "192.0.0.0/24"),
    )
]
_NAME = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?<!-)(\.(?!-)[a-z0-9_-]{1,63}(?<!-))*\.?\Z")


class MayNotReach(Exception):
    """This address is not called. Nothing was connected to; the text says why."""


class Place(NamedTuple):
    """Where to connect to, as the socket module has it."""

    family: int
    address: tuple[Any, ...]


@dataclass(frozen=True)
class Target:
    """A URL taken apart."""

    host: str
    port: int
    path: str
    is_tls: bool

    @property
    def is_allowed(self) -> bool:
        """Named by whoever runs this installation."""
        return f"{self.host}:{self.port}" in settings.CALL_HOSTS

    @property
    def header(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == (443 if self.is_tls else 80) else f"{host}:{self.port}"


def target(url: str) -> Target:
    """Take a URL apart, and refuse what no receiver of ours looks like. Asks no name server."""
    if len(url) > LARGEST_URL or re.search(r"[\x00-\x20\x7f\\]", url):
        raise MayNotReach(_("This is not a web address."))
    try:
        parts = urlsplit(url)
        host, port = _host(parts.hostname or ""), parts.port
    except ValueError:
        raise MayNotReach(_("This is not a web address.")) from None
    if parts.scheme not in ("https", "http") or not host:
        raise MayNotReach(_("A web address begins with https://"))
    if "@" in parts.netloc:
        raise MayNotReach(_("A name or a password may not stand in the address."))
    is_tls = parts.scheme == "https"
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    if not path.isascii():
        raise MayNotReach(_("Write the address with %-signs for special characters."))
    found = Target(host, port if port is not None else (443 if is_tls else 80), path, is_tls)
    _check(found)
    return found


def _check(found: Target) -> None:
    if found.is_allowed:
        return
    if settings.DEMO:
        raise MayNotReach(_("The demo calls nobody."))
    if not found.is_tls:
        raise MayNotReach(_("Only https:// is called: what we tell must not be read on the way."))
    if found.port != 443 and not 1024 <= found.port <= 65535:
        raise MayNotReach(_("Ports below 1024 other than 443 are not called."))
    for address in _numbers(found):
        _check_address(address)


def _host(written: str) -> str:
    """In small letters and ASCII, as a name server would be asked; [brackets] are off already."""
    if ":" in written:
        return written.lower()
    host = written.encode("idna").decode().lower() if written else ""
    if host and not _NAME.match(host):
        raise ValueError(host)
    return host.rstrip(".")


def _numbers(found: Target) -> list[str]:
    """The address, when the host is written as a number in any of the ways C knows; nothing for a name."""
    try:
        infos = socket.getaddrinfo(
            found.host, found.port, type=socket.SOCK_STREAM, flags=socket.AI_NUMERICHOST
        )
    except OSError:
        return []
    return [str(info[4][0]) for info in infos]


def addresses(found: Target) -> list[Place]:
    """Resolve the host, once: where to connect to. One address that may not be reached refuses them all.

    Raises MayNotReach; OSError when the name is not known.
    """
    infos = socket.getaddrinfo(found.host, found.port, type=socket.SOCK_STREAM)
    if not found.is_allowed:
        for info in infos:
            _check_address(str(info[4][0]))
    return [Place(info[0], info[4]) for info in infos]


def _check_address(written: str) -> None:
    if not _is_public(ip_address(written)):
        raise MayNotReach(
            _("%(address)s lies inside a network, not in the public internet.") % {"address": written}
        )


def _is_public(address: IPv4Address | IPv6Address) -> bool:
    if isinstance(address, IPv6Address) and address.scope_id:
        return False
    if any(address in network for network in ELSEWHERE if network.version == address.version):
        return False
    return address.is_global and not address.is_multicast and not address.is_reserved
