"""The conversation under TLS, from the first byte or after STARTTLS, with the server whose name we called."""

import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from post import smtp

pytestmark = pytest.mark.once
GO_AHEAD = b"220 go ahead\r\n"  # after which both speak TLS
STARTTLS = [b"220 here\r\n", b"250-here\r\n250 STARTTLS\r\n", GO_AHEAD, b"250-here\r\n250 AUTH PLAIN\r\n"]


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Of "localhost", with its key, signed by itself."""
    key, name = ec.generate_private_key(ec.SECP256R1()), x509.Name([])
    usage = dict.fromkeys(
        [
            *("content_commitment", "key_encipherment", "data_encipherment", "key_agreement"),
            *("crl_sign", "encipher_only", "decipher_only"),
        ],
        False,
    )
    now, public = datetime.now(UTC), key.public_key()
    builder = x509.CertificateBuilder(
        name, name, public, x509.random_serial_number(), now - timedelta(days=1), now + timedelta(days=1)
    )
    extensions = [
        (x509.SubjectAlternativeName([x509.DNSName("localhost")]), True),
        (x509.BasicConstraints(ca=True, path_length=None), True),
        (x509.KeyUsage(digital_signature=True, key_cert_sign=True, **usage), True),
        (x509.SubjectKeyIdentifier.from_public_key(public), False),
        (x509.AuthorityKeyIdentifier.from_issuer_public_key(public), False),
    ]
    for extension, is_critical in extensions:
        builder = builder.add_extension(extension, is_critical)
    signed = builder.sign(key, hashes.SHA256())
    pem = serialization.Encoding.PEM
    private = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    path = tmp_path_factory.mktemp("tls") / "localhost.pem"
    path.write_bytes(private + signed.public_bytes(pem))
    return path


@pytest.fixture
def trusted(certificate: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))


@contextmanager
def server(certificate: Path, *replies: bytes, **options: object) -> Iterator[tuple[smtp.Conversation, list]]:
    """Says one reply after each line it hears, the first at once; under TLS from the first or GO_AHEAD."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    heard: list[bytes | str] = []

    def talk() -> None:
        line, _ = listening.accept()
        try:
            line = context.wrap_socket(line, server_side=True) if options.get("has_tls") else line
            for number, reply in enumerate(replies):
                if number:
                    heard.append(line.recv(1000))
                line.sendall(reply)
                if reply == GO_AHEAD:
                    line = context.wrap_socket(line, server_side=True)
                    heard.append(str(line.version()))
            line.recv(1000)
        except OSError:
            heard.append("hung up")
        finally:
            line.close()

    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = threading.Thread(target=talk, daemon=True)
        thread.start()
        at = smtp.Server(str(options.pop("host", "localhost")), listening.getsockname()[1], **options)  # type: ignore[arg-type]
        conversation = smtp.Conversation(at)
        yield conversation, heard
        conversation.close()
    thread.join(5)


def offer(conversation: smtp.Conversation) -> None:
    conversation.offer("bosai@harbour.example", "nadia@customer.example")


OK = b"250 ok\r\n"


def test_it_speaks_tls_from_the_first_byte(certificate, trusted):
    with server(certificate, b"220 here\r\n", OK, OK, OK, has_tls=True) as (line, heard):
        offer(line)
    assert heard[1:3] == [b"MAIL FROM:<bosai@harbour.example>\r\n", b"RCPT TO:<nadia@customer.example>\r\n"]


def test_it_signs_in_only_after_starttls(certificate, trusted):
    replies = [*STARTTLS, b"235 welcome\r\n", OK, OK]
    with server(certificate, *replies, starts_tls=True, user="u", password="p") as (line, heard):
        offer(line)
    assert heard[1] == b"STARTTLS\r\n"
    assert heard[2].startswith("TLS")
    assert heard[3].startswith(b"ehlo")  # asked anew: what was said before is not to be trusted
    assert heard[4].startswith(b"AUTH PLAIN")
    assert heard[5] == b"MAIL FROM:<bosai@harbour.example>\r\n"


@pytest.mark.parametrize("how", ["has_tls", "starts_tls"])
def test_a_server_nobody_vouches_for_is_not_reached(certificate, how):
    refused = pytest.raises(smtp.NotReachedError, match="CERTIFICATE_VERIFY_FAILED")
    with server(certificate, *STARTTLS, **{how: True}) as (line, heard), refused:
        offer(line)
    assert not any(b"MAIL" in each for each in heard if isinstance(each, bytes))


@pytest.mark.parametrize("how", ["has_tls", "starts_tls"])
def test_a_server_of_another_name_is_not_reached(certificate, trusted, how):
    refused = pytest.raises(smtp.NotReachedError, match="IP address mismatch")
    with server(certificate, *STARTTLS, host="127.0.0.1", **{how: True}) as (line, _heard), refused:
        offer(line)


def test_a_server_that_cannot_encrypt_is_not_reached(certificate, trusted):
    refused = pytest.raises(smtp.NotReachedError, match="STARTTLS")
    with server(certificate, b"220 here\r\n", b"250 here\r\n", starts_tls=True) as (line, heard), refused:
        offer(line)
    assert not any(b"MAIL" in each for each in heard if isinstance(each, bytes))
