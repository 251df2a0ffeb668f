"""Fitness: why a sentence may start no idea, and may not be quoted beside one, by its wording.

A kind says what a sentence does in an argument; this says whether a reader who meets it alone
would know what it speaks of, and whether somebody states it rather than asks or concedes it.
"""

from __future__ import annotations

import re
from typing import Final

from synth.evidence import Candidate
from synth.standing import opening

ASKED: Final = "came from an interviewer or spoke to a person"
CONCEDES: Final = "began by agreeing with somebody"
LEANS: Final = "pointed to what stands elsewhere"
RAMBLES: Final = "rambled, broke off or told of their own text"
NOT_STATED: Final = (ASKED, CONCEDES)
"""Faults of sentences that say nothing of their speaker's own: they start no idea at all."""

FILLERS = 2
"""Fillers of speech from which on a sentence is mere talk."""
LONGEST_SPOKEN = 45
LONGEST = 60
"""Words above which a spoken sentence, or any, is no longer read as one statement."""
STARTS_WITHIN = 6
"""Words within which a pronoun cannot stand for something that the sentence itself has named."""

_YOU_ASKED = re.compile(
    r"\b(?:do|did|would|could|can|are|have|were|will|should) you\b[^.]*\?", re.IGNORECASE
)
_ASKED = re.compile(
    r"\byour (?:own |previous |earlier |last )?(?:remark|question|point|paper|book"
    r"|post|article|view|take|sense|guess|opinion|work|thoughts?)\b"
    r"|\byou(?:'ve| have)? (?:just )?(?:mentioned|said|talked|wrote|brought up|described)\b"
    r"|\bi(?:'m| am| was) (?:curious|wondering)\b|\bi (?:wanted|want|'d like) to ask\b",
    re.IGNORECASE,
)
_CONCEDES = re.compile(
    r"(?:(?:yeah|yes|yep|so|and|well|oh|okay|ok|no),? )*"
    r"(?:i (?:\w+ )?agree\b|agreed\b|i'm with you|(?:that's|that is|this is|you're|you are) "
    r"(?:\w+ )?(?:right|true|fair|correct|a (?:good|great|fair|nice) (?:point|question))\b"
    r"|(?:exactly|absolutely|totally|definitely|sure|right|thanks|yeah|yes|of course)[,.!]"
    r"|fair enough|(?:good|great|fair) (?:point|question)"
    r"|i (?:guess|think|suppose) (?:that's|you're|that is) (?:\w+ )?(?:right|true|fair))",
    re.IGNORECASE,
)
_LEANS = re.compile(
    r"(?:this|that|these|those|they|them|he|she|it|here|such|both|neither|all of (?:this|that)"
    r"|the (?:former|latter|first|second|third|other|same|above|following)"
    r"|if (?:so|not)|given that"
    r"|as such|one of (?:them|these|those)|(?:my|his|her|their|its)(?=\b))\b",
    re.IGNORECASE,
)
_EXPLETIVE = re.compile(
    r"it(?:'s| is| was| would be| remains| seems| might be| may be| could be|'d be)"
    r" (?:\w+ ){0,4}?(?:open|unclear|unknown|uncertain|possible|likely|unlikely|plausible"
    r"|important"
    r"|hard|harder|difficult|easy|easier|interesting|useful|valuable|worth|crucial|necessary"
    r"|essential|tempting|common|impossible|not known|not clear|not obvious|to be)\b"
    r"|such (?:as|a|an)\b|what(?:ever)? (?!(?:this|that|it|they|does (?:this|that|it))\b)"
    r"|both (?:of the |the )?(?!of (?:these|them|those))\w+ (?:and|\w+s)\b"
    r"|those (?:who|that|which)\b",
    re.IGNORECASE,
)
_POINTS = re.compile(
    r"\bas (?:i|we|you|he|she|they|\w+) (?:just |already |have |'ve )?(?:said|mentioned|discussed"
    r"|noted|described|argued|points? out|pointed out|explained)\b"
    r"|\b(?:discussed|mentioned|described|listed|noted|shown|given|stated|defined|below|"
    r"see|points out) (?:above|below|earlier|previously|here)\b|^(?:in|on) (?:this|that|these) "
    r"(?!paper|work|article|post|thesis)"
    r"|\b(?:from|in|of|with|about|by|on|to|for|than|like) (?:this|these|those|that)"
    r"(?=[.,;:?!)]|$| (?:is|are|was|were)\b)"
    r"|\b(?:do(?:es|ing)?|did) (?:this|that|so)(?=[.,;?!]|$)"
    r"|\bthe (?:former|latter|above|aforementioned)\b|\bthat's\b(?! (?:the )?case that)",
    re.IGNORECASE,
)
_EARLY = re.compile(r"\b(?:this|these|those|they|he|she|that's|it's)\b", re.IGNORECASE)
_ITSELF = re.compile(r"\b(?:this|these) (?=(?:paper|work|article|post|thesis)\b)", re.IGNORECASE)
_TALK = re.compile(
    r"[\"'“‘](?:oh|okay|ok|ah|well|hey|look|yeah|whoops)\b|\bi'd be like\b|epistemic status"
    r"|\b(\w+),? \1\b(?<!that that)(?<!had had)|\? \S|\s\* |\b(?:i'm a|i am a|my name) \w"
    r"|\bjust to (?:check|clarify|introduce|be clear|make sure)\b|\bthis (?:podcast|episode)\b"
    r"|\b(?:remember|recall) the list\b|^by [A-Z]|\bi (?:forget|forgot|don't remember)\b"
    r"|\b(?:this|the|next|last) (?:section|chapter|sequence|post|essay|newsletter|interview)\b",
    re.IGNORECASE,
)
_GLUED = re.compile(r"[a-z] (?:The|This|These|In|We|To|How|What) [a-z]")
"""A heading that runs into its text."""
_SHOUTS = re.compile(r"(?:\b[A-Z]{3,}\b[ :]*){3}")
_FILLER = re.compile(
    r"\b(?:you know|i mean|kind of|sort of|i guess|or something|or whatever|and stuff|um|uh"
    r"|blah|et cetera|stuff like|the thing is|basically|actually|i don't know|and so on"
    r"|in some sense|i think|i feel like)\b|, like\b|, right\b",
    re.IGNORECASE,
)
_ENDS = re.compile(r"[.!?][\"'”’)\]]*$")
_BREAKS_OFF = re.compile(r"\.\.\.|…|--\s*$|[—–]\s*$")


