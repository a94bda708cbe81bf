"""Responses of every kind pass a linter for HTTP messages without a warning. `httplint.txt` is installed into target/."""

import re
import socket
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

from whatsit import Whatsit, release, target

REQUIREMENTS = Path(__file__).with_name("httplint.txt")
# `public` is unnecessary beside `max-age`, and is what caches and people look for on a file that never changes.
COMPLAINT = re.compile(r"^\s*\* \[(?:WARN|BAD)\](?! Cache-Control: public is probably not necessary).*", re.MULTILINE)
NOTE = re.compile(r"^\* \[(?:GOOD|INFO)\]", re.MULTILINE)
REFERENCES = re.compile(r'(?:href|src)="(/assets/[^"]+)"')


def linter() -> Path:
    """The linter in an environment of its own, which is installed once."""
    folder = target() / "httplint"
    installed = folder / REQUIREMENTS.name
    if not installed.is_file() or installed.read_bytes() != REQUIREMENTS.read_bytes():
        subprocess.run([sys.executable, "-m", "venv", "--clear", folder], check=True)
        subprocess.run([folder / "bin/pip", "install", "--quiet", "--requirement", REQUIREMENTS], check=True)
        installed.write_bytes(REQUIREMENTS.read_bytes())
    return folder / "bin/httplint"


def response(address: tuple[str, int], path: str, *fields: str) -> bytes:
    """A response as it stands on the wire."""
    head = [f"GET {path} HTTP/1.1", f"Host: {address[0]}:{address[1]}", "Connection: close", *fields]
    with socket.create_connection(address, timeout=30) as stream:
        stream.sendall("\r\n".join([*head, "", ""]).encode())
        return b"".join(iter(lambda: stream.recv(65536), b""))


class HttpLint(unittest.TestCase):
    def test_no_response_is_warned_of(self):
        lint = linter()
        with tempfile.TemporaryDirectory() as folder, Whatsit([release()], Path(folder)) as server:
            verdict = server.identify(b"hello", "a.txt")["id"]
            page = server.get("/").read().decode()
            own = ["/", "/robots.txt", f"/f/{verdict}", f"/api/identifications/{verdict}", "/api/stats", "/readyz"]
            missing = ["/no/such/page", "/api/no-such"]
            for path in own + missing + sorted(set(REFERENCES.findall(page))):
                for coding in ["identity", "br"]:
                    with self.subTest(path=path, coding=coding):
                        message = response(server.address, path, f"Accept-Encoding: {coding}")
                        notes = subprocess.run([lint, "--now"], input=message, check=True, capture_output=True)
                        text = notes.stdout.decode()
                        self.assertRegex(text, NOTE)
                        self.assertEqual(COMPLAINT.findall(text), [])


if __name__ == "__main__":
    unittest.main()
