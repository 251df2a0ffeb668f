"""What every format that trees are taken in from must keep."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from corpus.errors import AlignloomError, UnknownName
from synth.foreign import node_text
from synth.intake import names, open_intake, take
from tests.hostile import PAYLOADS

SAMPLES = Path(__file__).parent.parent / "samples" / "trees"


def sample(name: str) -> str:
    return (SAMPLES / f"{name}.json").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", names())
def test_knows_its_own_files_and_no_others(name: str) -> None:
    intake = open_intake(name)
    assert intake.label
    assert [n for n in names() if intake.fits(json.loads(sample(n)))] == [name]
    assert not any(intake.fits(value) for value in ({}, [], None, "root", 3))


@pytest.mark.parametrize("name", names())
def test_its_sample_is_taken_in_text_by_text_in_its_order(name: str) -> None:
    taken = take(sample(name), name="judges")
    assert taken.form == name
    first, second = [
        node_text(idea).strip()
        for idea in taken.tree.ideas.values()
        if idea.title in ("The first is shorter.", "The second is true.")
    ]
    assert (first, second) == ("The first is shorter.", "The second is true.")
    assert any(node_text(i).startswith("A judge") for i in taken.tree.ideas.values())


@pytest.mark.parametrize("name", names())
def test_what_was_pruned_there_is_pruned_here_where_the_format_says_it(name: str) -> None:
    pruned = [
        i.title for i in take(sample(name), name="x").tree.ideas.values() if i.state == "pruned"
    ]
    assert pruned == ([] if name == "loomsidian" else ["The first is shorter."])


@pytest.mark.parametrize("name", names())
def test_every_value_of_a_wrong_type_is_refused_or_ignored_and_never_breaks(name: str) -> None:
    refused = 0
    for broken in wrong(json.loads(sample(name))):
        try:
            take(json.dumps(broken), name="x", form=name)
        except AlignloomError as error:
            refused += "\n" not in error.problem
    assert refused >= 5


@pytest.mark.parametrize("name", names())
@pytest.mark.parametrize("text", ["", "{", "null", "[]", "{}", "[" * 100_000, '{"a":' * 60_000])
def test_what_is_no_tree_is_refused_in_one_line(name: str, text: str) -> None:
    with pytest.raises(AlignloomError) as caught:
        take(text, name="x", form=name)
    assert "\n" not in caught.value.problem


@pytest.mark.parametrize("name", names())
def test_a_name_that_stands_twice_in_an_object_is_refused(name: str) -> None:
    text = sample(name)
    twice = text.replace("{", '{"again": 1, "again": 2, ', 1)
    with pytest.raises(AlignloomError, match="twice"):
        take(twice, name="x", form=name)


@pytest.mark.parametrize("name", names())
def test_hostile_words_are_taken_in_as_words(name: str) -> None:
    text = sample(name)
    if name == "miniloom":
        return  # its texts are patches, whose offsets these words would move
    for payload in PAYLOADS:
        changed = text.replace('" The second is true."', json.dumps(payload))
        changed = changed.replace('"The second is true."', json.dumps(payload))
        tree = take(changed, name=payload).tree
        assert any(node_text(idea).strip() == payload.strip() for idea in tree.ideas.values())
        assert len(tree.title) <= 120


def test_a_file_that_nobody_knows_is_refused_with_what_is_known() -> None:
    with pytest.raises(AlignloomError, match="no tree") as caught:
        take('{"nodes": 3}', name="x")
    assert "Loomsidian" in caught.value.remedy


def test_an_intake_that_nobody_wrote_is_an_error_with_a_suggestion() -> None:
    with pytest.raises(UnknownName, match="loomsidian"):
        take("{}", name="x", form="loomsidan")


def wrong(value: Any) -> Iterator[Any]:
    """The value with each of its parts, one at a time, replaced by something else."""
    for place in places(value):
        for other in (7, "x", [1], {"a": 1}, None, True):
            yield replaced(value, place, lambda _, other=other: other)


def places(value: Any, depth: int = 0) -> Iterator[tuple[Any, ...]]:
    if depth > 6:
        return
    inside = (
        value.items()
        if isinstance(value, dict)
        else enumerate(value)
        if isinstance(value, list)
        else ()
    )
    for key, held in inside:
        yield (key,)
        for rest in places(held, depth + 1):
            yield (key, *rest)


def replaced(value: Any, place: tuple[Any, ...], change: Callable[[Any], Any]) -> Any:
    if not place:
        return change(value)
    copy = dict(value) if isinstance(value, dict) else list(value)
    copy[place[0]] = replaced(copy[place[0]], place[1:], change)
    return copy
