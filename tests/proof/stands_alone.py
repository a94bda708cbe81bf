"""The executable needs nothing but itself.

It runs under a root folder that holds a copy of it, the system libraries that it is linked to, and nothing
else: the sources, the target folder and the rest of the machine cannot be reached. strace watches.
"""

import hashlib
import json
import os
import re
import shutil
import subprocess
import tempfile
import unittest
from html.parser import HTMLParser
from pathlib import Path

from whatsit import ROOT, Whatsit, release, require

TRACED = "execve,execveat,open,openat,openat2,creat"
CALL = re.compile(r"^(\d+) +(\w+)\((.*)")
# Files that any program may open: its libraries, files of the kernel, and the time zones, which the seal leaves
# readable. The rest is the database.
OF_THE_SYSTEM = re.compile(r"/(lib|lib64|usr/lib|proc|sys|dev|etc)/|/usr/share/zoneinfo$")
DATABASE = "/data/whatsit.db"
# SQLite also opens the folder, to sync it.
OF_THE_DATABASE = re.compile(r"/data(/whatsit\.db(-wal|-shm|-journal)?)?$")


class References(HTMLParser):
    """The URLs that a page makes a browser load."""

    def __init__(self, page: str):
        super().__init__()
        self.urls: set[str] = set()
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        url = attributes.get("src") or (attributes.get("href") if tag == "link" else None)
        if url is not None:
            self.urls.add(url)


def furnish(folder: Path):
    """Puts the executable, the libraries that it is linked to, and a folder for the database into a root."""
    executable = folder / "whatsit"
    shutil.copy2(release(), executable)
    (folder / "data").mkdir()
    linked = subprocess.run(["ldd", executable], capture_output=True, text=True, check=False).stdout
    for library in re.findall(r"(/\S+) \(0x", linked):
        copy = folder / library.lstrip("/")
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(library, copy)


def chroot(folder: Path) -> list[str]:
    if os.geteuid() == 0:
        return [require("chroot"), str(folder)]
    # Without privileges, in a user namespace that has them.
    return [require("unshare"), "--map-root-user", f"--root={folder}"]


class StandsAlone(unittest.TestCase):
    def test_a_whole_session_starts_no_process_and_opens_no_asset(self):
        with tempfile.TemporaryDirectory() as folder, tempfile.NamedTemporaryFile("r") as trace:
            furnish(Path(folder))
            strace = [require("strace"), "-f", "-e", f"trace={TRACED}", "-s", "4096", "-o", trace.name]
            serve = [*chroot(Path(folder)), "/whatsit", f"--database-url=sqlite://{DATABASE}"]
            with Whatsit([*strace, *serve], Path(folder)) as server:
                server.pid = int(trace.read().split(maxsplit=1)[0])
                manifest = json.loads(server_side(folder, "assets", "ls", "--json"))
                self._load_the_page(server, manifest)
                self._load_every_representation(server, manifest)
                self._use_it(server)
                self.assertEqual(server.stop(), 0, server.text())
            trace.seek(0)
            self._judge(trace.read())

    def _load_the_page(self, server: Whatsit, manifest: list[dict]):
        urls = {asset["url"] for asset in manifest}
        referred = References(server.get("/").read().decode()).urls
        self.assertTrue(referred)
        for url in sorted(referred):
            self.assertIn(url, urls, "the page refers to something that is not embedded")
            self.assertEqual(server.get(url).status, 200, url)

    def _load_every_representation(self, server: Whatsit, manifest: list[dict]):
        for asset in manifest:
            if asset["url"] is None:
                continue
            for variant in asset["variants"]:
                response = server.get(asset["url"], f"{variant['coding']}, identity;q=0.1")
                body, coding = response.read(), response.headers.get("Content-Encoding", "identity")
                what = f"{asset['url']} as {variant['coding']}"
                self.assertEqual(coding, variant["coding"], what)
                self.assertEqual(hashlib.sha256(body).hexdigest(), variant["digest"], what)

    def _use_it(self, server: Whatsit):
        verdict = server.identify((ROOT / "Cargo.toml").read_bytes(), "Cargo.toml")
        self.assertEqual(verdict["label"], "toml", verdict)
        listed = json.loads(server.get("/api/identifications").read())
        self.assertEqual([one["id"] for one in listed["identifications"]], [verdict["id"]])
        self.assertEqual(server.get(f"/f/{verdict['id']}").status, 200)
        self.assertEqual(server.get("/readyz").status, 200)

    def _judge(self, trace: str):
        calls = [found.groups() for line in trace.splitlines() if (found := CALL.match(line))]
        starts = [index for index, (_, _, rest) in enumerate(calls) if rest.startswith('"/whatsit"')]
        self.assertEqual(len(starts), 1, "the server is started once")
        session = calls[starts[0] + 1 :]
        opened = [re.search(r'"([^"]*)"', rest)[1] for _, name, rest in session if name.startswith(("open", "creat"))]
        executed = [rest for _, name, rest in session if name.startswith("exec")]
        self.assertEqual(executed, [], "a process was started")
        self.assertIn(DATABASE, opened, "the trace missed what has to be there")
        strange = {path for path in opened if not OF_THE_SYSTEM.match(path) and not OF_THE_DATABASE.match(path)}
        self.assertEqual(strange, set(), "neither a library nor the database")


def server_side(folder: str, *arguments: str) -> str:
    command = [*chroot(Path(folder)), "/whatsit", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


if __name__ == "__main__":
    unittest.main()
