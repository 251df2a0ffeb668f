"""The readers of a home: who they are, what they watch, and where their mail goes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from corpus.errors import BadSetting, UnknownName

if TYPE_CHECKING:
    from collections.abc import Iterator

    from corpus.store import Store
    from synth.digest import Alert, Reader
    from ui.settings import ProfileSettings, Settings


def names(settings: Settings) -> list[str]:
    """The profiles of a home; one without a name where it has none."""
    return [profile.name for profile in settings.profile] or [""]


def checked_name(settings: Settings, name: str) -> str:
    """The name of a profile, or none; an unknown name is refused."""
    return _profile(settings, name).name if name else ""


def reader_of(settings: Settings, name: str, store: Store) -> Reader:
    """The reader of that name, or the nameless one; an unknown name is refused."""
    from synth.digest import Reader

    alerts = (*_queries(settings, name), *_collections(store, name))
    if not name:
        return Reader(alerts=alerts)
    profile = _profile(settings, name)
    return Reader(
        profile=profile.name,
        interest=profile.interest,
        most=profile.most,
        threshold=profile.threshold,
        wildcards=profile.wildcards,
        again_after_days=profile.again_after_days,
        alerts=alerts,
    )


def address_of(settings: Settings, name: str) -> str:
    """Where the reader's mail goes; empty where nobody said."""
    return _profile(settings, name).to if name else settings.mail.to


def _queries(settings: Settings, name: str) -> Iterator[Alert]:
    """The standing queries of everybody, and those of this reader."""
    from index.question import Question
    from synth.digest import Alert

    for each in settings.alert:
        if each.profile in ("", name):
            yield Alert(name=each.name or each.query, question=Question(text=each.query))


def _collections(store: Store, name: str) -> Iterator[Alert]:
    """The collections that this reader named; the nameless one has all.

    One whose filters say what no document can be finds nothing; the search page says why.
    """
    from corpus.collections import collections_of
    from synth.digest import Alert
    from ui.search_wish import read_wish

    for each in collections_of(store):
        wish = read_wish(each.asked)
        if not wish or name not in ("", each.who):
            continue
        try:
            yield Alert(name=each.name, question=wish.question(1))
        except BadSetting:
            continue


def _profile(settings: Settings, name: str) -> ProfileSettings:
    known = {profile.name: profile for profile in settings.profile}
    if name not in known:
        raise UnknownName.among("profile", name, known or ["(there are none in alignloom.toml)"])
    return known[name]
