"""Connections of hostile clients, and the requests that they send."""

import asyncio
import re
import ssl
from dataclasses import dataclass

STATUS = re.compile(rb"HTTP/1\.1 (\d{3}) ")
IDENTIFY = b"POST /api/identify HTTP/1.1\r\nHost: localhost\r\nContent-Type: text/plain\r\n"
LONGEST = 90  # seconds until a server that ends nothing counts as hanging
KEPT = 1 << 20  # bytes of answers that are kept


@dataclass(frozen=True)
class Target:
    """A port of the server, and the URL of its largest file."""

    port: int
    is_secure: bool
    file: str


def trusting(protocol: str) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    context.set_alpn_protocols([protocol])
    return context


HTTP1, HTTP2 = trusting("http/1.1"), trusting("h2")


def get(path: str = "/", fields: str = "", method: str = "GET") -> bytes:
    return f"{method} {path} HTTP/1.1\r\nHost: localhost\r\n{fields}\r\n".encode()


def post(body: bytes, fields: str = "") -> bytes:
    return IDENTIFY + f"Content-Length: {len(body)}\r\n{fields}\r\n".encode() + body


def chunked(body: bytes = b"") -> bytes:
    return IDENTIFY + b"Transfer-Encoding: chunked\r\n\r\n" + body


class Connection:
    """A connection on which everything that comes is read, so that its end is noticed."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter):
        self.reader, self.writer, self.received = reader, writer, b""
        self.reading = asyncio.create_task(self._read())

    @classmethod
    async def to(cls, target: Target, context: ssl.SSLContext | None = HTTP1) -> "Connection":
        context = context if target.is_secure else None
        opened = asyncio.open_connection("127.0.0.1", target.port, ssl=context)
        return cls(*await asyncio.wait_for(opened, LONGEST))

    async def _read(self):
        try:
            while part := await self.reader.read(1 << 16):
                self.received = (self.received + part)[:KEPT]
        except (OSError, ssl.SSLError):
            pass

    @property
    def is_over(self) -> bool:
        return self.reading.done()

    def send(self, part: bytes):
        if not self.writer.transport.is_closing():
            self.writer.write(part)

    async def wait(self, seconds: float) -> bool:
        """Waits for the end; whether it has come."""
        await asyncio.wait([self.reading], timeout=seconds)
        return self.is_over

    async def trickle(self, part: bytes, pause: float = 1):
        """Sends a part again and again until the server ends the connection."""
        for _ in range(int(LONGEST / pause)):
            self.send(part)
            if await self.wait(pause):
                return

    async def flood(self, part: bytes, most: int):
        """Sends a part as fast as the server takes it until it ends the connection, or has taken `most` bytes."""
        for _ in range(most // len(part)):
            self.send(part)
            try:
                await asyncio.wait_for(self.writer.drain(), LONGEST)
            except (OSError, ssl.SSLError):
                break
            if self.is_over:
                break
        await self.wait(LONGEST)

    def statuses(self) -> str:
        """All statuses that came, and whether the server has ended the connection."""
        seen = [status.decode() for status in STATUS.findall(self.received)]
        return " ".join(seen or ["nothing"]) + ("" if self.is_over else ", and open")

    def abort(self):
        self.reading.cancel()
        self.writer.transport.abort()
