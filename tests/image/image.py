"""The image: small, without a shell, content with few rights, and stopped as an orchestrator stops it."""

import http.client
import json
import os
import shutil
import socket
import struct
import subprocess
import sys
import tarfile
import tempfile
import threading
import time
import unittest
from pathlib import Path

IMAGE = os.environ["IMAGE"]
MEBIBYTES = 30
USER = 65532
# Options of podman for machines without control groups and networks.
RUN = ["podman", "--runtime", "runc", "--cgroup-manager", "cgroupfs", "run", "--network", "host"]
LIMITS = ["--ulimit", "nofile=1024:1024", "--ulimit", "nproc=1000:1000"]
HARDENED = ["--read-only", "--cap-drop", "ALL", "--security-opt", "no-new-privileges"]
ANSWERED_WITHIN = 60.0  # seconds
NAME = "whatsit.example"


def podman(*words: str, check: bool = True) -> subprocess.CompletedProcess:
    return subprocess.run(["podman", *words], text=True, capture_output=True, check=check)


def run(*words: str) -> subprocess.CompletedProcess:
    """Runs a container to its end."""
    return subprocess.run([*RUN, *LIMITS, *HARDENED, "--rm", *words], text=True, capture_output=True)


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        return free.getsockname()[1]


class Server:
    """A container with a volume of its own. Leaving the `with` block removes both."""

    def __init__(self):
        self.port = free_port()
        self.name = f"whatsit-test-{self.port}"

    def __enter__(self):
        podman("volume", "create", self.name)
        self.start()
        return self

    def __exit__(self, *_):
        podman("rm", "--force", self.name, check=False)
        podman("volume", "rm", "--force", self.name, check=False)

    def start(self):
        words = ["--detach", "--name", self.name, "--volume", f"{self.name}:/data"]
        listen = ["--env", f"LISTEN=127.0.0.1:{self.port}"]
        subprocess.run([*RUN, *LIMITS, *HARDENED, *words, *listen, IMAGE], check=True, capture_output=True)
        end = time.monotonic() + ANSWERED_WITHIN
        while True:
            try:
                if self.ask("GET", "/readyz")[0] == 200:
                    return
            except ConnectionError:
                pass
            if time.monotonic() > end:
                raise AssertionError(f"no answer:\n{podman('logs', self.name).stderr}")
            time.sleep(0.05)

    def ask(self, method: str, path: str, body: bytes | None = None) -> tuple[int, bytes]:
        client = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        client.request(method, path, body, {"Connection": "close"})
        answer = client.getresponse()
        return answer.status, answer.read()

    def stop(self) -> int:
        """Sends the stop signal of the image, and returns the exit code."""
        podman("stop", "--time", "60", self.name)
        return int(podman("inspect", "--format", "{{.State.ExitCode}}", self.name).stdout)

    def kernel(self) -> dict[str, str]:
        """Status of the process in /proc."""
        pid = podman("inspect", "--format", "{{.State.Pid}}", self.name).stdout.strip()
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
        return {name: value.strip() for name, value in (line.split(":", 1) for line in lines)}


class Names:
    """A name server at 127.0.0.1 that knows one name (RFC 1035 §4)."""

    def __enter__(self):
        self.asked = threading.Event()
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind(("127.0.0.1", 53))
        threading.Thread(target=self._answer, daemon=True).start()
        return self

    def __exit__(self, *_):
        self.socket.close()

    def _answer(self):
        while True:
            try:
                query, client = self.socket.recvfrom(512)
            except OSError:
                return
            end = query.index(b"\0", 12) + 5
            labels = b"".join(bytes([len(part)]) + part.encode() for part in NAME.split("."))
            (kind,) = struct.unpack("!H", query[end - 4 : end - 2])
            known = query[12 : end - 5] == labels
            found = struct.pack("!HHHIH", 0xC00C, 1, 1, 60, 4) + bytes([127, 0, 0, 1]) if known and kind == 1 else b""
            if known:
                self.asked.set()
            head = query[:2] + struct.pack("!HHHHH", 0x8180 if known else 0x8183, 1, 1 if found else 0, 0, 0)
            self.socket.sendto(head + query[12:end] + found, client)


