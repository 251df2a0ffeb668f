"""Values as foreign records write them: lists real or written down, names in any order."""

from __future__ import annotations

import ast
import json
import math
import re
from collections.abc import Iterator, Mapping
from urllib.parse import urlsplit

from corpus.model import unique
from corpus.text import clean_line, storable

_LONGEST_LIST = 200_000
_LONGEST_ADDRESS = 2_000
_MOST_BRACKETS = 2_000
_QUOTED = re.compile(r"'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\"", re.DOTALL)
_PLAIN_LITERAL = re.compile(r"(?:[\[\](){},:\s\d.]|None|True|False|null|true|false)*")
_AND = re.compile(r"\s+(?:and|&)\s+|\s*;\s*|,\s+(?:and|&)\s+")
_OTHERS = re.compile(r"(?:et al\.?|others)", re.IGNORECASE)
_AFFILIATION_MARKS = " *†‡§¶"


def listed(value: object) -> list[object]:
    """A list, or the list that a string writes down in JSON or in Python; else nothing."""
    if isinstance(value, list | tuple):
        return list(value)
    if not isinstance(value, str) or not value.lstrip().startswith(("[", "(")):
        return []
    if len(value) > _LONGEST_LIST:
        return []
    try:
        found: object = json.loads(value)
    except (ValueError, RecursionError):
        found = _python_literal(value)
    return list(found) if isinstance(found, list | tuple) else []


def words(value: object) -> tuple[str, ...]:
    """Tags, categories or keywords: a list, a list written down, or parts between commas."""
    if isinstance(value, str) and not listed(value):
        return unique(clean_line(part) for part in re.split(r"[,;]", value.strip("[]")))
    return unique(
        clean_line(text(_named(item, "name", "term", "title"))) for item in listed(value)
    )


def people(value: object) -> tuple[str, ...]:
    """Names of persons, given name first, from a list, a mapping or one string of them all."""
    if isinstance(value, Mapping):
        return unique(_person(value))
    if isinstance(value, str) and not listed(value):
        names: Iterator[str] = _split_names(" ".join(value[:_LONGEST_LIST].split()))
    else:
        names = (name for item in listed(value) for name in _person(item))
    tidy = (clean_line(name).strip(_AFFILIATION_MARKS) for name in names)
    return unique(name for name in tidy if not _OTHERS.fullmatch(name))


def given_first(name: str) -> str:
    """`Lovelace, Ada` as `Ada Lovelace`; `Ada Lovelace` and `DeepMind` as they are."""
    parts = [part.strip() for part in name.split(",") if part.strip()]
    if len(parts) == 3 and len(parts[1]) < 5:  # Sternberg, Jr., William
        return f"{parts[2]} {parts[0]} {parts[1]}"
    return f"{parts[1]} {parts[0]}" if len(parts) == 2 else name.strip()


def text(value: object) -> str:
    """A string or a number as text that can be kept; anything else is no text."""
    if isinstance(value, str):
        return value if value.isascii() and "\0" not in value else storable(value)
    if isinstance(value, bool):
        return ""
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, int) and abs(value) > 10**40:  # no id is that long; printing it is dear
        return ""
    return str(value) if isinstance(value, int | float) else ""


def number(value: object) -> float | None:
    """A finite number, or one written down; else nothing."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        found = float(value)
    except (ValueError, OverflowError):
        return None
    return found if math.isfinite(found) and abs(found) < 1e15 else None


def numbers(record: Mapping[str, object], names: Mapping[str, str]) -> dict[str, float]:
    """The figures of a record that has them, by the names that they get here."""
    found = {ours: number(record.get(theirs)) for theirs, ours in names.items()}
    return {name: value for name, value in found.items() if value is not None}


def web_address(value: object) -> str:
    """An absolute http or https address that can be taken apart; else nothing."""
    if not isinstance(value, str) or len(value) > _LONGEST_ADDRESS:
        return ""
    is_clean = value.isascii() and value.isprintable() and " " not in value
    address = value if is_clean else clean_line(value, _LONGEST_ADDRESS)
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        return ""
    usable = parts.scheme in ("http", "https") and parts.hostname and port != 0
    return address if usable and " " not in address else ""


def web_addresses(*values: object) -> tuple[str, ...]:
    """Those of the values that are web addresses, each once."""
    return unique(web_address(value) for value in values)


def doi_address(value: object) -> str:
    """The address of a DOI, however it is written; nothing where there is none."""
    found = re.search(r"10\.\d{4,9}/[^\s\"<>]+", value) if isinstance(value, str) else None
    return web_address("https://doi.org/" + found.group().rstrip(".,;")) if found else ""


def _python_literal(value: str) -> object:
    """What a Python literal of strings and numbers means; no operator, name or call gets in."""
    rest = _QUOTED.sub("", value)
    brackets = sum(rest.count(bracket) for bracket in "[({")
    if brackets > _MOST_BRACKETS or not _PLAIN_LITERAL.fullmatch(rest):
        return None
    try:
        return ast.literal_eval(value.strip())
    except (ValueError, SyntaxError, MemoryError, RecursionError, TypeError):
        return None


def _named(item: object, *names: str) -> object:
    """The first of these fields that a mapping has; anything else is itself."""
    if not isinstance(item, Mapping):
        return item
    return next((item[name] for name in names if item.get(name)), "")


def _person(item: object) -> Iterator[str]:
    if not isinstance(item, Mapping):
        yield given_first(text(item))
        return
    fields = ("given", "dropping-particle", "non-dropping-particle", "family", "suffix")
    spelled = " ".join(text(item.get(name)).strip() for name in fields)
    yield spelled if spelled.strip() else text(_named(item, "literal", "name", "display_name"))


def _split_names(value: str) -> Iterator[str]:
    """Persons in one string, between `and`, `&`, semicolons, or commas that part whole names."""
    for part in _AND.split(value):
        pieces = [piece.strip() for piece in part.split(",") if piece.strip()]
        if (len(pieces) > 1 and all(" " in piece or "." in piece for piece in pieces)) or len(
            pieces
        ) > 3:
            yield from pieces
        else:
            yield given_first(part)
