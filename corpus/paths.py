"""Paths as people write them."""

from __future__ import annotations

from pathlib import Path

from corpus.errors import BadSetting


def expanded(path: str | Path) -> Path:
    """The path with `~` or `~name` as that user's home folder; refused where there is no such."""
    try:
        return Path(path).expanduser()
    except RuntimeError as error:
        raise BadSetting(
            f"{str(path)!r} is in the home of nobody here", "write the whole path"
        ) from error
