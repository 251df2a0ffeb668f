"""`alignloom search`: works that answer a question, each through its best passage."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal, TypeAlias

import typer

from corpus.errors import BadSetting, IndexProblem, UnknownName
from ui import asking, shapes, show, telling
from ui.house import House

if TYPE_CHECKING:
    from collections.abc import Sequence

    from corpus.shelf import Selection
    from index.question import Findings, Question
    from index.searcher import Searcher

PANEL = "2 Find and read"
TOGETHER = 64
"""Queries of a file whose texts are embedded in one go."""

PASSAGES_PER_WORK = 2
"""Passages of one document that an answer gives at most, the best first."""

Modes: TypeAlias = Literal["hybrid", "semantic", "keyword"]
Preferences: TypeAlias = Literal["recent", "karma", "mine"]


def search(  # noqa: PLR0913 - each is an option that a user may give
    context: typer.Context,
    query: Annotated[list[str] | None, typer.Argument(help="words or a question")] = None,
    *,
    k: Annotated[int, typer.Option("-k", help="how many works")] = 10,
    mode: Annotated[Modes, typer.Option(help="by meaning, by words, or both")] = "hybrid",
    source: Annotated[str, typer.Option(help="only from this source")] = "",
    kind: Annotated[str, typer.Option(help="only this kind: post, paper, transcript …")] = "",
    author: Annotated[str, typer.Option(help="any part of an author's name")] = "",
    tag: Annotated[str, typer.Option(help="only with this tag")] = "",
    status: Annotated[
        str, typer.Option(help="only live, edited, unlisted or paywalled ones")
    ] = "",
    since: Annotated[
        str,
        typer.Option(help="from this year, month or day on: 2023-07, and what says 2023 alone"),
    ] = "",
    until: Annotated[str, typer.Option(help="up to this year, month or day, all of it")] = "",
    like: Annotated[str, typer.Option(metavar="DOC_ID", help="works like this one")] = "",
    diverse: Annotated[
        bool, typer.Option("--diverse", help="works unlike one another, at some cost of fit")
    ] = False,
    prefer: Annotated[
        Preferences | None,
        typer.Option(
            help="of works that fit, lift newer ones, karma, or what is like what you kept; "
            "without words, put these first"
        ),
    ] = None,
    queries: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help='JSON lines of {"_id", "text"}; one answer each'),
    ] = None,
) -> None:
    """Find works by meaning and by words.

    A query may be words, a question, a claim, a title, a "quoted phrase" that must be there, an
    author's name or author:NAME, or a doc_id, arXiv id, DOI or URL: that document, and its like.
    """
    house: House = context.obj
    among = asking.selection(
        source=source,
        kind=kind,
        author=author,
        tag=tag,
        since=since,
        until=until,
        status=status,
    )
    _can_be_found(status)
    text = " ".join(query or ())
    asked = _Asked(k=k, mode=mode, among=among, diverse=diverse, prefer=prefer or "")
    if queries is None:
        _one(house, _question(asked, text, like=like), mine=prefer == "mine")
    elif prefer == "mine":
        raise BadSetting("a reader's preference and a file of queries", "--prefer recent or karma")
    elif text or like:
        raise BadSetting("a query and a file of queries", "give one or the other")
    else:
        from index.queries import read_queries

        _many(house, [(i, _question(asked, t)) for i, t in read_queries(queries)])


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    """What is asked of every query alike."""

    k: int
    mode: Modes
    among: Selection
    diverse: bool
    prefer: Preferences | Literal[""]


def _question(asked: _Asked, text: str, *, like: str = "") -> Question:
    from index.question import Question

    return Question(
        text=text,
        like=like,
        k=asked.k,
        mode=asked.mode,
        selection=asked.among,
        passages_per_work=PASSAGES_PER_WORK,
        diverse=asked.diverse,
        prefer="" if asked.prefer == "mine" else asked.prefer,
    )


def _can_be_found(status: str) -> None:
    from corpus.model import CITABLE

    if status and status not in CITABLE:
        raise BadSetting(f"search finds nothing that is {status}", " or ".join(CITABLE))


def _one(house: House, question: Question, *, mine: bool = False) -> None:
    from index.forms import understood

    searcher = house.searcher()  # before the shelf is asked, so that an empty home is said to be
    question = understood(question, house.shelf)
    found = _by_taste(question, searcher) if mine else searcher.search(question)
    why = [] if found.hits else list(asking.in_vain(house.shelf, question.selection))
    if show.wants_json():
        show.value(shapes.findings(_noting(found, why)))
    else:
        telling.findings(found)
        for sentence in why:
            show.say(sentence)
    _tell_of_the_index(house, searcher)


def _by_taste(question: Question, searcher: Searcher) -> Findings:
    from synth.taste import search_by_taste  # whose many patterns take a fifth of a second to read

    return search_by_taste(question, searcher)


def _noting(found: Findings, why: Sequence[str]) -> Findings:
    """The answer with these sentences among its notes, for a program that reads nothing else."""
    return replace(found, question=replace(found.question, notes=(*found.question.notes, *why)))


def _tell_of_the_index(house: House, searcher: Searcher) -> None:
    """Say what another index would do otherwise, whatever was asked of this one."""
    if behind := searcher.behind:
        show.say(f"the shelf changed {behind:,} times since the index was built: alignloom index")
    if other := house.other_embedder:
        show.say(
            f"the index was made with {house.serving_embedder}, and is searched with it; "
            f"alignloom index makes it again with {other}"
        )


def _many(house: House, asked: list[tuple[str, Question]]) -> None:
    """Answer a file of queries, one line of JSON each, in their order; name what has no answer."""
    from index.forms import understood

    searcher = house.searcher()
    waiting = iter(asked)

    @cache
    def in_vain(among: Selection) -> tuple[str, ...]:
        return tuple(asking.in_vain(house.shelf, among))

    with show.progress() as on_progress:
        done = failed = 0
        while some := list(islice(waiting, TOGETHER)):
            questions = [understood(question, house.shelf) for _, question in some]
            worded = iter(searcher.search_many([each for each in questions if not each.like]))
            for (query_id, _), question in zip(some, questions, strict=True):
                found, problem = _like(searcher, question) if question.like else (next(worded), "")
                why = () if found.hits else in_vain(question.selection)
                show.value(shapes.answered(query_id, _noting(found, why)))
                if problem:
                    failed += 1
                    show.warn(f"query {query_id}: {problem}")
            done += len(some)
            on_progress("searching", done, len(asked))
    _tell_of_the_index(house, searcher)
    if failed:
        show.warn(f"{failed:,} of {len(asked):,} queries have no answer")
        raise typer.Exit(1)


def _like(searcher: Searcher, question: Question) -> tuple[Findings, str]:
    """Works like a document, or none with a note, and why there are none."""
    from index.question import Findings

    try:
        return searcher.search(question), ""
    except (IndexProblem, UnknownName) as error:
        noted = replace(question, notes=(*question.notes, error.problem))
        return Findings(question=noted, hits=()), error.problem
