"""A tree as columns for the browser: titles but no texts, and later on only what changed."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from corpus.model import Idea, Tree
from corpus.text import visible
from ui.moving import move_label

LONGEST = 500
"""Characters of a title that are sent; the detail shows it whole."""

LARGE = 4000
"""Ideas above which a browser that shows nothing is first sent the top of the tree."""
TOP = 800
"""How many ideas that is at most."""

Row = tuple[object, ...]


@dataclass(frozen=True)
class Sheet:
    """What the browser shows of a tree: one row per idea, by id, parents before children."""

    tree_id: str
    number: int
    rows: Mapping[str, Row]
    made_of: Mapping[str, Idea]
    clashing: frozenset[str]

    @cached_property
    def top(self) -> Mapping[str, int]:
        """The outermost levels that are not too many together: how many ideas are below each."""
        below = _below(self.rows)
        return {name: below[name] for name in _top(self.rows)}


RECENT = 8
_RECENT: deque[Sheet] = deque(maxlen=RECENT)
"""The sheets that were made last: visitors of one tree share them."""

_BORN = ("parent", "title", "move", "also")
_JUDGED = ("state", "bookmarked", "rating", "tags", "notes", "clash")
"""What of a row changes seldom, and what judging changes; the order of a row's values."""


def sheet(tree: Tree) -> Sheet:
    """The rows of a tree as it stands; of one that was shown lately, only what changed is made."""
    recent = [each for each in list(_RECENT) if each.tree_id == tree.tree_id]
    for each in recent:
        if each.made_of is tree.ideas:
            return each
    clashing = frozenset(idea_id for idea_id, _ in tree.clashes)
    old = recent[-1] if recent else Sheet(tree.tree_id, 0, {}, {}, clashing)
    rows = {
        idea_id: old.rows[idea_id]
        if old.made_of.get(idea_id) is idea and (idea_id in clashing) == (idea_id in old.clashing)
        else _row(idea, is_clashing=idea_id in clashing)
        for idea_id, idea in tree.ideas.items()
    }
    made = Sheet(tree.tree_id, tree.number, rows, tree.ideas, clashing)
    _RECENT.append(made)
    return made


def message(
    now: Sheet, before: Sheet | None, unsure: Collection[str] = frozenset()
) -> dict[str, object]:
    """What to send a browser that shows `before`; all of it where it shows nothing yet.

    So too where an idea came back between others: the order in which ideas are born is kept.

    unsure  ideas of which it may show something else meanwhile: they are told in any case
    """
    changed: Sequence[str] = list(now.rows)
    gone: Sequence[str] = []
    shown: Mapping[str, Row] = {}
    if before and _goes_on(now, before):
        shown = before.rows
        changed, gone = difference(now, before)
        if unsure:
            shown = {name: row for name, row in shown.items() if name not in unsure}
            told = {*unsure, *changed}
            changed = [name for name in now.rows if name in told]
            gone = list({*gone, *(name for name in unsure if name not in now.rows)})
    else:
        before = None
    parts = {"columns": _columns(now.rows, changed, shown), "gone": gone}
    return {
        "tree": now.tree_id,
        "from": before.number if before else 0,
        "rev": now.number,
        **{name: part for name, part in parts.items() if part},
    }


def difference(now: Sheet, before: Sheet) -> tuple[list[str], list[str]]:
    """Ids of the rows that are new or another, and of those that are gone."""
    if now is before:
        return [], []
    changed = [name for name, row in now.rows.items() if before.rows.get(name) != row]
    return changed, [name for name in before.rows if name not in now.rows]


def beginning(now: Sheet) -> dict[str, object]:
    """The top of a large tree, to show at once: few levels, and how many ideas are below each."""
    ids = list(now.top)
    return {
        "tree": now.tree_id,
        "from": 0,
        "rev": now.number,
        "columns": _columns(now.rows, ids, {}) | {"below": list(now.top.values())},
        "of": len(now.rows),
    }


def _top(rows: Mapping[str, Row]) -> list[str]:
    """Ids of the outermost levels that are not too many together, two of them at least."""
    depths: dict[object, int] = {"": -1}
    for name, row in rows.items():
        depths[name] = depths[row[0]] + 1
    del depths[""]
    counts = Counter(depths.values())
    deepest, shown = 1, counts[0] + counts[1]
    while counts[deepest + 1] and shown + counts[deepest + 1] <= TOP:
        deepest += 1
        shown += counts[deepest]
    return [name for name in rows if depths[name] <= deepest][:TOP]


def _below(rows: Mapping[str, Row]) -> Counter[object]:
    """How many ideas stand below each."""
    below: Counter[object] = Counter()
    for name in reversed(list(rows)):
        below[rows[name][0]] += below[name] + 1
    return below


def _goes_on(now: Sheet, before: Sheet) -> bool:
    """Whether what is new stands behind all that was there."""
    if now.tree_id != before.tree_id or now.number < before.number:
        return False
    is_new = [name not in before.rows for name in now.rows]
    return True not in is_new or all(is_new[is_new.index(True) :])


def _row(idea: Idea, *, is_clashing: bool) -> Row:
    return (
        idea.parents[0] if idea.parents else "",
        visible(idea.title)[:LONGEST],
        idea.move,
        idea.parents[1] if len(idea.parents) > 1 else "",
        idea.state[0],
        idea.bookmarked,
        idea.rating or 0,
        idea.tags,
        len(idea.notes),
        is_clashing,
    )


def _columns(
    rows: Mapping[str, Row], ids: Sequence[str], before: Mapping[str, Row]
) -> dict[str, object]:
    """The rows of `ids` as columns; of rows that were only judged, what judging changes."""
    if not ids:
        return {}
    values = zip(*(rows[name] for name in ids), strict=True)
    columns = dict(zip((*_BORN, *_JUDGED), values, strict=True))
    born = len(_BORN)
    is_judged = all(name in before and before[name][:born] == rows[name][:born] for name in ids)
    return {
        "ids": list(ids),
        **({} if is_judged else _born(ids, columns)),
        "state": _letters(columns["state"]),
        "bookmarked": _letters(int(bool(each)) for each in columns["bookmarked"]),
        "rating": _letters(columns["rating"]),
        **{name: _sparse(columns[name]) for name in ("tags", "notes", "clash")},
    }


def _born(ids: Sequence[str], columns: Mapping[str, tuple[object, ...]]) -> dict[str, object]:
    """Where the rows stand, and what they say; a parent among them is named by its place."""
    places = {name: place for place, name in enumerate(ids)}
    parents = [str(parent) for parent in columns["parent"]]
    moves = list(dict.fromkeys(map(str, columns["move"])))
    numbers = {move: number for number, move in enumerate(moves)}
    return {
        "parent": [places.get(parent, parent) if parent else -1 for parent in parents],
        "title": list(columns["title"]),
        "moves": [move_label(move) for move in moves],
        "move": [numbers[str(move)] for move in columns["move"]],
        "also": _sparse(columns["also"]),
    }


def _letters(values: Iterable[object]) -> str:
    return "".join(map(str, values))


def _sparse(values: Iterable[object]) -> dict[str, object]:
    """Those that there are, by their place."""
    return {
        str(place): list(value) if isinstance(value, tuple) else value
        for place, value in enumerate(values)
        if value
    }
