"""OPML 2.0: an outline for outliners, quotes as rows under their idea, notes in `_note`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from xml.sax.saxutils import quoteattr

from corpus.model import Claim, Document, Idea, Tree
from corpus.text import visible
from synth.card_words import made_by, parts_of
from synth.critique import standing_of
from synth.markup import web_address
from synth.move import label_of

_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class Opml:
    """For outliners: Logseq, OmniOutliner, Dynalist, WorkFlowy."""

    label = "OPML"
    suffix = ".opml"
    lacks = ("nearest works", "second parents", "lineage", "earlier titles")
    hides = ()

    def write(self, tree: Tree, sources: Mapping[str, Document]) -> str:
        """The tree as rows within rows; written by a stack, since trees are deep."""
        head = f"<head><title>{_attribute(tree.title)[1:-1]}</title></head>"
        rows = "\n".join(_rows(tree, sources))
        begin = '<?xml version="1.0" encoding="UTF-8"?>\n<opml version="2.0">'
        return f"{begin}\n{head}\n<body>\n{rows}\n</body>\n</opml>\n"


def _rows(tree: Tree, sources: Mapping[str, Document]) -> Iterator[str]:
    children = tree.children
    waiting = [tree.root]
    while waiting:
        idea_id = waiting.pop()
        if not idea_id:
            yield "</outline>"
            continue
        idea = tree.ideas[idea_id]
        yield f"<outline {_attributes(_facts(idea))}>"
        for claim in idea.claims:
            yield from _quotes(claim, sources)
        yield from _critique(idea, sources)
        waiting += ["", *reversed(children[idea_id])]


def _facts(idea: Idea) -> dict[str, str]:
    return {
        "text": idea.title,
        "_note": "\n".join(idea.notes),
        "move": label_of(idea.move) if idea.parents else "",
        "state": idea.state if idea.parents else "",
        "rating": str(idea.rating or ""),
        "bookmarked": "true" if idea.bookmarked else "",
        "category": ",".join(tag.replace(",", " ") for tag in idea.tags),
    }


def _quotes(claim: Claim, sources: Mapping[str, Document]) -> Iterator[str]:
    if claim.checker != "verbatim":
        yield f"<outline {_attributes({'text': claim.text, 'checked': claim.checked})}/>"
    for evidence in claim.evidence:
        document = sources.get(evidence.doc_id)
        facts = {
            "text": f"“{evidence.quote}”",
            "source": document.title if document else evidence.doc_id,
            "place": f"{evidence.doc_id} {evidence.start}-{evidence.end}",
            "version": evidence.version,
            "url": web_address(document.url) if document else "",
        }
        yield f"<outline {_attributes(facts)}/>"


def _critique(idea: Idea, sources: Mapping[str, Document]) -> Iterator[str]:
    """The critique card as a row, its parts as rows in it, its items as rows in these."""
    if idea.critique is None:
        return
    yield f"<outline {_attributes({'text': made_by(idea.critique)})}>"
    for label, points in parts_of(idea.critique):
        yield f"<outline {_attributes({'text': label})}>"
        for point in points:
            if point.claim:
                yield from _quotes(point.claim, sources)
            else:
                view = {"text": point.text, "checked": standing_of(point)}
                yield f"<outline {_attributes(view)}/>"
        yield "</outline>"
    yield "</outline>"


def _attributes(facts: Mapping[str, str]) -> str:
    return " ".join(f"{name}={_attribute(value)}" for name, value in facts.items() if value)


def _attribute(value: str) -> str:
    """A value in quotation marks, without what XML cannot hold and what cannot be seen."""
    shown = _NOT_XML.sub("", visible(value))
    return quoteattr(shown, {"\n": "&#10;", "\t": "&#9;", "'": "&#39;", '"': "&#34;"})


EXPORT = Opml()
