import email
import email.policy
import random
import re
import string
from datetime import UTC, datetime
from email.header import decode_header, make_header
from email.utils import parseaddr

import pytest

from post import mime

NOW = datetime(2026, 3, 12, 9, 0, tzinfo=UTC)
NASTY = [
    "Robert\r\nBcc: everyone@evil.example",
    "Robert\nSubject: other",
    "a\rb",
    "\x00nul\x00",
    "tab\tin\tname",
    'She said "hi" \\ and left',
    "=?utf-8?q?fake?=",
    "=?utf-8?b?////?=",
    "Ünïcödé Nâme",
    "名前テスト" * 20,
    "عربي وعبري",
    "👩‍🚀" * 30,
    "\u2028line\u2029separators\x85",
    "x" * 500,
    "<script>alert(1)</script>",
    "a, b; c: d <e@f.example>",
    "(comment) name",
    " leading and trailing ",
    "",
    "%0d%0aBcc: x@y.example",
    "--=_bosai_both_parts--",
    "\ud800 lone surrogate",
    "é" * 41 + "a" + "é" * 41,
    "..",
    ".",
    "From here",
]


def hostile_names() -> list[str]:
    """200 of them: the known ones, then random mixtures of what hurts."""
    dice = random.Random(2026)
    alphabet = string.printable + "äßñ中文🪨\u200f\u202e\x00\x1b\x7f\x85\u2028" + '"\\<>@,;:=?' * 2
    names = list(NASTY)
    while len(names) < 200:
        names.append("".join(dice.choices(alphabet, k=dice.randint(1, 120))))
    return names


def make_mail(**fields: str) -> mime.Mail:
    given = {
        "sender": "bosai@harbour.example",
        "sender_name": "Mara Lindqvist",
        "to": "nadia@customer.example",
        "reply_to": "mara@harbour.example",
        "subject": "Five stones",
        "message_id": "<1@harbour.example>",
        "unsubscribe_url": "https://bosai.example/u/1-abc/",
        "text": "Dear Nadia,\n\nit is done.\n",
        "html": "<p>Dear Nadia,</p>",
    }
    return mime.Mail(date=NOW, **(given | fields))


def parse(raw: bytes) -> email.message.EmailMessage:
    message = email.message_from_bytes(raw, policy=email.policy.default)
    assert isinstance(message, email.message.EmailMessage)
    return message


def seen(text: str) -> str:
    """What a header can carry of it: one line, runs of blanks as one."""
    return " ".join("".join(c if c.isprintable() or c in "\u200f\u202e\u200d" else " " for c in text).split())


def read(part: email.message.EmailMessage) -> str:
    return part.get_content().replace("\r\n", "\n").removesuffix("\n")


@pytest.mark.parametrize("name", hostile_names(), ids=range(200))
def test_it_builds_mails_that_say_what_was_given_and_no_more(name):
    raw = mime.build(make_mail(sender_name=name, subject=name, text=name, html=f"<p>{name}</p>"))
    message = parse(raw)
    assert sorted(set(message.keys())) == sorted(message.keys())
    assert set(message.keys()) == {
        *("From", "Reply-To", "To", "Subject", "Date", "Message-ID", "MIME-Version", "Content-Type"),
        *("List-Unsubscribe", "List-Unsubscribe-Post"),
    }
    assert seen(message["Subject"]) == seen(name)
    display_name, at = parseaddr(str(email.message_from_bytes(raw)["From"]))
    assert at == "bosai@harbour.example"
    assert seen(str(make_header(decode_header(display_name)))) == seen(name)
    assert [a.addr_spec for a in message["From"].addresses] == ["bosai@harbour.example"]
    assert not message.defects
    lines = raw.split(b"\r\n")
    assert [line for line in lines if len(line) > 78] == []
    assert b"\r" not in b"".join(lines)
    assert b"\n" not in b"".join(lines)


@pytest.mark.parametrize("name", hostile_names(), ids=range(200))
def test_it_keeps_both_bodies_whole(name):
    text, html = f"{name}\nend", f"<b>{name}</b>"
    message = parse(mime.build(make_mail(text=text, html=html)))
    assert read(message.get_body(("plain",))) == written(text)
    assert read(message.get_body(("html",))) == written(html)
    assert [part.get_content_type() for part in message.iter_parts()] == ["text/plain", "text/html"]


def written(body: str) -> str:
    """What can be written of a body: every kind of newline as one, half characters as question marks."""
    return re.sub("\r\n?", "\n", body).encode(errors="replace").decode()


def test_it_carries_the_headers_of_one_click_unsubscribe():
    message = parse(mime.build(make_mail()))
    assert message["List-Unsubscribe"] == "<https://bosai.example/u/1-abc/>"
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert message["Reply-To"] == "mara@harbour.example"
    assert message["Message-ID"] == "<1@harbour.example>"
    assert message["Date"].datetime == NOW


def test_it_writes_a_second_part_for_a_mail_without_html():
    message = parse(mime.build(make_mail(html="", text="1 < 2\n\nbye")))
    assert "1 &lt; 2" in message.get_body(("html",)).get_content()


@pytest.mark.parametrize(
    "given",
    [
        "",
        "nobody",
        "a@b\r\nRCPT TO:<x@y.example>",
        "a b@c.example",
        "a@b c",
        "<a@b>",
        "é@c.example",
        "a@\ud800",
        "@x",
    ],
)
def test_it_refuses_addresses_that_fit_on_no_envelope(given):
    with pytest.raises(mime.UnusableAddressError):
        mime.address(given)


def test_it_writes_foreign_domains_in_their_ascii_form():
    assert mime.address("nadia@bücher.example") == "nadia@xn--bcher-kva.example"
