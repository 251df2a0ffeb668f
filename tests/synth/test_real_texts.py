"""Real transcripts, posts and abstracts: whatever they hold, every quote is a quote."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from corpus.model import Claim
from corpus.shelf import Selection, Shelf
from corpus.trees import Trees
from crawler.importer import import_paths
from index.searcher import Searcher
from synth.asking import ask
from synth.growing import Wish, propose
from synth.writer import Writer

pytestmark = pytest.mark.data

Holds = Callable[[Iterable[Claim], Shelf], bool]


@pytest.fixture
def searcher(data: Path, shelf: Shelf, searcher_over: Callable[[Shelf], Searcher]) -> Searcher:
    """Three transcripts and the dataset's records."""
    transcripts = [next((data / "axrp").glob(f"*{name}*")) for name in ("leike", "barnes", "rein")]
    import_paths([*transcripts, data / "ard"], shelf, on_progress=lambda _: None)
    return searcher_over(shelf)


def test_every_summary_answer_and_idea_quotes_exactly(
    searcher: Searcher, writer: Writer, holds: Holds
) -> None:
    shelf, claims = searcher.shelf, []
    for doc_id in shelf.select():
        claims += writer.summarize(shelf.version(doc_id), embed=searcher.embed).claims
    for question in ("can we trust an AI to do alignment research", "what is a behaviorist genie"):
        claims += ask(question, searcher, writer).claims
    trees = Trees(shelf.store)
    for doc_id in shelf.select(Selection(source="axrp")):
        wish = Wish(doc_id=doc_id, n=10, who="ada")
        proposal = propose(wish, searcher=searcher, trees=trees, writer=writer)
        assert len(proposal.ideas) >= 3
        claims += [claim for idea in proposal.ideas for claim in idea.claims]
    assert len(claims) > 150
    assert holds(claims, shelf)
    assert {claim.checker for claim in claims} == {"verbatim"}
