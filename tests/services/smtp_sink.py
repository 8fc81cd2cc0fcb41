"""A mail server for tests: a process of its own that keeps what arrives and fails as asked."""

import email
import email.policy
import json
import shutil
import signal
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path

from tests.services import processes


@dataclass(frozen=True)
class Arrived:
    """One mail as the server took it: the envelope and the message."""

    sender: str
    to: list[str]
    message: EmailMessage
    raw: bytes

    @property
    def subject(self) -> str:
        return str(self.message["Subject"])

    @property
    def text(self) -> str:
        return self._body("plain")

    @property
    def html(self) -> str:
        return self._body("html")

    def _body(self, kind: str) -> str:
        part = self.message.get_body((kind,))
        return part.get_content() if part is not None else ""


class SmtpSink:
    """`url` goes into SMTP_URL. Behaviours: see `misbehave`."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="bosai-smtp-"))
        self.port = processes.free_port()
        self.process: subprocess.Popen[bytes] | None = None
        self.start()

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"

    def start(self) -> None:
        command = [sys.executable, "-m", "tests.services.smtp_server", str(self.port), self.folder]
        self.process = processes.start(command)
        processes.wait_until(lambda: processes.listens(self.port), "the mail server to start")

    def kill(self) -> None:
        """kill -9; what arrived stays in the folder."""
        if self.process is not None:
            processes.stop(self.process, signal.SIGKILL)
            self.process = None

    def misbehave(self, **chances: float) -> None:
        """From the next command on, with the given probabilities (0 to 1):

        drop_at_mail, refuse_mail, refuse_rcpt (451), reject_rcpt (550), refuse_data (451), reject_data (554),
        know_again (a Message-ID that came before is taken and not kept),
        lose_reply (kept, then cut off before the answer), hang (for `hang_seconds`, before keeping).
        """
        draft = self.folder / "behaviour.draft"
        draft.write_text(json.dumps(chances))
        draft.rename(self.folder / "behaviour.json")

    def behave(self) -> None:
        self.misbehave()

    def mails(self) -> list[Arrived]:
        """Everything that arrived, oldest first."""
        return [_read(path) for path in sorted(self.folder.glob("*.mail"))]

    def count(self) -> int:
        return sum(1 for _ in self.folder.glob("*.mail"))

    def wait_for(self, count: int, seconds: float = 15) -> list[Arrived]:
        """The mails once `count` have arrived; AssertionError when they do not."""
        processes.wait_until(lambda: self.count() >= count, f"{count} mails ({self.count()} came)", seconds)
        return self.mails()

    def clear(self) -> None:
        """Forget all mails and behave."""
        for path in self.folder.iterdir():
            path.unlink(missing_ok=True)

    def close(self) -> None:
        self.kill()
        shutil.rmtree(self.folder, ignore_errors=True)


def _read(path: Path) -> Arrived:
    head, _, raw = path.read_bytes().partition(b"\n")
    envelope = json.loads(head)
    message = email.message_from_bytes(raw, policy=email.policy.default)
    assert isinstance(message, EmailMessage)
    return Arrived(envelope["sender"], envelope["to"], message, raw)
