"""The units are understood by systemd and leave little open, and their process serves on a passed socket."""

import http.client
import re
import shutil
import socket
import subprocess
import tempfile
import unittest
from pathlib import Path

from recipe import DEPLOY, EXECUTABLE, known_settings, run, seconds
from whatsit import require

UNITS = ("whatsit.service", "whatsit.socket")
INSTALLED, STATE = "/usr/local/bin/whatsit", "/var/lib/whatsit"
# systemd's own measure, in tenths: below 2 is `OK`, and 5 is where `MEDIUM` begins.
EXPOSURE = 15


def values(unit: str, key: str) -> list[str]:
    return re.findall(rf"^{key}=(.*)$", (DEPLOY / unit).read_text(), re.MULTILINE)


def environment(state: Path) -> dict[str, str]:
    given = dict(line.split("=", 1) for line in values("whatsit.service", "Environment"))
    return {name: value.replace(STATE, str(state)) for name, value in given.items()}


def arguments(key: str) -> list[str]:
    (line,) = values("whatsit.service", key)
    program, *rest = line.split()
    assert program == INSTALLED, line
    return rest


class SystemdUnit(unittest.TestCase):
    def setUp(self):
        self.analyze = require("systemd-analyze")

    def _analyse(self, root: str, *words: str) -> subprocess.CompletedProcess:
        """In a root that holds systemd's own units, ours, and the executable where they look for it."""
        folder = Path(root)
        for target in ("etc/systemd/system", "usr/lib/systemd", "usr/local/bin"):
            (folder / target).mkdir(parents=True)
        (folder / "lib").symlink_to("usr/lib")
        shutil.copytree("/lib/systemd/system", folder / "usr/lib/systemd/system", symlinks=True)
        for unit in UNITS:
            shutil.copy(DEPLOY / unit, folder / "etc/systemd/system")
        # Any program, since none is started.
        shutil.copy("/bin/true", folder / INSTALLED[1:])
        return subprocess.run([self.analyze, *words, f"--root={root}"], text=True, capture_output=True)

    def test_systemd_understands_every_line(self):
        with tempfile.TemporaryDirectory() as root:
            done = self._analyse(root, "verify", "--man=no", *UNITS)
        said = [line for line in done.stderr.splitlines() if "/whatsit." in line or line.startswith("whatsit.")]
        self.assertEqual((done.returncode, said), (0, []), done.stderr)

    def test_little_is_left_open(self):
        with tempfile.TemporaryDirectory() as root:
            words = ("security", "--offline=true", "--no-pager", f"--threshold={EXPOSURE}", "whatsit.service")
            done = self._analyse(root, *words)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertIn("Overall exposure level", done.stdout)

    def test_settings_are_those_that_there_are(self):
        self.assertLessEqual(set(environment(Path("/"))), known_settings())

    def test_there_is_time_to_stop(self):
        (time,) = values("whatsit.service", "TimeoutStopSec")
        self.assertGreater(seconds(time), seconds(environment(Path("/"))["DRAIN_DEADLINE"]))

    def test_it_migrates_and_serves_whoever_connected_before_it_ran(self):
        with tempfile.TemporaryDirectory() as folder:
            given = {**environment(Path(folder)), "ADMIN_LISTEN": "127.0.0.1:0"}
            done = run(arguments("ExecStartPre"), given, Path(folder))
            self.assertEqual(done.returncode, 0, done.stderr)
            with socket.create_server(("127.0.0.1", 0)) as free:
                port = free.getsockname()[1]
            passed = [word for name, value in given.items() for word in ("-E", f"{name}={value}")]
            activate = [require("systemd-socket-activate"), "-l", f"127.0.0.1:{port}", *passed]
            server = subprocess.Popen(
                [*activate, EXECUTABLE, *arguments("ExecStart")], stderr=subprocess.PIPE, text=True, cwd=folder
            )
            try:
                self.assertIn("Listening on", server.stderr.readline())
                client = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
                client.request("GET", "/", headers={"Connection": "close"})
                self.assertEqual(client.getresponse().status, 200)
                client.close()
                server.terminate()
                _, log = server.communicate(timeout=60)
                self.assertEqual(server.returncode, 0, log)
                self.assertIn(f"serving at http://127.0.0.1:{port}", log)
            finally:
                server.kill()
                server.communicate()


if __name__ == "__main__":
    unittest.main()
