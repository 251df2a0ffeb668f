"""How well a sentence stands alone: whether a reader of it by itself knows what it says."""

from __future__ import annotations

import re
from dataclasses import dataclass

from synth.evidence import Candidate
from synth.words import terms

LONGEST_WORDS = 60
"""Sentences above this are mostly lists, run-on speech or broken extraction."""


@dataclass(frozen=True, slots=True)
class Standing:
    """A factor from 0 to 1 and what lowered it."""

    factor: float
    faults: tuple[str, ...]


_OPENING = re.compile(
    r"(?:(?:and|but|so|or|because|well|now|okay|ok|yeah|yes|no|right|sure|like|then|also"
    r"|again|actually|basically"
    r"|i mean|you know|i guess|i think|i feel like|i would say|i'd say|of course|in fact"
    r"|for example|for instance"
    r"|however|therefore|thus|hence|moreover|furthermore|anyway|that said|that being said"
    r"|on the other hand)\b[,:]? ?)+",
    re.I,
)
_DANGLING = re.compile(
    r"(?:this|that|these|those|they|he|she|it|here|there|such|both|neither|the (?:former"
    r"|latter|first|second|third|other|same))\b",
    re.I,
)
_EXPLETIVE = re.compile(
    r"(?:it(?:'s| is| was| would be| remains| seems| might be| may be| could be|'d be| also)?"
    r" (?:\w+ ){0,3}?(?:open|unclear|clear|unknown|possible|likely|unlikely|plausible"
    r"|important|hard|difficult"
    r"|easy|interesting|useful|valuable|worth|worthwhile|crucial|necessary|essential"
    r"|tempting|common|natural|nice|good|great"
    r"|not known|not clear|not obvious|true that|remains to be)|there (?:is|are|was|were"
    r"|'s|has|have|remains|may|might|could|seems?|exists?)"
    r"|this (?:paper|work|article|post|essay|report|study|survey|chapter|thesis|note"
    r"|sequence|agenda)\b)",
    re.I,
)
_NOUN_AFTER = re.compile(
    r"(?:this|that|these|those|such|both) (?!is|are|was|were|can|will|would|might|may"
    r"|could|has|have|does|do|'s)[a-z]+",
    re.I,
)
_CHATTER = re.compile(
    r"thank(?:s| you)|welcome (?:to|back)|in this episode|listeners?\b|this podcast"
    r"|the podcast|(?:full|this|the) transcript\b|subscribe"
    r"|sign up|this newsletter|donat(?:e|ion) to|patreon|youtube|before we (?:get|move|wrap)"
    r"|wrap(?:ping)? up|follow your|show notes"
    r"|click (?:on|here)|cookies?\b|copyright|all rights reserved|apply (?:now|here)|job opening"
    r"|we're hiring|this episode|editor's note"
    r"|my (?:co-?host|guest)|in the audience|link(?:s|ed)? (?:below|in the)"
    r"|description of (?:this|the) episode|check out"
    r"|try it out|feel free to|google doc|embedded question|let me know|get in touch",
    re.I,
)
_FILLER = re.compile(
    r"\b(?:you know|i mean|kind of|sort of|i guess|or something|or whatever|and stuff"
    r"|like,|um|uh|right\?|yeah|blah"
    r"|, like\b|et cetera|stuff like|this thing|these things|that thing|the thing is"
    r"|i don't know)",
    re.I,
)
_IMAGINED = re.compile(
    r"\b(?:imagine|suppose|let's say|hey|you say|i'd be like|pretend|say you|what if|as if)\b",
    re.IGNORECASE,
)
_ABOUT_ITSELF = re.compile(
    r"\b(?:we|i|this (?:paper|article|post|work|section|chapter|survey|report)"
    r"|the (?:paper|article|post|rest))(?:'ll|'m| will| then| also"
    r"| briefly| first| further| next| now| going to)* (?:discuss|describe|identif|list"
    r"|present|review|conclude|outline|highlight|explor|introduc"
    r"|survey|summari[sz]|analy[sz]e|provide|propose|address|talk about|mention|illustrate"
    r"|begin|start|give|formali[sz]e|study|develop|consider"
    r"|respond|examin)\w*\b",
    re.IGNORECASE,
)
_YOU = re.compile(r"\b(?:you|your|you're|you've|you'd)\b", re.I)
_ENDS = re.compile(r"[.!?…][\"'”’)\]]*$")
_ONLY_LINK = re.compile(r"\[[^\]]*\]\([^)]*\)[.?!]?")
_FORMAL = re.compile(r"[$\\^_={}<>|∈≤≥→∀∃]")


