"""What an answer means: it is to be read, or asked for elsewhere, later, or not at all."""

from __future__ import annotations

import json
import random
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Literal, TypeAlias
from urllib.parse import urljoin

from crawler.asking.addresses import place_of
from crawler.asking.fetching import Barred, Fetched, Manners
from crawler.source import Expected

_AGAIN = (408, 425, 429, 500, 502, 503, 504, 520, 521, 522, 523, 524, 529)
_SHUT = (401, 403, 407, 451)
_TITLE = re.compile(rb"<title[^>]*>\s*([^<]{0,200})", re.IGNORECASE)
_CHALLENGES = (b"Vercel Security Checkpoint", b"Just a moment...", b"Attention Required!")
_HTML = re.compile(
    rb"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body)\b",
    re.IGNORECASE | re.DOTALL,
)
_MARK = b"\xef\xbb\xbf"
_LONGEST_RETRY_S = 7 * 86_400.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """The answer is to be read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Elsewhere:
    """The request is to be made at another address."""

    url: str
    method: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Again:
    """The request failed, and may fare better later."""

    reason: str
    after_s: float | None = None
    """What the server asked for in Retry-After."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shut:
    """The source has closed its door, or cannot be reached at all."""

    reason: str
    after_s: float | None = None
    state: Literal["closed", "failing"] = "closed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Nothing:
    """The request comes to nothing, however often it is made."""

    reason: str
    lasting: bool = True
    """Whether that stays so in the next crawl too."""


Verdict: TypeAlias = "Read | Elsewhere | Again | Shut | Nothing"


def judge(
    fetched: Fetched, *, expected: Expected, method: str, hops: int, manners: Manners
) -> Verdict:
    """What is to be done about an answer to a request of that method after so many redirects."""
    wait = retry_after_s(fetched)
    if shut := _challenge(fetched, expected) or _shut(fetched):
        return Shut(reason=shut, after_s=wait)
    if fetched.status in _AGAIN or fetched.status >= 500:
        return failed(f"{fetched.url} answers {fetched.status}", wait, manners)
    if 300 <= fetched.status < 400:
        return _elsewhere(fetched, method, hops, manners)
    if expected == "json" and fetched.status < 300 and not _is_json(fetched.body):
        return Again(reason=f"{fetched.url} answers JSON that is not whole")
    return Read()


def failed(reason: str, after_s: float | None, manners: Manners) -> Again | Shut:
    """What follows from a failure after which a server asks to wait for so many seconds."""
    if after_s is not None and after_s > manners.longest_wait_s:
        return Shut(reason=f"{reason} and asks to wait", after_s=after_s)
    return Again(reason=reason, after_s=after_s)


def backoff_s(tries: int, manners: Manners) -> float:
    """A wait before the next try after so many, doubling, drawn evenly from nothing to all."""
    longest = min(manners.longest_backoff_s, manners.first_backoff_s * 2.0**tries)
    return random.uniform(0.0, longest)  # noqa: S311 - spreads requests, guards nothing


def retry_after_s(fetched: Fetched) -> float | None:
    """Seconds that a server asks to wait, given as a number or a date, a week at the most.

    `None`: it says nothing.
    """
    said = fetched.headers.get("retry-after", "").strip()
    if re.fullmatch(r"[0-9]+", said):
        return min(float(said), _LONGEST_RETRY_S)
    try:
        moment = parsedate_to_datetime(said)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    zoned = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    wait_s = (zoned - datetime.now(UTC)).total_seconds()
    return min(max(0.0, wait_s), _LONGEST_RETRY_S)


def _shut(fetched: Fetched) -> str:
    return f"{fetched.url} answers {fetched.status}" if fetched.status in _SHUT else ""


def _elsewhere(fetched: Fetched, method: str, hops: int, manners: Manners) -> Verdict:
    if not fetched.location:
        return Nothing(reason=f"{fetched.url} answers {fetched.status}")
    if hops >= manners.most_redirects:
        return Nothing(reason=f"{fetched.url} redirects for the {hops + 1}th time")
    try:
        url = urljoin(fetched.url, fetched.location).partition("#")[0]
        place_of(url)
    except (ValueError, Barred):
        return Nothing(reason=f"{fetched.url} redirects to {fetched.location[:200]!r}")
    kept = fetched.status in (307, 308) or method in ("GET", "HEAD")
    return Elsewhere(url=url, method=method if kept else "GET")


def _challenge(fetched: Fetched, expected: Expected) -> str:
    """Why the answer is a challenge to prove that we are a browser; empty where it is none."""
    head = fetched.body[:4096].removeprefix(_MARK)
    if "x-amzn-waf-action" in fetched.headers:
        return f"{fetched.url} answers with a challenge"
    title = _TITLE.search(head)
    if title and any(known in title[1] for known in _CHALLENGES):
        return f"{fetched.url} answers with a challenge: {title[1].decode(errors='replace')!r}"
    if b"ChallengeRequiredError" in head:
        return f"{fetched.url} answers with a challenge: ChallengeRequiredError"
    if expected in ("json", "xml") and fetched.status < 400 and _HTML.match(head):
        said = title[1].decode(errors="replace").strip() if title else "a web page"
        return f"{fetched.url} answers with a page where {expected.upper()} is due: {said!r}"
    return ""


def _is_json(body: bytes) -> bool:
    try:
        json.loads(body)
    except (ValueError, RecursionError):
        return False
    return True
