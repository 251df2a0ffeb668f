"""Phrasing: what of a sentence can stand in a title, and is it a clause, a question or a thing.

No grammar is parsed. What these tables do not surely know is refused, and the move has no title:
an idea that is not made is better than one that cannot be read.
"""

from __future__ import annotations

import re
from typing import Final

from synth.mining import Mined
from synth.standing import opening
from synth.words import FIELD, STOP, shorten, terms

LONGEST_TITLE: Final = 120
LONGEST_SUBJECT = 9
"""Words above which what stands before a verb is rarely its subject alone."""
NAMED = 2
"""Telling words before a pronoun under which there is nothing that it could stand for."""
LAST_NAMED = 5
"""And where the phrase ends in the pronoun, which then more likely points out of it."""
MOST_OF_IT = 0.7
"""Share of a phrase that a title must have room for."""
ENOUGH = 3
"""Telling words that a phrase of a title must have."""

ASKING: Final = (
    "whether", "how", "what", "which", "why", "when", "where", "who", "to what extent",
)  # fmt: skip
"""Words that a clause begins with which says what is asked."""

FINITE: Final = (
    r"(?:is|are|was|were|has|have|had|does|do|did|can|could|will|would|may|might|must|should"
    r"|cannot|can't|won't|isn't|aren't|don't|doesn't|remains?|seems?)"
)
_FINITE = re.compile(rf"\b{FINITE}\b", re.IGNORECASE)
_SUBORDINATE = re.compile(r"\b(?:if|when|because|only|while|so|but|and then)\b", re.IGNORECASE)
_NO_SUBJECT = re.compile(
    r"(?:to|of|for|by|in|on|at|with|through|if|when|while|because|as|under|during|after|before"
    r"|without|despite|unless|using|from|and|or|that|not|given|such)\b",
    re.IGNORECASE,
)
"""How something begins that is no clause, or one whose subject comes late."""
_MAY_BE_VERB = re.compile(r"\w \w+(?:[^s'’]s|ed)\b|^[a-z-]+s? \w+|s [a-z]+ \w")
_THIRD_PERSON = re.compile(
    r" \w{3,}[^s'’]s (?!(?:of|in|for|on|with|to|and|or|from|by|at|that|which|over|between|about"
    r"|towards?|as|than|into|among|against|under|when|where)\b)\w"
)
_RELATIVE = re.compile(r"\b(?:that|which|who|whom|whose|where)\b", re.IGNORECASE)
_GOES_ON = re.compile(
    r"; |: |(?<!\bal)(?<!\bvs)(?<!\be\.g)(?<!\bi\.e)\. (?=[A-Z\d(])"
    r"| [—–-]+ |,? but\b|,? (?:even though|although)\b"
    r"|, (?:including|such as|relative to|compared|as well|by|with|from|when|and|so|because|since"
    r"|which|as|or even|whereas|while|then|if|given|though|where|rather|for example|e\.g|i\.e)\b"
)
_ADDRESS = re.compile(r" ?\[https?:[^\]]*\](?= |$|[.,?])")
_JOINS = re.compile(r", (?:and|or)\b")
_PRONOUN = re.compile(r"\b(?:it|they|them|its|their|he|she|him|her)\b", re.IGNORECASE)
_ENDS = re.compile(r"\b(?:it|they|them|he|she|him|her)$", re.IGNORECASE)
_DANGLES = re.compile(
    r"^(?:(?:whether|if|that|how|why|when|where|what|which)(?: \w+ly| well| much| often| far"
    r"| many| quickly)? )?(?:or not )?(?:it|this|that|these|those|they|he|she|such|its|their|his"
    r"|her|both|here)\b"
    r"|\b(?:this|that|these|those|so|such|there|vs|theirs?|other|others|same"
    r"|following|of|to|and|or|the|an?|in|with|for|by|on|as|from)$"
    r"|\b(?:i|me|my|mine|you|your|our|ours|us|this|these|here|above|below|aforementioned)\b"
    r"|\bthose (?!who|that|of|which|in|with)|\bthat's\b|\bit's\b|\bI'm\b|\bsuch (?!as\b|an?\b)"
    r"|\bthe (?:former|latter|following|proposed|resulting|above) |\bthe (?:same|present|new) "
    r"(?:\w+ )?(?:method|approach|algorithm|technique|framework|system|paper|work)s?\b",
    re.IGNORECASE,
)
_EXPLETIVE = re.compile(
    r"^(?:(?:whether|if|that|how|why) )?(?:it(?: is|'s| was| will be| would be| may be| might be)"
    r" (?:\w+ ){0,2}?(?:possible|likely|easy|easier|hard|harder|safe|enough|feasible|necessary"
    r"|sufficient|better|worse)|there (?:is|are|will|would|may|might|can))\b",
    re.IGNORECASE,
)
_COMMON_END = re.compile(r"(?:ing|ions?|ity|ness|ments?|ers)$")
_BREAKS = re.compile(r"^\(|[”\"]$|[*\[\]{}|\\$]|\.\.\.|…|\d\.$|https?:|\?.")
_AS_LONG_AS = re.compile(
    r"\b(?:(?:only|just) (?:\w+ ){1,2}?(?:if|when)|as long as|provided that|so long as|insofar as"
    r"|only (?:if|when)) ",
    re.IGNORECASE,
)
_ASSUMING = re.compile(r"\bassum(?:e|es|ed|ing) *$", re.IGNORECASE)
_LISTED = re.compile(r"(?:the )?(\w+ )?assumptions? (?:like|such as|that) (.+?)[.]?$", re.I)
_UP_TO_COMMA = re.compile(r"\bof *$|\bif (?:we|one|you) ", re.IGNORECASE)
_HYPOTHETICAL = re.compile(
    r"\b(?:even if|even when|unless|suppose|supposing|whether) [^,;]*$|^assuming *$", re.IGNORECASE
)
_NOT_ASSUMED = re.compile(r"\b(?:people|sometimes|may|might|could) (?:\w+ )?assumes?\b", re.I)
_CONNECTS = re.compile(
    r"^(?:in (?:addition|contrast|particular|general|fact|practice|other words)|more generally"
    r"|additionally|furthermore|moreover|interestingly|unfortunately|surprisingly|similarly"
    r"|similarly|specifically|empirically|currently|recently|on the other hand|meanwhile"
    r"|as a result|at the same time|in the end|overall|in short|still|yet|maybe|perhaps"
    r"|instead|indeed|first|second(?:ly)?|third(?:ly)?|finally|further|also|note that"
    r"|(?:we|i) (?:also |further |\w+ly )*(?:find|found|show|observe|believe|demonstrate|note|see)"
    r"(?: that)?),? ",
    re.IGNORECASE,
)


