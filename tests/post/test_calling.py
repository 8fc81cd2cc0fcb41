"""P32: calls to other people's servers never reach inside, whatever the address pretends to be."""

import socket
import threading
from collections.abc import Iterator
from typing import Any

import pytest

from post import calling
from post.calling import MayNotReach, NotAnswered
from tests.services.receiver import Answer, Receiver

pytestmark = pytest.mark.once

PUBLIC = "93.184.216.34"
INSIDE = {  # what the stub of a name server says about these names
    "inside.example": ["127.0.0.1"],
    "metadata.example": ["169.254.169.254"],
    "lan.example": ["10.1.2.3"],
    "both.example": [PUBLIC, "127.0.0.1"],
    "six.example": ["::1"],
    "mapped.example": ["::ffff:127.0.0.1"],
    "nat64.example": ["64:ff9b::7f00:1"],
    "sixtofour.example": ["2002:7f00:1::1"],
    "unique.example": ["fd00::1"],
    "linklocal.example": ["fe80::1%1"],
    "cgnat.example": ["100.64.0.1"],
    "multicast.example": ["224.0.0.1"],
    "xn--bcher-kva.example": ["192.168.1.1"],
    "localhost": ["127.0.0.1"],
    "localhost.localdomain": ["127.0.0.1"],
    "0.example": ["0.0.0.0"],
}
URLS = [
    # loopback, written in every way there is
    *("https://127.0.0.1:{port}/", "https://127.0.0.1/", "https://127.1:{port}/", "https://127.0.1:{port}/"),
    *("https://127.255.255.254:{port}/", "https://0:{port}/", "https://0.0.0.0:{port}/", "https://00:{port}/"),
    *("https://2130706433:{port}/", "https://0x7f000001:{port}/", "https://0x7f.1:{port}/"),
    *("https://0177.0.0.1:{port}/", "https://017700000001:{port}/", "https://0x7F.0x0.0x0.0x1:{port}/"),
    *("https://127.0.0.1.:{port}/", "https://１２７.0.0.1:{port}/", "https://127。0。0。1:{port}/"),
    *("https://①②⑦.0.0.1:{port}/", "https://localhost:{port}/", "https://LOCALHOST:{port}/"),
    *("https://localhost.:{port}/", "https://localhost.localdomain:{port}/", "https://ⓛocalhost:{port}/"),
    # version 6
    *("https://[::1]:{port}/", "https://[0:0:0:0:0:0:0:1]:{port}/", "https://[::]:{port}/"),
    *("https://[::ffff:127.0.0.1]:{port}/", "https://[::ffff:7f00:1]:{port}/", "https://[::127.0.0.1]:{port}/"),
    *("https://[64:ff9b::127.0.0.1]:{port}/", "https://[64:ff9b::a9fe:a9fe]/", "https://[64:ff9b:1::1]/"),
    *("https://[2002:7f00:1::]:{port}/", "https://[2001:0:7f00:1::]/", "https://[fe80::1]/"),
    *("https://[fe80::1%25lo]:{port}/", "https://[fc00::1]/", "https://[fd12:3456::1]/", "https://[fec0::1]/"),
    *("https://[ff02::1]/", "https://[2001:db8::1]/", "https://[::ffff:10.0.0.1]/", "https://[100::1]/"),
    # private and special
    *("https://10.0.0.1/", "https://172.16.0.1/", "https://172.31.255.255/", "https://192.168.0.1/"),
    *("https://169.254.169.254/latest/meta-data/", "https://169.254.1.1/", "https://100.64.0.1/"),
    *("https://192.0.0.1/", "https://192.0.2.1/", "https://198.18.0.1/", "https://198.51.100.1/"),
    *("https://203.0.113.1/", "https://224.0.0.1/", "https://240.0.0.1/", "https://255.255.255.255/"),
    *("https://192.88.99.1/", "https://2852039166/", "https://0xa9fea9fe/", "https://0251.0376.0251.0376/"),
    # names that lead inside
    *(f"https://{name}:{{port}}/" for name in INSIDE if "localhost" not in name),
    "https://bücher.example:{port}/",
    # not what it looks like
    *("http://127.0.0.1:{port}/", "http://public.example/", "ftp://127.0.0.1:{port}/", "file:///etc/passwd"),
    *("gopher://127.0.0.1:{port}/", "//127.0.0.1:{port}/", "127.0.0.1:{port}", "https://", "https:///hook"),
    *("https://public.example@127.0.0.1:{port}/", "https://user:word@public.example/", "https://@public.example/"),
    *("https://public.example:{port}\\@127.0.0.1/", "https://127.0.0.1:{port}#@public.example/"),
    *("https://public.example:25/", "https://public.example:22/", "https://public.example:0/"),
    *("https://public.example:99999/", "https://public.example:-1/", "https://public .example/"),
    *("https://public.example/\r\nHost: 127.0.0.1", "https://public.example/\x00", "\thttps://127.0.0.1:{port}/"),
    *("https://[127.0.0.1]:{port}/", "https://[::1", "https://a..b/", f"https://{'a' * 600}.example/"),
    *("https://%31%32%37.0.0.1:{port}/", "https://-x.example/", "javascript:alert(1)"),
    "https://public.example/schön",
]  # fmt: skip


