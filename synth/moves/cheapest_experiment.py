"""Cheapest experiment: run a test that somebody proposed."""

from __future__ import annotations

from synth.cues import Kind
from synth.mining import Mined
from synth.move import clause, headed, led_by, quoted

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
        """`Run it: test whether …` where the proposal is an action, else its words quoted."""
        if led_by(span, _DOING):
            return headed("Run it:", clause(span))
        return quoted("Run the test that is proposed:", span)


MOVE = CheapestExperiment()
