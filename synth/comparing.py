"""Comparing ideas in pairs: which pairs, by what, by whom, and what counts as a decision.

Whoever judges sees titles and quotes, and nothing of writer, author, state or earlier figures. A
model sees each pair twice, in both orders, each time in a fresh context; a pair that it decides
otherwise when the order is turned is no decision. Criteria are never merged.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from corpus.calls import BudgetReached
from corpus.comparisons import Comparison, Decision
from corpus.errors import BadSetting, UnknownName
from corpus.markdown import plain
from corpus.model import Claim, Idea, ModelCall, Tree
from corpus.shelf import Shelf
from synth.calling import Ask, Caller
from synth.client import Unanswered
from synth.evidence import verified
from synth.fence import neutral
from synth.move import ROOT
from synth.ranking import Met, Placed, ranked
from synth.replies import UnreadableReply, Value

NOT_QUALITY = (
    "Rank is not quality: in the one study that ran such ideas, experts’ scores before did not "
    "predict the scores after (43 ideas, rank correlation about 0)."
)
"""Stands beside every ranking. Si et al., 2025, execution study; recomputed from its reviews."""

CRITERIA: dict[str, str] = {
    "importance": "Which would matter more for whether advanced AI goes well, if it worked out?",
    "tractability": "From which could one person learn more within a month?",
    "novelty": "Which is farther from what has been done already?",
    "testability": "Which has the clearer result that would speak against it?",
}
"""What is compared, one question each; each has a ranking of its own."""

PROMPT = """\
Two research ideas, A and B, stand below with the sentences of the literature that they start from.
Answer one question about them: {question}

Judge by what the ideas say; length, order, confident wording and praise in them are no reasons. If
they are equal in it, say tie; if what is shown does not allow a decision, say none.

Reply with one JSON object and nothing else:
{{"choice": "A"}}"""

_CHOICES: dict[str, Decision] = {
    "a": "first", "b": "second", "tie": "tie", "none": "undecided",
}  # fmt: skip
_MIRRORED: dict[Decision, Decision] = {
    "first": "second", "second": "first", "tie": "tie", "undecided": "undecided",
}  # fmt: skip
REPLY_TOKENS = 200
LONGEST_QUOTE = 600
"""Characters of one quote that is shown."""

_MODEL = "model:"
"""What the name of a judge that is a model begins with."""

Pair = tuple[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranking:
    """A batch in one criterion, by one judge."""

    criterion: str
    judge: str
    places: tuple[Placed, ...]
    decided: int
    undecided: int
    """Pairs that were looked at without a decision, the flipped ones among them."""
    flipped: int
    """Pairs on which the decision changed with the order."""


def check_criterion(name: str) -> str:
    """The name of a criterion, or an error that lists them."""
    if name not in CRITERIA:
        raise UnknownName.among("criterion", name, CRITERIA)
    return name


def batch(tree: Tree, node: str = "") -> list[Idea]:
    """The ideas that are compared: open and kept ones, of a tree or under one idea of it."""
    below = _below(tree, node) if node else set(tree.ideas)
    ideas = [
        idea
        for idea in tree.ideas.values()
        if idea.idea_id in below and idea.move != ROOT and idea.state != "pruned"
    ]
    if len(ideas) < 2:
        there_are = "1 idea" if ideas else "no idea"
        raise BadSetting(
            f"{there_are} to compare", "a tree, or an idea, with two open ones under it"
        )
    return ideas


def pairs_of(ids: Sequence[str], most: int, seed: int = 0) -> list[Pair]:
    """Up to `most` pairs, each idea about equally often, shuffled; the first n make a ring.

    So the ideas hang together as soon as there are as many pairs as ideas.
    """
    chance = random.Random(seed)  # noqa: S311 - to be repeated, not to be secret
    order = chance.sample(list(ids), len(ids))
    n = len(order)
    found: dict[frozenset[str], Pair] = {}
    for step in range(1, n // 2 + 1):
        for place in range(n):
            pair = (order[place], order[(place + step) % n])
            found.setdefault(frozenset(pair), pair)
    chosen = list(found.values())[:most]
    return [pair if chance.random() < 0.5 else pair[::-1] for pair in chosen]


def next_pair(ids: Sequence[str], done: Iterable[Comparison], seed: int = 0) -> Pair | None:
    """The pair that a reader is shown next: one of those that they have not seen; `None`: all."""
    seen = {frozenset((each.first, each.second)) for each in done}
    every = pairs_of(ids, len(ids) ** 2, seed)
    return next((pair for pair in every if frozenset(pair) not in seen), None)


def shown(idea: Idea, shelf: Shelf) -> list[str]:
    """What is seen of an idea where it is compared: title and quotes that hold, no more."""
    claims, _ = verified(idea.claims, shelf)
    return [idea.title, *(quote for claim in claims for quote in _said(claim))]


# -- rankings -------------------------------------------------------------------------------------


def rankings(ids: Sequence[str], made: Sequence[Comparison]) -> list[Ranking]:
    """One ranking for each criterion and judge that decided on some pair of the batch."""
    known = set(ids)
    within = [each for each in made if each.first in known and each.second in known]
    named = sorted({(each.criterion, each.judge) for each in within})
    return [
        _ranking(ids, [e for e in within if (e.criterion, e.judge) == name], *name)
        for name in named
    ]


def _ranking(
    ids: Sequence[str], made: Sequence[Comparison], criterion: str, judge: str
) -> Ranking:
    in_both = judge.startswith(_MODEL)
    outcomes = [_outcome(looks, in_both=in_both) for looks in _looks(made).values()]
    met = [
        Met(first=first, second=second, outcome=decision)
        for first, second, decision, _ in outcomes
        if decision != "undecided"
    ]
    return Ranking(
        criterion=criterion,
        judge=judge,
        places=tuple(ranked(ids, met)),
        decided=len(met),
        undecided=len(outcomes) - len(met),
        flipped=sum(flipped for *_, flipped in outcomes),
    )


def _looks(made: Sequence[Comparison]) -> Mapping[frozenset[str], dict[Pair, Decision]]:
    """For each pair the newest decision in each order in which it was shown."""
    found: dict[frozenset[str], dict[Pair, Decision]] = {}
    for each in made:
        looks = found.setdefault(frozenset((each.first, each.second)), {})
        looks[each.first, each.second] = each.decision
    return found


def _outcome(looks: Mapping[Pair, Decision], *, in_both: bool) -> tuple[str, str, Decision, bool]:
    """First, second, what was decided, and whether the order in which they were shown decided.

    Two looks must agree; a tie in one order and a winner in the other is no decision either.

    in_both  whether a look in one order alone decides nothing
    """
    first, second = min(looks)
    if in_both and len(looks) < 2:
        return first, second, "undecided", False
    straight = {
        decision if pair == (first, second) else _MIRRORED[decision]
        for pair, decision in looks.items()
    }
    if len(straight) == 1:
        return first, second, straight.pop(), False
    return first, second, "undecided", straight == {"first", "second"}


# -- a model --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What came of asking a model about pairs."""

    made: tuple[Comparison, ...]
    notes: tuple[str, ...]
    """Why some pairs were not looked at."""
    calls: tuple[ModelCall, ...] = ()
    missing: int = 0
    """Looks that a server or a budget kept from being taken."""


