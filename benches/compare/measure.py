"""Rounds of the same requests to each server, in turns, and the tables of their results."""

import argparse
import contextlib
import json
import os
import statistics
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

import servers
import wire

SERVER_CORE, LOAD_CORE = 0, 1
LARGE_CONNECTIONS = 16


@dataclass
class Work:
    """A resource to request. Large files are counted in bytes, others in requests."""

    name: str
    path: str
    connections: int
    headers: dict[str, str] = field(default_factory=lambda: dict(wire.BROWSER))
    large: bool = False


def parsed() -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--seconds", type=int, default=1, help="how long each server is asked in each round")
    parser.add_argument("--connections", type=int, default=256)
    return parser.parse_args()


def works(kiln: servers.Server, connections: int) -> list[Work]:
    urls = wire.references(wire.ask(kiln.port, "/", {}).body)
    return [
        Work("page", "/", connections),
        Work("style sheet", urls["css"], connections),
        Work("picture", urls["svg"], connections),
        Work("304", urls["css"], connections),
        Work("5 MB", urls["bin"], LARGE_CONNECTIONS, large=True),
    ]


def fitted(work: Work, server: servers.Server) -> Work | None:
    """The request for this server; none for a 304 of a server without validators."""
    if work.name != "304":
        reply = wire.ask(server.port, work.path)
        assert reply.status == 200, f"{server.name} answers {work.path} with {reply.status}"
        return work
    path = "/304" if server.name.startswith("bare") else work.path
    headers = {**work.headers, **wire.revalidation(wire.ask(server.port, path))}
    if wire.ask(server.port, path, headers).status != 304:
        return None
    return Work(work.name, path, work.connections, headers)


def load(work: Work, server: servers.Server, seconds: int) -> dict[str, float]:
    command = ["taskset", "--cpu-list", str(LOAD_CORE), "wrk", "--threads", "1", "--latency"]
    command += ["--connections", str(work.connections), "--duration", f"{seconds}s", "--timeout", "10s"]
    command += ["--script", str(servers.HERE / "report.lua")]
    for name, value in work.headers.items():
        command += ["--header", f"{name}: {value}"]
    url = f"http://127.0.0.1:{server.port}{work.path}"
    said = subprocess.run([*command, url], check=True, capture_output=True, text=True).stdout
    seen = json.loads(said.splitlines()[-1])
    if seen["errors"]:
        print(f"{server.name}, {work.name}: {seen['errors']} errors", file=sys.stderr)
    amount = seen["bytes"] / 1e6 if work.large else seen["requests"]
    return {"rate": amount / seen["seconds"], "p99": max(seen["p99"], 1)}


@contextlib.contextmanager
def quarter_of_a_core():
    """True when the servers have a quarter of their core."""
    command = ["taskset", "--cpu-list", str(SERVER_CORE), sys.executable, str(servers.HERE / "cpu_hog.py")]
    hog = subprocess.Popen(command, stderr=subprocess.DEVNULL)
    try:
        with contextlib.suppress(subprocess.TimeoutExpired):
            hog.wait(0.5)
        yield hog.poll() is None
    finally:
        hog.kill()
        hog.wait()


def rounds(running: list[servers.Server], asked: list[Work], count: int, seconds: int) -> dict:
    """Results of each round, by work and server. The first server changes with each round."""
    plan = {work.name: {server.name: fitted(work, server) for server in running} for work in asked}
    seen = {work.name: {server.name: [] for server in running} for work in asked}
    for number in range(count):
        print(f"round {number + 1} of {count}", file=sys.stderr)
        for work in asked:
            for server in running[number % len(running) :] + running[: number % len(running)]:
                own = plan[work.name][server.name]
                if own is not None:
                    seen[work.name][server.name].append(load(own, server, seconds))
    return seen


def ratio(seen: dict[str, list], server: str, bare: str, what: str) -> float:
    return statistics.median(mine[what] / its[what] for mine, its in zip(seen[server], seen[bare], strict=True))


def ratios(seen: dict, names: list[str]):
    bare = names[0]
    print(f"| | {' | '.join(seen)} |\n|---|{'---:|' * len(seen)}")
    for name in names[1:]:
        cells = [
            f"{ratio(of, name, bare, 'rate'):.2f} ({ratio(of, name, bare, 'p99'):.2f})" if of[name] else "—"
            for of in seen.values()
        ]
        print(f"| {name} | {' | '.join(cells)} |")


def absolute(seen: dict, names: list[str]):
    print(f"| | {' | '.join(seen)} |\n|---|{'---:|' * len(seen)}")
    for name in names:
        medians = [
            f"{statistics.median(one['rate'] for one in of[name]):.0f}" if of[name] else "—" for of in seen.values()
        ]
        print(f"| {name} | {' | '.join(medians)} |")


def first_visit(running: list[servers.Server], asked: list[Work]):
    """The page and its subresources, for a browser."""
    parts = asked[:3]
    names = " | ".join(f"{work.name}" for work in parts)
    print(f"| | {names} | bodies | with heads |\n|---|{'---:|' * (len(parts) + 2)}")
    for server in running:
        replies = [wire.ask(server.port, work.path) for work in parts]
        shown = [f"{len(reply.body)} {reply.headers.get('content-encoding', '')}".strip() for reply in replies]
        bodies = sum(len(reply.body) for reply in replies)
        print(f"| {server.name} | {' | '.join(shown)} | {bodies} | {bodies + sum(reply.head for reply in replies)} |")


def main():
    options = parsed()
    if os.cpu_count() < 2:
        raise SystemExit("the load needs a core of its own: run this with two")
    with tempfile.TemporaryDirectory() as scratch, contextlib.ExitStack() as stack:
        running = servers.start(Path(scratch), SERVER_CORE, stack)
        kiln = next(server for server in running if server.name == "Kiln")
        asked = works(kiln, options.connections)
        names = [server.name for server in running]
        print("First visit, in bytes on the wire, with the `Accept-Encoding` of a browser:\n")
        first_visit(running, asked)
        with quarter_of_a_core() as quarter:
            seen = rounds(running, asked, options.rounds, options.seconds)
        core = "a quarter of a core" if quarter else "a whole core (no right to take some of it away)"
        print(
            f"\nMedians of {options.rounds} interleaved rounds of {options.seconds} s; one worker on {core}, "
            f"{options.connections} connections, {LARGE_CONNECTIONS} for 5 MB.\n\n"
            "Rate beside the bare handler's, and in brackets the time within which 99 % are answered beside its:\n"
        )
        ratios(seen, names)
        print("\nRequests/s; MB/s for 5 MB:\n")
        absolute(seen, names)


if __name__ == "__main__":
    main()