def clause(span: Mined) -> str:
    """What the sentence speaks of, up to where it goes on to something else."""
    return cut(span.gist) if lead(span) else lowered(cut(span.gist))


def cut(text: str) -> str:
    """A phrase up to where it goes on to something else, if enough stands before that."""
    phrase = _ADDRESS.sub("", text).strip(" .;:,?!")
    for match in _GOES_ON.finditer(phrase):
        first = phrase[: match.start()]
        listed = _JOINS.match(match.group()) and "," in first and not _FINITE.search(first)
        if len(set(terms(first))) >= ENOUGH - 1 and not listed:
            return _closed(first)
    return _closed(phrase)


def clear(phrase: str) -> bool:
    """Whether a phrase names what it speaks of: no pronoun that only its neighbours explain."""
    said = _EXPLETIVE.sub("", phrase.replace("’", "'"))
    if len(set(terms(said))) < ENOUGH or _BREAKS.search(said):
        return False
    pronoun = _PRONOUN.search(said)
    named = len(terms(said[: pronoun.start()])) if pronoun else LAST_NAMED
    dangles = _DANGLES.search(said) or named < (LAST_NAMED if _ENDS.search(said) else NAMED)
    return not dangles and _balanced(said)


def is_thing(phrase: str) -> bool:
    """Whether a phrase may be a thing that has a name, with no verb in it, as far as one can tell.

    `the observability of its states`, but not `the instruction provides information`.
    """
    before = _RELATIVE.split(phrase)[0]
    return not (
        asks(phrase)
        or _NO_SUBJECT.match(phrase)
        or _FINITE.search(before)
        or _THIRD_PERSON.search(before)
        or re.search(r"^(?:\w+ ){0,3}(?:be|to)\b", before)
    )


