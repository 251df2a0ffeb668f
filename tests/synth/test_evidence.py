from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from corpus.model import Claim, Document, Version, quote_from, verbatim_claim
from corpus.shelf import Shelf
from corpus.text import clean
from synth.evidence import candidates, said_by, sources, verified, within

Write = Callable[..., tuple[Document, Version]]

INTERVIEW = """An introduction without a speaker.

**Ada Host:**
Welcome to the show. What are you working on?

**Bob Guest:**
We train critics on planted flaws. Nobody knows whether they find real ones.

**Ada Host:**
Okay. And why would that be?

**Bob Guest** (00:12:30):
(00:12:31): Because planted flaws are not natural ones.

**Ada Host:**
Is that a problem?

**Bob Guest:**
It may be.
"""


def version(text: str) -> Version:
    return Version(doc_id="web:example.org/one", text=clean(text) or "x")


@given(st.text(max_size=400).filter(lambda text: clean(text).strip()))
def test_every_candidate_is_found_verbatim_at_its_place(text: str) -> None:
    source = version(text)
    for candidate in candidates(source):
        evidence = candidate.evidence
        assert source.text[evidence.start : evidence.end] == evidence.quote
        assert evidence.holds_in(source)


def test_candidates_are_numbered_from_one_in_the_order_of_the_text() -> None:
    found = candidates(version("# A heading\n\nOne thing. Another thing.\n\n- A third thing.\n"))
    assert [each.number for each in found] == [1, 2, 3]
    assert [each.text for each in found] == ["One thing.", "Another thing.", "A third thing."]
    assert found[0].heading == ("A heading",)
    assert found[0].paragraph == found[1].paragraph != found[2].paragraph
    assert (found[0].place, found[-1].place) == (0.0, 1.0)


def test_code_tables_and_html_are_never_quoted() -> None:
    text = "Prose.\n\n```\nCode.\n```\n\n| Cell |\n|---|\n| Cell. |\n\n<div>Markup.</div>\n"
    assert [each.text for each in candidates(version(text))] == ["Prose."]


def test_a_conversation_tells_who_speaks_and_who_asks() -> None:
    found = candidates(version(INTERVIEW))
    assert {each.speaker for each in found if each.asks} == {"Ada Host"}
    said = {each.text: each.speaker for each in found}
    assert said["An introduction without a speaker."] == ""
    assert said["We train critics on planted flaws."] == "Bob Guest"


def test_sources_tell_who_says_a_quote_by_the_turn_that_it_stands_in(
    shelf: Shelf, write: Write
) -> None:
    talk, note = write("talk", INTERVIEW), write("note", "We train critics on planted flaws.")
    shelf.put([talk, note])
    text = talk[1].text
    asked, said = text.index("Okay."), text.index("We train")
    quotes = {
        "": quote_from(talk[1], 0, 12),
        "Bob Guest": quote_from(talk[1], said, said + 8),
        "Ada Host": quote_from(talk[1], asked, asked + 5),
    }
    across = quote_from(talk[1], said, asked + 5)
    elsewhere = quote_from(note[1], 0, 8)
    forged = replace(quotes["Bob Guest"], quote="We doubt")
    claims = [
        Claim(text="x", evidence=(each,)) for each in (*quotes.values(), across, elsewhere, forged)
    ]
    known = sources(claims, shelf)
    assert {said_by(each, known): each for each in quotes.values()} == quotes
    assert [said_by(each, known) for each in (across, elsewhere, forged)] == ["", "", ""]


def test_the_time_at_which_something_was_said_is_no_part_of_the_sentence() -> None:
    texts = [each.evidence.quote for each in candidates(version(INTERVIEW))]
    assert "Because planted flaws are not natural ones." in texts


def test_only_sentences_wholly_inside_a_span_are_within_it() -> None:
    found = candidates(version("One thing. Another thing. A third thing."))
    assert [each.text for each in within(found, 3, 30)] == ["Another thing."]


def test_what_does_not_hold_is_dropped_and_counted(shelf: Shelf, write: Write) -> None:
    one, other = write("one", "Quotes are exact."), write("two", "Quotes are exact, almost.")
    shelf.put([one, other])
    good = verbatim_claim(quote_from(one[1], 0, 17))
    evidence = good.evidence[0]
    lies = [
        replace(good, evidence=(replace(evidence, quote="Quotes are eXact."),)),
        replace(good, evidence=(replace(evidence, doc_id=other[0].doc_id),)),
        replace(good, evidence=(replace(evidence, version=other[1].hash),)),
        replace(good, evidence=(replace(evidence, doc_id="web:example.org/none"),)),
        replace(good, evidence=(evidence, replace(evidence, start=1, end=18))),
        replace(good, text="Quotes are inexact."),
    ]
    assert verified([*lies[:3], good, *lies[3:]], shelf) == ([good], len(lies))


def test_a_claim_in_other_words_is_kept_if_its_quotes_hold(shelf: Shelf, write: Write) -> None:
    found = write("one", "Quotes are exact.")
    shelf.put([found])
    claim = Claim(text="They are copied.", evidence=(quote_from(found[1], 0, 17),))
    assert verified([claim], shelf) == ([claim], 0)


def test_a_quote_of_an_older_text_still_holds_after_an_edit(shelf: Shelf, write: Write) -> None:
    document, before = write("one", "Quotes are exact.")
    shelf.put([(document, before)])
    claim = verbatim_claim(quote_from(before, 0, 17))
    shelf.put([write("one", "This was edited.")])
    assert verified([claim], shelf) == ([claim], 0)
