"""Which works a digest shows: by what was learned, else by interest, karma and date."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import zip_longest
from typing import TYPE_CHECKING

import numpy as np

from corpus.model import Document, Role
from corpus.shelf import Shelf
from index.fusion import standard
from index.searcher import Searcher
from synth.choosing import unlike
from synth.digest import Reader
from synth.examples import Texts, texts_of, whole
from synth.gathering import Found, Pool, karma
from synth.taste import Opinion, Taste, taste_of

if TYPE_CHECKING:
    from index.embedder import Vectors

Picked = tuple[Found, Role, str]

NEAR = 0.45
"""Cosine with a liked text, or with the interest, from which a work counts as near to it."""
SAMENESS = 0.25
"""How much of the cosine with a work above it is taken off a work's strength, of which a standard
deviation is 1: near-doubles give way, while a reader of one subject still gets it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """What is shown, best first, and by what it was ordered."""

    picks: list[Picked]
    how: str
    """`learned`, `near`, `interest` or `recency`."""


@dataclass(frozen=True, slots=True)
class _Measured:
    """The works that are in the index, with what is said of each."""

    found: Sequence[Found] = ()
    rows: Vectors = field(default_factory=lambda: np.zeros((0, 1), dtype=np.float32))
    opinions: Sequence[Opinion] = ()


def choose(
    pool: Pool,
    reader: Reader,
    *,
    shelf: Shelf,
    searcher: Searcher | None,
    speaking: Collection[str] = (),
) -> Choice:
    """At most so many works as the reader wants, each with its reason, and then the wildcards.

    speaking  documents that say something to a kept idea: no threshold keeps them out
    """
    taste = None
    if searcher is not None:
        judged = [doc_id for each in pool.found for doc_id in each.work.doc_ids]
        taste = taste_of(reader.profile, shelf=shelf, searcher=searcher, judged=judged)
    if searcher is not None and taste is not None and taste.is_learned:
        measured = _measured(pool.found, taste, shelf, searcher)
        return Choice(picks=_learned(pool, measured, reader, speaking), how="learned")
    how, near = "recency", dict[str, str]()
    if searcher is not None and taste is not None:
        how, near = "near", _near_liked(pool.found, taste, searcher)
    elif searcher is not None and reader.interest:
        how, near = "interest", _near_interest(pool.found, reader.interest, searcher)
    ranked = [(each, _returns(each) + why) for each, why in in_turn(pool.found, near)]
    return Choice(picks=[(e, "pick", why) for e, why in ranked[: reader.most]], how=how)


# -- by what was learned --------------------------------------------------------------------------


def _measured(found: Sequence[Found], taste: Taste, shelf: Shelf, searcher: Searcher) -> _Measured:
    by_id = {each.document.doc_id: each for each in found}
    there, texts = texts_of(list(by_id), shelf=shelf, searcher=searcher)
    if not there:
        return _Measured()
    return _Measured([by_id[d] for d in there], texts.rows, taste.opinions(texts))


def _learned(
    pool: Pool, measured: _Measured, reader: Reader, speaking: Collection[str]
) -> list[Picked]:
    """Those above the threshold, unlike each other; then what is unlike them all."""
    strengths = np.array([each.strength for each in measured.opinions], dtype=np.float32)
    shares = np.array([each.share for each in measured.opinions])
    speaks = np.array([each.document.doc_id in speaking for each in measured.found], dtype=bool)
    fit = np.flatnonzero(speaks | (shares >= reader.threshold))
    order = unlike(measured.rows[fit], standard(strengths)[fit], reader.most, sameness=SAMENESS)
    chosen = [int(fit[place]) for place in order]
    picks: list[Picked] = [
        (
            measured.found[place],
            "pick",
            ("it says something to an idea that you kept, below; " if speaks[place] else "")
            + _reason(measured.found[place], measured.opinions[place]),
        )
        for place in chosen
    ]
    wild = _wildcards(measured, chosen, reader.wildcards)
    return [*picks, *wild, *_not_indexed(pool, measured, reader.most - len(picks))]


def _wildcards(measured: _Measured, chosen: Sequence[int], count: int) -> list[Picked]:
    """Of the works that are not shown, those least like any that is; of equals the best liked."""
    left = [place for place in range(len(measured.found)) if place not in chosen]
    if not left or not chosen:
        return []
    near = (measured.rows[left] @ measured.rows[list(chosen)].T).max(axis=1)
    order = np.argsort(near, kind="stable")[:count].tolist()
    return [
        (
            measured.found[left[place]],
            "wildcard",
            f"a wildcard: the least like the picks (cosine with the nearest {near[place]:.2f})",
        )
        for place in order
    ]


