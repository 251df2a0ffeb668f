"""Files that a source has on this machine: found, offered to the readers, named by the source."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import replace
from fnmatch import fnmatchcase
from pathlib import Path
from typing import cast
from urllib.parse import unquote, urlsplit

from corpus import plugins
from corpus.errors import AlignloomError
from corpus.identity import short_key
from corpus.model import Status
from corpus.paths import expanded
from corpus.text import clean_line, storable
from crawler import readers
from crawler.answers import carried, carried_number, carried_texts
from crawler.file import ALL_LINES, File, Limits, offer, printable
from crawler.reader import Reader, Reading, Refusal, fingerprint
from crawler.source import Answer, Ask, ClosedDoor, Json, Mark, Past, SourceSettings
from crawler.walk import Found, walk

AT_ONCE = 200
"""How many files one answer gives: what a kill costs at most."""

Naming = Callable[[Found], str]
"""Gives a file its web address, or nothing."""


def local_path(url: str) -> Path:
    """The absolute path that a source's `url` means, written as `file://…` or plainly."""
    path = unquote(urlsplit(url).path) if url.startswith("file:") else url
    return expanded(path).absolute()


def first_ask(settings: SourceSettings) -> Ask:
    """The request for what a source has on this machine; the answer's body is its path."""
    return Ask(url=local_path(settings.url).as_uri(), stream="new")


def own_path(settings: SourceSettings, answer: Answer) -> Path:
    """The path that was answered, which must be the source's own."""
    path = answered_path(answer)
    if path != local_path(settings.url):
        raise ClosedDoor(f"{settings.url} is not at {path}", "check the `url` of the source")
    return path


def answered_path(answer: Answer) -> Path:
    """The path that the answer's body says; it must be absolute and there."""
    written = answer.body.decode("utf-8", "surrogateescape").strip()
    path = Path(written)
    try:
        is_there = path.is_absolute() and path.exists()
    except (OSError, ValueError):  # a name too long, or with a NUL: nothing is there
        is_there = False
    if not is_there:
        raise ClosedDoor(f"{answer.ask.url} is not there", "check the `url` of the source")
    return path


def found_files(path: Path, patterns: Sequence[str] = ()) -> Iterator[Found | Refusal]:
    """The files under a path whose place in it fits a pattern, and what could not be opened.

    A pattern is a folder, a file, or has `*` in it: `_posts`, `_posts/*.md`.
    """
    walked = walk([path])
    yield from (refusal for refusal in walked.passed_over if not refusal.harmless)
    for found in walked.files:
        if not patterns or any(_fits(place_in(found), pattern) for pattern in patterns):
            yield found


def place_in(found: Found) -> str:
    """Where a file stands under its root, with `/` between folders."""
    return printable(found.path.relative_to(found.root).as_posix())


def read_place(
    settings: SourceSettings,
    answer: Answer,
    past: Past,
    *,
    patterns: Sequence[str] = (),
    address: Naming = lambda _: "",
    when_gone: Status | None = None,
) -> Iterator[Reading | Refusal | Mark | Ask]:
    """Readings of the files under the answered path, `AT_ONCE` files at a time.

    After the last come marks for what was there before. Nothing is marked where `when_gone` is
    nothing, where a file could not be read, where files came or went while they were read, or
    where the user asked for fewer than all.
    """
    carry = answer.ask.carry
    start, lost = carried_number(carry, "start"), carried_number(carry, "lost")
    seen = set(carried_texts(carry, "seen"))
    found = list(found_files(answered_path(answer), patterns))
    if not start:
        refusals = [item for item in found if isinstance(item, Refusal)]
        lost += len(refusals)
        yield from refusals
    files = {place_in(item): item for item in found if isinstance(item, Found)}
    places = sorted(files)
    listed = fingerprint("\n".join(places).encode())
    lost += carried(carry, "listed") not in ("", listed)  # what moved may have been passed by
    left = [place for place in places if place > carried(carry, "after")]
    batch = [files[place] for place in left[:AT_ONCE]]
    for item in read_files(settings, batch, address=address):
        if isinstance(item, Reading):
            if past.limit is not None and len(seen) >= past.limit:
                return
            seen.add(item.doc_id)
        else:
            lost += not item.harmless
        yield item
    if len(left) > AT_ONCE:
        more: dict[str, Json] = {"lost": lost, "seen": sorted(seen), "listed": listed}
        more["after"] = left[AT_ONCE - 1]
        yield rest_of(answer, start=start + AT_ONCE, carry=more)
    elif when_gone and not lost:
        yield from vanished(settings, seen, past, status=when_gone)


