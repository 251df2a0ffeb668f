"""What every test lives by: no network, a fresh store, and an index that needs no weights."""

from __future__ import annotations

import ipaddress
import os
import socket
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from corpus.model import Document, Version
from corpus.shelf import Shelf
from corpus.store import Store, open_store
from index.building import bring_in_step
from index.embedder import Embedder, open_embedder
from index.searcher import Searcher, open_searcher

ROOT = Path(__file__).parent.parent
DATA = ROOT.parent / "shared" / "data"

for name in ("HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE", "HF_HUB_DISABLE_TELEMETRY"):
    os.environ[name] = "1"
for name in [name for name in os.environ if name.startswith("ALIGNLOOM_")]:
    del os.environ[name]

_connect = socket.socket.connect
_look_up = socket.getaddrinfo


class NetworkUsed(AssertionError):
    """A test tried to leave this machine."""


def _must_stay_here(host: object) -> None:
    name = str(host).strip("[]")
    if name in ("localhost", "", "None"):
        return
    try:
        if ipaddress.ip_address(name).is_loopback:
            return
    except ValueError:
        pass
    raise NetworkUsed(f"a test asked for {name!r}: only this machine may be reached")


@pytest.fixture(autouse=True, scope="session")
def _fence() -> Iterator[None]:
    """Fail a test that connects to, or looks up, anything but this machine."""

    def connect(self: socket.socket, address: Any) -> None:
        if self.family in (socket.AF_INET, socket.AF_INET6):
            _must_stay_here(address[0])
        _connect(self, address)

    def look_up(host: Any, *rest: Any, **named: Any) -> Any:
        _must_stay_here(host.decode() if isinstance(host, bytes) else host)
        return _look_up(host, *rest, **named)

    patch = pytest.MonkeyPatch()
    patch.setattr(socket.socket, "connect", connect)
    patch.setattr(socket, "getaddrinfo", look_up)
    yield
    patch.undo()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip what reads the shared data where that is absent."""
    if DATA.is_dir():
        return
    for item in items:
        if item.get_closest_marker("data"):
            item.add_marker(pytest.mark.skip(reason="../shared/data is not here"))


@pytest.fixture(scope="session")
def data() -> Path:
    """The folder of real data; use it only in tests marked `data`."""
    return DATA


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """An empty store of its own."""
    opened = open_store(tmp_path / "alignloom.db")
    yield opened
    opened.close()


@pytest.fixture
def shelf(store: Store) -> Shelf:
    """An empty shelf of its own."""
    return Shelf(store)


@pytest.fixture
def hashing() -> Embedder:
    """The embedder that ships without weights."""
    return open_embedder("hashing")


@pytest.fixture
def searcher_over(tmp_path: Path, hashing: Embedder) -> Callable[[Shelf], Searcher]:
    """Index a shelf as it is now, and open the index."""

    def index(shelf: Shelf) -> Searcher:
        bring_in_step(tmp_path / "index", shelf, hashing)
        return open_searcher(tmp_path / "index", shelf, hashing)

    return index


@pytest.fixture
def write() -> Callable[..., tuple[Document, Version]]:
    """Make a document and its text in one line."""

    def make(key: str, text: str, **facts: Any) -> tuple[Document, Version]:
        doc_id = facts.pop("doc_id", f"web:example.org/{key}")
        known: dict[str, Any] = {"source": "example", "kind": "note", "title": key.title()} | facts
        return Document(doc_id=doc_id, **known), Version(doc_id=doc_id, text=text)

    return make
