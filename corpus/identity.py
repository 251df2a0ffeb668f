"""Names made from the world: which document an address means, and which are the same work."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator
from urllib.parse import SplitResult, parse_qsl, unquote, urlencode, urlsplit

from corpus.model import Document
from corpus.text import clean_line

_ARXIV_HOSTS = (
    "arxiv.org",
    "alphaxiv.org",
    "ar5iv.org",
    "ar5iv.labs.arxiv.org",
    "arxiv-vanity.com",
)
_ARXIV_ID = re.compile(
    r"(?:^|/|:)(?P<id>\d{4}\.\d{4,5}|[a-z-]+(?:\.[A-Za-z-]{2,})?/\d{7})(?:v\d+)?(?=$|[.?#/])"
)
_ARXIV_NAME = re.compile(
    r"(?:https?://(?:dx\.)?doi\.org/)?(?:doi:)?(?:10\.48550/)?arxiv[.:](?P<id>\S+)", re.IGNORECASE
)
_DOI = re.compile(r"10\.\d{4,9}/[^\s?#&]+")
_DOI_PATH = re.compile(r"/(?:doi|content)/(?:\w+/)?(?=10\.)")
_DOI_FORMAT = re.compile(r"(?:v\d+)?(?:\.(?:full|pdf|abstract))+$|/(?:full|pdf|abstract|epdf)$")
_DOI_VERSION = re.compile(r"v\d+$")
_PREPRINTS = "10.1101/"
"""Of bioRxiv and medRxiv, whose addresses name a version that their DOIs do not."""
_FORUMS = {
    "lesswrong.com": "lw",
    "alignmentforum.org": "lw",  # same code, same database, same ids
    "greaterwrong.com": "lw",
    "forum.effectivealtruism.org": "eaf",
    "ea.greaterwrong.com": "eaf",
}
_FORUM_POST = re.compile(r"/(?:posts|events|p)/(?P<id>[A-Za-z0-9]{10,24})(?:/|$)")
_FORUM_COMMENT = re.compile(
    r"/comment/(?P<path>[A-Za-z0-9]{10,24})|[?&]commentId=(?P<query>[A-Za-z0-9]{10,24})"
    r"|#(?:comment-)?(?P<fragment>[A-Za-z0-9]{17})$"
)
_TRACKING = re.compile(r"utm_\w+|ref_src|fbclid|gclid|mc_[ce]id")
_REFERRERS = re.compile(r"ref|referrer|source|src|via|share|s|r|triedRedirect")
"""Parameters by which letters and sites say where a reader came from; elsewhere they have
meaning, so that what they stand in is another name, and no document is named without them."""
_URL = re.compile(r"https?://\S+", re.IGNORECASE)
_WRITTEN = re.compile(r"(?P<host>[\w-]+(?:\.[\w-]+)*\.[a-z]{2,})/\S*", re.IGNORECASE)
_PAIRS = {"(": ")", "[": "]", "<": ">"}
_LONGEST_KEY = 180
_LONGEST_ADDRESS = 2_000


def arxiv_id(address: str) -> str | None:
    """The arXiv identifier in an address or a DOI, without its version: `2107.05580`."""
    named = _ARXIV_NAME.fullmatch(address.strip())
    parts = _split(f"https://arxiv.org/abs/{named.group('id')}" if named else address)
    host = _host(parts.netloc)
    if not any(host == known or host.endswith("." + known) for known in _ARXIV_HOSTS):
        return None
    match = _ARXIV_ID.search(parts.path)
    return match.group("id") if match else None


def doi(address: str) -> str | None:
    """The DOI in an address that is made of one, or a bare DOI, in lower case."""
    parts = _split(unquote(address))
    if parts.netloc and not (
        _host(parts.netloc).endswith("doi.org") or _DOI_PATH.search(parts.path)
    ):
        return None  # a path such as /releases/10.2021/notes is none
    match = _DOI.search(parts.path)
    if not match:
        return None
    found = _DOI_FORMAT.sub("", match.group().rstrip(".,;)/")).lower()
    return _DOI_VERSION.sub("", found) if found.startswith(_PREPRINTS) else found


def normal_url(url: str) -> str:
    """An address without what does not change its meaning: `host/path?query`.

    Scheme, `www.`, `m.`, fragment, tracking parameters and a trailing slash are dropped.
    """
    parts = _split(url)
    pairs = parse_qsl(parts.query, keep_blank_values=True, max_num_fields=None)
    query = urlencode(sorted(pair for pair in pairs if not _TRACKING.fullmatch(pair[0])))
    path = re.sub(r"/(?:index\.html?)?$", "", parts.path)
    return _host(parts.netloc) + path + ("?" + query if query else "")


def doc_id_of_url(url: str) -> str:
    """The `doc_id` of what an address shows: `arxiv:…`, `lw:…`, `eaf:…`, else `web:…`."""
    parts = _split(url)
    paper = arxiv_id(url)
    if paper:
        return f"arxiv:{paper}"
    forum = _FORUMS.get(_host(parts.netloc))
    post = _FORUM_POST.search(parts.path) if forum else None
    if forum and post:
        comment = _FORUM_COMMENT.search(url.strip())
        return f"{forum}:{comment[comment.lastindex or 0] if comment else post['id']}"
    return "web:" + short_key(normal_url(url))


def short_key(key: str) -> str:
    """`key` without blanks; past 180 characters cut, and told apart by 10 of its SHA-256."""
    key = re.sub(r"\s+", "-", key)
    if len(key) <= _LONGEST_KEY:
        return key
    return f"{key[:_LONGEST_KEY]}~{hashlib.sha256(key.encode()).hexdigest()[:10]}"


def work_keys(document: Document) -> Iterator[str]:
    """Names that two documents of one work would share, surest first.

    Native ids, DOIs and addresses are decisive. The last, `title:`, is not: the shelf accepts
    it only between sources, and only where the dates allow it.
    """
    yield document.doc_id
    yield from address_keys((document.url, *document.alternate_urls))
    if key := title_key(document.title, document.authors):
        yield key


def address_keys(addresses: Iterable[str]) -> Iterator[str]:
    """The names of what these addresses show; a site's front page has none."""
    for address in addresses:
        if paper := arxiv_id(address):
            yield f"arxiv:{paper}"
        elif found := doi(address):
            yield f"doi:{found}"
        elif _split(address).netloc:
            identity = doc_id_of_url(address)
            if identity.startswith("web:") and _is_bare(address):
                continue
            yield identity


