"""The writer that asks a model of Ollama in Ollama's own language.

Ollama also speaks as OpenAI's servers do, and `llama_index` asks it so; but under that address it
holds no more than its default (4,096 tokens as a rule) and cuts what is longer without a word.
Here every request says how much is to be held, `llm.context_tokens`, and that a reply is JSON.
"""

from __future__ import annotations

from synth.client import Limits, Means, Said, Server
from synth.composing import Composer, did_not
from synth.wire import Json, Wire, count_of, garbled, named, tokens_of

ADDRESS = "http://127.0.0.1:11434"
"""Where Ollama listens if nobody told it otherwise."""


class Ollama:
    """Carries prompts to `/api/chat` (github.com/ollama/ollama, `docs/api.md`)."""

    def __init__(self, server: Server, limits: Limits) -> None:
        self.model = server.model
        base = named(server, "ollama", address=ADDRESS).removesuffix("/v1")
        self.place = f"{base}/api/chat"
        self._options = {"temperature": server.temperature, "num_ctx": limits.context_tokens}
        headers = {"authorization": f"Bearer {server.key}"} if server.key else {}
        self._wire = Wire(server, self.place, headers)

    def count(self, text: str) -> int:
        """A token for every three bytes."""
        return tokens_of(text)

    def send(self, instructions: str, material: str, *, most_tokens: int) -> Said:
        """The reply to one request, with the counts that Ollama gives."""
        body = {
            "model": self.model,
            "messages": [
                {"role": "system", "content": instructions},
                {"role": "user", "content": material},
            ],
            "stream": False,
            "format": "json",
            "options": {**self._options, "num_predict": most_tokens},
        }
        return self._said(self._wire.post(body))

    def _said(self, value: Json) -> Said:
        message = value.get("message")
        text = message.get("content") if isinstance(message, dict) else None
        if not isinstance(text, str):
            raise garbled(self.place)
        return Said(
            text=text,
            prompt_tokens=count_of(value.get("prompt_eval_count")),
            reply_tokens=count_of(value.get("eval_count")),
        )


def _open(means: Means) -> Composer:
    """The writer at the configured server; nothing is sent before it is asked something."""
    client = Ollama(means.server, means.limits)
    return Composer("ollama", client, means, did_not=did_not(means))


WRITER = _open
