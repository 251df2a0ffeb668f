"""Steelman: put the other side as strongly as its own words do."""

from __future__ import annotations

import re

from synth.cues import Kind
from synth.mining import Mined
from synth.phrasing import about, cut, is_clause, sentence, statement, titled

PROMPT = """\
Move: steelman the other side. Take an objection or a rival view from the sentences and put it as
strongly as its own words allow, with what it would have us do instead.
"""

_VOICED = tuple(
    (re.compile(rf"\b{pattern}(?= )", re.IGNORECASE), head)
    for pattern, head in (
        (
            (
                r"(?:objection|counter-?argument|criticism|critique|rebuttal|concern)s?"
                r"(?: (?:to|against|of|here) [\w' -]{3,60}?)?,? (?:is|was|would be|runs|goes) that"
            ),
            "Make the strongest case that",
        ),
        (
            (
                r"(?:researchers|people|critics|s[ck]eptics|others|some|many) (?:\w+ ){0,3}"
                r"(?:thinks?|believes?|says?|maintains?) that"
            ),
            "Make the strongest case that",
        ),
        (r"one (?:might|may|could) (?:think|say) that", "Make the strongest case that"),
        (
            (
                r"(?<!\bI )(?<!\bi )(?<!\bwe )(?:argue|object|worr(?:y|ie)|warn|complain"
                r"|counter|replie|suspect|claim|doubt)"
                r"(?:s|ed|d)? that"
            ),
            "Make the strongest case that",
        ),
        (
            (
                r"(?:(?:do not|don['’]t|am not|['’]m not|are not) (?:\w+ )?"
                r"(?:believe|buy|think|convinced|persuaded)"
                r"|(?:skeptical|sceptical|doubtful|unconvinced|disagrees?)) that"
            ),
            "Make the strongest case against the view that",
        ),
        (
            r"disagrees?(?: [^:.;,]{0,60})?(?:, (?:holding|on the ground) that|:)",
            "Make the strongest case that",
        ),
        (
            r"(?:do not|don['’]t) (?:\w+ )?(?:believe|buy)(?= the\b)",
            "Make the strongest case against",
        ),
        (
            r"(?:argu(?:es?|ed|ing|ments?)|case|reasons?) against",
            "Make the strongest case against",
        ),
        (
            r"(?:skeptical|sceptical|doubtful|unconvinced) (?:of|about)",
            "Make the strongest case against",
        ),
    )
)
"""How a sentence introduces what somebody objects to, and what becomes of what follows."""
_SAYS = re.compile(r", (?:they|he|she|it) (?:says?|holds?|thinks?|claims?),")
_FAULTED = re.compile(
    r"(.+?) (?:(?:is|are|was|were|seems?|looks?) (?:\w+ly |often |also |too )*(?:wrong|mistaken"
    r"|implausible|misguided|misleading|flawed|unconvincing|overstated|overblown|unjustified"
    r"|naive|optimistic|pessimistic)"
    r"|(?:is|are|appears? to be|seems? to be) (?:at odds|in tension) with|overstates?|overclaims?"
    r"|underestimates?|overestimates?"
    r"|ignores?|overlooks?|neglects?|contradicts?|undermines?|calls? into question"
    r"|casts? (?:\w+ )?doubt on)\b(?! \w+ (?:of|for|in)\b)",
    re.IGNORECASE,
)


class Steelman:
    """An objection that somebody raised becomes something to answer in full."""

    label = "Steelman the other side"
    prompt = PROMPT
    seeks: tuple[Kind, ...] = ("objection",)
    beside: tuple[Kind, ...] = ("objection", "crux", "limitation")
    beyond: tuple[Kind, ...] = ("objection", "limitation", "finding")
    insists = False
    far = False
    needs_model = False

    def title(self, span: Mined) -> str | None:
        """`Make the strongest case that …`, or against what an author argues against.

        `None` where the sentence does not say what the other side holds.
        """
        said = sentence(span)
        for pattern, head in _VOICED:
            match = pattern.search(said)
            if match:
                view = cut(_SAYS.sub("", said[match.end() :]))
                stated = head.endswith("against") or is_clause(view, "that")
                return titled(head, view) if stated else None
        said = statement(span)
        match = _FAULTED.match(said)
        return titled("Make the strongest case that", said) if match and about(match[1]) else None


MOVE = Steelman()
