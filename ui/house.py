"""How the parts are put together: one home folder, opened as far as a question needs."""

from __future__ import annotations

import os
import shlex
from functools import cached_property
from pathlib import Path
from threading import RLock
from typing import TYPE_CHECKING

from corpus.errors import AlignloomError, BadSetting, IndexProblem
from corpus.paths import expanded

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from corpus.model import Answer, Digest
    from corpus.shelf import Shelf
    from corpus.store import Store
    from corpus.trees import Trees
    from index.building import IndexReport, Progress
    from index.embedder import Embedder, Vectors
    from index.generation import Manifest
    from index.reranker import Reranker
    from index.searcher import Searcher
    from synth.digest import Period
    from synth.growing import Proposal, Wish
    from synth.writer import Writer
    from ui.settings import Settings


EMPTY = "alignloom import PATH, then alignloom index; or alignloom demo"
"""What to do where there are no documents."""


def find_home(given: Path | None = None) -> Path:
    """The home folder: as given, else `ALIGNLOOM_HOME`, else the platform's place for data."""
    named = os.environ.get("ALIGNLOOM_HOME", "")
    from platformdirs import user_data_path

    home = given or (Path(named) if named else user_data_path("alignloom", appauthor=False))
    home = expanded(home).absolute()
    if home.exists() and not home.is_dir():
        raise BadSetting(f"home {str(home)!r} is a file", "give a folder with --home")
    return home


class _Silent:
    """Stands for the embedder that made an index where it cannot be had, and says why if asked."""

    def __init__(self, manifest: Manifest, why: AlignloomError) -> None:
        self.fingerprint = manifest.embedder
        self.dimension = manifest.dimension
        self._why = why

    def embed(self, texts: Sequence[str]) -> Vectors:
        """No vectors: the reason."""
        raise self._why


