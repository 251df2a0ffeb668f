"""What every move must keep."""

from __future__ import annotations

from collections.abc import Callable
from typing import get_args

import pytest

from corpus.errors import BadSetting, UnknownName
from corpus.model import Document, Version
from corpus.shelf import Shelf
from corpus.trees import Trees
from index.searcher import Searcher
from synth.cues import Kind
from synth.evidence import candidates, verified
from synth.growing import Wish, propose
from synth.mining import mine
from synth.move import names, open_move
from synth.phrasing import LONGEST_TITLE
from synth.writer import open_writer

TEXT = """## What is known

We find that critics of models catch more planted flaws than human reviewers do. A limitation of
planted flaws is that they are unlike the flaws that training leaves in a model.

It is an open question whether a critic trained on planted flaws finds natural flaws of a model.
The argument assumes that planted flaws resemble the flaws which training leaves behind. One could
test whether critics transfer by scoring them on flaws taken from published corrections. The crux
is whether the errors of a critic and of a policy become less alike as both grow stronger. Critics
argue that planted flaws reward models which recognise planting rather than error.

Nobody has measured how often a critic of models misses natural flaws. There is no agreed
definition of a natural flaw in a model. Evaluation by planted flaws fails when a model learns to
recognise the fingerprints of planting."""

ELSEWHERE = """Gardeners disagree about the soil. One could test whether seeds of two kinds differ
in what they need by scoring them on plots that nobody planted or watered before."""


@pytest.fixture
def searcher(
    shelf: Shelf,
    write: Callable[..., tuple[Document, Version]],
    searcher_over: Callable[[Shelf], Searcher],
) -> Searcher:
    """One document in which every kind of sentence stands."""
    shelf.put([write("flaws", TEXT), write("seeds", ELSEWHERE)])
    return searcher_over(shelf)


@pytest.mark.parametrize("name", names())
def test_names_itself_and_kinds_that_there_are(name: str) -> None:
    move = open_move(name)
    assert move.label
    assert move.seeks
    assert {*move.seeks, *move.beside, *move.beyond} <= set(get_args(Kind))


@pytest.mark.parametrize("name", names())
def test_titles_are_one_short_line_of_whatever_it_seeks(name: str, searcher: Searcher) -> None:
    move = open_move(name)
    version = searcher.shelf.version("web:example.org/flaws")
    long = Version(doc_id=version.doc_id, text=TEXT.replace("planted flaws", "planted " * 60))
    for span in mine([*candidates(version), *candidates(long)], move.seeks):
        title = move.title(span)
        assert title is None or (0 < len(title) <= LONGEST_TITLE and "\n" not in title)


@pytest.mark.parametrize("name", [name for name in names() if open_move(name).needs_model])
def test_says_that_it_needs_a_model_where_the_writer_has_none(
    name: str, searcher: Searcher
) -> None:
    trees = Trees(searcher.shelf.store)
    wish = Wish(doc_id="web:example.org/flaws", moves=(name,), n=1)
    with pytest.raises(BadSetting, match="needs a model"):
        propose(wish, searcher=searcher, trees=trees, writer=open_writer())


@pytest.mark.parametrize("name", [name for name in names() if not open_move(name).needs_model])
def test_makes_an_idea_whose_claims_hold(name: str, searcher: Searcher) -> None:
    trees = Trees(searcher.shelf.store)
    wish = Wish(doc_id="web:example.org/flaws", moves=(name,), n=1, who="ada")
    proposal = propose(wish, searcher=searcher, trees=trees, writer=open_writer())
    [idea] = proposal.ideas
    assert idea.move == name
    quoted = {evidence.doc_id for claim in idea.claims for evidence in claim.evidence}
    assert len(quoted) == 2 or not open_move(name).far
    assert verified(idea.claims, searcher.shelf) == (list(idea.claims), 0)


def test_a_move_that_nobody_wrote_is_an_error_with_a_suggestion() -> None:
    with pytest.raises(UnknownName, match="next_step"):
        open_move("next_stop")
