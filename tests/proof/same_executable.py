"""Two clones in two folders of different depth give the same executable, to the byte.

Nothing is shared between them but what cargo and npm have downloaded, so this takes as long as two clean release
builds.
"""

import hashlib
import os
import subprocess
import tempfile
import unittest
from pathlib import Path

from same_bytes import clone


def executable(folder: Path) -> Path:
    clone(folder)
    environment = {name: value for name, value in os.environ.items() if name != "CARGO_TARGET_DIR"}
    subprocess.run(["make", "release"], cwd=folder, env=environment, check=True)
    return folder / "target/release/whatsit"


class SameExecutable(unittest.TestCase):
    def test_two_clones_give_the_same_sha_256(self):
        with tempfile.TemporaryDirectory() as scratch:
            folders = [Path(scratch) / "one", Path(scratch) / "another/that/lies/deeper"]
            contents = [executable(folder).read_bytes() for folder in folders]
        for folder in folders:
            self.assertNotIn(str(folder).encode(), contents[0])
        self.assertNotIn(str(Path.home()).encode() + b"/.cargo", contents[0])
        digests = [hashlib.sha256(content).hexdigest() for content in contents]
        print(digests[0])
        self.assertEqual(digests[0], digests[1])


if __name__ == "__main__":
    unittest.main()
