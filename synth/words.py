"""Which words of a sentence say what it is about, and how far two wordings agree."""

from __future__ import annotations

import re
from collections.abc import Sequence, Set
from itertools import pairwise

_WORD = re.compile(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*")
_QUOTATION_MARKS = re.compile("[\"'`\u00b4\u2018-\u201f\u2032-\u2037\u00ab\u00bb\u2039\u203a]+")
_DASHES = re.compile("[-\u2010-\u2015\u2212]+")

STOP = frozenset(
    """a about above across actual actually after again against ago all almost along already also
    although always am among an and another any anyone anything anyway are aren't around as
    ask asked at away back be became because become becomes been before being below better
    between big bit both but by call called came can can't cannot case cases certain
    certainly clear come comes could couldn't course day days definitely did didn't different
    do does doesn't doing don't done down during each earlier easy either else enough
    especially etc even ever every everyone everything exactly example examples fact far few
    find first five follow for found four from further get gets getting give given gives go
    goes going good got great guess had half happen happens hard has have haven't having he
    hello hence her here hi him his hmm hope how however i i'd i'll i'm i've idea ideas if
    important in indeed instead interested interesting into is isn't it it'd it'll it's its
    itself just keep kind kinds know last later least less let let's like likely little long
    look looking looks lot lots made mainly make makes making many may maybe me mean means
    might more most mostly much must my myself name namely near need needs neither never new
    next nice no nobody non none nor not note nothing now obviously of off often oh ok okay
    on once one ones only onto or other others otherwise our ours out over own paper papers
    part particular parts people perhaps person place please point points possible post posts
    pretty probably put question questions quite rather really reason reasons recent recently
    regard right said same saw say saying says second section see seem seemed seems seen set
    several shall she should show shown shows similar simple simply since so some someone
    something sometimes somewhat soon sorry sort sorts start still stuff such suppose sure
    take taken takes taking talk talked talking tell ten than thank thanks that that's the
    their theirs them themselves then there there's therefore these they they'd they're
    they've thing things think thinking third this those though thought three through thus
    till time times to today together told too took top totally towards tried tries true
    truly try trying turn two type types uh um under understand unless until up upon us use
    used useful uses using usually various very via view want wanted wants was wasn't way
    ways we we'd we'll we're we've well went were what what's whatever when where whether
    which while who whole whom whose why will with within without won't word words work
    working works would wouldn't wrong mind matter change rest hour week short report
    ordinary known available merely read text stated yeah year years yes yet you you'd you'll
    you're you've your yours""".split()
)
"""Words that do not say what a text is about: grammar, talk, and the furniture of papers."""

FIELD = re.compile(
    r"\b(?:ai|agi|ml|rl|rlhf|llms?|gpt|irl|align\w*|misalign\w*|superintelligen\w*|agents?"
    r"|agentic|agency|reward\w*|oversee\w*"
    r"|oversight|overseer\w*|debate\w*|amplif\w*|interpretab\w*|circuits?|probes?|probing"
    r"|features?|activations?|neurons?|networks?"
    r"|models?|train\w*|fine-?tun\w*|pretrain\w*|gradients?|transformers?|learn\w*"
    r"|polic(?:y|ies)|optimi[sz]\w*|mesa\w*|goals?|values?"
    r"|preferences?|utilit\w*|corrigib\w*|shutdown|decept\w*|deceiv\w*|scheming|honest\w*"
    r"|sycophan\w*|hack\w*|goodhart\w*|specification"
    r"|misspecif\w*|generali[sz]\w*|distribution\w*|robust\w*|adversar\w*|attacks?"
    r"|red[- ]team\w*|evaluat\w*|evals?|benchmark\w*"
    r"|capabilit\w*|elicit\w*|sandbag\w*|sabotage|monitor\w*|control|safety|safe|risks?"
    r"|catastroph\w*|takeoff|takeover|timelines?|compute|scal\w+"
    r"|inner|outer|embedded|decision theor\w*|infer\w*|predict\w*|human\w*|feedback"
    r"|judges?|critics?|critique\w*|flaws?|verif\w*|proofs?|govern\w*"
    r"|regulat\w*|deploy\w*|automat\w*|research\w*|experiment\w*|data|datasets?|tasks?"
    r"|environments?|simulat\w*|cooperat\w*|game\w*"
    r"|consequential\w*|power|instrumental\w*|intelligen\w*|cognit\w*|reason\w*|knowledge"
    r"|latent|represent\w*|language|algorithms?|systems?)\b",
    re.IGNORECASE,
)
"""Words of the field: a sentence with none of them is seldom about it."""

_GENERIC = frozenset(
    """ai answer approach arxiv colleague data error evidence fail failure help human learn
    learning less method model number problem process research researcher result run single
    small study system task test time train trained training value work""".split()
)
"""Words that almost every text of the field has: sharing one of them says nothing."""


def terms(text: str) -> list[str]:
    """The informative words of `text` in its order, folded so that plurals agree."""
    words = (word.casefold().replace("’", "'") for word in _WORD.findall(text))
    return [_singular(word) for word in words if len(word) > 2 and word not in STOP]


def phrases(text: str) -> set[str]:
    """Pairs of informative words that stand side by side in `text`."""
    found: set[str] = set()
    for piece in re.split(r"[.,;:!?()\[\]“”\"]|\s[-–—]\s", text):
        words = [word.casefold().replace("’", "'") for word in _WORD.findall(piece)]
        for one, other in pairwise(words):
            if not ({one, other} & STOP) and min(len(one), len(other)) > 2:
                found.add(f"{_singular(one)} {_singular(other)}")
    return found


def shared(text: str, others: Sequence[str], *, limit: int = 6) -> list[tuple[str, ...]]:
    """For each of the `others`, the terms that it shares with `text`, most telling first.

    Two words that stand together in both say more than one; of single words those say more that
    fewer of the others have too, and those that most of them have say nothing.
    """
    own_phrases = phrases(text)
    own_terms = [term for term in dict.fromkeys(terms(text)) if term not in _GENERIC]
    theirs = [set(terms(other)) for other in others]
    spread = {term: sum(term in words for words in theirs) for term in own_terms}
    common = max(1, len(others) // 2)
    found = []
    for other, words in zip(others, theirs, strict=True):
        pairs = sorted(own_phrases & phrases(other))
        used = {word for pair in pairs for word in pair.split()}
        singles = [
            term
            for term in own_terms
            if term in words - used and spread[term] <= common and _telling(term)
        ]
        singles.sort(key=lambda term: (spread[term], -len(term)))
        found.append(tuple([*pairs, *singles][:limit]))
    return found


def _telling(term: str) -> bool:
    """Whether a word by itself says what two texts have in common: one of the field, or long."""
    return len(term) > 7 or FIELD.fullmatch(term) is not None


def overlap(one: str, other: str) -> float:
    """Share of informative words that two texts have in common, 0 to 1 (Jaccard)."""
    return likeness(set(terms(one)), set(terms(other)))


def likeness(one: Set[str], other: Set[str]) -> float:
    """Share of terms that two sets have in common, 0 to 1 (Jaccard)."""
    return len(one & other) / len(one | other) if one and other else 0.0


def folded(text: str) -> str:
    """`text` for telling whether two are the same: no blanks, plain quotation marks and dashes."""
    return _DASHES.sub("-", _QUOTATION_MARKS.sub("'", "".join(text.split())))


def shorten(text: str, limit: int) -> str:
    """`text` in at most `limit` characters, cut between words and marked with `…`."""
    if len(text) <= limit:
        return text
    cut = text[: limit - 1]
    return cut[: cut.rfind(" ")].rstrip(" ,;:—–-(") + "…" if " " in cut else cut + "…"


def _singular(word: str) -> str:
    if len(word) > 4 and word.endswith("ies"):
        return word[:-3] + "y"
    if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is", "'s")):
        return word[:-1]
    return word.removesuffix("'s")
