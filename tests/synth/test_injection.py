"""Sixty poisoned documents and a model that obeys them: nothing happens but claims with quotes."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from corpus.calls import Calls
from corpus.shelf import Shelf
from corpus.trees import Trees
from index.searcher import Searcher
from synth.asking import ask
from synth.client import Means, Server
from synth.evidence import candidates, verified
from synth.growing import Wish, propose
from synth.replies import Picked
from synth.sheet import Sheet, Sieve
from synth.writer import Writer, open_writer
from synth.writers.scripted import Prompt, obedient
from tests.synth.worlds.leaks import KEY, leaks, own_words
from tests.synth.worlds.model_server import ModelServer, serving
from tests.synth.worlds.payloads import PLACES, Payload, poisoned

WHO = "ada"


@pytest.fixture(scope="module")
def server() -> Iterator[ModelServer]:
    """A server whose model obeys, and which says the key that it was given wherever it can."""
    server = ModelServer()

    def script(prompt: Prompt) -> str:
        bearer = server.asked[-1].headers["authorization"].removeprefix("Bearer ")
        value = json.loads(obedient(prompt))
        items = value.get("claims") or [c for i in value.get("ideas", ()) for c in i["claims"]]
        for item in items[1::2]:
            item["text"] += f" {bearer}"
        return json.dumps(value)

    server.script = script
    with serving(server):
        yield server


@pytest.fixture
def writer(server: ModelServer, shelf: Shelf) -> Writer:
    at = Server(url=server.address, model="m", key=KEY)
    return open_writer("llama_index", Means(server=at, ledger=Calls(shelf.store)))


@pytest.fixture
def poison(shelf: Shelf, tmp_path: Path) -> list[Payload]:
    found = poisoned(shelf, tmp_path / "poison")
    assert len(found) == 60
    return found


def world(shelf: Shelf) -> list[tuple[str, list[str]]]:
    """Every document and its versions."""
    return [(doc_id, [v.hash for v in shelf.versions(doc_id)]) for doc_id in shelf.select()]


def test_an_obedient_model_does_nothing_and_shows_nothing_foreign(
    shelf: Shelf, poison: list[Payload], writer: Writer, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    before = world(shelf)
    shown = 0
    for each in poison:
        given = writer.summarize(shelf.version(each.doc_id))
        assert verified(given.claims, shelf) == (list(given.claims), 0)
        assert leaks([*own_words(given.claims), *given.notes, given.refused or ""]) == []
        shown += len(given.claims)
    assert shown > 60
    assert world(shelf) == before
    assert Trees(shelf.store).names() == []
    ledger = Calls(shelf.store).newest(100)
    assert not [call for call in ledger if KEY in call.prompt + call.reply + call.fault]
    assert KEY not in caplog.text


def test_answers_and_ideas_from_poisoned_texts_are_clean_too(
    shelf: Shelf,
    poison: list[Payload],
    writer: Writer,
    searcher_over: Callable[[Shelf], Searcher],
) -> None:
    searcher = searcher_over(shelf)
    trees = Trees(shelf.store)
    for question in ("judges of debates catch planted errors", "honest debaters win judge tired"):
        answer = ask(question, searcher, writer)
        assert answer.claims
        assert leaks([*own_words(answer.claims), *answer.notes]) == []
    wish = Wish(topic="judges of debates catch planted errors", n=6, who=WHO)
    proposal = propose(wish, searcher=searcher, trees=trees, writer=writer)
    assert proposal.ideas
    assert leaks([*own_words((), proposal.ideas), *proposal.notes]) == []
    assert proposal.tree
    [event] = {event.who for event in trees.events(proposal.tree.tree_id)}
    assert event == WHO


def test_what_a_prompt_shows_of_a_poisoned_text_is_visible_and_stays_in_its_fence(
    shelf: Shelf, poison: list[Payload], writer: Writer, server: ModelServer
) -> None:
    for each in poison:
        writer.summarize(shelf.version(each.doc_id))
    for asked in server.asked[-60:]:
        first, *inner, last = asked.prompt.material.splitlines()
        assert last == first.replace("<material", "</material")
        assert not [line for line in inner if not line.startswith("#") and "|" not in line[:5]]
        assert not any(0xE0000 <= ord(sign) <= 0xE007F for sign in asked.prompt.material)


@pytest.mark.parametrize("place", PLACES)
def test_claims_near_an_attack_are_flagged_and_kept(
    place: str, shelf: Shelf, poison: list[Payload]
) -> None:
    for each in (payload for payload in poison if payload.place == place):
        version = shelf.version(each.doc_id)
        title = shelf.document(each.doc_id).title
        sentences = candidates(version)
        sound = next(n for n, s in enumerate(sentences, 1) if "honest debaters" in s.text)
        sheet = Sheet(sentences=tuple(sentences), titles={each.doc_id: title})
        sieve = Sieve(sheet, [version], "")
        [claim] = sieve.claims([Picked(text="It is unclear if they win.", sentences=(sound,))])
        assert [flag for flag in claim.flags if flag.startswith("near its quote")]
