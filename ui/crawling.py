"""The sources of a home, and who crawls them: what the commands about sources share."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from corpus.errors import BadSetting

if TYPE_CHECKING:
    from corpus.crawls import Crawls
    from crawler.configuration import Configured
    from crawler.crawl import Crawler
    from ui.house import House

KINDS = ("new", "edited", "updated", "promoted", "marked", "deleted", "unchanged", "refused")
"""What may become of a document, in the order in which it is told.

What is promoted is new, edited or updated too; what is deleted is marked too.
"""

NONE = "no source is configured"
SHOW_ALL = "alignloom sources --all, to see the ready-made ones and how to switch them on"


def sources_of(house: House) -> list[Configured]:
    """The sources that this home names, in its order."""
    from crawler.configuration import configured

    return configured(house.settings.source)


def chosen_sources(house: House, names: Sequence[str]) -> list[Configured]:
    """Those of these names; all that are enabled where none is named; never nothing."""
    from crawler.configuration import chosen

    known = sources_of(house)
    if not known:
        raise BadSetting(NONE, SHOW_ALL)
    found = chosen(known, names)
    if not found:
        raise BadSetting("every source is switched off", "name one, or write enabled = true")
    return found


def crawls_of(house: House) -> Crawls:
    """What the home's store knows of its crawls."""
    from corpus.crawls import Crawls

    return Crawls(house.store)


def crawler_of(house: House) -> Crawler:
    """Who crawls here."""
    from crawler.crawl import Crawler

    return Crawler(
        crawls=crawls_of(house),
        agent=agent_of(house),
        folder=house.home / "clones",
        version=_version(),
    )


def agent_of(house: House) -> str:
    """The user agent: name, version, and the contact where one is set."""
    contact = house.settings.contact
    return f"Alignloom/{_version()}" + (f" (+{contact})" if contact else "")


def need_contact(house: House, addresses: Sequence[str]) -> None:
    """Refuse to ask other machines without saying whom they can write to."""
    from crawler.asking.addresses import host_of, is_loopback

    foreign = [address for address in addresses if not is_loopback(address)]
    if foreign and not house.settings.contact:
        raise BadSetting(
            f"{host_of(foreign[0])} would be asked by nobody it could write to",
            f'write contact = "you@example.org" in {house.home / "alignloom.toml"}',
        )


def counts_text(counts: Mapping[str, int]) -> str:
    """Counts in words, without those of nothing."""
    return ", ".join(f"{count:,} {name}" for name, count in counts.items() if count) or "no change"


def when(moment: datetime | None) -> str:
    """A moment for a table, in UTC to the minute."""
    return moment.astimezone(UTC).strftime("%Y-%m-%d %H:%M UTC") if moment else "–"


def _version() -> str:
    from importlib.metadata import PackageNotFoundError, version  # slow, and seldom asked

    try:
        return version("alignloom")
    except PackageNotFoundError:  # run from a checkout that is not installed
        return "0"
