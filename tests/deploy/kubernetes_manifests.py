"""The Kubernetes manifests fit the schemas, and their containers migrate, serve and stop as configured."""

import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

import yaml
from recipe import DEPLOY, IMAGE, known_settings, run, seconds, serve

from postgres import Postgres

POSTGRES, SQLITE = DEPLOY / "kubernetes.yaml", DEPLOY / "kubernetes-sqlite.yaml"


def resources(file: Path) -> dict[str, dict]:
    return {resource["kind"]: resource for resource in yaml.safe_load_all(file.read_text())}


def pod(file: Path) -> dict:
    return resources(file)["Deployment"]["spec"]["template"]["spec"]


def environment(container: dict, database: str) -> dict[str, str]:
    """The environment of the container, with the database of the test."""
    given = {one["name"]: one.get("value") for one in container.get("env", [])}
    return {**IMAGE, **given, "DATABASE_URL": database}


class KubernetesManifests(unittest.TestCase):
    def test_they_fit_the_schemas(self):
        for file in (POSTGRES, SQLITE):
            command = [Path(sys.executable).parent / "kubernetes-validate", "--strict", file]
            done = subprocess.run(command, text=True, capture_output=True)
            self.assertEqual(done.returncode, 0, done.stdout + done.stderr)

    def test_a_pod_may_do_nothing_that_it_need_not(self):
        for file in (POSTGRES, SQLITE):
            self.assertTrue(pod(file)["securityContext"]["runAsNonRoot"])
            for container in pod(file)["initContainers"] + pod(file)["containers"]:
                security = container["securityContext"]
                self.assertTrue(security["readOnlyRootFilesystem"])
                self.assertFalse(security["allowPrivilegeEscalation"])
                self.assertEqual(security["capabilities"], {"drop": ["ALL"]})

    def test_selectors_find_the_pods_of_the_deployment(self):
        for file in (POSTGRES, SQLITE):
            found = resources(file)
            labels = found["Deployment"]["spec"]["template"]["metadata"]["labels"]
            self.assertEqual(found["Deployment"]["spec"]["selector"]["matchLabels"], labels)
            self.assertEqual(found["Service"]["spec"]["selector"], labels)
            if budget := found.get("PodDisruptionBudget"):
                self.assertEqual(budget["spec"]["selector"]["matchLabels"], labels)
                self.assertLess(budget["spec"]["minAvailable"], found["Deployment"]["spec"]["replicas"])

    def test_there_is_time_to_stop(self):
        for file in (POSTGRES, SQLITE):
            (container,) = pod(file)["containers"]
            given = environment(container, "")
            needed = seconds(given["DRAIN_PAUSE"]) + seconds(given["DRAIN_DEADLINE"])
            self.assertGreater(pod(file)["terminationGracePeriodSeconds"], needed)

    def test_settings_are_those_that_there_are(self):
        for file in (POSTGRES, SQLITE):
            for container in pod(file)["initContainers"] + pod(file)["containers"]:
                self.assertLessEqual(set(environment(container, "")), known_settings())

    def test_a_pod_migrates_then_serves_and_ends_with_0(self):
        with Postgres("whatsit") as postgres, tempfile.TemporaryDirectory() as folder:
            sqlite = f"sqlite://{folder}/whatsit.db"
            for file, url in ((POSTGRES, f"postgres://whatsit@127.0.0.1:{postgres.port}/whatsit"), (SQLITE, sqlite)):
                with self.subTest(file=file.name):
                    self._run(file, url, Path(folder))

    def _run(self, file: Path, url: str, folder: Path):
        (migrate,), (container,) = pod(file)["initContainers"], pod(file)["containers"]
        given = environment(container, url)
        if admin := given.get("ADMIN_LISTEN"):
            ports = {port["name"]: port["containerPort"] for port in container["ports"]}
            self.assertTrue(admin.endswith(f":{ports['metrics']}"))
            given["ADMIN_LISTEN"] = "127.0.0.1:0"
        # Ten seconds of it are for a load balancer that is not here.
        given["DRAIN_PAUSE"] = "0s"
        early = run(container["args"], {**given, "LISTEN": "127.0.0.1:0"}, folder)
        self.assertEqual(early.returncode, 5, "without the init container there is nothing to serve on")
        done = run(migrate["args"], environment(migrate, url), folder)
        self.assertEqual(done.returncode, 0, done.stderr)
        with serve(container["args"], given, folder) as server:
            for probe in ("startupProbe", "readinessProbe", "livenessProbe"):
                self.assertEqual(server.get(container[probe]["httpGet"]["path"]).status, 200, probe)
            self.assertEqual(server.stop(), 0, server.text())


if __name__ == "__main__":
    unittest.main()
