"""What the writer without a model makes of a sentence: a direction, or nothing, and it says so."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence

import pytest

from corpus.model import Document, Version
from corpus.trees import Trees
from index.searcher import Searcher
from synth.cues import Kind
from synth.evidence import candidates
from synth.fitness import ASKED, CONCEDES, LEANS, RAMBLES, fault
from synth.growing import Proposal, Wish, propose
from synth.mining import mine
from synth.move import open_move
from synth.writer import Writer

Searching = Callable[[Sequence[tuple[Document, Version]]], Searcher]
Write = Callable[..., tuple[Document, Version]]

UNFIT = [
    (CONCEDES, "I agree that critics of models may fail, but I don't think that debate is safe."),
    (CONCEDES, "Yeah, that's right, overseers of models cannot tell a probe from a guess at all."),
    (LEANS, "However, this assumption about reward models is not robust to new distributions."),
    (LEANS, "They do not always scale to agents that act in environments without any reward."),
    (LEANS, "If so, then we could train critics of models to find the flaws of every proposal."),
    (LEANS, "As I said, it is an open question whether critics of models find natural flaws."),
    (RAMBLES, "So the model is, you know, kind of unable to tell the two tests of it apart."),
    (RAMBLES, "It remains unclear whether the probe of the model fires on the, the flaw of it."),
    (ASKED, "In your paper you say that it is an open question whether critics of models work."),
]
MADE = [
    (
        "next_step", "limitation",
        "However, linear probes do not generalise to deceptive inputs of a larger model.",
        "Find out what would let linear probes generalise to deceptive inputs of a larger model",
    ),
    (
        "next_step", "limitation",
        "The main limitation of debate is that honest arguments may be too long to be judged.",
        "Find a way around the problem that honest arguments may be too long to be judged",
    ),
    (
        "next_step", "open question",
        "How can we train critics that find the flaws which nobody planted in a proposal?",
        "Find out how to train critics that find the flaws which nobody planted in a proposal",
    ),
    (
        "load_bearing_assumption", "assumption",
        "As long as overseers can tell a good proof from a bad one, we can reward the model.",
        "Check whether overseers can tell a good proof from a bad one",
    ),
    (
        "invert", "assumption",
        "The argument assumes that human errors resemble those of a weaker model.",
        "See what is left if it is not so that human errors resemble those of a weaker model",
    ),
    (
        "invert", "assumption",
        "Standard algorithms assume a secure reward function, which they can then tamper with.",
        "See what is left without a secure reward function",
    ),
    (
        "steelman", "objection",
        "Critics argue that planted flaws reward models which recognise planting.",
        "Make the strongest case that planted flaws reward models which recognise planting",
    ),
    (
        "red_team", "limitation",
        "Deference out of doubt fails when the agent is confident and wrong.",
        "Build a case in which deference out of doubt fails when the agent is confident and wrong",
    ),
    (
        "replicate", "finding",
        "We find that learned reward functions often rely on contingent aspects of a task.",
        "Test again whether learned reward functions often rely on contingent aspects of a task",
    ),
    (
        "formalise", "notion",
        "It seems hard if not impossible to define rationality without the notion of a goal.",
        "Give a precise definition of rationality without the notion of a goal",
    ),
]  # fmt: skip
REFUSED: list[tuple[str, Kind, str]] = [
    (
        "next_step",
        "open question",
        "Research output that nobody has checked is not finished, and it takes people long.",
    ),
    ("invert", "assumption", "The plan that hands research to models presupposes its own end."),
    ("invert", "assumption", "Even if we assume that critics of models are honest, debate fails."),
    (
        "steelman",
        "objection",
        "Overseers of models evade, mislead, and write misleading summaries.",
    ),
    (
        "next_step",
        "open question",
        "It is unclear how the work on debate of models addresses them.",
    ),
    (
        "critique",
        "finding",
        "We show that the proposed method outperforms all prior models of it.",
    ),
    ("replicate", "finding", "We show that a proof of the theorem about agents can be shortened."),
]


def title_of(move: str, kind: Kind, sentence: str) -> str | None:
    version = Version(doc_id="web:example.org/one", text=sentence)
    titles = [open_move(move).title(span) for span in mine(candidates(version), [kind])]
    return titles[0] if titles else None


@pytest.mark.parametrize(("why", "sentence"), UNFIT)
def test_a_sentence_that_cannot_stand_alone_is_passed_over_for_a_reason(
    why: str, sentence: str
) -> None:
    text = f"{sentence} It is an open question whether critics of models find natural flaws."
    unfit, fit = candidates(Version(doc_id="web:example.org/one", text=text))
    assert fault(unfit) == why
    assert fault(fit) == ""


@pytest.mark.parametrize(("move", "kind", "sentence", "title"), MADE)
def test_a_title_says_what_to_do_about_what_a_sentence_says(
    move: str, kind: Kind, sentence: str, title: str
) -> None:
    assert title_of(move, kind, sentence) == title


@pytest.mark.parametrize(("move", "kind", "sentence"), REFUSED)
def test_no_title_is_made_of_what_it_would_misstate_or_leave_unnamed(
    move: str, kind: Kind, sentence: str
) -> None:
    assert title_of(move, kind, sentence) is None


def grown(searcher: Searcher, writer: Writer, *, n: int) -> Proposal:
    wish = Wish(doc_id="web:example.org/one", n=n, who="ada")
    return propose(wish, searcher=searcher, trees=Trees(searcher.shelf.store), writer=writer)


def test_what_is_fit_comes_first_and_the_rest_is_quoted_and_said_to_be_no_more(
    searching: Searching, write: Write, writer: Writer
) -> None:
    good = "It is an open question whether critics of models find the flaws that nobody planted."
    searcher = searching([write("one", " ".join([good, *(said for _, said in UNFIT)]))])
    proposal = grown(searcher, writer, n=6)
    first, *others = proposal.ideas
    assert first.claims[0].text == good
    assert not first.title.startswith("“")
    weak = {said for why, said in UNFIT if why in (LEANS, RAMBLES)}
    assert others
    for idea in others:
        assert idea.claims[0].text in weak
        assert idea.title.strip("“”… ") in idea.claims[0].text
    assert any(note.startswith("passed over: ") and LEANS in note for note in proposal.notes)
    assert f"{len(others)} of {len(proposal.ideas)} only quote a sentence" in proposal.notes[-3]
    assert f"{len(proposal.ideas)} of 6 made" in proposal.notes[-1]


def test_no_move_makes_most_of_a_list_where_others_can_be_made(
    searching: Searching, write: Write, writer: Writer
) -> None:
    things = ("code", "proofs", "plans", "essays", "audits", "designs", "letters", "games")
    asks = [f"It is unclear how critics of {each} weigh the errors of {each}." for each in things]
    proposal = grown(searching([write("one", " ".join(asks))]), writer, n=8)
    moves = [idea.move for idea in proposal.ideas]
    assert len(set(moves)) > 1
    assert max(Counter(moves[: 1 + len(set(moves))]).values()) <= 2
