"""A training set out of what people decided here: pairs of better and worse, and examples.

Rows have the columns of TRL's conversational datasets: `prompt`, `chosen` and `rejected` for
preferences, `prompt` and `completion` for supervised tuning (huggingface.co/docs/trl, “Dataset
formats and types”). Beside them stand the task, `by` whom a reply was chosen or written, and the
documents that a row repeats, with their licences; trainers drop columns that they do not know.

A row that repeats a text which may not be passed on is left out and counted.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal, get_args

from corpus.markdown import plain
from corpus.model import Answer, Claim, Document, Idea, Tree
from corpus.shelf import Shelf
from corpus.trees import Trees
from corpus.trials import TrialItem, Trials
from synth.evidence import in_place, verified
from synth.move import ROOT, label_of
from synth.trials import FLAWED, SOUND, UNSURE
from synth.writer import Writer

Shape = Literal["preference", "supervised"]
Row = dict[str, Any]

MOST_PAIRS = 4
"""Worse siblings that one better idea is set beside: a busy branch does not fill the set."""

SUMMARISE = "Summarise this text in a few of its own sentences.\n\n# {title}\n\n{text}"
PROPOSE = "Propose research by the move “{move}”, with sentences that it stands on.\n\n{about}"
PROPOSE_ANY = "Propose research, with sentences that it stands on.\n\n{about}"
CRITICISE = "Say what this rests on, what speaks against it and what could kill it.\n\n{idea}"
JUDGE = (
    "Does the claim say what its quotes say? Answer with one word: sound, or the kind of flaw.\n\n"
    "Claim: {claim}\n{quotes}"
)


@dataclass(slots=True)
class TrainingSet:
    """What one home has to learn from."""

    shelf: Shelf
    trees: Trees
    trials: Trials
    all_text: bool = False
    """Also rows that may not be passed on: for one's own use only."""
    left_out: int = 0
    """Rows that were left out for their licences, as far as they were read."""

    def rows(self, shape: Shape, writer: Writer) -> Iterator[Row]:
        """The rows of one shape; the columns are the same in all of them.

        writer  summarises documents; one that asks a model spends
        """
        if shape == "preference":
            yield from self._preferences()
        else:
            yield from self._examples(writer)

    # -- preferences ------------------------------------------------------------------------------

    def _preferences(self) -> Iterator[Row]:
        for tree in self._standing():
            deciders = self._deciders(tree)
            for better, worse in _decided(tree):
                yield from self._row(
                    "keep or prune",
                    _proposing(tree, better, worse),
                    {"chosen": _told(better), "rejected": _told(worse)},
                    by=deciders.get(better.idea_id, ""),
                    claims=(*better.claims, *worse.claims),
                    doc_ids=_quoted_in(_start(tree, better)),
                )
        for trial_id in self.trials.names():
            yield from self._judged(trial_id)

    def _judged(self, trial_id: str) -> Iterator[Row]:
        """What was planted, before what a judge took it for."""
        items = {item.number: item for item in self.trials.items(trial_id)}
        for said in self.trials.verdicts(trial_id):
            item = items.get(said.number)
            if item is None or _right(item, said.verdict) or said.verdict == UNSURE:
                continue
            quotes = "\n".join(f"Quote: {plain(each.quote)}" for each in item.evidence)
            yield from self._row(
                "planted flaw",
                JUDGE.format(claim=item.claim, quotes=quotes),
                {"chosen": item.flaw or SOUND, "rejected": said.verdict},
                by=said.judge,
                doc_ids=[item.origin, *(each.doc_id for each in item.evidence)],
            )

    # -- examples ---------------------------------------------------------------------------------

    def _examples(self, writer: Writer) -> Iterator[Row]:
        for doc_id in self.shelf.select():
            yield from self._summary(doc_id, writer)
        for tree in self._standing():
            deciders = self._deciders(tree)
            for idea in tree.ideas.values():
                if idea.state != "kept" or not _teaches(idea):
                    continue
                yield from self._row(
                    "proposal",
                    _proposing(tree, idea),
                    {"completion": _told(idea)},
                    by=deciders.get(idea.idea_id, ""),
                    claims=idea.claims,
                    doc_ids=_quoted_in(_start(tree, idea)),
                )
                yield from self._criticised(idea)

    def _summary(self, doc_id: str, writer: Writer) -> Iterator[Row]:
        document = self.shelf.document(doc_id)
        if not self._may_pass([document]):
            self.left_out += 1
            return
        version = self.shelf.version(doc_id)
        given: Answer = writer.summarize(version)
        claims, _ = verified(given.claims, self.shelf)
        if claims:
            yield from self._row(
                "summary",
                SUMMARISE.format(title=document.title, text=version.text),
                {"completion": " ".join(plain(claim.text) for claim in claims)},
                by=writer.name,
                claims=claims,
                doc_ids=[doc_id],
            )

    def _criticised(self, idea: Idea) -> Iterator[Row]:
        if idea.critique is None:
            return
        quotes = [each for point in idea.critique.points for each in point.evidence]
        if not idea.critique.points or not in_place(quotes, self.shelf):
            return
        said = "\n".join(f"- {each.part}: {plain(each.text)}" for each in idea.critique.points)
        yield from self._row(
            "critique",
            CRITICISE.format(idea=_told(idea)),
            {"completion": said},
            by=idea.critique.writer,
            claims=idea.claims,
            doc_ids=[each.doc_id for each in quotes],
        )

    # -- rows -------------------------------------------------------------------------------------

    def _standing(self) -> Iterator[Tree]:
        return (self.trees.tree(name) for name in self.trees.names())

    def _deciders(self, tree: Tree) -> dict[str, str]:
        """By idea, who decided last on its state."""
        events = self.trees.standing(tree.tree_id)
        return {event.idea_id: event.who for event in events if event.action == "state"}

    def _row(
        self,
        task: str,
        prompt: str,
        replies: dict[str, str],
        *,
        by: str,
        claims: Sequence[Claim] = (),
        doc_ids: Iterable[str] = (),
    ) -> Iterator[Row]:
        """One row, or none where a quote is gone or a text may not be passed on."""
        if verified(claims, self.shelf)[1]:
            return
        named = [*doc_ids, *(each.doc_id for claim in claims for each in claim.evidence)]
        sources = self.shelf.documents(dict.fromkeys(named))
        if len(sources) < len(set(named)):
            return  # a source has been removed
        if not self._may_pass(sources.values()):
            self.left_out += 1
            return
        row: Row = {"prompt": [{"role": "user", "content": prompt}]}
        for column, reply in replies.items():
            row[column] = [{"role": "assistant", "content": reply}]
        named_sources = [_source(each) for each in sources.values()]
        yield row | {"task": task, "by": by, "sources": named_sources}

    def _may_pass(self, sources: Iterable[Document]) -> bool:
        """Whether every text may be drawn on, and passed on where not all of them are wanted."""
        return all(
            each.citable and (self.all_text or each.redistribution == "allowed")
            for each in sources
        )


