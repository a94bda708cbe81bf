"""The same sources give the same assets, whatever folder they lie in.

Two clean clones of what is committed are built for release, each with a target folder of its own. Crates
from the registry are taken over from this tree's target folder, where they have been compiled already; every
crate of the workspace, and so every build script and every asset, is built anew, which is checked.
"""

import json
import os
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

from whatsit import ROOT, release

FOLDERS = ("a", "b/deeper/than/a")


def clone(folder: Path) -> Path:
    subprocess.run(["git", "clone", "--quiet", ROOT, folder], check=True)
    return folder


def take_over_registry_crates(folder: Path):
    compiled = release().parent
    for name in (".fingerprint", "build", "deps"):
        # Cargo compares times of modification, and these are kept.
        shutil.copytree(compiled / name, folder / "target/release" / name, symlinks=True)


def build(folder: Path) -> set[str]:
    """Builds in `folder` and returns the names of the workspace's artifacts that were made just now."""
    environment = {name: value for name, value in os.environ.items() if name != "CARGO_TARGET_DIR"}

    def cargo(*arguments: str) -> str:
        command = ["cargo", *arguments, "--release", "--locked"]
        return subprocess.run(
            command, cwd=folder, env=environment, stdout=subprocess.PIPE, text=True, check=True
        ).stdout

    cargo("clean", "--quiet", "--workspace")
    messages = [json.loads(line) for line in cargo("build", "--message-format=json").splitlines()]
    made = [one for one in messages if one["reason"] == "compiler-artifact" and not one["fresh"]]
    return {f"{one['target']['kind'][0]} {one['target']['name']}" for one in made}


class SameBytes(unittest.TestCase):
    maxDiff = None

    def test_clones_in_folders_of_different_depth_embed_the_same_bytes(self):
        listings = []
        with tempfile.TemporaryDirectory() as scratch:
            for name in FOLDERS:
                folder = clone(Path(scratch) / name)
                take_over_registry_crates(folder)
                made = build(folder)
                for artifact in ("custom-build build-script-build", "lib kiln_build", "bin whatsit"):
                    self.assertIn(artifact, made)
                executable = folder / "target/release/whatsit"
                listing = subprocess.run(
                    [executable, "assets", "ls", "--json"], capture_output=True, text=True, check=True
                ).stdout
                listings.append(json.loads(listing))
        self.assertTrue(listings[0])
        self.assertEqual(listings[0], listings[1])


if __name__ == "__main__":
    unittest.main()
