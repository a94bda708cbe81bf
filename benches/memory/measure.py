"""Runs both servers, one after the other, under the same load; sums the memory of their process trees; kills them.

    measure.py WHATSIT WORK SECONDS

WHATSIT is a release executable, WORK a folder with `venv/` and `front/node_modules/`, as `run` prepares it.
The load is uploads and one asset, from 8 connections. Resident memory is summed over the tree every half
second, shared pages counted once for each process (RSS) and shared out between them (PSS); the table shows
the highest sums. Then the server alone is killed with SIGKILL, and what lives on is listed.
"""

import http.client
import os
import pathlib
import signal
import socket
import subprocess
import sys
import threading
import time

CLIENTS = 8


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def children():
    """Every process, by its parent."""
    found = {}
    for status in pathlib.Path("/proc").glob("[0-9]*/stat"):
        try:
            text = status.read_text()
        except OSError:
            continue
        number, parent = int(status.parent.name), int(text.rpartition(")")[2].split()[1])
        found.setdefault(parent, []).append(number)
    return found


def tree(root):
    below, found, waiting = children(), [], [root]
    while waiting:
        number = waiting.pop()
        if is_alive(number):
            found.append(number)
        waiting += below.get(number, [])
    return found


def is_alive(number):
    """Zombies are dead: they wait for a parent that may never come."""
    try:
        text = pathlib.Path(f"/proc/{number}/stat").read_text()
    except OSError:
        return False
    return text.rpartition(")")[2].split()[0] != "Z"


def name(number):
    try:
        words = pathlib.Path(f"/proc/{number}/cmdline").read_text().split("\0")
    except OSError:
        return None
    plain = [pathlib.Path(word).name for word in words[:2] if word]
    return " ".join(plain) or None


def held(number):
    try:
        text = pathlib.Path(f"/proc/{number}/smaps_rollup").read_text()
    except OSError:
        return (0, 0)
    fields = dict(line.split(":", 1) for line in text.splitlines()[1:])
    return tuple(int(fields[field].split()[0]) / 1024 for field in ("Rss", "Pss"))


def load(port, asset, until, counts):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    count = torn = 0
    while time.monotonic() < until:
        body = f"fn main() {{ println!(\"{threading.get_ident()} {count % 50}\"); }}\n".encode()
        for method, path, content in (("POST", "/api/identify", body), ("GET", asset, None)):
            try:
                connection.request(method, path, content)
                answer = connection.getresponse()
                answer.read()
            except (OSError, http.client.HTTPException):
                # A file rewritten while it is sent.
                torn += 1
                connection.close()
                continue
            if answer.status != 200:
                raise SystemExit(f"{path} answered {answer.status}")
            count += 1
    counts.append((count, torn))


def wait_until_ready(port, process):
    for _ in range(600):
        if process.poll() is not None:
            raise SystemExit("the server ended before it was ready")
        try:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
            connection.request("GET", "/readyz")
            if connection.getresponse().status == 200:
                return
        except OSError:
            pass
        time.sleep(0.1)
    raise SystemExit("the server was not ready within a minute")


def measure(label, command, environment, asset, port, seconds):
    started = time.monotonic()
    process = subprocess.Popen(
        command, env={**os.environ, **environment}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        cwd=environment["WATCHED"], start_new_session=True,
    )
    wait_until_ready(port, process)
    ready = time.monotonic() - started
    counts, until = [], time.monotonic() + seconds
    clients = [threading.Thread(target=load, args=(port, asset, until, counts)) for _ in range(CLIENTS)]
    for client in clients:
        client.start()
    most, members = (0, 0), []
    while any(client.is_alive() for client in clients):
        members = tree(process.pid)
        sums = [sum(column) for column in zip(*map(held, members))]
        most = max(most, (sums[0], sums[1]))
        time.sleep(0.5)
    members = tree(process.pid)
    named = {number: name(number) for number in members}
    process.send_signal(signal.SIGKILL)
    process.wait()
    time.sleep(2)
    left = [number for number in members if is_alive(number)]
    survivors = [named[number] or str(number) for number in left]
    for number in left:
        os.kill(number, signal.SIGKILL)
    answered, torn = map(sum, zip(*counts))
    rate = answered / seconds
    lives = ", ".join(survivors) or "nothing"
    print(
        f"| {label} | {len(members)} | {most[0]:.1f} | {most[1]:.1f} | {rate:.0f} | {torn} | {ready:.2f} | {lives} |",
        flush=True,
    )


def main():
    whatsit, work, seconds = os.path.abspath(sys.argv[1]), pathlib.Path(sys.argv[2]).absolute(), int(sys.argv[3])
    front = work / "front"
    listing = subprocess.run([whatsit, "assets", "ls"], capture_output=True, text=True, check=True).stdout
    asset = next(word for word in listing.split() if word.startswith("/assets/") and word.endswith(".css"))
    print("| server | processes | MiB resident (RSS) | MiB, shared pages shared out (PSS) | requests/s "
          "| torn answers | s to ready | lives on after SIGKILL |")
    print("|---|---:|---:|---:|---:|---:|---:|---|")
    port = free_port()
    folder = work / "whatsit"
    folder.mkdir(exist_ok=True)
    environment = {"LISTEN": f"127.0.0.1:{port}", "WATCHED": str(folder)}
    measure("whatsit: database, model, caches", [whatsit], environment, asset, port, seconds)
    port = free_port()
    command = [work / "venv/bin/uvicorn", "app:app", "--app-dir", os.path.dirname(os.path.abspath(__file__)),
               "--port", str(port), "--log-level", "warning"]
    label = "FastAPI, uvicorn, and a watcher in its lifespan"
    measure(label, command, {"WATCHED": str(front)}, "/static/app.css", port, seconds)


main()
