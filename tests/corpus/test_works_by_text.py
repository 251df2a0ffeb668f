"""Works matched by text: what is the same is found, what only looks it is left alone."""

from __future__ import annotations

import random
import threading
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import create_engine, insert, select

from benchmarks.works import joined
from corpus.forgetting import forget
from corpus.model import Document, Version
from corpus.shelf import Shelf
from corpus.shingles import compared, shingles_of, sketch_of
from corpus.sketches import COMMON
from corpus.store import open_store
from corpus.tables import (
    common_shingles,
    counters,
    documents,
    likenesses,
    shingles,
    sketches,
    versions,
    work_keys,
)
from index.question import Question
from index.searcher import Searcher
from tests.corpus.planted import COPIES, Author, Planted, looking_alike, planted

Write = Callable[..., tuple[Document, Version]]
ROOT = Path(__file__).parents[2]
BODY = Author(5).text(400)
OTHER = Author(6).text(400)
ADA = {"authors": ("Ada Lovelace",), "kind": "post"}


def works(shelf: Shelf) -> set[frozenset[str]]:
    """The works of more than one document, each as the ends of their ids."""
    found: dict[str, set[str]] = {}
    for doc_id, work_id in shelf.work_ids(shelf.select(citable=False)).items():
        found.setdefault(work_id, set()).add(doc_id.rpartition("example.org/")[2])
    return {frozenset(work) for work in found.values() if len(work) > 1}


def pair(*names: str) -> set[frozenset[str]]:
    return {frozenset(names)}


def test_copies_are_found_and_nothing_else_is() -> None:
    author = Author(11)
    lengths = (110, 200, 600, 1000, 1600)
    originals = [author.original(f"o{n}", lengths[n % 5]) for n in range(6 * len(COPIES))]
    alike = [each for n in range(3) for each in looking_alike(author, f"x{n}")]
    result = joined([*planted(originals, author), *alike])
    assert result.wrong == ()
    assert set(result.found) == set(COPIES)
    done, of = (sum(column) for column in zip(*result.found.values(), strict=True))
    assert done / of >= 0.95
    assert all(done / of >= 0.8 for done, of in result.found.values())


# -- order --------------------------------------------------------------------------------------


def small_world() -> list[Planted]:
    author = Author(3)
    originals = [author.original(f"o{n}", 160) for n in range(5)]
    alike = [
        each
        for each in looking_alike(author, "x")
        if each.kind in ("weekly threads", "issues without numbers", "report in parts")
    ]
    return [*planted(originals, author), *alike]


WORLD = small_world()


@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
@given(order=st.permutations(WORLD))
def test_works_do_not_hang_on_the_order_in_which_documents_came(
    order: Sequence[Planted], tmp_path_factory: pytest.TempPathFactory
) -> None:
    assert partition(order, tmp_path_factory) == partition(WORLD, tmp_path_factory)


def partition(world: Sequence[Planted], folders: pytest.TempPathFactory) -> set[frozenset[str]]:
    store = open_store(folders.mktemp("order") / "a.db")
    shelf = Shelf(store)
    shelf.put((each.document, each.version) for each in world)
    found = works(shelf)
    store.close()
    return found


def test_a_text_that_too_many_have_is_a_template_until_one_of_them_goes(
    shelf: Shelf, write: Write
) -> None:
    copies = [write(f"c{n}", BODY, source=f"s{n}", title=f"Copy {n:c}") for n in range(65, 98)]
    assert len(copies) == COMMON + 1
    random.Random(2).shuffle(copies)
    shelf.put(copies[:-1])
    assert [len(work) for work in works(shelf)] == [COMMON]
    shelf.put(copies[-1:])
    assert works(shelf) == set()
    document, _ = copies[7]
    shelf.put([write(document.doc_id.rpartition("/")[2], OTHER, source=document.source)])
    assert [len(work) for work in works(shelf)] == [COMMON]


# -- change -------------------------------------------------------------------------------------


