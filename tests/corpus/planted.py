"""Texts made by rule, in kinds that are the same work and kinds that only look it."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import accumulate, cycle
from typing import Any

from corpus.markdown import outlinks
from corpus.model import Document, Version
from corpus.text import clean

_STOCK = (
    "in this post i will argue that",
    "on the other hand it seems to me that",
    "thanks to many people for comments on a draft",
    "it is important to note that",
    "in the rest of this section we",
    "we propose a new method for",
    "as far as i can tell the",
    "one way to think about this is that",
)
_SYLLABLES = "ba de fi go lu ma ne pi ro su ta ve xi yo zu kra ple stri thon ver ing ment".split()


@dataclass(frozen=True, slots=True, kw_only=True)
class Planted:
    """A document of which it is known which work it is of."""

    kind: str
    work: str
    original: bool
    document: Document
    version: Version


@dataclass(frozen=True, slots=True, kw_only=True)
class Original:
    """A text to plant copies of, and its facts."""

    key: str
    title: str
    author: str
    text: str
    url: str
    """Where it was published first; empty where no copy can link to it."""


class Author:
    """Writes pseudo-English by a random generator: few words often, many rarely, stock phrases."""

    def __init__(self, seed: int, words: int = 4000) -> None:
        self.random = random.Random(seed)
        self._words = [
            "".join(self.random.choices(_SYLLABLES, k=self.random.choice((1, 2, 2, 3))))
            for _ in range(words)
        ]
        self._weights = list(accumulate(1 / (rank + 3) for rank in range(words)))

    def words(self, count: int) -> list[str]:
        """So many words, by Zipf's law."""
        return self.random.choices(self._words, cum_weights=self._weights, k=count)

    def text(self, count: int) -> str:
        """About so many words, in sentences and paragraphs, one sentence in eight from stock."""
        sentences: list[str] = []
        while count > 0:
            length = self.random.randint(8, 24)
            start = self.random.choice(_STOCK).split() if self.random.random() < 0.125 else []
            said = " ".join([*start, *self.words(length)])
            sentences.append(said.capitalize() + ".")
            count -= length + len(start)
        paragraphs = [" ".join(sentences[n : n + 4]) for n in range(0, len(sentences), 4)]
        return "\n\n".join(paragraphs)

    def title(self) -> str:
        """Five words of a title."""
        return " ".join(word.capitalize() for word in self.words(5))

    def name(self) -> str:
        """A first and a last name."""
        return " ".join("".join(self.random.sample(_SYLLABLES, 3)).capitalize() for _ in "ab")

    def original(self, key: str, words: int) -> Original:
        """A text to plant copies of."""
        return Original(
            key=key,
            title=self.title(),
            author=self.name(),
            text=self.text(words),
            url=f"https://first.example/{key}",
        )


def planted(
    originals: Iterable[Original], author: Author, kinds: Iterable[str] = ()
) -> Iterator[Planted]:
    """Every original with one copy, of each kind in turn, so that none finds it through another.

    What is too short for an excerpt goes without a copy in its turn.
    """
    copies = [(kind, COPIES[kind]) for kind in kinds] or list(COPIES.items())
    for original, (kind, make) in zip(originals, cycle(copies), strict=False):
        yield _place(original, "original", {}, original.text)
        if copy := make(original, author):
            yield _place(original, kind, *copy)


def looking_alike(author: Author, key: str) -> Iterator[Planted]:
    """One set of every kind of documents that look the same work and are not."""
    for kind, make in LOOKALIKES.items():
        for number, (facts, text) in enumerate(make(author, f"{key}-{kind.replace(' ', '-')}")):
            name = f"{key}-{kind.replace(' ', '-')}-{number}"
            url = f"https://first.example/{name}"
            made = Original(
                key=name, title=author.title(), author=author.name(), text=text, url=url
            )
            yield _place(made, kind, {"url": made.url} | facts, text)


def _place(original: Original, label: str, facts: dict[str, Any], text: str) -> Planted:
    """A document of an original: by default its first place."""
    doc_id = f"web:{facts.get('source', 'first')}.example/{original.key}/{label.replace(' ', '-')}"
    known: dict[str, Any] = {
        "source": "first",
        "kind": "post",
        "title": original.title,
        "authors": (original.author,),
        "url": original.url if label == "original" else "",
        "published": "2021-03-01",
    }
    document = Document(doc_id=doc_id, **(known | facts))
    body = clean(text)
    return Planted(
        kind=label,
        work=original.key,
        original=label == "original",
        document=document,
        version=Version(doc_id=doc_id, text=body, outlinks=outlinks(body)),
    )


# -- the same work ------------------------------------------------------------------------------

Copy = tuple[dict[str, Any], str]


