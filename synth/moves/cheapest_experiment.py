"""Cheapest experiment: run a test that somebody proposed."""

from __future__ import annotations

import re

from synth.cues import Kind
from synth.mining import Mined
from synth.phrasing import clause, lead, titled

PROMPT = """\
Move: the cheapest experiment. Suggest experiments that would tell most for least: each tests one
thing that a sentence claims, proposes or leaves open, says what is varied and what is measured,
and which result would speak against it. Prefer what one person can run in a week.
"""

_DOING = (
    "test", "measure", "compare", "replicate", "ablate", "quantify", "benchmark", "randomise",
    "randomize", "check", "run", "train", "fine-tune", "finetune", "build", "collect", "take",
    "ask", "give", "let", "have", "seed", "plant", "look", "see", "try", "score", "vary", "study",
    "evaluate", "examine", "investigate", "search", "set up", "pre-register", "construct", "probe",
)  # fmt: skip
_TELLING = (
    "test", "measure", "compare", "replicate", "ablate", "quantify", "benchmark", "check",
    "see whether", "see if", "see how",
)  # fmt: skip
"""What says by itself that something is to be found out."""
_AIM = re.compile(
    r"\b(?:whether|to (?:see|test|check|measure|find out|tell|learn|determine|compare)"
    r"|and (?:then )?"
    r"(?:see|check|compare|measure|test)|against|with and without|how (?:much|often|many|well)"
    r"|without|control)\b",
    re.IGNORECASE,
)
_PROPOSED = re.compile(r"\b(?:experiment|trial|comparison|test|study|ablation)s?\b", re.IGNORECASE)


class CheapestExperiment:
    """A proposed test becomes something to run."""

    label = "Cheapest experiment"
    prompt = PROMPT
    seeks: tuple[Kind, ...] = ("experiment",)
    beside: tuple[Kind, ...] = ("crux", "open question", "assumption")
    beyond: tuple[Kind, ...] = ("finding", "experiment")
    insists = False
    far = False
    needs_model = False

    def title(self, span: Mined) -> str | None:
        """`Run the test: compare …`; `None` where the sentence does not say what to do and see."""
        doing = clause(span)
        first = doing.casefold().startswith
        if not lead(span) or not any(first(f"{word} ") for word in _DOING):
            return None
        tells = any(first(f"{word} ") for word in _TELLING) or _AIM.search(span.gist)
        proposed = _PROPOSED.search(lead(span))
        return titled("Run the test:", doing) if tells or proposed else None


MOVE = CheapestExperiment()
