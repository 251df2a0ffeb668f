from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from corpus.errors import AlignloomError
from corpus.model import (
    Claim,
    Critique,
    Document,
    Evidence,
    Idea,
    Lineage,
    Neighbour,
    Point,
    Tree,
    verbatim_claim,
)
from corpus.trees import Trees
from index.searcher import Searcher
from synth.export import open_export, outline, sources_of
from synth.growing import Wish, propose
from synth.intake import take
from synth.markup import inert, web_address
from synth.writer import Writer

HOSTILE = [
    "![pixel](https://evil.example/p.png)",
    "[click me](https://evil.example)",
    "<img src=x onerror=alert(1)>",
    "<script>alert(1)</script>",
    "see https://evil.example/a and www.evil.example now",
    "<https://evil.example>",
    "`code` **bold** _it_ ~~gone~~ # heading",
    "# a heading\n\n- a list\n\n    indented",
    "| a | b |\n|---|---|",
    "[ref]: https://evil.example",
    "[^1]: a footnote of my own",
    "1. one\n2. two",
    "&lt;b&gt; &#33;[x](y)",
    "safe\u202etxt\u200b\U000e0041\U000e0042",
    "back\\slash \\[x\\](y)",
    "$x$ and {{ template }}",
    "---\nfront: matter\n---",
    "===",
    "## on C #",
]


def read(text: str) -> Tree:
    """The tree of a file of ours."""
    return take(text, name="tree", form="alignloom_json").tree


def html(text: str) -> str:
    return MarkdownIt("commonmark", {"html": True}).enable("table").render(text)


def words_of(page: str) -> str:
    """What a reader sees of a page."""
    text = re.sub(r"<[^>]*>", "", page)
    for sign, entity in (("<", "&lt;"), (">", "&gt;"), ('"', "&quot;"), ("&", "&amp;")):
        text = text.replace(entity, sign)
    return " ".join(text.split())


def evidence(quote: str, doc_id: str = "web:example.org/one") -> Evidence:
    return Evidence(doc_id=doc_id, version="0" * 64, start=0, end=len(quote), quote=quote)


def tree_of(*ideas: Idea) -> Tree:
    return Tree(
        tree_id="t",
        title=ideas[0].title,
        root="root",
        ideas={idea.idea_id: idea for idea in ideas},
        number=len(ideas),
    )


def hostile_tree(text: str) -> Tree:
    root = Idea(idea_id="root", tree_id="t", move="root", title=text)
    idea = Idea(
        idea_id="one",
        tree_id="t",
        move="crux",
        title=text,
        parents=("root",),
        claims=(verbatim_claim(evidence(text)), Claim(text=text, evidence=(evidence(text),))),
        nearest=(Neighbour(doc_id="web:x", title=text, score=0.5, shared=(text,)),),
        notes=(text,),
        rating=3,
        lineage=Lineage(writer=text, asked=text, author=text),
        critique=card_of(text),
    )
    return tree_of(root, idea)


def card_of(text: str) -> Critique:
    """A card with a quote, a sentence on a quote, and a view."""
    quote = evidence(text, "web:example.org/card")
    verbatim = verbatim_claim(quote)
    return Critique(
        writer=text,
        points=(
            Point(part="objection", text=text, evidence=(quote,), checker=verbatim.checker),
            Point(part="crux", text=text, evidence=(quote,)),
            Point(part="deception", text=text),
        ),
        unchecked=(text,),
        removed=2,
    )


@pytest.fixture
def grown(searcher: Searcher, trees: Trees, writer: Writer) -> Tree:
    """A tree with ideas of several moves, one kept, one pruned, one noted."""
    proposal = propose(
        Wish(topic="scalable oversight and debate", n=6, who="ada"),
        searcher=searcher,
        trees=trees,
        writer=writer,
    )
    first, second, third = (idea.idea_id for idea in proposal.ideas[:3])
    trees.change(first, "state", "kept", who="ada")
    trees.change(second, "state", "pruned", who="ben")
    return trees.change(third, "notes", ["read [this](http://x)"], who="ben")


@pytest.mark.parametrize("text", HOSTILE)
def test_foreign_text_reads_as_written_and_does_nothing(text: str) -> None:
    page = html(inert(text))
    assert re.fullmatch(r"<p>[^<]*</p>\n?", page, re.DOTALL)
    assert MarkdownIt("commonmark").parse(inert(text))[1].children is not None
    if not re.search("[\u200b-\u202e\U000e0000-\U000e007f]", text):
        assert words_of(page) == " ".join(text.split())


@given(st.text(max_size=80).filter(str.strip))
def test_no_text_whatever_becomes_markup(text: str) -> None:
    page = html(inert(text))
    assert re.fullmatch(r"(?:<p>[^<]*</p>\n?)?", page, re.DOTALL)


