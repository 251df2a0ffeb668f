"""The wordings that flaws are planted in: what stands there, and what is put in its place.

Each swap was chosen so that the sentence stays a sentence, read on transcripts, posts and
abstracts; where a wording is too often an idiom, it is left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Swap:
    """A wording, and those that may stand in its place, which may name its groups."""

    pattern: re.Pattern[str]
    after: tuple[str, ...]


def _swaps(table: str, **lists: str) -> tuple[Swap, ...]:
    """Swaps of a table of rows `pattern => one | other`, at word borders, in either case."""

    def rows() -> Iterator[Swap]:
        for row in filter(None, map(str.strip, table.splitlines())):
            before, _, after = row.partition(" => ")
            for name, words in lists.items():
                before = before.replace(name, words)
            ways = tuple("" if way == "-" else way for way in after.split(" | "))
            yield Swap(re.compile(rf"(?<![\w'’-])(?:{before})(?![\w'’-])", re.IGNORECASE), ways)

    return tuple(rows())


_SPELLED = "two three four five six seven eight nine ten eleven twelve twenty thirty fifty".split()

NUMBERS = (
    *(
        Swap(
            re.compile(
                rf"(?<![\w'’-]){word}(?![\w'’-])(?! (?:third|fifth|quarter)s)", re.IGNORECASE
            ),
            tuple(other for other in _SPELLED if other != word),
        )
        for word in _SPELLED
    ),
    *_swaps("""
        (\\w+) hundred => \\1 thousand
        thousands => millions | hundreds
        millions => billions | thousands
        billions => millions
        million => billion
        billion => million
        trillion => billion
    """),
)

_PLAIN = (
    r"(?! (?:not|no|never|nothing|none|neither|nobody|only|just|also|even|still|already|always"
    r"|often|well|yet|to|of|in|on|at|for|by|with|from|as|than|and|or|but|if|that|what|how|why"
    r"|when|where|who|which|whether|because|like|about|i|you|we|they|he|she|it|there|this"
    r"|actually|really|probably|maybe|kind|sort|going|gonna|definitely|certainly|then|now|"
    r"all|both|either|hardly|rarely|any)\b)(?= [a-z]{2,})"
)
"""What follows is a word that may be denied: no particle, adverb or pronoun."""
_KEPT = (
    r"(?! (?:only|just|merely|simply|to mention|least|necessarily|always|all|yet|a lot))(?= [a-z])"
)
"""What follows a `not` that denies what it says, and is no part of a way of speaking."""
_BEEN = (
    r"(?= (?:been|become|shown|found|made|seen|done|proven|proved|proposed|given|taken|led|gone"
    r"|come|begun|grown|emerged|argued|used|had|[a-z]{3,}ed)\b)"
)

DENIED = _swaps(
    r"""
    (is|are|was|were)<plain> => \1 not
    (will|would|should|could|must|might)<plain> => \1 not
    (?<!tin )(?<!a )(?<!this )can<plain> => cannot
    (has|have|had)<been> => \1 not
    (<aux>|will|must|might|may) not<kept> => \1
    cannot(?! help)(?! but)<kept> => can
    can['’]t(?! help)<kept> => can
    won['’]t<kept> => will
    (<aux>)n['’]t<kept> => \1
    (has|have|had) never => \1
    unable to => able to
    able to => unable to
    (?:fails|failed) to => manages to
    fail to => manage to
    (?<!with or )(?<!with and )(?<!and )without(?! \w+ing\b)(?! \w+ly \w+ing) => with
    nobody => everybody
    no one => everyone
    (there (?:is|was|are|were)) no<thing> => \1
    (is|are|was|were|seems?|appears?) likely(?= (?:to|that)\b) => \1 unlikely
    (is|are|was|were|seems?|appears?) unlikely(?= (?:to|that)\b) => \1 likely
    impossible => possible
    (?<!as soon as )(?<!as much as )(?<!if )(?<!where )(?<!when )possible to => impossible to
    """.replace("<plain>", _PLAIN)
    .replace("<been>", _BEEN)
    .replace("<aux>", "is|are|was|were|would|should|could|do|does|did|has|have|had")
    .replace("<kept>", _KEPT)
    .replace("<thing>", r"(?! (?:doubt|one|longer|matter|way around|need))(?= [a-z]+s?\b)")
)  # fmt: skip
"""A `not` put in or taken out, or a word for its contrary."""

HEDGES = _swaps(r"""
    (?:may|might|could)(?= (?:be|have|also|not|well|lead|cause|help|make|allow|fail)\b) => will
    (?:may|might|could)(?= (?:learn|become|need|want|turn|lie|give|take|get|find)\b) => will
    (?:suggests?) that => proves that
    suggesting that => proving that
    suggested that => proved that
    seems? to be => is known to be
    appears? to be => is known to be
    (is|are|was|were) (?:quite |very |more |most )?likely to => \1 certain to
    (?<!most )(?<!more )(?<!very )probably => certainly
    possibly => certainly
    perhaps => certainly
    (?:sometimes|often|usually|typically|generally|frequently) => always
    in some cases => in every case
    tends to => always manages to
    some evidence => conclusive evidence
    preliminary evidence => conclusive evidence
    (?:partially|partly) => completely
""")
"""A hedge that becomes a certainty."""

_PART = r"(?<!been )(?<!are )(?<!is )(?<!were )(?<!was )(?<!exist )(?<!exists )(?<!the )(?<!a )"
"""What stands before makes no statement of how many there are."""
_BARE = (
    r"(?<!some )(?<!many )(?<!few )(?<!most )(?<!other )(?<!all )(?<!the )(?<!these )(?<!those )"
    r"(?<!our )(?<!their )(?<!its )(?<!more )(?<!very )(?<!a )(?<!two )(?<!three )(?<!any )"
)
"""What stands before is no word that says which or how many."""

SCOPES = _swaps(
    r"""
    <part>some(?= (?:of the )?[a-z-]{3,}s\b) => all
    <part>many(?= (?:of the )?[a-z-]{3,}s\b) => all
    <part>most(?= (?:of the )?[a-z-]{3,}s\b) => all
    <part>several(?= [a-z-]{3,}s\b) => all
    (?<!only )a few(?= [a-z-]{3,}s\b) => all
    <bare>(?:current|existing|today['’]s)(?= [a-z-]{3,}s\b) => all possible
    <bare>(?:certain|simple|small)(?= (?:models|networks|tasks|environments)\b) => all
    <bare>(?:certain|simple|small)(?= (?:settings|games|cases|conditions)\b) => all
    in (?:this|our) setting => in every setting
    in these settings => in every setting
    in practice => in practice and in theory
    """.replace("<part>", _PART)
    .replace("<bare>", _BARE)
)  # fmt: skip
"""A part that becomes the whole."""

CAUSES = _swaps(r"""
    leads to => results from
    lead to => result from
    led to => resulted from
    leading to => resulting from
    results in => results from
    resulted in => resulted from
    resulting in => resulting from
    results from => results in
    arises from => leads to
    arise from => lead to
    causes(?= (?:the|a|an|more|less|some|[a-z]+ing|[a-z]+tion|harm|problems)\b) => is caused by
    (is|are|was|were) caused by => \1 a cause of
    depends on => determines
    depend on => determine
    (?<!just )(?<!only )(?<!not )(?<!simply )(?<!largely )(?<!is )because(?! of) => which is why
    (?<!is )(?<!are )(?<!was )(?<!were )(?<!be )(?<!, )due to => giving rise to
    gives rise to => arises from
    give rise to => arise from
    as a result of => as a cause of
    driven by => driving
""")
"""A cause and its effect, exchanged."""

_CLAUSE = r"(?:(?! - )[^,;:.()—–]){8,110}"
_AFTER = "".join(
    f"(?<! {word})"
    for word in """that wonder as even know see ask only than and or but then is what of to about
    like find out tell decide check test determine sure clear matter question care learn
    understand""".split()
)
"""What stands before an `if` is no word that an `if` completes."""
_STARTS = "If|Assuming|Provided|Suppose|Given that|As long as|Unless|Where"
_ENDS = "if|unless|provided that|assuming(?: that)?|as long as|so long as|given that"
_GOES_ON = r"(?:then )?(?=[a-z])(?!(?:but|and|or|which|who|because|as|so)\b)"

CONDITIONS = (
    re.compile(rf"^(?:{_STARTS}) {_CLAUSE}, {_GOES_ON}"),
    re.compile(rf"{_AFTER},? (?:{_ENDS}) {_CLAUSE}(?=[.!]$)"),
)
"""What a sentence says that it holds under."""
