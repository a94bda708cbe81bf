#!/usr/bin/env python3
"""See `run`."""

import argparse
import json
import os
import re
import shutil
import socket
import statistics
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import files

HERE = Path(__file__).resolve().parent
TARGET = HERE / "target"
TAKEN = TARGET / "taken"
EXPORTED = TARGET / "exported"
ASSETS = HERE / "packed/assets"
MIB = 1 << 20
SEVERAL = 16  # what cargo has for a release
READERS, READS = 50, 100


def cargo(*arguments: str) -> float:
    """Seconds."""
    environment = {
        **os.environ,
        "RUSTC_WORKSPACE_WRAPPER": str(HERE / "rustc.py"),
        "LARGE_TAKEN": str(TAKEN),
        "LARGE_EXPORTED": str(EXPORTED),
    }
    command = ["cargo", "build", "--release", "--quiet", *arguments]
    began = time.monotonic()
    subprocess.run(command, cwd=HERE, env=environment, check=True)
    return time.monotonic() - began


def build_script() -> dict:
    """Measurements that build.rs left."""
    seconds, stat, *status = (out_dir() / "taken").read_text().splitlines()
    ticks = stat.rsplit(")", 1)[1].split()[11:13]
    peak = next(line.split()[1] for line in status if line.startswith("VmHWM"))
    cpu = sum(map(int, ticks)) / os.sysconf("SC_CLK_TCK")
    return {"wall": float(seconds), "cpu": cpu, "peak": int(peak) * 1024}


def out_dir() -> Path:
    outs = (TARGET / "release/build").glob("packed-*/out/taken")
    return max(outs, key=lambda taken: taken.stat().st_mtime).parent


def rustc(name: str) -> dict:
    return json.loads((TAKEN / f"{name}.json").read_text())


@contextmanager
def serving(executable: Path) -> Iterator[tuple[subprocess.Popen, tuple[str, int]]]:
    with socket.create_server(("127.0.0.1", 0)) as free:
        address = free.getsockname()
    command = [str(executable), "--listen", f"127.0.0.1:{address[1]}"]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        yield server, address
    finally:
        server.kill()
        server.wait()


def asked(server: subprocess.Popen, address: tuple[str, int], path: str) -> socket.socket:
    """A connection with the first byte of a response, as soon as the server listens."""
    while True:
        try:
            connection = socket.create_connection(address)
            break
        except ConnectionRefusedError:
            if server.poll() is not None:
                raise SystemExit(f"{server.args[0]} ended with {server.returncode}") from None
            time.sleep(0.000_2)
    connection.sendall(f"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
    answer = connection.recv(65_536)
    if not answer.startswith(b"HTTP/1.1 200"):
        raise SystemExit(f"{server.args[0]} answered {answer[:80]!r}")
    return connection


def exec_to_200(executable: Path) -> float:
    """Milliseconds."""
    began = time.monotonic()
    with serving(executable) as (server, address):
        asked(server, address, "/").close()
        return (time.monotonic() - began) * 1000


def held_for_readers(executable: Path, path: str) -> tuple[int, int]:
    """Anonymous memory in bytes, before and while clients read a large file slowly."""
    with serving(executable) as (server, address), ExitStack() as stack:
        asked(server, address, "/").close()
        before = most = anonymous(server)
        readers = [stack.enter_context(asked(server, address, path)) for _ in range(READERS)]
        for _ in range(READS):
            for reader in readers:
                reader.recv(16_384)
            most = max(most, anonymous(server))
            time.sleep(0.02)
        return before, most


def anonymous(server: subprocess.Popen) -> int:
    status = Path(f"/proc/{server.pid}/status").read_text()
    return int(re.search(r"RssAnon:\s+(\d+) kB", status)[1]) * 1024


def starts(executable: Path, times: int) -> tuple[float, float]:
    exec_to_200(executable)  # its pages are in memory from here on
    took = [exec_to_200(executable) for _ in range(times)]
    return statistics.median(took), max(took)


def count(folder: Path) -> tuple[int, int]:
    sizes = [file.stat().st_size for file in folder.rglob("*") if file.is_file()]
    return len(sizes), sum(sizes)


def largest() -> str:
    """The URL of the largest asset."""
    assets = json.loads((EXPORTED / "manifest.json").read_text())["assets"]
    return max(assets, key=lambda asset: asset["variants"][0]["length"])["url"]


def edit(file: Path):
    file.write_bytes(file.read_bytes() + b"\n")


def served(name: str, folder: Path, executable: Path, times: int) -> str:
    median, longest = starts(executable, times)
    size = executable.stat().st_size / 1e6
    return f"| {name} | {count(folder)[0]:,} | {size:.0f} | {median:.1f} | {longest:.1f} |"


def row(what: str, taken: dict):
    print(f"| {what} | {taken['wall']:.1f} | {taken['cpu']:.1f} | {taken['peak'] / MIB:.0f} |", flush=True)


def wall(what: str, seconds: float):
    print(f"| {what} | {seconds:.1f} | | |", flush=True)


def build(settings: argparse.Namespace):
    """Every step for which an adopter waits."""
    # Dependencies, and a build script that has nothing to do yet.
    shutil.rmtree(ASSETS, ignore_errors=True)
    files.write(ASSETS, 0, 0)
    cargo("--package", "packed")
    files.write(ASSETS, settings.files, settings.megabytes)
    shutil.rmtree(TARGET / "kiln-cache", ignore_errors=True)

    sources, bytes_of_sources = count(ASSETS)
    print(f"{sources:,} sources of {bytes_of_sources / 1e6:.0f} MB, here and now:\n")
    print("| | wall, s | processor, s | peak memory, MiB |\n|---|---:|---:|---:|")
    cargo("--package", "packed")
    row("build script, nothing compressed before", build_script())
    row("rustc with its linker", rustc("packed"))
    wall("`cargo build`, nothing to do", cargo("--package", "packed"))
    edit(ASSETS / "files/00/00003.txt")
    wall("`cargo build`, one file edited", cargo("--package", "packed"))
    row("… of it the build script", build_script())
    row("… of it rustc with its linker", rustc("packed"))


def build_controls():
    """The same bytes, embedded in other ways."""
    (HERE / "loose/src/main.rs").touch()
    cargo("--package", "loose")
    row("control, each file by itself: rustc with its linker", rustc("loose"))
    units = ["--config", f"profile.release.package.packed.codegen-units={SEVERAL}"]
    cargo("--package", "packed", *units)
    row(f"control, {SEVERAL} codegen units: rustc with its linker", rustc("packed"))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--files", type=int, default=10_000)
    parser.add_argument("--megabytes", type=int, default=200)
    parser.add_argument("--starts", type=int, default=21)
    settings = parser.parse_args()
    TAKEN.mkdir(parents=True, exist_ok=True)
    build(settings)
    packed, loose = TARGET / "release/packed", TARGET / "release/loose"
    shutil.rmtree(EXPORTED, ignore_errors=True)
    subprocess.run([packed, "assets", "export", EXPORTED], check=True, stdout=subprocess.DEVNULL)
    started = [served("packed", out_dir() / "kiln", packed, settings.starts)]
    build_controls()
    started.append(served("control, each file by itself", EXPORTED, loose, settings.starts))
    print("\n| | files for rust-embed | executable, MB | exec to first 200, ms (median) | at most, ms |")
    print("|---|---:|---:|---:|---:|", *started, sep="\n")
    before, most = held_for_readers(packed, largest())
    print(f"\n{READERS} slow readers of the large file: anonymous memory {before / MIB:.1f} MiB before, {most / MIB:.1f} at most.")


if __name__ == "__main__":
    main()