class House:
    """Everything that stands on one home folder. Each part is opened when first asked for."""

    def __init__(self, home: Path, *, say: Callable[[str], None] = lambda _: None) -> None:
        self.home = home
        self._say = say
        self._opening = RLock()  # several visitors of the page share one house
        self._embedders: dict[str, Embedder] = {}
        self._searcher: Searcher | None = None

    @property
    def call(self) -> str:
        """How the command line is called for this home, as one types it in a shell."""
        return shlex.join(["alignloom", "--home", str(self.home)])

    @cached_property
    def settings(self) -> Settings:
        """What the user set in this home and in the environment."""
        from ui.settings import read_settings

        return read_settings(self.home)

    @cached_property
    def store(self) -> Store:
        """The database, at its newest migration."""
        from corpus.store import open_store

        return open_store(self.settings.database or self.home / "alignloom.db")

    @cached_property
    def shelf(self) -> Shelf:
        """The documents."""
        from corpus.shelf import Shelf

        return Shelf(self.store)

    @cached_property
    def trees(self) -> Trees:
        """The trees of ideas."""
        from corpus.trees import Trees

        return Trees(self.store)

    @property
    def index_folder(self) -> Path:
        """Where the index is kept; it may be thrown away."""
        return self.home / "index"

    def embedder(self, name: str = "") -> Embedder:
        """The embedder of that name, opened once; the configured one where none is named."""
        from index.embedder import FASTEST, fastest_here, open_embedder

        chosen = self.settings.embedder
        name = name or chosen.name
        with self._opening:
            if name == FASTEST:
                name = fastest_here(chosen.model)
            if name not in self._embedders:
                opened = open_embedder(name, model=chosen.model, say=self._say)
                self._embedders[name] = opened
            return self._embedders[name]

    @cached_property
    def reranker(self) -> Reranker | None:
        """The configured reranker, `None` where there is none."""
        if not self.settings.search.reranker:
            return None
        from index.reranker import open_reranker

        return open_reranker(self.settings.search.reranker)

    @property
    def serving_embedder(self) -> str:
        """The name of the embedder that made the serving index; empty where there is none."""
        manifest = self.manifest()
        return manifest.embedder.partition("/")[0] if manifest else ""

    @property
    def other_embedder(self) -> str:
        """The name of the embedder that is set, where the index was made with another; else empty.

        The fastest is not set by name: what is installed may change, and the index goes on.
        """
        from index.embedder import FASTEST

        name = self.settings.embedder.name
        return "" if name in (FASTEST, self.serving_embedder) else name

    def manifest(self) -> Manifest | None:
        """What the serving index was made of, `None` where there is no index."""
        from index import generation

        serving = generation.current(self.index_folder)
        return generation.read_manifest(serving) if serving else None

    def has_index(self) -> bool:
        """Whether there is an index that holds something, or nothing that it could hold."""
        return self._holds_some(self.manifest())

    def _holds_some(self, manifest: Manifest | None) -> bool:
        return manifest is not None and (manifest.documents > 0 or not self.shelf.newest(1))

    def searcher(self) -> Searcher:
        """The serving index with the embedder that made it; another one is opened by itself.

        Where that embedder cannot be had, what needs no vector of a question is answered still.
        """
        from index.searcher import open_searcher

        with self._opening:
            serving = self.manifest()
            if serving is None and not self.shelf.newest(1):
                raise IndexProblem(f"nothing has been imported yet into {self.home}", EMPTY)
            if serving is None or not self._holds_some(serving):
                raise IndexProblem("what was imported is not indexed yet", "alignloom index")
            # by what it is made of: the numbers of an index begin again where it is made again
            if self._searcher is None or self._searcher.manifest != serving:
                try:
                    embedder = self.embedder(self.serving_embedder)
                    self._searcher = open_searcher(
                        self.index_folder, self.shelf, embedder, self.reranker
                    )
                except AlignloomError as error:
                    # words are found all the same; not kept, since the embedder may be mended
                    silent = _Silent(serving, error)
                    return open_searcher(self.index_folder, self.shelf, silent, self.reranker)
            return self._searcher

    def bring_in_step(
        self, on_progress: Progress, *, embedder: str = "", rebuild: bool = False
    ) -> IndexReport:
        """Make the index hold what the shelf holds, by the named or the configured embedder.

        Texts that were never compared with others are first.
        """
        from index.building import bring_in_step

        while self.shelf.compare_the_rest(100):
            pass  # a hundred texts of an older home to a transaction
        model = self.embedder(embedder)
        return bring_in_step(
            self.index_folder, self.shelf, model, on_progress=on_progress, rebuild=rebuild
        )

    # -- asking the writer --------------------------------------------------------------------

    @cached_property
    def writer(self) -> Writer:
        """Whoever turns evidence into claims here, unless `write_with` named another."""
        return self._open_writer(self.settings.writer)

    def write_with(self, name: str, *, planning: bool = False) -> Writer:
        """From now on let this writer write, the configured one where none is named.

        planning  only count the calls that it would make; `writer.caller.planned` lists them
        """
        self.writer = self._open_writer(name or self.settings.writer, planning=planning)
        return self.writer

    def _open_writer(self, name: str, *, planning: bool = False) -> Writer:
        from corpus.calls import Calls
        from synth.writer import open_writer
        from ui.means import means_of

        return open_writer(name, means_of(self.settings, Calls(self.store), planning=planning))

    def summarize(self, doc_id: str) -> Answer:
        """What a document's current text says, in claims with quotes that were looked up again."""
        from corpus.model import Answer
        from synth.evidence import proven
        from ui.facts import taken_back

        if refused := taken_back(self.shelf.document(doc_id)):
            return Answer(claims=(), writer=self.writer.name, refused=refused)
        embed = self.searcher().embed if self.serving_embedder else None
        given = self.writer.summarize(self.shelf.version(doc_id), embed=embed)
        return proven(given, self.shelf)

    def answer(self, question: str) -> Answer:
        """An answer from the passages that the index finds, or a refusal."""
        from synth.asking import ask

        return ask(question, self.searcher(), self.writer)

    def propose(self, wish: Wish, *, wanted: Callable[[], bool] = lambda: True) -> Proposal:
        """Ideas for a wish, hung in their tree, which is planted where there is none.

        wanted  asked before they are hung; nothing is where it says no
        """
        from synth.growing import propose

        return propose(
            wish, searcher=self.searcher(), trees=self.trees, writer=self.writer, wanted=wanted
        )

    def digest(self, period: Period, profile: str = "") -> Digest:
        """The digest of a period for a reader; what was marked orders it where there is an index.

        It is written without a model: a scheduled job spends nothing that nobody asked for.
        """
        from synth.digesting import make_digest
        from synth.writer import open_writer
        from ui.readers import reader_of

        return make_digest(
            period,
            shelf=self.shelf,
            writer=open_writer(),
            searcher=self.searcher() if self.serving_embedder else None,
            reader=reader_of(self.settings, profile, self.store),
        )
