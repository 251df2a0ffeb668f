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
        elif number in self._sent:
            self._shown = self._sent[number]
            for sent in [sent for sent in self._sent if sent < number]:
                del self._sent[sent]

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
        self._sent[sheet.number] = sheet  # one that shows the top only never confirms it
        while len(self._sent) > KEPT:
            del self._sent[min(self._sent)]
        if self._shown is None and not self.wants_all and len(sheet.rows) > loom_columns.LARGE:
            return loom_columns.beginning(sheet)
        return loom_columns.message(sheet, self._shown)