def asked_keys(written: str) -> list[str]:
    """The names of what an address shows, as a person may write or copy it, surest first.

    The scheme may be missing; the last name is that without what says where a reader came from.
    """
    address = written if "://" in written else f"https://{written}"
    parts = _split(address)
    pairs = parse_qsl(parts.query, keep_blank_values=True, max_num_fields=None)
    kept = [pair for pair in pairs if not _REFERRERS.fullmatch(pair[0])]
    bare = parts._replace(query=urlencode(kept)).geturl() if len(kept) < len(pairs) else address
    return list(dict.fromkeys(address_keys([address, bare])))


def is_address(written: str) -> bool:
    """Whether this is an address for sure: it has a scheme, or `www.`, or a host known here."""
    if _URL.fullmatch(written):
        return True
    found = _WRITTEN.fullmatch(written)
    if not found:
        return False
    host = _host(found["host"])
    known = any(host == each or host.endswith("." + each) for each in (*_ARXIV_HOSTS, "doi.org"))
    return known or host in _FORUMS or found["host"].lower().startswith("www.")


def may_be_address(written: str) -> bool:
    """Whether this is written as addresses are without a scheme: `host.name/path`."""
    return _WRITTEN.fullmatch(written) is not None


def unwrapped(written: str) -> str:
    """An id or address without the brackets around it, and the stop or comma behind it.

    What is too long for either stays as it is.
    """
    bare, before = written.strip(), ""
    if len(bare) > _LONGEST_ADDRESS:
        return bare
    while bare != before:
        before, bare = bare, bare.rstrip(".,;")
        if len(bare) > 1 and _PAIRS.get(bare[0]) == bare[-1]:
            bare = bare[1:-1].strip()
        for opening, closing in _PAIRS.items():
            if bare.endswith(closing) and opening not in bare:
                bare = bare[:-1]
    return bare


def title_key(title: str, authors: Iterable[str]) -> str | None:
    """`title:` and the letters of the title and of the first author's last name.

    `None` where there is no author or the title has under three words: too little to go by.
    """
    letters = re.sub(r"[\W_]+", " ", clean_line(title).casefold()).strip()
    first = next(iter(authors), "")
    surname = re.sub(r"[\W_]+", " ", first.partition(",")[0].casefold()).split()
    if len(letters.split()) < 3 or not surname:
        return None
    return "title:" + short_key(f"{surname[-1]}|{letters}")


def _is_bare(url: str) -> bool:
    """Whether the address is a site's front page, which many documents share."""
    parts = _split(url)
    return not parts.path.strip("/") and not parts.query


def _split(url: str) -> SplitResult:
    """The parts of an address; what is no address, such as `http://[`, is all path."""
    address = url.strip().encode(errors="replace").decode()
    try:
        return urlsplit(address)
    except ValueError:
        return SplitResult("", "", address, "", "")


def _host(netloc: str) -> str:
    host = netloc.rpartition("@")[2].lower()
    host = re.sub(r":(?:80|443)$", "", host)
    return re.sub(r"^(?:www|m|amp)\.", "", host)
