"""The main job, from files to cited ideas, on real documents and through the real command."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
QUESTION = "can we trust an AI to do alignment research for us"
LEIKE = "superalignment-jan-leike"

pytestmark = [pytest.mark.data, pytest.mark.model, pytest.mark.slow]

Run = Callable[..., subprocess.CompletedProcess[str]]


def in_home(home: Path) -> Run:
    """Give `alignloom` in a home; tell its exit code and what it printed."""

    def command(*words: str, code: int = 0) -> subprocess.CompletedProcess[str]:
        start = [sys.executable, "-c", "from ui.main import run; run()"]
        asked = [*start, "--home", str(home), "--quiet", *words]
        done = subprocess.run(asked, capture_output=True, text=True, cwd=ROOT, check=False)
        assert done.returncode == code, done.stderr[-2000:]
        assert "Traceback" not in done.stderr
        return done

    return command


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory, data: Path) -> Run:
    """The command in a home with the papers, one transcript and the records, indexed.

    All transcripts would take the model many minutes; `python -m benchmarks.first_path` does that.
    """
    command = in_home(tmp_path_factory.mktemp("indexed"))
    (leike,) = data.glob(f"axrp/*{LEIKE}*")
    command("import", str(leike), str(data / "ard"), str(data / "papers"))
    command("index")
    return command


def test_everything_with_a_text_is_taken_in_and_a_repeat_adds_nothing(
    tmp_path: Path, data: Path
) -> None:
    run = in_home(tmp_path)
    paths = [str(data / name) for name in ("axrp", "ard", "papers")]
    imported = json.loads(run("--json", "import", *paths).stdout)
    assert imported["new"] == 40 + 30 + 1276
    assert len(imported["refused"]) == 3
    assert all("agisf" in refusal["place"] for refusal in imported["refused"])
    assert all("no text" in refusal["reason"] for refusal in imported["refused"])

    again = json.loads(run("--json", "import", *paths).stdout)
    assert (again["new"], again["edited"], again["updated"]) == (0, 0, 0)
    assert again["unchanged"] == imported["new"]


def test_a_question_finds_what_a_researcher_would_name(run: Run) -> None:
    found = json.loads(run("--json", "search", QUESTION).stdout)
    hits = found["hits"]
    assert len(hits) == len({hit["work_id"] for hit in hits}) == 10
    named = [hit["doc_id"] + hit["title"].lower() for hit in hits]
    assert any(LEIKE in name or "bootstrap" in name for name in named)


def test_every_quote_of_a_grown_tree_is_in_the_export_at_its_place(
    run: Run,
) -> None:
    (leike,) = {
        hit["doc_id"]
        for hit in json.loads(run("--json", "search", "superalignment Jan Leike").stdout)["hits"]
        if LEIKE in hit["doc_id"]
    }
    grown = json.loads(run("--json", "propose", "--doc", leike).stdout)
    lines = run("export", "documents", "--all-text").stdout.splitlines()
    texts = {(d["doc_id"], d["version"]): d["text"] for d in map(json.loads, lines)}
    quotes = [e for idea in grown["ideas"] for c in idea["claims"] for e in c["evidence"]]
    assert grown["unique"] == len(grown["ideas"]) > 3
    assert len({idea["move"] for idea in grown["ideas"]}) > 1
    assert quotes
    for quote in quotes:
        text = texts[quote["doc_id"], quote["version"]]
        assert text[quote["start"] : quote["end"]] == quote["quote"]


def test_an_answer_quotes_and_a_foreign_question_is_refused(
    run: Run,
) -> None:
    answered = json.loads(
        run("--json", "ask", "Why might debate fail as a method of oversight?").stdout
    )
    assert answered["refused"] is None
    assert all(claim["evidence"] for claim in answered["claims"])
    refused = json.loads(
        run("--json", "ask", "How long should sourdough ferment in winter?").stdout
    )
    assert refused["refused"]
    assert refused["claims"] == []
