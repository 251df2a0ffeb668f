from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import pytest

from corpus.errors import BadSetting
from corpus.model import Document, Version, verbatim_claim
from corpus.trees import Trees
from index.question import Question
from index.searcher import Searcher
from synth.evidence import candidates
from synth.growing import Wish, propose
from synth.novelty import nearest, question_about, still_there
from synth.writer import Writer

Write = Callable[..., tuple[Document, Version]]
Searching = Callable[[Sequence[tuple[Document, Version]]], Searcher]

IDEA = "Critics of language models catch more planted flaws than human reviewers do."
DONE = "We find that critics of language models catch more planted flaws than human reviewers do."
ASIDE = "Reviewers of planted flaws in language models tire after an hour of reading."


@pytest.fixture
def found(searching: Searching, write: Write) -> Searcher:
    texts = {"own": IDEA, "done": f"{ASIDE} {DONE}", "aside": ASIDE}
    return searching([write(name, text) for name, text in texts.items()])


def test_each_near_work_shows_the_sentence_that_comes_closest(found: Searcher) -> None:
    own = candidates(found.shelf.version("web:example.org/own"))[0]
    prior = found.search(question_about(IDEA))
    near = nearest(prior, [verbatim_claim(own.evidence)], found.shelf, found.embed)
    assert [each.doc_id for each in near] == ["web:example.org/done", "web:example.org/aside"]
    assert [each.closest and each.closest.quote for each in near] == [DONE, ASIDE]
    assert near[0].score >= near[1].score


def test_a_work_that_reports_it_is_named_and_one_that_only_comes_near_is_not(
    found: Searcher,
) -> None:
    prior = found.search(question_about(IDEA))
    near = {each.doc_id: each for each in nearest(prior, [], found.shelf, found.embed)}
    assert near["web:example.org/done"].reports
    assert not near["web:example.org/aside"].reports


def test_what_comes_nearest_is_no_veto(searcher: Searcher, trees: Trees, writer: Writer) -> None:
    wish = Wish(topic="planted flaws as a measure of oversight", n=4, who="ada")
    ideas = propose(wish, searcher=searcher, trees=trees, writer=writer).ideas
    assert len(ideas) == 4
    closest = [near.closest for idea in ideas for near in idea.nearest if near.closest]
    assert len(closest) >= 10
    assert all(each.holds_in(searcher.shelf.version(each.doc_id)) for each in closest)


def test_a_sentence_that_is_not_at_its_place_is_not_shown(found: Searcher) -> None:
    prior = found.search(question_about(IDEA))
    whole = nearest(prior, [], found.shelf, found.embed)
    assert whole[0].closest
    lie = replace(whole[0].closest, quote="x" * len(whole[0].closest.quote))
    forged = replace(whole[0], closest=lie, reports=True)
    kept = still_there([forged, *whole[1:]], found.shelf)
    assert (kept[0].closest, kept[0].reports) == (None, False)
    assert kept[1:] == whole[1:]


def test_a_move_from_afar_quotes_a_work_that_was_not_read_for_the_topic(
    searcher: Searcher, trees: Trees, writer: Writer
) -> None:
    topic = "planted flaws as a measure of oversight"
    wish = Wish(topic=topic, n=2, moves=("transfer",))
    ideas = propose(wish, searcher=searcher, trees=trees, writer=writer).ideas
    nearest_works = {hit.work_id for hit in searcher.search(Question(text=topic, k=12)).hits}
    assert ideas
    for idea in ideas:
        start, *_, far = (claim.evidence[0].doc_id for claim in idea.claims)
        works = searcher.shelf.work_ids([start, far])
        assert works[start] in nearest_works
        assert works[far] not in nearest_works


def test_without_a_work_about_something_else_nothing_is_carried_over_from_one(
    searching: Searching, write: Write, writer: Writer
) -> None:
    asks = "It is an open question whether critics of models find planted flaws in proofs."
    tests = "One could test whether critics of models find planted flaws by counting them."
    searcher = searching([write("one", f"{asks} {tests}"), write("two", f"{tests} {asks}")])
    trees = Trees(searcher.shelf.store)
    wish = Wish(topic="planted flaws in proofs", moves=("transfer",), who="ada")
    assert propose(wish, searcher=searcher, trees=trees, writer=writer).refused


def test_a_move_that_needs_a_model_is_left_out_of_all_moves(
    searcher: Searcher, trees: Trees, writer: Writer
) -> None:
    wish = Wish(topic="planted flaws as a measure of oversight", n=20)
    ideas = propose(wish, searcher=searcher, trees=trees, writer=writer).ideas
    assert "combine" not in {idea.move for idea in ideas}
    with pytest.raises(BadSetting, match="combine needs a model"):
        propose(replace(wish, moves=("combine",)), searcher=searcher, trees=trees, writer=writer)
