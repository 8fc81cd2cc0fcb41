"""python -m bench.sink PORT MILLISECONDS: a mail server that takes all, keeps nothing, answers late."""

import asyncio
import sys


class Line(asyncio.Protocol):
    """One connection. Every answer takes the given time, as from a server that far away."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self.rest = b""
        self.is_body = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        self.answer(b"220 sink")

    def data_received(self, data: bytes) -> None:
        self.rest += data
        while self.taken():
            pass

    def taken(self) -> bool:
        """Whether one more command or message was there, whole."""
        end = b"\r\n.\r\n" if self.is_body else b"\r\n"
        given, found, rest = self.rest.partition(end)
        if not found:
            return False
        self.rest = rest
        word = b"BODY" if self.is_body else given[:4].upper()
        self.is_body = word == b"DATA"
        if word == b"QUIT":
            self.transport.close()
        else:
            self.answer({b"DATA": b"354 go on", b"EHLO": b"250-sink\r\n250 8BITMIME"}.get(word, b"250 OK"))
        return True

    def answer(self, words: bytes) -> None:
        if self.seconds:
            asyncio.get_running_loop().call_later(self.seconds, self.transport.write, words + b"\r\n")
        else:
            self.transport.write(words + b"\r\n")


async def serve(port: int, milliseconds: float) -> None:
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: Line(milliseconds / 1000), "127.0.0.1", port)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1]), float(sys.argv[2])))
