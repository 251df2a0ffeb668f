"""Options that several commands have alike."""

from __future__ import annotations

from typing import Annotated, TypeAlias

import typer

WriterName: TypeAlias = Annotated[
    str,
    typer.Option(
        metavar="NAME",
        help="who writes: extractive, or a model: llama_index, ollama, anthropic",
    ),
]
DryRun: TypeAlias = Annotated[
    bool, typer.Option("--dry-run", help="only count the calls to a model; make none")
]
