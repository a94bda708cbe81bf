"""On a fresh clone, one command starts a working server."""

import tempfile
import unittest
from pathlib import Path

from whatsit import ROOT, Whatsit

COMPILED_WITHIN = 1800.0  # seconds


class FirstRun(unittest.TestCase):
    def test_cargo_run_ends_in_a_server_that_knows_a_manifest_when_it_sees_one(self):
        cargo_toml = ROOT / "Cargo.toml"
        command = ["cargo", "run", "--locked", "--manifest-path", cargo_toml]
        with tempfile.TemporaryDirectory() as folder:
            with Whatsit(command, Path(folder), ready_within=COMPILED_WITHIN) as server:
                verdict = server.identify(cargo_toml.read_bytes())
                self.assertEqual(verdict["label"], "toml", verdict)
                listed = server.get("/api/identifications").read().decode()
                self.assertIn(verdict["id"], listed)
                self.assertEqual(server.stop(), 0, server.text())


if __name__ == "__main__":
    unittest.main()