def _not_indexed(pool: Pool, measured: _Measured, room: int) -> list[Picked]:
    """Works that the index has not seen: nothing can be said of them but that they are new."""
    known = {each.work.work_id for each in measured.found}
    left = [each for each in pool.found if each.work.work_id not in known]
    return [
        (each, "pick", f"{_returns(each)}{_date_reason(each.document)}; not in the index yet")
        for each in left[: max(0, room)]
    ]


def _reason(each: Found, opinion: Opinion) -> str:
    near = f"{_returns(each)}{_near_to(each, opinion)}"
    if opinion.share < 0.01:
        return near
    return f"{near}; it fits better than {opinion.share:.0%} of what you liked"


def _near_to(each: Found, opinion: Opinion) -> str:
    """What a work is nearest to, and how near; what an idea quotes is not near to itself."""
    if opinion.nearest.doc_id in each.work.doc_ids:
        return "a work " + opinion.nearest.why.partition("⟧, ")[2]
    return f"near to {opinion.nearest.why} (cosine {opinion.cosine:.2f})"


def _returns(each: Found) -> str:
    if not each.edition:
        return ""
    if each.shown_in:
        return f"it comes anew: it was shown in {each.shown_in}; "
    return f"it returns: {each.fresh:.0%} of its text is new since it was shown; "


# -- without enough to learn from -----------------------------------------------------------------


def in_turn(found: Sequence[Found], near: Mapping[str, str]) -> list[tuple[Found, str]]:
    """Works with reasons: the best by karma, by nearness and by date, in turn.

    near  reasons of the works that are near to something, by work, the nearest first
    """
    liked = sorted(
        (each for each in found if "karma" in each.document.metrics),
        key=lambda each: -karma(each.document),
    )
    by_id = {each.work.work_id: each for each in found}
    kin = [(by_id[work_id], why) for work_id, why in near.items()]
    before = {each.work.work_id for each in liked} | near.keys()
    others = sorted(
        (each for each in found if each.work.work_id not in before),
        key=lambda each: each.document.published or "",
        reverse=True,
    )
    columns = (
        [(each, _karma_reason(each, place)) for place, each in enumerate(liked, start=1)],
        kin,
        [(each, _date_reason(each.document)) for each in others],
    )
    picks: dict[str, tuple[Found, str]] = {}
    for row in zip_longest(*columns):
        for each, reason in filter(None, row):
            picks.setdefault(each.work.work_id, (each, reason))
    return list(picks.values())


def _near_liked(found: Sequence[Found], taste: Taste, searcher: Searcher) -> dict[str, str]:
    """Why works are near to something liked, by work, the nearest first."""
    near: dict[str, tuple[float, str]] = {}
    for each, rows in _leads(found, searcher):
        best = max(taste.opinions(Texts(rows, [""] * len(rows))), key=lambda o: o.cosine)
        if best.cosine >= NEAR:
            near[each.work.work_id] = (best.cosine, _near_to(each, best))
    return _nearest_first(near)


def _near_interest(found: Sequence[Found], interest: str, searcher: Searcher) -> dict[str, str]:
    wish = searcher.embed([interest])[0]
    near: dict[str, tuple[float, str]] = {}
    for each, rows in _leads(found, searcher):
        cosine = float(whole(rows) @ wish)
        why = f"near to what you look for, in your words (cosine {cosine:.2f})"
        near[each.work.work_id] = (cosine, why)
    return _nearest_first(near)


def _leads(found: Sequence[Found], searcher: Searcher) -> list[tuple[Found, Vectors]]:
    vectors = searcher.leads(each.document.doc_id for each in found)
    there = [each for each in found if each.document.doc_id in vectors]
    return [(each, vectors[each.document.doc_id]) for each in there]


def _nearest_first(near: Mapping[str, tuple[float, str]]) -> dict[str, str]:
    order = sorted(near, key=lambda work_id: -near[work_id][0])
    return {work_id: near[work_id][1] for work_id in order}


def _karma_reason(each: Found, place: int) -> str:
    of_all = "the highest here" if place == 1 else f"number {place} here by karma"
    return f"karma {karma(each.document):g} at {each.document.source}, {of_all}"


def _date_reason(document: Document) -> str:
    if document.published:
        return f"among the newest: published {document.published[:10]}"
    return "first seen in this period; it bears no date of its own"
