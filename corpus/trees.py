"""Trees as the sum of their events: every change is kept, taken back, and brought back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime

from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError

from corpus.errors import BadSetting, Conflict, UnknownName
from corpus.folding import (
    ADDING,
    CLASH,
    Folding,
    field_of,
    newest_of,
    to_redo,
    with_field,
)
from corpus.model import Clash, Idea, Tree, TreeEvent
from corpus.store import Store
from corpus.tables import tree_events
from corpus.tree_memory import TreeMemory, only_one
from corpus.tree_rules import check_judged, check_others, check_places, known
from corpus.unread import dump_idea

TRIES = 50
"""How often a change is planned anew because somebody else's came first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A change about to be written: what an event says, before it has a number and a time."""

    action: str
    idea_id: str
    before: object = None
    after: object = None


@dataclass(frozen=True, slots=True)
class Saw:
    """The value that somebody had before their eyes when they wrote another over it."""

    value: object


class Trees:
    """The trees of one store."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self._memory = TreeMemory(store)

    # -- looking ------------------------------------------------------------------------------

    def names(self) -> list[str]:
        """Ids of all trees, newest first."""
        asked = select(tree_events.c.tree_id).where(tree_events.c.number == 1)
        with self.store.reading() as connection:
            return list(connection.execute(asked.order_by(tree_events.c.at.desc())).scalars())

    def titles(self, tree_ids: Sequence[str]) -> dict[str, str]:
        """The titles of trees as they stand now; a tree is read only if its root was retitled."""
        c = tree_events.c
        first = select(c.tree_id, c.idea_id, c.after).where(c.number == 1, c.tree_id.in_(tree_ids))
        with self.store.reading() as connection:
            roots = {row.tree_id: row for row in connection.execute(first)}
            begun = [row.idea_id for row in roots.values()]
            asked = select(c.tree_id).where(c.action == "title", c.idea_id.in_(begun))
            edited = set(connection.execute(asked).scalars())
        return {
            name: self.tree(name).title
            if name in edited or name not in roots
            else str(roots[name].after["title"])
            for name in tree_ids
        }

    def events(self, tree_id: str) -> list[TreeEvent]:
        """Everything that ever happened to a tree, in order."""
        with self._memory.held:
            return list(self._memory.folding(tree_id).events)

    def standing(self, tree_id: str) -> list[TreeEvent]:
        """The changes of a tree that no undo took back."""
        with self._memory.held:
            return self._memory.folding(tree_id).standing()

    def tree(self, tree_id: str) -> Tree:
        """The tree as it stands now; its id may be cut short where that leaves one tree only."""
        with self._memory.held:
            return self._memory.folding(tree_id).tree()

    def tree_of(self, idea_id: str) -> Tree:
        """The tree that an idea stands in, or stood in before it was taken back."""
        return self.tree(self.find(idea_id)[0])

    def find(self, idea_id: str) -> tuple[str, str]:
        """The tree and the whole id of an idea, whose id may be cut short."""
        idea = tree_events.c.idea_id
        asked = select(tree_events.c.tree_id, idea).where(tree_events.c.action.in_(ADDING))
        with self.store.reading() as connection:
            found = connection.execute(asked.where(idea == idea_id).limit(1)).all()
            if not found and idea_id:
                begun = asked.where(idea.startswith(idea_id, autoescape=True))
                found = connection.execute(begun.distinct().order_by(idea).limit(9)).all()
        if not found:
            raise UnknownName(
                f"no idea named {idea_id!r}",
                "alignloom tree list, then alignloom tree show TREE for its ids",
            )
        tree_id, whole = only_one("idea", idea_id, [(row[0], row[1]) for row in found])
        return tree_id, whole

    # -- growing and changing -----------------------------------------------------------------

    def plant(self, root: Idea, *, below: Sequence[Idea] = (), who: str) -> Tree:
        """Start a tree from its root, with the ideas below it, at one stroke."""
        check_places(below, {root.idea_id})
        changes = [_addition("plant", root), *(_addition("add", idea) for idea in below)]
        self._write(root.tree_id, 0, changes, who)
        return self.tree(root.tree_id)

    def add(self, ideas: Sequence[Idea], *, who: str) -> Tree:
        """Hang ideas under parents that their tree has, or that come before them; all or none.

        There must be one at least.
        """

        def additions(folding: Folding) -> list[Change]:
            check_places(ideas, set(folding.tree().ideas))
            return [_addition("add", idea) for idea in ideas]

        return self._append(ideas[0].tree_id, additions, who)

    def change(
        self, idea_id: str, field: str, value: object, *, who: str, saw: Saw | None = None
    ) -> Tree:
        """Set a field of an idea; setting what it already is writes nothing.

        saw  what the writer had before them. Where it has become something else meanwhile, both
             values are kept, and the tree's `clashes` show them until somebody chooses.
        """
        tree_id, whole = self.find(idea_id)

        def setting(folding: Folding) -> list[Change]:
            tree = folding.tree()
            idea = known(tree, whole)
            before = field_of(idea, field)
            after = field_of(with_field(idea, field, value), field)
            settles = (whole, field) in tree.clashes and (saw is None or saw.value == before)
            if before == after and not settles:
                return []
            check_judged(tree, whole, field)
            written = Change(action=field, idea_id=whole, before=before, after=after)
            if saw is None or saw.value == before:
                return [written]
            return [written, _clash(folding, written, who)]

        return self._append(tree_id, setting, who)

    def note(self, idea_id: str, words: str, *, who: str) -> Tree:
        """Put a note beside an idea, behind those that others may have put there meanwhile."""
        tree_id, whole = self.find(idea_id)

        def noting(folding: Folding) -> list[Change]:
            notes = list(known(folding.tree(), whole).notes)
            return [Change(action="notes", idea_id=whole, before=notes, after=[*notes, words])]

        return self._append(tree_id, noting, who)

    def tag(self, idea_id: str, words: str, *, who: str) -> Tree:
        """Put a tag on an idea, or take it off where it has it; other tags stay as they are."""
        tree_id, whole = self.find(idea_id)
        if not words.strip():
            raise BadSetting("an empty tag", "write a word or two")

        def tagging(folding: Folding) -> list[Change]:
            tags = list(known(folding.tree(), whole).tags)
            after = [t for t in tags if t != words] if words in tags else [*tags, words]
            return [Change(action="tags", idea_id=whole, before=tags, after=after)]

        return self._append(tree_id, tagging, who)

    # -- taking back --------------------------------------------------------------------------

    def undo(self, tree_id: str, *, who: str) -> list[TreeEvent]:
        """Take back the newest change of `who` that still stands; nothing where there is none.

        Ideas that were added together leave together, with all below them. The taking back is
        an event too, so nothing is lost, and `redo` brings it back.
        """
        return self._take_back(tree_id, lambda folding: newest_of(folding, who), who)

    def take_back(self, tree_id: str, number: int, *, who: str) -> list[TreeEvent]:
        """Take back a change of the history with what was written at one stroke with it.

        Whoever made it, and whatever came after.
        """

        def chosen(folding: Folding) -> list[TreeEvent]:
            standing = [e for e in folding.standing() if e.action != "plant"]
            moments = {(e.at, e.who) for e in standing if e.number == number}
            found = [e for e in standing if (e.at, e.who) in moments]
            if not found:
                raise UnknownName(
                    f"no change {number} of tree {tree_id} that could be taken back",
                    f"alignloom tree history {tree_id}",
                )
            return found

        return self._take_back(tree_id, chosen, who)

    def redo(self, tree_id: str, *, who: str) -> list[TreeEvent]:
        """Bring back what `who` took back last, unless they have changed something since."""
        last: list[TreeEvent] = []

        def bringing_back(folding: Folding) -> list[Change]:
            numbers = set(to_redo(folding.events, who))
            last[:] = [e for e in folding.events if e.number in numbers]
            return [_back(each) for each in last]

        self._append(tree_id, bringing_back, who)
        return last

    def rewind(self, tree_id: str, number: int, *, who: str) -> list[TreeEvent]:
        """Make the tree what it was right after a change of its history, whoever changed it since.

        What came later is taken back and what had been taken back comes back, all of it at one
        stroke; the history keeps everything, so that one may go forward again in the same way.
        """
        turned: list[TreeEvent] = []

        def rewinding(folding: Folding) -> list[Change]:
            if not 1 <= number <= len(folding.events):
                raise UnknownName(
                    f"tree {tree_id} has no change {number}", f"alignloom tree history {tree_id}"
                )
            then = folding.stood_at(stroke_end(folding.events, number))
            now = {event.number for event in folding.standing()}
            turned[:] = [e for e in folding.events if e.number in then ^ now]
            return [_back(e) if e.number in then else _away(e) for e in turned]

        self._append(tree_id, rewinding, who)
        return turned

    def _take_back(
        self, tree_id: str, choose: Callable[[Folding], list[TreeEvent]], who: str
    ) -> list[TreeEvent]:
        last: list[TreeEvent] = []

        def taking_back(folding: Folding) -> list[Change]:
            last[:] = choose(folding)
            check_others(folding, last, who)
            return [_away(each) for each in last]

        self._append(tree_id, taking_back, who)
        return last

    # -- writing ------------------------------------------------------------------------------

    def _append(self, tree_id: str, plan: Callable[[Folding], Sequence[Change]], who: str) -> Tree:
        """Write what `plan` makes of the tree so far; planned again if another came first."""
        for _ in range(TRIES):
            with self._memory.held:
                folding = self._memory.folding(tree_id)
                changes, last = plan(folding), folding.events[-1]
            if not changes:
                return self.tree(tree_id)
            try:
                self._write(last.tree_id, last.number, changes, who)
            except Conflict:
                continue
            return self.tree(tree_id)
        raise Conflict(f"tree {tree_id} is being changed by others", "try again")

    def _write(self, tree_id: str, after: int, changes: Sequence[Change], who: str) -> None:
        now = datetime.now(UTC)
        rows = [
            {
                "tree_id": tree_id,
                "number": after + 1 + place,
                "at": now,
                "who": who,
                "action": change.action,
                "idea_id": change.idea_id,
                "before": change.before,
                "after": change.after,
            }
            for place, change in enumerate(changes)
        ]
        try:
            with self.store.writing() as connection:
                connection.execute(insert(tree_events), rows)
        except IntegrityError as error:
            raise Conflict(
                f"tree {tree_id} has a change {after + 1} already", "read it"
            ) from error


def _clash(folding: Folding, written: Change, who: str) -> Change:
    """The event that says whose value was written over unseen."""
    same = (written.idea_id, written.action)
    others = [e.who for e in folding.standing() if (e.idea_id, e.action) == same]
    clash = Clash(
        field=written.action,
        theirs=written.before,
        mine=written.after,
        who=(others[-1] if others else who, who),
    )
    return Change(action=CLASH, idea_id=written.idea_id, after=asdict(clash))


def stroke_end(events: Sequence[TreeEvent], number: int) -> int:
    """The number of the last change that was written at one stroke with that one."""
    while number < len(events) and events[number].at == events[number - 1].at:
        number += 1
    return number


def _away(event: TreeEvent) -> Change:
    of = {"of": event.number}
    return Change(action="undo", idea_id=event.idea_id, before=event.after, after=of)


def _back(event: TreeEvent) -> Change:
    of = {"of": event.number}
    return Change(action="redo", idea_id=event.idea_id, before=event.before, after=of)


def _addition(action: str, idea: Idea) -> Change:
    return Change(action=action, idea_id=idea.idea_id, after=dump_idea(idea))
