"""Collections: kept by name, opened again, and honest about what nobody has looked at."""

from __future__ import annotations

import pytest

from corpus.collections import collect, collection, collections_of, drop, look_at
from corpus.errors import BadSetting, Conflict, UnknownName
from corpus.store import Store


def test_a_search_is_kept_under_its_name_and_found_again(store: Store) -> None:
    collect(store, "  On   debate ", {"q": "debate", "kind": "paper"}, seen=3, who="ada")
    collect(store, "Another", {"q": "probes"}, seen=4, who="ada")
    assert [each.name for each in collections_of(store)] == ["Another", "On debate"]
    kept = collection(store, "On debate")
    assert (kept.asked, kept.seen, kept.who) == ({"q": "debate", "kind": "paper"}, 3, "ada")


def test_what_was_seen_is_never_unseen(store: Store) -> None:
    collect(store, "On debate", {"q": "debate"}, seen=3, who="ada")
    for seen in (9, 5):
        look_at(store, "On debate", seen)
    assert collection(store, "On debate").seen == 9


def test_a_name_is_given_once_until_it_is_free_again(store: Store) -> None:
    collect(store, "On debate", {"q": "debate"}, seen=3, who="ada")
    with pytest.raises(Conflict, match="already"):
        collect(store, "On debate", {"q": "probes"}, seen=3, who="ben")
    drop(store, "On debate")
    collect(store, "On debate", {"q": "probes"}, seen=3, who="ben")
    assert collection(store, "On debate").asked == {"q": "probes"}


@pytest.mark.parametrize("name", ["", "  ", "x" * 81])
def test_a_name_that_is_none_is_refused(store: Store, name: str) -> None:
    with pytest.raises(BadSetting):
        collect(store, name, {}, seen=0, who="ada")


def test_a_name_that_nothing_has_is_answered_with_the_closest(store: Store) -> None:
    collect(store, "On debate", {"q": "debate"}, seen=3, who="ada")
    with pytest.raises(UnknownName, match="On debate"):
        collection(store, "On debat")
