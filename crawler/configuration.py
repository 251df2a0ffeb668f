"""From `[[source]]` entries to sources: types, options and addresses checked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import cast

from corpus import plugins
from corpus.errors import BadSetting, UnknownName
from crawler import sources
from crawler.asking.addresses import check_web_address
from crawler.asking.local import is_local
from crawler.ready_made import READY_MADE
from crawler.source import Json, Source, SourceSettings

_COMMON = ("name", "type", "url", "pause_s", "enabled")


@dataclass(frozen=True, slots=True, kw_only=True)
class Configured:
    """A source with its settings."""

    settings: SourceSettings
    source: Source

    @property
    def addresses(self) -> list[str]:
        """The web addresses that its settings name."""
        named = [self.settings.url]
        for key, value in self.settings.options.items():
            if key.endswith("_url") and isinstance(value, str) and value:
                named.append(value)
        return [address for address in named if not is_local(address)]


def configured(
    entries: Sequence[Mapping[str, Json]], *, types: Mapping[str, Source] | None = None
) -> list[Configured]:
    """The sources that these entries describe, in their order.

    An entry with the name of a ready-made one changes that. `types` are the known types of
    sources; where none are given, those of `crawler/sources`.
    """
    names: set[str] = set()
    found = []
    for entry in entries:
        one = _configured(_completed(entry), types)
        if one.settings.name in names:
            raise BadSetting(
                f"two sources are named {one.settings.name!r}", "give each a name of its own"
            )
        names.add(one.settings.name)
        found.append(one)
    return found


def ready_made() -> list[Configured]:
    """The sources that ship with Alignloom."""
    return configured(READY_MADE)


def chosen(found: Sequence[Configured], names: Iterable[str]) -> list[Configured]:
    """Those of these names; all that are enabled where none is named."""
    by_name = {one.settings.name: one for one in found}
    asked = list(dict.fromkeys(names))
    for name in asked:
        if name not in by_name:
            raise UnknownName.among("source", name, by_name)
    if asked:
        return [by_name[name] for name in asked]
    return [one for one in found if one.settings.enabled]


def _completed(entry: Mapping[str, Json]) -> dict[str, Json]:
    """The entry, with what the ready-made one of its name says beside."""
    made = next((one for one in READY_MADE if one["name"] == entry.get("name")), {})
    same_type = entry.get("type", made.get("type")) == made.get("type")
    return {**(made if same_type else {}), **entry}


def _configured(entry: Mapping[str, Json], types: Mapping[str, Source] | None) -> Configured:
    name = _text(entry, "name", "every [[source]]")
    place = f"source {name!r}"
    kind = _text(entry, "type", place)
    source = _source(kind, types)
    options = _options(entry, source, place=place, kind=kind)
    url = _text(entry, "url", place)
    if not is_local(url):
        check_web_address(url, f"{place}: url")
    settings = SourceSettings(
        name=name,
        type=kind,
        url=url,
        pause_s=_pause(entry, place),
        enabled=entry.get("enabled", True) is True,
        options=options,
    )
    return Configured(settings=settings, source=source)


def _source(kind: str, types: Mapping[str, Source] | None) -> Source:
    if types is None:
        return cast("Source", plugins.load(sources, kind, "SOURCE"))
    if kind not in types:
        raise UnknownName.among("source type", kind, types)
    return types[kind]


def _text(entry: Mapping[str, Json], key: str, place: str) -> str:
    value = entry.get(key)
    if not isinstance(value, str) or not value.strip():
        raise BadSetting(f"{place} has no {key}", f'write {key} = "…" under [[source]]')
    return value.strip()


def _pause(entry: Mapping[str, Json], place: str) -> float | None:
    value = entry.get("pause_s")
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < 86_400:
        raise BadSetting(f"{place} has pause_s = {value!r}", "write seconds, such as pause_s = 3")
    return float(value)


def _options(
    entry: Mapping[str, Json], source: Source, *, place: str, kind: str
) -> dict[str, Json]:
    """The type's own keys with their defaults; an unknown key or another type is refused."""
    options = dict(source.options)
    for key, value in entry.items():
        if key in _COMMON:
            continue
        if key not in options:
            known = ", ".join(sorted([*_COMMON, *options]))
            raise BadSetting(f"{place} has no key {key!r}", f"{kind} knows: {known}")
        if not _fits(value, options[key]):
            raise BadSetting(f"{place} has {key} = {value!r}", f"write it as {options[key]!r} is")
        options[key] = value
        if key.endswith("_url") and isinstance(value, str) and value:
            check_web_address(value, f"{place}: {key}")
    return options


def _fits(value: Json, default: Json) -> bool:
    """Whether a value is of the kind of the default; a default of nothing takes all."""
    if default is None:
        return True
    if isinstance(default, bool) or isinstance(value, bool):
        return isinstance(default, bool) and isinstance(value, bool)
    if isinstance(default, int | float):
        return isinstance(value, int | float)
    if isinstance(default, str):
        return isinstance(value, str)
    if isinstance(default, Sequence):
        return isinstance(value, Sequence)  # one text may stand for a list of one
    return isinstance(value, Mapping)
