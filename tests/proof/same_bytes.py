"""The same sources give the same assets, in any folder.

What is committed here is cloned into a folder of another depth and built for release there, with a target
folder of its own. Crates from the registry are taken over from this tree's target folder, where they have been
compiled already; every crate of the workspace, and so every asset, is built anew, which is checked. Then the
clone's executable has to hold what this tree's holds.
"""

import json
import os
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

from whatsit import ROOT, release

FOLDER = "one/that/lies/deeper"


def clone(folder: Path):
    changes = subprocess.check_output(["git", "status", "--porcelain"], cwd=ROOT, text=True)
    if changes:
        raise AssertionError(f"commit first, a clone is compared with this tree:\n{changes}")
    subprocess.run(["git", "clone", "--quiet", ROOT, folder], check=True)


def take_over_registry_crates(folder: Path):
    compiled = release().parent
    for name in (".fingerprint", "build", "deps"):
        # Cargo compares modification times, which the copy preserves.
        shutil.copytree(compiled / name, folder / "target/release" / name, symlinks=True)


def build(folder: Path) -> set[str]:
    """Builds for release and returns the new output."""
    # With the flags of this tree, because cargo compiles everything anew for others.
    printed = subprocess.check_output([ROOT / "deploy/release", "--environment"], text=True)
    environment = {**os.environ, **dict(line.split("=", 1) for line in printed.splitlines())}
    environment.pop("CARGO_TARGET_DIR", None)

    def cargo(*arguments: str) -> str:
        command = ["cargo", *arguments, "--release", "--locked"]
        return subprocess.check_output(command, cwd=folder, env=environment, text=True)

    cargo("clean", "--quiet", "--workspace")
    messages = [json.loads(line) for line in cargo("build", "--message-format=json").splitlines()]
    made = [one for one in messages if one["reason"] == "compiler-artifact" and not one["fresh"]]
    return {f"{one['target']['kind'][0]} {one['target']['name']}" for one in made}


def assets(executable: Path) -> list[dict]:
    return json.loads(subprocess.check_output([executable, "assets", "ls", "--json"], text=True))


class SameBytes(unittest.TestCase):
    maxDiff = None

    def test_a_clone_in_a_folder_of_another_depth_embeds_the_same_bytes(self):
        with tempfile.TemporaryDirectory() as scratch:
            folder = Path(scratch) / FOLDER
            clone(folder)
            take_over_registry_crates(folder)
            made = build(folder)
            ours = ("lib kiln_pipeline", "lib kiln_build", "custom-build build-script-build", "bin whatsit")
            for artifact in ours:
                self.assertIn(artifact, made)
            cloned = assets(folder / "target/release/whatsit")
        self.assertTrue(cloned)
        self.assertEqual(cloned, assets(release()))


if __name__ == "__main__":
    unittest.main()
