"""`alignloom eval`: how well search finds what judged queries ask for."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from ui import evaluating, show
from ui.commands.search import Modes
from ui.house import House

PANEL = "4 Keep and care"


def eval_(
    context: typer.Context,
    folder: Annotated[Path, typer.Argument(help="corpus.jsonl, queries.jsonl and qrels/*.tsv")],
    *,
    mode: Annotated[Modes, typer.Option(help="by meaning, by words, or both")] = "hybrid",
) -> None:
    """Measure retrieval on a BEIR folder: nDCG@10, MRR@10, Recall@100.

    What of the folder cannot count, such as a broken line, is named beside the figures.
    """
    house: House = context.obj
    faults: list[evaluating.Fault] = []

    def name(fault: evaluating.Fault) -> None:
        faults.append(fault)
        show.warn(fault.text)

    with show.progress() as on_progress:
        searcher = evaluating.searcher_of(folder, house, on_progress, name)
        scores = evaluating.measure(folder, searcher, mode)
    embedder = house.embedder().fingerprint
    if show.wants_json():
        told = {"folder": folder.name, "mode": mode, "embedder": embedder} | asdict(scores)
        show.value(told | {"notes": [fault.text for fault in faults]})
    else:
        show.line(f"{folder.name}: {scores.queries:,} queries, {mode}, {embedder}")
        show.line(f"nDCG@10     {scores.ndcg_at_10:.4f}")
        show.line(f"MRR@10      {scores.mrr_at_10:.4f}")
        show.line(f"Recall@100  {scores.recall_at_100:.4f}")
    if any(fault.lost for fault in faults):
        raise typer.Exit(1)
