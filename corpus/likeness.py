"""Which texts are the same work: what is decided here, and nowhere else.

A wrong join hides a work behind another, and is worse than a missed one, which shows it twice.
So likeness of words alone is enough only where nearly all of a long text is the same; for less,
something else must speak for it: the title, an author, or a link from one to the other.

Two texts are never one work by their words

- if one is a comment, however much of a post it quotes;
- if they are short: there the same words are chance, a stub or a template;
- if their titles bear different numbers or months: they are two issues of a series;
- within one source, unless all but nothing differs, the titles agree and no date speaks against
  it: a source that uses a text again has a template, such as the thread of every week;
- if the one is a newsletter, a book or a wiki page and the other is not, unless their titles
  agree too: such texts take in others whole, and a summary bears the title of what it sums up.

An excerpt is the same work as the text that it is from if it says so, by bearing its title or by
linking to it. That an author is the same is not enough: posts are not the book made of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Literal

from corpus.dates import near_in_time
from corpus.identity import address_keys, work_keys
from corpus.model import Document
from corpus.text import clean_line

if TYPE_CHECKING:
    from corpus.shingles import Shingles

Relation = Literal["same", "part", "whole", "near"]
"""Of one text to another: the same; an excerpt of it; what it is an excerpt of; too little alike
to join by itself, but enough where title and author say the same."""

FEWEST = 50
"""Shingles under which no text is compared: about as many words."""
FEWEST_EXCERPT = 80
"""Shingles that an excerpt must have: an abstract has them, a stub has not."""
FEWEST_ALONE = 150
"""Shingles from which on the words may speak alone."""

ALIKE = 0.5
"""Resemblance from which on two texts are one, if title, author or link speak for it."""
ALIKE_ALONE = 0.8
"""Resemblance that needs nothing beside it."""
IDENTICAL = 0.95
"""Resemblance of two documents of one source."""
EXCERPT = 0.8
"""Share of an excerpt that must be in the whole text, its own words of introduction aside."""
EXCERPT_VOUCHED = 0.5
"""The same where title and author agree, or title and a link: it may have been edited."""
NEAR = 0.08
"""Resemblance left when three words in ten have changed is 0.13; unrelated texts have 0.03."""
SAME_DAYS = 2
"""How far apart in time one source may publish one text twice by mistake."""

_TAKE_IN_OTHERS = frozenset(["newsletter", "book", "wiki"])


@dataclass(frozen=True, kw_only=True)
class Written:
    """A document as it is compared with others."""

    document: Document
    outlinks: tuple[str, ...]
    shingles: Shingles

    @cached_property
    def title(self) -> tuple[str, ...]:
        """The words of the title without what says that this is a link or a copy."""
        return tuple(_words(_COPY_MARK.sub(" ", clean_line(self.document.title))))

    @cached_property
    def issue(self) -> frozenset[str]:
        """What tells an issue of a series from another."""
        return issue_marks(self.document.title)

    @cached_property
    def keys(self) -> frozenset[str]:
        """The names of the document."""
        return frozenset(work_keys(self.document))

    @cached_property
    def links(self) -> frozenset[str]:
        """The names of what the text links to."""
        return frozenset(address_keys(self.outlinks))


def may_be_compared(document: Document) -> bool:
    """Whether the words of a document may make it a work with another at all."""
    return document.kind != "comment" and document.citable


def judge(one: Written, other: Written) -> tuple[Relation, float, float] | None:
    """What `one` is to `other`, with resemblance and containment; `None`: another work."""
    if not (may_be_compared(one.document) and may_be_compared(other.document)):
        return None
    from corpus.shingles import compared

    resemblance, containment = compared(one.shingles, other.shingles)
    relation = _relation(one, other, resemblance, containment)
    return (relation, resemblance, containment) if relation else None


def _relation(
    one: Written, other: Written, resemblance: float, containment: float
) -> Relation | None:
    fewest = min(len(one.shingles), len(other.shingles))
    if fewest < FEWEST or _are_two_issues(one, other):
        return None
    if one.document.source == other.document.source:
        return "same" if _is_a_double(one, other, resemblance) else None
    if resemblance >= ALIKE and _speaks_for_one(one, other, resemblance, fewest):
        return "same"
    if fewest >= FEWEST_EXCERPT:
        if _is_an_excerpt(one, other, containment):
            return "part" if one is _part_and_whole(one, other)[0] else "whole"
        if resemblance >= NEAR and _share_a_title_key(one, other):
            return None if _either_takes_in(one, other) else "near"
    return None


def _is_a_double(one: Written, other: Written, resemblance: float) -> bool:
    """Whether one source holds one text twice by mistake."""
    days = (one.document.published, other.document.published)
    return (
        resemblance >= IDENTICAL
        and one.title == other.title
        and (not all(days) or near_in_time(*days, days=SAME_DAYS))
    )


def _speaks_for_one(one: Written, other: Written, resemblance: float, fewest: int) -> bool:
    if titles_agree(one.title, other.title):
        return True
    if _either_takes_in(one, other):
        return resemblance >= IDENTICAL
    if resemblance >= ALIKE_ALONE and fewest >= FEWEST_ALONE:
        return True
    return _share_an_author(one, other) or _links(one, other) or _links(other, one)


def _is_an_excerpt(one: Written, other: Written, containment: float) -> bool:
    part, whole = _part_and_whole(one, other)
    kinds = (part.document.kind, whole.document.kind)
    if containment < EXCERPT_VOUCHED or "wiki" in kinds or kinds == ("paper", "newsletter"):
        return False
    linked = _links(part, whole)
    if len(part.title) >= 3 and titles_agree(part.title, whole.title):
        vouched = linked or _share_an_author(part, whole)
        return containment >= EXCERPT or (vouched and not _either_takes_in(part, whole))
    return linked and containment >= EXCERPT and not _takes_in(whole, part)


def _part_and_whole(one: Written, other: Written) -> tuple[Written, Written]:
    """The shorter first; of equal length the same one whichever is asked about."""
    part, whole = sorted((one, other), key=lambda w: (len(w.shingles), w.document.doc_id))
    return part, whole


def _takes_in(whole: Written, part: Written) -> bool:
    kind = whole.document.kind
    return kind in _TAKE_IN_OTHERS and part.document.kind != kind


def _either_takes_in(one: Written, other: Written) -> bool:
    return _takes_in(one, other) or _takes_in(other, one)


def _links(one: Written, other: Written) -> bool:
    return not one.links.isdisjoint(other.keys)


def _share_a_title_key(one: Written, other: Written) -> bool:
    return any(key.startswith("title:") for key in one.keys & other.keys)


def _are_two_issues(one: Written, other: Written) -> bool:
    """Whether each title bears a mark that the other has not."""
    return bool(one.issue - other.issue) and bool(other.issue - one.issue)


# -- titles ---------------------------------------------------------------------------------------


def issue_marks(title: str) -> frozenset[str]:
    """Numbers, months and parts in a title: what tells an issue of a series from the next.

    `March` and `May` count only beside a number or at the end, where they are no other word.
    """
    words = _words(title)
    marks = {word.lstrip("0") or "0" for word in words if any(sign.isdigit() for sign in word)}
    marks |= {word for word in words if word in _MONTHS}
    for before, word, after in zip(["", *words], words, [*words[1:], ""], strict=False):
        if word in ("march", "may") and (not after or after.isdigit() or before.isdigit()):
            marks.add(word)
        if word in _ROMAN or (before in _PARTS and word in _COUNTED):
            marks.add(str(_COUNTED.get(word, word)))
    return frozenset(marks)


def titles_agree(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """Whether two titles are one, but for a subtitle or a site's name that one of them adds.

    A title that says that it answers or continues another is not the other's.
    """
    shorter, longer = sorted((one, other), key=len)
    if shorter == longer:
        return bool(shorter)
    if len(shorter) < 3:
        return False
    starts = range(len(longer) - len(shorter) + 1)
    start = next((n for n in starts if longer[n : n + len(shorter)] == shorter), None)
    if start is None:
        return False
    added = longer[:start] + longer[start + len(shorter) :]
    return _ANSWERS.isdisjoint(added)


def _words(title: str) -> list[str]:
    return re.findall(r"[^\W_]+", title.casefold())


_COPY_MARK = re.compile(
    r"[\[(](?:cross[- ]?post(?:ed)?|link[- ]?post|link|excerpts?|abridged|preview|repost|paper"
    r"|new paper)\b[^\])]{0,40}[\])]"
    r"|^(?:cross[- ]?post(?:ed)?|link[- ]?post|excerpts?|repost)(?:\s*:|\s+(?:of|from|for)\b)",
    re.IGNORECASE,
)
_MONTHS = frozenset(
    "january february april june july august september october november december".split()
)
_PARTS = frozenset("part chapter volume vol book episode section week day".split())
_ROMAN = frozenset("ii iii iv vi vii viii ix xi xii".split())
_COUNTED = {
    word: number
    for words in (
        "one two three four five six seven eight nine ten eleven twelve",
        "i ii iii iv v vi vii viii ix x xi xii",
    )
    for number, word in enumerate(words.split(), start=1)
}
_ANSWERS = frozenset(
    "re on reply replies response responses responding answer answers comment comments review "
    "reviews contra against critique criticism notes thoughts summary discussion followup follow "
    "addendum appendix part chapter sequel translation postmortem retrospective revisited "
    "introduction intro about update updates errata not towards beyond".split()
)


# -- authors --------------------------------------------------------------------------------------


def _share_an_author(one: Written, other: Written) -> bool:
    return any(
        _is_one_name(mine, yours)
        for mine in one.document.authors
        for yours in other.document.authors
    )


def _is_one_name(mine: str, yours: str) -> bool:
    """Whether two names have a last name in common, also inside a handle: `paulfchristiano`."""
    (first, first_all), (second, second_all) = _name(mine), _name(yours)
    return bool(first and second) and (
        first == second
        or (len(first) >= 5 and first in second_all)
        or (len(second) >= 5 and second in first_all)
    )


def _name(name: str) -> tuple[str, str]:
    """The last name, and all letters of the name."""
    last, comma, _ = name.partition(",")
    words: Iterable[str] = _words(last if comma else name)
    listed = list(words)
    return (listed[-1] if listed else ""), "".join(_words(name))
