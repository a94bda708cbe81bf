"""Single requests over a socket: the response of each server to a browser, and its bytes."""

import re
import socket
from dataclasses import dataclass

BROWSER = {"Accept-Encoding": "gzip, deflate, br, zstd"}


@dataclass
class Reply:
    status: int
    headers: dict[str, str]
    head: int  # bytes
    body: bytes


def ask(port: int, path: str, headers: dict[str, str] = BROWSER) -> Reply:
    lines = [f"GET {path} HTTP/1.1", "Host: localhost", "Connection: close"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
        connection.sendall("\r\n".join([*lines, "", ""]).encode())
        wire = b"".join(iter(lambda: connection.recv(1 << 16), b""))
    head, _, body = wire.partition(b"\r\n\r\n")
    status, *fields = head.decode("latin-1").split("\r\n")
    parsed = {name.lower(): value for name, _, value in (field.partition(": ") for field in fields)}
    return Reply(int(status.split()[1]), parsed, len(head) + 4, body)


def revalidation(reply: Reply) -> dict[str, str]:
    """Headers with which a browser revalidates the response."""
    validators = {"etag": "If-None-Match", "last-modified": "If-Modified-Since"}
    return {ours: reply.headers[theirs] for theirs, ours in validators.items() if theirs in reply.headers}


def references(page: bytes) -> dict[str, str]:
    """The URLs in Kiln's own page, by file extension."""
    return {url.rsplit(".", 1)[1]: url for url in re.findall(r'(?:src|href)="?(/[^"> ]+\.\w+)', page.decode())}
