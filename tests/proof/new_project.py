"""A project of `cargo kiln new` builds with the packed crates, passes its own tests, and serves."""

import os
import re
import subprocess
import tarfile
import tempfile
import unittest
from pathlib import Path

from whatsit import ROOT, Whatsit, target

NAME_AND_VERSION = re.compile(r"(.+)-(\d+\.\d+\.\d+.*)")
PROFILES = re.compile(r"^\[profile\..*", re.MULTILINE | re.DOTALL)


def packed(folder: Path) -> str:
    """Unpacks the packed crates as a registry would hand them out, and returns the table that puts them in its place."""
    table = ["[patch.crates-io]"]
    for file in sorted((target() / "package").glob("*.crate")):
        with tarfile.open(file) as archive:
            archive.extractall(folder)
        name = NAME_AND_VERSION.fullmatch(file.stem)[1]
        table.append(f'{name} = {{ path = "{folder / file.stem}" }}')
    return "\n".join(table)


def new(folder: Path, name: str, *flags: str) -> Path:
    """Writes a project, with the packed crates and the compiled dependencies of this tree."""
    subprocess.run([target() / "debug/cargo-kiln", "kiln", "new", name, *flags], cwd=folder, check=True, stdout=subprocess.DEVNULL)
    manifest = folder / name / "Cargo.toml"
    # With other profiles, every dependency would be compiled once more.
    profiles = PROFILES.search((ROOT / "Cargo.toml").read_text())[0]
    manifest.write_text(f"{manifest.read_text()}\n{packed(folder / 'packed')}\n\n{profiles}")
    # The versions that this tree is tested with; cargo adds the package itself.
    (folder / name / "Cargo.lock").write_bytes((ROOT / "Cargo.lock").read_bytes())
    return folder / name


class NewProject(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        subprocess.run(["cargo", "build", "--workspace", "--locked", "--quiet"], cwd=ROOT, check=True)
        package = ["cargo", "package", "--workspace", "--exclude", "whatsit", "--no-verify", "--allow-dirty", "--locked"]
        subprocess.run([*package, "--quiet", "--target-dir", target()], cwd=ROOT, check=True)

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
