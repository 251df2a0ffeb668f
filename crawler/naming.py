"""Which document a reading is: last time's, the one that its address means, or a new one."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePath

from corpus.identity import short_key
from corpus.model import Document
from corpus.shelf import Shelf
from crawler.file import File, printable
from crawler.reader import file_id

_FILE = "file:"


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """What a reading has to say about which document it is."""

    file: File
    key: str
    """The key of the record, told apart from others of the same key in the file; may be empty."""
    origin: str
    doc_id: str
    """The id that it asks for."""
    text_hash: str


@dataclass(frozen=True, slots=True)
class _Holder:
    """Who has an id by this import's doing."""

    path: Path
    origin: str
    text_hash: str


class Naming:
    """Gives each reading of one import the id of its document."""

    def __init__(self, shelf: Shelf) -> None:
        self._shelf = shelf
        self._given: dict[str, _Holder] = {}

    def settle(self, claims: Sequence[Claim]) -> list[str]:
        """The ids for these claims, in their order.

        An origin that is on the shelf keeps its document, unless its address now means another.
        An id that is another document's is left to it: addresses are the same document wherever
        they are read, ids made from files are not.
        """
        shelved = self._shelf.documents(claim.doc_id for claim in claims)
        return [self._settle(claim, shelved) for claim in claims]

    def _settle(self, claim: Claim, shelved: Mapping[str, Document]) -> str:
        wishes = _wishes(claim, rival=self._origin_of(claim.doc_id, shelved))
        doc_id = self._known(claim, shelved) or next(
            wish for wish in wishes if self._is_free(claim, wish, shelved)
        )
        self._given[doc_id] = _Holder(claim.file.path, claim.origin, claim.text_hash)
        before = shelved[doc_id].origin if doc_id in shelved else ""
        if before not in ("", claim.origin) and not _is_still_there(before):
            self._shelf.move(doc_id, claim.origin)
        return doc_id

    def _origin_of(self, doc_id: str, shelved: Mapping[str, Document]) -> str:
        """Where the document that has the id was read, if one has it."""
        if doc_id in self._given:
            return self._given[doc_id].origin
        return shelved[doc_id].origin if doc_id in shelved else ""

    def _known(self, claim: Claim, shelved: Mapping[str, Document]) -> str | None:
        asked = shelved.get(claim.doc_id)
        if asked is not None and asked.origin == claim.origin:
            return claim.doc_id
        known = self._shelf.id_at(claim.origin)
        is_file = known is not None and known.startswith(_FILE)
        return known if is_file or claim.doc_id.startswith(_FILE) else None

    def _is_free(self, claim: Claim, doc_id: str, shelved: Mapping[str, Document]) -> bool:
        """Whether nobody else has the id, or somebody with the same text."""
        holder = self._given.get(doc_id)
        if holder is not None:
            same = claim.text_hash == holder.text_hash
            return same or not (doc_id.startswith(_FILE) or holder.path == claim.file.path)
        known = shelved if doc_id == claim.doc_id else self._shelf.documents([doc_id])
        if not doc_id.startswith(_FILE) or doc_id not in known:
            return True
        return claim.text_hash in {version.hash for version in self._shelf.versions(doc_id)}


def _is_still_there(origin: str) -> bool:
    """Whether the file of an origin exists; the key of a record stands behind a `#`."""
    cuts = [place for place, sign in enumerate(origin) if sign == "#"]
    # `Path.exists` would fail where a key has more letters than a file's name may have
    return any(os.path.exists(origin[:cut]) for cut in [*cuts, len(origin)])  # noqa: PTH110


def _wishes(claim: Claim, *, rival: str) -> Iterator[str]:
    """Ids to try, the plainest first; the last is nobody else's, since it tells the whole path.

    A rival for the plainest in the same folder differs in its suffix, one elsewhere in its folder.
    """
    yield claim.doc_id
    file = claim.file
    name = claim.doc_id.removeprefix(_FILE)
    if not claim.doc_id.startswith(_FILE):
        name = f"{file.doc_id.removeprefix(_FILE)}/{claim.key}"
        yield _FILE + short_key(name)
    elif not claim.key and PurePath(rival).parent == PurePath(file.origin).parent:
        yield _FILE + short_key(name + file.suffix)
    for folder in _folders_above(file, name):
        name = f"{folder}/{name}"
        yield _FILE + short_key(name)
    yield file_id(printable(str(file.path.parent)).strip("/"), f"{file.name}/{claim.key}")
    for number in range(2, 1_000_000):
        yield file_id(claim.origin, str(number))


def _folders_above(file: File, name: str) -> list[str]:
    """Names of the folders over the one that `name` begins with, nearest first."""
    folders = [printable(part) for part in file.path.parent.parts[1:]]
    first = name.partition("/")[0]
    while first in folders and folders.pop() != first:
        pass
    return folders[::-1]
