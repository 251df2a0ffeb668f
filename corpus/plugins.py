"""Plugins are files: the folder is the list, and a file's name is its plugin's name."""

from __future__ import annotations

import pkgutil
from importlib import import_module
from pathlib import Path
from types import ModuleType

from corpus.errors import UnknownName


def names(package: ModuleType) -> list[str]:
    """The plugins in a package's folder, sorted, none of them imported."""
    folders = [str(Path(place)) for place in package.__path__]
    return sorted(found.name for found in pkgutil.iter_modules(folders))


def load(package: ModuleType, name: str, constant: str) -> object:
    """Import one plugin and return its `constant`, e.g. `READER`."""
    known = names(package)
    if name not in known:
        raise UnknownName.among(constant.lower(), name, known)
    return getattr(import_module(f"{package.__name__}.{name}"), constant)