def test_what_cannot_be_seen_is_counted_in_its_place() -> None:
    assert inert("safe\u202e\u200btext") == "safe⟨2 hidden⟩text"
    assert inert("a\U000e0101\U000e0145b\u3164") == "a⟨2 hidden⟩b⟨1 hidden⟩"
    assert inert("a\u200d\u200c\u200db") == "a\u200d⟨2 hidden⟩b"


def test_signs_newer_than_the_interpreter_are_shown() -> None:
    assert inert("we \U0001fae8 at it") == "we \U0001fae8 at it"
    assert inert("\u2764\ufe0f\u200d\U0001f525") == "\u2764\ufe0f\u200d\U0001f525"


def test_a_sign_at_the_end_of_a_heading_is_part_of_it() -> None:
    assert words_of(html("## 1. " + inert("Learning C #"))) == "1. Learning C #"


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "data:text/html,<b>",
        "file:///etc/passwd",
        "//evil.example",
        "https:\\\\evil.example",
        "https://[half",
        "https://ex\u2100mple.com/",
        "",
    ],
)
def test_only_addresses_of_the_web_become_links(url: str) -> None:
    assert web_address(url) == ""


def test_an_address_cannot_end_its_link() -> None:
    assert web_address("https://a.example/x>)<img>") == "https://a.example/x%3E%29%3Cimg%3E"


@pytest.mark.parametrize("text", HOSTILE)
def test_a_hostile_tree_stays_inert_in_markdown(text: str) -> None:
    title = Document(
        doc_id="web:x", source="x", kind="post", title=text, url="https://fine.example/post"
    )
    page = html(open_export("markdown").write(hostile_tree(text), {"web:x": title}))
    assert set(re.findall(r'href="([^"]*)"', page)) <= {"https://fine.example/post"}
    tags = set(re.findall(r"<(/?[a-z0-9]+)", page))
    assert {tag.strip("/") for tag in tags} <= {
        "h1",
        "h2",
        "p",
        "blockquote",
        "em",
        "ul",
        "li",
        "a",
    }


def test_every_quote_is_in_the_outline_with_its_place(grown: Tree, searcher: Searcher) -> None:
    text = open_export("markdown").write(grown, sources_of(grown, searcher.shelf))
    shown = words_of(html(text))
    for idea in grown.ideas.values():
        for claim in idea.claims:
            for each in claim.evidence:
                assert " ".join(each.quote.split()) in shown
                assert (
                    f"characters {each.start}–{each.end} of version {each.version[:12]}" in shown
                )
    notes = len(re.findall(r"^\[\^\d+\]: ", text, re.MULTILINE))
    assert notes == sum(len(c.evidence) for i in grown.ideas.values() for c in i.claims)
    assert "[kept]" in text
    assert "[pruned]" in text


@pytest.mark.parametrize("name", ["markdown", "opml", "json_canvas"])
def test_a_critique_card_is_told_with_its_parts_its_quotes_and_its_limits(name: str) -> None:
    tree = hostile_tree("Judges tire")
    text = open_export(name).write(tree, {})
    for words in ("Objections", "What could change a mind", "deceptive optimiser would do"):
        assert words in text
    assert "Critique card by Judges tire" in text
    assert "2 items removed." in text
    assert "own view" in text
    assert text.count("web:example.org/card") >= 2


def test_what_a_critique_quotes_is_among_the_sources_of_its_tree(
    grown: Tree, searcher: Searcher
) -> None:
    documents = searcher.shelf.select()
    named = {e.doc_id for i in grown.ideas.values() for c in i.claims for e in c.evidence}
    near = {n.doc_id for i in grown.ideas.values() for n in i.nearest}
    other = next(doc_id for doc_id in documents if doc_id not in named | near)
    point = Point(part="objection", text="It tires.", evidence=(evidence("It tires.", other),))
    first = replace(list(grown.ideas.values())[1], critique=Critique(writer="w", points=(point,)))
    tree = replace(grown, ideas={**grown.ideas, first.idea_id: first})
    assert other in sources_of(tree, searcher.shelf)
    assert other not in sources_of(grown, searcher.shelf)
    bibliography = open_export("csl_json").write(tree, sources_of(tree, searcher.shelf))
    assert searcher.shelf.document(other).title in bibliography


def test_a_document_that_is_not_on_the_shelf_is_named_by_its_id(grown: Tree) -> None:
    text = open_export("markdown").write(grown, {})
    assert grown.ideas[grown.root].title in text


def test_an_idea_that_calls_itself_a_root_is_written_like_any_other() -> None:
    root = Idea(idea_id="root", tree_id="t", move="root", title="Debate")
    posing = replace(root, idea_id="one", title="Not a root", parents=("root",), state="kept")
    text = open_export("markdown").write(tree_of(root, posing), {})
    assert "## 2. Root [kept]: Not a root" in text


