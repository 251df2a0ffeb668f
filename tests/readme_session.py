"""The README's session, replayed: `python -m tests.readme_session` writes its output anew.

Only what no two machines share is left out of the comparison: seconds, moments, and cosines' last
digits.
"""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parent.parent
README = ROOT / "README.md"
_SESSION = re.compile(r"(?<=```console session\n).*?(?=\n```)", re.DOTALL)


def shown() -> str:
    """The session as the README has it."""
    found = _SESSION.search(README.read_text())
    if found is None:
        raise LookupError("README.md has no block that begins with ```console session")
    return found.group()


def replayed() -> str:
    """The same commands, given now in a new home, each followed by what it prints."""
    lines = [line for line in shown().splitlines() if line.startswith("$ ")]
    with tempfile.TemporaryDirectory() as home:
        return "\n\n".join(f"{line}\n{_printed(line[2:], Path(home))}" for line in lines)


def without_measures(session: str) -> str:
    """The session unfolded, without seconds, moments and cosines, which no two machines share."""
    measures = r"[\d.,]+ s\b|(?<=near )[\d.]+|\d{4}-\d\d-\d\d \d\d:\d\d UTC"
    return re.sub(measures, "…", " ".join(session.split()))


def _printed(line: str, home: Path) -> str:
    name, *words = shlex.split(line)
    if name != "alignloom":
        raise LookupError(f"the session shows {name!r}, which is not ours")
    start = [sys.executable, "-c", "from ui.main import run; run()", "--quiet"]
    settings = {
        "ALIGNLOOM_HOME": str(home),
        "ALIGNLOOM_READER_NAME": "reader",
        "COLUMNS": "80",
        "NO_COLOR": "1",
    }
    done = subprocess.run(
        [*start, *words],
        capture_output=True,
        text=True,
        cwd=ROOT,
        env=os.environ | settings,
        check=True,
    )
    return done.stdout.rstrip()


if __name__ == "__main__":
    README.write_text(_SESSION.sub(lambda _: replayed(), README.read_text()))
