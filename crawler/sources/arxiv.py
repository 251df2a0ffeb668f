"""arXiv: records through OAI-PMH, full texts from native HTML, else ar5iv, else TeX, else PDF.

A paper that matches comes in with its abstract at once; its full text follows in the same crawl.
Where a paper has a text already, a new version replaces that only when it was read whole.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from urllib.parse import urlencode, urlsplit

from corpus.errors import Unreadable
from corpus.identity import arxiv_id
from crawler.answers import (
    LATER,
    carried,
    carried_number,
    carried_texts,
    is_web_page,
    text_of,
)
from crawler.arxiv_archive import files_of
from crawler.arxiv_records import (
    TOKEN_DIED,
    Harvest,
    Paper,
    harvest_of,
    paper_carried,
)
from crawler.arxiv_tex import tex_of
from crawler.page import read_page
from crawler.reader import Reading, Refusal, fingerprint
from crawler.rechecks import checked, due
from crawler.source import (
    Answer,
    Ask,
    ClosedDoor,
    Expected,
    Json,
    Mark,
    Past,
    Position,
    SourceSettings,
    Yield,
)
from crawler.values import doi_address, web_addresses
from crawler.web_pages import read_pdf

MOST_RESTARTS = 3
"""How often a harvest begins anew within one crawl when its token has died."""
RUNGS = ("html", "ar5iv", "src", "pdf")
"""Where a full text is looked for, best first."""

_ABSTRACT = "abstract"
_ERROR = re.compile(r'class="[^"]*\bltx_ERROR\b')
_FATAL = "had a Fatal error"
"""What ar5iv writes on a page that ends where the conversion did."""
_WANTED: Mapping[str, Expected] = {
    "html": "html",
    "ar5iv": "html",
    "src": "any",
    "pdf": "pdf",
}


class Arxiv:
    """One document per paper."""

    pause_s = 3.0
    options: Mapping[str, Json] = {
        "sets": ["cs:cs:AI", "cs:cs:LG", "cs:cs:CL", "cs:cs:CY", "stat:stat:ML"],
        "query": [],
        "oai_url": "https://oaipmh.arxiv.org/oai",
        "api_url": "https://export.arxiv.org/api/query",
        "html_url": "https://arxiv.org/html",
        "ar5iv_url": "https://ar5iv.labs.arxiv.org/html",
        "src_url": "https://export.arxiv.org/src",
        "pdf_url": "https://export.arxiv.org/pdf",
    }

    def begin(self, settings: SourceSettings, past: Past) -> Iterator[Ask]:
        """The records of each set since the last harvest, and those of papers without a text."""
        for name in carried_texts({**self.options, **settings.options}, "sets"):
            yield self._window(settings, name, since=_since(name, past))
        waiting = due(past.known(), past)
        for doc_id, revision in past.revisions(waiting).items():
            if revision.endswith(_ABSTRACT):
                yield self._record(settings, doc_id.removeprefix("arxiv:"))

    def read(self, settings: SourceSettings, answer: Answer, past: Past) -> Iterator[Yield]:
        """Papers and the next page of a harvest, or one full text."""
        if carried(answer.ask.carry, "rung"):
            yield from self._read_text(settings, answer, past)
            return
        harvest = harvest_of(answer)
        if harvest.error == TOKEN_DIED:
            yield self._restart(settings, answer)
            return
        yield checked(past)
        taken = carried_number(answer.ask.carry, "taken")
        for item in self._read_papers(settings, harvest, past):
            if isinstance(item, Reading):
                if past.limit is not None and taken >= past.limit:
                    return
                taken += 1
            yield item
        if past.limit is None or taken < past.limit:
            yield from self._go_on(settings, answer, harvest, past=past, taken=taken)

    def _window(
        self, settings: SourceSettings, name: str, *, since: str, restarts: int = 0
    ) -> Ask:
        query = {"verb": "ListRecords", "metadataPrefix": "arXiv", "set": name}
        if since:
            query["from"] = since
        return Ask(
            url=f"{self._address(settings, 'oai_url')}?{urlencode(query)}",
            stream=f"new, again {restarts}" if restarts else "new",
            expected="xml",
            carry={"set": name, "from": since, "restarts": restarts},
        )

    def _record(self, settings: SourceSettings, key: str) -> Ask:
        query = {
            "verb": "GetRecord",
            "metadataPrefix": "arXiv",
            "identifier": f"oai:arXiv.org:{key}",
        }
        url = f"{self._address(settings, 'oai_url')}?{urlencode(query)}"
        return Ask(url=url, stream="text", expected="xml")

    def _restart(self, settings: SourceSettings, answer: Answer) -> Ask:
        """The window from its start: the token of a harvest lives for a day."""
        carry = answer.ask.carry
        restarts = carried_number(carry, "restarts") + 1
        if restarts > MOST_RESTARTS:
            raise ClosedDoor(f"{answer.url} let {MOST_RESTARTS} harvests expire", LATER)
        name, since = carried(carry, "set"), carried(carry, "from")
        return self._window(settings, name, since=since, restarts=restarts)

    def _go_on(
        self, settings: SourceSettings, answer: Answer, harvest: Harvest, *, past: Past, taken: int
    ) -> Iterator[Yield]:
        """The next page of a harvest; after the last, where the next harvest begins."""
        carry = answer.ask.carry
        began = carried(carry, "began") or harvest.responded
        name = carried(carry, "set")
        if harvest.token:
            query = urlencode({"verb": "ListRecords", "resumptionToken": harvest.token})
            url = f"{self._address(settings, 'oai_url')}?{query}"
            more: dict[str, Json] = {**carry, "began": began, "taken": taken}
            yield Ask(url=url, stream=answer.ask.stream, expected="xml", carry=more)
        elif name and began and _is_whole(carried(carry, "from"), name, past):
            yield Position(stream=_stream(name), value={"from": began})

    def _read_papers(
        self, settings: SourceSettings, harvest: Harvest, past: Past
    ) -> Iterator[Yield]:
        ids = [paper.doc_id for _, paper in harvest.papers]
        gone = [f"arxiv:{key}" for key in harvest.deleted]
        stored = past.revisions([*ids, *gone])
        for doc_id in gone:
            if doc_id in stored:
                yield Mark(doc_id=doc_id, status="deleted", reason="arXiv deleted its record")
        if harvest.unread:
            reason = f"{harvest.unread} records say too little to be papers"
            yield Refusal(place=settings.name, reason=reason, harmless=True)
        query = carried_texts(settings.options, "query")
        for day, paper in harvest.papers:
            known = stored.get(paper.doc_id)
            in_time = past.until is None or day <= past.until.date().isoformat()
            if in_time and (known is not None or paper.matches(query)):
                yield from self._read_paper(settings, paper, known)

    def _read_paper(
        self, settings: SourceSettings, paper: Paper, known: str | None
    ) -> Iterator[Yield]:
        """An abstract and the request for the full text, as far as they are new."""
        if paper.withdrawal:
            if known is None:
                withdrawn = _reading(settings, paper, paper.abstract, read_from=_ABSTRACT)
                reason = paper.withdrawal
                yield replace(withdrawn, status="withdrawn", status_reason=reason)
            else:
                yield Mark(doc_id=paper.doc_id, status="withdrawn", reason=paper.withdrawal)
            return
        has_text = known is not None and not known.endswith(_ABSTRACT)
        if has_text and known is not None and known.split(" ")[0] == paper.updated:
            return
        if not has_text:
            yield _reading(settings, paper, paper.abstract, read_from=_ABSTRACT)
        yield self._text(settings, paper, RUNGS[0])

    def _text(self, settings: SourceSettings, paper: Paper, rung: str) -> Ask:
        url = f"{self._address(settings, f'{rung}_url')}/{paper.key}{paper.version}"
        carry: dict[str, Json] = {"rung": rung, "paper": paper.carry()}
        return Ask(url=url, stream="text", expected=_WANTED[rung], carry=carry)

    def _read_text(self, settings: SourceSettings, answer: Answer, past: Past) -> Iterator[Yield]:
        """The full text; where this answer has none, a request for the next best."""
        if answer.status in (403, 429) or answer.status >= 500:
            raise ClosedDoor(f"{answer.url} answered {answer.status}", LATER)
        said = answer.ask.carry.get("paper")
        paper = paper_carried(said if isinstance(said, Mapping) else {})
        rung = carried(answer.ask.carry, "rung")
        try:
            yield from _full_text(settings, answer, paper, rung)
        except Unreadable as error:
            below = RUNGS[RUNGS.index(rung) + 1 :] if rung in RUNGS else ()
            if below:
                yield self._text(settings, paper, below[0])
            else:
                reason = (
                    f"has no full text that can be read ({error.problem}); what there was stays"
                )
                yield Refusal(place=paper.url, reason=reason, harmless=True)

    def _address(self, settings: SourceSettings, option: str) -> str:
        return carried({**self.options, **settings.options}, option).rstrip("/")


def _since(name: str, past: Past) -> str:
    """The day to harvest from: as the user asks, else where the last harvest began."""
    if past.since is not None:
        return past.since.date().isoformat()
    position = past.positions.get(_stream(name))
    return carried(position, "from") if isinstance(position, Mapping) else ""


def _is_whole(since: str, name: str, past: Past) -> bool:
    """Whether a harvest from `since` left nothing out since the one before it."""
    position = past.positions.get(_stream(name))
    before = carried(position, "from") if isinstance(position, Mapping) else ""
    return past.until is None and (not before or since <= before)


def _stream(name: str) -> str:
    return f"records {name}"


def _full_text(
    settings: SourceSettings, answer: Answer, paper: Paper, rung: str
) -> Iterator[Reading | Refusal]:
    if answer.status != 200:
        raise Unreadable(f"{answer.url} answered {answer.status}", LATER)
    if rung == "pdf":
        yield from _of_pdf(settings, answer, paper)
    elif rung == "src":
        yield _of_source(settings, answer, paper)
    else:
        yield _of_page(settings, answer, paper, rung)


def _of_page(settings: SourceSettings, answer: Answer, paper: Paper, rung: str) -> Reading:
    """The paper as LaTeXML made a page of it, if this is that page and it is whole."""
    if "/abs/" in urlsplit(answer.url).path:
        raise Unreadable(f"{answer.url} is the abstract's page", LATER)
    html = text_of(answer)
    if "ltx_document" not in html:
        raise Unreadable(f"{answer.url} is no LaTeXML page", LATER)
    page = read_page(html)
    if (arxiv_id(page.address) or paper.key) != paper.key:
        raise Unreadable(f"{answer.url} shows {page.address}", LATER)
    if _FATAL in html:
        raise Unreadable(f"{answer.url} is cut off where its conversion failed", LATER)
    _refuse_a_mere_abstract(answer, paper, page.text.markdown)
    stamp = re.search(rf"arXiv:{re.escape(paper.key)}(v\d+)\b", html)
    counts = {
        "formulas": page.text.formulas,
        "footnotes": page.text.notes,
        "conversion_errors": len(_ERROR.findall(html)),
    }
    return replace(
        _reading(
            settings,
            replace(paper, version=stamp[1]) if stamp else paper,
            page.text.markdown,
            read_from=rung,
        ),
        quality={name: count for name, count in counts.items() if count},
        raw_sha256=fingerprint(answer.body),
    )


def _of_source(settings: SourceSettings, answer: Answer, paper: Paper) -> Reading:
    """The paper as its authors wrote it, in TeX."""
    from crawler.arxiv_markdown import markdown_of

    if is_web_page(answer.body[:5_000].decode("utf-8", "replace")):
        raise Unreadable(f"{answer.url} is a web page, and no source", LATER)
    text = markdown_of(tex_of(files_of(answer.body)))
    _refuse_a_mere_abstract(answer, paper, text.markdown)
    counts = {"formulas": text.formulas, "footnotes": text.notes}
    return replace(
        _reading(settings, paper, text.markdown, read_from="tex"),
        quality={name: count for name, count in counts.items() if count},
        raw_sha256=fingerprint(answer.body),
    )


def _refuse_a_mere_abstract(answer: Answer, paper: Paper, text: str) -> None:
    if len(text.split()) <= 2 * len(f"{paper.title} {paper.abstract}".split()):
        raise Unreadable(f"{answer.url} shows no more than the abstract", LATER)


def _of_pdf(settings: SourceSettings, answer: Answer, paper: Paper) -> Iterator[Reading | Refusal]:
    for item in read_pdf(answer.body):
        if isinstance(item, Refusal):
            yield replace(item, place=answer.url)
        else:
            reading = _reading(settings, paper, item.text, read_from="pdf")
            yield replace(reading, quality=item.quality, raw_sha256=item.raw_sha256)


def _reading(settings: SourceSettings, paper: Paper, text: str, *, read_from: str) -> Reading:
    """The paper with a text; its revision tells the day, the version, and where it was read."""
    return Reading(
        doc_id=paper.doc_id,
        title=paper.title,
        text=text,
        kind="paper",
        source=settings.name,
        url=paper.url,
        alternate_urls=web_addresses(doi_address(paper.doi)),
        authors=paper.authors,
        published=paper.created,
        updated=paper.updated,
        tags=paper.categories,
        revision=" ".join(filter(None, (paper.updated, paper.version, read_from))),
        licence=paper.licence,
    )


SOURCE = Arxiv()
