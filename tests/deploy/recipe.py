"""Common parts of the recipes: the executable, its settings, and a start like that of a container."""

import os
import re
import subprocess
from pathlib import Path

from whatsit import ROOT, Whatsit

DEPLOY = ROOT / "deploy"
EXECUTABLE = Path(os.environ["WHATSIT"])
# Defaults of the image, which a recipe may override.
(_environment,) = re.findall(r"^ENV (.+(?:\\\n.+)*)", (ROOT / "Containerfile").read_text(), re.MULTILINE)
IMAGE = dict(re.findall(r"(\w+)=(\S+)", _environment))


def known_settings() -> set[str]:
    """The variables that `serve` and `migrate` read."""
    help_text = "".join(
        subprocess.run([EXECUTABLE, command, "--help"], text=True, capture_output=True, check=True).stdout
        for command in ("serve", "migrate")
    )
    return set(re.findall(r"\[env: (\w+)", help_text))


def run(arguments: list[str], environment: dict[str, str], folder: Path) -> subprocess.CompletedProcess:
    """Runs it to its end with this environment and no other."""
    return subprocess.run(
        [EXECUTABLE, *arguments], env=environment, cwd=folder, text=True, capture_output=True, timeout=120
    )


def serve(arguments: list[str], environment: dict[str, str], folder: Path) -> Whatsit:
    """Starts it with this environment and no other, on a port of its own; the log is for people, to be read here."""
    own = {"LISTEN": "127.0.0.1:0", "LOG_FORMAT": "text"}
    return Whatsit([EXECUTABLE, *arguments], folder, environment={**environment, **own})


def seconds(time: str) -> float:
    """`30s`, `1m30s`, `500ms`, or a bare number of seconds."""
    units = {"ms": 0.001, "s": 1, "m": 60, "h": 3600, "": 1}
    return sum(float(number) * units[unit] for number, unit in re.findall(r"([\d.]+)(ms|s|m|h|)", time))
