"""BibTeX: the works that a tree quotes, each once."""

from __future__ import annotations

from collections.abc import Mapping

from corpus.model import Document, Tree
from synth.bibliography import bibtex
from synth.export import quoted
from synth.losses import ALL


class Bibtex:
    """For the bibliography of what one writes from a tree."""

    label = "BibTeX of its sources"
    suffix = ".bib"
    lacks = ALL
    hides = ()

    def write(self, tree: Tree, sources: Mapping[str, Document]) -> str:
        """The works in the order in which the tree quotes them first."""
        return bibtex(quoted(tree, sources))


EXPORT = Bibtex()
