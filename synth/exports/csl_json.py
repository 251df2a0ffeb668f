"""CSL-JSON: the works that a tree quotes, each once, as Zotero and pandoc read them."""

from __future__ import annotations

from collections.abc import Mapping

from corpus.model import Document, Tree
from synth.bibliography import csl_json
from synth.export import quoted
from synth.losses import ALL


class CslJson:
    """For Zotero, pandoc and whatever else cites."""

    label = "CSL-JSON of its sources"
    suffix = ".json"
    lacks = ALL
    hides = ()

    def write(self, tree: Tree, sources: Mapping[str, Document]) -> str:
        """The works in the order in which the tree quotes them first."""
        return csl_json(quoted(tree, sources))


EXPORT = CslJson()
