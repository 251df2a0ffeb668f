"""Growing a tree: read, let the moves draft, keep what differs, hang it in the tree at once."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from corpus.errors import BadSetting, UnknownName
from corpus.model import Claim, Evidence, Idea, Lineage, ModelCall, Tree
from corpus.text import clean_line
from corpus.tree_rules import known
from corpus.trees import Trees
from index.question import Question
from index.searcher import Searcher
from synth.asking import unanswerable
from synth.assembling import Draft
from synth.distance import with_distance
from synth.drafting import Drafts, draft
from synth.evidence import verified
from synth.move import ROOT, names, only_says, open_move
from synth.novelty import nearest
from synth.picking import Picked, Picking
from synth.reading import Reading, read_document, read_findings, topic_of
from synth.suggesting import Suggestion
from synth.writer import Writer, open_writer

WORKS = 12
WORKS_PER_IDEA = 8
MOST_WORKS = 100
SHARE_READ = 1 / 3
PASSAGES_PER_WORK = 8
"""How much is read for a topic: more works where more ideas are wanted, and of a small corpus a
third, so that there is something else to draw on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What is asked for: ideas on a topic, a document or an idea; how many, where, by whom."""

    topic: str = ""
    doc_id: str = ""
    node: str = ""
    n: int = 8
    moves: tuple[str, ...] = ()
    """Which moves to make; none: all there are."""
    tree_id: str = ""
    """Grow under this tree's root. Empty: plant a tree, or use that of `node`."""
    who: str = ""

    def __post_init__(self) -> None:
        given = [each for each in (self.topic.strip(), self.doc_id, self.node) if each]
        if len(given) != 1:
            raise BadSetting(
                f"{len(given)} things to propose from", "give one: a topic, --doc ID or --node ID"
            )
        if not 1 <= self.n <= 200:
            raise BadSetting(f"{self.n} ideas", "ask for 1 to 200 with -n")
        for move in self.moves:
            if move not in names():
                raise UnknownName.among("move", move, names())

    @property
    def asked(self) -> str:
        """What the ideas are to start from, in one line."""
        return clean_line(self.topic) or self.doc_id or self.node


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """What came of a wish."""

    tree: Tree | None
    """The tree with the ideas in it; `None` where there was nothing to plant."""
    generated: int
    """Drafts that were looked at."""
    unique: int
    """Of these, the ideas unlike each other and unlike what the tree had."""
    ideas: tuple[Idea, ...]
    refused: str | None = None
    removed: int = 0
    """Claims that were dropped because a quote did not hold or could not carry them."""
    calls: tuple[ModelCall, ...] = ()
    notes: tuple[str, ...] = ()
    """What a reader should know of how it came about."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Ground:
    """What a wish grows from."""

    tree: Tree | None
    parent: str
    """The idea to grow under; empty where a tree is to be planted."""
    title: str
    claims: tuple[Claim, ...]
    """The root's, where one is to be planted."""
    reading: Reading


class _NothingToRead(Exception):
    """Nothing in the corpus fits the wish; the text says why."""


