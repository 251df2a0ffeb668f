"""BEIR folders and files of `{"_id", "title", "text"}`: collections for measuring retrieval."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from corpus.identity import arxiv_id
from crawler.file import File
from crawler.json_lines import SUFFIXES, Record, first_keys, records
from crawler.reader import Reading, Refusal, file_id, refused, skipped
from crawler.values import people, text, web_address, words

_CORPUS = ("corpus.jsonl", "corpus.jsonl.gz")


class Beir:
    """Documents of a test collection; its queries and judgements are no documents."""

    version = "1"

    def fits(self, file: File) -> bool:
        """JSON lines with `_id` and `text`, or a table of judgements."""
        if file.suffix == ".tsv":
            return file.path.parent.name == "qrels" or file.stem == "qrels"
        return file.suffix in SUFFIXES and {"_id", "text"} <= first_keys(file)

    def read(self, file: File) -> Iterator[Reading | Refusal]:
        """One reading per document of the collection."""
        if file.suffix == ".tsv":
            yield skipped(file, "relevance judgements of a test collection, not documents")
        elif file.stem.startswith("queries") and any(map(file.beside, _CORPUS)):
            yield skipped(file, "queries of a test collection, not documents")
        else:
            for record in records(file):
                yield record if isinstance(record, Refusal) else _reading(file, record)


def _reading(file: File, record: Record) -> Reading | Refusal:
    fields = record.fields
    key = text(fields.get("_id")).strip() or f"line {record.line}"
    written = fields.get("text")
    if not isinstance(written, str | None):
        return refused(file, f"its text is {type(written).__name__}, not a string", key)
    if not written or not written.strip():
        return skipped(file, "has no text", key)
    more = fields.get("metadata")
    about: Mapping[str, object] = {**fields, **more} if isinstance(more, Mapping) else fields
    url = web_address(about.get("url"))
    return Reading(
        doc_id=file_id(file.parent, key),
        key=key,
        title=text(fields.get("title")).strip() or " ".join(written.split()[:12]),
        text=written,
        kind="paper" if arxiv_id(url) or "categories" in about else "note",
        url=url,
        authors=people(about.get("authors")),
        published=text(about.get("date") or about.get("year")),
        tags=words(about.get("categories") or about.get("tags")),
        quality={"replaced_characters": record.replaced} if record.replaced else {},
        raw_sha256=record.sha256,
        bytes_read=record.bytes_read,
    )


READER = Beir()
