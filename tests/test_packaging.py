"""What is built is what is here: no package and no data file is left behind."""

from __future__ import annotations

import tomllib
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
TOPS = ("corpus", "crawler", "index", "synth", "ui")


def setuptools() -> dict[str, Any]:
    loaded: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text())
    found: dict[str, Any] = loaded["tool"]["setuptools"]
    return found


def test_every_package_is_listed() -> None:
    here = {
        ".".join(path.parent.relative_to(ROOT).parts)
        for top in TOPS
        for path in (ROOT / top).rglob("__init__.py")
    }
    assert set(setuptools()["packages"]) == here


def test_every_data_file_is_packaged() -> None:
    patterns = setuptools()["package-data"]
    for top in TOPS:
        for path in (ROOT / top).rglob("*"):
            if path.is_dir() or path.suffix in (".py", ".pyc"):
                continue
            owner = next(p for p in path.parents if (p / "__init__.py").exists())
            package, name = ".".join(owner.relative_to(ROOT).parts), str(path.relative_to(owner))
            assert any(fnmatch(name, pattern) for pattern in patterns.get(package, ())), path
