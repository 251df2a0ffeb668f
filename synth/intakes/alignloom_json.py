"""Alignloom's own files: taken in as they were written, every part of them checked."""

from __future__ import annotations

from collections.abc import Sequence

from pydantic import ValidationError

from corpus.errors import AlignloomError, Unreadable
from corpus.model import Idea, Tree
from synth.foreign import NAME
from synth.intake import Origin, names_in, object_of
from synth.strict_json import REMEDY, refusal
from synth.tree_file import FORMAT, VERSION, TreeFile, adapter


class AlignloomJson:
    """What `tree export --format alignloom_json` wrote."""

    label = "Alignloom JSON"

    def fits(self, value: object) -> bool:
        """A file that says so."""
        return {"format", "ideas"} <= names_in(value)

    def read(self, value: object, origin: Origin) -> tuple[Tree, list[str]]:
        """The tree, equal to the one that was written."""
        named = object_of(value, "the file")
        if named.get("format") != FORMAT:
            raise refusal(f"this is no {FORMAT} file")
        if named.get("version") != VERSION:
            raise Unreadable(
                f"{FORMAT} version {named.get('version')!r} is not known", "update Alignloom"
            )
        file = _checked(origin.text)
        ideas = _together(file.ideas)
        root = file.ideas[0]
        if file.number < 1 or (file.tree_id, file.root) != (root.tree_id, root.idea_id):
            raise refusal("its heading does not fit its ideas")
        tree = Tree(
            tree_id=root.tree_id,
            title=root.title,
            root=root.idea_id,
            ideas=ideas,
            number=file.number,
        )
        return tree, []


def _checked(text: str) -> TreeFile:
    """Every part is of its type and no other: `"3"` is no number here."""
    try:
        return adapter().validate_json(text, strict=True)
    except ValidationError as error:
        fault = error.errors(include_url=False, include_input=False)[0]
        place = ".".join(map(str, fault["loc"]))
        raise Unreadable(f"{place} cannot be read: {fault['msg']}", REMEDY) from error
    except AlignloomError as error:
        raise refusal(error.problem) from error


def _together(found: Sequence[Idea]) -> dict[str, Idea]:
    """The ideas by id: the root first, every other under parents that came before it."""
    if not found:
        raise refusal("the file has no ideas")
    root = found[0]
    ideas: dict[str, Idea] = {}
    if not NAME.fullmatch(root.tree_id):
        raise refusal(f"a tree cannot be named {root.tree_id[:60]!r}")
    for number, idea in enumerate(found, start=1):
        if not NAME.fullmatch(idea.idea_id):
            raise refusal(f"idea {number:,} cannot be named {idea.idea_id[:60]!r}")
        known = all(parent in ideas for parent in idea.parents)
        rooted = bool(idea.parents) == bool(ideas)
        if idea.idea_id in ideas or not known or not rooted or idea.tree_id != root.tree_id:
            raise refusal(
                f"idea {number:,}, {idea.idea_id[:60]!r}, does not fit the tree before it"
            )
        ideas[idea.idea_id] = idea
    return ideas


INTAKE = AlignloomJson()
