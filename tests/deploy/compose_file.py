"""The compose file fits its schema, and its services run in its order on a PostgreSQL of the test's own."""

import re
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

import yaml
from recipe import DEPLOY, IMAGE, known_settings, run, seconds, serve

from postgres import Postgres

FILE = DEPLOY / "compose.yaml"
PASSWORD = "correct-horse"
VARIABLE = re.compile(r"\$\{DATABASE_PASSWORD:\?[^}]*\}")
SERVICES = yaml.safe_load(VARIABLE.sub(PASSWORD, FILE.read_text()))["services"]


def environment(service: str, port: int) -> dict[str, str]:
    given = {**IMAGE, **SERVICES[service]["environment"]}
    given["DATABASE_URL"] = given["DATABASE_URL"].replace("@database/", f"@127.0.0.1:{port}/")
    return given


class ComposeFile(unittest.TestCase):
    def test_it_fits_the_schema(self):
        check = Path(sys.executable).parent / "check-jsonschema"
        done = subprocess.run(
            [check, "--builtin-schema", "vendor.compose-spec", FILE], text=True, capture_output=True
        )
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)

    def test_there_is_no_password_in_it(self):
        self.assertEqual(len(VARIABLE.findall(FILE.read_text())), 2)
        self.assertEqual(SERVICES["database"]["environment"]["POSTGRES_PASSWORD"], PASSWORD)
        self.assertIn(f":{PASSWORD}@database/", SERVICES["whatsit"]["environment"]["DATABASE_URL"])

    def test_the_server_waits_for_a_migration_that_runs_once(self):
        waits = SERVICES["whatsit"]["depends_on"]
        self.assertEqual(waits["migrate"], {"condition": "service_completed_successfully"})
        self.assertEqual(SERVICES["migrate"]["depends_on"]["database"], {"condition": "service_healthy"})
        self.assertEqual(SERVICES["migrate"]["restart"], "no")
        self.assertIn("healthcheck", SERVICES["database"])

    def test_services_may_do_nothing_that_they_need_not(self):
        for service in (SERVICES["migrate"], SERVICES["whatsit"]):
            self.assertTrue(service["read_only"])
            self.assertEqual(service["cap_drop"], ["ALL"])
            self.assertEqual(service["security_opt"], ["no-new-privileges:true"])
            self.assertLessEqual(set(service["environment"]), known_settings())
        self.assertEqual(SERVICES["database"]["networks"], ["inside"])

    def test_it_migrates_then_serves_and_ends_with_0(self):
        user = SERVICES["database"]["environment"]["POSTGRES_USER"]
        with Postgres(user) as postgres, tempfile.TemporaryDirectory() as folder:
            migrate, whatsit = (environment(name, postgres.port) for name in ("migrate", "whatsit"))
            command = SERVICES["whatsit"]["command"]
            early = run(command, {**whatsit, "LISTEN": "127.0.0.1:0"}, Path(folder))
            self.assertEqual(early.returncode, 5, "without the migration there is nothing to serve on")
            done = run(SERVICES["migrate"]["command"], migrate, Path(folder))
            self.assertEqual(done.returncode, 0, done.stderr)
            with serve(command, whatsit, Path(folder)) as server:
                self.assertEqual(server.identify(b"[package]\nname = 'x'\n", "Cargo.toml")["label"], "toml")
                self.assertEqual(server.stop(), 0, server.text())
            grace = seconds(SERVICES["whatsit"]["stop_grace_period"])
            self.assertGreater(grace, seconds(whatsit["DRAIN_DEADLINE"]))


if __name__ == "__main__":
    unittest.main()
