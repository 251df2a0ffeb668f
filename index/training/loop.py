"""The loop: steps of multiple-negatives ranking loss, with checkpoints that a kill cannot hurt."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import fmean
from time import perf_counter

import torch
from torch import Tensor
from torch.nn import functional

from index.batches import batches
from index.encoder import encode, prepare
from index.encoder_files import EncoderFiles, token_ids
from index.training import checkpoints
from index.training.checkpoints import Checkpoint
from index.training.pairs import Pair
from index.training.sampling import Sampler

_FROZEN = ("embeddings.", "pooler.")
"""What is not trained: meanings of single words were learnt from far more text than a corpus
has, and the last layer of the original pre-training is not used at all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """How a model is trained."""

    steps: int
    batch: int = 64
    """Pairs; each is set against the texts of all others."""
    limit: int = 128
    """Word pieces of a text that are read."""
    rate: float = 3e-5
    """Highest learning rate; it rises over a tenth of the steps and falls in a straight line.
    More is too much: of two runs at 1e-4 on 1,276 papers, the one of 71 steps found less than the
    one of 26."""
    scale: float = 20.0
    """What cosines are multiplied by before the softmax (Reimers and Gurevych's default)."""
    margin: float = 0.1
    """A wrong text that is nearer than the right one by so much is taken for right as well
    (positive-aware filtering, Moreira et al. 2024), and left out."""
    decay: float = 0.01
    clip: float = 1.0
    """Longest gradient."""
    halved: bool = True
    """Whether products are rounded to bfloat16."""

    def rate_at(self, step: int) -> float:
        """The learning rate of a step, counted from 0."""
        rising = (step + 1) / max(1, self.steps // 10)
        return self.rate * min(1.0, rising, (self.steps - step) / max(1, self.steps))


class Learner:
    """Weights that learn, step by step."""

    def __init__(
        self, files: EncoderFiles, weights: Mapping[str, Tensor], sampler: Sampler, recipe: Recipe
    ) -> None:
        self.step = 0
        self._files = files
        self._sampler = sampler
        self._recipe = recipe
        self._tokenizer = files.tokenizer(recipe.limit)
        self._weights = {name: tensor.clone() for name, tensor in weights.items()}
        self._learning = {
            name: tensor.requires_grad_()
            for name, tensor in self._weights.items()
            if not name.startswith(_FROZEN) and tensor.is_floating_point()
        }
        self._optimiser = torch.optim.AdamW(
            list(self._learning.values()), lr=recipe.rate, weight_decay=recipe.decay
        )

    def learn(self) -> float:
        """Do one step, and return its loss."""
        for group in self._optimiser.param_groups:
            group["lr"] = self._recipe.rate_at(self.step)
        self._optimiser.zero_grad()
        loss = self._loss(self._sampler.batch(self.step))
        loss.backward()  # type: ignore[no-untyped-call] # untyped in torch
        torch.nn.utils.clip_grad_norm_(self._learning.values(), self._recipe.clip)
        self._optimiser.step()
        self.step += 1
        return float(loss.detach())

    def tensors(self) -> dict[str, Tensor]:
        """What the next step depends on."""
        kept = {f"weight/{name}": tensor.detach() for name, tensor in self._learning.items()}
        for name, tensor in self._learning.items():
            for moment, value in self._optimiser.state.get(tensor, {}).items():
                kept[f"{moment}/{name}"] = torch.as_tensor(value)
        return kept

    def resume(self, found: Checkpoint) -> None:
        """Go on from a checkpoint as if there had been no break."""
        with torch.no_grad():
            for key, value in found.tensors.items():
                part, _, name = key.partition("/")
                tensor = self._learning[name]
                if part == "weight":
                    tensor.copy_(value)
                else:
                    place = value.device if part == "step" else tensor.device
                    self._optimiser.state[tensor][part] = value.to(place, copy=True)
        self.step = found.step

    def weights(self) -> dict[str, Tensor]:
        """All weights as they are now, by the names of the files that were begun with."""
        return {name: tensor.detach() for name, tensor in self._weights.items()}

    def _loss(self, pairs: Sequence[Pair]) -> Tensor:
        """Symmetric multiple-negatives ranking loss (Henderson et al. 2017, section 4)."""
        count = len(pairs)
        states = self._encode([pair.query for pair in pairs] + [pair.text for pair in pairs])
        cosines = states[:count] @ states[count:].T
        right = torch.eye(count, dtype=torch.bool, device=cosines.device)
        with torch.no_grad():
            too_good = (cosines > cosines.diagonal()[:, None] + self._recipe.margin) & ~right
        scores = (self._recipe.scale * cosines).masked_fill(too_good, -math.inf)
        wanted = torch.arange(count, device=cosines.device)
        return (
            functional.cross_entropy(scores, wanted) + functional.cross_entropy(scores.T, wanted)
        ) / 2

    def _encode(self, texts: Sequence[str]) -> Tensor:
        dtype = torch.bfloat16 if self._recipe.halved else torch.float32
        prepared = prepare(self._files, self._weights, dtype)
        places: list[int] = []
        rows = []
        for batch in batches(token_ids(self._tokenizer, texts)):
            rows.append(encode(prepared, batch))
            places += batch.places
        return torch.cat(rows)[torch.tensor(places).argsort()]


def plan_of(base_sha256: str, pairs: Sequence[Pair], recipe: Recipe) -> str:
    """A name for base, pairs and recipe together: equal names make the same model."""
    said = [base_sha256, asdict(recipe), [(pair.query, pair.text) for pair in pairs]]
    return hashlib.sha256(json.dumps(said).encode()).hexdigest()


def train(
    learner: Learner,
    path: Path,
    *,
    plan: str,
    steps: int,
    checkpoint_s: float,
    on_step: Callable[[int, float], None],
) -> float:
    """Take all steps that are left, and return the mean loss of the last ones.

    `path` holds the checkpoint; a run that was killed, or interrupted, goes on from there.
    """
    found = checkpoints.load(path, plan)
    loss = math.nan
    if found:
        learner.resume(found)
        loss = found.loss
    losses: list[float] = []
    saved = perf_counter()
    while learner.step < steps:
        losses.append(learner.learn())
        on_step(learner.step, losses[-1])
        if perf_counter() - saved >= checkpoint_s or learner.step == steps:
            loss = fmean(losses)
            tensors = learner.tensors()
            checkpoints.save(
                path, Checkpoint(step=learner.step, plan=plan, loss=loss, tensors=tensors)
            )
            losses.clear()
            saved = perf_counter()
    return loss
