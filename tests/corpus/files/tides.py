"""Heights of the tide, from harmonic constituents."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Iterable


@dataclass(frozen=True)
class Constituent:
    name: str
    amplitude: float
    speed: float
    phase: float = 0.0


def height(constituents: Iterable[Constituent], hours: float) -> float:
    total = 0.0
    for part in constituents:
        angle = math.radians(part.speed * hours - part.phase)
        total += part.amplitude * math.cos(angle)
    return round(total, 3)


if __name__ == "__main__":
    moon = Constituent("M2", 1.2, 28.984)
    sun = Constituent("S2", 0.4, 30.0)
    for hour in range(0, 24, 3):
        print(f"{hour:02d}:00  {height([moon, sun], hour):+.2f} m")
