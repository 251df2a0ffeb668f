"""`alignloom train-embedder`: a better embedding model, made from one's own corpus."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from corpus.errors import BadSetting
from ui import show
from ui.house import House

if TYPE_CHECKING:
    from index.training.run import Offer, TrainingReport

PANEL = "4 Keep and care"


def train_embedder(
    context: typer.Context,
    out: Annotated[str, typer.Option(metavar="NAME", help="what the model is called")] = "own",
    minutes: Annotated[
        float, typer.Option(help="how long to learn at most", min=0.01, max=1440)
    ] = 40,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="only tell what there is to learn from")
    ] = False,
) -> None:
    """Train a model on the corpus; it is kept if it finds more."""
    from index.training.pairs import collect
    from index.training.run import encoder_of, enough, offer_of
    from index.training.run import train_embedder as train
    from index.weights import NamedModel

    house: House = context.obj
    base = NamedModel(house.settings.embedder.model)
    folder = _folder(house, out)
    if dry_run:
        encoder_of(base)
        _tell_offer(offer_of(enough(collect(house.shelf))))
        return
    with show.progress() as on_progress:
        report = train(house.shelf, base, folder, minutes=minutes, on_progress=on_progress)
    _tell(report)


def _folder(house: House, name: str) -> Path:
    if not name or name != Path(name).name or name.startswith("."):
        raise BadSetting(f"--out {name!r} is not a name", "one word, such as --out own")
    return house.home / "models" / name


def _tell_offer(offer: Offer) -> None:
    if show.wants_json():
        show.value(asdict(offer))
        return
    kinds = ", ".join(f"{count:,} by {kind}" for kind, count in offer.pairs.items())
    show.line(f"{sum(offer.pairs.values()):,} pairs to learn from ({kinds})")
    show.line(f"they lead to {offer.passages:,} passages; {offer.held_back:,} pairs are held back")


def _tell(report: TrainingReport) -> None:
    if show.wants_json():
        show.value(asdict(report))
        return
    found = report.judgement
    show.line(
        f"on {found.queries:,} pairs of {found.works:,} works that training never saw, among"
        f" {found.passages:,} passages, nDCG@10 went from {found.base:.3f} to {found.trained:.3f}"
        f" ({found.gain:+.3f}; with 95 % confidence {found.low:+.3f} to {found.high:+.3f});"
        f" by meaning alone from {found.base_alone:.3f} to {found.trained_alone:.3f}"
    )
    if not report.kept:
        show.line("that is not surely better: the new model was not kept")
        return
    show.line("to use it, put this line first in alignloom.toml, then run alignloom index:")
    show.copyable(f"embedder.model = {json.dumps(report.model)}")