def test_an_edit_that_makes_texts_part_ways_parts_the_work_and_one_back_joins_it(
    shelf: Shelf, write: Write
) -> None:
    shelf.put([write("a", BODY, source="one", **ADA), write("b", BODY, source="two", **ADA)])
    assert works(shelf) == pair("a", "b")
    shelf.put([write("b", OTHER, source="two", **ADA)])
    assert works(shelf) == set()
    shelf.put([write("b", BODY + "\n\nA last word.", source="two", **ADA)])
    assert works(shelf) == pair("a", "b")


def test_an_edit_of_the_eldest_leaves_the_others_together(shelf: Shelf, write: Write) -> None:
    shelf.put([write(name, BODY, source=name, **ADA) for name in "abc"])
    shelf.put([write("a", OTHER, source="a", **ADA)])
    assert works(shelf) == pair("b", "c")


def test_a_new_title_that_numbers_an_issue_parts_the_work(shelf: Shelf, write: Write) -> None:
    shelf.put([write("a", BODY, source="one", title="Letters #4", **ADA)])
    shelf.put([write("b", BODY, source="two", title="Letters", **ADA)])
    assert works(shelf) == pair("a", "b")
    shelf.put([write("b", BODY, source="two", title="Letters #5", **ADA)])
    assert works(shelf) == set()


@pytest.mark.parametrize("status", ["deleted", "withdrawn", "retracted", "gone"])
def test_what_is_not_live_is_compared_with_nothing_until_it_is_again(
    shelf: Shelf, write: Write, status: str
) -> None:
    shelf.put([write("a", BODY, source="one", **ADA), write("b", BODY, source="two", **ADA)])
    shelf.put([write("b", BODY, source="two", status=status, **ADA)])
    assert works(shelf) == set()
    assert len(rows_of(shelf, sketches.c.doc_id)) == 1
    assert len(rows_of(shelf, likenesses.c.doc_id)) == 0
    shelf.put([write("b", BODY, source="two", **ADA)])
    assert works(shelf) == pair("a", "b")


def test_a_forgotten_text_leaves_no_shingle_and_holds_nothing_together(
    shelf: Shelf, write: Write
) -> None:
    """The middle one has half of each of the others, which have nothing in common."""
    both = f"{BODY}\n\n{OTHER}"
    title = {"title": "A long title of one work"}
    shelf.put(
        [
            write("b", both, source="two", **ADA, **title),
            write("a", BODY, source="one", **ADA, **title),
            write("c", OTHER, source="three", **ADA, **title),
        ]
    )
    assert works(shelf) == pair("a", "b", "c")
    number = rows_of(shelf, documents.c.arrived, documents.c.doc_id == "web:example.org/b")[0]
    forget(shelf.store, ["web:example.org/b"])
    assert works(shelf) == set()
    for column in (shingles.c.number, common_shingles.c.number, sketches.c.number):
        assert number not in rows_of(shelf, column)
    assert rows_of(shelf, likenesses.c.doc_id) == []


def test_new_figures_of_a_document_compare_nothing_anew(shelf: Shelf, write: Write) -> None:
    shelf.put([write("a", BODY, source="one", **ADA), write("b", BODY, source="two", **ADA)])
    assert shelf.put([write("b", BODY, source="two", metrics={"karma": 3}, **ADA)]) == ["updated"]
    assert works(shelf) == pair("a", "b")


# -- what is not a work of its own ----------------------------------------------------------------


def test_records_without_a_text_beyond_their_title_are_never_one_by_text(
    shelf: Shelf, write: Write
) -> None:
    title = "Notes On Something That Many Have Written About"
    shelf.put([write(name, title, source=name, title=title) for name in "abc"])
    assert works(shelf) == set()


def test_within_one_source_only_a_double_of_one_day_is_one_work(
    shelf: Shelf, write: Write
) -> None:
    same = {"title": "A title of one thing", "published": "2024-03-01"}
    later = {"title": "A title of one thing", "published": "2024-03-08"}
    shelf.put([write("a", BODY, **same), write("b", BODY, **same), write("c", BODY, **later)])
    assert works(shelf) == pair("a", "b")


