"""`alignloom show`: one document, its facts, its versions, its text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from ui import facts, shapes
from ui import show as showing
from ui.house import House

if TYPE_CHECKING:
    from corpus.model import Version

PANEL = "2 Find and read"


def show(
    context: typer.Context,
    doc_id: Annotated[str, typer.Argument(metavar="DOC_ID", help="as search prints it")],
    version: Annotated[
        str, typer.Option(metavar="HASH", help="a version by the beginning of its hash")
    ] = "",
    versions: Annotated[bool, typer.Option("--versions", help="list the versions only")] = False,
) -> None:
    """Print a document: what is known of it, and its text."""
    house: House = context.obj
    document = house.shelf.document(doc_id)
    if versions:
        _list(house.shelf.versions(doc_id))
        return
    shown = house.shelf.version(doc_id, version)
    if showing.wants_json():
        work_id = house.shelf.work_ids([doc_id])[doc_id]
        showing.value(shapes.document(document, shown, work_id=work_id, with_text=True))
        return
    showing.line(document.title, style="bold")
    if warning := facts.taken_back(document):
        showing.line(warning, style="yellow")
    showing.pairs(facts.known(document, shown))
    showing.line()
    showing.text(shown.text)


def _list(versions: list[Version]) -> None:
    """Print the versions of a document, oldest first."""
    if showing.wants_json():
        showing.value([{"version": v.hash, "words": len(v.text.split())} for v in versions])
        return
    for number, version in enumerate(versions, start=1):
        fetched = f"{version.fetched_at:%Y-%m-%d}" if version.fetched_at else ""
        words = f"{len(version.text.split()):,} words"
        showing.line(
            f"{number}  {version.hash[:12]}  {fetched}  {words}  {version.source_revision}"
        )
