"""The block of YAML that a Markdown file may open with."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

import yaml

from corpus.text import clean

_BLOCK = re.compile(
    r"\ufeff?---[ \t]*\r?\n(?P<yaml>.*?)^(?:---|\.\.\.)[ \t]*(?:\r?\n|\Z)",
    re.DOTALL | re.MULTILINE,
)
_LONGEST = 64 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """A text without its front matter, and what that said."""

    body: str
    fields: Mapping[str, object] = field(default_factory=dict)
    """By names in lower case. Scalars are strings, as written."""
    problem: str = ""
    """Why the front matter could not be read, if there was one that could not."""


class _AsWritten(yaml.SafeLoader):
    """The safe loader, leaving every scalar a string: `2023-07` is a month, `no` a word."""

    yaml_implicit_resolvers = {}  # noqa: RUF012 - the loader's own name and kind of table


def open_front_matter(text: str) -> Opened:
    """Part a text from its front matter; one that is not YAML is dropped and its problem said."""
    block = _BLOCK.match(text)
    if block is None or block.end() > _LONGEST:
        return Opened(body=text)
    body = text[block.end() :]
    try:
        loaded: object = _AsWritten(clean(block["yaml"])).get_single_data()
    except (yaml.YAMLError, ValueError, TypeError, RecursionError) as error:
        return Opened(body=body, problem=_first_line(error))
    if loaded is None:
        return Opened(body=body)
    if not isinstance(loaded, Mapping):
        return Opened(body=text)  # a text between two rules, not front matter
    return Opened(body=body, fields={str(name).lower(): value for name, value in loaded.items()})


def _first_line(error: Exception) -> str:
    if isinstance(error, yaml.MarkedYAMLError) and error.problem_mark is not None:
        return f"{error.problem or error.context} in line {error.problem_mark.line + 2}"
    return (str(error).splitlines() or [type(error).__name__])[0]
