"""The file of a tree, part by part: from this its JSON Schema is made, and by this it is read."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from typing import Any, Literal

from pydantic import TypeAdapter

from corpus.model import Idea

FORMAT = "alignloom-tree"
VERSION = 1
SCHEMA = "https://alignloom.example/schemas/alignloom-tree-1.json"
"""The schema's name, not a place: it ships as `synth/alignloom-tree.schema.json`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceFacts:
    """A document that the tree quotes, for readers who do not have it."""

    title: str
    url: str
    status: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TreeFile:
    """A tree of ideas. Nothing in it is nested: ideas name their parents, which come before."""

    format: Literal["alignloom-tree"]
    version: Literal[1]
    tree_id: str
    title: str
    root: str
    number: int
    """How many changes the tree had seen."""
    ideas: list[Idea]
    """The root first, every other under parents that came before it."""
    sources: dict[str, SourceFacts] = field(default_factory=dict)


@cache
def adapter() -> TypeAdapter[TreeFile]:
    """Checks a file and makes it of JSON."""
    return TypeAdapter(TreeFile)


def schema() -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) that every file keeps to."""
    made = adapter().json_schema(mode="validation")
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": SCHEMA,
        **made,
        "title": "Alignloom tree",
    }
