"""The README's own example, followed to the letter, is an application that works; and so is one that keeps its Vite."""

import re
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

from whatsit import ROOT, Whatsit, target

FILE = re.compile(r"^`([^`\n]+)`:\n\n```\w+\n(.*?)^```$", re.MULTILINE | re.DOTALL)
PACKAGE = '[package]\nname = "adopter"\nversion = "0.0.0"\nedition = "2024"\n\n'
PROFILES = re.compile(r"^\[profile\..*", re.MULTILINE | re.DOTALL)


def follow_the_readme(folder: Path):
    section = (ROOT / "README.md").read_text().split("## In your own application")[1]
    for name, content in FILE.findall(section):
        if name == "Cargo.toml":
            # With other profiles, every dependency would be compiled once more.
            profiles = PROFILES.search((ROOT / "Cargo.toml").read_text())[0]
            content = PACKAGE + content.replace("../kiln/", f"{ROOT}/") + profiles
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(content)
    # The versions that this tree is tested with; cargo adds the package itself.
    (folder / "Cargo.lock").write_bytes((ROOT / "Cargo.lock").read_bytes())


def keep_your_vite(folder: Path):
    example = ROOT / "examples/keep-your-vite"
    shutil.copytree(example, folder, dirs_exist_ok=True, ignore=shutil.ignore_patterns("node_modules", "dist", "target"))
    manifest = folder / "Cargo.toml"
    manifest.write_text(manifest.read_text().replace("../../", f"{ROOT}/"))
    (folder / "Cargo.lock").write_bytes((ROOT / "Cargo.lock").read_bytes())


class Adoption(unittest.TestCase):
    def test_an_application_that_keeps_its_vite_compiles_no_compiler_and_serves(self):
        with tempfile.TemporaryDirectory() as scratch:
            folder = Path(scratch)
            keep_your_vite(folder)
            command = ["cargo", "tree", "--edges", "normal,build", "--prefix", "none"]
            tree = subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True).stdout
            names = {line.split()[0] for line in tree.splitlines() if line}
            self.assertIn("kiln-build", names)
            self.assertEqual(names & {"rolldown", "lightningcss", "rquickjs", "sqlx"}, set())
            subprocess.run(["cargo", "build", "--quiet", "--target-dir", target()], cwd=folder, check=True)
            with Whatsit([target() / "debug/keep-your-vite"], folder) as server:
                page = server.get("/").read().decode()
                self.assertIn("padding-left", self._content(server, page, r'href="(/assets/[^"]+\.css)"'))
                self.assertIn("/api/hello", self._content(server, page, r'src="(/assets/[^"]+\.js)"'))
                self.assertEqual(server.stop(), 0, server.text())

    def test_the_example_of_the_readme_builds_and_serves(self):
        with tempfile.TemporaryDirectory() as scratch:
            folder = Path(scratch)
            follow_the_readme(folder)
            # In this tree's target folder, where the dependencies have been compiled already.
            command = ["cargo", "build", "--quiet", "--target-dir", target()]
            subprocess.run(command, cwd=folder, check=True)
            with Whatsit([target() / "debug/adopter"], folder) as server:
                page = server.get("/").read().decode()
                self.assertIn("italic", self._content(server, page, r'href="([^"]+\.css)"'))
                self.assertIn("/api/hello", self._content(server, page, r'src="([^"]+\.js)"'))
                self.assertEqual(server.get("/api/hello").read(), b"hello")
                self.assertEqual(server.stop(), 0, server.text())

    def _content(self, server: Whatsit, page: str, reference: str) -> str:
        found = re.search(reference, page)
        self.assertIsNotNone(found, page)
        response = server.get(found[1])
        self.assertEqual(response.status, 200, found[1])
        return response.read().decode()


if __name__ == "__main__":
    unittest.main()
