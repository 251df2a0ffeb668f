"""The store: one SQL database that is the only truth. SQLite by default, PostgreSQL by URL."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import (
    URL,
    Connection,
    Engine,
    create_engine,
    event,
    func,
    insert,
    inspect,
    select,
    update,
)
from sqlalchemy.exc import (
    ArgumentError,
    DatabaseError,
    IntegrityError,
    NoSuchModuleError,
    ProgrammingError,
)

from corpus.errors import BadSetting, StoreProblem
from corpus.tables import counters

if TYPE_CHECKING:
    from sqlite3 import Connection as SQLiteConnection

    from alembic.config import Config

HEAD = "0012"
"""The migration that this code is written for; a test compares it with the migrations."""

BUSY_MS = 30_000
"""How long a writer waits for another before it gives up."""


class Store:
    """A database at its newest migration, with transactions that read or write."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self._snapshots = engine
        self._lasting = engine.execution_options(writes=True)
        self._passing = engine.execution_options(writes=True, lasting=False)
        if engine.dialect.name == "postgresql":  # SQLite's transactions are snapshots anyway
            self._snapshots = engine.execution_options(isolation_level="REPEATABLE READ")

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A transaction that sees one state of the store from start to end."""
        with _plainly(), self._snapshots.begin() as connection:
            yield connection

    @contextmanager
    def writing(self, *, lasting: bool = True) -> Iterator[Connection]:
        """A transaction that commits whole or not at all, one at a time on SQLite.

        What is not `lasting` survives the death of this process, but a power cut may take it
        back, with all that was committed after it, until a lasting transaction ends.
        """
        engine = self._lasting if lasting else self._passing
        with _plainly(), engine.begin() as connection:
            yield connection

    def outlast(self) -> None:
        """Make everything that is committed survive a power cut, also what was not `lasting`."""
        if self.engine.dialect.name == "sqlite":  # a checkpoint waits for the log to be on disk
            with self.engine.connect() as connection:
                raw = connection.connection.driver_connection
                if raw is not None:
                    raw.execute("PRAGMA wal_checkpoint(PASSIVE)")

    def close(self) -> None:
        """Give back every connection."""
        self.engine.dispose()


def open_store(address: str | Path) -> Store:
    """Open the store at a file path or a database URL, migrating it first where it is older."""
    if isinstance(address, Path):
        address.parent.mkdir(parents=True, exist_ok=True)
    engine = _engine(address)
    if engine.dialect.name == "sqlite":
        _behave_on_sqlite(engine)
    store = Store(engine)
    try:
        _migrate(store)
    except (DatabaseError, StoreProblem) as error:
        cause = error.orig if isinstance(error, DatabaseError) else error.problem
        raise BadSetting(
            f"the store at {engine.url.render_as_string()} cannot be used: {cause}",
            "move the file away if it is not Alignloom's, or give another home with --home",
        ) from error
    return store


def _engine(address: str | Path) -> Engine:
    try:
        if isinstance(address, Path):  # not as text: a path may hold `?` and `%`
            return create_engine(URL.create("sqlite", database=str(address)))
        return create_engine(address)
    except ModuleNotFoundError as error:
        raise BadSetting(
            f"the driver {error.name!r} of the configured database is not installed",
            f"pip install {error.name}",
        ) from error
    except (ArgumentError, NoSuchModuleError) as error:
        raise BadSetting(
            "`database` is not the URL of a database that is known here",
            "leave it unset for SQLite, or write postgresql+psycopg://user@host/name",
        ) from error


_HOLD = select(counters.c.value).with_for_update()
_TAKE = (
    update(counters)
    .where(counters.c.name == "changes")
    .values(value=counters.c.value + 1)
    .returning(counters.c.value)
)


def hold_changes(connection: Connection) -> None:
    """Let no other transaction change the store before this one ends.

    SQLite's writing transactions have that right from their start; there this does nothing.
    """
    if connection.dialect.name != "sqlite":
        connection.execute(_HOLD)


def next_change(connection: Connection) -> int:
    """The next number of the change counter; held by this transaction until it ends."""
    return int(connection.execute(_TAKE).scalar_one())


def moment_of(connection: Connection) -> datetime:
    """The moment by the database's clock, UTC: the one clock that all processes share."""
    if connection.dialect.name == "sqlite":
        text = connection.exec_driver_sql("SELECT strftime('%Y-%m-%dT%H:%M:%f', 'now')").scalar()
        return datetime.fromisoformat(f"{text}+00:00")
    moment: datetime = connection.execute(select(func.clock_timestamp())).scalar_one()
    return moment.astimezone(UTC)


def last_change(connection: Connection) -> int:
    """The number of the newest committed change: two equal numbers mean an equal store."""
    return int(connection.execute(select(counters.c.value)).scalar_one())


@contextmanager
def _plainly() -> Iterator[None]:
    """Say in words what a database driver says of locks, full disks and lost connections."""
    try:
        yield
    except (IntegrityError, ProgrammingError):
        raise  # of interest to who wrote the statement, not to the user
    except DatabaseError as error:
        said = str(error.orig)
        raise StoreProblem(
            f"the store cannot be used: {said}",
            next(
                (remedy for sign, remedy in _REMEDIES.items() if sign in said), "alignloom doctor"
            ),
        ) from error


_REMEDIES = {
    "locked": "again when the other process that writes is done",
    "busy": "again when the other process that writes is done",
    "full": "make room on the disk",
    "readonly": "see that the home folder may be written, or give another with --home",
    "connection": "see that the database server runs and can be reached",
}
"""What to try, by a word of what the database's driver says."""


def _behave_on_sqlite(engine: Engine) -> None:
    """Transactions that begin when told to; the lasting ones survive a power cut."""

    def configure(raw: SQLiteConnection, _: object) -> None:
        raw.isolation_level = None
        raw.execute("PRAGMA journal_mode = WAL")
        raw.execute("PRAGMA foreign_keys = ON")
        raw.execute(f"PRAGMA busy_timeout = {BUSY_MS}")

    def begin(connection: Connection) -> None:
        options = connection.get_execution_options()
        writes, lasting = options.get("writes", False), options.get("lasting", True)
        if writes:  # in WAL mode both are whole after a crash; FULL waits for the disk each time
            connection.exec_driver_sql(f"PRAGMA synchronous = {'FULL' if lasting else 'NORMAL'}")
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
    config.set_main_option(
        "script_location", str(Path(__file__).parent / "migrations").replace("%", "%%")
    )
    return config