def asks(phrase: str) -> bool:
    """Whether a phrase is an indirect question, `whether …` or `how …`."""
    said = phrase.casefold()
    return any(re.match(rf"{re.escape(word)}(?![\w-])", said) for word in ASKING)


def is_clause(phrase: str, lead: str = "") -> bool:
    """Whether a phrase has a subject and a verb, as far as that can be told.

    lead  what stands before it in its sentence: after a `that`, a clause follows
    """
    if asks(phrase) or _NO_SUBJECT.match(phrase):
        return False
    verb = _FINITE.search(phrase)
    if f" {lead}".rstrip().casefold().endswith(" that"):
        return bool(verb or _MAY_BE_VERB.search(phrase))
    if _ASSUMING.search(lead) and _THIRD_PERSON.search(phrase):
        return re.match(r"(?:the|an?|all|each|every)\b", phrase) is not None
    relative = _RELATIVE.search(phrase)
    return bool(verb and verb.start() > 0 and not (relative and relative.start() < verb.start()))


def lead(span: Mined) -> str:
    """What stands before the gist in its sentence; empty where the gist does not end it."""
    text = span.candidate.text
    place = text.find(span.gist)
    return text[:place] if place > 0 else ""


def statement(span: Mined) -> str:
    """The sentence as a clause that can follow `that`, up to where it goes on."""
    return cut(sentence(span))


def sentence(span: Mined) -> str:
    """The whole sentence as it could follow `that`: no connecting words, small first letter."""
    text = span.candidate.text
    bare = text[len(opening(text)) :]
    return lowered(_CONNECTS.sub("", bare))


def condition(span: Mined) -> tuple[str, str]:
    """What a sentence takes for granted, and what stands before it there; empty if unsaid."""
    said = statement(span)
    match = _AS_LONG_AS.search(said)
    if match:
        return cut(said[match.end() :].partition(", ")[0]), "that"
    before = lead(span)
    if not before or _HYPOTHETICAL.search(before) or _NOT_ASSUMED.search(before):
        return "", ""
    listed = _LISTED.match(span.gist)
    if listed:
        return cut(listed[2].strip('"')), "that"
    first = span.gist.partition(", ")[0] if _UP_TO_COMMA.search(before) else span.gist
    return cut(first), before


def lowered(phrase: str) -> str:
    """A phrase as it stands within a sentence: what may be a name keeps its capital letter."""
    first, _, rest = phrase.partition(" ")
    is_word = first[1:] == first[1:].lower() and first != "I"
    common = first.casefold() in STOP or FIELD.fullmatch(first) or _COMMON_END.search(first)
    named = re.match(r"[A-Z]", rest)
    followed = re.match(r"[a-z]", rest) and not _FINITE.match(rest)
    lower = is_word and not named and (common or followed)
    return phrase[:1].lower() + phrase[1:] if lower else phrase


def about(subject: str) -> bool:
    """Whether what stands before a verb is a subject alone, short and clear."""
    words = subject.split()
    joined = "," in subject or _RELATIVE.search(subject) or _SUBORDINATE.search(subject)
    if not words or len(words) > LONGEST_SUBJECT or joined:
        return False
    return len(set(terms(subject))) >= 1 and not (
        _DANGLES.search(subject) or _FINITE.search(subject) or _BREAKS.search(subject)
    ) and not re.match(r"(?:we|one|people|in|on|for|with|if|when|while|as|by|to|although|though"
                       r"|because|since|after|before|despite|what|how|there|nothing|something"
                       r"|anything|one|none|some|any|many)\b", subject, re.IGNORECASE)  # fmt: skip


def titled(lead: str, phrase: str) -> str | None:
    """A title of `lead` and a clear phrase, or most of it; `None` where it is unclear or long."""
    if not clear(phrase):
        return None
    title = shorten(f"{lead} {phrase}", LONGEST_TITLE)
    return title if len(title) - len(lead) >= MOST_OF_IT * len(phrase) else None


def _balanced(phrase: str) -> bool:
    marks = (phrase.count(mark) for mark in "()“”")
    return next(marks) == next(marks) and next(marks) == next(marks) and phrase.count('"') % 2 == 0


def _closed(phrase: str) -> str:
    """A phrase without a bracket that is opened and not closed."""
    return phrase if _balanced(phrase) else phrase[: phrase.rfind("(")].rstrip(" ,;:")