def standing(candidate: Candidate) -> Standing:
    """Judge a sentence by how it begins, its length, its words and who says it."""
    text = candidate.text.replace("’", "'")
    checks = (
        *_shape(text, candidate.evidence.quote),
        *_beginning(text),
        *_manner(text),
        *_role(candidate, text),
    )
    factor = 1.0
    for each, _ in checks:
        factor *= each
    return Standing(factor, tuple(fault for _, fault in checks))


def opening(text: str) -> str:
    """The connecting words that a sentence begins with (`And so, `), to be left out of a title."""
    match = _OPENING.match(text)
    return match.group() if match and match.end() < len(text) else ""


def _shape(text: str, quote: str) -> list[tuple[float, str]]:
    """What length, ends and signs say against a sentence."""
    count = len(text.split())
    faults: tuple[tuple[bool, float, str], ...] = (
        (count > LONGEST_WORDS, 0.4, f"{count} words long"),
        (45 < count <= LONGEST_WORDS, 0.85, "long"),
        (count < 7, 0.4, "very short"),
        (7 <= count < 10, 0.8, "short"),
        (not _ENDS.search(text), 0.55, "does not end like a sentence"),
        (text[:1].islower(), 0.6, "does not begin like a sentence"),
        (_ONLY_LINK.fullmatch(quote) is not None, 0.2, "only a link"),
        (len(text) < 0.6 * len(quote), 0.7, "mostly links"),
        (quote.count("](") > 2, 0.8, "many links"),
        (len(_FORMAL.findall(text)) > 5, 0.6, "mostly formulas"),
        (sum(map(str.isupper, text)) > 0.5 * len(text), 0.6, "in capitals"),
    )
    return [(factor, fault) for holds, factor, fault in faults if holds]


def _beginning(text: str) -> list[tuple[float, str]]:
    start = text[len(opening(text)) :]
    found = []
    if opening(text):
        found.append((0.93, "begins with a connecting word"))
    if _EXPLETIVE.match(start) or not _DANGLING.match(start):
        return found
    word = start.split(maxsplit=1)[0]
    factor = 0.85 if _NOUN_AFTER.match(start) else 0.6
    return [*found, (factor, f"begins with “{word}”, whose meaning lies before it")]


def _manner(text: str) -> list[tuple[float, str]]:
    found = []
    informative = len(set(terms(text)))
    if informative < 4:
        found.append((0.4, "few telling words"))
    elif informative < 6:
        found.append((0.8, "not many telling words"))
    fillers = len(_FILLER.findall(text))
    if fillers:
        found.append((0.9**fillers, "spoken fillers"))
    if _CHATTER.search(text):
        found.append((0.25, "talk about the talk"))
    if _IMAGINED.search(text):
        found.append((0.8, "imagined"))
    if _ABOUT_ITSELF.search(text):
        found.append((0.75, "says what the text does"))
    if len(_YOU.findall(text)) > 2:
        found.append((0.85, "speaks to somebody"))
    return found


def _role(candidate: Candidate, text: str) -> list[tuple[float, str]]:
    if candidate.asks and text.endswith("?"):
        return [(0.35, "an interviewer's question")]
    if candidate.asks:
        return [(0.7, "said by the interviewer")]
    if candidate.kind == "quote":
        return [(0.85, "quoted from elsewhere")]
    if candidate.kind == "footnote":
        return [(0.85, "in a footnote")]
    if candidate.speaker:
        return [(0.95, "spoken")]
    return []
