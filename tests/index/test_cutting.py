"""Passages: exact places, sane sizes, never across a heading, everything covered."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from corpus.markdown import blocks
from corpus.model import Document, Version
from corpus.text import clean
from index.cutting import TARGET_CHARACTERS, cut, text_to_embed

WORDS = st.sampled_from(
    "trust oversight reward. model, proxy? judge! debate\n\n # ## - > ``` | é 漢".split(" ")
)
TEXTS = st.lists(WORDS, min_size=1, max_size=800).map(" ".join).map(clean).filter(str.strip)


def version(text: str) -> Version:
    return Version(doc_id="web:x", text=text)


@given(TEXTS)
def test_passages_are_in_order_trimmed_and_hold_every_block(text: str) -> None:
    passages = cut(version(text))
    assert all(one.end <= other.start for one, other in pairwise(passages))
    assert all(text[p.start : p.end].strip() for p in passages)
    covered = {place for p in passages for place in range(p.start, p.end)}
    for block in blocks(text):
        visible = [i for i in range(block.start, block.end) if text[i].isalnum()]
        assert covered.issuperset(visible)


@given(TEXTS)
def test_no_passage_is_much_longer_than_the_target(text: str) -> None:
    assert all(p.end - p.start <= TARGET_CHARACTERS * 5 // 4 for p in cut(version(text)))


def test_a_text_without_stops_is_cut_at_blanks() -> None:
    text = "so we then look at the next one " * 400
    passages = cut(version(clean(text)))
    assert len(passages) > 10
    assert all(not text[p.start : p.end].startswith(" ") for p in passages)


def test_a_passage_does_not_cross_a_heading_and_knows_it() -> None:
    text = "# One\n\nFirst.\n\n# Two\n\nSecond.\n\nThird."
    found = cut(version(text))
    assert [(p.heading, text[p.start : p.end]) for p in found] == [
        (("One",), "First."),
        (("Two",), "Second.\n\nThird."),
    ]


def test_the_model_reads_title_and_headings_before_the_text() -> None:
    document = Document(doc_id="web:x", source="s", kind="post", title="On trust")
    text = "# Limits\n\nSee **this** [paper](https://a.example)."
    (passage,) = cut(version(text))
    read = text_to_embed(document, passage, text[passage.start : passage.end])
    assert read == "On trust › Limits\nSee this paper."


def test_a_passage_of_a_transcript_begins_with_a_turn_and_a_question_stays_with_its_answer() -> (
    None
):
    answer = "The judge sees only what both sides say. " * 10
    turns = [f"**Ada:**\nWhy would number {n} hold?\n\n**Bo:**\n{answer}" for n in range(4)]
    text = clean("\n\n".join(turns))
    found = [text[p.start : p.end] for p in cut(version(text))]
    assert len(found) == 4
    assert all(passage.startswith("**Ada:**") and "**Bo:**" in passage for passage in found)


def test_a_short_comment_is_read_with_the_beginning_of_what_it_answers() -> None:
    facts = {"source": "s", "kind": "comment", "title": "Re: On trust", "parent": "web:p"}
    document = Document(doc_id="web:x", **facts)  # type: ignore[arg-type]
    for text, has_context in (("I **doubt** it.", True), ("I doubt it. " * 60, False)):
        passage = cut(version(clean(text)))[0]
        said = clean(text)[passage.start : passage.end]
        read = text_to_embed(document, passage, said, "Trust is *earned* slowly." + " More." * 200)
        assert ("Trust is earned slowly." in read) is has_context
        assert read.endswith(said.replace("**", ""))
        assert len(read) < len(said) + 400
