"""SIGKILL at random moments of training: a model is there whole or not at all, and work is kept.

    python -m benchmarks.kills_training [KILLS] [SEED]

A small encoder with random weights learns from a made-up shelf in a process of its own, which is
killed at a random moment and begun again, until it publishes its model; then a next one is begun.
After each kill there is no model, or one whose weights have the checksum in its own record and
which embeds. Exits 1 if anything failed.
"""

from __future__ import annotations

import hashlib
import json
import multiprocessing
import random
import shutil
import sys
import tempfile
from pathlib import Path
from time import perf_counter

import numpy as np

from corpus.errors import AlignloomError
from corpus.model import Document, Version
from corpus.shelf import Shelf
from corpus.store import open_store
from index.embedder import open_embedder
from index.training.loop import Recipe
from index.training.run import train_embedder
from index.weights import NamedModel

PROCESSES = multiprocessing.get_context("forkserver")
PROCESSES.set_forkserver_preload(["index.training.run"])
WORDS = (
    "north south tower river copper silver apple winter summer engine paper window garden mirror "
    "hammer candle button bridge forest island market needle orange pocket rabbit shadow ticket"
).split()
OTHERS = (
    "east west castle lake bronze golden cherry spring autumn motor letter door meadow glass "
    "chisel lamp zipper tunnel desert harbor square thread lemon purse beaver candy coupon"
).split()
FILLER = "stands falls turns rests waits sleeps moves rises breaks opens closes burns".split()
LEARN = Recipe(steps=150, batch=32, limit=32, rate=5e-3, halved=False)
"""Enough for a small encoder that knows nothing to find more than by chance."""


def main() -> None:
    """Kill, look, and print a Markdown table."""
    kills = int(sys.argv[1]) if len(sys.argv) > 1 else 200
    chance = random.Random(int(sys.argv[2]) if len(sys.argv) > 2 else 1)
    with tempfile.TemporaryDirectory() as folder:
        figures = measure(Path(folder), kills, chance)
    print("| what | figure |\n|---|---|")
    for name, figure in figures.items():
        print(f"| {name} | {figure} |")
    sys.exit(bool(figures["failures"]))


def measure(home: Path, kills: int, chance: random.Random) -> dict[str, str | int]:
    """Kill so many trainings; what happened, with `failures` counted."""
    small_encoder(home / "base")
    store = open_store(home / "a.db")
    fill(Shelf(store))
    store.close()
    began = perf_counter()
    _train(home).join()
    whole_s = perf_counter() - began
    counts = {"killed while training": 0, "done before the kill": 0, "models": 0, "failures": 0}
    counts["models"], counts["failures"] = _look(home / "own")
    for _ in range(kills):
        trainer = _train(home)
        trainer.join(chance.uniform(0, 0.6 * whole_s))
        counts["killed while training" if trainer.is_alive() else "done before the kill"] += 1
        trainer.kill()
        trainer.join()
        models, failures = _look(home / "own")
        counts["models"] += models
        counts["failures"] += failures
    return {"one training undisturbed, s": f"{whole_s:.2f}", "kills": kills, **counts}


def _train(home: Path) -> multiprocessing.process.BaseProcess:
    trainer = PROCESSES.Process(target=_train_whole, args=(str(home),))
    trainer.start()
    return trainer


def _train_whole(home: str) -> None:
    shelf = Shelf(open_store(Path(home) / "a.db"))
    base, out = NamedModel(str(Path(home) / "base")), Path(home) / "own"
    train_embedder(shelf, base, out, minutes=1, recipe=LEARN, checkpoint_s=0.2)


def _look(out: Path) -> tuple[int, int]:
    """How many models were published, and how many failures there were; the model goes."""
    if not out.exists():
        return 0, 0
    try:
        told = json.loads((out / "training.json").read_text())
        found = hashlib.sha256((out / "model.safetensors").read_bytes()).hexdigest()
        rows = open_embedder(model=str(out)).embed(["copper", "tower"])
        failed = found != told["sha256"] or not np.allclose(np.linalg.norm(rows, axis=1), 1)
    except (AlignloomError, OSError, ValueError) as error:
        print(error, file=sys.stderr)
        failed = True
    shutil.rmtree(out)
    return 1, int(failed)


def fill(shelf: Shelf) -> None:
    """Put documents on a shelf whose titles and texts tell of the same in different words."""
    draw = random.Random(0)
    other = dict(zip(WORDS, OTHERS, strict=True))
    for number in range(400):
        named = draw.sample(WORDS, 4)
        told = " ".join(f"{other[word]} {draw.choice(FILLER)}" for word in named * 4)
        doc_id = f"web:example.org/n{number}"
        title = " ".join(named)
        note = Document(doc_id=doc_id, source="s", kind="note", title=title)
        shelf.put([(note, Version(doc_id=doc_id, text=f"Once {told}."))])


def small_encoder(folder: Path) -> None:
    """Write an encoder of two small layers that knows nothing yet."""
    from safetensors.numpy import save_file

    known = NamedModel("").folder
    if known is None:
        raise SystemExit("the default model is not installed")
    shutil.copytree(known, folder, ignore=shutil.ignore_patterns("model.safetensors"))
    config = json.loads((folder / "config.json").read_text())
    config |= {"hidden_size": 32, "intermediate_size": 64, "num_hidden_layers": 2}
    config |= {"num_attention_heads": 4}
    (folder / "config.json").write_text(json.dumps(config))
    limits = json.loads((folder / "sentence_bert_config.json").read_text())
    (folder / "sentence_bert_config.json").write_text(json.dumps(limits | {"max_seq_length": 64}))
    draw = np.random.default_rng(0)
    weights = {}
    for name, shape in _shapes(config["vocab_size"]).items():
        scale = 1.0 if name.startswith("embeddings.word") else 0.15
        weights[name] = (scale * draw.standard_normal(shape)).astype(np.float32)
        if "LayerNorm" in name:
            weights[name] = np.full(shape, float(name.endswith("weight")), dtype=np.float32)
    save_file(weights, folder / "model.safetensors")


def _shapes(vocabulary: int) -> dict[str, tuple[int, ...]]:
    shapes: dict[str, tuple[int, ...]] = {
        "embeddings.word_embeddings.weight": (vocabulary, 32),
        "embeddings.position_embeddings.weight": (64, 32),
        "embeddings.token_type_embeddings.weight": (2, 32),
        "embeddings.LayerNorm.weight": (32,),
        "embeddings.LayerNorm.bias": (32,),
    }
    sizes = {"attention.output.dense": (32, 32), "intermediate.dense": (64, 32)}
    sizes |= {f"attention.self.{part}": (32, 32) for part in ("query", "key", "value")}
    sizes |= {"output.dense": (32, 64)}
    for layer in range(2):
        for name, (rows, columns) in sizes.items():
            shapes[f"encoder.layer.{layer}.{name}.weight"] = (rows, columns)
            shapes[f"encoder.layer.{layer}.{name}.bias"] = (rows,)
        for norm in ("attention.output", "output"):
            shapes[f"encoder.layer.{layer}.{norm}.LayerNorm.weight"] = (32,)
            shapes[f"encoder.layer.{layer}.{norm}.LayerNorm.bias"] = (32,)
    return shapes


if __name__ == "__main__":
    main()