def _reformatted(original: Original, author: Author) -> Copy:
    """On another site: by a handle, with headings, emphasis, links, curly quotes and a footer."""
    words = original.text.split(" ")
    for place in author.random.sample(range(len(words)), len(words) // 15):
        dressed = ("**{}**", "*{}*", "[{}](https://wiki.example/x)", "“{}”")
        if "\n" not in words[place]:
            words[place] = author.random.choice(dressed).format(words[place])
    text = f"# {original.title}\n\n*Cross-posted from my blog.*\n\n{' '.join(words)}\n\n---\n\n"
    footer = "If you enjoyed this, subscribe to hear about new posts, and share it with a friend."
    handle = original.author.replace(" ", "").lower()
    return {"source": "forum", "authors": (handle,), "published": "2022-08-01"}, text + footer


def _retitled(original: Original, author: Author) -> Copy | None:
    if len(original.text.split()) < 200:
        return None
    return {"source": "mirror", "title": author.title(), "published": None}, original.text


def _scattered(share: float) -> Callable[[Original, Author], Copy]:
    """Words changed all over, title and author kept."""

    def edit(original: Original, author: Author) -> Copy:
        words = original.text.split()
        for place in author.random.sample(range(len(words)), int(share * len(words))):
            words[place] = author.words(1)[0]
        name = f"edited{int(100 * share)}"
        return {"source": name, "published": "2023-05-01"}, " ".join(words)

    return edit


def _rewritten(share: float) -> Callable[[Original, Author], Copy]:
    """One stretch written anew, under another title by the same author."""

    def edit(original: Original, author: Author) -> Copy:
        words = original.text.split()
        length = int(share * len(words))
        start = author.random.randrange(len(words) - length)
        words[start : start + length] = author.words(length)
        name = f"rewritten{int(100 * share)}"
        facts = {"source": name, "title": author.title(), "published": "2023-06-01"}
        return facts, " ".join(words)

    return edit


def _first_third(original: Original, _: Author) -> Copy | None:
    words = original.text.split()
    if len(words) < 400:
        return None
    facts = {"source": "links", "title": f"[Linkpost] {original.title}", "authors": ("poster",)}
    return facts | {"published": "2021-09-09"}, " ".join(words[: len(words) // 3]) + " …"


def _middle(original: Original, author: Author) -> Copy | None:
    words = original.text.split()
    if len(words) < 500 or not original.url:
        return None
    start = len(words) // 3
    part = " ".join(words[start : start + max(150, len(words) // 5)])
    text = f"From [a text that is worth reading]({original.url}):\n\n> {part}"
    facts = {"source": "commons", "title": author.title(), "authors": (author.name(),)}
    return facts | {"published": "2021-10-01"}, text


def _abstract(original: Original, _: Author) -> Copy | None:
    words = original.text.split()
    if len(words) < 1500:
        return None
    facts = {"source": "bibliography", "kind": "paper", "published": "2020"}
    return facts, " ".join(words[:160])


EXCERPTS = ("excerpt, first third", "excerpt, middle, linking", "abstract of a long text")

COPIES: dict[str, Callable[[Original, Author], Copy | None]] = {
    "cross-post, other formatting": _reformatted,
    "copy under another title": _retitled,
    **{f"edit of {n} words in 100": _scattered(n / 100) for n in (5, 10, 15, 20, 30)},
    **{f"stretch of {n} in 100 anew": _rewritten(n / 100) for n in (10, 20, 30)},
    "excerpt, first third": _first_third,
    "excerpt, middle, linking": _middle,
    "abstract of a long text": _abstract,
}


# -- not the same work --------------------------------------------------------------------------


def _comments(author: Author, key: str) -> Iterator[Copy]:
    text = author.text(300)
    yield {"title": author.title()}, text
    quoted = "> " + text.replace("\n\n", "\n>\n> ")
    for site in ("first", "second"):
        yield {"kind": "comment", "source": site, "title": "Comment"}, f"{quoted}\n\nI agree."


def _short_notes(author: Author, key: str) -> Iterator[Copy]:
    text, title = " ".join(author.words(30)), author.title()
    for n in range(4):
        yield {"kind": "note", "source": f"folder{n}", "title": title}, text


def _open_threads(author: Author, key: str) -> Iterator[Copy]:
    """A weekly thread on two sites, the same words every week, under one title."""
    text = author.text(180)
    facts = {"title": f"Open Thread of the {author.title()}", "authors": (author.name(),)}
    for week in (1, 8, 15, 22):
        for site in ("forum", "mirror"):
            yield facts | {"source": site, "published": f"2024-03-{week:02d}"}, text


def _numbered(author: Author, key: str) -> Iterator[Copy]:
    """Issues of a newsletter that are half boilerplate, each on two sites under other titles."""
    before, after, name = author.text(150), author.text(150), author.name()
    for number in (11, 12, 13):
        facts = {"kind": "newsletter", "authors": (name,), "published": f"2024-0{number - 10}-01"}
        text = f"{before}\n\n{author.text(200)}\n\n{after}"
        yield facts | {"title": f"Letters of {key} #{number}"}, text


def _unnumbered(author: Author, key: str) -> Iterator[Copy]:
    """Issues without a number, one on each site."""
    before, name = author.text(120), author.name()
    facts = {"kind": "newsletter", "authors": (name,), "title": f"This Week in {author.title()}"}
    for month in (1, 2, 3):
        place = {"source": f"site{month % 2}", "published": f"2024-0{month}-01"}
        yield facts | place, f"{before}\n\n{author.text(500)}"


def _issue_with_a_post(author: Author, key: str) -> Iterator[Copy]:
    """A newsletter takes in a whole short post by its own author, and each links to the other."""
    post, name = author.text(250), author.name()
    here, there = f"https://first.example/{key}/p", f"https://letters.example/{key}/i"
    yield {"authors": (name,), "url": here}, f"{post}\n\nFirst in [my newsletter]({there})."
    issue = f"{author.text(60)}\n\n[As I wrote]({here}):\n\n{post}\n\n{author.text(80)}"
    facts = {"kind": "newsletter", "source": "letters", "authors": (name,), "url": there}
    yield facts, issue


def _footers(author: Author, key: str) -> Iterator[Copy]:
    footer = author.text(120)
    for site in range(4):
        facts = {"source": f"site{site}", "authors": ("The Editors",)}
        yield facts, f"{author.text(100)}\n\n---\n\n{footer}"


def _stubs(author: Author, key: str) -> Iterator[Copy]:
    for site in range(4):
        text = f"This is a linkpost for https://far.example/{key}/{site}\n\nClick to read more."
        yield {"source": f"site{site}", "title": "A linkpost"}, text


def _replies(author: Author, key: str) -> Iterator[Copy]:
    """A post, a reply that quotes half of it, and one that quotes all of it piece by piece."""
    title, url = author.title(), f"https://first.example/{key}/p"
    post = author.text(500)
    pieces = post.split("\n\n")
    half = "\n\n".join(f"> {piece}" for piece in pieces[: len(pieces) // 2])
    yield {"title": title, "url": url}, post
    other = {"source": "second", "url": ""}
    yield other | {"title": f"Re: {title}"}, f"On [this]({url}):\n\n{half}\n\n{author.text(250)}"
    fisk = "\n\n".join(f"> {piece}\n\n{author.text(40)}" for piece in pieces)
    yield other | {"title": f"Comments on {title}", "source": "third"}, fisk


def _same_opening(author: Author, key: str) -> Iterator[Copy]:
    """Abstracts of two papers of one group that begin alike."""
    opening, names = author.text(70), (author.name(), author.name())
    for site in ("first", "second"):
        yield (
            {"kind": "paper", "authors": names, "source": site, "published": "2023"},
            f"{opening} {author.text(110)}",
        )


def _book(author: Author, key: str) -> Iterator[Copy]:
    """A book made of posts, each of which says so."""
    name, url = author.name(), f"https://book.example/{key}"
    posts = [author.text(400) for _ in range(4)]
    for post in posts:
        yield {"authors": (name,)}, f"{post}\n\nA chapter of [the book]({url})."
    facts = {"kind": "book", "source": "shop", "authors": (name,), "url": url}
    yield facts, "\n\n".join(posts)


def _in_parts(author: Author, key: str) -> Iterator[Copy]:
    """A report, and its sections as posts of their own, each of which links to it."""
    name, url = author.name(), f"https://report.example/{key}"
    sections = [author.text(400) for _ in range(3)]
    yield {"source": "report", "url": url, "authors": (name,)}, "\n\n".join(sections)
    for section in sections:
        yield {"authors": (name,)}, f"A section of [the report]({url}).\n\n{section}"


def _two_parts(author: Author, key: str) -> Iterator[Copy]:
    title, name, opening = author.title(), author.name(), author.text(250)
    for part, site in (("I", "first"), ("II", "second")):
        facts = {"title": f"{title}, Part {part}", "authors": (name,), "source": site}
        yield facts, f"{opening}\n\n{author.text(200)}"


def _titles_only(author: Author, key: str) -> Iterator[Copy]:
    title = author.title()
    for site in ("first", "second"):
        yield {"title": title, "source": site, "authors": (author.name(),)}, title


def _translated(author: Author, key: str) -> Iterator[Copy]:
    """One text in two languages, with the same quotation and the same list of sources."""
    name, shared = author.name(), author.text(120)
    for site in ("first", "second"):
        yield {"authors": (name,), "source": site}, f"{author.text(400)}\n\n{shared}"


def _forms(author: Author, key: str) -> Iterator[Copy]:
    """Notes on one form in one folder, filled in differently, without dates."""
    form = author.text(150)
    for _ in range(4):
        facts = {"kind": "note", "source": "notes", "title": "Reading Notes Of The Week"}
        yield facts | {"published": None, "authors": ()}, f"{form}\n\n{author.text(40)}"


LOOKALIKES: dict[str, Callable[[Author, str], Iterator[Copy]]] = {
    "comments that quote a post": _comments,
    "short notes": _short_notes,
    "weekly threads": _open_threads,
    "numbered issues": _numbered,
    "issues without numbers": _unnumbered,
    "newsletter with a whole post": _issue_with_a_post,
    "footers": _footers,
    "linkpost stubs": _stubs,
    "replies that quote": _replies,
    "papers that begin alike": _same_opening,
    "book of posts": _book,
    "report in parts": _in_parts,
    "two parts": _two_parts,
    "titles only": _titles_only,
    "translation": _translated,
    "forms filled in": _forms,
}
