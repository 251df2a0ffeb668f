"""arXiv on loopback: OAI-PMH with tokens that expire, pages, snapshots, sources and PDF files."""

from __future__ import annotations

import gzip
import io
import tarfile
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from html import escape
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from tests.crawler.worlds.web import NOT_THERE, Reply, Site, page, xml

PDF = Path(__file__).parents[2] / "samples" / "readers" / "pdf.pdf"
ABSTRACT = "We study how reward hacking appears in small agents."
BODY = "The agents find the shortest way to the number, and no other. " * 6


@dataclass(frozen=True)
class Record:
    """One paper as arXiv has it."""

    key: str
    title: str = "Reward hacking in small agents"
    abstract: str = ABSTRACT
    categories: str = "cs.LG cs.AI"
    created: str = "2026-11-03"
    updated: str = ""
    stamp: str = "2026-11-05"
    """When the record changed last."""
    comments: str = ""
    licence: str = "http://creativecommons.org/licenses/by/4.0/"
    deleted: bool = False
    version: int = 1
    set: str = "cs:cs:LG"

    def xml(self) -> str:
        """The record as ListRecords shows it."""
        status = ' status="deleted"' if self.deleted else ""
        header = (
            f"<header{status}><identifier>oai:arXiv.org:{self.key}</identifier>"
            f"<datestamp>{self.stamp}</datestamp><setSpec>{self.set}</setSpec></header>"
        )
        if self.deleted:
            return f"<record>{header}</record>"
        updated = f"<updated>{self.updated}</updated>" if self.updated else ""
        comments = f"<comments>{escape(self.comments)}</comments>" if self.comments else ""
        return (
            f'<record>{header}<metadata><arXiv xmlns="http://arxiv.org/OAI/arXiv/">'
            f"<id>{self.key}</id><created>{self.created}</created>{updated}<authors>"
            "<author><keyname>Doe</keyname><forenames>Jane</forenames></author>"
            "<author><keyname>King</keyname><forenames>Martin</forenames><suffix>Jr</suffix>"
            f"</author></authors><title>{escape(self.title)}</title>"
            f"<categories>{self.categories}</categories>{comments}<license>{self.licence}</license>"
            f"<abstract>  {escape(self.abstract)}\n</abstract></arXiv></metadata></record>"
        )


def latexml(record: Record, body: str = BODY) -> Reply:
    """A paper as LaTeXML makes a page of it."""
    return page(
        '<!DOCTYPE html><html lang="en"><head><title>A paper</title></head><body>'
        f'<div id="watermark-tr">arXiv:{record.key}v{record.version} [cs.LG] 03 Nov 2026</div>'
        '<div class="ltx_page_main"><article class="ltx_document">'
        f'<h1 class="ltx_title ltx_title_document">{record.title}</h1>'
        f'<div class="ltx_abstract"><p class="ltx_p">{record.abstract}</p></div>'
        f'<section class="ltx_section"><h2 class="ltx_title">1 Introduction</h2>{body}</section>'
        "</article></div></body></html>"
    )


def tex(body: str = BODY, *, preamble: str = "") -> str:
    """A paper as its authors write it."""
    return (
        f"\\documentclass{{article}}\n{preamble}\n\\begin{{document}}\n"
        f"\\section{{Introduction}}\n{body}\n\\end{{document}}\n"
    )


def sources(files: Mapping[str, str | bytes], *more: tarfile.TarInfo) -> Reply:
    """The files of a paper as arXiv hands them out; `more` are members without a content."""
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as archive:
        for name, content in files.items():
            data = content if isinstance(content, bytes) else content.encode()
            member = tarfile.TarInfo(name)
            member.size = len(data)
            archive.addfile(member, io.BytesIO(data))
        for member in more:
            archive.addfile(member)
    return Reply(packed.getvalue(), kind="application/gzip")


def single(written: str | bytes) -> Reply:
    """A source of one file, which arXiv hands out without an archive."""
    data = written if isinstance(written, bytes) else written.encode()
    return Reply(gzip.compress(data), kind="application/gzip")


@dataclass
class World(Site):
    """Records behind an OAI interface, and texts at `/html`, `/ar5iv`, `/src` and `/pdf`."""

    records: list[Record] = field(default_factory=list)
    page_size: int = 20
    today: str = "2026-11-20"
    tokens_to_kill: int = 0

    def __post_init__(self) -> None:
        super().__init__()
        self.fallback = self._reply

    def options(self) -> Mapping[str, str]:
        """Where everything is, as a source's settings name it."""
        return {
            "oai_url": f"{self.address}/oai",
            "html_url": f"{self.address}/html",
            "ar5iv_url": f"{self.address}/ar5iv",
            "src_url": f"{self.address}/src",
            "pdf_url": f"{self.address}/pdf",
            "api_url": f"{self.address}/api",
        }

    def change(self, key: str, **facts: object) -> None:
        """Change what arXiv says of a paper."""
        place = next(n for n, record in enumerate(self.records) if record.key == key)
        self.records[place] = replace(self.records[place], **facts)  # type: ignore[arg-type]

    def _reply(self, path: str) -> Reply:
        if not path.startswith("/oai"):
            return NOT_THERE
        asked = {name: value[0] for name, value in parse_qs(urlsplit(path).query).items()}
        return xml(
            '<?xml version="1.0" encoding="UTF-8"?>'
            '<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/">'
            f"<responseDate>{self.today}T04:10:11Z</responseDate>{self._answer(asked)}</OAI-PMH>"
        )

    def _answer(self, asked: Mapping[str, str]) -> str:
        if asked["verb"] == "GetRecord":
            wanted = asked["identifier"].rpartition(":")[2]
            found = [record.xml() for record in self.records if record.key == wanted]
            return f"<GetRecord>{found[0]}</GetRecord>" if found else _error("idDoesNotExist")
        if token := asked.get("resumptionToken"):
            if self.tokens_to_kill:
                self.tokens_to_kill -= 1
                return _error("badResumptionToken")
            name, since, start = token.split("|")
        else:
            name, since, start = asked["set"], asked.get("from", ""), "0"
        return self._page(name, since, int(start))

    def _page(self, name: str, since: str, start: int) -> str:
        fit = [r for r in self.records if r.set == name and r.stamp >= since]
        if not fit:
            return _error("noRecordsMatch")
        shown = "".join(record.xml() for record in fit[start : start + self.page_size])
        rest = start + self.page_size
        token = f"{name}|{since}|{rest}" if rest < len(fit) else ""
        return f"<ListRecords>{shown}<resumptionToken>{token}</resumptionToken></ListRecords>"


def _error(code: str) -> str:
    return f'<error code="{code}">as the protocol says</error>'
