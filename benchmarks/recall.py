"""What a crawl brings of a forum and an arXiv, and what the next brings after they have changed.

    python -m benchmarks.recall [POSTS] [PAPERS]

Both dialects of forum, with comments, and papers with and without a full text are crawled by the
real driver into a store. Then everything happens that happens behind a crawl's back, and they are
crawled once more. What must be there is read from the worlds' rows, what is there from the store.
Exits 1 if anything is missing, stale, too much, or was fetched although it had not changed.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import sleep

from corpus.crawls import Crawls
from corpus.shelf import Shelf
from corpus.store import open_store
from crawler.asking.fetching import Manners
from crawler.configuration import configured
from crawler.crawl import Crawler
from crawler.source import Json
from tests.crawler.worlds.arxiv import BODY, Record, World, latexml
from tests.crawler.worlds.forum import ForumWorld, populate
from tests.crawler.worlds.forum_changes import (
    GONE,
    NEW_TEXTS,
    change_behind_the_cursor,
    discussed,
    eligible,
    let_a_week_pass,
)
from tests.crawler.worlds.web import serving

WEEK = timedelta(seconds=1)
"""How long the week is in which everything happens: the store's clock cannot be put forward."""


@dataclass(slots=True)
class Tally:
    """What was expected of one world, and what of it was found."""

    rows: list[tuple[str, int, int]] = field(default_factory=list)

    def add(self, what: str, expected: Mapping[str, str], found: Mapping[str, str]) -> None:
        """Count what is as expected, blank ends aside; what is too much counts as not found."""
        right = sum(found.get(name) == text.rstrip() for name, text in expected.items())
        self.rows.append((what, len(expected), right - len(found.keys() - expected.keys())))

    @property
    def is_whole(self) -> bool:
        """Whether everything was as expected."""
        return all(expected == right for _, expected, right in self.rows)


def main() -> None:
    """Crawl, let a week pass, crawl again, and print a Markdown table."""
    posts, papers = ([int(word) for word in sys.argv[1:]] + [420, 120][len(sys.argv) - 1 :])[:2]
    tally = Tally()
    for dialect in ("selector", "terms"):
        _follow_forum(tally, dialect, posts)
    _follow_papers(tally, papers)
    print("| what | expected | as expected | recall |\n|---|---|---|---|")
    for what, expected, right in tally.rows:
        print(f"| {what} | {expected:,} | {right:,} | {right / max(1, expected):.3f} |")
    sys.exit(not tally.is_whole)


@dataclass(frozen=True, slots=True)
class _Home:
    """A store, and a crawl of one source into it."""

    shelf: Shelf
    folder: Path
    entry: Mapping[str, Json]

    def crawl(self) -> None:
        crawler = Crawler(
            crawls=Crawls(self.shelf.store),
            agent="alignloom-bench/1 (+mailto:bench@example.org)",
            folder=self.folder / "clones",
            manners=Manners(first_backoff_s=0.01),
        )
        (report,) = crawler.crawl(configured([{**self.entry, "name": "mine", "pause_s": 0}]))
        if not report.is_well:
            sys.exit(f"the crawl did not end well: {report}")

    def texts(self) -> dict[str, str]:
        """Current texts of what is still to be read at its place, by the source's own keys."""
        found = self.shelf.documents(self.shelf.select(citable=False))
        return {
            name.partition(":")[2]: self.shelf.version(name).text
            for name, document in found.items()
            if document.status in ("live", "retracted", "unlisted")
        }

    def states(self) -> dict[str, str]:
        """What is not live, by the source's own keys."""
        found = self.shelf.documents(self.shelf.select(citable=False))
        all_states = {name.partition(":")[2]: one.status for name, one in found.items()}
        return {name: state for name, state in all_states.items() if state != "live"}


# -- a forum ------------------------------------------------------------------------------------


