"""An executable with a changed byte of an asset reports it."""

import subprocess
import tempfile
import unittest
from pathlib import Path

from whatsit import release


def run(executable: Path, *arguments: str) -> subprocess.CompletedProcess:
    return subprocess.run([executable, "assets", *arguments], capture_output=True)


class FlippedByte(unittest.TestCase):
    def test_verify_names_the_asset_that_is_not_as_built(self):
        intact = run(release(), "verify")
        self.assertEqual(intact.returncode, 0, intact.stdout)
        page = run(release(), "cat", "index.html").stdout
        content = bytearray(release().read_bytes())
        self.assertEqual(content.count(page), 1)
        content[content.index(page) + len(page) // 2] ^= 1
        with tempfile.TemporaryDirectory() as folder:
            flipped = Path(folder) / "whatsit"
            flipped.write_bytes(content)
            flipped.chmod(0o755)
            verified = run(flipped, "verify")
        self.assertEqual(verified.returncode, 3, verified.stdout)
        lines = verified.stdout.decode().splitlines()
        self.assertEqual(len(lines), 1, lines)
        self.assertIn(" of index.html has the SHA-256 ", lines[0])


if __name__ == "__main__":
    unittest.main()
