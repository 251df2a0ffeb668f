"""The moves by which a tree grows, under the names that a reader sees."""

from __future__ import annotations


def move_names() -> list[str]:
    """The moves there are, as options and files name them."""
    from synth.move import names

    return names()


def move_label(name: str) -> str:
    """A move's name for a reader; trees from elsewhere may have moves that are not known here."""
    from synth.move import ROOT, label_of

    return "Start" if name == ROOT else label_of(name)
