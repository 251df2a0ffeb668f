"""Trees on their way to other programs and back."""

from __future__ import annotations

import json
import time
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from bibtexparser.entrypoint import parse_string
from bibtexparser.middlewares.latex_encoding import LatexDecodingMiddleware
from defusedxml import ElementTree
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from corpus.errors import AlignloomError
from corpus.model import Document, Evidence, Idea, Tree, verbatim_claim
from synth.bibliography import bibtex, csl_json
from synth.export import open_export, path_only
from synth.foreign import node_text
from synth.intake import take
from synth.losses import losses
from synth.strict_json import loads
from tests.contracts.test_every_export import sources
from tests.contracts.test_every_export import tree as small_tree
from tests.schema import FILE, written

SAMPLES = Path(__file__).parent.parent / "samples" / "trees"

words = st.text(alphabet=st.characters(exclude_categories=["Cs"]), min_size=1, max_size=40)
titles = words.filter(lambda text: bool(text.strip()))


@st.composite
def trees(draw: st.DrawFn) -> Tree:
    """Trees of up to nine ideas with every mark, some under two parents."""
    root = Idea(idea_id="root", tree_id="t", move="root", title=draw(titles))
    ideas = {"root": root}
    for number in range(draw(st.integers(0, 8))):
        known = list(ideas)
        parents = draw(st.lists(st.sampled_from(known), min_size=1, max_size=2, unique=True))
        quote = draw(titles)
        evidence = Evidence(doc_id="web:x", version="0" * 64, start=0, end=len(quote), quote=quote)
        idea = Idea(
            idea_id=f"idea-{number}",
            tree_id="t",
            move="crux",
            title=draw(titles),
            parents=tuple(parents),
            claims=draw(st.sampled_from([(), (verbatim_claim(evidence),)])),
            state=draw(st.sampled_from(["open", "kept", "pruned"])),
            notes=tuple(draw(st.lists(words, max_size=2))),
            rating=draw(st.sampled_from([None, 1, 5])),
            bookmarked=draw(st.booleans()),
            tags=tuple(
                draw(st.lists(st.sampled_from(["a", "b c", "ä"]), max_size=2, unique=True))
            ),
        )
        ideas[idea.idea_id] = idea
    return Tree(tree_id="t", title=root.title, root="root", ideas=ideas, number=len(ideas))


@pytest.mark.parametrize("name", ["alignloom_json", "python_loom", "loomsidian"])
@settings(deadline=None)
@given(tree=trees())
def test_any_tree_of_ours_goes_out_and_comes_back_equal(name: str, tree: Tree) -> None:
    taken = take(open_export(name).write(tree, {}), name="x", form=name)
    assert taken.tree == tree
    assert list(taken.tree.ideas) == list(tree.ideas)


@pytest.mark.parametrize("name", ["python_loom", "loomsidian"])
@settings(deadline=None)
@given(texts=st.lists(words | st.just("") | st.just("  \n"), min_size=1, max_size=6))
def test_texts_of_other_looms_go_in_and_come_out_unchanged(name: str, texts: list[str]) -> None:
    nodes = {
        f"node-{n:016}": {"text": text, "parentId": f"node-{n // 2:016}" if n else None}
        for n, text in enumerate(texts)
    }
    first = take(json.dumps({"nodes": nodes, "current": ""}), name="x").tree
    back = take(open_export(name).write(first, {}), name="x").tree
    assert [node_text(idea) for idea in first.ideas.values()] == texts
    assert [node_text(idea) for idea in back.ideas.values()] == texts
    assert [i.parents for i in back.ideas.values()] == [i.parents for i in first.ideas.values()]


def test_a_text_that_was_edited_elsewhere_comes_back_as_it_was_edited() -> None:
    text = open_export("loomsidian").write(small_tree("Debate"), sources())
    value = json.loads(text)
    value["nodes"]["i1"]["text"] = "Somebody else's words"
    idea = take(json.dumps(value), name="x").tree.ideas["i1"]
    assert (idea.title, idea.claims, idea.state, idea.bookmarked) == (
        "Somebody else's words",
        (),
        "kept",
        True,
    )


def test_marks_that_are_set_elsewhere_come_back() -> None:
    value = json.loads(open_export("python_loom").write(small_tree("Debate"), sources()))
    node = value["root"]["children"][0]["children"][0]
    node["tags"] = ["bookmark", "archived", "new"]
    idea = take(json.dumps(value), name="x").tree.ideas[node["id"]]
    assert (idea.bookmarked, idea.state, idea.tags) == (True, "pruned", ("new",))


@pytest.mark.parametrize("name", ["alignloom_json", "loomsidian", "python_loom", "opml"])
def test_ten_thousand_levels_are_no_strain(name: str) -> None:
    ideas = [Idea(idea_id="root", tree_id="t", move="root", title="Deep")]
    for n in range(1, 10_001):
        ideas.append(replace(ideas[0], idea_id=f"i{n}", move="crux", parents=(ideas[-1].idea_id,)))
    tree = Tree(
        tree_id="t", title="Deep", root="root", ideas={i.idea_id: i for i in ideas}, number=1
    )
    text = open_export(name).write(tree, {})
    assert text.count("Deep") > 10_000
    if name != "opml":
        assert take(text, name="x").tree.ideas == tree.ideas


