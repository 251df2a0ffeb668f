"""Mining: the sentences of a text that ask, limit, assume, object, propose or find, ranked."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from synth.cues import BARREN, CUES, SECTIONS, Cue, Kind
from synth.evidence import Candidate
from synth.standing import standing
from synth.words import FIELD, terms

SECTION_BONUS = 0.12
BARREN_FACTOR = 0.3
LONGEST = 1200
"""Characters above which a sentence is not looked at: no cue is sought in a wall of text."""
DENIABLE: tuple[Kind, ...] = ("open question", "assumption", "crux")
"""Kinds that a `not` before the wording turns into their contrary."""
SUPPOSABLE: tuple[Kind, ...] = ("objection", "limitation", "assumption", "finding")
"""Kinds that an `if` before the wording turns into a mere case."""
WORTH_READING = 0.45
"""Sentences that score lower are mostly noise: read by eye on transcripts, posts and abstracts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mined:
    """A sentence, what it seems to do in the argument, and how sure its wording makes that."""

    kind: Kind
    candidate: Candidate
    score: float
    """Higher is surer, 0 to about 1.2; comparable within one kind."""
    gist: str
    """What is asked, limited, assumed …: the part of the sentence that a title is made of."""
    reasons: tuple[str, ...]
    """In words, strongest first: the cue, the heading, what speaks against it."""


def mine(found: Iterable[Candidate], kinds: Sequence[Kind] = tuple(CUES)) -> list[Mined]:
    """Every sentence that sounds like one of `kinds`, best first; one sentence may be several."""
    mined = [
        each
        for candidate in found
        for kind in kinds
        if (each := _judge(candidate, kind)) is not None
    ]
    return sorted(mined, key=lambda m: (-m.score, m.candidate.evidence.start))


def worth_reading(mined: Iterable[Mined]) -> list[Mined]:
    """Those that are sure enough to be shown without being asked for."""
    return [each for each in mined if each.score >= WORTH_READING]


def _judge(candidate: Candidate, kind: Kind) -> Mined | None:
    text = candidate.text.replace("’", "'")
    if len(text) > LONGEST:
        return None
    heard = next(((c, m) for c in CUES[kind] if (m := c.pattern.search(text))), None)
    if heard is None:
        return None
    cue, match = heard
    if kind in DENIABLE and _DENIED.search(text, 0, match.start()):
        return None
    gist = _gist(cue, match, candidate.text)
    stands = standing(candidate)
    score = cue.strength * stands.factor * _content(gist) * _field(text)
    if _POINTS_BACK.match(gist):
        score *= 0.85
    if text.endswith("?") and kind != "open question":
        score *= 0.6
    reasons = [f"says “{match.group().strip(' ,:')}”"]
    if kind in SUPPOSABLE and _SUPPOSED.search(text, 0, match.start()):
        score *= 0.7
        reasons.append("only supposed")
    heading = " ".join(candidate.heading)
    if heading and SECTIONS[kind].search(heading):
        score += SECTION_BONUS
        reasons.append(f"under the heading “{candidate.heading[-1]}”")
    if heading and BARREN.search(candidate.heading[-1]):
        score *= BARREN_FACTOR
    return Mined(
        kind=kind,
        candidate=candidate,
        score=score,
        gist=gist,
        reasons=(*reasons, *stands.faults),
    )


def _gist(cue: Cue, match: re.Match[str], text: str) -> str:
    """The part of the sentence that says what the wording speaks of."""
    if cue.gist == "whole":
        return text
    return (text[match.end() :] if cue.gist == "after" else text[: match.start()]).strip(" ,:")


_DENIED = re.compile(
    r"(?:\b(?:not|never|neither|nor|no|cannot|without)|n't)(?: (?:an?|any|the|be|been|really|rest"
    r"|rely|depend|hinge|turn|stand|require|need|make))* $",
    re.IGNORECASE,
)
_SUPPOSED = re.compile(
    r"(?<!only )\b(?:if|whether|unless|when|whenever|suppose|supposing|in case)\b[^,;:.]*$",
    re.IGNORECASE,
)
_POINTS_BACK = re.compile(r"(?:this|that|these|those|such|it|they|he|she|here)\b", re.IGNORECASE)


def _content(gist: str) -> float:
    """Less where what is introduced is too little to be understood."""
    count = len(set(terms(gist)))
    return 1.0 if count >= 4 else 0.85 if count == 3 else 0.6 if count else 0.4


def _field(text: str) -> float:
    """Less where no word of the sentence belongs to the field."""
    count = len({match.casefold() for match in FIELD.findall(text)})
    return 1.0 if count >= 2 else 0.94 if count == 1 else 0.72
