"""A project of `cargo kiln new` builds, passes its own tests, and serves."""

import os
import re
import subprocess
import tempfile
import unittest
from pathlib import Path

from whatsit import ROOT, Whatsit, target

PROFILES = re.compile(r"^\[profile\..*", re.MULTILINE | re.DOTALL)


def new(folder: Path, name: str, *flags: str) -> Path:
    """Writes a project, with the compiled dependencies of this tree."""
    command = [target() / "debug/cargo-kiln", "kiln", "new", name, "--kiln-path", ROOT, *flags]
    subprocess.run(command, cwd=folder, check=True, stdout=subprocess.DEVNULL)
    manifest = folder / name / "Cargo.toml"
    # With other profiles, every dependency would be compiled once more.
    profiles = PROFILES.search((ROOT / "Cargo.toml").read_text())[0]
    manifest.write_text(f"{manifest.read_text()}\n{profiles}")
    # The versions that this tree is tested with; cargo adds the package itself.
    (folder / name / "Cargo.lock").write_bytes((ROOT / "Cargo.lock").read_bytes())
    return folder / name


class NewProject(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        subprocess.run(["cargo", "build", "--workspace", "--locked", "--quiet"], cwd=ROOT, check=True)

    def test_a_light_project_passes_its_tests_and_serves(self):
        self._passes_and_serves("kiln-new-light", "--light", asked="GET /api/hello", expected=b"Hello from Rust")

    def test_a_whole_project_passes_its_tests_and_serves(self):
        self._passes_and_serves("kiln-new-whole", asked="POST /api/visits", expected=b'{"count":1}')

    def _passes_and_serves(self, name: str, *flags: str, asked: str, expected: bytes):
        environment = {**os.environ, "KILN_ENGINE": str(target() / "debug/cargo-kiln")}
        with tempfile.TemporaryDirectory() as scratch:
            project = new(Path(scratch), name, *flags)
            for command in (["test", "--quiet"], ["build", "--quiet"]):
                subprocess.run(["cargo", *command, "--target-dir", target()], cwd=project, env=environment, check=True)
            with Whatsit([target() / "debug" / name], project) as server:
                page = server.get("/").read().decode()
                self.assertIn(name, page)
                method, path = asked.split()
                answer = server.get(path) if method == "GET" else server.post(path)
                self.assertEqual(answer.read(), expected)
                self.assertEqual(server.stop(), 0, server.text())


if __name__ == "__main__":
    unittest.main()
