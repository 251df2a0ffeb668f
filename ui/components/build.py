"""Builds what runs in the browser, one file per component: `python -m ui.components.build`.

Needs npm; installing and running Alignloom does not, since the built file is kept beside its
sources. Its first line says of which sources it was made, so that anybody can see it is in step.
"""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import tempfile
from pathlib import Path

LOOM_TREE = Path(__file__).parent / "loom_tree"
BUILT = LOOM_TREE / "built" / "loom_tree.js"
MADE_OF = ("package.json", "package-lock.json", "source/*")


def digest() -> str:
    """SHA-256 over the names and the bytes of all sources, in hexadecimal."""
    summed = hashlib.sha256()
    for path in _sources():
        summed.update(path.relative_to(LOOM_TREE).as_posix().encode() + b"\0")
        summed.update(path.read_bytes() + b"\0")
    return summed.hexdigest()


def built() -> str:
    """The component as one script, made of its sources by esbuild in a folder of its own."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        for path in _sources():
            copy = place / path.relative_to(LOOM_TREE)
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, copy)
        _run(place, "npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts")
        _run(place, "npx", "--no-install", "esbuild", "source/main.js", *_OPTIONS)
        notice = (place / "node_modules" / "d3-hierarchy" / "LICENSE").read_text()
        script = (place / "out.js").read_text()
    said = "\n".join(f" * {line}".rstrip() for line in notice.strip().splitlines())
    return f"/* sources {digest()} */\n/*! with d3-hierarchy:\n{said}\n */\n{script}"


def main() -> None:
    """Write the built file."""
    BUILT.parent.mkdir(exist_ok=True)
    BUILT.write_text(built())


_OPTIONS = (
    "--bundle",
    "--format=esm",
    "--minify",
    "--charset=utf8",
    "--loader:.css=text",
    "--outfile=out.js",
)


def _sources() -> list[Path]:
    return sorted(path for pattern in MADE_OF for path in LOOM_TREE.glob(pattern))


def _run(place: Path, *words: str) -> None:
    subprocess.run(words, cwd=place, check=True, capture_output=True)  # noqa: S603 - fixed words


if __name__ == "__main__":
    main()
