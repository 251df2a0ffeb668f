"""The whole of training: pairs from the shelf, mining, loop, judgement, the model's files."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from time import perf_counter

import torch
from filelock import FileLock, Timeout
from torch import Tensor

from corpus.errors import BadSetting, IndexProblem
from corpus.shelf import Shelf
from corpus.store import last_change
from index.encoder import encode_all, prepare, read_weights
from index.encoder_files import WEIGHTS, EncoderFiles, token_ids
from index.training.judging import Encode, Judgement, judge
from index.training.loop import Learner, Recipe, plan_of, train
from index.training.pairs import Pair, collect
from index.training.sampling import Field, Sampler, mine, subjects_of
from index.weights import NamedModel

FEWEST, FEWEST_JUDGED = 100, 10
"""Pairs to learn from, and to judge by, below which nothing can be learnt or told."""

PASSES = 10
"""How often a passage is met at most: more is learning by heart."""

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """What a shelf has to learn from, and what learning would take."""

    pairs: dict[str, int]
    """Pairs to learn from, by kind."""
    held_back: int
    """Pairs kept for judging."""
    passages: int
    """Different passages that pairs lead to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainingReport:
    """What came of a training."""

    kept: bool
    model: str
    """The folder of the new model; empty where it was not kept."""
    steps: int
    loss: float
    seconds: float
    """Of this process; earlier ones of the same run are not counted."""
    offer: Offer
    judgement: Judgement


def offer_of(pairs: Sequence[Pair]) -> Offer:
    """Count what there is to learn from."""
    learnt = [pair for pair in pairs if not pair.held_back]
    return Offer(
        pairs=dict(Counter(pair.kind for pair in learnt).most_common()),
        held_back=len(pairs) - len(learnt),
        passages=len(subjects_of(learnt)),
    )


def train_embedder(
    shelf: Shelf,
    base: NamedModel,
    out: Path,
    *,
    minutes: float,
    recipe: Recipe | None = None,
    checkpoint_s: float = 60.0,
    on_progress: Progress = lambda *_: None,
) -> TrainingReport:
    """Fine-tune `base` on what is on the shelf, and keep it in `out` if it is better.

    Killed at any moment, the same call goes on from the last checkpoint, in a folder beside
    `out`. A model is never overwritten: an index may have been made with it.

    recipe        given by who knows better; else as many steps as `minutes` allow
    checkpoint_s  seconds of work that a kill can cost
    """
    began = perf_counter()
    if out.exists():
        raise BadSetting(f"there is a model {out.name!r} already", "another name with --out")
    files = encoder_of(base)
    pairs = enough(collect(shelf))
    learnt = [pair for pair in pairs if not pair.held_back]
    work = out.with_name(f".{out.name}.training")
    with _alone(work):
        weights = read_weights(files, "cuda" if torch.cuda.is_available() else "cpu")
        on_progress("looking for what is near what", 0, 1)
        encode = _encoder(files, weights, Recipe(steps=1))
        fields = mine(subjects_of(learnt), encode, work / "near")
        on_progress("looking for what is near what", 1, 1)
        recipe = recipe or _recipe(work, learnt, base, files, weights, fields, minutes)
        learner = Learner(files, weights, Sampler(fields, recipe.batch), recipe)
        loss = train(
            learner,
            work / "checkpoint.safetensors",
            plan=plan_of(base.sha256, learnt, recipe),
            steps=recipe.steps,
            checkpoint_s=checkpoint_s,
            on_step=lambda step, _: on_progress("training", step, recipe.steps),
        )
        on_progress("judging", 0, 1)
        encoders = [_encoder(files, each, recipe) for each in (weights, learner.weights())]
        judgement = judge(pairs, *encoders)
        on_progress("judging", 1, 1)
        report = TrainingReport(
            kept=judgement.is_better,
            model=str(out) if judgement.is_better else "",
            steps=recipe.steps,
            loss=loss,
            seconds=perf_counter() - began,
            offer=offer_of(pairs),
            judgement=judgement,
        )
        if report.kept:
            told = {**_origin(base, shelf), "recipe": asdict(recipe), **asdict(report)}
            _publish(files, learner.weights(), work / "model", out, told)
        shutil.rmtree(work)
    return report