def propose(
    wish: Wish,
    *,
    searcher: Searcher,
    trees: Trees,
    writer: Writer,
    wanted: Callable[[], bool] = lambda: True,
) -> Proposal:
    """Grow ideas and hang them in a tree, all or none. Without evidence nothing is planted.

    wanted  asked before the ideas are hung: once it says no, the tree stays as it is
    """
    moves = _moves(wish, writer)
    try:
        ground = _from_afar(moves, _ground(wish, searcher, trees, writer), searcher)
    except _NothingToRead as nothing:
        return Proposal(tree=None, generated=0, unique=0, ideas=(), refused=str(nothing))
    tree_id = ground.tree.tree_id if ground.tree else _tree_id(ground.title, wish.who, trees)
    root_id = _idea_id(tree_id, ROOT, tree_id)
    lineage = Lineage(writer=writer.name, asked=wish.asked, author=wish.who)
    drafts = draft(moves, ground.reading, searcher, writer, n=wish.n)
    others = ground.tree.ideas.values() if ground.tree else ()
    picking = Picking(
        wish.n,
        moves=len(moves),
        reading=ground.reading,
        ideas=others,
        searcher=searcher,
    )
    ideas, dropped = _ideas(
        picking.pick(drafts.found).pick(drafts.plain).picked,
        searcher,
        tree_id=tree_id,
        parent=ground.parent or root_id,
        lineage=lineage,
    )
    outcome = Proposal(
        tree=ground.tree,
        generated=picking.generated,
        unique=len(ideas),
        ideas=tuple(ideas),
        removed=drafts.removed + dropped,
        calls=drafts.calls,
        notes=(*drafts.notes, *picking.reasons, *_fewer(ideas, wish.n, drafts.passed)),
    )
    if not ideas:
        return replace(outcome, refused=_why_none(writer, drafts))
    if not wanted():
        return replace(outcome, ideas=(), refused="cancelled: nothing was added")
    root = Idea(
        idea_id=root_id,
        tree_id=tree_id,
        move=ROOT,
        title=ground.title,
        claims=ground.claims,
        lineage=lineage,
    )
    tree = (
        trees.add(ideas, who=wish.who)
        if ground.tree
        else trees.plant(root, below=ideas, who=wish.who)
    )
    return replace(outcome, tree=tree)


def _moves(wish: Wish, writer: Writer) -> list[str]:
    """The moves to make: those wished for, else all that this writer can make."""
    if writer.caller:
        return list(wish.moves or names())
    for name in wish.moves:
        if open_move(name).needs_model:
            raise BadSetting(
                f"the move {name} needs a model, and the writer {writer.name} asks none",
                "--writer llama_index, ollama or anthropic, or another move",
            )
    return [name for name in wish.moves or names() if not open_move(name).needs_model]


def _from_afar(moves: Sequence[str], ground: _Ground, searcher: Searcher) -> _Ground:
    """The ground, with sentences of works about something else where a move wants them."""
    far = [move for move in map(open_move, moves) if move.far]
    kinds = tuple(dict.fromkeys(kind for move in far for kind in move.beyond))
    if not far:
        return ground
    return replace(ground, reading=with_distance(ground.reading, searcher, kinds))


def _fewer(ideas: Sequence[Idea], wanted: int, passed: Sequence[str]) -> list[str]:
    """That some ideas are no more than a sentence, or that fewer were made than wished for."""
    notes = []
    if bare := sum(only_says(idea.title) and not idea.lineage.call_ids for idea in ideas):
        notes.append(f"{bare} of {len(ideas)} only quote a sentence: its words give no direction")
    if passed and 0 < len(ideas) < wanted:
        weak = "what else was read is too weak to start an idea from"
        notes += [*passed, f"{len(ideas)} of {wanted} made: {weak}"]
    return notes


def _why_none(writer: Writer, drafts: Drafts) -> str:
    if writer.caller and writer.caller.planning:
        return "nothing was asked: the calls were only counted"
    if drafts.unread and not drafts.found:
        return drafts.unread[-1]
    if writer.caller:
        return "the model suggested nothing that stands on what was read and that the tree lacks"
    return (
        "what was read states no open question, limit, assumption, crux, test or objection "
        "that could be quoted by itself and that the tree lacks"
    )


# -- reading --------------------------------------------------------------------------------------


def _ground(wish: Wish, searcher: Searcher, trees: Trees, writer: Writer) -> _Ground:
    """What the wish is about, read; an error for an unknown id, a refusal for an empty corpus."""
    tree = trees.tree(wish.tree_id) if wish.tree_id else None
    if wish.doc_id:
        return _ground_in_document(wish, tree, searcher, writer)
    if not wish.node:
        topic = clean_line(wish.topic)
        return _ground_in_topic(topic, tree, tree.root if tree else "", searcher, n=wish.n)
    tree_id, node = trees.find(wish.node)
    tree = trees.tree(tree_id)
    idea = known(tree, node)
    if wish.tree_id not in ("", tree.tree_id):
        raise BadSetting(
            f"{node} stands in tree {tree.tree_id}, not {wish.tree_id}", "leave --tree out"
        )
    return _ground_in_topic(topic_of(idea), tree, node, searcher, n=wish.n)