def test_a_work_found_by_text_is_shown_once_with_all_its_places(
    shelf: Shelf, write: Write, searcher_over: Callable[[Shelf], Searcher]
) -> None:
    places = [f"https://{name}.example/p" for name in "abc"]
    shelf.put(
        [
            write(name, BODY, source=name, url=place, **ADA)
            for name, place in zip("abc", places, strict=True)
        ]
    )
    hits = searcher_over(shelf).search(Question(text=" ".join(BODY.split()[:8]), k=5)).hits
    assert len(hits) == 1
    assert {hits[0].document.url, *hits[0].also_at} == set(places)


# -- several writers, older homes -----------------------------------------------------------------


def test_two_writers_at_once_find_the_works_of_each_other(tmp_path: Path, write: Write) -> None:
    texts = [Author(n).text(150) for n in range(20)]

    def fill(side: str) -> None:
        store = open_store(tmp_path / "a.db")
        for n, text in enumerate(texts):
            facts = {"source": side, "title": "A title", **ADA}
            Shelf(store).put([write(f"{side}{n}", text, **facts)])
        store.close()

    open_store(tmp_path / "a.db").close()
    writers = [threading.Thread(target=fill, args=(side,)) for side in "ab"]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    store = open_store(tmp_path / "a.db")
    assert works(Shelf(store)) == {frozenset({f"a{n}", f"b{n}"}) for n in range(len(texts))}
    store.close()


def test_texts_of_an_older_home_wait_and_are_compared_as_others_are_shelved(
    tmp_path: Path, write: Write
) -> None:
    shelve_before_texts_were_compared(
        tmp_path / "a.db", [write(n, BODY, source=n, **ADA) for n in "abc"]
    )
    store = open_store(tmp_path / "a.db")
    shelf = Shelf(store)
    assert shelf.not_compared() == 3
    assert works(shelf) == set()
    shelf.put([write("d", BODY, source="d", **ADA)])
    assert shelf.not_compared() == 2
    assert works(shelf) == pair("a", "d")
    assert shelf.compare_the_rest(10) == 0
    assert works(shelf) == pair("a", "b", "c", "d")
    store.close()


def shelve_before_texts_were_compared(
    path: Path, found: Sequence[tuple[Document, Version]]
) -> None:
    """Fill a store as it was before its third migration."""
    full = open_store(path.with_suffix(".full"))
    Shelf(full).put(found)
    engine = create_engine(f"sqlite:///{path}")
    config = Config()
    config.set_main_option("script_location", str(ROOT / "corpus" / "migrations"))
    with engine.begin() as connection, full.reading() as source:
        config.attributes["connection"] = connection
        command.upgrade(config, "0002")
        for table in (counters, documents, versions, work_keys):
            for row in source.execute(select(table)):
                values = dict(row._mapping)
                if table is documents:
                    values["work_id"] = values["doc_id"]
                connection.execute(insert(table).values(**values))
    full.close()
    engine.dispose()


# -- shingles -------------------------------------------------------------------------------------


def test_formatting_case_and_addresses_do_not_count() -> None:
    plain = "it's the alignment problem that we study"
    marked = (
        "It’s the **alignment** [problem](https://x.example/a_(b)) that[^1] <b>we</b> _study_."
    )
    assert shingles_of(plain).tolist() == shingles_of(marked).tolist()


def test_a_sketch_is_the_same_on_every_machine_and_day() -> None:
    text = " ".join(str(n) for n in range(40))
    assert len(shingles_of(text)) == 37
    assert sketch_of(shingles_of(text)).tolist() == [-482039443847437424, 6809873127875314192]


def test_resemblance_and_containment_are_exact() -> None:
    words = [f"w{n}" for n in range(103)]
    whole, part = shingles_of(" ".join(words)), shingles_of(" ".join(words[:53]))
    assert compared(whole, part) == (0.5, 1.0)
    assert compared(whole, shingles_of("too short")) == (0.0, 0.0)


def rows_of(shelf: Shelf, column: object, *where: object) -> list[object]:
    with shelf.store.reading() as connection:
        return list(connection.execute(select(column).where(*where)).scalars())  # type: ignore[call-overload]
