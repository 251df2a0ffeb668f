"""The store: one SQL database that is the only truth. SQLite by default, PostgreSQL by URL."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, Engine, create_engine, event, insert, inspect, select, update
from sqlalchemy.exc import ArgumentError, DatabaseError, NoSuchModuleError, OperationalError

from corpus.errors import BadSetting, StoreProblem
from corpus.tables import counters

if TYPE_CHECKING:
    from sqlite3 import Connection as SQLiteConnection

    from alembic.config import Config

HEAD = "0001"
"""The migration that this code is written for; a test compares it with the migrations."""

BUSY_MS = 30_000
"""How long a writer waits for another before it gives up."""


class Store:
    """A database at its newest migration, with transactions that read or write."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A transaction that sees one state of the store from start to end."""
        with _plainly(), self.engine.begin() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A transaction that commits whole or not at all, one at a time on SQLite."""
        with _plainly(), self.engine.execution_options(writes=True).begin() as connection:
            yield connection

    def close(self) -> None:
        """Give back every connection."""
        self.engine.dispose()


def open_store(address: str | Path) -> Store:
    """Open the store at a file path or a database URL, migrating it first where it is older."""
    url = f"sqlite:///{address}" if isinstance(address, Path) else address
    if isinstance(address, Path):
        address.parent.mkdir(parents=True, exist_ok=True)
    try:
        engine = create_engine(url)
    except (ArgumentError, NoSuchModuleError, ModuleNotFoundError) as error:
        raise BadSetting(
            f"database {url!r} cannot be opened: {error}",
            "leave `database` unset for SQLite, or write postgresql+psycopg://user@host/name",
        ) from error
    if engine.dialect.name == "sqlite":
        _behave_on_sqlite(engine)
    store = Store(engine)
    try:
        _migrate(store)
    except (DatabaseError, StoreProblem) as error:
        cause = error.orig if isinstance(error, DatabaseError) else error.problem
        raise BadSetting(
            f"the store at {address} cannot be used: {cause}",
            "move the file away if it is not Alignloom's, or give another home with --home",
        ) from error
    return store


def next_change(connection: Connection) -> int:
    """The next number of the change counter; held by this transaction until it ends."""
    take = update(counters).where(counters.c.name == "changes").values(value=counters.c.value + 1)
    return int(connection.execute(take.returning(counters.c.value)).scalar_one())


def last_change(connection: Connection) -> int:
    """The number of the newest committed change: two equal numbers mean an equal store."""
    return int(connection.execute(select(counters.c.value)).scalar_one())


@contextmanager
def _plainly() -> Iterator[None]:
    """Say in words what a database driver says of locks, full disks and lost connections."""
    try:
        yield
    except OperationalError as error:
        raise StoreProblem(
            f"the store cannot be used just now: {error.orig}",
            "again when no other process writes; see that the disk has room and may be written",
        ) from error


def _behave_on_sqlite(engine: Engine) -> None:
    """Transactions that begin when told to, and commits that survive a power cut."""

    def configure(raw: SQLiteConnection, _: object) -> None:
        raw.isolation_level = None
        raw.execute("PRAGMA journal_mode = WAL")
        raw.execute("PRAGMA synchronous = FULL")
        raw.execute("PRAGMA foreign_keys = ON")
        raw.execute(f"PRAGMA busy_timeout = {BUSY_MS}")

    def begin(connection: Connection) -> None:
        writes = connection.get_execution_options().get("writes", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    event.listen(engine, "connect", configure)
    event.listen(engine, "begin", begin)


def _migrate(store: Store) -> None:
    with store.reading() as connection:
        if _revision(connection) == HEAD:
            return
    from alembic import command

    with store.writing() as connection:
        if connection.dialect.name == "postgresql":
            connection.exec_driver_sql("SELECT pg_advisory_xact_lock(7219340)")
        found = _revision(connection)
        if found is not None and found > HEAD:
            raise BadSetting(
                f"the store was written by a newer Alignloom (migration {found})",
                "update Alignloom, or give another home with --home",
            )
        config = _alembic_config()
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
        if connection.execute(select(counters.c.value)).first() is None:
            connection.execute(insert(counters).values(name="changes", value=0))


def _revision(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar()


@cache
def _alembic_config() -> Config:
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    return config
