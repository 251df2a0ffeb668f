"""Writing settings: only the named keys change; comments, order and all else stay as they were."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from corpus.errors import BadSetting
from ui.settings import FILE, PREFIX, checked, read_settings

if TYPE_CHECKING:
    from tomlkit import TOMLDocument
    from tomlkit.items import Table

Value = str | int | float | bool


def overridden(key: str) -> str:
    """The variable of the environment that goes before a key; empty where there is none."""
    wanted = PREFIX + key.replace(".", "__").upper()
    return next((name for name in os.environ if name.upper() == wanted), "")


def save(home: Path, changes: Mapping[str, Value]) -> None:
    """Write settings, such as `llm.model`, to the home's file: all of them or none.

    A value that cannot be is refused in words before anything is written.
    """
    import tomlkit

    path = home / FILE
    read_settings(home)  # a file that cannot be read is not written over
    document = tomlkit.parse(path.read_text(encoding="utf-8") if path.exists() else "")
    for key, value in changes.items():
        _put(document, key, value)
    checked(path, document.unwrap())
    _replace(path, document.as_string())


def _put(document: TOMLDocument, key: str, value: Value) -> None:
    """Set a key in its table, which is made where it is not there."""
    *tables, name = key.split(".")
    place: TOMLDocument | Table = document
    for table in tables:
        place = place.setdefault(table, {})
    place[name] = value


def _replace(path: Path, text: str) -> None:
    """Write the file whole or not at all; others may not read it, since it may hold a key."""
    part = path.with_name(f".{path.name}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        part.write_text(text, encoding="utf-8")
        part.chmod(path.stat().st_mode if path.exists() else 0o600)
        part.replace(path)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise BadSetting(
            f"{path} cannot be written: {error.strerror}", "change it there"
        ) from error