def _origin(base: NamedModel, shelf: Shelf) -> dict[str, str | int]:
    """What a model was made from."""
    with shelf.store.reading() as connection:
        change = last_change(connection)
    return {"base": base.label, "base_sha256": base.sha256, "corpus_change": change}


def encoder_of(base: NamedModel) -> EncoderFiles:
    """The files of a model that can be trained here, or a refusal."""
    if base.encoder is None:
        raise BadSetting(
            f"model {base.name!r} is not a BERT encoder with its files on this machine",
            "unset embedder.model to begin with the default model",
        )
    return base.encoder


def enough(pairs: list[Pair]) -> list[Pair]:
    """The pairs, or a refusal where they are too few to learn or to judge by."""
    held_back = sum(pair.held_back for pair in pairs)
    if len(pairs) - held_back < FEWEST or held_back < FEWEST_JUDGED:
        raise IndexProblem(
            f"the corpus offers {len(pairs) - held_back} pairs to learn from and {held_back} to"
            f" judge by; {FEWEST} and {FEWEST_JUDGED} are the least",
            "import more documents, then try again",
        )
    return pairs


@contextmanager
def _alone(work: Path) -> Iterator[None]:
    """Hold the only right to train this model; the system gives it back when a process dies."""
    work.mkdir(parents=True, exist_ok=True)
    try:
        with FileLock(work.with_suffix(".lock")).acquire(timeout=0):
            yield
    except Timeout as error:
        raise IndexProblem(
            f"another process is training {work.name}", "wait for it, or choose another --out"
        ) from error


def _recipe(
    work: Path,
    learnt: Sequence[Pair],
    base: NamedModel,
    files: EncoderFiles,
    weights: Mapping[str, Tensor],
    fields: Sequence[Field],
    minutes: float,
) -> Recipe:
    """As many steps as fit in the time, or as a run that is gone on with had planned."""
    path = work / "plan.json"
    asked = plan_of(base.sha256, learnt, Recipe(steps=round(minutes * 60)))
    if path.exists():
        known = json.loads(path.read_text())
        if known["asked"] == asked:
            return Recipe(steps=known["steps"])
    trial = Recipe(steps=1)
    learner = Learner(files, weights, Sampler(fields, trial.batch), trial)
    learner.learn()  # the first step prepares what the others use
    began = perf_counter()
    for _ in range(2):
        learner.learn()
    step_s = (perf_counter() - began) / 2
    most = PASSES * sum(len(field.subjects) for field in fields) // trial.batch
    steps = max(1, min(most, int(minutes * 60 / step_s)))
    waiting = path.with_suffix(".next")
    waiting.write_text(json.dumps({"asked": asked, "steps": steps}))
    waiting.replace(path)
    return Recipe(steps=steps)


def _encoder(files: EncoderFiles, weights: Mapping[str, Tensor], recipe: Recipe) -> Encode:
    """Texts to unit rows by these weights, read as far as in training."""
    tokenizer = files.tokenizer(recipe.limit)
    dtype = torch.bfloat16 if recipe.halved else torch.float32
    prepared = prepare(files, weights, dtype)
    return lambda texts: encode_all(prepared, token_ids(tokenizer, texts))


def _publish(
    files: EncoderFiles,
    weights: Mapping[str, Tensor],
    made: Path,
    out: Path,
    told: Mapping[str, object],
) -> None:
    """Put the model's files in `out` at one stroke, with what is known about their making."""
    from safetensors.torch import save_file

    shutil.rmtree(made, ignore_errors=True)
    shutil.copytree(files.folder, made, ignore=shutil.ignore_patterns(WEIGHTS, "*.json.old"))
    save_file(dict(weights), made / WEIGHTS, metadata={"format": "pt"})
    with (made / WEIGHTS).open("rb") as file:
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
        os.fsync(file.fileno())
    (made / "training.json").write_text(json.dumps({"sha256": sha256, **told}, indent=2))
    made.replace(out)
