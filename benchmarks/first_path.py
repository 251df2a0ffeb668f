"""The main job on real documents, in figures: import, index, search, grow, verify.

    python -m benchmarks.first_path FOLDER…

Takes the folders in twice, indexes, asks one question, grows a tree from the first transcript it
finds, and checks every quote against the export. Exits 1 if a quote is not where it says.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from time import perf_counter
from typing import Any

QUESTION = "can we trust an AI to do alignment research for us"


def main() -> None:
    """Measure, and print a Markdown table."""
    folders = sys.argv[1:]
    if not folders:
        sys.exit("name the folders to import, e.g. ../shared/data/axrp")
    with tempfile.TemporaryDirectory() as home:
        rows = _measure(home, folders)
    print("| what | figure |\n|---|---|")
    for name, figure in rows.items():
        print(f"| {name} | {figure} |")
    sys.exit(rows["quotes not at their place"] != 0)


def _measure(home: str, folders: list[str]) -> dict[str, Any]:
    first, import_s = _timed(home, "import", *folders)
    again, again_s = _timed(home, "import", *folders)
    indexed, index_s = _timed(home, "index")
    found, search_s = _timed(home, "search", QUESTION)
    talks, _ = _timed(home, "search", QUESTION, "--kind", "transcript", "-k", "1")
    grown, grow_s = _timed(home, "propose", "--doc", talks["hits"][0]["doc_id"])
    lines = _alignloom(home, "export", "documents", "--all-text").splitlines()
    texts = {(d["doc_id"], d["version"]): d["text"] for d in map(json.loads, lines)}
    quotes = [e for i in grown["ideas"] for c in i["claims"] for e in c["evidence"]]
    astray = [
        q for q in quotes if texts[q["doc_id"], q["version"]][q["start"] : q["end"]] != q["quote"]
    ]
    return {
        "documents taken in": first["new"],
        "records named and not taken in": len(first["refused"]),
        "import, s": f"{import_s:.1f}",
        "new or edited at a repeat": again["new"] + again["edited"] + again["updated"],
        "repeat, s": f"{again_s:.1f}",
        "passages": indexed["passages"],
        "index, s": f"{index_s:.0f}",
        "passages embedded a second": f"{indexed['embedded'] / index_s:.0f}",
        "search, whole process, s": f"{search_s:.2f}",
        "first three found": "; ".join(hit["title"] for hit in found["hits"][:3]),
        "propose --doc, whole process, s": f"{grow_s:.1f}",
        "ideas unique / generated": f"{grown['unique']} / {grown['generated']}",
        "quotes": len(quotes),
        "quotes not at their place": len(astray),
    }


def _timed(home: str, *words: str) -> tuple[dict[str, Any], float]:
    began = perf_counter()
    answer = json.loads(_alignloom(home, "--json", *words))
    return answer, perf_counter() - began


def _alignloom(home: str, *words: str) -> str:
    start = (sys.executable, "-c", "from ui.main import run; run()", "--home", home)
    done = subprocess.run((*start, *words), capture_output=True, text=True, check=False)
    if done.returncode not in (0, 1):
        sys.exit(done.stderr)
    return done.stdout


if __name__ == "__main__":
    main()
