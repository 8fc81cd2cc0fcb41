"""The conversation, against a server that says exactly what a test tells it to."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import SimpleNamespace

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult

from post import smtp

HELLO = [b"220 here\r\n", b"250 here\r\n"]  # the greeting, then the answer to EHLO
CLOSE = b""
STEPS = ["MAIL", "RCPT", "DATA"]


@pytest.fixture(autouse=True)
def _short_goodbye(monkeypatch):
    monkeypatch.setattr(smtp, "GOODBYE_SECONDS", 0.05)


@contextmanager
def server(*replies: bytes) -> Iterator[tuple[smtp.Conversation, list[bytes]]]:
    """Says one reply after each line it hears (the first at once); CLOSE hangs up. Yields what it heard."""
    heard: list[bytes] = []

    def talk() -> None:
        line, _ = listening.accept()
        with line, line.makefile("rb") as lines:
            for number, reply in enumerate(replies):
                if number:
                    heard.append(lines.readline())
                    if heard[-1].startswith(b"Subject:"):  # a body has begun: read on to its end
                        while heard[-1] not in (b".\r\n", b""):
                            heard.append(lines.readline())
                if reply == CLOSE:
                    return
                line.sendall(reply)
            lines.read()

    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = threading.Thread(target=talk, daemon=True)
        thread.start()
        conversation = smtp.Conversation(smtp.Server("127.0.0.1", listening.getsockname()[1]))
        yield conversation, heard
        conversation.close()
    thread.join(5)


def offer(conversation: smtp.Conversation) -> None:
    conversation.offer("bosai@harbour.example", "nadia@customer.example")


def offer_and_hand_over(conversation: smtp.Conversation) -> None:
    offer(conversation)
    conversation.hand_over(b"Subject: secret\r\n\r\n")


def test_it_speaks_in_this_order_and_doubles_dots():
    with server(*HELLO, b"250 ok\r\n", b"251 forwards\r\n", b"354 go\r\n", b"250 kept\r\n") as (line, heard):
        offer(line)
        assert line.hand_over(b"Subject: x\r\n\r\n.\r\n..two\r\nend\r\n") == "250 kept"
    assert heard[1:] == [
        b"MAIL FROM:<bosai@harbour.example>\r\n",
        b"RCPT TO:<nadia@customer.example>\r\n",
        b"DATA\r\n",
        *(b"Subject: x\r\n", b"\r\n", b"..\r\n", b"...two\r\n", b"end\r\n", b".\r\n"),
    ]


@pytest.mark.parametrize(
    "replies",
    [
        [CLOSE],
        [b"554 go away\r\n"],
        [b"421 too busy\r\n"],
        [b"this is no SMTP\r\n"],
        [b"220 here\r\n", b"500 what?\r\n", b"500 what?\r\n"],
        [b"220 here\r\n", CLOSE],
    ],
)
def test_a_server_that_does_not_begin_is_not_reached(replies):
    with server(*replies) as (line, _heard), pytest.raises(smtp.NotReachedError):
        offer(line)


@pytest.mark.parametrize(
    ("reply", "error"),
    [
        (b"450 4.2.0 greylisted\r\n", smtp.RefusedError),
        (b"550-5.1.1 no such user,\r\n550 5.1.1 look it up\r\n", smtp.RefusedError),
        (b"421 closing\r\n", smtp.RefusedError),
        (b"220 confused\r\n", smtp.RefusedError),
        (b"no code at all\r\n", smtp.RefusedError),
        (CLOSE, smtp.BrokenOffError),
    ],
)
@pytest.mark.parametrize("step", STEPS)
def test_before_the_body_every_failure_is_safe(step, reply, error):
    before = [b"250 ok\r\n"] * STEPS.index(step)
    with server(*HELLO, *before, reply) as (line, heard), pytest.raises(error) as raised:
        offer_and_hand_over(line)
    assert not isinstance(raised.value, smtp.NoAnswerError)
    assert not any(b"secret" in each for each in heard)
    if reply.startswith(b"550"):
        assert str(raised.value) == "550 5.1.1 no such user, 5.1.1 look it up"
        assert raised.value.is_for_good
        assert raised.value.is_bad_address
    elif error is smtp.RefusedError:
        assert not raised.value.is_for_good


def test_without_an_answer_to_the_body_nobody_knows():
    with server(*HELLO, b"250 ok\r\n", b"250 ok\r\n", b"354 go\r\n", CLOSE) as (line, heard):
        offer(line)
        with pytest.raises(smtp.NoAnswerError):
            line.hand_over(b"Subject: x\r\n\r\nbody\r\n")
    assert b"body\r\n" in heard


@pytest.mark.parametrize(("reply", "is_for_good"), [(b"451 later\r\n", False), (b"554 spam\r\n", True)])
def test_a_no_to_the_body_is_a_no(reply, is_for_good):
    with server(*HELLO, b"250 ok\r\n", b"250 ok\r\n", b"354 go\r\n", reply) as (line, _heard):
        offer(line)
        with pytest.raises(smtp.RefusedError) as raised:
            line.hand_over(b"Subject: x\r\n\r\n")
    assert raised.value.is_for_good == is_for_good


def test_a_silent_server_times_out(monkeypatch):
    monkeypatch.setattr(smtp, "COMMAND_SECONDS", 0.2)
    with server(*HELLO) as (line, _heard), pytest.raises(smtp.BrokenOffError) as raised:
        offer(line)
    assert raised.value.is_time_out


def test_what_was_offered_and_not_followed_is_taken_back_before_the_next():
    taken = [b"250 ok\r\n"] * 5
    with server(*HELLO, *taken) as (line, heard):
        offer(line)
        offer(line)
    assert [each[:4] for each in heard[1:6]] == [b"MAIL", b"RCPT", b"RSET", b"MAIL", b"RCPT"]


@pytest.fixture
def resolves_to(monkeypatch):
    """What the name mail.example leads to."""
    resolve = socket.getaddrinfo

    def set_up(*addresses):
        def answer(host, *asked, **how):
            if host != "mail.example":
                return resolve(host, *asked, **how)
            return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, 0)) for address in addresses]

        monkeypatch.setattr(socket, "getaddrinfo", answer)

    return set_up


def test_it_tries_the_next_address_of_a_name(resolves_to):
    resolves_to("::1", "127.0.0.1")
    with server(*HELLO, *[b"250 ok\r\n"] * 2) as (line, heard):
        named = smtp.Conversation(smtp.Server("mail.example", line.server.port))
        offer(named)
        named.close()
    assert [each[:4] for each in heard[1:3]] == [b"MAIL", b"RCPT"]


@pytest.mark.parametrize(("addresses", "words"), [(["::1", "127.0.0.1"], "refused"), ([], "leads nowhere")])
def test_a_name_without_an_address_that_answers_is_not_reached(resolves_to, addresses, words):
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    resolves_to(*addresses)
    with pytest.raises(smtp.NotReachedError, match=words):
        offer(smtp.Conversation(smtp.Server("mail.example", port)))


def test_what_is_done_meanwhile_happens_once_and_before_a_new_call():
    done = []
    with server(*HELLO, b"250 ok\r\n", b"250 ok\r\n", b"250 ok\r\n", b"250 ok\r\n", b"250 ok\r\n") as (
        line,
        _,
    ):
        line.offer("a@b.example", "c@d.example", meanwhile=lambda: done.append("first"))
        line.offer("a@b.example", "c@d.example", meanwhile=lambda: done.append("second"))
    assert done == ["first", "second"]


class _Account:
    """Takes one name with one password."""

    async def handle_DATA(self, server, session, envelope):
        return "250 kept" if session.authenticated else "530 who are you?"

    def __call__(self, server, session, envelope, mechanism, given):
        return AuthResult(success=given.login == b"user@x" and given.password == b"p w", handled=False)


@pytest.mark.parametrize(("password", "is_let_in"), [("p%20w", True), ("wrong", False)])
def test_it_signs_in_with_what_smtp_url_says(settings, password, is_let_in):
    account = _Account()
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    options = {"authenticator": account, "auth_require_tls": False}
    controller = Controller(account, hostname="127.0.0.1", port=port, server_hostname="sink.test", **options)
    controller.start()
    settings.SMTP_URL = f"smtp://user%40x:{password}@127.0.0.1:{port}"
    conversation = smtp.Conversation(smtp.Server.configured())
    try:
        if is_let_in:
            offer(conversation)
            assert conversation.hand_over(b"Subject: x\r\n\r\n") == "250 kept"
        else:
            with pytest.raises(smtp.DeniedError, match="535"):
                offer(conversation)
    finally:
        conversation.close()
        controller.stop()


@pytest.mark.parametrize(
    ("url", "server"),
    [
        ("smtp://mail.example", smtp.Server("mail.example", 25)),
        ("smtps://mail.example", smtp.Server("mail.example", 465, has_tls=True)),
        ("smtp://mail.example:587?starttls", smtp.Server("mail.example", 587, starts_tls=True)),
        ("smtp://a%40b:c%2Fd@[::1]:2525", smtp.Server("::1", 2525, "a@b", "c/d")),
    ],
)
def test_it_reads_smtp_url(settings, url, server):
    settings.SMTP_URL = url
    assert smtp.Server.configured() == server


def test_a_password_is_not_sent_in_the_clear_to_another_machine():
    conversation = smtp.Conversation(smtp.Server("mail.example", 25, "user", "secret"))

    line = SimpleNamespace(sock=SimpleNamespace(getpeername=lambda: ("192.0.2.1", 25)))
    with pytest.raises(smtp.NotReachedError, match="unencrypted"):
        conversation._refuse_to_whisper_aloud(line)


def test_a_bounce_for_a_mailbox_that_does_not_exist_is_remembered():
    assert smtp.RefusedError(550, "550 5.1.1 no such user").is_bad_address
    assert not smtp.RefusedError(550, "550 5.7.1 looks like spam").is_bad_address
    assert not smtp.RefusedError(450, "450 5.1.1 odd").is_bad_address
