"""What the commands answer: in words for people, in JSON for programs."""

from __future__ import annotations

import hashlib
import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from corpus.model import Tree
from index.question import Question
from tests.ui.pages import put
from ui.foreign import visible
from ui.house import House

QUESTION = "can we trust an AI to do alignment research for us"
NOTE = "---\ntitle: {title}\nlicence: {licence}\n---\n\n{text}\n"
GUEST = "Bob <b>Guest</b>\u202e"
INTERVIEW = f"""**Ada Host:**
Judges of a debate have critics that find the planted flaws of an argument.

**{GUEST}:**
We train critics on planted flaws that judges overlook.
"""
INTERVIEW += 3 * f"\n**Ada Host:**\nOkay?\n\n**{GUEST}:**\nIt may be.\n"
HOSTILE = "\x1b[2JCleared \u202ebackwards\u202c \x9b31m"


def write_note(folder: Path, name: str, text: str, licence: str = "unknown") -> Path:
    folder.mkdir(exist_ok=True)
    path = folder / f"{name}.md"
    path.write_text(NOTE.format(title=name.title(), licence=licence, text=text))
    return path


# -- import and index ---------------------------------------------------------------------------


def test_a_second_import_changes_nothing_and_a_changed_file_makes_a_version(
    call: Any, empty_home: Path, tmp_path: Path
) -> None:
    path = write_note(tmp_path / "notes", "debate", "Debate asks much of its judge.")
    assert call(empty_home, "import", str(path), "--json").json["new"] == 1
    assert call(empty_home, "import", str(path), "--json").json["unchanged"] == 1
    write_note(tmp_path / "notes", "debate", "Debate asks too much of its judge.")
    assert call(empty_home, "import", str(path), "--json").json["edited"] == 1
    doc_id = json.loads(call(empty_home, "export", "documents").out)["doc_id"]
    assert len(call(empty_home, "show", doc_id, "--versions", "--json").json) == 2


