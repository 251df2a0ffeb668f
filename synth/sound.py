"""Sound claims for trials: sentences of the corpus that stand alone, each with its quote."""

from __future__ import annotations

import random
import re
from collections.abc import Iterable, Iterator, Sequence

from corpus.model import CITABLE, Evidence, Tree, Version
from corpus.shelf import Shelf
from synth.evidence import Candidate, candidates, verified
from synth.move import ROOT
from synth.standing import standing
from synth.trials import Sound
from synth.words import terms

LOOKED_AT = 60
"""Documents whose sentences a trial is drawn from."""
PER_DOCUMENT = 8
STANDS = 0.75
"""How well a sentence must stand alone to be judged without what is around it."""
WORDS = range(9, 46)
WITH_NEXT = 0.3
"""How often a claim's quote goes on for another sentence, as quotes of writers do."""

_STRANGE = re.compile(r"https?:|[\[\]|$\\{}<>=@#*]|\.\.\.|…|\bet al\b|[:;]$")


def sound_claims(
    shelf: Shelf, chance: random.Random, *, documents: int = LOOKED_AT
) -> list[Sound]:
    """Sentences of some documents of the corpus, drawn by chance."""
    listed = shelf.select()
    chosen = chance.sample(listed, min(documents, len(listed)))
    works = shelf.work_ids(chosen)
    return [
        sound
        for doc_id in chosen
        for sound in sentences_of(shelf.version(doc_id), works[doc_id], chance)
    ]


def sentences_of(
    version: Version, work_id: str, chance: random.Random, *, most: int = PER_DOCUMENT
) -> list[Sound]:
    """Up to `most` sentences of a text as claims on themselves, drawn by chance."""
    found = candidates(version)
    fit = [place for place, each in enumerate(found) if _fits(each)]
    return [
        Sound(
            text=found[place].text, evidence=tuple(_quoted(found, place, chance)), work_id=work_id
        )
        for place in sorted(chance.sample(fit, min(most, len(fit))))
    ]


def claims_of_trees(trees: Iterable[Tree], shelf: Shelf) -> list[Sound]:
    """The claims that ideas of trees stand on, each wording once; no pruned ones, no roots.

    Of claims in somebody's own words only those that were found to follow, and that nothing
    speaks against.
    """
    ideas = [i for tree in trees for i in tree.ideas.values() if i.state != "pruned"]
    claims = {
        claim.text: (claim, idea.title)
        for idea in ideas
        if idea.move != ROOT
        for claim in verified(idea.claims, shelf)[0]
        if claim.check == "supported" and not claim.flags
    }
    works = shelf.work_ids(claim.evidence[0].doc_id for claim, _ in claims.values())
    known = shelf.documents(works)
    return [
        Sound(
            text=claim.text,
            evidence=claim.evidence,
            work_id=works[claim.evidence[0].doc_id],
            title=title,
        )
        for claim, title in claims.values()
        if known[claim.evidence[0].doc_id].status in CITABLE and not claim.text.endswith("?")
    ]


def _fits(candidate: Candidate) -> bool:
    """Whether a sentence says something by itself that may be true or not."""
    text = candidate.text
    return (
        len(text.split()) in WORDS
        and text[0].isupper()
        and text.endswith(".")
        and not candidate.asks
        and candidate.kind in ("prose", "item")
        and not _STRANGE.search(text)
        and len(set(terms(text))) >= 5
        and standing(candidate).factor >= STANDS
    )


def _quoted(found: Sequence[Candidate], place: int, chance: random.Random) -> Iterator[Evidence]:
    yield found[place].evidence
    after = found[place + 1] if place + 1 < len(found) else None
    if after and after.paragraph == found[place].paragraph and chance.random() < WITH_NEXT:
        yield after.evidence