def test_an_outline_names_each_idea_once_parents_first(grown: Tree) -> None:
    placed = list(outline(grown))
    assert [each.number for each in placed] == list(range(1, len(grown.ideas) + 1))
    assert {each.idea.idea_id for each in placed} == set(grown.ideas)
    assert (placed[0].idea.idea_id, placed[0].depth) == (grown.root, 0)


def test_json_gives_back_an_equal_tree(grown: Tree, searcher: Searcher) -> None:
    export = open_export("alignloom_json")
    text = export.write(grown, sources_of(grown, searcher.shelf))
    assert read(text) == grown
    assert export.write(read(text), sources_of(grown, searcher.shelf)) == text


@pytest.mark.parametrize("text", HOSTILE)
def test_json_keeps_any_text_and_shows_nothing_invisible(text: str) -> None:
    export = open_export("alignloom_json")
    tree = hostile_tree(text)
    written = export.write(tree, {})
    assert read(written) == tree
    assert not re.search("[\u200b-\u200f\u202a-\u202e\U000e0000-\U000e007f]", written)


@pytest.mark.parametrize("name", ["markdown", "alignloom_json"])
def test_a_tree_ten_thousand_ideas_deep_is_written_without_strain(name: str) -> None:
    root = Idea(idea_id="root", tree_id="t", move="root", title="A deep tree")
    chain = [
        Idea(
            idea_id=f"i{n}",
            tree_id="t",
            move="crux",
            title=f"Level {n}",
            parents=(f"i{n - 1}" if n > 1 else "root",),
        )
        for n in range(1, 10_001)
    ]
    tree = tree_of(root, *chain)
    export = open_export(name)
    text = export.write(tree, {})
    assert "Level 10000" in text
    assert len(text) < 10_000_000
    if name == "alignloom_json":
        assert read(text) == tree


def changed(text: str, change: Callable[[dict[str, Any]], object]) -> str:
    value = json.loads(text)
    change(value)
    return json.dumps(value)


BROKEN: list[Callable[[dict[str, Any]], object]] = [
    lambda v: v.update(format="other"),
    lambda v: v.update(version=2),
    lambda v: v.update(ideas=[]),
    lambda v: v.update(ideas="none"),
    lambda v: v.update(number=0),
    lambda v: v.update(number="many"),
    lambda v: v["ideas"].reverse(),
    lambda v: v["ideas"].append(v["ideas"][1]),
    lambda v: v["ideas"][1].update(parents=["nobody"]),
    lambda v: v["ideas"][1].update(parents=[]),
    lambda v: v["ideas"][1].update(tree_id="another"),
    lambda v: v["ideas"][1].update(state="loved"),
    lambda v: v["ideas"][1].update(rating=11),
    lambda v: v["ideas"][1].update(title="half \ud800"),
    lambda v: v["ideas"][1]["nearest"][0].update(score=float("inf")),
    lambda v: v["ideas"][1].update(title=None),
    lambda v: v["ideas"][1].pop("title"),
    lambda v: v["ideas"][1]["claims"][0].update(evidence=[]),
    lambda v: v["ideas"][1]["claims"][0]["evidence"][0].update(end=3),
    lambda v: v["ideas"][1].update(idea_id=v["ideas"][0]["idea_id"]),
]


@pytest.mark.parametrize("number", range(len(BROKEN)))
def test_json_that_does_not_hold_together_is_refused_in_words(number: int) -> None:
    export = open_export("alignloom_json")
    with pytest.raises(AlignloomError) as caught:
        read(changed(export.write(hostile_tree("fine"), {}), BROKEN[number]))
    assert caught.value.problem
    assert caught.value.remedy


@pytest.mark.parametrize(
    "text", ["", "{", "[]", "null", "[" * 100_000, '{"format": "alignloom-tree", "version": NaN}']
)
def test_what_is_no_tree_is_refused_in_words(text: str) -> None:
    with pytest.raises(AlignloomError):
        read(text)


def test_a_false_quote_in_a_file_is_still_false_after_reading(
    grown: Tree, searcher: Searcher
) -> None:
    from synth.evidence import verified

    export = open_export("alignloom_json")
    lie = next(idea for idea in grown.ideas.values() if idea.claims)
    claim = lie.claims[0]
    moved = replace(
        claim.evidence[0], start=claim.evidence[0].start + 1, end=claim.evidence[0].end + 1
    )
    forged = replace(lie, claims=(replace(claim, evidence=(moved,)), *lie.claims[1:]))
    tree = replace(grown, ideas={**grown.ideas, lie.idea_id: forged})
    false = read(export.write(tree, {})).ideas[lie.idea_id]
    kept, dropped = verified(false.claims, searcher.shelf)
    assert dropped == 1
    assert len(kept) == len(lie.claims) - 1
