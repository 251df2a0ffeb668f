"""The files of a BERT encoder in a folder: shape, weights and tokenizer, read without torch."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping, Sequence, Sized
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from corpus.errors import AlignloomError, BadSetting

if TYPE_CHECKING:
    from tokenizers import Tokenizer

    from index.embedder import Vectors

WEIGHTS, LIMITS = "model.safetensors", "sentence_bert_config.json"
TABLE = "_embeddings.weight"
LONGEST_REASON = 300
"""Characters of what a library says of a model's files that a person is shown."""

LAST_PARTS = 3
"""Parts of a weight's name that tell it apart well enough: `attention.self.query.weight`."""

REMEDY = "name another model, or unset embedder.model to use the default"
QUERY, KEY, VALUE, MIXED, INNER, OUTER = (
    "attention.self.query",
    "attention.self.key",
    "attention.self.value",
    "attention.output.dense",
    "intermediate.dense",
    "output.dense",
)
"""The matrices of a layer, by the names that the weights file gives them."""
MATRICES = (QUERY, KEY, VALUE, MIXED, INNER, OUTER)
NORMS = ("attention.output.LayerNorm", "output.LayerNorm")
"""What else a layer has: a scale and a shift after each of its halves."""


@contextmanager
def loading(model: str, remedy: str) -> Iterator[None]:
    """Say in words which model it is that cannot be used, whatever a library finds in its files.

    model  such as `model '/models/mine'`, to stand before the reason
    """
    try:
        yield
    except AlignloomError:
        raise
    except Exception as error:  # of broken files the libraries raise just anything
        lines = str(error).strip().splitlines()
        why = lines[0][:LONGEST_REASON] if lines else ""
        name = type(error).__name__
        raise BadSetting(f"{model} cannot be used: {name}: {why}".rstrip(": "), remedy) from error


def finite(vectors: Vectors, model: str) -> Vectors:
    """The vectors, if they are numbers; weights that are none would spoil every answer."""
    if not np.isfinite(vectors).all():
        raise BadSetting(f"model {model!r} makes of texts what are no numbers", REMEDY)
    return vectors


def share_there(names: Collection[str], folder: Path) -> float:
    """The share of a model's weights that the file in its folder has; a library makes up the rest.

    A name may stand in either with the name of what it is a part of before it.
    """
    from safetensors import safe_open

    with safe_open(folder / WEIGHTS, "np") as file:
        there = {_last(name, LAST_PARTS) for name in file.keys()}  # noqa: SIM118
    there |= {name.replace("gamma", "weight").replace("beta", "bias") for name in there}
    found = [n for n in names if any(_last(n, k + 1) in there for k in range(LAST_PARTS))]
    return len(found) / len(names) if names else 1.0


def _last(name: str, count: int) -> str:
    return ".".join(name.split(".")[-count:])


def knows_words(tokenizer: object) -> bool:
    """Whether a library's tokenizer has more than signs of its own: without files it has none."""
    signs = getattr(tokenizer, "all_special_ids", None)
    return signs is None or not isinstance(tokenizer, Sized) or len(tokenizer) > len(signs)


