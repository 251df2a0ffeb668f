"""What a reader does to a tree, as the browser tells it or as a button of the page does."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from pydantic import TypeAdapter, ValidationError

from corpus.errors import AlignloomError, BadSetting
from corpus.folding import rewound
from corpus.model import Idea, Tree, TreeEvent
from corpus.text import clean_line, visible
from corpus.tree_rules import known
from corpus.trees import Saw
from ui import loom_columns
from ui.foreign import one_line
from ui.house import House
from ui.loom_desk import Desk
from ui.loom_sides import sides
from ui.telling import counted

MOST = 200
"""Acts in one message; a browser that tells more at once is not ours."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """One thing that the browser wants done, with its number: done once, however often told."""

    op: str
    n: int = 0
    tree: str = ""
    """The tree that the browser showed; one may have gone to another since."""
    id: str = ""
    field: str = ""
    value: str | bool | int | None = None
    saw: str | bool | int | None = None
    words: str = ""
    other: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One message of the browser: up to which change it shows the tree, and what it wants."""

    rev: int
    acts: tuple[Act, ...]


def read_acts(value: object) -> Told:
    """What the browser tells; an error for what is no such message."""
    try:
        told_us = _TOLD.validate_python(value)
    except ValidationError as error:
        raise BadSetting("the browser sent what is no act", "load the page anew") from error
    if len(told_us.acts) > MOST:
        raise BadSetting(f"{len(told_us.acts)} acts at once", "load the page anew")
    return told_us


_TOLD = TypeAdapter(Told)


def do(house: House, desk: Desk, acts: Iterable[Act]) -> list[Act]:
    """Do what was not done yet, each act in its turn; what is the page's own business comes back.

    What is refused goes to `desk.said`, and the acts after it are still done.
    """
    left: list[Act] = []
    for act in sorted(acts, key=lambda each: each.n):
        if act.n > desk.done:
            desk.done = act.n
            if act.op in _DOES:
                do_now(house, desk, act)
            else:
                left.append(act)
    return left


def do_now(house: House, desk: Desk, act: Act) -> None:
    """Do one act, whatever its number; what is refused goes to `desk.said`."""
    try:
        _DOES[act.op](house, desk, act)
    except AlignloomError as error:
        desk.said.append(f"{one_line(error.problem, 200)}. Try: {one_line(error.remedy, 200)}")


def merge(house: House, first: str, second: str, *, title: str = "") -> Idea:
    """Make one idea of two, with the works nearest to it where there is an index."""
    from synth.merging import merged

    tree = house.trees.tree_of(first)
    ideas = [tree.ideas.get(house.trees.find(each)[1]) for each in (first, second)]
    if ideas[0] is None or ideas[1] is None:
        raise BadSetting("these ideas do not stand in one tree", "choose two of the same tree")
    searcher = house.searcher() if house.serving_embedder else None
    who = house.settings.reader_name
    idea = merged(ideas[0], ideas[1], title=title, who=who, searcher=searcher)
    house.trees.add([idea], who=who)
    return idea


def told(event: TreeEvent, tree: Tree) -> str:
    """A change in words, without who made it and when."""
    idea = tree.ideas.get(event.idea_id)
    named = event.after if isinstance(event.after, Mapping) else {}
    title = idea.title if idea else str(named.get("title", event.idea_id))
    about = f"“{one_line(title, 70)}”"
    if event.action in _SAID:
        return _SAID[event.action].format(about=about, **named)
    if event.action == "bookmarked":
        return f"{'bookmarked' if event.after else 'took the bookmark off'} {about}"
    if event.action == "notes":
        return f"note on {about}: {one_line(_plain(_new(event)), 80)}"
    if isinstance(event.after, Mapping) or isinstance(event.before, Mapping):
        return f"{event.action} of {about}"
    old, new = sides(_plain(event.before), _plain(event.after))
    return f"{event.action} of {about}: {old} → {new}"


def taken_back(events: Sequence[TreeEvent], tree: Tree, done: str = "Taken back") -> str:
    """Changes of one stroke that were taken back, or brought back, in words; one there must be."""
    more = f" and {len(events) - 1} more" if len(events) > 1 else ""
    return f"{done}: {told(events[0], tree)}{more}"


