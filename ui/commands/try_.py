"""`alignloom try`: what would be extracted from an address, with nothing stored."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from ui import crawling, show
from ui.house import House
from ui.telling import counted

if TYPE_CHECKING:
    from corpus.model import Document, Version

PANEL = "1 Begin"

_LINES = 12


def try_(
    context: typer.Context,
    url: Annotated[str, typer.Argument(metavar="URL", help="the address of a page")],
) -> None:
    """Show what a crawl would extract from an address; store nothing."""
    from crawler.asking.addresses import check_web_address
    from crawler.preview import preview

    house: House = context.obj
    check_web_address(url, "URL")
    crawling.need_contact(house, [url])
    document, version = preview(url, agent=crawling.agent_of(house))
    if show.wants_json():
        show.value(_shape(document, version))
    else:
        _tell(document, version)


def _shape(document: Document, version: Version) -> dict[str, object]:
    return {
        "doc_id": document.doc_id,
        "title": document.title,
        "url": document.url,
        "published": document.published,
        "authors": list(document.authors),
        "kind": document.kind,
        "licence": document.licence,
        "quality": dict(version.quality),
        "text": version.text,
    }


def _tell(document: Document, version: Version) -> None:
    show.line(document.title, style="bold")
    show.pairs(
        {
            "id": document.doc_id,
            "published": document.published or "undated",
            "authors": ", ".join(document.authors) or "not named",
            "kind": document.kind,
            "licence": document.licence,
            "quality": ", ".join(f"{name} {count:g}" for name, count in version.quality.items()),
        }
    )
    show.line()
    lines = version.text.splitlines()
    show.text("\n".join(lines[:_LINES]))
    if len(lines) > _LINES:
        show.say(f"… and {counted(len(lines) - _LINES, 'more line')}; nothing was stored")
    else:
        show.say("nothing was stored")
