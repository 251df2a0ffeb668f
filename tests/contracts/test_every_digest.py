"""What every format of a digest must keep."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

import html5lib
import pytest
from lxml import html
from markdown_it import MarkdownIt

from corpus.errors import UnknownName
from corpus.model import (
    AlertNews,
    Digest,
    DigestEntry,
    Document,
    IdeaNews,
    TopicCount,
    Version,
    quote_from,
    verbatim_claim,
)
from synth.digest import names, open_format
from tests.feeds import check_atom, check_json_feed
from tests.hostile import HOST
from tests.hostile import PAYLOADS as LIVE
from tests.synth.worlds.payloads import ATTACKS, EVIL

TEXT = "Judges of debates catch more planted errors. Nobody knows why that is so."
MARKUP = ("{}", "<b>{}</b>", '"><svg onload="{}">', "{{{{ {} }}}}", "]]></content>{}")
PAYLOADS = [*LIVE, *(markup.format(attack) for attack in ATTACKS for markup in MARKUP)]
"""Sixty that are live where they are believed; and sixty words to a model, in markup."""


def digest_of(
    words: str = "On judges", text: str = TEXT, url: str = "https://a.example/1"
) -> Digest:
    """A digest that says these words wherever a document or a server can put some."""
    version = Version(doc_id="web:a.example/1", text=text)
    claim = verbatim_claim(quote_from(version, 0, len(text)))
    document = Document(
        doc_id="web:a.example/1",
        source="example",
        kind="note",
        title=words,
        url=url,
        authors=(words,),
        tags=(words,),
        published="2026-11-10",
    )
    entry = DigestEntry(document=document, also_at=(url,), claims=(claim,), reason=words)
    news = IdeaNews(
        idea_id="i1",
        tree_id="t",
        title=words,
        relation="may object to it",
        document=document,
        claim=claim,
        nearness=0.6,
    )
    topic = TopicCount(
        number=1, label=words, colour="#1d6b64", count=3, before=(1, 0, 2), chance=0.2
    )
    return Digest(
        period="2026-W46",
        since="2026-11-09",
        until="2026-11-16",
        entries=(entry, replace(entry, role="wildcard", edition=1)),
        counted={"works": 2, "shown": 2},
        notes=(words,),
        made="2026-11-16T06:00:00Z",
        opening=(words,),
        ideas=(news,),
        alerts=(AlertNews(alert=words, document=document, claim=claim, why=words, found=1),),
        topics=(topic,),
        health=(f"a.example: closed ({words})",),
    )


LINKS = {"web:a.example/1": {"up": "http://127.0.0.1:8501/digest?mark=abc"}}


@pytest.mark.parametrize("name", names())
def test_says_what_it_is(name: str) -> None:
    form = open_format(name)
    assert form.label
    assert form.suffix.startswith(".")


@pytest.mark.parametrize("name", names())
def test_every_work_with_reason_and_quote_is_written_and_twice_alike(name: str) -> None:
    text = open_format(name).write(digest_of())
    assert text == open_format(name).write(digest_of())
    assert text.count(TEXT) >= 2
    assert "On judges" in text
    assert "https://a.example/1" in text


@pytest.mark.parametrize("name", names())
def test_an_empty_digest_is_written_too(name: str) -> None:
    empty = Digest(
        period="2026-W46", since="2026-11-09", until="2026-11-16", entries=(), counted={}
    )
    assert "2026-W46" in open_format(name).write(empty)


@pytest.mark.parametrize("name", names())
def test_hidden_characters_never_pass_unseen(name: str) -> None:
    hidden = "\u202e\U000e0041\u200b"
    text = open_format(name).write(digest_of(f"On{hidden} judges"))
    assert not set(hidden) & set(text)


@pytest.mark.parametrize("name", ["markdown", "html"])
def test_topics_are_told_only_where_an_earlier_week_has_works(name: str) -> None:
    [topic] = digest_of().topics
    known, first = (
        replace(digest_of(), topics=(replace(topic, label="Circuits", before=before),))
        for before in ((0, 0, 1), (0, 0, 0))
    )
    assert "Circuits" in open_format(name).write(known)
    told = open_format(name).write(first)
    assert "Circuits" not in told
    assert "Topics" not in told


@pytest.mark.parametrize("name", names())
def test_a_link_in_a_quote_is_told_by_its_words(name: str) -> None:
    text = open_format(name).write(
        digest_of(text="Judges follow [Kwa et al.](https://b.example/k)")
    )
    assert "Kwa et al." in text
    assert "b.example" not in text


def test_a_format_that_nobody_wrote_is_an_error_with_a_suggestion() -> None:
    with pytest.raises(UnknownName, match="markdown"):
        open_format("markdwn")


# -- HTML ---------------------------------------------------------------------------------------


def html_of(digest: Digest, links: Mapping[str, Mapping[str, str]] = LINKS) -> str:
    return open_format("html").write(digest, links)


def test_html_keeps_the_standard_and_holds_no_script_style_sheet_or_picture() -> None:
    text = html_of(digest_of())
    html5lib.HTMLParser(strict=True).parse(text)
    tags = {element.tag for element in html.fromstring(text).iter()}
    assert not tags & {"script", "style", "link", "img", "iframe", "form", "object", "svg"}
    assert "Wildcard" in text
    assert LINKS["web:a.example/1"]["up"] in text


@pytest.mark.parametrize("payload", PAYLOADS)
def test_nothing_that_a_document_says_becomes_live(payload: str) -> None:
    calm, hostile = html_of(digest_of()), html_of(digest_of(payload, f"{payload} {TEXT}"))
    html5lib.HTMLParser(strict=True).parse(hostile)
    assert _live(hostile) == _live(calm)
    page = (
        MarkdownIt("commonmark", {"html": True})
        .enable("linkify", True)
        .render(
            open_format("markdown")
            .write(digest_of(payload, f"{payload} {TEXT}"))
            .split("---\n", 2)[2]
        )
    )
    assert {e.tag for e in html.fromstring(page).iter()} <= _PLAIN
    addresses = re.findall(r'href="([^"]*)"', page)
    assert not [each for each in addresses if EVIL in each or HOST in each]


_PLAIN = {"div", "h1", "h2", "h3", "p", "a", "blockquote", "ul", "li", "em", "strong", "code"}


def _live(text: str) -> list[tuple[str, tuple[tuple[str, str], ...]]]:
    """Every element with its attributes: what a browser acts on."""
    tree = html.fromstring(text)
    return [(str(e.tag), tuple(sorted(e.attrib.items()))) for e in tree.iter()]


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "data:text/html,x", "https://a.example/\"onclick='x", "//evil"]
)
def test_an_address_that_is_none_is_no_link(url: str) -> None:
    for name in names():
        text = open_format(name).write(digest_of(url=url))
        assert "javascript:alert" not in re.sub(r'"doc_id.*', "", text) or name == "markdown"
    tree = html.fromstring(html_of(digest_of(url=url), {}))
    addresses = [a.get("href") for a in tree.iter("a")]
    assert all(each.startswith("https://a.example/") for each in addresses)
    assert not tree.xpath("//@onclick")


def test_a_mail_stays_under_the_size_that_is_cut_and_says_what_it_left_out() -> None:
    long = digest_of(text="Judges of debates catch more planted errors. " * 800)
    text = html_of(replace(long, entries=long.entries * 4, ideas=()))
    assert len(text.encode()) < 100_000
    assert "have no room in a mail" in text
    text = html_of(replace(long, entries=long.entries * 25, ideas=long.ideas * 90))
    assert len(text.encode()) < 100_000
    assert "more on ideas and alerts have no room" in text


# -- feeds --------------------------------------------------------------------------------------

HOSTILE = [*PAYLOADS, "\x0c\ufffe &#0; &amp;", "<![CDATA[x]]>"]


@pytest.mark.parametrize("payload", ["On judges", *HOSTILE])
def test_feeds_keep_their_schemas_and_say_what_the_documents_said(payload: str) -> None:
    hostile = digest_of(payload, f"{payload} {TEXT}")
    atom = check_atom(open_format("atom").write(hostile))
    feed = check_json_feed(open_format("json_feed").write(hostile))
    assert len(atom.entries) == len(feed["items"]) == 2
    assert TEXT in feed["items"][0]["content_text"]
