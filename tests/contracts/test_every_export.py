"""What every export format must keep."""

from __future__ import annotations

import pytest

from corpus.errors import UnknownName
from corpus.model import Document, Evidence, Idea, Tree, verbatim_claim
from synth.export import names, open_export
from synth.intake import names as intakes
from synth.intake import take
from synth.losses import PARTS, losses
from tests.hostile import PAYLOADS

QUOTE = "Judges of debates catch more errors."
HIDDEN = "\u202e\U000e0041"


def tree(title: str) -> Tree:
    quote = Evidence(
        doc_id="web:example.org/a", version="0" * 64, start=0, end=len(QUOTE), quote=QUOTE
    )
    root = Idea(idea_id="root", tree_id="t", move="root", title=title)
    ideas = [root]
    for number in range(3):
        idea = Idea(
            idea_id=f"i{number}",
            tree_id="t",
            move="crux",
            title=f"{title} {number}",
            parents=("root" if number < 2 else "i1",),
            claims=(verbatim_claim(quote),),
            state=("open", "kept", "pruned")[number],
            bookmarked=number == 1,
            tags=("a tag", "x,y") if number else (),
        )
        ideas.append(idea)
    return Tree(
        tree_id="t", title=title, root="root", ideas={i.idea_id: i for i in ideas}, number=4
    )


def sources() -> dict[str, Document]:
    document = Document(
        doc_id="web:example.org/a",
        source="example",
        kind="note",
        title="On judges",
        url="https://example.org/a",
    )
    return {document.doc_id: document}


@pytest.mark.parametrize("name", names())
def test_says_what_it_is(name: str) -> None:
    export = open_export(name)
    assert export.label
    assert export.suffix.startswith(".")


def trees() -> list[str]:
    """The formats that hold ideas; the others are bibliographies."""
    return [name for name in names() if "titles" not in open_export(name).lacks]


@pytest.mark.parametrize("name", trees())
def test_every_idea_quote_and_state_is_written_and_twice_alike(name: str) -> None:
    export = open_export(name)
    text = export.write(tree("What debate is for"), sources())
    assert text == export.write(tree("What debate is for"), sources())
    assert text.count(QUOTE) >= 3
    for word in ("What debate is for 2", "kept", "pruned", "web:example.org/a"):
        assert word in text


@pytest.mark.parametrize("name", names())
def test_the_works_that_are_quoted_are_named_where_the_format_has_a_place_for_that(
    name: str,
) -> None:
    text = open_export(name).write(tree("What debate is for"), sources())
    if name not in ("python_loom", "loomsidian"):
        assert "https://example.org/a" in text
        assert "On judges" in text


@pytest.mark.parametrize("name", names())
def test_what_it_lacks_and_hides_has_a_name_that_is_known_and_is_told_of_a_tree(name: str) -> None:
    export = open_export(name)
    assert {*export.lacks, *export.hides} <= set(PARTS)
    told = " ".join(losses(tree("Debate"), export))
    for part in ("moves", "what was kept"):
        assert (part in told) == (part in (*export.lacks, *export.hides))


@pytest.mark.parametrize("name", sorted({*names()} & {*intakes()}))
def test_what_goes_out_comes_back_equal(name: str) -> None:
    given = tree("What debate is for")
    taken = take(open_export(name).write(given, sources()), name="x")
    assert (taken.form, taken.tree) == (name, given)
    assert list(taken.tree.ideas) == list(given.ideas)


@pytest.mark.parametrize("name", names())
def test_a_tree_of_hostile_words_is_written(name: str) -> None:
    for payload in PAYLOADS:
        assert open_export(name).write(tree(payload), sources()) or name == "bibtex"


@pytest.mark.parametrize("name", names())
def test_hidden_characters_never_pass_unseen(name: str) -> None:
    text = open_export(name).write(tree(f"Debate{HIDDEN}"), {})
    assert not set(HIDDEN) & set(text)


def test_a_format_that_nobody_wrote_is_an_error_with_a_suggestion() -> None:
    with pytest.raises(UnknownName, match="markdown"):
        open_export("markdwn")