def test_what_is_refused_is_named_and_counted_and_the_rest_goes_in(
    call: Any, empty_home: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "notes"
    write_note(folder, "sound", "A sentence that can be read.")
    (folder / "picture.pdf").write_bytes(b"not a pdf at all")
    said = call(empty_home, "import", str(folder))
    assert said.code == 1
    assert "picture.pdf" in said.out
    assert "1 new" in said.out
    assert "1 refused" in said.out
    again = call(empty_home, "import", str(folder), "--json")
    assert again.code == 1
    assert again.json["failed"] == 1


def test_the_index_is_brought_in_step_with_only_what_changed(
    call: Any, empty_home: Path, tmp_path: Path
) -> None:
    call(empty_home, "import", str(write_note(tmp_path / "n", "one", "First note about probes.")))
    assert call(empty_home, "index", "--json").json["embedded"] == 1
    assert call(empty_home, "index", "--json").json["embedded"] == 0
    assert call(empty_home, "index", "--rebuild", "--json").json["embedded"] == 1


def test_an_index_made_again_from_nothing_is_the_one_that_answers(
    call: Any, full_home: Path
) -> None:
    house = House(full_home)
    house.searcher()
    put(full_home, "file:docs/d", "Zugzwang.")
    shutil.rmtree(house.index_folder)
    call(full_home, "index")
    hit = house.searcher().search(Question(text="zugzwang", k=1)).hits[0]
    assert hit.document.doc_id == "file:docs/d"


def test_an_index_made_by_another_embedder_is_searched_with_it(
    call: Any, empty_home: Path, tmp_path: Path
) -> None:
    call(empty_home, "import", str(write_note(tmp_path / "n", "one", "First note about probes.")))
    (empty_home / "alignloom.toml").unlink()  # so that the model would be the configured one
    call(empty_home, "index", "--embedder", "hashing")
    assert call(empty_home, "search", "probes", "--json").json["hits"]


def test_an_unknown_embedder_is_refused_with_those_that_are_known(
    call: Any, empty_home: Path
) -> None:
    said = call(empty_home, "index", "--embedder", "hashish")
    assert said.code == 2
    assert "'hashing'" in said.err


@pytest.mark.parametrize("rebuild", [(), ("--rebuild",)])
def test_an_index_whose_pointer_is_spoilt_is_said_and_mended(
    call: Any, full_home: Path, rebuild: tuple[str, ...]
) -> None:
    (full_home / "index" / "CURRENT").write_bytes(b"\xff\xfe")
    said = call(full_home, "search", "debate")
    assert said.code == 2
    assert "CURRENT is not text" in said.err
    assert "alignloom index --rebuild" in said.err
    findings = {each["name"]: each for each in call(full_home, "doctor", "--json").json}
    assert findings["index"]["state"] == "fail"
    assert findings["index"]["remedy"] == "alignloom index --rebuild"
    assert call(full_home, "index", *rebuild).code == 0
    assert call(full_home, "search", "debate", "--json").json["hits"]


@pytest.mark.parametrize("name", ["CURRENT", "building.lock", "drawer.db"])
def test_a_folder_where_the_index_has_a_file_is_named(
    call: Any, full_home: Path, name: str
) -> None:
    (full_home / "index" / name).unlink(missing_ok=True)
    (full_home / "index" / name).mkdir()
    said = call(full_home, "index")
    assert said.code == 2
    assert f"{name} is a folder, where the index has a file" in " ".join(said.err.split())
    assert "move it away" in said.err


def test_a_file_where_the_index_has_its_folder_is_named(call: Any, full_home: Path) -> None:
    shutil.rmtree(full_home / "index")
    (full_home / "index").write_text("mine")
    for command in (("search", "debate"), ("index",), ("index", "--rebuild")):
        said = call(full_home, *command)
        assert said.code == 2
        assert "is not a folder" in said.err
        assert "move it away" in said.err
    assert call(full_home, "doctor", "--json").code == 1
    assert (full_home / "index").read_text() == "mine"


@pytest.mark.model
@pytest.mark.parametrize("name", ["fastest", "sentence_transformers"])
def test_a_model_that_cannot_be_loaded_is_refused_in_words(
    call: Any, full_home: Path, tmp_path: Path, name: str
) -> None:
    model = tmp_path / "model"
    model.mkdir()
    (model / "config.json").write_text("{}")
    (model / "model.safetensors").write_bytes(b"")
    embedder = f'[embedder]\nname = "{name}"\nmodel = "{model}"\n'
    (full_home / "alignloom.toml").write_text(embedder)
    said = call(full_home, "index")
    assert said.code == 2
    assert f"model '{model}' cannot be used" in said.err
    assert "embedder.model" in said.err
    hashing = f'[embedder]\nname = "hashing"\n[search]\nreranker = "{model}"\n'
    (full_home / "alignloom.toml").write_text(hashing)
    said = call(full_home, "search", "debate")
    assert said.code == 2
    assert f"reranker '{model}' cannot be used" in said.err
    assert "search.reranker" in said.err


def test_an_embedder_that_nobody_has_is_refused_before_search(call: Any, full_home: Path) -> None:
    (full_home / "alignloom.toml").write_text('[embedder]\nname = "hashish"\n')
    said = call(full_home, "search", "debate")
    assert said.code == 2
    assert "embedder.name = 'hashish'" in said.err
    assert "fastest, hashing" in said.err
    assert not said.out


def test_search_says_that_another_embedder_is_set_than_made_the_index(
    call: Any, full_home: Path
) -> None:
    name = "sentence_transformers"
    (full_home / "alignloom.toml").write_text(f'[embedder]\nname = "{name}"\n')
    said = call(full_home, "search", "debate", "--json")
    assert said.json["hits"]
    told = " ".join(said.err.split())
    assert "the index was made with hashing, and is searched with it" in told
    assert f"alignloom index makes it again with {name}" in told
    (full_home / "alignloom.toml").unlink()  # the fastest, whichever that is: nothing to say
    assert "made with" not in call(full_home, "search", "debate").err


# -- search -------------------------------------------------------------------------------------


def test_search_answers_in_the_shape_that_others_build_on(call: Any, sample_home: Path) -> None:
    found = call(sample_home, "search", QUESTION, "-k", "3", "--json").json
    assert found["query"] == QUESTION
    assert found["mode"] == "hybrid"
    assert len(found["hits"]) == 3
    hit = found["hits"][0]
    assert hit.keys() >= {
        *("doc_id", "work_id", "title", "url", "source", "kind", "published", "score"),
        *("passage", "also_at"),
    }
    passage = hit["passage"]
    text = call(sample_home, "show", hit["doc_id"], "--json").json["text"]
    assert text[passage["start"] : passage["end"]] == passage["text"]


def test_a_hit_is_printed_with_its_title_its_passage_and_the_id_to_copy(
    call: Any, sample_home: Path
) -> None:
    hit = call(sample_home, "search", QUESTION, "-k", "1", "--json").json["hits"][0]
    said = call(sample_home, "search", QUESTION, "-k", "1").out.splitlines()
    assert said[0] == f" 1  {hit['title']}"
    assert f"    {hit['doc_id']}" in said
    assert all(line == line.rstrip() for line in said)


@pytest.mark.parametrize("mode", ["hybrid", "semantic", "keyword"])
def test_every_mode_finds_what_was_asked_for(call: Any, sample_home: Path, mode: str) -> None:
    found = call(sample_home, "search", "debate", "judge", "--mode", mode, "--json").json
    assert found["mode"] == mode
    assert any("ebate" in hit["title"] for hit in found["hits"])


def test_filters_leave_only_what_they_name(call: Any, sample_home: Path) -> None:
    options = ("--kind", "paper", "--since", "2024", "--until", "2026-12")
    hits = call(sample_home, "search", "oversight", *options, "--json").json["hits"]
    assert hits
    assert {hit["kind"] for hit in hits} == {"paper"}
    assert call(sample_home, "search", "oversight", "--status", "live", "--json").json["hits"]
    assert not call(sample_home, "search", "oversight", "--status", "edited", "--json").json[
        "hits"
    ]
    none = call(sample_home, "search", "oversight", "--source", "nowhere")
    assert none.code == 0
    assert "nothing found" in none.out
    assert "no document has the source 'nowhere'; there are " in none.err
    given = ("search", "oversight", "--source", "nowhere", "--tag", "nosuch", "--json")
    source, tag = call(sample_home, *given).json["notes"]
    assert source.startswith("no document has the source 'nowhere'; there are ")
    assert tag == "no document has the tag 'nosuch'"


def test_works_like_a_document_leave_it_out(call: Any, sample_home: Path) -> None:
    doc_id = call(sample_home, "search", "debate", "-k", "1", "--json").json["hits"][0]["doc_id"]
    hits = call(sample_home, "search", "--like", doc_id, "--json").json["hits"]
    assert hits
    assert doc_id not in {hit["doc_id"] for hit in hits}


def test_a_file_of_queries_is_answered_line_by_line(
    call: Any, sample_home: Path, tmp_path: Path
) -> None:
    path = tmp_path / "queries.jsonl"
    path.write_text('{"_id": "q1", "text": "debate"}\n\n{"_id": 2, "text": "probes"}\n')
    said = call(sample_home, "search", "--queries", str(path), "-k", "2")
    lines = [json.loads(line) for line in said.out.splitlines()]
    assert [line["_id"] for line in lines] == ["q1", "2"]
    assert all(len(line["hits"]) == 2 for line in lines)


def test_a_text_of_a_query_may_hold_any_sign(call: Any, sample_home: Path, tmp_path: Path) -> None:
    path = tmp_path / "queries.jsonl"
    lines = [
        '\ufeff{"_id": "1", "text": "debate\u2028\x85\u2029"}',
        '{"_id": "2", "text": "\\ud800"}',
    ]
    path.write_text("\n".join(lines), encoding="utf-8")
    said = call(sample_home, "search", "--queries", str(path))
    assert [json.loads(line)["_id"] for line in said.out.splitlines()] == ["1", "2"]
    assert call(sample_home, "search", "\udcff debate", "--author", "\udcff").code == 0


def test_a_query_that_cannot_be_answered_is_named_and_the_others_are(
    call: Any, full_home: Path, tmp_path: Path
) -> None:
    put(full_home, "file:docs/d", "Not indexed yet.")
    path = tmp_path / "queries.jsonl"
    texts = ("debate", "file:docs/d", "probes")
    path.write_text("".join(json.dumps({"_id": text, "text": text}) + "\n" for text in texts))
    said = call(full_home, "search", "--queries", str(path), "-k", "2")
    lines = [json.loads(line) for line in said.out.splitlines()]
    assert [(each["_id"], len(each["hits"])) for each in lines] == list(
        zip(texts, (2, 0, 2), strict=True)
    )
    assert lines[1]["notes"] == ["file:docs/d is not in the index"]
    assert "file:docs/d is not in the index" in said.err
    assert "1 of 3 queries" in said.err
    assert said.code == 1


@pytest.mark.parametrize("line", ["{", "[]", '{"_id": "1"}', '{"_id": "1", "text": " "}'])
def test_a_line_that_is_no_query_is_named_before_anything_is_answered(
    call: Any, sample_home: Path, tmp_path: Path, line: str
) -> None:
    path = tmp_path / "queries.jsonl"
    path.write_text('{"_id": "q1", "text": "debate"}\n' + line + "\n")
    said = call(sample_home, "search", "--queries", str(path))
    assert said.code == 2
    assert "line 2" in said.err
    assert not said.out


# -- reading ------------------------------------------------------------------------------------


def test_a_document_is_shown_with_what_is_known_of_it(call: Any, sample_home: Path) -> None:
    doc_id = call(sample_home, "search", "debate", "-k", "1", "--json").json["hits"][0]["doc_id"]
    said = call(sample_home, "show", doc_id)
    for known in (doc_id, "published", "licence", "CC-BY-4.0", "words"):
        assert known in said.out


def test_the_name_of_an_unknown_document_is_guessed(call: Any, sample_home: Path) -> None:
    doc_id = call(sample_home, "search", "debate", "-k", "1", "--json").json["hits"][0]["doc_id"]
    said = call(sample_home, "show", doc_id[:-1])
    assert said.code == 2
    assert doc_id in said.err


def assert_quotes_hold(call: Any, home: Path, claims: list[dict[str, Any]]) -> None:
    """Every quote is in the export, at its place, in the version that it names."""
    lines = call(home, "export", "documents", "--all-text").out.splitlines()
    texts = {shape["doc_id"]: shape for shape in map(json.loads, lines)}
    assert claims
    for claim in claims:
        for evidence in claim["evidence"]:
            shape = texts[evidence["doc_id"]]
            assert evidence["version"] == shape["version"]
            assert shape["text"][evidence["start"] : evidence["end"]] == evidence["quote"]


def test_a_summary_consists_of_quotes_that_hold(call: Any, sample_home: Path) -> None:
    doc_id = call(sample_home, "search", "debate", "-k", "1", "--json").json["hits"][0]["doc_id"]
    given = call(sample_home, "summarize", doc_id, "--json").json
    assert given["doc_id"] == doc_id
    assert given["refused"] is None
    assert given.keys() >= {"claims", "removed", "writer", "model", "calls", "cost_usd"}
    assert_quotes_hold(call, sample_home, given["claims"])
    said = call(sample_home, "summarize", doc_id).out
    assert "quote verified" in said
    assert "no model reasoned" in said


def test_an_answer_consists_of_quotes_that_hold_or_says_why_not(
    call: Any, sample_home: Path
) -> None:
    question = "reward hacking specification report"
    given = call(sample_home, "ask", question, "--json").json
    assert given["question"] == question
    assert_quotes_hold(call, sample_home, given["claims"])
    refused = call(sample_home, "ask", "How is sourdough leavened in cold kitchens?", "--json")
    assert refused.code == 0
    assert refused.json["refused"]
    assert refused.json["claims"] == []


def test_an_answer_from_a_conversation_says_who_speaks(
    call: Any, empty_home: Path, tmp_path: Path
) -> None:
    path = write_note(tmp_path / "n", "interview", INTERVIEW)
    call(empty_home, "import", str(path))
    call(empty_home, "index")
    out = call(empty_home, "ask", "do planted flaws train critics").out
    assert out == visible(out)
    lines = [line.strip() for line in out.splitlines()]
    below = lines[lines.index("“We train critics on planted flaws that judges overlook.”") + 1]
    assert below == "Bob <b>Guest</b>, in Interview · quote verified"
    assert "Ada Host, in Interview · quote verified" in lines


# -- export, stats, doctor ----------------------------------------------------------------------


def test_an_export_gives_text_only_where_it_may_be_passed_on(
    call: Any, empty_home: Path, tmp_path: Path
) -> None:
    write_note(tmp_path / "n", "free", "May be passed on.", licence="CC-BY-4.0")
    write_note(tmp_path / "n", "closed", "May not be passed on.")
    call(empty_home, "import", str(tmp_path / "n"))
    shapes = [
        json.loads(line) for line in call(empty_home, "export", "documents").out.splitlines()
    ]
    texts = {shape["title"]: shape["text"] for shape in shapes}
    assert "May be passed on." in texts["Free"]
    assert texts["Closed"] is None
    everything = call(empty_home, "export", "documents", "--all-text").out.splitlines()
    for shape in map(json.loads, everything):
        assert hashlib.sha256(shape["text"].encode()).hexdigest() == shape["version"]


def test_decisions_become_a_training_set_of_which_what_is_closed_is_left_out(
    call: Any, full_home: Path, tree: Tree
) -> None:
    call(full_home, "tree", "keep", "idea-1")
    call(full_home, "tree", "prune", "idea-2")
    said = call(full_home, "export", "training")
    [row] = map(json.loads, said.out.splitlines())
    assert row["chosen"][0]["content"].startswith("Find out more about 1")
    assert row["rejected"][0]["content"].startswith("Find out more about 2")
    assert "1 row; 0 left out" in " ".join(said.err.split())
    examples = call(full_home, "export", "training", "--shape", "supervised").out.splitlines()
    assert {json.loads(line)["task"] for line in examples} == {"summary", "proposal"}
    refused = call(full_home, "export", "training", "--shape", "preferences")
    assert (refused.code, refused.out) == (2, "")
    assert "preference" in refused.err


def test_the_corpus_is_told_in_numbers(call: Any, sample_home: Path) -> None:
    numbers = call(sample_home, "stats", "--json").json
    assert numbers["corpus"]["documents"] == numbers["index"]["documents"] >= 40
    assert "documents" in call(sample_home, "stats").out


def test_the_doctor_finds_a_sound_home_sound(call: Any, sample_home: Path) -> None:
    said = call(sample_home, "doctor", "--json")
    states = {finding["name"]: finding["state"] for finding in said.json}
    assert said.code == 0
    assert states["home"] == states["store"] == states["integrity"] == states["index"] == "ok"
    assert states["in step"] == "ok"
    assert all(finding["remedy"] for finding in said.json if finding["state"] != "ok")


def test_the_doctor_finds_a_damaged_index_and_a_bad_setting(call: Any, full_home: Path) -> None:
    (vectors,) = full_home.glob("index/generation-*/segment-*/vectors/vectors.npy")
    vectors.write_bytes(vectors.read_bytes()[:-1] + b"\x00")
    said = call(full_home, "doctor", "--json")
    (index,) = (finding for finding in said.json if finding["name"] == "index")
    assert said.code == 1
    assert index["state"] == "fail"
    assert index["remedy"] == "alignloom index --rebuild"
    (full_home / "alignloom.toml").write_text("port = 0")
    said = call(full_home, "doctor")
    assert said.code == 1
    assert "fail" in said.out


def test_nothing_that_a_document_says_acts_on_the_terminal(
    call: Any, empty_home: Path, tmp_path: Path
) -> None:
    path = write_note(tmp_path / "n", "hostile", f"Probes read {HOSTILE} more than models use.")
    call(empty_home, "import", str(path))
    call(empty_home, "index")
    doc_id = json.loads(call(empty_home, "export", "documents").out)["doc_id"]
    for arguments in (("search", "probes"), ("show", doc_id), ("summarize", doc_id), ("stats",)):
        out = call(empty_home, *arguments).out
        assert out == visible(out)


@pytest.mark.parametrize(
    ("since", "until", "code"),
    [("2026", "2020", 2), ("2026-05", "2026-03-31", 2), ("2026-03", "2026", 0), ("2026", "", 0)],
)
def test_dates_the_wrong_way_round_are_refused_and_overlapping_ones_are_not(
    call: Any, full_home: Path, since: str, until: str, code: int
) -> None:
    said = call(full_home, "search", "debate", "--since", since, "--until", until)
    assert said.code == code


@pytest.mark.parametrize("group", ["tree", "export"])
def test_a_group_of_commands_offers_no_option_about_shells(
    call: Any, empty_home: Path, group: str
) -> None:
    assert "completion" not in call(empty_home, group, "--help").out