def read_files(
    settings: SourceSettings,
    files: Iterable[Found],
    *,
    address: Naming,
    window: range = ALL_LINES,
    keys: Counter[str] | None = None,
) -> Iterator[Reading | Refusal]:
    """What the readers find in the files. A file that none of them takes is told of.

    Of files of records, the lines of the `window` are read; `keys` has met those before it, and
    meets these.
    """
    known = [
        cast("Reader", plugins.load(readers, name, "READER")) for name in plugins.names(readers)
    ]
    for found in files:
        met = Counter[str]() if keys is None else keys
        try:
            file = replace(offer(found.path, found.root, Limits()), window=window)
            yield from _read(settings, found, file, known, address=address, keys=met)
        except AlignloomError as error:
            reason = f"{error.problem}; {error.remedy}"
            yield Refusal(place=printable(str(found.path)), reason=reason)
        except OSError as error:
            reason = f"cannot be read: {error.strerror or error}"
            yield Refusal(place=printable(str(found.path)), reason=reason)


def rest_of(answer: Answer, *, start: int, carry: Mapping[str, Json]) -> Ask:
    """A request for what comes next, under a stream of its own: it is another than the first."""
    return Ask(
        url=answer.ask.url,
        stream=f"new, from {start}",
        carry={"start": start, **carry},
    )


def vanished(
    settings: SourceSettings, seen: Set[str], past: Past, *, status: Status
) -> Iterator[Mark]:
    """Marks for what was read here before and is no longer; none where nothing was seen at all."""
    if seen:
        for doc_id in past.known():
            if doc_id not in seen:
                yield Mark(doc_id=doc_id, status=status, reason=f"no longer in {settings.url}")


def _read(
    settings: SourceSettings,
    found: Found,
    file: File,
    known: Sequence[Reader],
    *,
    address: Naming,
    keys: Counter[str],
) -> Iterator[Reading | Refusal]:
    reader = next((reader for reader in known if reader.fits(file)), None)
    if reader is None:
        yield Refusal(place=file.origin, reason="no reader takes it", harmless=True)
        return
    for item in reader.read(file):
        if isinstance(item, Refusal):
            yield item
            continue
        number = ""
        if item.doc_id.startswith("file:"):  # others are not named by their keys
            name = fingerprint(storable(item.key).encode())[:12]
            keys[name] += 1
            number = f"~{keys[name]}" if keys[name] > 1 else ""
        yield _named(settings, found, item, key=item.key + number, url=address(found))


def _named(
    settings: SourceSettings, found: Found, reading: Reading, *, key: str, url: str
) -> Reading:
    """The reading under a name that is the same wherever the files lie on this machine."""
    doc_id = reading.doc_id
    if doc_id.startswith("file:"):
        place = f"{settings.name}/{place_in(found)}"
        doc_id = "file:" + short_key(clean_line(f"{place}/{key}" if key else place, 2_000))
    return replace(reading, doc_id=doc_id, source=settings.name, url=reading.url or url)


def _fits(place: str, pattern: str) -> bool:
    pattern = pattern.strip("/")
    return place == pattern or place.startswith(pattern + "/") or fnmatchcase(place, pattern)
