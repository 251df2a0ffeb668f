"""Where a training run stands, on disk: one safetensors file, replaced at one stroke."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from corpus.errors import IndexProblem

if TYPE_CHECKING:
    from torch import Tensor


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkpoint:
    """Everything that the next step depends on."""

    step: int
    """Steps done."""
    plan: str
    """What the run was started for; another plan begins anew."""
    loss: float
    """Mean over the steps since the checkpoint before."""
    tensors: dict[str, Tensor]
    """Weights and the optimiser's moments, by name."""


def save(path: Path, checkpoint: Checkpoint) -> None:
    """Write a checkpoint durably: at any moment the file is the old one or the new one, whole."""
    from safetensors.torch import save_file

    told = {"step": str(checkpoint.step), "plan": checkpoint.plan, "loss": str(checkpoint.loss)}
    waiting = path.with_suffix(".next")
    save_file(checkpoint.tensors, waiting, metadata=told)
    with waiting.open("rb") as file:
        os.fsync(file.fileno())
    waiting.replace(path)


def load(path: Path, plan: str) -> Checkpoint | None:
    """The checkpoint in a file, `None` if there is none or it is of another plan."""
    from safetensors import SafetensorError, safe_open

    if not path.exists():
        return None
    try:
        with safe_open(path, framework="pt") as file:
            told = file.metadata() or {}
            if told.get("plan") != plan:
                return None
            tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118 - no dictionary
    except SafetensorError as error:
        raise IndexProblem(f"the checkpoint {path} is damaged", "remove it") from error
    return Checkpoint(step=int(told["step"]), plan=plan, loss=float(told["loss"]), tensors=tensors)
