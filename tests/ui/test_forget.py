"""`alignloom forget`: nothing of a text is left in a home, whatever happens in between."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import zlib
from pathlib import Path
from typing import Any

import pytest

from corpus.forgetting import forget
from corpus.model import Idea, quote_from, verbatim_claim
from tests.crawler.worlds.web import Site, serving, xml
from tests.ui.conftest import ROOT, new_home
from ui.house import House
from ui.main import main

SECRET = "Seventeen quartz herons audited the reward ledger before breakfast on Tuesday"
TOKENS = ("quartz", "herons", "Seventeen")
DOC = "file:notes/secret"
REPLY = "---\ntitle: {}\n---\n\n{}\n"


@pytest.fixture(scope="module")
def planted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with the sentence in texts, index, drawer, a tree, and an older version; a model."""
    folder = tmp_path_factory.mktemp("planted")
    home, notes = new_home(folder / "home"), folder / "notes"
    notes.mkdir()
    body = " ".join(f"Line {n} says how oversight fails in case {n}." for n in range(60))
    (notes / "other.md").write_text(REPLY.format("Other", f"An open question is debate. {body}"))
    for said in (f"{SECRET}. First draft. {body}", f"{body} {SECRET}. Second draft."):
        (notes / "secret.md").write_text(REPLY.format("On ledgers", said))
        assert main(["--quiet", "--home", str(home), "import", str(notes)]) == 0
        assert main(["--quiet", "--home", str(home), "index"]) == 0
    house = House(home)
    text = house.shelf.version(DOC).text
    at = text.index(SECRET)
    quote = quote_from(house.shelf.version(DOC), at, at + len(SECRET))
    root = Idea(idea_id="root-1", tree_id="t-1", move="root", title="Ledgers")
    idea = Idea(
        idea_id="idea-1",
        tree_id="t-1",
        move="next_step",
        title="Test: seventeen quartz herons audited the reward ledger",
        claims=(verbatim_claim(quote),),
        parents=("root-1",),
        state="kept",
    )
    house.trees.plant(root, below=[idea], who="reader")
    house.store.close()
    (home / "bug-20261120T000000.txt").write_text(f"Traceback … {SECRET}")
    return home


@pytest.fixture
def home(planted: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(planted, tmp_path / "home"))


def traces(home: Path) -> list[str]:
    """The files of a home that hold a word of the planted sentence, in either case."""
    return sorted(
        f"{path.relative_to(home)}: {token}"
        for path in home.rglob("*")
        if path.is_file()
        for token in TOKENS
        if token.lower().encode() in path.read_bytes().lower()
    )


def test_no_file_of_the_home_holds_a_word_of_it_afterwards(call: Any, home: Path) -> None:
    before = {
        trace.partition("/")[0].partition(".")[0].partition("-")[0] for trace in traces(home)
    }
    assert before == {"alignloom", "bug"}  # the index holds stems, in a coding of its own
    said = call(home, "forget", DOC, "--yes")
    assert said.code == 0, said
    assert "2 versions" in said.out
    assert "1 claim left 1 idea" in " ".join(said.out.split())
    assert traces(home) == []
    assert call(home, "doctor").code == 0


def test_search_show_ask_and_export_know_nothing_of_it(call: Any, home: Path) -> None:
    before = call(home, "--json", "search", "quartz herons").json
    assert before["hits"][0]["doc_id"] == DOC
    call(home, "forget", DOC, "--yes")
    assert DOC not in call(home, "--json", "search", "quartz herons", "--mode", "keyword").out
    assert "quartz" not in call(home, "export", "documents", "--all-text").out
    assert "quartz" not in call(home, "ask", "what did the quartz herons audit").out
    for asked in (("show", DOC), ("summarize", DOC), ("propose", "--doc", DOC)):
        refused = call(home, *asked)
        assert refused.code == 2
        assert "forgotten at its author’s request" in refused.err


def test_the_index_goes_on_with_the_others_and_stays_in_step(call: Any, home: Path) -> None:
    said = call(home, "--json", "forget", DOC, "--yes").json
    assert said["passages"] > 0
    found = call(home, "--json", "search", "how oversight fails").json["hits"]
    assert [hit["doc_id"] for hit in found] == ["file:notes/other"]
    assert "the shelf changed" not in call(home, "search", "how oversight fails").err
    report = call(home, "--json", "index").json
    assert (report["added"], report["embedded"], report["removed"]) == (0, 0, 0)


def test_the_kept_idea_says_what_became_of_its_claim(call: Any, home: Path) -> None:
    call(home, "forget", DOC, "--yes")
    shown = call(home, "tree", "show", "t-1", "--node", "idea-1")
    assert "A claim stood here; the source was removed at its author’s request" in shown.out
    assert "not in the store" not in shown.err
    told = call(home, "--json", "tree", "show", "t-1").json["ideas"][1]
    assert (told["claims"], told["state"]) == ([], "kept")
    for form in ("markdown", "alignloom_json"):
        written = call(home, "tree", "export", "t-1", "--format", form).out
        assert "removed at its author’s request" in written
        assert "quartz" not in written.lower()


def test_an_import_does_not_bring_it_back_and_says_so(
    call: Any, home: Path, planted: Path
) -> None:
    call(home, "forget", DOC, "--yes")
    said = call(home, "import", str(planted.parent / "notes"))
    assert said.code == 0
    assert "1 turned away: forgotten at their authors’ request" in said.out
    assert traces(home) == []


def test_once_more_says_that_nothing_is_left(call: Any, home: Path) -> None:
    call(home, "forget", DOC, "--yes")
    said = call(home, "forget", DOC)
    assert said.code == 0
    assert "nothing of it is here" in said.out