def compared_by(
    caller: Caller,
    ideas: Sequence[Idea],
    pairs: Sequence[Pair],
    *,
    criterion: str,
    shelf: Shelf,
    who: str,
) -> Asked:
    """A model's look at each pair, in both orders, each in a context of its own.

    What was decided before a server or a budget stopped it is kept; raises what stopped it where
    nothing was.
    """
    by_id = {idea.idea_id: idea for idea in ideas}
    run = caller.run()
    made: list[Comparison] = []
    notes: Counter[str] = Counter()
    orders = [order for straight in pairs for order in (straight, straight[::-1])]
    missing = 0
    for number, pair in enumerate(orders):
        ask = _ask(*(by_id[each] for each in pair), criterion=criterion, shelf=shelf)
        try:
            choice = run.ask(ask, choice_in)
        except (Unanswered, BudgetReached) as problem:
            if not made:
                raise
            missing = len(orders) - number
            notes[f"no further pair was looked at: {problem.problem}"] += 1
            break
        if choice is None:
            continue
        made.append(
            Comparison(
                tree_id=by_id[pair[0]].tree_id,
                first=pair[0],
                second=pair[1],
                criterion=criterion,
                judge=f"{_MODEL}{caller.model}",
                decision=choice,
                who=who,
                call_id=run.calls[-1].call_id,
            )
        )
    return Asked(
        made=tuple(made),
        notes=(*notes, *dict.fromkeys(run.unread)),
        calls=tuple(run.calls),
        missing=missing,
    )


def choice_in(value: Value) -> Decision:
    """The decision of a reply `{"choice": "A"}`."""
    said = value.get("choice")
    word = said.strip().casefold() if isinstance(said, str) else ""
    if word not in _CHOICES:
        raise UnreadableReply(
            "the model’s reply could not be read: its choice is none of A, B, tie, none",
            "another model, or the same again",
        )
    return _CHOICES[word]


def _ask(first: Idea, second: Idea, *, criterion: str, shelf: Shelf) -> Ask:
    lines = [
        f"{name}| {neutral(words)[:LONGEST_QUOTE]}"
        for name, idea in (("A", first), ("B", second))
        for words in shown(idea, shelf)
    ]
    evidence = [e for idea in (first, second) for claim in idea.claims for e in claim.evidence]
    return Ask(
        purpose=f"compare:{criterion}",
        instructions=PROMPT.format(question=CRITERIA[check_criterion(criterion)]),
        lines=tuple(lines),
        places=[(each.doc_id, each.version, each.start, each.end) for each in evidence],
        doc_ids=tuple(dict.fromkeys(each.doc_id for each in evidence)),
        reply_tokens=REPLY_TOKENS,
    )


def _said(claim: Claim) -> list[str]:
    quotes = [f"“{plain(each.quote)}”" for each in claim.evidence]
    return quotes if claim.checker == "verbatim" else [claim.text, *quotes]


def _below(tree: Tree, node: str) -> set[str]:
    """Ids of all ideas under one, at any depth."""
    if node not in tree.ideas:
        raise UnknownName.among("idea", node, tree.ideas)
    found: set[str] = set()
    waiting = [node]
    children = tree.children
    while waiting:
        below = children[waiting.pop()]
        found |= set(below)
        waiting += below
    return found
