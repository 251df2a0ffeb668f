r"""From documents to answers, beside what a user would pick instead: same model, same texts.

    python -m benchmarks.ingest ../shared/data/ir/scifact [--documents N] [--only NAME]…

Each system works in processes of its own, one after the other: one takes the documents in (read,
cut, embed, index, persist), another opens what that left and answers every query. The seconds of
the other systems do not count their imports and the loading of the model; ours count all but the
start of Python. The cold start is a whole process up to its first answer.

The other systems are no dependencies of this project. Set them up once, beside it:

    python3 -m venv ~/.cache/alignloom-rivals
    ~/.cache/alignloom-rivals/bin/pip install torch==2.13.0 sentence-transformers \
        llama-index-core llama-index-embeddings-huggingface chromadb txtai

Another place is named by `--rivals PYTHON`. With `--documents N`, the judged documents and the
first others are taken; nDCG@10 is then not comparable with that of the whole collection.

The others read a document up to the model's limit of 256 word pieces and leave the rest out; ours
reads all of it, in passages that each begin with the title. So the table says how many pieces were
read, and the last lines compare documents a second and pieces a second.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from itertools import islice
from pathlib import Path
from statistics import quantiles
from time import perf_counter

from benchmarks.rivals import SYSTEMS, read_documents, tell_answers, tell_ingest
from corpus.shelf import Shelf
from corpus.store import open_store
from index.cutting import cut, text_to_embed
from index.encoder_files import token_ids
from index.evaluation import evaluate, read_judgements
from index.weights import NamedModel

OURS = {"ours, plain": "sentence_transformers", "ours, alignloom[fast]": "openvino"}
RIVALS = Path("~/.cache/alignloom-rivals/bin/python")


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """What one system took, and how good its answers were."""

    ingest_s: float
    pieces: int
    """Word pieces that the model read."""
    peak_mb: float
    disk_mb: float
    cold_s: float
    p50_ms: float
    p95_ms: float
    ndcg: float


def main() -> None:
    """Measure, and print a Markdown table."""
    if sys.argv[1:2] == ["--ours"]:
        _be_ours(*sys.argv[2:])
        return
    wish = _wish()
    commands = _commands(Path(wish.rivals).expanduser(), wish.only)
    with tempfile.TemporaryDirectory() as scratch:
        folder = _collection(Path(wish.folder), Path(scratch) / "collection", wish.documents)
        count = len((folder / "corpus.jsonl").read_text(encoding="utf-8").splitlines())
        print(f"{count} documents\n")
        print("| system | ingest s | thousand pieces read | peak MB | disk MB ", end="")
        print("| cold start s | p50 / p95 ms | nDCG@10 |\n|---|---|---|---|---|---|---|---|")
        found = {}
        for number, (name, command) in enumerate(commands.items()):
            state = Path(scratch) / f"state-{number}"
            state.mkdir()
            found[name] = _measure(command, folder, state)
            _print(name, found[name])
    _print_ratios(found)


def _wish() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.ingest")
    parser.add_argument("folder")
    parser.add_argument("--documents", type=int)
    parser.add_argument("--only", action="append", choices=[*OURS, *SYSTEMS])
    parser.add_argument("--rivals", default=str(RIVALS))
    return parser.parse_args()


def _commands(rivals: Path, only: Sequence[str] | None) -> dict[str, list[str]]:
    """How each system that is installed is started, by its name; the others are named."""
    commands = {
        name: [sys.executable, "-m", "benchmarks.ingest", "--ours", embedder]
        for name, embedder in OURS.items()
        if embedder != "openvino" or find_spec("openvino")
    }
    if rivals.exists():
        script = str(Path(__file__).with_name("rivals.py"))
        commands |= {name: [str(rivals), script, name] for name in SYSTEMS}
    else:
        print(f"no other systems in {rivals}: see the top of benchmarks/ingest.py\n")
    chosen = {name: command for name, command in commands.items() if name in (only or commands)}
    if not chosen:
        sys.exit("nothing that was asked for is installed")
    return chosen


def _collection(folder: Path, made: Path, documents: int | None) -> Path:
    """The BEIR folder with only so many documents and the queries that those answer."""
    texts, judged = read_judgements(folder)
    lines = (folder / "corpus.jsonl").read_text(encoding="utf-8").splitlines()
    wanted = {key for grades in judged.values() for key in grades}
    keyed = [(str(json.loads(line)["_id"]), line) for line in lines]
    ordered = sorted(keyed, key=lambda pair: pair[0] not in wanted)
    kept = dict(islice(ordered, documents))
    made.mkdir()
    (made / "corpus.jsonl").write_text("\n".join(kept.values()) + "\n", encoding="utf-8")
    asked = {q: g for q, g in judged.items() if kept.keys() & {k for k, v in g.items() if v > 0}}
    queries = (json.dumps({"_id": query, "text": texts[query]}) for query in asked)
    (made / "queries.jsonl").write_text("\n".join(queries) + "\n", encoding="utf-8")
    rows = [f"{q}\t{key}\t{grade}" for q, g in asked.items() for key, grade in g.items()]
    (made / "qrels").mkdir()
    head = "query-id\tcorpus-id\tscore"
    (made / "qrels" / "test.tsv").write_text("\n".join([head, *rows]) + "\n", encoding="utf-8")
    return made


def _measure(command: Sequence[str], folder: Path, state: Path) -> Figures:
    """Let one system take the documents in, then let a new process of it answer."""
    where = [str(NamedModel("").folder), str(folder), str(state)]
    quiet = os.environ | {"HF_HUB_OFFLINE": "1", "ANONYMIZED_TELEMETRY": "False"}
    taken = subprocess.run(
        [*command, "ingest", *where], stdout=subprocess.PIPE, text=True, check=True, env=quiet
    )
    ingest = json.loads(taken.stdout.splitlines()[-1])
    ours = (state / "alignloom.db").exists()
    pieces = _pieces(_passages(state) if ours else [text for _, text in read_documents(folder)])
    began = perf_counter()
    with subprocess.Popen(
        [*command, "ask", *where], stdout=subprocess.PIPE, text=True, env=quiet
    ) as process:
        assert process.stdout
        for line in process.stdout:
            if line == "first answer\n":
                break
        cold_s = perf_counter() - began
        answers = json.loads(process.stdout.read().splitlines()[-1])
    cuts = quantiles(answers["ms"], n=20)
    _, judged = read_judgements(folder)
    return Figures(
        ingest_s=ingest["seconds"],
        pieces=pieces,
        peak_mb=ingest["peak_mb"],
        disk_mb=sum(p.stat().st_size for p in state.rglob("*") if p.is_file()) / 2**20,
        cold_s=cold_s,
        p50_ms=cuts[9],
        p95_ms=cuts[18],
        ndcg=evaluate(answers["rankings"], judged).ndcg_at_10,
    )


def _passages(home: Path) -> list[str]:
    """What our model reads of a home's documents, passage by passage."""
    shelf = Shelf(open_store(home / "alignloom.db"))
    versions = shelf.current(shelf.select())
    documents = shelf.documents(versions)
    texts = [
        text_to_embed(documents[doc_id], place, version.text[place.start : place.end])
        for doc_id, version in versions.items()
        for place in cut(version)
    ]
    shelf.store.close()
    return texts


