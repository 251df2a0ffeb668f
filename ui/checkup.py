"""What could be wrong with a home, looked at piece by piece: each finding with its remedy."""

from __future__ import annotations

import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from typing import TYPE_CHECKING, Literal

from corpus.errors import AlignloomError

if TYPE_CHECKING:
    from ui.house import House

State = Literal["ok", "warn", "fail"]

ENOUGH_BYTES = 2 * 2**30
"""Free space below which an import or an index may not fit."""

SAFE_SQLITE = (3, 51, 3)
"""The first release without the WAL-reset bug, which can damage a database with two writers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that was looked at."""

    name: str
    state: State
    detail: str
    remedy: str = ""


def examine(house: House) -> Iterator[Finding]:
    """Look at everything; what cannot even be looked at is a failure of its own."""
    checks: tuple[tuple[str, Callable[[House], Iterator[Finding]]], ...] = (
        ("home", _home),
        ("settings", _settings),
        ("sources", _sources),
        ("driver", _driver),
        ("store", _store),
        ("SQLite", _sqlite),
        ("works", _works),
        ("forgotten", _forgotten),
        ("index", _index),
        ("embedder", _embedder),
    )
    for name, check in checks:
        try:
            yield from check(house)
        except AlignloomError as error:
            yield Finding(name=name, state="fail", detail=error.problem, remedy=error.remedy)


def _home(house: House) -> Iterator[Finding]:
    try:
        house.home.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=house.home):
            pass
    except OSError as error:
        yield Finding(
            name="home",
            state="fail",
            detail=f"{house.home} cannot be written: {error.strerror}",
            remedy="give another folder with --home",
        )
        return
    yield Finding(name="home", state="ok", detail=f"{house.home} can be written")
    free = shutil.disk_usage(house.home).free
    yield Finding(
        name="disk",
        state="ok" if free >= ENOUGH_BYTES else "warn",
        detail=f"{free / 2**30:.1f} GiB free",
        remedy="" if free >= ENOUGH_BYTES else "make room before a large import",
    )


def _settings(house: House) -> Iterator[Finding]:
    settings = house.settings
    kept = "SQLite in the home" if not settings.database else "a database of your own"
    detail = f"{kept}, embedder {settings.embedder.name}, reader {settings.reader_name}"
    yield Finding(name="settings", state="ok", detail=detail)


def _sources(house: House) -> Iterator[Finding]:
    """Whether the sources can be crawled, and which of them were closed or failing at last."""
    from corpus.crawls import Crawls
    from ui.crawling import sources_of

    names = [one.settings.name for one in sources_of(house)]
    yield Finding(name="sources", state="ok", detail=f"{len(names)} configured")
    for name, health in Crawls(house.store).health().items():
        if name in names and health.state != "ok":
            yield Finding(
                name="sources",
                state="warn",
                detail=f"{name} is {health.state}: {health.message}",
                remedy=f"alignloom sources, to see when; then alignloom crawl {name}",
            )


def _store(house: House) -> Iterator[Finding]:
    from corpus.store import HEAD

    count = house.shelf.count()
    detail = f"migration {HEAD}; {count['documents']:,} documents, {count['versions']:,} versions"
    yield Finding(name="store", state="ok", detail=detail)
    if house.store.engine.dialect.name != "sqlite":
        return
    with house.store.reading() as connection:
        faults = [row[0] for row in connection.exec_driver_sql("PRAGMA integrity_check(3)")]
    sound = faults == ["ok"]
    yield Finding(
        name="integrity",
        state="ok" if sound else "fail",
        detail="every page of the database is sound" if sound else "; ".join(faults),
        remedy="" if sound else "put back a copy of alignloom.db, then alignloom index --rebuild",
    )


def _sqlite(house: House) -> Iterator[Finding]:
    safe = sqlite3.sqlite_version_info >= SAFE_SQLITE
    yield Finding(
        name="SQLite",
        state="ok" if safe else "warn",
        detail=f"version {sqlite3.sqlite_version}"
        + (
            ""
            if safe
            else "; before 3.51.3 two writers at one instant can, very rarely, damage it"
        ),
        remedy="" if safe else "run one import or crawl at a time, and keep copies of the home",
    )


def _works(house: House) -> Iterator[Finding]:
    """Whether every text was compared with the others: one of an older home may still wait."""
    waiting = house.shelf.not_compared()
    yield Finding(
        name="works",
        state="warn" if waiting else "ok",
        detail=f"{waiting:,} texts wait to be compared with the others"
        if waiting
        else "every text was compared with the others",
        remedy="alignloom index" if waiting else "",
    )


def _forgotten(house: House) -> Iterator[Finding]:
    """Whether a forgetting was cut off before the text was out of every file."""
    from corpus.tombstones import unfinished

    left = unfinished(house.store)
    if left:
        yield Finding(
            name="forgotten",
            state="warn",
            detail=f"no answer shows {left[0]}, but files of the home may still hold its text",
            remedy=f"alignloom forget {left[0]} --yes",
        )


def _index(house: House) -> Iterator[Finding]:
    from index import generation

    serving = generation.current(house.index_folder)
    if serving is None:
        yield Finding(
            name="index", state="warn", detail="there is none yet", remedy="alignloom index"
        )
        return
    manifest = generation.verify(serving, thoroughly=True)
    detail = f"{manifest.documents:,} documents, {manifest.passages:,} passages, checksums agree"
    yield Finding(name="index", state="ok", detail=f"{detail}; made with {manifest.embedder}")
    behind = _behind(house, manifest.change)
    yield Finding(
        name="in step",
        state="warn" if behind else "ok",
        detail=f"{behind:,} changes behind the store" if behind else "with the store",
        remedy="alignloom index" if behind else "",
    )


def _behind(house: House, change: int) -> int:
    from corpus.store import last_change

    with house.store.reading() as connection:
        return last_change(connection) - change


def _embedder(house: House) -> Iterator[Finding]:
    embedder = house.embedder()
    manifest = house.manifest()
    yield Finding(name="embedder", state="ok", detail=f"{embedder.fingerprint}, checksum agrees")
    if manifest and manifest.embedder != embedder.fingerprint:
        yield Finding(
            name="embedder",
            state="warn",
            detail=f"the index was made with {manifest.embedder}, and is searched with it",
            remedy="alignloom index, to make it again with the configured one",
        )


def _driver(house: House) -> Iterator[Finding]:
    """What a database of one's own needs beside Alignloom."""
    if house.settings.database.startswith("postgresql"):
        here = find_spec("psycopg") is not None
        yield Finding(
            name="driver",
            state="ok" if here else "fail",
            detail="for PostgreSQL: " + ("installed" if here else "not installed"),
            remedy="" if here else 'pip install "psycopg[binary]"',
        )
