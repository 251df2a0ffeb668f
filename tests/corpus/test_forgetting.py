"""Forgetting: what goes, what says that it went, and what is turned away from then on."""

from __future__ import annotations

import json
import zlib
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import func, select

from corpus.answers import Kept
from corpus.crawls import Crawls
from corpus.errors import UnknownName
from corpus.forgetting import forget, scrub, surroundings
from corpus.frontier import Wanted
from corpus.model import Document, Idea, Neighbour, Version, quote_from, verbatim_claim
from corpus.redacting import REMOVED
from corpus.shelf import Selection, Shelf
from corpus.store import Store
from corpus.tables import bodies
from corpus.tombstones import finish, tombstone_of, unfinished
from corpus.trees import Saw, Trees

Write = Callable[..., tuple[Document, Version]]

SECRET = "The heron that nobody counted stood among the reeds until the evening came."
TEXT = f"# On herons\n\n{SECRET}\n\n" + "More is said of it here, and then some more. " * 9
DOC = "web:example.org/a"


@pytest.fixture
def trees(store: Store, shelf: Shelf, write: Write) -> Trees:
    """A tree with one idea on the text, one on another, and a history with an undo."""
    shelf.put([write("a", TEXT), write("b", "Nobody has counted the swans of the lake yet.")])
    start = TEXT.index(SECRET)
    on_it = quote_from(shelf.version(DOC), start, start + len(SECRET))
    other = quote_from(shelf.version("web:example.org/b"), 0, 20)
    near = (Neighbour(doc_id=DOC, title="A", score=0.5, shared=("heron",)),)
    trees = Trees(store)
    trees.plant(Idea(idea_id="root", tree_id="t", move="root", title="Birds"), who="r")
    ideas = [
        Idea(
            idea_id="one",
            tree_id="t",
            move="next_step",
            title="Test: “The heron that nobody counted stood …”",
            claims=(verbatim_claim(on_it), verbatim_claim(other)),
            parents=("root",),
        ),
        Idea(
            idea_id="two",
            tree_id="t",
            move="next_step",
            title="Count swans",
            claims=(verbatim_claim(other),),
            parents=("root",),
            nearest=near,
        ),
    ]
    trees.add(ideas[:1], who="r")
    trees.undo("t", who="r")
    trees.add([idea_with(ideas[0], "one-again"), ideas[1]], who="r")
    trees.note("one-again", "mine", who="r")
    trees.note("one-again", f"it says: {SECRET}", who="r")
    return trees


def idea_with(idea: Idea, name: str) -> Idea:
    return Idea(
        idea_id=name,
        tree_id=idea.tree_id,
        move=idea.move,
        title=idea.title,
        claims=idea.claims,
        parents=idea.parents,
    )


def test_a_forgotten_document_is_nowhere_and_says_so(shelf: Shelf, write: Write) -> None:
    shelf.put([write("a", "One text."), write("a", TEXT), write("b", "Another.")])
    gone = forget(shelf.store, [DOC])
    assert (gone.doc_ids, gone.versions) == ((DOC,), 2)
    assert shelf.select() == ["web:example.org/b"]
    with pytest.raises(UnknownName, match="forgotten at its author’s request on 20"):
        shelf.document(DOC)
    with pytest.raises(UnknownName, match="forgotten"):
        shelf.version(DOC)


def test_what_comes_back_is_turned_away_by_its_id_and_by_its_text(
    shelf: Shelf, write: Write
) -> None:
    shelf.put([write("a", TEXT)])
    forget(shelf.store, [DOC])
    came = [write("a", "Edited since."), write("elsewhere", TEXT), write("b", "Another.")]
    assert shelf.put(came) == ["forgotten", "forgotten", "new"]
    assert shelf.select() == ["web:example.org/b"]


def test_a_few_words_are_nobodys_own_and_may_be_said_by_others(shelf: Shelf, write: Write) -> None:
    shelf.put([write("a", "Thank you!")])
    forget(shelf.store, [DOC])
    assert shelf.put([write("b", "Thank you!")]) == ["new"]