def loomsidian(**nodes: str | None) -> str:
    held = {name: {"text": name, "parentId": parent} for name, parent in nodes.items()}
    return json.dumps({"nodes": held, "current": ""})


@pytest.mark.parametrize(
    "text",
    [
        loomsidian(a="b", b="a"),
        loomsidian(root=None, a="b", b="c", c="a"),
        loomsidian(a="a"),
        '{"nodes": {"a": {"text": "x"}, "a": {"text": "y"}}, "current": ""}',
        '{"nodes": [{"id": 1, "text": "x"}, {"id": "1", "text": "y"}], "current": ""}',
        '{"nodes": {"a": {"text": "half \\ud800", "parentId": null}}, "current": ""}',
        '{"nodes": {"a": {"text": NaN}}, "current": ""}',
        '{"state": {"one": {}, "two": {}}, "settings": {}}',
    ],
)
def test_what_does_not_hold_together_is_refused_whole_in_one_line(text: str) -> None:
    with pytest.raises(AlignloomError) as caught:
        take(text, name="x")
    assert "\n" not in caught.value.problem


def test_a_large_file_that_is_broken_at_its_end_is_refused_at_once() -> None:
    names = ",".join(f'"{number}": 1' for number in range(100_000))
    nodes = [f'"n{n}": {{"text": "x", "parentId": null}}' for n in range(30_000)]
    circle = '"a": {"text": "x", "parentId": "b"}, "b": {"text": "x", "parentId": "a"}'
    with pytest.raises(AlignloomError, match="stands twice"):
        take(f'{{{names}, "99999": 2}}', name="file")
    begun = time.process_time()
    with pytest.raises(AlignloomError, match="its own ancestor"):
        take(f'{{"current": "", "nodes": {{{",".join(nodes)}, {circle}}}}}', name="file")
    assert time.process_time() - begun < 10


def test_orphans_and_several_roots_are_gathered_under_one_and_said() -> None:
    taken = take(loomsidian(one=None, two=None, lost="nobody"), name="My notes")
    assert taken.tree.title == "My notes"
    assert [i.title for i in taken.tree.ideas.values()] == ["My notes", "one", "two", "lost"]
    assert len(taken.left) == 2


@pytest.mark.parametrize(
    ("order", "parents"),
    [
        ("child r1", {"child": "r1"}),
        ("r1 of-2 r2 of-1", {"of-2": "r2", "of-1": "r1"}),
        ("grandchild child r1", {"child": "r1", "grandchild": "child"}),
    ],
)
def test_a_node_may_stand_before_its_parent(order: str, parents: dict[str, str]) -> None:
    names = order.split()
    nodes = loomsidian(**{name.replace("-", "_"): parents.get(name) for name in names})
    ideas = take(nodes.replace("of_", "of-"), name="x").tree.ideas
    titles = {idea.idea_id: idea.title for idea in ideas.values()}
    above = {i.title: titles[i.parents[0]] for i in ideas.values() if i.parents}
    assert {name: above[name] for name in parents} == parents


def test_a_tag_that_is_called_as_a_mark_is_sets_no_mark() -> None:
    idea = replace(small_tree("Debate").ideas["i1"], state="open", tags=("archived", "kept", "x"))
    tree = small_tree("Debate")
    tree = replace(tree, ideas={**tree.ideas, "i1": replace(idea, bookmarked=False)})
    assert take(open_export("python_loom").write(tree, {}), name="x").tree == tree


@pytest.mark.parametrize("name", ["", "a\x1b[2J<b>", "x" * 61])
def test_a_tree_whose_names_no_address_can_hold_is_refused(name: str) -> None:
    value = json.loads(open_export("alignloom_json").write(small_tree("Debate"), {}))
    value["ideas"][-1]["idea_id"] = name
    with pytest.raises(AlignloomError, match="cannot be named"):
        take(json.dumps(value), name="x")


def test_a_patch_that_does_not_fit_or_unfolds_without_end_is_refused() -> None:
    value = json.loads((SAMPLES / "miniloom.json").read_text(encoding="utf-8"))
    store = value["loomTree"]["nodeStore"]
    store["3"]["patch"][0]["start2"] = 2
    with pytest.raises(AlignloomError, match="does not fit"):
        take(json.dumps(value), name="x")
    long = {"diffs": [[1, "x" * 1_000_000]], "start2": 0}
    store["3"]["patch"] = [long] * 60
    with pytest.raises(AlignloomError, match="too long to be unfolded"):
        take(json.dumps(value), name="x")


@settings(deadline=None)
@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | words,
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(words, inner, max_size=3),
    )
)
def test_deep_json_is_read_as_shallow_json_is(value: object) -> None:
    deep = "[" * 2_000 + json.dumps(value) + "]" * 2_000
    read = loads(deep)
    for _ in range(2_000):
        assert isinstance(read, list)
        [read] = read
    assert read == value


