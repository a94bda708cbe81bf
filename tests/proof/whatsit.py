"""A Whatsit process: started, requested over its socket, stopped like a supervisor does."""

import http.client
import json
import os
import re
import shutil
import signal
import subprocess
import threading
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SERVING = re.compile(r"serving at http://(127\.0\.0\.1):(\d+)")
READY_WITHIN = 60.0  # seconds
STOPPED_WITHIN = 60.0  # seconds


def target() -> Path:
    """The target folder of this tree."""
    return ROOT / os.environ.get("CARGO_TARGET_DIR", "target")


def release() -> Path:
    """The release executable of this tree."""
    executable = target() / "release/whatsit"
    if not executable.is_file():
        raise FileNotFoundError(f"{executable}: `cargo build --release` makes it")
    return executable


def require(tool: str) -> str:
    """The path of a tool; without it there is no proof, and that is a failure."""
    path = shutil.which(tool)
    if path is None:
        raise FileNotFoundError(f"{tool}: install it, the proofs need it")
    return path


class Whatsit:
    """A server on a free port, in a folder of its own. Leaving the `with` block kills what still runs."""

    def __init__(
        self,
        command: list[str | Path],
        folder: Path,
        ready_within: float = READY_WITHIN,
        environment: dict[str, str] | None = None,
    ):
        self.log: list[str] = []
        self.address: tuple[str, int] | None = None
        self._serving = threading.Event()
        self.process = subprocess.Popen(
            command,
            cwd=folder,
            env=environment or {**os.environ, "LISTEN": "127.0.0.1:0"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )
        self.pid = self.process.pid
        self._reader = threading.Thread(target=self._read_log, daemon=True)
        self._reader.start()
        self._serving.wait(ready_within)
        if self.address is None:
            self.process.kill()
            self.ended()
            raise AssertionError(f"the server did not say where it serves; its log:\n{self.text()}")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            os.kill(self.pid, signal.SIGKILL)
        self.ended()

    def _read_log(self):
        for line in self.process.stderr:
            self.log.append(line)
            if found := SERVING.search(line):
                self.address = (found[1], int(found[2]))
                self._serving.set()
        self._serving.set()

    def text(self) -> str:
        return "".join(self.log)

    def connect(self) -> http.client.HTTPConnection:
        connection = http.client.HTTPConnection(*self.address, timeout=30)
        connection.connect()
        return connection

    def get(self, path: str, accept_encoding: str = "identity") -> http.client.HTTPResponse:
        return self._ask("GET", path, None, {"Accept-Encoding": accept_encoding})

    def post(self, path: str) -> http.client.HTTPResponse:
        return self._ask("POST", path, b"", {})

    def identify(self, content: bytes, name: str = "") -> dict:
        path = f"/api/identify?name={name}" if name else "/api/identify"
        response = self._ask("POST", path, content, {})
        body = response.read()
        assert response.status == 200, (response.status, body)
        return json.loads(body)

    def _ask(self, method, path, body, headers) -> http.client.HTTPResponse:
        connection = self.connect()
        connection.request(method, path, body, {**headers, "Connection": "close"})
        return connection.getresponse()

    def signal_stop(self):
        os.kill(self.pid, signal.SIGTERM)

    def stop(self) -> int:
        """Sends SIGTERM and returns the exit code."""
        self.signal_stop()
        return self.ended()

    def ended(self) -> int:
        code = self.process.wait(STOPPED_WITHIN)
        self._reader.join()
        self.process.stderr.close()
        return code