def rewind(house: House, tree_id: str, number: int) -> str:
    """Make a tree what it was after a change; in words, what that did and the way back."""
    last = house.trees.events(tree_id)[-1].number
    turned = house.trees.rewind(tree_id, number, who=_who(house))
    if not turned:
        return f"The tree is as it was after change {number} already."
    done = f"The tree is as it was after change {number}: {counted(len(turned), 'change')} turned"
    return f"{done}. {_way_back(last)}"


def _way_back(number: int) -> str:
    return f"The way back: History, “Back to here” at change {number}."


_SAID = {
    "plant": "planted {about}",
    "add": "added {about}",
    "undo": "took back change {of}, of {about}",
    "redo": "brought back change {of}, of {about}",
    "clash": "wrote the {field} of {about} while another did",
}


def _new(event: TreeEvent) -> list[object]:
    """What of a list was not in it before."""
    before = event.before if isinstance(event.before, list) else []
    after = event.after if isinstance(event.after, list) else []
    return [each for each in after if each not in before]


# -- one function to an act ----------------------------------------------------------------------


def _set(house: House, desk: Desk, act: Act) -> None:
    if act.field not in ("state", "title", "rating", "bookmarked"):
        raise BadSetting(f"{act.field!r} is not set from here", "load the page anew")
    value, saw = act.value, act.saw
    if act.field == "rating":
        value, saw = value or None, saw or None
    if act.field == "title":
        title = known(house.trees.tree_of(act.id), act.id).title
        value = clean_line(str(value))
        saw = title if saw == visible(title)[: loom_columns.LONGEST] else saw
    house.trees.change(act.id, act.field, value, who=_who(house), saw=Saw(saw))


def _tag(house: House, desk: Desk, act: Act) -> None:
    house.trees.tag(act.id, clean_line(act.words.lstrip("#"), 60), who=_who(house))


def _note(house: House, desk: Desk, act: Act) -> None:
    if words := clean_line(act.words, 2000):
        house.trees.note(act.id, words, who=_who(house))


def _undo(house: House, desk: Desk, act: Act) -> None:
    tree_id = act.tree or desk.tree_id
    number = rewound(house.trees.events(tree_id))
    events = house.trees.undo(tree_id, who=_who(house))
    _turned(house, desk, events, "Taken back")
    if number:
        went = ", from before the rewind." if events else ""
        desk.said[-1] += f"{went} {_way_back(number)}"


def _redo(house: House, desk: Desk, act: Act) -> None:
    events = house.trees.redo(act.tree or desk.tree_id, who=_who(house))
    _turned(house, desk, events, "Brought back")


def _turned(house: House, desk: Desk, events: list[TreeEvent], done: str) -> None:
    if not events:
        desk.said.append(f"Nothing of yours to be {done.lower()}.")
        return
    tree = house.trees.tree(events[0].tree_id)
    desk.said.append(taken_back(events, tree, done))
    if tree.tree_id == desk.tree_id and events[0].idea_id in tree.ideas:
        desk.go(events[0].idea_id)


def _merge(house: House, desk: Desk, act: Act) -> None:
    made = merge(house, act.id, act.other, title=act.words)
    if made.tree_id == desk.tree_id:
        desk.go(made.idea_id)


def _resync(house: House, desk: Desk, act: Act) -> None:
    desk.confirm(0)


def _rest(house: House, desk: Desk, act: Act) -> None:
    desk.wants_all = True


def _who(house: House) -> str:
    return house.settings.reader_name


_DOES: dict[str, Callable[[House, Desk, Act], None]] = {
    "set": _set,
    "tag": _tag,
    "note": _note,
    "undo": _undo,
    "redo": _redo,
    "merge": _merge,
    "resync": _resync,
    "rest": _rest,
}


def _plain(value: object) -> str:
    if isinstance(value, list):
        return one_line(", ".join(map(str, value))) or "none"
    return one_line(str(value)) if value not in (None, "") else "none"
