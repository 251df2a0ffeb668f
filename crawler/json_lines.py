"""JSON lines, one record at a time: a bad line is refused by its number, the others go on."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from crawler.decode import UTF16_MARKS
from crawler.file import File, Line
from crawler.reader import Refusal, fingerprint, refused

SUFFIXES = (".jsonl", ".ndjson", ".jsonlines")
_KEY = re.compile(rb'"([A-Za-z_]\w{0,40})"\s*:')


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One JSON object of a file of many, and its place in it."""

    fields: Mapping[str, object]
    line: int
    sha256: str
    bytes_read: int
    replaced: int
    """How many characters stand for bytes that were not UTF-8."""


def records(file: File) -> Iterator[Record | Refusal]:
    """Every line of the file, as an object or as a refusal that names the line."""
    for line in file.lines():
        yield _record(file, line)


def first_keys(file: File) -> set[str]:
    """Names of fields that the first lines of the file seem to have."""
    head = file.head
    if head.startswith(UTF16_MARKS):
        head = head.decode("utf-16", "ignore").encode()
    return {key.decode() for key in _KEY.findall(head)}


def _record(file: File, line: Line) -> Record | Refusal:
    place = f"line {line.number}"
    if not line.whole:
        return refused(file, f"is longer than {file.limits.line / 1e6:,.0f} MB", place)
    written = line.data.decode("utf-8-sig", "replace")
    try:
        loaded: object = json.loads(written, strict=False)
    except ValueError as error:
        return refused(file, f"is not JSON: {_what(error)}", place)
    except RecursionError:
        return refused(file, "is JSON nested too deeply to be a record", place)
    if not isinstance(loaded, dict):
        return refused(file, "is JSON, but not a record of named fields", place)
    return Record(
        fields=loaded,
        line=line.number,
        sha256=fingerprint(line.data.strip()),
        bytes_read=line.bytes_read,
        replaced=written.count("\ufffd"),
    )


def _what(error: ValueError) -> str:
    return error.msg if isinstance(error, json.JSONDecodeError) else str(error)