class Image(unittest.TestCase):
    def test_it_is_small_and_holds_the_executable_and_no_system(self):
        (image,) = json.loads(podman("image", "inspect", IMAGE).stdout)
        self.assertLess(image["Size"], MEBIBYTES << 20)
        container = podman("create", IMAGE).stdout.strip()
        try:
            with tempfile.NamedTemporaryFile(suffix=".tar") as archive:
                podman("export", "--output", archive.name, container)
                with tarfile.open(archive.name) as files:
                    held = {one.name for one in files if one.isfile() and one.size > 0}
        finally:
            podman("rm", container)
        licences = {f"licenses/{name}" for name in ("LICENSE-APACHE", "LICENSE-MIT", "NOTICE", "OFL.txt")}
        self.assertEqual(held, {"whatsit"} | licences)
        print(f"{image['Size']} bytes", file=sys.stderr)

    def test_it_says_what_it_is(self):
        (image,) = json.loads(podman("image", "inspect", IMAGE).stdout)
        labels = image["Labels"]
        version = json.loads(run(IMAGE, "version", "--json").stdout)
        self.assertEqual(labels["org.opencontainers.image.title"], "whatsit")
        self.assertEqual(labels["org.opencontainers.image.version"], version["version"])
        self.assertEqual(labels["org.opencontainers.image.revision"], version["commit"])
        self.assertTrue(labels["org.opencontainers.image.licenses"])
        self.assertEqual(image["Config"]["StopSignal"], "SIGTERM")
        self.assertEqual(image["Config"]["User"], f"{USER}:{USER}")

    def test_it_has_no_shell(self):
        self.assertEqual(run("--entrypoint", "/bin/sh", IMAGE, "-c", "exit 0").returncode, 127)

    def test_what_it_holds_is_as_built(self):
        for arguments in (("assets", "verify"), ("sbom",)):
            done = run(IMAGE, *arguments)
            self.assertEqual(done.returncode, 0, done.stderr)
        for trace in (b"/cargo/registry/src/", b"/toolchain/"):
            # Of the registry only what stands for it is in there, so that there is something to be seen.
            self.assertEqual(trace in self._executable(), trace != b"/toolchain/", trace)

    def _executable(self) -> bytes:
        container = podman("create", IMAGE).stdout.strip()
        try:
            with tempfile.TemporaryDirectory() as folder:
                podman("cp", f"{container}:/whatsit", folder)
                return (Path(folder) / "whatsit").read_bytes()
        finally:
            podman("rm", container)

    def test_it_serves_with_a_read_only_root_and_no_rights_and_stops_with_0(self):
        with Server() as server:
            status, answer = server.ask("POST", "/api/identify?name=Cargo.toml", b"[package]\nname = 'x'\n")
            self.assertEqual((status, json.loads(answer)["label"]), (200, "toml"), answer)
            self.assertIn(b"<html", server.ask("GET", "/")[1])
            kernel = server.kernel()
            self.assertEqual(set(kernel["Uid"].split() + kernel["Gid"].split()), {str(USER)})
            self.assertEqual({kernel[name] for name in ("CapEff", "CapPrm", "CapBnd")}, {"0" * 16})
            self.assertEqual((kernel["NoNewPrivs"], kernel["Seccomp"]), ("1", "2"))
            # The command of the health check, with the port of the test in place of that of the image.
            (image,) = json.loads(podman("image", "inspect", IMAGE).stdout)
            kind, *probe = (image.get("HealthCheck") or image["Healthcheck"])["Test"]
            self.assertEqual(kind, "CMD")
            url = f"http://127.0.0.1:{server.port}/readyz"
            words = ["--runtime", "runc", "--cgroup-manager", "cgroupfs", "exec", server.name]
            self.assertEqual(podman(*words, *probe, url).returncode, 0)
            self.assertEqual(server.stop(), 0, podman("logs", server.name).stderr)
            podman("rm", server.name)
            server.start()
            listed = json.loads(server.ask("GET", "/api/identifications")[1])["identifications"]
            self.assertEqual([one["label"] for one in listed], ["toml"], "the volume outlives the container")
            self.assertEqual(server.stop(), 0)

    def test_without_a_volume_there_is_no_place_for_a_database(self):
        done = run("--env", "DATABASE_URL=sqlite:///elsewhere.db", IMAGE, "migrate")
        self.assertNotEqual(done.returncode, 0)

    def test_names_are_looked_up_in_the_hosts_file_and_by_a_name_server(self):
        with Server() as server, Names() as names:
            url = f"http://{NAME}:{server.port}/readyz"
            listed = run("--add-host", f"{NAME}:127.0.0.1", IMAGE, "probe", url)
            self.assertEqual(listed.returncode, 0, listed.stderr)
            self.assertFalse(names.asked.is_set())
            asked = run("--dns", "127.0.0.1", IMAGE, "probe", url)
            self.assertEqual(asked.returncode, 0, asked.stderr)
            self.assertTrue(names.asked.is_set())


if __name__ == "__main__":
    assert shutil.which("podman")
    unittest.main()
