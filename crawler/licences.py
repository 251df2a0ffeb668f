"""What a licence statement means: its SPDX name, and whether the text may be passed on."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from corpus.model import Redistribution

UNKNOWN = "unknown"
_CREATIVE_COMMONS = re.compile(
    r"(?:\bcc|creative ?commons)\b.{0,30}?\b(?:by|attribution)\b(?P<rest>.*)"
)
_VERSION = re.compile(r"\b[1-4]\.\d\b")
_RESTRICTIONS = (
    ("-NC", re.compile(r"\bnc\b|non\W?commercial")),
    ("-ND", re.compile(r"\bnd\b|no\W?deriv")),
    ("-SA", re.compile(r"\bsa\b|share\W?alike")),
)
_NO_RIGHTS = re.compile(r"cc[\s-]?0|publicdomain/zero|public domain dedication")
_ARXIV = re.compile(r"arxiv\.org/licenses/nonexclusive-distrib|arxiv.{0,3}non-?exclusive")
_WITH_A_BUT = re.compile(r"\b(?:rights reserved|not|except|unless|excluding|portions|parts of)\b")
"""A statement of that kind names a licence and takes some of it back."""
_SPDX = re.compile(r"[A-Za-z][A-Za-z0-9.+-]{1,39}")
_MAY_BE_PASSED_ON = re.compile(r"CC0-\d\.\d|CC-BY(?:-SA)?(?:-\d\.\d)?")

_LONGEST = 300
"""A statement that goes on is a text about licences."""

_SITES = (
    ("forum.effectivealtruism.org", "2022-12-01", "CC-BY-4.0"),
    ("distill.pub", "2016", "CC-BY-4.0"),
)
"""Sites that put everything posted since a day under a licence."""


def licence_of(statement: str) -> str:
    """The SPDX identifier that a licence's name or address means, else `unknown`."""
    said = " ".join(statement.split()).casefold().replace("_", "-")
    if len(said) > _LONGEST or _WITH_A_BUT.search(said):
        return UNKNOWN
    if _ARXIV.search(said):
        return "arXiv-nonexclusive-1.0"
    if _NO_RIGHTS.search(said):
        return "CC0-1.0"
    if found := _CREATIVE_COMMONS.search(said):
        terms = "".join(term for term, sign in _RESTRICTIONS if sign.search(said))
        version = _VERSION.search(found["rest"])
        return f"CC-BY{terms}" + (f"-{version[0]}" if version else "")
    return statement.strip() if _SPDX.fullmatch(statement.strip()) else UNKNOWN


def licence_by_site(url: str, published: str | None) -> str:
    """The licence that the site of `url` gives to what was published there then."""
    host = (urlsplit(url).hostname or "").removeprefix("www.")
    for site, since, licence in _SITES:
        if host == site and published and published >= since:
            return licence
    return UNKNOWN


def redistribution_of(licence: str) -> Redistribution:
    """Whether a text under the licence may be passed on: CC BY, CC BY-SA and CC0 say so."""
    return "allowed" if _MAY_BE_PASSED_ON.fullmatch(licence) else "metadata-only"
