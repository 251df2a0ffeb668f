"""One thread at a time for products too small to share out, however many ask at once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Lock

from threadpoolctl import LibController, ThreadpoolController


@dataclass(slots=True)
class _Process:
    """What the blocks that are open now, in all threads, have changed for the whole process."""

    lock: Lock = field(default_factory=Lock)
    blocks: int = 0
    changed: dict[str, tuple[LibController, int]] = field(default_factory=dict)
    """Libraries and how many threads they had, by their files."""


_process = _Process()


class Threads:
    """The pools of threads of the libraries that are loaded by now.

    OpenMP keeps a number of threads for each thread that asks, other libraries one for all.
    """

    def __init__(self) -> None:
        loaded = ThreadpoolController()
        self._own = loaded.select(user_api="openmp", threading_layer="openmp")
        own = {library.filepath for library in self._own.lib_controllers}
        self._common = [each for each in loaded.lib_controllers if each.filepath not in own]

    @contextmanager
    def one(self) -> Iterator[None]:
        """A block whose products are computed on the thread that asks for them.

        What all threads have in common is put back when the last of all open blocks is left.
        """
        with self._own.limit(limits=1):
            _enter(self._common)
            try:
                yield
            finally:
                _leave()


def _enter(libraries: Sequence[LibController]) -> None:
    with _process.lock:
        _process.blocks += 1
        for each in libraries:
            if each.filepath not in _process.changed and each.num_threads > 1:
                _process.changed[each.filepath] = (each, each.num_threads)
                _set(each, 1)


def _leave() -> None:
    with _process.lock:
        _process.blocks -= 1
        if not _process.blocks:
            for library, threads in _process.changed.values():
                _set(library, threads)
            _process.changed.clear()


def _set(library: LibController, threads: int) -> None:
    """Set it from any thread; OpenBLAS is otherwise left to the one that has set it first."""
    let_go = getattr(library, "clear_controlling_thread", lambda force: None)
    let_go(force=True)
    library.set_num_threads(threads)
    let_go(force=True)
