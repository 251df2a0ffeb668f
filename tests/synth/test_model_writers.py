"""Writers that ask a model: whatever it does, quotes are the corpus's and the rest is removed."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterable, Iterator

import pytest

from corpus.calls import Calls
from corpus.errors import AlignloomError
from corpus.model import Claim, Version
from corpus.shelf import Shelf
from corpus.trees import Trees
from index.question import Question
from index.searcher import Searcher
from synth.asking import ask
from synth.client import Limits, Means, Server
from synth.evidence import candidates, proven, verified
from synth.growing import Wish, propose
from synth.replies import Picked
from synth.sheet import Sheet, Sieve
from synth.writer import Writer, open_writer
from synth.writers.scripted import SCRIPTS, Prompt, honest, lying, repetitive
from tests.synth.worlds.model_server import Fault, ModelServer, completion, serving
from tests.synth.worlds.mutations import RUINS, transport_fault

Holds = Callable[[Iterable[Claim], Shelf], bool]
QUESTION = "How could a debate fail?"
TOPIC = "planted flaws as a measure of oversight"


@pytest.fixture
def server() -> Iterator[ModelServer]:
    with serving(ModelServer()) as running:
        yield running


@pytest.fixture
def means(server: ModelServer, searcher: Searcher) -> Means:
    at = Server(url=server.address, model="m", key="sk-secret-4711", timeout_s=5)
    return Means(server=at, ledger=Calls(searcher.shelf.store))


@pytest.fixture
def modelled(means: Means) -> Writer:
    """The writer that asks the server, which need not wait between its tries."""
    writer = open_writer("llama_index", means)
    assert writer.caller
    writer.caller.wait = lambda _: None
    return writer


def scripted(script: str, **facts: object) -> Writer:
    return open_writer("scripted", Means(script=script, **facts))  # type: ignore[arg-type]


# -- honest -------------------------------------------------------------------------------------


def test_claims_are_the_model_s_and_quotes_are_copied_from_the_numbers_it_picked(
    searcher: Searcher, modelled: Writer, server: ModelServer, holds: Holds
) -> None:
    def words(prompt: Prompt) -> str:
        number, text = prompt.nearest[0]
        return (
            f'{{"claims": [{{"text": "Debate, it says, {text[:40]}", "sentences": [{number}]}}]}}'
        )

    server.script = words
    answer = ask(QUESTION, searcher, modelled)
    [claim] = answer.claims
    assert claim.text.startswith("Debate, it says, Debate fails")
    assert (claim.check, claim.checker) == ("unchecked", "")
    assert claim.evidence[0].quote.startswith("Debate fails")
    assert holds(answer.claims, searcher.shelf)
    assert (answer.model, len(answer.calls)) == ("m", 1)


def test_a_claim_that_repeats_its_quote_is_verbatim_and_needs_no_check(
    searcher: Searcher, holds: Holds
) -> None:
    answer = ask(QUESTION, searcher, scripted("honest"))
    assert answer.claims[0].checker == "verbatim"
    assert holds(answer.claims, searcher.shelf)


def test_without_evidence_no_model_is_asked(
    searcher: Searcher, modelled: Writer, server: ModelServer, trees: Trees
) -> None:
    assert ask("volcanic glass of Iceland", searcher, modelled).refused
    wish = Wish(topic="volcanic glass of Iceland", who="ada")
    assert propose(wish, searcher=searcher, trees=trees, writer=modelled).refused
    assert server.asked == []


def test_a_model_that_finds_no_answer_is_believed(
    searcher: Searcher, modelled: Writer, server: ModelServer
) -> None:
    server.script = lambda _: '{"claims": []}'
    answer = ask(QUESTION, searcher, modelled)
    assert answer.refused
    assert "finds no answer" in answer.refused


def test_a_long_text_is_cut_to_what_the_model_holds(
    searcher: Searcher, means: Means, server: ModelServer
) -> None:
    small = Means(server=means.server, limits=Limits(context_tokens=1_300, reply_tokens=400))
    doc_id = "web:alignloom.example/sample/debate-and-what-it-asks-of-the-judge"
    writer = open_writer("llama_index", small)
    given = writer.summarize(searcher.shelf.version(doc_id))
    assert given.claims
    [asked] = server.asked
    assert 3 < len(asked.prompt.sentences) < 60
    [call] = given.calls
    assert writer.caller
    assert writer.caller.client.count(call.prompt) + 400 <= 1_300


# -- entailment ---------------------------------------------------------------------------------


def test_a_check_is_another_call_that_sees_claims_and_quotes_and_nothing_else(
    searcher: Searcher, means: Means, server: ModelServer
) -> None:
    def script(prompt: Prompt) -> str:
        if not prompt.wants("verdicts"):
            claims = [
                f'{{"text": "So: {t[:60]}", "sentences": [{n}]}}' for n, t in prompt.nearest[:3]
            ]
            return f'{{"claims": [{", ".join(claims)}]}}'
        words = ("supported", "partial", "contradicted")
        said = [f'{{"claim": {n}, "verdict": "{word}"}}' for n, word in enumerate(words, start=1)]
        return f'{{"verdicts": [{", ".join(said)}]}}'

    server.script = script
    checking = Means(server=means.server, checks=True)
    answer = ask(QUESTION, searcher, open_writer("llama_index", checking))
    assert [(c.check, c.checker) for c in answer.claims] == [("supported", "m"), ("partial", "m")]
    assert answer.removed == 1
    assert "by the check" in " ".join(answer.notes)
    writing, check = (asked.prompt for asked in server.asked)
    assert QUESTION.rstrip("?") in writing.material
    assert QUESTION.rstrip("?") not in check.material
    assert len(check.material) < len(writing.material) / 3


def test_a_check_that_fails_leaves_claims_unchecked_and_says_so(
    searcher: Searcher, means: Means, server: ModelServer
) -> None:
    server.script = lambda prompt: (
        "no" if prompt.wants("verdicts") else honest(prompt).replace('"text": "', '"text": "So: ')
    )
    answer = ask(
        QUESTION, searcher, open_writer("llama_index", Means(server=means.server, checks=True))
    )
    assert {claim.check for claim in answer.claims} == {"unchecked"}
    assert "could not be read" in " ".join(answer.notes)


# -- lying, obedient, repetitive ----------------------------------------------------------------


def test_of_a_lying_model_nothing_survives_and_everything_is_counted(
    searcher: Searcher, modelled: Writer, server: ModelServer, trees: Trees
) -> None:
    server.script = lying
    for doc_id in searcher.shelf.select()[:12]:
        given = modelled.summarize(searcher.shelf.version(doc_id))
        assert given.claims == ()
        assert given.removed >= 10
        assert given.refused
    answer = ask(QUESTION, searcher, modelled)
    assert (answer.claims, answer.removed) == ((), 14)
    proposal = propose(
        Wish(topic=TOPIC, n=4, who="ada"), searcher=searcher, trees=trees, writer=modelled
    )
    assert (proposal.ideas, proposal.tree) == ((), None)
    assert proposal.removed > 10
    assert trees.names() == []


@pytest.mark.parametrize("script", SCRIPTS)
def test_whatever_the_script_every_quote_that_is_shown_holds(
    script: str, searcher: Searcher, trees: Trees, holds: Holds
) -> None:
    writer = scripted(script)
    shown: list[Claim] = list(ask(QUESTION, searcher, writer).claims)
    for doc_id in searcher.shelf.select()[:6]:
        shown += proven(writer.summarize(searcher.shelf.version(doc_id)), searcher.shelf).claims
    wish = Wish(topic=TOPIC, n=4, who="ada")
    ideas = propose(wish, searcher=searcher, trees=trees, writer=writer).ideas
    shown += [claim for idea in ideas for claim in idea.claims]
    assert script == "broken" or bool(shown) == (script != "lying")
    assert holds(shown, searcher.shelf)
    assert script in writer.did_not


def test_a_model_that_says_one_thing_over_and_over_is_shown_once(
    searcher: Searcher, modelled: Writer, server: ModelServer, trees: Trees
) -> None:
    server.script = repetitive
    answer = ask(QUESTION, searcher, modelled)
    assert len(answer.claims) == 1
    assert any("said again" in note for note in answer.notes)
    wish = Wish(topic=TOPIC, n=8, moves=("crux", "next_step"), who="ada")
    proposal = propose(wish, searcher=searcher, trees=trees, writer=modelled)
    assert proposal.generated > 2 * proposal.unique
    assert proposal.unique == len(proposal.ideas) <= 2


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("GPT-2 has 1.5 billion weights.", "GPT-3 has 175 billion weights.", False),
        ("Scores rose by 5 points.", "Scores rose by 31 points.", False),
        ("Larger models hallucinate more.", "Larger models hallucinate less.", False),
        ("It fails before deployment.", "It fails after deployment.", False),
        ("Debate beats oversight.", "Oversight beats debate.", False),
        ("Larger models hallucinate more.", "Indeed, the larger models hallucinate more!", True),
    ],
)
def test_claims_that_say_another_thing_in_like_words_both_stand(
    one: str, other: str, same: bool
) -> None:
    version = Version(doc_id="web:example.org/x", text=f"{one}\n\n{other}\n")
    sheet = Sheet(sentences=tuple(candidates(version)))
    sieve = Sieve(sheet, [version], "")
    kept = sieve.claims(Picked(text=text, sentences=(1, 2)) for text in (one, other))
    assert len(kept) == (1 if same else 2)


# -- moves --------------------------------------------------------------------------------------


def test_ideas_of_a_model_name_their_move_their_model_and_their_call(
    searcher: Searcher, modelled: Writer, trees: Trees, server: ModelServer, holds: Holds
) -> None:
    wish = Wish(topic=TOPIC, n=4, who="ada")
    proposal = propose(wish, searcher=searcher, trees=trees, writer=modelled)
    assert proposal.ideas
    assert len(server.asked) == len(proposal.calls)
    kept = {call.call_id: call for call in Calls(searcher.shelf.store).newest(50)}
    for idea in proposal.ideas:
        assert (idea.lineage.writer, idea.lineage.model) == ("llama_index", "m")
        [call_id] = idea.lineage.call_ids
        assert kept[call_id].purpose == f"move:{idea.move}"
        assert holds(idea.claims, searcher.shelf)
    assert proposal.tree
    assert trees.tree(proposal.tree.tree_id).ideas.keys() >= {i.idea_id for i in proposal.ideas}


def test_the_same_wish_again_is_replayed_and_finds_its_ideas_known(
    searcher: Searcher, modelled: Writer, trees: Trees, server: ModelServer
) -> None:
    wish = Wish(topic=TOPIC, n=4, who="ada")
    first = propose(wish, searcher=searcher, trees=trees, writer=modelled)
    asked = len(server.asked)
    again = propose(wish, searcher=searcher, trees=trees, writer=modelled)
    assert [idea.title for idea in again.ideas] == [idea.title for idea in first.ideas]
    assert len(server.asked) == asked
    assert sum(call.cost_usd for call in again.calls) == 0


def test_a_server_that_goes_away_midway_leaves_what_other_moves_brought(
    searcher: Searcher, modelled: Writer, trees: Trees, server: ModelServer
) -> None:
    def once(prompt: Prompt) -> str:
        server.then(*[Fault(status=400)] * 20)
        return honest(prompt)

    server.script = once
    wish = Wish(topic=TOPIC, n=4, who="ada")
    proposal = propose(wish, searcher=searcher, trees=trees, writer=modelled)
    assert proposal.ideas
    assert len({idea.move for idea in proposal.ideas}) == 1
    assert "no further move was tried" in " ".join(proposal.notes)
    server.then(*[Fault(status=400)] * 20)
    with pytest.raises(AlignloomError, match="400"):
        propose(
            Wish(topic="debate and judges", who="ada"),
            searcher=searcher,
            trees=trees,
            writer=modelled,
        )


def test_a_dry_run_names_the_calls_and_plants_nothing(
    searcher: Searcher, means: Means, trees: Trees, server: ModelServer
) -> None:
    planner = open_writer("llama_index", Means(server=means.server, planning=True, checks=True))
    assert planner.caller
    wish = Wish(topic=TOPIC, n=4, moves=("crux", "next_step"), who="ada")
    assert propose(wish, searcher=searcher, trees=trees, writer=planner).refused
    assert ask(QUESTION, searcher, planner).claims == ()
    purposes = [call.purpose for call in planner.caller.planned]
    assert [each for each in purposes if each != "check"] == [
        "move:crux",
        "move:next_step",
        "answer",
    ]
    assert "check" in purposes
    assert (server.asked, trees.names()) == ([], [])


def test_a_dry_run_foresees_as_many_checks_as_can_follow(
    searcher: Searcher, means: Means, trees: Trees, server: ModelServer
) -> None:
    def worded(prompt: Prompt) -> str:
        own = honest(prompt)
        return own if prompt.wants("verdicts") else own.replace('"text": "', '"text": "So: ')

    server.script = worded
    wish = Wish(topic=TOPIC, n=4, moves=("crux", "next_step"), who="ada")
    planner = open_writer("llama_index", Means(server=means.server, planning=True, checks=True))
    checking = open_writer("llama_index", Means(server=means.server, checks=True))
    assert planner.caller
    propose(wish, searcher=searcher, trees=trees, writer=planner)
    made = propose(wish, searcher=searcher, trees=trees, writer=checking).calls
    planned = [call.purpose for call in planner.caller.planned]
    assert [call.purpose for call in made].count("check") == planned.count("check") > 2


def test_a_move_that_combines_is_shown_works_about_something_else_too(
    searcher: Searcher, modelled: Writer, trees: Trees
) -> None:
    wish = Wish(topic=TOPIC, n=2, moves=("combine",), who="ada")
    proposal = propose(wish, searcher=searcher, trees=trees, writer=modelled)
    [call] = proposal.calls
    read = {hit.work_id for hit in searcher.search(Question(text=TOPIC, k=12)).hits}
    shown = set(searcher.shelf.work_ids(call.doc_ids).values())
    assert shown & read
    assert shown - read
    assert {idea.move for idea in proposal.ideas} == {"combine"}
    for idea in proposal.ideas:
        quoted = {each.doc_id for claim in idea.claims for each in claim.evidence}
        assert len(set(searcher.shelf.work_ids(quoted).values())) > 1


def test_a_title_of_a_model_may_be_a_quotation_and_is_not_said_to_be_no_more(
    searcher: Searcher, modelled: Writer, trees: Trees, server: ModelServer
) -> None:
    def quoting(prompt: Prompt) -> str:
        number, text = prompt.documents[0][0]
        claim = {"text": text, "sentences": [number]}
        return json.dumps({"ideas": [{"title": f"“{text[:80]}”", "claims": [claim]}]})

    server.script = quoting
    wish = Wish(topic=TOPIC, n=2, moves=("crux",), who="ada")
    proposal = propose(wish, searcher=searcher, trees=trees, writer=modelled)
    assert [idea.title[0] for idea in proposal.ideas] == ["“"]
    assert not any("only quote" in note for note in proposal.notes)


def test_an_idea_may_begin_with_the_work_from_afar(
    searcher: Searcher, modelled: Writer, trees: Trees, server: ModelServer
) -> None:
    def each_first(prompt: Prompt) -> str:
        firsts = [{"text": text, "sentences": [n]} for n, text in (d[0] for d in prompt.documents)]
        pairs = zip(firsts, [*firsts[1:], firsts[0]], strict=True)
        ideas = [{"title": f"Combine {c['text']}"[:90], "claims": [c, d]} for c, d in pairs]
        return json.dumps({"ideas": ideas})

    server.script = each_first
    wish = Wish(topic=TOPIC, n=12, moves=("combine",), who="ada")
    ideas = propose(wish, searcher=searcher, trees=trees, writer=modelled).ideas
    read = {hit.work_id for hit in searcher.search(Question(text=TOPIC, k=36)).hits}
    starts = [idea.claims[0].evidence[0].doc_id for idea in ideas]
    assert set(searcher.shelf.work_ids(starts).values()) - read


def test_an_idea_that_was_to_draw_on_two_works_and_quotes_one_is_removed_and_counted(
    searcher: Searcher, modelled: Writer, trees: Trees, server: ModelServer
) -> None:
    def narrow(prompt: Prompt) -> str:
        claims = [{"text": text, "sentences": [n]} for n, text in prompt.documents[0][:2]]
        return json.dumps({"ideas": [{"title": "Combine these", "claims": claims}]})

    server.script = narrow
    wish = Wish(topic=TOPIC, n=2, moves=("combine",), who="ada")
    proposal = propose(wish, searcher=searcher, trees=trees, writer=modelled)
    assert proposal.ideas == ()
    assert proposal.removed >= 1
    assert any("was to draw on two works" in note for note in proposal.notes)


# -- ruined replies -----------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(6))
def test_no_ruined_reply_raises_what_is_not_said_in_words_or_harms_a_tree(
    seed: int, searcher: Searcher, modelled: Writer, trees: Trees, server: ModelServer
) -> None:
    chance = random.Random(seed)
    wish = Wish(topic=TOPIC, n=2, who="ada")
    tree = propose(wish, searcher=searcher, trees=trees, writer=open_writer()).tree
    assert tree
    doc_ids = searcher.shelf.select()
    server.script = lambda prompt: chance.choice(RUINS)(honest(prompt), chance)
    for number in range(24):
        if chance.random() < 0.3:
            server.then(transport_fault(chance))
        try:
            if number % 8 == 0:
                wish = Wish(topic=TOPIC, n=2, moves=("crux",), tree_id=tree.tree_id, who="ada")
                propose(wish, searcher=searcher, trees=trees, writer=modelled)
            else:
                version = searcher.shelf.version(doc_ids[number % len(doc_ids)])
                claims = modelled.summarize(version).claims
                assert verified(claims, searcher.shelf) == (list(claims), 0)
        except AlignloomError as error:
            assert error.remedy  # noqa: PT017 - most ruined replies bring no error
        server.faults.clear()
    stands = trees.tree(tree.tree_id)
    claims = [claim for idea in stands.ideas.values() for claim in idea.claims]
    assert verified(claims, searcher.shelf) == (claims, 0)
    assert len(trees.events(tree.tree_id)) == stands.number


def test_ten_megabytes_are_broken_off(
    searcher: Searcher, modelled: Writer, server: ModelServer
) -> None:
    server.then(*[Fault(body=completion("x" * (10 << 20)))] * 3)
    with pytest.raises(AlignloomError, match="broke off"):
        ask(QUESTION, searcher, modelled)
