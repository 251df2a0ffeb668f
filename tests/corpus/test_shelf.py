"""The shelf: nothing twice, nothing lost, works together, filters exact."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from corpus.errors import UnknownName
from corpus.model import Document, Version, quote_from
from corpus.names import is_author
from corpus.shelf import Selection, Shelf

Write = Callable[..., tuple[Document, Version]]


def test_putting_a_thing_twice_changes_nothing(shelf: Shelf, write: Write) -> None:
    assert shelf.put([write("a", "Text.")]) == ["new"]
    assert shelf.put([write("a", "Text.")]) == ["unchanged"]
    assert shelf.count()["versions"] == 1


def test_an_edit_makes_a_version_and_old_quotes_still_hold(shelf: Shelf, write: Write) -> None:
    shelf.put([write("a", "It was so.")])
    quote = quote_from(shelf.version("web:example.org/a"), 3, 6)
    assert shelf.put([write("a", "It is not so.")]) == ["edited"]
    assert shelf.version("web:example.org/a").text == "It is not so."
    assert quote.holds_in(shelf.version("web:example.org/a", quote.version))
    assert [v.text for v in shelf.versions("web:example.org/a")] == ["It was so.", "It is not so."]


def test_going_back_to_an_earlier_text_makes_it_current_again(shelf: Shelf, write: Write) -> None:
    for text in ("one", "two", "one"):
        shelf.put([write("a", text)])
    assert shelf.version("web:example.org/a").text == "one"
    assert shelf.count()["versions"] == 2


def test_a_known_text_goes_by_the_newest_name_that_its_source_gives_it(
    shelf: Shelf, write: Write
) -> None:
    def put(text: str, revision: str) -> str:
        document, version = write("a", text)
        [outcome] = shelf.put([(document, replace(version, source_revision=revision))])
        return outcome

    put("one", "r1")
    before = shelf.catalogue()
    assert put("one", "r2") == put("one", "") == "unchanged"
    assert shelf.version("web:example.org/a").source_revision == "r2"
    assert shelf.catalogue() == before
    put("two", "r3")
    assert put("one", "r4") == "edited"
    assert shelf.version("web:example.org/a").source_revision == "r4"


def test_two_origins_of_one_document_do_not_take_turns(shelf: Shelf, write: Write) -> None:
    first, second = write("a", "one", origin="/x"), write("a", "two", origin="/y")
    assert shelf.put([first, second]) == ["new", "edited"]
    assert shelf.put([first, second]) == ["unchanged", "unchanged"]


def test_new_facts_about_a_known_text_are_kept(shelf: Shelf, write: Write) -> None:
    shelf.put([write("a", "Text.", metrics={"karma": 1})])
    assert shelf.put([write("a", "Text.", metrics={"karma": 2})]) == ["updated"]
    assert shelf.document("web:example.org/a").metrics == {"karma": 2}


def test_a_batch_goes_on_the_shelf_whole_or_not_at_all(shelf: Shelf, write: Write) -> None:
    def breaks() -> object:
        yield write("a", "Text.")
        raise RuntimeError

    with pytest.raises(RuntimeError):
        shelf.put(breaks())  # type: ignore[arg-type] # a generator of pairs
    assert shelf.count()["documents"] == 0


def test_cross_posts_stand_together_as_one_work(shelf: Shelf, write: Write) -> None:
    home = "https://blog.example/post"
    shelf.put(
        [
            write("a", "Body.", url=home),
            write("b", "Body, posted again.", alternate_urls=(home,)),
            write("c", "Something else.", url="https://blog.example/other"),
        ]
    )
    works = set(shelf.work_ids(["web:example.org/a", "web:example.org/b"]).values())
    assert len(works) == 1
    assert shelf.count()["works"] == 2


def test_a_late_link_joins_two_works_into_one(shelf: Shelf, write: Write) -> None:
    one, other = "https://arxiv.org/abs/2101.00001", "https://doi.org/10.1000/x1"
    shelf.put([write("a", "A.", url=one), write("b", "B.", url=other)])
    assert shelf.count()["works"] == 2
    shelf.put([write("c", "C.", url="https://c.example/c", alternate_urls=(one, other))])
    assert shelf.count()["works"] == 1
    (work,) = shelf.works(shelf.work_ids(["web:example.org/a"]).values()).values()
    assert work.work_id == "web:example.org/a"
    assert len(work.doc_ids) == 3


@pytest.mark.parametrize(
    ("source", "published", "works"),
    [
        ("elsewhere", "2024-03-20", 1),
        ("elsewhere", "2024-06-20", 2),
        ("elsewhere", "2024", 1),
        ("elsewhere", None, 2),
        ("example", "2024-03-20", 2),
    ],
)
def test_one_title_is_one_work_only_elsewhere_and_at_about_the_same_time(
    shelf: Shelf, write: Write, source: str, published: str | None, works: int
) -> None:
    same = {"title": "The same long title", "authors": ("Ada Lovelace",)}
    shelf.put([write("a", "A.", published="2024-03-01", **same)])
    shelf.put([write("b", "B.", published=published, **same | {"source": source})])
    assert shelf.count()["works"] == works


@pytest.mark.parametrize(
    "asked",
    [
        "Durán",
        "duran",
        "José Duran",
        "Duran, Jose",
        "Duran,",
        "Duran.",
        "BŁASIAK",
        "blasiak",
        "Blasiak; duran",
        "Ze'ev",
        "Ze’ev",
    ],
)
def test_an_author_is_found_however_the_name_is_written(
    shelf: Shelf, write: Write, asked: str
) -> None:
    authors = ("José Durán", "Błasiak, Anna", "Ze’ev Or")
    shelf.put([write("a", "A.", authors=authors), write("b", "B.", authors=("Ann Lee",))])
    assert [i[-1] for i in shelf.select(Selection(author=asked))] == ["a"]


@pytest.mark.parametrize("asked", ["Anna Blasiak", "anna błasiak"])
def test_a_name_with_the_last_name_first_is_found_by_the_usual_one(
    shelf: Shelf, write: Write, asked: str
) -> None:
    shelf.put([write("a", "A.", authors=("Błasiak, Anna",)), write("b", "B.", authors=("Anna",))])
    assert [i[-1] for i in shelf.select(Selection(author=asked))] == ["a"]
    assert is_author(shelf.store, asked)


@pytest.mark.parametrize("asked", ["Duran; Lee", "Lee, Duran", ",", ";"])
def test_who_did_not_write_it_finds_nothing(shelf: Shelf, write: Write, asked: str) -> None:
    shelf.put([write("a", "A.", authors=("Jo Durán",)), write("b", "B.", authors=("Ann Lee",))])
    assert shelf.select(Selection(author=asked)) == []


def test_filters_choose_exactly(shelf: Shelf, write: Write) -> None:
    shelf.put(
        [
            write(
                "a", "A.", authors=("Ada Lovelace",), tags=("AI Control",), published="2024-05-07"
            ),
            write("b", "B.", authors=("Alan Turing",), tags=("debate",), published="2024"),
            write("c", "C.", kind="paper", source="arxiv", published="2025-01-01T10:00:00Z"),
            write("d", "D.", status="withdrawn"),
        ]
    )

    def chosen(**what: str) -> str:
        return "".join(i[-1] for i in shelf.select(Selection(**what)))

    assert chosen() == "abc"
    assert chosen(author="lovelace") == "a"
    assert chosen(author="%") == ""
    assert chosen(tag="ai-control") == "a"
    assert chosen(kind="paper") == chosen(source="arxiv") == "c"
    assert chosen(since="2024-05") == chosen(since="2024-05-07") == "abc"
    assert chosen(since="2024-05-08", until="2024-06") == "b"
    assert chosen(until="2024-05") == "ab"
    assert chosen(since="2025", until="2025") == "c"
    assert len(shelf.select(citable=False)) == 4


def test_a_wrong_name_gets_a_near_one_suggested(shelf: Shelf, write: Write) -> None:
    shelf.put([write("rlhf", "Text.")])
    with pytest.raises(UnknownName, match="rlhf"):
        shelf.document("web:example.org/rhlf")


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=30, deadline=None
)
@given(st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from(["one", "two", "three"]))))
def test_the_last_text_put_is_the_current_one_and_every_text_is_kept(
    tmp_path_factory: pytest.TempPathFactory, puts: list[tuple[str, str]]
) -> None:
    from corpus.store import open_store

    shelf = Shelf(open_store(tmp_path_factory.mktemp("law") / "a.db"))
    for key, text in puts:
        doc_id = f"web:example.org/{key}"
        facts = {"doc_id": doc_id, "source": "example", "kind": "note", "title": key}
        shelf.put([(Document(**facts), Version(doc_id=doc_id, text=text))])  # type: ignore[arg-type]
    for doc_id, text in {f"web:example.org/{key}": text for key, text in puts}.items():
        assert shelf.version(doc_id).text == text
        wanted = {text for key, text in puts if doc_id.endswith(key)}
        assert {v.text for v in shelf.versions(doc_id)} == wanted
    shelf.store.close()
