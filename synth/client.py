"""What a client is: whoever carries one prompt to one language model, once, and brings the reply.

It neither retries nor keeps anything: `synth/calling.py` does. A writer that asks a model is a
client under a name.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol

from corpus.calls import Budget, Calls
from corpus.errors import AlignloomError


class Unanswered(AlignloomError):
    """A model gave no reply: it was not reached, refused, broke off or took too long.

    again    whether the same question may be answered if it is put again
    after_s  how long the server asks to be left alone
    charged  whether it may have been worked on, and so may be charged for
    """

    def __init__(
        self,
        problem: str,
        remedy: str,
        *,
        again: bool = False,
        after_s: float | None = None,
        charged: bool = False,
    ) -> None:
        super().__init__(problem, remedy)
        self.again = again
        self.after_s = after_s
        self.charged = charged


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What a model replied, and what its server says that it took; `None`: it does not say."""

    text: str
    prompt_tokens: int | None = None
    reply_tokens: int | None = None


class Client(Protocol):
    """Carries prompts to one model."""

    model: str
    """Its name, as the server knows it."""
    place: str
    """Where it is: an address without any secret, or words."""

    def count(self, text: str) -> int:
        """How many tokens a text has, without asking anybody; near enough for a budget."""
        ...

    def send(self, instructions: str, material: str, *, most_tokens: int) -> Said:
        """The model's reply to a prompt, of at most so many tokens; else `Unanswered`.

        instructions  what to do, our own words
        material      what to do it with: fenced words of others
        """
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """Where a model is, and how it is to be asked."""

    url: str = ""
    """The address under which `/chat/completions` is, e.g. `http://127.0.0.1:11434/v1`."""
    model: str = ""
    key: str = field(default="", repr=False)
    temperature: float = 0.2
    timeout_s: float = 120.0
    """The longest that one reply may take, from the first byte sent to the last received."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What a writer may use up, and what it costs."""

    context_tokens: int = 8_192
    """Prompt and reply together: what the model can hold."""
    reply_tokens: int = 1_500
    usd_per_million_read: float = 0.0
    usd_per_million_written: float = 0.0
    run: Budget = field(default=Budget(tokens=200_000, usd=1.0))
    """For one thing that a reader asks for."""
    day: Budget = field(default=Budget(tokens=2_000_000, usd=5.0))

    def cost(self, prompt_tokens: int, reply_tokens: int) -> float:
        """US dollars for so many tokens."""
        read = prompt_tokens * self.usd_per_million_read
        return (read + reply_tokens * self.usd_per_million_written) / 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Means:
    """What a writer is given to work with; one without a model needs none of it."""

    server: Server = Server()
    limits: Limits = Limits()
    ledger: Calls | None = None
    checks: bool = False
    """Whether claims are put to the model again, in a fresh context, beside their quotes."""
    script: str = "honest"
    """How the scripted model behaves."""
    planning: bool = False
    """Whether calls are only counted, and none is made."""