class EncoderFiles:
    """An encoder whose last hidden states are averaged and brought to unit length.

    Files that are no such encoder, or do not fit one another, are refused with what is wrong.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        with self._loading():
            config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
            limits = json.loads((folder / LIMITS).read_text(encoding="utf-8"))
            self.heads = int(config["num_attention_heads"])
            self.layers = int(config["num_hidden_layers"])
            self.epsilon = float(config["layer_norm_eps"])
            self.dimension = int(config["hidden_size"])
            self.vocabulary = int(config["vocab_size"])
            """Word pieces that the tokenizer may give."""
            self.inner = int(config["intermediate_size"])
            """Width between the two products that follow attention."""
            self.limit = int(limits["max_seq_length"])
            """Word pieces of a text that are read, the first and the last sign among them."""
        if self.heads < 1 or self.dimension % self.heads or self.limit < 2:
            raise self._unusable(
                f"{self.heads} heads of {self.dimension} dimensions, {self.limit} word pieces"
            )

    def weights(self) -> dict[str, Vectors]:
        """Every matrix and vector by its name, float32, each of the shape that it should have."""
        from safetensors.numpy import load_file

        with self._loading():
            found = load_file(self.folder / WEIGHTS)
            weights = {name: each.astype(np.float32, copy=False) for name, each in found.items()}
        for name, shape in self._shapes():
            if name not in weights:
                raise self._unusable(f"{WEIGHTS} has no {name}")
            if not _fits(name, weights[name].shape, shape):
                raise self._unusable(f"{name} is {weights[name].shape}, not {shape}")
        return weights

    def tokenizer(self, limit: int | None = None) -> Tokenizer:
        """The tokenizer, cutting at the model's limit or an earlier one; texts are not padded."""
        with self._loading():
            from tokenizers import Tokenizer

            tokenizer = Tokenizer.from_file(str(self.folder / "tokenizer.json"))
            tokenizer.no_padding()
            tokenizer.enable_truncation(min(limit or self.limit, self.limit))
        if tokenizer.get_vocab_size() > self.vocabulary:
            raise self._unusable(
                f"its tokenizer has {tokenizer.get_vocab_size():,} word pieces, "
                f"its weights know {self.vocabulary:,}"
            )
        return tokenizer

    def _shapes(self) -> Iterator[tuple[str, tuple[int, ...]]]:
        """The shape of every weight that is computed with; of the three tables the least."""
        d, embeddings = self.dimension, "embeddings."
        yield f"{embeddings}word{TABLE}", (self.vocabulary, d)
        yield f"{embeddings}position{TABLE}", (self.limit, d)
        yield f"{embeddings}token_type{TABLE}", (1, d)
        norms = [embeddings + "LayerNorm"]
        for layer in (f"encoder.layer.{number}." for number in range(self.layers)):
            norms += [layer + norm for norm in NORMS]
            for matrix in MATRICES:
                rows = self.inner if matrix == INNER else d
                yield f"{layer}{matrix}.weight", (rows, self.inner if matrix == OUTER else d)
                yield f"{layer}{matrix}.bias", (rows,)
        for norm in norms:
            yield f"{norm}.weight", (d,)
            yield f"{norm}.bias", (d,)

    def _loading(self) -> AbstractContextManager[None]:
        return loading(f"model {str(self.folder)!r}", REMEDY)

    def _unusable(self, why: str) -> BadSetting:
        return BadSetting(f"model {str(self.folder)!r} cannot be used: {why}", REMEDY)


def _fits(name: str, shape: tuple[int, ...], wanted: tuple[int, ...]) -> bool:
    """Whether it is that shape, or a table with more rows than are looked up."""
    if name.endswith(TABLE) and len(shape) == 2:
        return shape[0] >= wanted[0] and shape[1] == wanted[1]
    return shape == wanted


def is_encoder(folder: Path) -> bool:
    """Whether the model in `folder` is of the one kind that this house computes by itself."""
    config = _object(folder / "config.json")
    pooling = _object(folder / "1_Pooling" / "config.json")
    modules = _json(folder / "modules.json")
    listed = modules if isinstance(modules, list) else []
    kinds = [str(each.get("type", "")) for each in listed if isinstance(each, dict)]
    return (
        (folder / "tokenizer.json").is_file()
        and config.get("model_type") == "bert"
        and config.get("hidden_act") == "gelu"
        and [k.rpartition(".")[2] for k in kinds] == ["Transformer", "Pooling", "Normalize"]
        and isinstance(_object(folder / LIMITS).get("max_seq_length"), int)
        and _pools_by_mean(pooling)
    )


def _object(path: Path) -> dict[str, object]:
    """The JSON object in a file; an empty one where there is none."""
    found = _json(path)
    return found if isinstance(found, dict) else {}


def _json(path: Path) -> object:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, NotADirectoryError, IsADirectoryError, ValueError, RecursionError):
        return None


def token_ids(tokenizer: Tokenizer, texts: Sequence[str]) -> list[list[int]]:
    """The word pieces of each text, cut up on all cores at once."""
    return [encoded.ids for encoded in tokenizer.encode_batch_fast(list(texts))]


def _pools_by_mean(pooling: Mapping[str, object]) -> bool:
    if "pooling_mode" in pooling:
        return pooling["pooling_mode"] == "mean"
    chosen = {k for k, v in pooling.items() if k.startswith("pooling_mode_") and v is True}
    return chosen == {"pooling_mode_mean_tokens"}
