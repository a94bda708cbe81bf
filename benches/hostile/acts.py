"""Acts of hostile clients. Each returns the answers, for the table."""

import asyncio
import random
import socket
import struct

from wire import HTTP2, LONGEST, STATUS, Connection, Target, chunked, get, post

HELLO = bytes.fromhex("1603010200010001fc0303")  # of TLS: a record and a message of 512 bytes, without the rest
PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"


async def slow_head(connection: Connection, _: Target):
    connection.send(b"GET / HTTP/1.1\r\nHost: localhost\r\nX-Slow: ")
    await connection.trickle(b"a")


async def second_head(connection: Connection, _: Target):
    connection.send(get("/readyz"))
    await connection.wait(random.uniform(0, 5))
    connection.send(b"GET / HTTP/1.1\r\nHost: localhost\r\nX-Slow: ")
    await connection.trickle(b"a")


async def silence(connection: Connection, _: Target):
    connection.send(random.choice([b"", b"G", get()[:-2], get()]))
    await connection.wait(LONGEST)


async def silent_body(connection: Connection, _: Target):
    connection.send(post(b"12345" + bytes(4995))[:-4995])
    await connection.wait(LONGEST)


async def trickled_body(connection: Connection, _: Target):
    connection.send(random.choice([post(bytes(5000))[:-5000], chunked(b"1000\r\n")]))
    await connection.trickle(b"a")


async def endless_extension(connection: Connection, _: Target):
    connection.send(chunked(b"1;"))
    await connection.flood(b"a" * 1000, 10 << 20)


async def endless_chunks(connection: Connection, _: Target):
    connection.send(chunked())
    await connection.trickle(b"1;a=b\r\na\r\n", 0.1)


async def endless_trailer(connection: Connection, _: Target):
    connection.send(chunked(b"1\r\na\r\n0\r\n"))
    await connection.flood(b"X-A: b\r\n" * 100, 10 << 20)


async def trailers(connection: Connection, _: Target):
    body = b"1\r\na\r\n0\r\nContent-Length: 5\r\nX-A: b\r\n\r\n"
    connection.send(chunked(body) + get("/livez", "Connection: close\r\n"))
    await connection.wait(LONGEST)


async def after_413(connection: Connection, _: Target):
    declared = post(b"")[:-5] + b"99999999999\r\n\r\n"
    connection.send(random.choice([declared, chunked(b"fffffffff\r\n")]))
    await connection.flood(b"a" * 65536, 96 << 20)


async def parts(connection: Connection, _: Target):
    part = b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n\r\n'
    body = part * random.randrange(1, 1000) + random.choice([b"", b"--x--", b"--x--\r\n", b"--"])
    fields = "Content-Type: multipart/form-data; boundary=x\r\nConnection: close\r\n"
    connection.send(post(body, fields).replace(b"Content-Type: text/plain\r\n", b""))
    await connection.wait(LONGEST)


async def pipeline(connection: Connection, target: Target):
    """Requests in one write, the last of them with `close`, and more behind it: each is answered, and no other."""
    listed = get("/api/identifications?limit=1")
    kinds = [get(), get(method="HEAD"), post(b"a"), get("/livez"), listed, get(target.file)]
    chosen = random.choices(kinds, k=random.randrange(1, 8))
    last = random.choice([get(fields="Connection: close\r\n"), post(b"a", "Connection: close\r\n")])
    connection.send(b"".join([*chosen, last, *random.choices(kinds, k=3)]))
    await connection.wait(LONGEST)
    wanted, seen = len(chosen) + 1, STATUS.findall(connection.received)
    return "as many answers" if wanted == len(seen) else f"{seen} for {wanted} requests"


async def bad_host(connection: Connection, _: Target):
    hosts = ["", "Host: a\r\nHost: b\r\n", *(f"Host: {host}\r\n" for host in ["a b", "\x7f", "rebound.test", "[::1"])]
    connection.send(f"GET / HTTP/1.1\r\n{random.choice(hosts)}Connection: close\r\n\r\n".encode())
    await connection.wait(LONGEST)


async def huge_ranges(connection: Connection, target: Target):
    many = ",".join(f"{start}-{start}" for start in range(3000))
    chosen = random.choice([many, "0-99999999999999999999", "-99999999999999999999", "76887-", "5-1"])
    connection.send(get(target.file, f"Range: bytes={chosen}\r\nConnection: close\r\n"))
    await connection.wait(LONGEST)


async def aborted_download(connection: Connection, target: Target):
    connection.send(get(target.file) * random.randrange(1, 20))
    await connection.wait(random.uniform(0, 0.05))
    ends = connection.writer.get_extra_info("socket")
    ends.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    return "reset"


async def stalled_download(connection: Connection, target: Target):
    connection.reading.cancel()
    connection.writer.transport.pause_reading()
    connection.send(get(target.file) * 200)
    await asyncio.sleep(random.uniform(1, LONGEST))
    return "left alone"


async def half_handshake(connection: Connection, _: Target):
    connection.send(HELLO[: random.randrange(len(HELLO))])
    await connection.trickle(b"\0", 2)


def frame(kind: int, flags: int, stream: int, payload: bytes) -> bytes:
    return struct.pack(">I", len(payload))[1:] + struct.pack(">BBI", kind, flags, stream) + payload


def headers(stream: int, path: str) -> bytes:
    """A GET with literal fields (RFC 7541 §6.2.2)."""
    fields = b"\x82\x87" + b"\x04" + bytes([len(path)]) + path.encode() + b"\x01\x09localhost"
    return frame(1, 0x5, stream, fields)


async def shut_windows(connection: Connection, target: Target):
    """Streams whose window is 0 from the beginning, and the one of the connection as it is."""
    settings = frame(4, 0, 0, struct.pack(">HI", 4, 0))
    streams = [headers(2 * number + 1, target.file) for number in range(random.randrange(1, 50))]
    connection.send(PREFACE + settings + b"".join(streams))
    ended = await connection.wait(LONGEST)
    return "ended" if ended else "open"


async def half_head(connection: Connection, target: Target):
    """HEADERS without END_HEADERS, and CONTINUATION by the byte."""
    connection.send(PREFACE + frame(4, 0, 0, b"") + frame(1, 0x1, 1, headers(1, target.file)[9:]))
    await connection.trickle(frame(9, 0, 1, b"\x0f"))
    return "ended" if connection.is_over else "open"


HTTP1_ACTS = [
    slow_head, second_head, silence, silent_body, trickled_body, endless_extension, endless_chunks, endless_trailer,
    trailers, after_413, parts, pipeline, bad_host, huge_ranges, aborted_download, stalled_download,
]  # fmt: skip
HTTP2_ACTS = [shut_windows, half_head]


async def act(targets: list[Target]) -> tuple[str, str]:
    """One act at random: its name and its outcome."""
    secure = [target for target in targets if target.is_secure]
    chosen = random.choice([*HTTP1_ACTS, *(HTTP2_ACTS + [half_handshake] if secure else [])])
    target = random.choice(targets if chosen in HTTP1_ACTS else secure)
    context = {"context": HTTP2} if chosen in HTTP2_ACTS else {"context": None} if chosen is half_handshake else {}
    connection = await Connection.to(target, **context)
    try:
        outcome = await chosen(connection, target)
        return chosen.__name__.replace("_", " "), outcome or connection.statuses()
    finally:
        connection.abort()