def _pieces(texts: Sequence[str]) -> int:
    files = NamedModel("").encoder
    assert files
    return sum(map(len, token_ids(files.tokenizer(), texts)))


def _be_ours(embedder: str, task: str, _: str, folder: str, state: str) -> None:
    """What `alignloom import` and `alignloom index` do, or a house that answers."""
    began = perf_counter()
    os.environ["ALIGNLOOM_EMBEDDER__NAME"] = embedder
    from index.question import Question
    from ui.house import House

    house = House(Path(state))
    if task == "ingest":
        from crawler.importer import import_paths

        house.home.mkdir(exist_ok=True)
        import_paths([Path(folder) / "corpus.jsonl"], house.shelf, on_progress=lambda _: None)
        house.bring_in_step(lambda *_: None)
        tell_ingest(perf_counter() - began)
        return
    searcher = house.searcher()

    def ask(query: str) -> list[str]:
        hits = searcher.search(Question(text=query, k=10)).hits
        return [hit.document.origin.rpartition("#")[2] for hit in hits]

    tell_answers(ask, Path(folder))


def _print(name: str, figures: Figures) -> None:
    print(
        f"| {name} | {figures.ingest_s:.0f} | {figures.pieces / 1000:.0f}"
        f" | {figures.peak_mb:.0f} | {figures.disk_mb:.0f} | {figures.cold_s:.1f}"
        f" | {figures.p50_ms:.0f} / {figures.p95_ms:.0f} | {figures.ndcg:.3f} |",
        flush=True,
    )


def _print_ratios(found: dict[str, Figures]) -> None:
    """How much faster ours took the documents in than the faster of the two usual choices."""
    usual = [found[name] for name in ("LlamaIndex", "Chroma") if name in found]
    if not usual:
        return
    fastest = min(usual, key=lambda figures: figures.ingest_s)
    for name in OURS:
        if name in found:
            faster = fastest.ingest_s / found[name].ingest_s
            by_piece = faster * found[name].pieces / fastest.pieces
            print(f"\n{name}: {faster:.1f} times as many documents, ", end="")
            print(f"{by_piece:.1f} times as many word pieces a second")


if __name__ == "__main__":
    main()
