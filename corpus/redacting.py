"""Finding the words of a forgotten text wherever they were copied to, and taking them out."""

from __future__ import annotations

import html
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

LONGEST_RUN = 8
"""Words in a row that nobody else is taken to have written."""

REMOVED = "(removed at its author’s request)"

_TITLE_RUN = 4
"""Words in a row that a title has from a quote that its idea stood on."""
_FEWEST = 5
"""Fewer words than this say nothing about where they come from."""
_SAMPLES = 64
_WORD = re.compile(r"[^\W_]+")
_LETTERS = re.compile(r"[a-z0-9]+")
_NO_WORDS = re.compile(rb"<[^<>]{0,2000}>|&#?[a-z0-9]{1,8};|\\u[0-9a-f]{4}|\\[nrt\"/\\]")
"""What may stand between two words in JSON, HTML and XML: tags, entities, escapes."""
_TAG = re.compile(r"<[^<>]{0,2000}>")
_CHARSET = re.compile(rb"(?:charset|encoding)\s*=\s*[\"']?([\w-]{2,40})", re.IGNORECASE)
_ESCAPE = re.compile(r"\\{1,8}(?:u([0-9a-fA-F]{4})|[nrt\"/])")
_MEANT = (
    (b"&amp;", b"&"),
    (b"&lt;", b"<"),
    (b"&gt;", b">"),
    (b"\\u003c", b"<"),
    (b"\\u003e", b">"),
)
_ONLY_LETTERS = bytes(
    byte if chr(byte).isascii() and chr(byte).isalnum() else ord(" ") for byte in range(256)
)


class Runs:
    """The runs of words by which some texts are known wherever they stand."""

    def __init__(
        self, texts: Iterable[str], *, length: int = LONGEST_RUN, fewest: int = _FEWEST
    ) -> None:
        self._runs: dict[int, set[str]] = {}
        self._samples: list[bytes] = []
        self._foreign: list[str] = []
        """Stretches of texts that are mostly written in other letters than ASCII's, unspaced."""
        for text in texts:
            words = _words(text)
            size = min(length, len(words))
            if size < fewest:
                continue
            self._runs.setdefault(size, set()).update(_runs(words, size))
            letters = _LETTERS.findall(text.lower())
            if len(letters) >= fewest:
                sample = _sampled(_runs(letters, min(length, len(letters))))
                self._samples += [run.encode() for run in sample]
            if len(letters) < max(fewest, len(words) / 2):
                self._foreign += [run.replace(" ", "") for run in _sampled(_runs(words, size))]

    def stand_in(self, text: str) -> bool:
        """Whether the words of any of the texts stand in this one, few as they be."""
        words = _words(text)
        return any(
            " ".join(words[n : n + size]) in runs
            for size, runs in self._runs.items()
            for n in range(len(words) - size + 1)
        )

    def stand_in_answer(self, body: bytes) -> bool:
        """Whether a stretch of any of the texts stands in an answer: JSON, HTML, XML or plain."""
        return self._stand_in_ascii(body) or self._stand_in_letters(body)

    def _stand_in_ascii(self, body: bytes) -> bool:
        """The same for the letters of ASCII; at all others words end."""
        if not self._samples:
            return False
        written = body.lower()
        for sign, meant in _MEANT:
            written = written.replace(sign, meant)
        words = _NO_WORDS.sub(b" ", written).translate(_ONLY_LETTERS).split()
        said = b" ".join(words)
        return any(sample in said for sample in self._samples)

    def _stand_in_letters(self, body: bytes) -> bool:
        """The same for other letters, however they are written; tags may stand within words."""
        if not self._foreign:
            return False
        said = "".join(_words(_TAG.sub("", _meant(_decoded(body)))))
        return any(run in said for run in self._foreign)