def test_an_idea_that_stood_on_it_keeps_its_other_claims_and_says_what_happened(
    trees: Trees, shelf: Shelf
) -> None:
    gone = forget(shelf.store, [DOC])
    assert (gone.claims, gone.ideas) == (2, 2)
    idea = trees.tree("t").ideas["one-again"]
    assert [e.doc_id for c in idea.claims for e in c.evidence] == ["web:example.org/b"]
    assert idea.title == REMOVED
    assert idea.notes[0].startswith("A claim stood here; the source was removed at its author’s")
    assert idea.notes[1:] == ("mine", REMOVED)
    assert not trees.tree("t").ideas["two"].nearest
    assert trees.tree("t").ideas["two"].title == "Count swans"


def test_no_undo_and_no_history_brings_a_quote_back(trees: Trees, shelf: Shelf) -> None:
    forget(shelf.store, [DOC])
    kept = json.dumps([[e.before, e.after] for e in trees.events("t")])
    assert "heron" not in kept
    trees.undo("t", who="r")
    assert "heron" not in str(trees.tree("t"))


def test_a_title_that_was_edited_taken_back_or_written_over_does_not_keep_the_quote(
    trees: Trees, shelf: Shelf
) -> None:
    title = trees.tree("t").ideas["one-again"].title
    trees.change("one-again", "title", "Another", who="r")
    trees.change("one-again", "title", title + " again", who="s", saw=Saw(title))
    trees.undo("t", who="s")
    trees.redo("t", who="s")
    forget(shelf.store, [DOC])
    kept = json.dumps([[e.before, e.after] for e in trees.events("t")])
    assert "heron" not in kept
    assert trees.tree("t").clashes["one-again", "title"].theirs == "Another"


def test_answers_of_sources_that_hold_the_text_go_and_others_stay(
    shelf: Shelf, write: Write
) -> None:
    document, version = write("a", TEXT, url="https://example.org/a")
    crawls = Crawls(shelf.store)
    crawls.begin("feed", {})
    held = [
        json.dumps({"html": f"<p>The <b>heron</b> that nobody counted stood{TEXT[38:]}</p>"}),
        f"<rss><description>&lt;p&gt;{SECRET}&lt;/p&gt;</description></rss>",
        json.dumps({"markdown": TEXT}),
    ]
    other = "<p>A page about the swans of the lake, which nobody has counted yet.</p>"
    with crawls.entry("feed") as entry:
        for number, body in enumerate([*held, other]):
            entry.keep(f"k{number}", kept(f"https://example.org/{number}", body))
        entry.keep("own", kept("https://www.example.org/a?utm_source=x", "unreadable"))
        raw = Version(doc_id=DOC, text=version.text, raw_sha256=entry.keep("raw", kept("u", "r")))
        entry.put(document, raw)
        carrying = {"carry": {"paper": {"abstract": SECRET}}}
        entry.want(
            [
                Wanted(key="w1", host="h", method="GET", url="https://h/x", ask=carrying),
                Wanted(key="w2", host="h", method="GET", url="https://h/y", ask={}),
            ]
        )
    assert forget(shelf.store, [DOC]).answers == 5
    with shelf.store.reading() as connection:
        left = [zlib.decompress(body) for (body,) in connection.execute(select(bodies.c.deflated))]
    assert left == [other.encode()]
    claimed = crawls.claim({"feed": 0.0}, lease_s=60)
    assert claimed is not None
    assert claimed.wanted.key == "w2"


FOREIGN = {
    "ru": "Цапля, которую никто не считал, стояла в камышах, пока не наступил вечер.",
    "el": "Ο ερωδιός που κανείς δεν μέτρησε στεκόταν στα καλάμια ώσπου βράδιασε.",
    "zh": "没有人数过的苍鹭，站在芦苇里，一直站着，直到傍晚，天黑了，才飞走。",
    "ru-ai": "Модель GPT, которую никто не считал, и RLHF стояли в камышах весь вечер подряд.",
}