def shapes() -> tuple[str, ...]:
    """The names of the shapes."""
    return get_args(Shape)


def _decided(tree: Tree) -> Iterator[tuple[Idea, Idea]]:
    """Kept ideas, each beside pruned ones that grew under the same idea."""
    for children in tree.children.values():
        siblings = [tree.ideas[child] for child in children if _teaches(tree.ideas[child])]
        pruned = [idea for idea in siblings if idea.state == "pruned"]
        for better in siblings:
            if better.state == "kept":
                yield from ((better, worse) for worse in pruned[:MOST_PAIRS])


def _teaches(idea: Idea) -> bool:
    """Whether it is a proposal that stands on something: its quotes may have been forgotten."""
    return idea.move != ROOT and bool(idea.claims)


def _proposing(tree: Tree, idea: Idea, beside: Idea | None = None) -> str:
    """What was asked for when an idea was grown: its move, and what it was to start from.

    Where the idea `beside` it has another move, none is named: else the move would decide.
    """
    about = plain(_start(tree, idea).title)
    if beside and beside.move != idea.move:
        return PROPOSE_ANY.format(about=about)
    return PROPOSE.format(move=label_of(idea.move), about=about)


def _start(tree: Tree, idea: Idea) -> Idea:
    """What an idea was to start from."""
    return tree.ideas[idea.parents[0] if idea.parents else tree.root]


def _quoted_in(idea: Idea) -> list[str]:
    """The documents that an idea quotes; its title may be a sentence of one of them."""
    return [each.doc_id for claim in idea.claims for each in claim.evidence]


def _told(idea: Idea) -> str:
    """An idea as a reply: its title, then its claims."""
    return "\n".join([plain(idea.title), *(f"- {plain(claim.text)}" for claim in idea.claims)])


def _right(item: TrialItem, verdict: str) -> bool:
    """Whether a judge's word is that of the key; who only says that it is flawed is half right."""
    return verdict == (item.flaw or SOUND) or (verdict == FLAWED and bool(item.flaw))


def _source(document: Document) -> Row:
    return {
        "doc_id": document.doc_id,
        "title": document.title,
        "url": document.url,
        "licence": document.licence,
        "redistribution": document.redistribution,
    }
