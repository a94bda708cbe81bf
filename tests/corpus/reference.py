#!/usr/bin/env python3
"""Writes `expected.json`: the verdicts of the reference implementation on every file of the corpus.

    python3 -m venv venv
    venv/bin/pip install magika==1.0.3
    venv/bin/python tests/corpus/reference.py

The test `corpus` holds the application to it: the same label, and the same score to 1e-3.
"""

import json
from pathlib import Path

from magika import Magika

CORPUS = Path(__file__).parent


def main() -> None:
    magika = Magika()
    expected = {}
    for path in sorted((CORPUS / "files").iterdir()):
        result = magika.identify_path(path)
        expected[path.name] = {"label": str(result.output.label), "score": round(result.score, 6)}
    text = json.dumps(expected, indent=2, ensure_ascii=False, sort_keys=True)
    (CORPUS / "expected.json").write_text(text + "\n")


if __name__ == "__main__":
    main()
