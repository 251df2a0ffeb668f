"""What a licence statement means: its SPDX name, and whether the text may be passed on."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from corpus.model import Redistribution

UNKNOWN = "unknown"
_CREATIVE_COMMONS = re.compile(
    r"(?:cc|creative ?commons(?:\.org/licenses)?)[\s/:_-]*(?:license|licence)?[\s/:_-]*"
    r"(?P<terms>by(?:[\s_-]?(?:nc|nd|sa)){0,2})(?:[\s/:_-]*v?(?P<version>[1-4]\.\d))?"
)
_NO_RIGHTS = re.compile(r"cc[\s-]?0|publicdomain/zero|public domain dedication")
_ARXIV = re.compile(r"arxiv\.org/licenses/nonexclusive-distrib|arxiv.{0,3}non-?exclusive")
_SPELLED = (
    ("attribution", "by"),
    ("noncommercial", "nc"),
    ("non-commercial", "nc"),
    ("noderivatives", "nd"),
    ("noderivs", "nd"),
    ("sharealike", "sa"),
    ("share-alike", "sa"),
)
_SPDX = re.compile(r"[A-Za-z][A-Za-z0-9.+-]{1,39}")
_MAY_BE_PASSED_ON = re.compile(r"CC0-\d\.\d|CC-BY(?:-SA)?(?:-\d\.\d)?")

_LONGEST = 1_000
"""A statement that goes on is a text about licences."""

_SITES = (
    ("forum.effectivealtruism.org", "2022-12-01", "CC-BY-4.0"),
    ("distill.pub", "2016", "CC-BY-4.0"),
)
"""Sites that put everything posted since a day under a licence."""


def licence_of(statement: str) -> str:
    """The SPDX identifier that a licence's name or address means, else `unknown`."""
    said = " ".join(statement[:_LONGEST].split()).casefold()
    if _ARXIV.search(said):
        return "arXiv-nonexclusive-1.0"
    if _NO_RIGHTS.search(said):
        return "CC0-1.0"
    for word, code in _SPELLED:
        said = said.replace(word, code)
    if found := _CREATIVE_COMMONS.search(said):
        terms = re.sub(r"[\s_-]+", "-", found["terms"]).upper()
        return f"CC-{terms}-{found['version']}" if found["version"] else f"CC-{terms}"
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
