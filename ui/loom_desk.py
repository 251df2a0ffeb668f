"""What one visitor has before them: which tree and idea, and what their browser shows of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from corpus.model import Idea, Tree
from ui import loom_columns
from ui.loom_columns import Sheet

KEPT = 8
"""Sheets on their way to the browser that are remembered until it confirms one."""


@dataclass(slots=True)
class Desk:
    """One visitor's place at one tree."""

    tree_id: str
    selected: str
    going: int = 1
    """How often the browser was sent to the selected idea; it goes there once each time."""
    done: int = 0
    """The number of the last act that was done; the browser numbers them upwards."""
    jobs: list[int] = field(default_factory=list)
    """What this visitor wished for and has not been told of."""
    drawn: int = 0
    """The number of the last change that the page was drawn with."""
    said: list[str] = field(default_factory=list)
    """What to say when the page is drawn next."""
    wants_all: bool = False
    """Whether the browser has shown the top of a large tree and asked for the rest."""
    _shown: Sheet | None = None
    _sent: dict[int, Sheet] = field(default_factory=dict)
    _steps: dict[int, tuple[set[str], set[str]]] = field(default_factory=dict)
    """Since the sheet that was confirmed, by the number of each sheet that was sent: which ideas
    were another than in the sheet sent before it, and which had left."""

    def at(self, tree: Tree) -> Desk:
        """The desk of the same visitor at a tree: itself, or a new one that goes on counting."""
        if self.tree_id == tree.tree_id:
            return self
        return Desk(
            tree_id=tree.tree_id,
            selected=tree.root,
            going=self.going + 1,
            done=self.done,
            jobs=self.jobs,
        )

    def go(self, idea_id: str) -> None:
        """Send the browser to an idea."""
        self.selected = idea_id
        self.going += 1

    def idea(self, tree: Tree) -> Idea:
        """The idea that is looked at; the root where it is gone."""
        return tree.ideas.get(self.selected) or tree.ideas[tree.root]

    def confirm(self, number: int) -> None:
        """The browser says up to which change it shows the tree; 0: it shows nothing."""
        if number == 0:
            self._shown = None
            self._sent.clear()
            self._steps.clear()
        elif number in self._sent:
            self._shown = self._sent[number]
            for sent in [sent for sent in self._sent if sent < number]:
                del self._sent[sent]
            self._steps = {at: step for at, step in self._steps.items() if at > number}

    def data(self, tree: Tree, waiting: list[Mapping[str, object]]) -> dict[str, object]:
        """What the component is given for this run of the page."""
        sheet = loom_columns.sheet(tree)
        self.drawn = sheet.number
        return {
            **self._told(sheet),
            "done": self.done,
            "goto": {"id": self.selected, "n": self.going},
            **({"waiting": waiting} if waiting else {}),
        }

    def _told(self, sheet: Sheet) -> dict[str, object]:
        """What changed; to a browser that shows nothing of a large tree, first its top."""
        self._note(sheet)
        if self._shown is None and not self.wants_all and len(sheet.rows) > loom_columns.LARGE:
            return loom_columns.beginning(sheet)
        steps = [step for at, step in self._steps.items() if at < sheet.number]
        unsure = set().union(*(changed for changed, _ in steps))
        left = set().union(*(left for _, left in steps))
        if not left.isdisjoint(sheet.rows):  # one came back: where it stands, the order tells
            return loom_columns.message(sheet, None)
        return loom_columns.message(sheet, self._shown, unsure | left)

    def _note(self, sheet: Sheet) -> None:
        """Remember that a sheet goes out, and how it differs from the last that did."""
        last = self._sent[max(self._sent)] if self._sent else sheet
        if last is not sheet:
            changed, left = loom_columns.difference(sheet, last)
            self._steps[sheet.number] = set(changed), set(left)
        self._sent[sheet.number] = sheet  # one that shows the top only never confirms it
        while len(self._sent) > KEPT:
            del self._sent[min(self._sent)]
