"""One other system at one task. Run by `benchmarks.ingest`, in an environment of its own.

    python benchmarks/rivals.py SYSTEM (ingest | ask) MODEL_FOLDER BEIR_FOLDER STATE_FOLDER

`ingest` prints one JSON value: seconds, not counting imports, and the peak memory. `ask` prints a
line at the first answer, then one JSON value: the ten best of each query, and milliseconds. It
imports nothing of Alignloom, so that the other systems' libraries need not suit Alignloom's.
"""

from __future__ import annotations

import json
import resource
import sys
from collections.abc import Callable
from pathlib import Path
from time import perf_counter
from typing import Protocol

Documents = list[tuple[str, str]]
Ask = Callable[[str], list[str]]


class System(Protocol):
    """Takes documents in, in one process, and answers in another."""

    def ingest(self, documents: Documents) -> None:
        """Cut, embed, index and persist."""
        ...

    def opened(self) -> Ask:
        """What answers queries from what was persisted: keys of ten documents, best first."""
        ...


class LlamaIndex:
    """The default index: `VectorStoreIndex` in a `SimpleVectorStore`, persisted as JSON."""

    def __init__(self, model: str, state: Path) -> None:
        from llama_index.core import Settings
        from llama_index.embeddings.huggingface import HuggingFaceEmbedding

        self._state = str(state)
        self._embedding = HuggingFaceEmbedding(model_name=model, device="cpu")
        Settings.llm = None

    def ingest(self, documents: Documents) -> None:
        """Cut, embed, index and persist."""
        from llama_index.core import Document, VectorStoreIndex

        taken = [Document(text=text, doc_id=key) for key, text in documents]
        index = VectorStoreIndex.from_documents(taken, embed_model=self._embedding)
        index.storage_context.persist(self._state)

    def opened(self) -> Ask:
        """A retriever over what was persisted."""
        from llama_index.core import StorageContext, load_index_from_storage

        storage = StorageContext.from_defaults(persist_dir=self._state)
        index = load_index_from_storage(storage, embed_model=self._embedding)
        retriever = index.as_retriever(similarity_top_k=10)
        return lambda query: [str(found.node.ref_doc_id) for found in retriever.retrieve(query)]


class Chroma:
    """A persistent collection with Chroma's own sentence-transformers function."""

    def __init__(self, model: str, state: Path) -> None:
        import chromadb
        from chromadb.utils.embedding_functions import SentenceTransformerEmbeddingFunction

        self._collection = chromadb.PersistentClient(
            path=str(state), settings=chromadb.Settings(anonymized_telemetry=False)
        ).get_or_create_collection(
            "documents",
            embedding_function=SentenceTransformerEmbeddingFunction(model_name=model),
            configuration={"hnsw": {"space": "cosine"}},
        )

    def ingest(self, documents: Documents) -> None:
        """Embed, index and persist, a thousand documents at a time."""
        for first in range(0, len(documents), 1000):
            some = documents[first : first + 1000]
            self._collection.add(ids=[key for key, _ in some], documents=[t for _, t in some])

    def opened(self) -> Ask:
        """The collection's own query."""
        return lambda query: self._collection.query(query_texts=[query], n_results=10)["ids"][0]


class Txtai:
    """Dense vectors and BM25 together, as txtai's `hybrid` has them."""

    def __init__(self, model: str, state: Path) -> None:
        from txtai import Embeddings

        self._state = str(state / "index")
        self._embeddings = Embeddings(path=model, hybrid=True, content=True)

    def ingest(self, documents: Documents) -> None:
        """Embed, index and save."""
        self._embeddings.index(documents)
        self._embeddings.save(self._state)

    def opened(self) -> Ask:
        """The saved index, loaded."""
        self._embeddings.load(self._state)
        return lambda query: [found["id"] for found in self._embeddings.search(query, 10)]


SYSTEMS: dict[str, Callable[[str, Path], System]] = {
    "LlamaIndex": LlamaIndex,
    "Chroma": Chroma,
    "txtai": Txtai,
}


def main() -> None:
    """Do one task, and print what it took."""
    name, task, model, folder, state = sys.argv[1:]
    if task == "ingest":
        documents = read_documents(Path(folder))
        system = SYSTEMS[name](model, Path(state))  # imports and the model: not counted
        began = perf_counter()
        system.ingest(documents)
        tell_ingest(perf_counter() - began)
    else:
        tell_answers(SYSTEMS[name](model, Path(state)).opened(), Path(folder))


def read_documents(folder: Path) -> Documents:
    """Identifier and title with text of every document of a BEIR folder."""
    lines = (folder / "corpus.jsonl").read_text(encoding="utf-8").splitlines()
    return [(d["_id"], f"{d['title']}\n{d['text']}") for d in map(json.loads, lines)]


def tell_ingest(seconds: float) -> None:
    """Print what taking in has taken."""
    peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    sys.stdout.write(json.dumps({"seconds": seconds, "peak_mb": peak_mb}) + "\n")


def tell_answers(ask: Ask, folder: Path) -> None:
    """Ask every query of the folder, one at a time, and print what was found."""
    lines = (folder / "queries.jsonl").read_text(encoding="utf-8").splitlines()
    queries = {d["_id"]: d["text"] for d in map(json.loads, lines)}
    ask(next(iter(queries.values())))
    sys.stdout.write("first answer\n")
    sys.stdout.flush()
    rankings, ms = {}, []
    for key, text in queries.items():
        began = perf_counter()
        rankings[key] = ask(text)
        ms.append(1000 * (perf_counter() - began))
    sys.stdout.write(json.dumps({"rankings": rankings, "ms": ms}) + "\n")


if __name__ == "__main__":
    main()
