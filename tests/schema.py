"""The JSON Schema of tree files, written anew from the model: `python -m tests.schema`."""

from __future__ import annotations

import json
from pathlib import Path

from synth.tree_file import schema

FILE = Path(__file__).parent.parent / "synth" / "alignloom-tree.schema.json"


def written() -> str:
    """What the file should hold."""
    return json.dumps(schema(), indent=1, ensure_ascii=False, sort_keys=True) + "\n"


if __name__ == "__main__":
    FILE.write_text(written(), encoding="utf-8")