def fault(candidate: Candidate) -> str:
    """Why a sentence is passed over, in words that follow how many; empty where it is fit."""
    text = candidate.text.replace("’", "'")
    start = text[len(opening(text)) :]
    if candidate.asks or _ASKED.search(text) or (candidate.speaker and _YOU_ASKED.search(text)):
        return ASKED
    if _CONCEDES.match(text) or _CONCEDES.match(start):
        return CONCEDES
    if _rambles(text, start, spoken=bool(candidate.speaker)):
        return RAMBLES
    return LEANS if _leans(start) else ""


def _leans(start: str) -> bool:
    """Whether a sentence without its connecting words stands on what was said elsewhere."""
    if _LEANS.match(start) and not (_EXPLETIVE.match(start) or _ITSELF.match(start)):
        return True
    first = " ".join(_ITSELF.sub("the ", start).split()[:STARTS_WITHIN])
    early = _EARLY.search(first)
    return bool(_POINTS.search(start) or (early and not _EXPLETIVE.match(start[early.start() :])))


def _rambles(text: str, start: str, *, spoken: bool) -> bool:
    count = len(text.split())
    return (
        count > (LONGEST_SPOKEN if spoken else LONGEST)
        or not _ENDS.search(text)
        or _BREAKS_OFF.search(text) is not None
        or (start[:1].islower() and start == text)
        or len(_FILLER.findall(text)) >= FILLERS
        or text[:1] == "("
        or _GLUED.search(text) is not None
        or _TALK.search(text) is not None
        or _SHOUTS.search(text) is not None
    )
