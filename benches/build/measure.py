"""Builds the same front end with Kiln and its peer, in turns, and prints the times as Markdown.

    measure.py SCRIPT WATCHER WORK ROUNDS

SCRIPT is the compiled build script of this folder, WATCHER a `cargo-kiln`, WORK a folder with `node_modules/`. Each
round builds from nothing, once more after an edit, and then edits while both watch. Nothing is kept between rounds.
"""

import os
import re
import shutil
import signal
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

HERE = Path(__file__).resolve().parent
FIXTURE = HERE.parents[1] / "crates/kiln-pipeline/tests/fixture/bundle"
SHEET = HERE / "assets/app.css"
PARTS = 60
SEEN_WITHIN = 30  # seconds
VITE = ["node", "node_modules/vite/bin/vite.js", "build", "--logLevel", "warn"]
TAILWIND = ["node", "node_modules/@tailwindcss/cli/dist/index.mjs", "--input", "assets/app.css"]
TAILWIND += ["--output", "assets/public/app.css"]

COLOURS = ["stone", "amber", "sky", "rose", "emerald", "violet"]
PART = """import {{ sortBy }} from "lodash-es";

export function Part{number}({{ items }}: {{ items: string[] }}) {{
  return (
    <section class="card mt-{gap} grid gap-{gap} md:grid-cols-{columns} hover:bg-{colour}-{shade} dark:text-{colour}-200">
      <h2 class="text-{colour}-700 text-[{size}px] font-display tracking-tight">Part {number}</h2>
      <ul class="prose lg:max-w-[{width}px] divide-y divide-{colour}-{shade}/50 scrollbar-hidden">
        {{sortBy(items).map((item) => <li class="py-{gap} first:pt-0 motion-safe:transition-colors">{{item}}</li>)}}
      </ul>
    </section>
  );
}}
"""


class Project:
    """Sources in the layout of one of the two."""

    def __init__(self, root: Path, packages: Path):
        self.root, self.cache = root, root / "target/kiln-cache"
        shutil.copytree(FIXTURE / "assets", root / "assets")
        shutil.copy(SHEET, root / "assets")
        for name in ["tsconfig.json", "vite.config.js"]:
            shutil.copy(FIXTURE / name, root)
        for name in ["package.json", "package-lock.json"]:
            shutil.copy(HERE / name, root)
        (root / ".gitignore").write_text("/dist\n/target\n/assets/public\nnode_modules\n")
        (root / "Cargo.toml").write_text('[package]\nname = "front-end"\n')
        (root / "node_modules").symlink_to(packages)
        self._write_parts()
        self.edits = 0

    def _write_parts(self):
        parts = self.root / "assets/parts"
        parts.mkdir()
        for number in range(PARTS):
            colour, shade = COLOURS[number % 6], 100 * (number % 9 + 1)
            layout = {"gap": number % 12 + 1, "columns": number % 5 + 2, "size": 11 + number, "width": 400 + 7 * number}
            text = PART.format(number=number, colour=colour, shade=shade, **layout)
            (parts / f"part{number}.tsx").write_text(text)
        names = range(PARTS)
        imports = "".join(f'import {{ Part{name} }} from "./part{name}";\n' for name in names)
        (parts / "index.ts").write_text(f"{imports}export const parts = [{', '.join(f'Part{name}' for name in names)}];\n")
        app = self.root / "assets/app.tsx"
        text = 'import { parts } from "./parts";\n' + app.read_text()
        app.write_text(text.replace('<p id="scene">', '{parts.map((Part) => <Part items={["kiln", "clay"]} />)}\n      <p id="scene">'))

    def link_style(self, reference: str):
        page = self.root / "assets/index.html"
        page.write_text(page.read_text().replace("<main>", f'<link rel="stylesheet" href="{reference}">\n<main>'))

    def edit_text(self) -> tuple[str, None]:
        """Changes the words of one component; returns the text that scripts and styles must then hold."""
        self.edits += 1
        part = self.root / "assets/parts/part7.tsx"
        words = f"Part 7, edit {self.edits}"
        part.write_text(re.sub("Part 7[^<]*<", f"{words}<", part.read_text()))
        return words, None

    def edit_class(self) -> tuple[str, str]:
        """Changes words, and adds a class that no other file has."""
        words, _ = self.edit_text()
        part, width = self.root / "assets/parts/part7.tsx", f"{2000 + self.edits}px"
        part.write_text(re.sub(r"max-w-\[\d+px\]", f"max-w-[{width}]", part.read_text()))
        return words, width

    def edit_rule(self) -> tuple[None, str]:
        """Changes a value in a rule of the style sheet."""
        self.edits += 1
        offset = f"{5000 + self.edits}px"
        self._write_sheet(SHEET.read_text() + f"\n.edited {{ outline-offset: {offset} }}\n")
        return None, offset

    def edit_theme(self) -> tuple[None, str]:
        """Changes the value of a variable that classes use."""
        self.edits += 1
        face = f"Face {self.edits}"
        self._write_sheet(SHEET.read_text().replace("Source Serif 4", face))
        return None, face

    def _write_sheet(self, text: str):
        (self.root / "assets/app.css").write_text(text)


