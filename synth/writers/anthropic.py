"""The writer that asks a model of Anthropic's, or of a server that speaks as theirs does."""

from __future__ import annotations

from synth.client import Means, Said, Server, Unanswered
from synth.composing import Composer, did_not
from synth.wire import Json, Wire, count_of, garbled, named, tokens_of

ADDRESS = "https://api.anthropic.com"
VERSION = "2023-06-01"
"""The version of the interface that is spoken, as the header `anthropic-version` names it."""


class AnthropicMessages:
    """Carries prompts to `/v1/messages` (docs.anthropic.com, “Messages”).

    `llm.temperature` stays here: the newer models answer 400 to whoever sends one.
    """

    def __init__(self, server: Server) -> None:
        self.model = server.model
        base = named(server, "anthropic", address=ADDRESS).removesuffix("/v1")
        self.place = f"{base}/v1/messages"
        key = {"x-api-key": server.key} if server.key else {}
        self._wire = Wire(server, self.place, {"anthropic-version": VERSION, **key})

    def count(self, text: str) -> int:
        """A token for every three bytes."""
        return tokens_of(text)

    def send(self, instructions: str, material: str, *, most_tokens: int) -> Said:
        """The reply to one request: its text, without what the model thought before."""
        body = {
            "model": self.model,
            "max_tokens": most_tokens,
            "system": instructions,
            "messages": [{"role": "user", "content": material}],
        }
        return self._said(self._wire.post(body))

    def _said(self, value: Json) -> Said:
        if value.get("stop_reason") == "refusal":
            raise Unanswered(
                f"{self.model} declined to answer", "another model, or another question",
                charged=True,
            )  # fmt: skip
        blocks = value.get("content")
        texts = [
            block["text"]
            for block in (blocks if isinstance(blocks, list) else [])
            if isinstance(block, dict) and isinstance(block.get("text"), str)
        ]
        if not texts:
            raise garbled(self.place)
        used = value.get("usage")
        counted: Json = used if isinstance(used, dict) else {}
        return Said(
            text="".join(texts),
            prompt_tokens=count_of(counted.get("input_tokens")),
            reply_tokens=count_of(counted.get("output_tokens")),
        )


def _open(means: Means) -> Composer:
    """The writer at the configured server; nothing is sent before it is asked something."""
    return Composer("anthropic", AnthropicMessages(means.server), means, did_not=did_not(means))


WRITER = _open