@pytest.mark.parametrize(
    "inner", ["", "1,", "1 2", '{"a" 1}', '{"a":1,}', "{1:2}", "tru", '"a', "]"]
)
def test_deep_json_that_is_broken_is_refused(inner: str) -> None:
    with pytest.raises(AlignloomError):
        loads("[" * 2_000 + inner + "]" * (1_999 if inner == "" else 2_000))


# -- the schema, and what is only written ---------------------------------------------------------


def test_the_schema_that_ships_is_the_model_s() -> None:
    assert FILE.read_text(encoding="utf-8") == written(), "python -m tests.schema"


@settings(deadline=None)
@given(tree=trees())
def test_every_file_keeps_to_the_schema(tree: Tree) -> None:
    validator = Draft202012Validator(json.loads(FILE.read_text(encoding="utf-8")))
    validator.validate(json.loads(open_export("alignloom_json").write(tree, sources())))


def test_a_path_is_the_way_from_the_root_to_one_idea() -> None:
    tree = path_only(small_tree("Debate"), "i2")
    assert list(tree.ideas) == ["root", "i1", "i2"]
    text = open_export("markdown").write(tree, sources())
    assert "Debate 0" not in text
    assert text.count("[^2]") == 2


@settings(deadline=None)
@given(tree=trees())
def test_opml_is_xml_with_a_row_for_each_idea(tree: Tree) -> None:
    root: ET.Element = ElementTree.fromstring(open_export("opml").write(tree, {}))
    rows = [row for row in root.iter("outline") if "place" not in row.attrib]
    assert len(rows) == len(tree.ideas)


@settings(deadline=None)
@given(tree=trees())
def test_a_canvas_has_cards_apart_from_each_other_and_an_arrow_from_each_parent(
    tree: Tree,
) -> None:
    canvas = json.loads(open_export("json_canvas").write(tree, {}))
    assert len({(node["x"], node["y"]) for node in canvas["nodes"]}) == len(tree.ideas)
    arrows = {(edge["fromNode"], edge["toNode"]) for edge in canvas["edges"]}
    assert arrows == {(p, i.idea_id) for i in tree.ideas.values() for p in i.parents}


def document(title: str, *authors: str) -> Document:
    return Document(
        doc_id="arxiv:2107.05580",
        source="arxiv",
        kind="paper",
        title=title,
        authors=authors,
        url="https://arxiv.org/abs/2107.05580",
        published="2021-07-12",
    )


@pytest.mark.parametrize(
    ("address", "doi", "arxiv"),
    [
        ("https://doi.org/10.1007/978-3-662-54033-6_2", "10.1007/978-3-662-54033-6_2", ""),
        ("https://doi.org/10.48550/arXiv.2107.05580", "", "2107.05580"),
        ("http://arxiv.org/abs/2002.11328v2", "", "2002.11328"),
        ("https://doi.org/10.1000/a}b{%25", "", ""),
        ("https://a.example/releases/10.2021/notes", "", ""),
    ],
)
def test_a_bibliography_names_the_doi_and_the_arxiv_paper_that_an_address_shows(
    address: str, doi: str, arxiv: str
) -> None:
    shown = replace(document("On it", "Ada L"), doc_id="file:a", url=address)
    [entry] = parse_string(bibtex([shown])).entries
    fields = {name: field.value for name, field in entry.fields_dict.items()}
    assert (fields.get("doi", ""), fields.get("eprint", "")) == (doi, arxiv)
    [item] = json.loads(csl_json([shown]))
    assert item.get("DOI", "") == doi


@pytest.mark.parametrize("title", ["50% of $x_1$ & {more} #1", "Ünïcode ~ tilde"])
def test_titles_survive_bibtex(title: str) -> None:
    library = parse_string(bibtex([document(title, "Ada Lovelace", "Smith, and Sons")]))
    [entry] = library.entries
    assert not library.failed_blocks
    LatexDecodingMiddleware(keep_math_mode=True).transform_entry(entry, library)
    assert entry["title"].strip("{}") == title
    assert entry["eprint"] == "2107.05580"


def test_entries_of_one_author_and_year_are_told_apart() -> None:
    library = parse_string(bibtex([document("On it", "Ada L"), document("On it", "Ada L")]))
    assert len({entry.key for entry in library.entries}) == 2


def test_csl_json_names_type_date_and_address() -> None:
    [item] = json.loads(csl_json([document("On it", "Ada Lovelace")]))
    assert item["issued"] == {"date-parts": [[2021, 7, 12]]}
    assert item["author"] == [{"literal": "Ada Lovelace"}]
    assert item["URL"] == "https://arxiv.org/abs/2107.05580"


def test_what_is_lost_is_counted_on_the_tree() -> None:
    assert losses(small_tree("Debate"), open_export("alignloom_json")) == []
    told = losses(small_tree("Debate"), open_export("loomsidian"))
    assert len(told) == 1
    assert "tags (2)" in told[0]