class Redactor:
    """Takes documents out of what trees keep of them."""

    def __init__(self, doc_ids: Iterable[str], texts: Sequence[str], *, day: date) -> None:
        self._gone = frozenset(doc_ids)
        self._runs = Runs(texts)
        self._day = day
        self.struck: Counter[str] = Counter()
        """How many claims went, by the idea that made them."""
        self._quotes: dict[str, set[str]] = {}

    def look(self, value: object) -> None:
        """Note which ideas, in a value that an event keeps, stand on a quote that goes."""
        for idea in _ideas(value):
            gone = [claim for claim in idea["claims"] if self._goes(claim)]
            if gone:
                name = str(idea["idea_id"])
                self.struck[name] = max(self.struck[name], len(gone))
                said = self._quotes.setdefault(name, set())
                said.update(_texts(gone))

    def without(self, value: object, idea_id: str, field: str) -> object:
        """A value that an event keeps of an idea's `field`, with what goes left out."""
        if field == "notes" and idea_id in self.struck and isinstance(value, list):
            return [self._note(idea_id), *(self._clean(each) for each in value)]
        if field in ("title", "undo", "redo") and isinstance(value, str):
            return self._title(value, idea_id)
        if isinstance(value, Mapping) and {"theirs", "mine"} <= value.keys():
            return {
                name: self._title(each, idea_id) if isinstance(each, str) else each
                for name, each in value.items()
            }
        return self._clean(value)

    def clean(self, text: str) -> str:
        """A text as it is, or what stands in its place where it repeats what goes."""
        return REMOVED if self._runs.stand_in(text) else text

    def _clean(self, value: object) -> object:
        if isinstance(value, str):
            return self.clean(value)
        if isinstance(value, list):
            return [self._clean(each) for each in value if not self._quotes_what_goes(each)]
        if not isinstance(value, Mapping):
            return value
        if _says_what_stays(value):
            return dict(value)
        if _is_idea(value):
            value = self._idea(value)
        return {name: self._clean(each) for name, each in value.items()}

    def _idea(self, idea: Mapping[str, Any]) -> dict[str, Any]:
        name = str(idea["idea_id"])
        kept: dict[str, Any] = dict(idea)
        kept["claims"] = [claim for claim in idea["claims"] if not self._goes(claim)]
        kept["nearest"] = [
            near for near in idea.get("nearest") or () if near.get("doc_id") not in self._gone
        ]
        kept["title"] = self._title(str(idea.get("title")), name)
        if idea.get("original"):
            kept["original"] = self._title(str(idea["original"]), name)
        if name in self.struck:
            kept["notes"] = [self._note(name), *(idea.get("notes") or ())]
        return kept

    def _title(self, title: str, idea_id: str) -> str:
        quotes = Runs(self._quotes.get(idea_id, ()), length=_TITLE_RUN, fewest=_TITLE_RUN)
        return REMOVED if quotes.stand_in(title) else self.clean(title)

    def _goes(self, claim: Mapping[str, Any]) -> bool:
        return any(each.get("doc_id") in self._gone for each in claim.get("evidence") or ())

    def _quotes_what_goes(self, value: object) -> bool:
        """Whether it is a claim, or an item of a critique card, that goes."""
        return isinstance(value, Mapping) and self._goes(value)

    def _note(self, idea_id: str) -> str:
        count = self.struck[idea_id]
        stood = "A claim stood" if count == 1 else f"{count} claims stood"
        return f"{stood} here; the source was removed at its author’s request on {self._day}."


def _says_what_stays(value: Mapping[str, Any]) -> bool:
    """Whether it is a quote, or a claim that only says its quote: a document's that stays."""
    return {"quote", "start", "end"} <= value.keys() or value.get("checker") == "verbatim"


def _is_idea(value: object) -> bool:
    return isinstance(value, Mapping) and "idea_id" in value and "claims" in value


def _ideas(value: object) -> Iterator[Mapping[str, Any]]:
    if isinstance(value, Mapping):
        if _is_idea(value):
            yield value
        for each in value.values():
            yield from _ideas(each)
    elif isinstance(value, list):
        for each in value:
            yield from _ideas(each)


def _texts(claims: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    for claim in claims:
        yield str(claim.get("text"))
        yield from (str(each.get("quote")) for each in claim.get("evidence") or ())


def _runs(words: Sequence[str], size: int) -> list[str]:
    return [" ".join(words[n : n + size]) for n in range(len(words) - size + 1)]


def _sampled(runs: Sequence[str]) -> list[str]:
    """Runs from all over a text, and closer together where excerpts begin and end."""
    places = {*range(0, len(runs), max(1, len(runs) // _SAMPLES))}
    places |= {*range(min(40, len(runs))), *range(max(0, len(runs) - 10), len(runs))}
    return [runs[place] for place in sorted(places)]


def _words(text: str) -> list[str]:
    return _WORD.findall(text.casefold())


def _decoded(body: bytes) -> str:
    """The text of an answer: UTF-8 where it is that, else as its first lines declare."""
    try:
        return body.decode()
    except UnicodeDecodeError:
        declared = _CHARSET.search(body[:4_000])
    try:
        return body.decode(declared[1].decode() if declared else "utf-16")
    except (LookupError, UnicodeError):
        return body.decode(errors="replace")


def _meant(written: str) -> str:
    """A text without the escapes of JSON and the entities of HTML, which feeds write twice."""
    halves = _ESCAPE.sub(lambda found: chr(int(found[1], 16)) if found[1] else " ", written)
    whole = halves.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return unicodedata.normalize("NFC", html.unescape(html.unescape(whole)))