def _ground_in_topic(
    topic: str, tree: Tree | None, parent: str, searcher: Searcher, *, n: int
) -> _Ground:
    share = int(SHARE_READ * searcher.manifest.documents)
    works = max(WORKS, min(WORKS_PER_IDEA * n, MOST_WORKS, share))
    question = Question(text=topic, k=works, passages_per_work=PASSAGES_PER_WORK)
    findings = searcher.search(question)
    why = unanswerable(findings, searcher)
    if why:
        raise _NothingToRead(why)
    reading = read_findings(findings, searcher, excluded=_quoted_in(tree))
    return _Ground(tree=tree, parent=parent, title=topic, claims=(), reading=reading)


def _ground_in_document(
    wish: Wish, tree: Tree | None, searcher: Searcher, writer: Writer
) -> _Ground:
    document = searcher.shelf.document(wish.doc_id)
    if not document.citable:
        raise _NothingToRead(f"{wish.doc_id} is {document.status}: its text is not drawn on")
    version = searcher.shelf.version(wish.doc_id)
    reader = open_writer() if writer.caller else writer  # no call for what only says where to look
    summary, _ = verified(reader.summarize(version, embed=searcher.embed).claims, searcher.shelf)
    about = " ".join([document.title, *(claim.text for claim in summary[:2])])
    return _Ground(
        tree=tree,
        parent=tree.root if tree else "",
        title=document.title,
        claims=tuple(summary),
        reading=read_document(version, about, searcher, excluded=_quoted_in(tree)),
    )


def _quoted_in(tree: Tree | None) -> list[Evidence]:
    """The quotes that the ideas of a tree start from; its root only introduces them."""
    ideas = [idea for idea in tree.ideas.values() if idea.move != ROOT] if tree else []
    return [evidence for idea in ideas for claim in idea.claims[:1] for evidence in claim.evidence]


# -- hanging --------------------------------------------------------------------------------------


def _ideas(
    picked: Sequence[Picked], searcher: Searcher, *, tree_id: str, parent: str, lineage: Lineage
) -> tuple[list[Idea], int]:
    """The ideas with their evidence read again and their nearest works, and the claims dropped."""
    ideas: list[Idea] = []
    removed = 0
    for each in picked:
        claims, dropped = verified(each.claims, searcher.shelf)
        removed += dropped
        if claims[:1] != list(each.claims[:1]):
            continue  # the sentence that it starts from is gone
        ideas.append(
            Idea(
                idea_id=_idea_id(tree_id, each.draft.move, _start_of(each.draft, claims)),
                tree_id=tree_id,
                move=each.draft.move,
                title=each.draft.title,
                claims=tuple(claims),
                parents=(parent,),
                nearest=nearest(each.prior, claims, searcher.shelf, searcher.embed),
                lineage=_lineage(each.draft, lineage),
            )
        )
    return ideas, removed


def _start_of(draft: Draft | Suggestion, claims: Sequence[Claim]) -> str:
    """What makes an idea of a move the one that it is: its first quote, and a model's title."""
    first = claims[0].evidence[0]
    place = f"{first.doc_id}|{first.version}|{first.start}"
    return f"{place}|{draft.title}" if isinstance(draft, Suggestion) else place


def _lineage(draft: Draft | Suggestion, lineage: Lineage) -> Lineage:
    if isinstance(draft, Suggestion):
        return replace(lineage, model=draft.model, call_ids=(draft.call_id,))
    return lineage


def _tree_id(title: str, who: str, trees: Trees) -> str:
    """A readable id, the same for the same title, person and trees that are there already."""
    slug = re.sub(r"[^a-z0-9]+", "-", title.casefold()).strip("-")[:40].rstrip("-") or "tree"
    before = sum(name.startswith(slug + "-") for name in trees.names())
    return f"{slug}-{_short(f'{title}|{who}|{before}', 8)}"


def _idea_id(tree_id: str, move: str, place: str) -> str:
    return f"{move}-{_short(f'{tree_id}|{move}|{place}', 10)}"


def _short(text: str, length: int) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:length]
