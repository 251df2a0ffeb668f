"""RSS and Atom feeds: texts that a feed holds whole are taken from it, others from their pages.

A feed speaks for its own host only: a text whose address is elsewhere is read there.
A feed is a window of the newest entries: what has dropped out of it is not deleted. WordPress
gives older windows as `?paged=2` and so on, down to the first post.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlencode, urlsplit

from corpus.errors import BadSetting, Unreadable
from corpus.model import Kind, Status
from crawler.answers import carried, carried_number, refuse_status
from crawler.dates import moment
from crawler.feed_entries import Entry, Window, window_of
from crawler.page_text import PageText, page_text
from crawler.page_tree import parse
from crawler.prose import kind_of, link_post_target
from crawler.reader import Reading, Refusal, fingerprint
from crawler.rechecks import checked, found_again, missed
from crawler.source import Answer, Ask, Json, Past, Position, SourceSettings, Yield
from crawler.values import web_addresses
from crawler.web_pages import due_pages, page_ask, read_web_page

FLAVOURS = ("substack", "wordpress", "ghost")
BACKFILL = "backfill"
"""The stream whose position says that the oldest window was reached."""

_FROM_PAGE = "page "
"""What the revision of a text that was read from its page begins with."""
_LEAST_WORDS = 40
"""Of a text that a feed may hold whole."""
_MOST_WINDOWS = 1_000
_LINK = re.compile(r"\[([^\[\]\n]{0,300})\]\([^()\n]{0,2000}\)")
_CUT = re.compile(
    r"\b(?:(?:continue|keep) reading|read (?:more|on|the rest|the full|full))\b.{0,150}$"
    r"|(?:…|\.\.\.)\W*$",
    re.IGNORECASE,
)
"""How the last line of an excerpt ends."""
_MORE = re.compile(r"\W*(?:read more|(?:continue|keep) reading)\W*", re.IGNORECASE)
"""The last line of what may be read without paying."""
_FOR_SUBSCRIBERS = re.compile(
    r"(?:this|the rest of this) post is (?:only )?for (?:(?:paid|paying|premium) )?"
    r"(?:subscribers|members)|subscribe to (?:read|keep reading|continue)"
    r"|keep reading with a \d+-day|upgrade to paid",
    re.IGNORECASE,
)
_SIGNATURE = re.compile(r"\n[^\n]{0,5}The post [^\n]{1,600} appeared first on [^\n]{1,300}\s*$")


class Feed:
    """One document per entry."""

    pause_s = 2.0
    options: Mapping[str, Json] = {"paged": False, "flavour": ""}

    def begin(self, settings: SourceSettings, past: Past) -> Iterator[Ask]:
        """The newest window."""
        flavour = settings.options.get("flavour") or ""
        if flavour and flavour not in FLAVOURS:
            raise BadSetting(
                f"{settings.name} has a flavour {flavour!r}", "use one of: " + ", ".join(FLAVOURS)
            )
        yield _window(settings, 1, taken=0)

    def read(self, settings: SourceSettings, answer: Answer, past: Past) -> Iterator[Yield]:
        """The entries of a window, the next window, or the page of one entry."""
        if carried(answer.ask.carry, "doc_id"):
            yield from _read_entry_page(settings, answer, past)
            return
        number = max(1, carried_number(answer.ask.carry, "window"))
        if answer.status == 304:
            return
        if number > 1 and answer.status in (404, 410):
            yield Position(stream=BACKFILL, value=True)
            return
        refuse_status(answer)
        yield from _read_window(settings, answer, past, number=number)


def _read_window(
    settings: SourceSettings, answer: Answer, past: Past, *, number: int
) -> Iterator[Yield]:
    window = window_of(answer)
    found = {entry.doc_id: entry for entry in window.entries}
    if len(found) < window.length:
        nameless = window.length - len(found)
        reason = f"{nameless} of its entries have no address or repeat one"
        yield Refusal(place=answer.url, reason=reason, harmless=True)
    stored = past.revisions(found)
    if number == 1:
        held = {i for i in found if not stored.get(i, "").startswith(_FROM_PAGE)}
        yield from due_pages((i for i in past.known() if i not in held), settings.url, past)
        yield checked(past)
    wanted = [entry for entry in found.values() if _is_asked_for(entry, past)]
    taken = carried_number(answer.ask.carry, "taken")
    room = len(wanted) if past.limit is None else max(0, past.limit - taken)
    for entry in wanted[:room]:
        yield from _read_entry(settings, window, entry, answer=answer, stored=stored)
    if not settings.options.get("paged"):
        return
    top = next(iter(found), "")
    if not top or top == carried(answer.ask.carry, "top"):  # some sites give one window for ever
        yield Position(stream=BACKFILL, value=True)
    elif len(wanted) <= room and _goes_on(found, wanted, stored, past=past, number=number):
        yield _window(settings, number + 1, taken=taken + len(wanted), top=top)


def _goes_on(
    found: Mapping[str, Entry],
    wanted: Sequence[Entry],
    stored: Mapping[str, str],
    *,
    past: Past,
    number: int,
) -> bool:
    """Whether older windows may hold what is not known yet."""
    if number >= _MOST_WINDOWS or not wanted:
        return False
    return not past.positions.get(BACKFILL) or all(doc_id not in stored for doc_id in found)


def _window(settings: SourceSettings, number: int, *, taken: int, top: str = "") -> Ask:
    """A request for a window; it carries the first entry of the newer one."""
    mark = "&" if urlsplit(settings.url).query else "?"
    url = settings.url if number == 1 else f"{settings.url}{mark}{urlencode({'paged': number})}"
    carry: dict[str, Json] = {"window": number, "taken": taken, "top": top}
    return Ask(url=url, stream="new", expected="xml", carry=carry)


def _is_asked_for(entry: Entry, past: Past) -> bool:
    """Whether it is of the time that the user asked for; what has no date is."""
    published = moment(entry.facts.published)
    if published is None:
        return True
    after = past.since is None or published >= past.since.date().isoformat()
    return after and (past.until is None or published[:10] <= past.until.date().isoformat())


def _read_entry(
    settings: SourceSettings,
    window: Window,
    entry: Entry,
    *,
    answer: Answer,
    stored: Mapping[str, str],
) -> Iterator[Yield]:
    try:
        held = _held(settings, entry)
    except Unreadable as error:
        yield Refusal(place=entry.url or entry.doc_id, reason=error.problem)
        return
    if held is not None:
        yield _reading(settings, window, entry, held=held, answer=answer)
    elif not entry.url:
        yield Refusal(place=entry.doc_id, reason="has neither its text nor an address")
    else:
        revision = _FROM_PAGE + entry.facts.revision
        if stored.get(entry.doc_id) != revision:
            yield page_ask(entry.url, replace(entry.facts, revision=revision))


@dataclass(frozen=True, slots=True)
class _Held:
    """A text that the feed itself holds, whole or as far as one may read without paying."""

    text: PageText
    status: Status = "live"
    reason: str = ""


def _held(settings: SourceSettings, entry: Entry) -> _Held | None:
    """The text in the feed; nothing where it is an excerpt and the page has the whole."""
    if not entry.content.strip():
        return None
    body = _body(entry)
    markdown = _SIGNATURE.sub("", body.markdown).rstrip()
    last_line = _LINK.sub(r"\1", markdown.rpartition("\n")[2][-3_000:]).strip()
    is_cut = bool(_CUT.search(last_line))
    flavour = settings.options.get("flavour") or ""
    if flavour in ("substack", "ghost") and (
        _FOR_SUBSCRIBERS.search(markdown[-600:])
        or (flavour == "substack" and _MORE.fullmatch(last_line))
    ):
        reason = "the feed gives a preview; the rest is for subscribers"
        return _Held(PageText(markdown, body.formulas, body.notes), "paywalled", reason)
    if is_cut or len(markdown.split()) < _LEAST_WORDS:
        return None
    return _Held(PageText(markdown, body.formulas, body.notes))


def _body(entry: Entry) -> PageText:
    if not entry.is_html:
        return PageText(entry.content, 0, 0)
    tree = parse(f"<div>{entry.content}</div>")
    return page_text(tree, tree, address=entry.url)


def _reading(
    settings: SourceSettings,
    window: Window,
    entry: Entry,
    *,
    held: _Held,
    answer: Answer,
) -> Reading:
    counts = {"formulas": held.text.formulas, "footnotes": held.text.notes}
    facts = entry.facts
    return Reading(
        doc_id=entry.doc_id,
        title=facts.title or entry.url or entry.doc_id,
        text=held.text.markdown,
        kind=kind_of(held.text.markdown, _kind(settings, window)),
        source=settings.name,
        url=entry.url,
        alternate_urls=web_addresses(link_post_target(held.text.markdown)),
        authors=facts.authors,
        published=facts.published,
        updated=facts.updated,
        tags=facts.tags,
        revision=facts.revision,
        status=held.status,
        status_reason=held.reason,
        licence=facts.licence,
        quality={name: count for name, count in counts.items() if count},
        raw_sha256=fingerprint(answer.body),
    )


def _kind(settings: SourceSettings, window: Window) -> Kind:
    """A feed that calls itself a newsletter has newsletters."""
    called = f"{settings.name} {window.called}".lower()
    return "newsletter" if "newsletter" in called else "post"


def _read_entry_page(settings: SourceSettings, answer: Answer, past: Past) -> Iterator[Yield]:
    """The text of an entry's page; of a text that the feed held, only whether it is there."""
    revision = carried(answer.ask.carry, "revision")
    doc_id = carried(answer.ask.carry, "doc_id")
    if answer.ask.stream != "deleted" or revision.startswith(_FROM_PAGE):
        yield from read_web_page(settings, answer, past)
    elif answer.status in (404, 410):
        yield from missed(doc_id, answer, past)
    elif answer.status == 200:
        yield from found_again(doc_id, past)


SOURCE = Feed()
