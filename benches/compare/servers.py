"""The servers, each on one core with one worker."""

import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

HERE = Path(__file__).resolve().parent
BUILT = HERE / "target/release"
NGINX = "/usr/sbin/nginx"
NGINX_CONF = """
daemon off; master_process on; worker_processes 1; pid pid; error_log stderr error; user root;
events {{ worker_connections 4096; }}
http {{
    access_log off; client_body_temp_path body; default_type application/octet-stream;
    types {{ text/html html; text/css css; image/svg+xml svg; }}
    sendfile on; tcp_nopush on; keepalive_requests 100000000; open_file_cache max=1000; etag on;
    gzip_static on; gzip_vary on;
    server {{ listen 127.0.0.1:{port} backlog=4096; root {site}/public; index index.html; }}
}}
"""
READY_WITHIN = 20  # seconds


class Server:
    """A serving process, in a session of its own so that its children end with it."""

    def __init__(self, name: str, command: list, port: int, folder: Path, core: int):
        self.name, self.port = name, port
        self.log = (folder / f"{name.replace(' ', '-')}.log").open("wb")
        self.process = subprocess.Popen(
            ["setpriv", "--pdeathsig", "TERM", "taskset", "--cpu-list", str(core), *map(str, command)],
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=self.log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        self._wait()

    def _wait(self):
        deadline = time.monotonic() + READY_WITHIN
        while time.monotonic() < deadline and self.process.poll() is None:
            try:
                return socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
            except OSError:
                time.sleep(0.05)
        raise SystemExit(f"{self.name} does not serve; see {self.log.name}")

    def stop(self):
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]


def export(folder: Path) -> Path:
    """Files of Kiln, with their coded variants, for the servers that read a folder."""
    site = folder / "site"
    subprocess.run([BUILT / "kiln", "assets", "export", site], check=True)
    return site


def start(folder: Path, core: int, stack: ExitStack) -> list[Server]:
    """All servers, until the stack unwinds; the first is the baseline, the second is the same server again."""
    site = export(folder)
    servers = []

    def serve(name: str, command: Callable[[int], list]):
        port = free_port()
        servers.append(Server(name, command(port), port, folder, core))
        stack.callback(servers[-1].stop)

    def plain(program: str):
        return lambda port: [BUILT / program, f"127.0.0.1:{port}"]

    def nginx(port: int):
        settings = folder / "nginx.conf"
        settings.write_text(NGINX_CONF.format(port=port, site=site))
        return [NGINX, "-p", folder, "-c", settings]

    def static_web_server(port: int):
        return [
            BUILT / "static_web_server", "--host=127.0.0.1", f"--port={port}", f"--root={site}/public",
            "--compression-static=true", "--log-level=error",
        ]  # fmt: skip

    serve("bare handler", plain("bare"))
    serve("bare handler again", plain("bare"))
    serve("Kiln", lambda port: [BUILT / "kiln", f"--listen=127.0.0.1:{port}", "--workers=1", "--log=warn"])
    serve("Kiln in a bare actix", plain("kiln_service"))
    serve("rust-embed", plain("rust_embed"))
    serve("actix-web-static-files", plain("static_files"))
    serve("memory-serve", plain("memory_serve"))
    serve("static-web-server", static_web_server)
    serve("nginx", nginx)
    return servers
