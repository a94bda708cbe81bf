"""The sources: the same at each run, on every machine."""

import json
import random
from pathlib import Path

WORDS = [
    "ash", "bisque", "clay", "cone", "crackle", "damper", "draught", "ember", "firing", "flue", "glaze", "grog",
    "hearth", "kiln", "lustre", "mould", "ochre", "oxide", "pyrometer", "raku", "saggar", "shelf", "slip", "soak",
    "stoneware", "throat", "vent", "vitrify", "wadding", "wedge", "wheel", "witness",
]  # fmt: skip


class Kinds:
    """Small files of some kilobytes each: pages, pictures, data, prose and incompressible bytes."""

    def __init__(self, number: int):
        self.random = random.Random(number)
        self.number = number

    def prose(self, length: int) -> str:
        text = f"{self.number}."
        while len(text) < length:
            text += " " + " ".join(self.random.choices(WORDS, k=12)) + ".\n"
        return text

    def length(self) -> int:
        return self.random.randrange(1_000, 8_000)

    def html(self) -> bytes:
        picture = f'<img src="/files/{self.number // 100:02}/{self.number - 1:05}.svg" alt="">'
        return f"<!doctype html><title>{self.number}</title>{picture}<p>{self.prose(self.length())}".encode()

    def svg(self) -> bytes:
        steps = "".join(f"l{self.random.randrange(99)} {self.random.randrange(99)}" for _ in range(self.length() // 6))
        return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9999 9999"><path d="M0 0{steps}"/></svg>'.encode()

    def json(self) -> bytes:
        rows = [
            {"id": self.random.randrange(10**9), "name": self.random.choice(WORDS), "share": self.random.random()}
            for _ in range(self.length() // 60)
        ]
        return json.dumps(rows).encode()

    def txt(self) -> bytes:
        return self.prose(self.length()).encode()

    def bin(self) -> bytes:
        return self.random.randbytes(self.length())


# Types of the files by number, in turns; a page shows the picture before it.
TURNS = ["svg", "html", "json", "txt", "json", "svg", "txt", "json", "txt", "bin"]


def write(assets: Path, files: int, megabytes: int):
    """Leaves existing files alone, so that cargo sees no change."""
    put(assets / "index.html", b"<!doctype html><title>Large</title><h1>Large</h1>")
    for number in range(files):
        kind = TURNS[number % len(TURNS)]
        file = assets / f"files/{number // 100:02}/{number:05}.{kind}"
        if not file.exists():
            put(file, getattr(Kinds(number), kind)())
    large = assets / "large.dat"
    if not large.exists() or large.stat().st_size != megabytes * 1_000_000:
        with large.open("wb") as file:
            noise = random.Random(-1)
            for _ in range(megabytes):
                file.write(noise.randbytes(1_000_000))


def put(file: Path, content: bytes):
    if not file.exists() or file.read_bytes() != content:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
