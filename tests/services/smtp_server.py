"""The process behind `smtp_sink`: a real SMTP server that keeps mails in a folder and misbehaves when told.

`python -m tests.services.smtp_server PORT FOLDER`. How it misbehaves stands in FOLDER/behaviour.json and
is read anew for every mail, so it can be changed while mails arrive.
"""

import asyncio
import json
import random
import re
import sys
from pathlib import Path
from typing import Any

from aiosmtpd.smtp import SMTP, Envelope, Session

OK = "250 OK"


class Handler:
    """Each behaviour is a probability between 0 and 1; `hang_seconds` is how long a hang lasts."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.count = 0
        self.known: set[bytes] = set()
        self.random = random.Random(7)

    def _happens(self, what: str) -> bool:
        return self.random.random() < self._behaviour().get(what, 0)

    def _behaviour(self) -> dict[str, float]:
        try:
            return json.loads((self.folder / "behaviour.json").read_text())
        except FileNotFoundError:
            return {}

    async def handle_MAIL(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self._happens("drop_at_mail"):
            server.transport.abort()
            return ""
        if self._happens("refuse_mail"):
            return "451 try later (MAIL)"
        envelope.mail_from = address
        return OK

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self._happens("refuse_rcpt"):
            return "451 try later (RCPT)"
        if self._happens("reject_rcpt"):
            return "550 no such person"
        envelope.rcpt_tos.append(address)
        return OK

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        if self._happens("hang"):
            await asyncio.sleep(self._behaviour().get("hang_seconds", 60))
        if self._happens("refuse_data"):
            return "451 try later (DATA)"
        if self._happens("reject_data"):
            return "554 refused"
        if not (self._happens("know_again") and self._is_known(envelope)):
            self._keep(envelope)
        if self._happens("lose_reply"):
            server.transport.abort()
            return ""
        return "250 kept"

    def _is_known(self, envelope: Envelope) -> bool:
        """Whether a mail of this Message-ID came before."""
        found = re.search(rb"(?im)^message-id:\s*(\S+)", envelope.original_content or b"")
        key = found[1] if found else b""
        is_known = key in self.known
        self.known.add(key)
        return is_known

    def _keep(self, envelope: Envelope) -> None:
        """Whole or not at all, in the order of arrival."""
        self.count += 1
        head = json.dumps({"sender": envelope.mail_from, "to": envelope.rcpt_tos}).encode()
        draft = self.folder / f"{self.count:07d}.draft"
        draft.write_bytes(head + b"\n" + (envelope.original_content or b""))
        draft.rename(draft.with_suffix(".mail"))


class Server(SMTP):
    """No greeting by host name: looking that up can take seconds on a machine without a network."""

    def __init__(self, handler: Any) -> None:
        super().__init__(handler, hostname="sink.test", ident="sink", enable_SMTPUTF8=True)


async def serve(port: int, folder: Path) -> None:
    handler = Handler(folder)
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: Server(handler), "127.0.0.1", port)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1]), Path(sys.argv[2])))