class Listener:
    """Notices every connection to this machine, on IPv4 and IPv6."""

    def __init__(self) -> None:
        self.seen = 0
        first = socket.create_server(("127.0.0.1", 0))
        self.port = first.getsockname()[1]
        self.sockets = [first]
        if socket.has_ipv6:
            self.sockets.append(socket.create_server(("::1", self.port), family=socket.AF_INET6))
        for each in self.sockets:
            threading.Thread(target=self._listen, args=[each], daemon=True).start()

    def _listen(self, listening: socket.socket) -> None:
        while True:
            try:
                taken, _address = listening.accept()
            except OSError:
                return
            self.seen += 1
            taken.close()

    def close(self) -> None:
        for each in self.sockets:
            each.close()


@pytest.fixture
def listener() -> Iterator[Listener]:
    listener = Listener()
    yield listener
    listener.close()


@pytest.fixture
def connected(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Where a connection was begun; only this machine is really reached."""
    begun: list[str] = []
    really = socket.socket.connect

    def connect(self: socket.socket, address: Any) -> None:
        begun.append(address[0])
        if address[0] not in ("127.0.0.1", "::1"):
            raise ConnectionRefusedError
        really(self, address)

    monkeypatch.setattr(socket.socket, "connect", connect)
    return begun


@pytest.fixture
def names(monkeypatch: pytest.MonkeyPatch) -> dict[str, list[list[str]]]:
    """A name server of our own: each name has answers, given one after the other; the last one stays."""
    known = {name: [addresses] for name, addresses in INSIDE.items()}
    known["public.example"] = [[PUBLIC]]
    really = socket.getaddrinfo

    def getaddrinfo(host: str, port: int, *args: Any, **kwargs: Any) -> Any:
        if host not in known or kwargs.get("flags"):
            return really(host, port, *args, **{**kwargs, "flags": socket.AI_NUMERICHOST})
        answers = known[host]
        addresses = answers.pop(0) if len(answers) > 1 else answers[0]
        return [
            (
                socket.AF_INET6 if ":" in each else socket.AF_INET,
                socket.SOCK_STREAM,
                6,
                "",
                (each, port, 0, 0) if ":" in each else (each, port),
            )
            for each in addresses
        ]

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    return known


def call(url: str) -> calling.Answer:
    return calling.call(url, body=b"{}", headers={"Content-Type": "application/json"})


def test_no_address_leads_inside(
    listener: Listener, names: dict[str, list[list[str]]], connected: list[str]
) -> None:
    assert len(URLS) >= 80
    for url in URLS:
        with pytest.raises((MayNotReach, NotAnswered)):
            call(url.format(port=listener.port))
        assert connected == [], url
    assert listener.seen == 0


def test_the_listener_would_have_noticed(listener: Listener, connected: list[str], settings: Any) -> None:
    settings.CALL_HOSTS = [f"127.0.0.1:{listener.port}"]
    with pytest.raises(NotAnswered):
        call(f"http://127.0.0.1:{listener.port}/")
    assert listener.seen == 1


def test_a_name_that_changes_its_mind_is_asked_once(
    listener: Listener, names: dict[str, list[list[str]]], connected: list[str]
) -> None:
    """Rebinding: public when it is looked at, this machine a moment later."""
    names["rebinding.example"] = [[PUBLIC], ["127.0.0.1"]]
    with pytest.raises(NotAnswered):
        call(f"https://rebinding.example:{listener.port}/")
    assert connected == [PUBLIC]
    assert listener.seen == 0


def test_a_public_address_is_called(names: dict[str, list[list[str]]], connected: list[str]) -> None:
    for url in ("https://public.example/hooks?a=1", "https://public.example:8443/", f"https://{PUBLIC}/"):
        with pytest.raises(NotAnswered):
            call(url)
    assert connected == [PUBLIC] * 3


def test_a_redirect_is_not_followed(listener: Listener, receiver: Receiver) -> None:
    inside = f"http://127.0.0.1:{listener.port}/"
    for status in (301, 302, 303, 307, 308):
        receiver.answer = Answer(status, {"Location": inside})
        assert call(receiver.url).status == status
    assert listener.seen == 0


def test_a_long_answer_is_cut_and_a_silent_or_dripping_one_ends(
    receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    receiver.answer = Answer(200, body=b"x" * 1_000_000)
    assert call(receiver.url).words == "x" * 200
    monkeypatch.setattr(calling, "SILENT_SECONDS", 0.1)
    receiver.answer = Answer(hang=1)
    with pytest.raises(NotAnswered, match="in time"):
        call(receiver.url)
    for beginning in (b"X: ", b"Content-Length: 1000\r\n\r\n"):
        with Dripping(beginning) as dripping, monkeypatch.context() as patched:
            patched.setattr(calling, "WHOLE_SECONDS", 0.3)
            patched.setattr("django.conf.settings.CALL_HOSTS", [f"127.0.0.1:{dripping.port}"])
            with pytest.raises(NotAnswered, match="in time"):
                call(f"http://127.0.0.1:{dripping.port}/")


class Dripping:
    """Sends a header or a body that never ends, a byte at a time."""

    def __init__(self, beginning: bytes) -> None:
        self.beginning = beginning

    def __enter__(self) -> "Dripping":
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]
        self.is_over = threading.Event()
        threading.Thread(target=self._drip, daemon=True).start()
        return self

    def _drip(self) -> None:
        taken, _address = self.socket.accept()
        with taken:
            taken.sendall(b"HTTP/1.1 200 OK\r\n" + self.beginning)
            while not self.is_over.wait(0.02):
                try:
                    taken.sendall(b"x")
                except OSError:
                    return

    def __exit__(self, *_: object) -> None:
        self.is_over.set()
        self.socket.close()


def test_a_name_nobody_knows_is_said_to_be_unknown(
    names: dict[str, list[list[str]]], connected: list[str]
) -> None:
    with pytest.raises(NotAnswered, match=r"nobody\.example is not known"):
        call("https://nobody.example/")


def test_what_fails_says_why(receiver: Receiver, settings: Any) -> None:
    with pytest.raises(NotAnswered, match=r"certificate|failed"):  # no TLS is spoken there
        call(receiver.url.replace("http://", "https://"))
    receiver.close()
    with pytest.raises(NotAnswered, match="ConnectionRefusedError"):
        call(receiver.url)


def test_the_demo_calls_nobody(settings: Any, connected: list[str]) -> None:
    settings.DEMO = True
    with pytest.raises(MayNotReach, match="demo"):
        call("https://93.184.216.34/")
    assert connected == []