@pytest.mark.parametrize("text", FOREIGN.values(), ids=FOREIGN)
def test_answers_that_hold_a_text_in_other_letters_go_too(
    shelf: Shelf, write: Write, text: str
) -> None:
    shelf.put([write("a", text)])
    crawls = Crawls(shelf.store)
    crawls.begin("feed", {})
    in_numbers = "".join(f"&#{ord(sign)};" for sign in text)
    held = [
        f"<rss>{text}</rss>",
        f"<p>{text[:3]}<b>{text[3:9]}</b>{text[9:]}</p>",
        json.dumps({"html": f"<p>{text}</p>"}),
        f"<description>&lt;p&gt;{in_numbers.replace('&', '&amp;')}&lt;/p&gt;</description>",
    ]
    other = "<p>Лебедей на озере, которое за лесом, ещё никто и никогда не считал.</p>"
    with crawls.entry("feed") as entry:
        for number, body in enumerate([*held, other]):
            entry.keep(f"k{number}", kept(f"https://example.org/x/{number}", body))
    assert forget(shelf.store, [DOC]).answers == len(held)


def test_an_answer_that_brings_a_forgotten_text_again_is_not_kept(
    shelf: Shelf, write: Write
) -> None:
    shelf.put([write("a", TEXT)])
    forget(shelf.store, [DOC])
    crawls = Crawls(shelf.store)
    crawls.begin("feed", {})
    document, version = write("a", TEXT + "It was edited.")
    with crawls.entry("feed") as entry:
        raw = entry.keep("k", kept("https://example.org/feed", TEXT))
        again = Version(doc_id=DOC, text=version.text, raw_sha256=raw)
        assert entry.put(document, again) == "forgotten"
    assert crawls.kept("feed", "k") is None
    with shelf.store.reading() as connection:
        assert connection.execute(select(func.count()).select_from(bodies)).scalar() == 0


def kept(url: str, body: str) -> Kept:
    now = datetime(2026, 11, 20, tzinfo=UTC)
    return Kept(url=url, status=200, headers={}, fetched_at=now, body=body.encode())


def test_the_other_places_of_the_work_and_the_comments_are_named_and_stay_a_work(
    shelf: Shelf, write: Write
) -> None:
    address = "https://example.org/the-original"
    shelf.put(
        [
            write("a", TEXT, alternate_urls=(address,)),
            write("b", TEXT + "Again.", alternate_urls=(address,)),
            write("c", TEXT + "And again.", alternate_urls=(address,)),
            write("reply", "A reply.", parent=DOC, kind="comment"),
            write("reply2", "To the reply.", parent="web:example.org/reply", kind="comment"),
        ]
    )
    around = surroundings(shelf.store, [DOC])
    assert around.same_work == ("web:example.org/b", "web:example.org/c")
    assert around.comments == ("web:example.org/reply", "web:example.org/reply2")
    forget(shelf.store, [DOC])
    works = shelf.works(shelf.work_ids(around.same_work).values())
    assert [(w.work_id, w.doc_ids) for w in works.values()] == [
        ("web:example.org/b", ("web:example.org/b", "web:example.org/c"))
    ]
    assert shelf.document("web:example.org/reply").parent == DOC


def test_names_of_a_forgotten_author_no_longer_find_anything(shelf: Shelf, write: Write) -> None:
    shelf.put([write("a", TEXT, authors=("Ada Heron",), tags=("birds",))])
    forget(shelf.store, [DOC])
    assert shelf.select(Selection(author="heron"), citable=False) == []
    assert shelf.select(Selection(tag="birds"), citable=False) == []


def test_after_the_scrub_no_file_of_the_store_holds_a_word_of_it(
    trees: Trees, shelf: Shelf, tmp_path: Path
) -> None:
    assert any(b"heron" in path.read_bytes() for path in tmp_path.glob("alignloom.db*"))
    forget(shelf.store, [DOC])
    assert unfinished(shelf.store) == [DOC]
    scrub(shelf.store)
    finish(shelf.store, [DOC])
    assert not any(b"heron" in path.read_bytes() for path in tmp_path.glob("alignloom.db*"))
    stone = tombstone_of(shelf.store, DOC)
    assert stone is not None
    assert stone.done
    assert trees.tree("t").ideas["two"].claims