class Kiln(Project):
    name = "Kiln"

    def __init__(self, root: Path, packages: Path, script: str, watcher: str):
        super().__init__(root, packages)
        self.link_style("app.css")
        self.script, self.watcher = script, watcher
        self.release, self.debug = (root / f"target/{profile}/build/front-end-0/out" for profile in ("release", "debug"))
        self.debug.mkdir(parents=True)
        self.outputs = self.debug / "kiln"

    def clean(self):
        shutil.rmtree(self.cache, ignore_errors=True)
        shutil.rmtree(self.release, ignore_errors=True)
        self.release.mkdir(parents=True)

    def commands(self) -> list[list]:
        return [[self.script]]

    def environment(self) -> dict[str, str]:
        """Variables that cargo sets for a build script."""
        variables = {"CARGO_MANIFEST_DIR": self.root, "OUT_DIR": self.release, "PROFILE": "release"}
        variables |= {"CARGO_PKG_NAME": "front-end", "CARGO_PKG_VERSION": "0.0.0", "TARGET": "any"}
        return {name: str(value) for name, value in variables.items()}

    def watchers(self) -> list[list]:
        return [[self.watcher, "kiln", "dev", "--out-dir", self.debug]]


class Peer(Project):
    name = "Vite and Tailwind's command line"

    def __init__(self, root: Path, packages: Path):
        super().__init__(root, packages)
        # Vite copies the files in `public` unchanged.
        (root / "assets/public").mkdir()
        self.link_style("/app.css")
        self.outputs = root / "dist"

    def clean(self):
        shutil.rmtree(self.outputs, ignore_errors=True)
        (self.root / "assets/public/app.css").unlink(missing_ok=True)

    def commands(self) -> list[list]:
        return [[*TAILWIND, "--minify"], VITE]

    def environment(self) -> dict[str, str]:
        return {}

    def watchers(self) -> list[list]:
        vite = [*VITE, "--watch", "--mode", "development", "--minify", "false", "--sourcemap"]
        return [vite, [*TAILWIND, "--watch=always", "--map"]]


def build(project: Project) -> float:
    """Seconds."""
    environment = {**os.environ, **project.environment()}
    began = time.perf_counter()
    for command in project.commands():
        subprocess.run(command, cwd=project.root, env=environment, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - began


def holds(project: Project, extension: str, text: str) -> bool:
    """True when the output that was written last has the text."""
    folders = [project.outputs, project.root / "assets/public"]
    for folder in folders:
        for file in folder.rglob(f"*{extension}"):
            try:
                if text in file.read_text():
                    return True
            except FileNotFoundError:
                continue
    return False


def rebuild(project: Project, edit: Callable) -> float:
    """Seconds from an edit to the outputs that show it."""
    script, style = edit()
    began = time.perf_counter()
    while time.perf_counter() - began < SEEN_WITHIN:
        wanted = [(".css", style), (".js", script)]
        if all(text is None or holds(project, extension, text) for extension, text in wanted):
            return time.perf_counter() - began
        time.sleep(0.002)
    raise SystemExit(f"{project.name} did not rebuild within {SEEN_WITHIN} s")


@contextmanager
def watching(project: Project) -> Iterator[None]:
    log = (project.root / "watch.log").open("wb")
    running = [
        subprocess.Popen(command, cwd=project.root, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True)
        for command in project.watchers()
    ]
    try:
        yield
    finally:
        for process in running:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


WARM_UP = 3


def while_watching(project: Project, rounds: int) -> dict[str, list[float]]:
    seen = {}
    with watching(project):
        for name, edit in [
            ("other words in a component", project.edit_text),
            ("and a new class", project.edit_class),
            ("another value in a rule", project.edit_rule),
            ("another value in the theme", project.edit_theme),
        ]:
            times = [rebuild(project, edit) for _ in range(rounds + WARM_UP)]
            seen[name] = times[WARM_UP:]
    return seen


def milliseconds(times: list[float]) -> str:
    return f"{1000 * statistics.median(times):.0f}"


def main():
    script, watcher, work, rounds = sys.argv[1:]
    work, rounds = Path(work), int(rounds)
    packages = work / "node_modules"
    kiln, peer = Kiln(work / "kiln", packages, script, watcher), Peer(work / "peer", packages)
    first = "release build, from nothing"
    again = {"again, with other words in a component": "edit_text", "again, with a new class": "edit_class"}
    seen = {name: {project.name: [] for project in (kiln, peer)} for name in (first, *again)}
    for number in range(rounds):
        print(f"round {number + 1} of {rounds}", file=sys.stderr)
        for project in (kiln, peer) if number % 2 else (peer, kiln):
            project.clean()
            seen[first][project.name].append(build(project))
            for name, edit in again.items():
                getattr(project, edit)()
                seen[name][project.name].append(build(project))
    for project in (kiln, peer):
        for name, times in while_watching(project, rounds).items():
            seen.setdefault(f"development, {name}", {})[project.name] = times
    print(f"Medians of {rounds} rounds, in milliseconds.\n")
    print(f"| | {kiln.name} | {peer.name} | ratio |\n|---|---:|---:|---:|")
    for name, times in seen.items():
        ours, theirs = times[kiln.name], times[peer.name]
        ratio = statistics.median(ours) / statistics.median(theirs)
        print(f"| {name} | {milliseconds(ours)} | {milliseconds(theirs)} | {ratio:.2f} |")
    whole = statistics.median(seen[first][kiln.name])
    shares = " and ".join(f"{statistics.median(seen[name][kiln.name]) / whole:.2f}" for name in again)
    print(f"\nBuilt again, a release of Kiln takes {shares} of the time that it takes from nothing.")


if __name__ == "__main__":
    main()