def _follow_forum(tally: Tally, dialect: str, posts: int) -> None:
    world = ForumWorld(datetime.now(UTC) - timedelta(seconds=1), dialect=dialect)
    populate(world, posts=posts)
    keys = change_behind_the_cursor(world)
    with tempfile.TemporaryDirectory() as folder, world.served() as url:
        entry: dict[str, Json] = {"type": "forum_magnum", "url": url, "dialect": dialect}
        home = _home(Path(folder), {**entry, "tags": ["ai"]})
        home.crawl()
        wanted, said = eligible(world, tags=["ai"]), discussed(world, tags=["ai"])
        found = home.texts()
        tally.add(f"{dialect}: posts", wanted, _only(found, world.posts))
        tally.add(f"{dialect}: comments", said, _only(found, world.comments))
        before = home.states()

        world.now = datetime.now(UTC)
        let_a_week_pass(world, keys, week=WEEK)
        sleep(WEEK.total_seconds())
        world.texts_sent.clear()
        home.crawl()
        kept_untagged = keys["lost its tag, then edited"]
        now = eligible(world, tags=["ai"]) | discussed(world, tags=["ai"])
        now |= {kept_untagged: "Second text without a tag."}
        now |= {keys["unlisted"]: "First text of unlisted."}
        tally.add(f"{dialect}: posts and comments a week later", now, home.texts())
        gone = {keys[name]: status for name, status in GONE.items()}
        tally.add(f"{dialect}: what is no longer live", gone | before, home.states())
        fetched = {key: str(times) for key, times in world.texts_sent.items()}
        once = {keys[name]: "1" for name in NEW_TEXTS}
        tally.add(f"{dialect}: texts fetched that week, each once", once, fetched)


# -- papers -------------------------------------------------------------------------------------


def _follow_papers(tally: Tally, papers: int) -> None:
    with tempfile.TemporaryDirectory() as folder, serving(World()) as world:
        if not isinstance(world, World):
            raise TypeError("an arXiv was to be served")
        world.records = [
            Record(f"2611.{n:05}", title=f"Reward hacking {n}") for n in range(papers)
        ]
        for record in world.records[: papers // 2]:
            world.pages[f"/html/{record.key}"] = latexml(record, f"<p>{record.key}. {BODY}</p>")
        world.tokens_to_kill = 1
        entry: dict[str, Json] = {"type": "arxiv", "url": world.address, "sets": ["cs:cs:LG"]}
        home = _home(Path(folder), {**entry, **world.options()})
        home.crawl()
        tally.add("papers", _expected(world), _marked(home.texts(), world))

        later = {"stamp": "2026-11-25", "updated": "2026-11-24"}
        world.change("2611.00000", **later, comments="Withdrawn: an error")
        for key in ("2611.00001", "2611.00002"):
            world.change(key, **later, version=2)
            record = next(record for record in world.records if record.key == key)
            world.pages[f"/html/{key}"] = latexml(record, f"<p>{key} again. {BODY}</p>")
        world.records += [
            Record(f"2612.{n:05}", title=f"New {n}", stamp="2026-11-25") for n in (1, 2)
        ]
        home.crawl()
        expected = _expected(world)
        del expected["2611.00000"]
        tally.add("papers a week later", expected, _marked(home.texts(), world))
        tally.add("papers withdrawn", {"2611.00000": "withdrawn"}, home.states())


def _expected(world: World) -> dict[str, str]:
    """For each paper the words by which its current text is known."""
    return {record.key: _mark(record.key, world) for record in world.records}


def _mark(key: str, world: World) -> str:
    if f"/html/{key}" not in world.pages:
        return "abstract"
    return (
        f"{key} again." if key in ("2611.00001", "2611.00002") and _changed(world) else f"{key}."
    )


def _changed(world: World) -> bool:
    return any(record.version == 2 for record in world.records)


def _marked(texts: Mapping[str, str], world: World) -> dict[str, str]:
    """The words by which each text should be known, where it has them."""
    marks = {key: _mark(key, world) for key in texts}
    return {
        key: mark if (mark in texts[key]) or mark == "abstract" else texts[key][:60]
        for key, mark in marks.items()
    }


def _only(texts: Mapping[str, str], keys: Mapping[str, object]) -> dict[str, str]:
    return {key: text for key, text in texts.items() if key in keys}


def _home(folder: Path, entry: Mapping[str, Json]) -> _Home:
    return _Home(Shelf(open_store(folder / "alignloom.db")), folder, entry)


if __name__ == "__main__":
    main()
