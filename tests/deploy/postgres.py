"""A PostgreSQL server of the test's own, in a temporary folder."""

import os
import shutil
import socket
import subprocess
import tempfile
from pathlib import Path


def programs() -> Path:
    # Debian keeps them out of PATH.
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    path = shutil.which("initdb") or (found[-1] if found else None)
    if path is None:
        raise FileNotFoundError("initdb: install PostgreSQL, the recipes need it")
    return Path(path).resolve().parent


class Postgres:
    """Its only database is called as its user is. Leaving the `with` block ends it."""

    def __init__(self, user: str):
        self.user = user

    def __enter__(self):
        self.folder = Path(tempfile.mkdtemp(prefix="postgres-"))
        self.folder.chmod(0o777)
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        try:
            self._run("initdb", "--auth=trust", f"--username={self.user}", "--encoding=UTF8", "--no-sync")
            options = f"-p {self.port} -k {self.folder} -c listen_addresses=127.0.0.1 -c fsync=off"
            self._run("pg_ctl", "--wait", f"--log={self.folder}/log", f"--options={options}", "start")
            self._run("createdb", f"--host={self.folder}", f"--port={self.port}", f"--username={self.user}", self.user)
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        if (self.folder / "data/postmaster.pid").exists():
            self._run("pg_ctl", "--wait", "--mode=immediate", "stop")
        shutil.rmtree(self.folder)

    def _run(self, program: str, *arguments: str):
        # The server refuses root.
        account = {"user": "postgres", "group": "postgres"} if os.geteuid() == 0 else {}
        done = subprocess.run(
            [programs() / program, *arguments],
            env={"PGDATA": f"{self.folder}/data", "PATH": os.environ["PATH"]},
            cwd=self.folder,
            stdin=subprocess.DEVNULL,
            # The server started by pg_ctl inherits its output, which therefore cannot be a pipe.
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            **account,
        )
        if done.returncode != 0:
            raise AssertionError(f"{program} {' '.join(arguments)} ended with {done.returncode}")
