"""What is asked of the search page: kept in its address and in its widgets, alike in both."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, cast, get_args

from corpus.shelf import Selection
from ui import asking

if TYPE_CHECKING:
    from index.question import Mode, Question

K = 100
"""Works that are found at most, and among which the newest or those with most karma are."""
SORTS = {"fit": "Best fit", "newest": "Newest", "karma": "Most karma"}
"""The orders of results, as a reader names them."""
FILTERS = ("source", "kind", "author", "tag", "status", "since", "until")
_IN_ADDRESS = {"query": "q"}
"""The address has these under another name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """One search: its words, how to look, which documents are meant, in which order to show."""

    query: str = ""
    mode: str = "hybrid"
    sort: str = "fit"
    source: str = ""
    kind: str = ""
    author: str = ""
    tag: str = ""
    status: str = ""
    since: str = ""
    until: str = ""

    def __bool__(self) -> bool:
        return bool(self.query or self.filters)

    @property
    def filters(self) -> dict[str, str]:
        """The filters that are set, by their names."""
        return {name: value for name in FILTERS if (value := getattr(self, name))}

    @property
    def address(self) -> dict[str, str]:
        """It as an address says it; what is as usual is left out."""
        usual = Wish()
        return {
            _IN_ADDRESS.get(each.name, each.name): getattr(self, each.name)
            for each in fields(self)
            if getattr(self, each.name) != getattr(usual, each.name)
        }

    @property
    def words(self) -> str:
        """It in a few words, for a line under a name."""
        by = {"semantic": "by meaning", "keyword": "by words"}.get(self.mode, "")
        asked = f"“{self.query}”" if self.query else ""
        filters = ", ".join(f"{name} {value}" for name, value in self.filters.items())
        return ", ".join(each for each in (asked, by, filters) if each)

    def question(self, k: int = K) -> Question:
        """It as a question; an error in words where a filter says what no document can be."""
        from index.question import Question

        mode = cast("Mode", self.mode)
        return Question(text=self.query, k=k, mode=mode, selection=self._selection())

    def _selection(self) -> Selection:
        return asking.selection(
            source=self.source,
            kind=self.kind,
            author=self.author,
            tag=self.tag,
            since=self.since,
            until=self.until,
            status=self.status,
        )


def read_wish(address: Mapping[str, str]) -> Wish:
    """The search that an address asks for; a mode or an order that does not exist is as usual."""
    from index.question import Mode

    names = {each.name: _IN_ADDRESS.get(each.name, each.name) for each in fields(Wish)}
    given = {name: address[key].strip() for name, key in names.items() if key in address}
    known: Mapping[str, tuple[str, ...]] = {"mode": get_args(Mode), "sort": tuple(SORTS)}
    return Wish(**{name: v for name, v in given.items() if v in known.get(name, (v,))})