def test_it_is_asked_for_before_and_an_unknown_id_is_refused(call: Any, home: Path) -> None:
    for arguments, words in ((("forget", DOC), "--yes"), (("forget", "lw:none"), "lw:none")):
        said = call(home, *arguments)
        assert said.code == 2
        assert words in said.err
        assert len(said.err.strip().splitlines()) == 2
    assert call(home, "show", DOC).code == 0


def test_other_places_of_the_work_are_named_and_go_with_everywhere(
    call: Any, full_home: Path
) -> None:
    house = House(full_home)
    works = house.shelf.works(house.shelf.work_ids(house.shelf.select()).values())
    one, other = next(work.doc_ids for work in works.values() if len(work.doc_ids) == 2)
    copied = Path(shutil.copytree(full_home, full_home.parent / "copy"))
    said = call(full_home, "forget", one, "--yes")
    assert f"still here, the same work: {other}" in said.out
    assert call(full_home, "show", other).code == 0
    gone = call(copied, "--json", "forget", one, "--yes", "--everywhere").json
    assert set(gone["forgotten"]) == {one, other}
    assert gone["also_at"] == []


def test_killed_at_any_step_the_same_again_finishes_it(home: Path) -> None:
    """The process is killed at its n-th touch of a file of the home; then it runs again."""
    killed_at = []
    for fatal in (2, 9, 16, 24, 40):
        script = (
            "import os, signal, sys\n"
            "count = 0\n"
            "def hook(event, arguments):\n"
            "    global count\n"
            "    if event in ('os.rename', 'os.remove', 'shutil.rmtree', 'sqlite3.connect',\n"
            "                 'os.mkdir', 'shutil.copyfile', 'open'):\n"
            "        count += event != 'open' or str(home) in str(arguments[0])\n"
            f"        if count == {fatal}:\n"
            "            os.kill(os.getpid(), signal.SIGKILL)\n"
            "home = sys.argv[2]\n"
            "from ui.main import main\n"
            "sys.addaudithook(hook)\n"
            "sys.exit(main(sys.argv[1:]))\n"
        )
        copied = Path(shutil.copytree(home, home.parent / f"killed-{fatal}"))
        command = [sys.executable, "-c", script, "--home", str(copied), "forget", DOC, "--yes"]
        env = {**os.environ, "PYTHONPATH": str(ROOT)}
        killed = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, check=False)
        assert killed.returncode in (0, -signal.SIGKILL), killed.stderr
        killed_at += [fatal] if killed.returncode else []
        assert main(["--quiet", "--home", str(copied), "forget", DOC, "--yes"]) == 0
        assert traces(copied) == []
        assert main(["--quiet", "--home", str(copied), "search", "oversight"]) == 0
    assert len(killed_at) > 2


def test_the_doctor_names_a_forgetting_that_was_cut_off(call: Any, home: Path) -> None:
    house = House(home)
    forget(house.store, [DOC])  # killed before the files
    house.store.close()
    (warning,) = (f for f in call(home, "--json", "doctor").json if f["name"] == "forgotten")
    assert (warning["state"], warning["remedy"]) == ("warn", f"alignloom forget {DOC} --yes")
    call(home, *warning["remedy"].split()[1:])
    assert "forgotten" not in call(home, "doctor").out


FEED = """<?xml version="1.0"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel><title>Notes</title>{items}</channel></rss>"""
ITEM = """<item><title>{title}</title><link>{url}/{title}</link><guid>{url}/{title}</guid>
<pubDate>Mon, 02 Nov 2026 10:00:00 GMT</pubDate>
<content:encoded>&lt;p&gt;{text}&lt;/p&gt;</content:encoded></item>"""


def test_a_crawl_does_not_bring_it_back_nor_keep_what_its_source_answered(
    call: Any, empty_home: Path
) -> None:
    filler = "And more of the text follows, so that it is whole. " * 12
    with serving(Site()) as site:
        texts = {"kept": f"Another text. {filler}", "gone": f"{SECRET}. {filler}"}
        items = "".join(ITEM.format(title=t, url=site.address, text=x) for t, x in texts.items())
        site.pages["/feed"] = xml(FEED.format(items=items))
        with (empty_home / "alignloom.toml").open("a") as file:
            file.write(
                f'\n[[source]]\nname = "notes"\ntype = "feed"\nurl = "{site.address}/feed"\n'
                "pause_s = 0\n"
            )
        assert call(empty_home, "--json", "crawl").json["sources"][0]["new"] == 2
        host = site.address.removeprefix("http://")
        said = call(empty_home, "forget", f"web:{host}/gone", "--yes")
        assert "1 answer of its source" in " ".join(said.out.split()), said
        assert kept_answers(empty_home) == []
        site.pages["/feed"] = xml(FEED.format(items=items.replace("Another", "A later")))
        again = call(empty_home, "crawl")
        assert again.code == 0
        assert "1 turned away: forgotten at their authors’ request" in again.out
        told = call(empty_home, "--json", "crawl").json["sources"][0]
        assert (told["new"], told["refusals"]) == (0, [])
    assert kept_answers(empty_home) == []
    assert traces(empty_home) == []


def kept_answers(home: Path) -> list[str]:
    """The answers of sources, as they are kept, that hold a word of the planted sentence."""
    with House(home).store.reading() as connection:
        bodies = connection.exec_driver_sql("SELECT deflated FROM bodies").scalars()
        return [body for d in bodies if TOKENS[0] in (body := zlib.decompress(d).decode())]
