"""The writer that asks a model: any server that speaks as OpenAI's does, hosted or one's own.

The client is llama-index's; of it only the message types and the one call are used. Its retries,
its citations and its structured output are left alone (they multiply requests, check nothing, and
lose the count of tokens), and its requests go through the transport of `synth/wire.py`.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import cached_property

import openai
from llama_index.core.base.llms.types import ChatMessage, ChatResponse, MessageRole
from llama_index.core.utils import get_tokenizer
from llama_index.llms.openai_like import OpenAILike

from synth.client import Means, Said, Server
from synth.composing import Composer, did_not
from synth.wire import client_for, count_of, garbled, named, refusal, silence, unreached

NO_KEY = "none"
"""Sent where no key is set; else the client would look for somebody's in the environment."""


class OpenAICompatible:
    """Carries prompts to one server, one request each."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.model = server.model
        self.place = named(server, "llama_index")

    def count(self, text: str) -> int:
        """Tokens by OpenAI's common tokenizer, which comes with the client; others differ."""
        return len(self._tokenizer(text))

    def send(self, instructions: str, material: str, *, most_tokens: int) -> Said:
        """The reply to one request, whose faults are told apart by whether to ask again."""
        messages = [
            ChatMessage(role=MessageRole.SYSTEM, content=instructions),
            ChatMessage(role=MessageRole.USER, content=material),
        ]
        try:
            response = self._llm.chat(messages, max_tokens=most_tokens)
        except openai.APIStatusError as error:
            said = str(error.message)
            raise refusal(self.server, self.place, error.response, said=said) from None
        except openai.APITimeoutError:
            raise silence(self.server, self.place) from None
        except openai.APIConnectionError as error:
            raise unreached(self.place, error.__cause__) from None
        except (openai.OpenAIError, ValueError, TypeError, AttributeError, LookupError):
            raise garbled(self.place) from None  # the client takes for granted what servers send
        return _said(response)

    @cached_property
    def _tokenizer(self) -> Callable[[str], list[int]]:
        return get_tokenizer()

    @cached_property
    def _llm(self) -> OpenAILike:
        return OpenAILike(
            model=self.server.model,
            api_base=self.server.url,
            api_key=self.server.key or NO_KEY,
            temperature=self.server.temperature,
            timeout=self.server.timeout_s,
            max_retries=0,
            is_chat_model=True,
            http_client=client_for(self.server, whole=_is_completion),
        )


def _is_completion(body: bytes) -> bool:
    """Whether the client would not stumble over it."""
    try:
        value = json.loads(body)
        text = value["choices"][0]["message"]["content"]
    except (ValueError, LookupError, TypeError, RecursionError):
        return False
    return isinstance(text, str)


def _said(response: ChatResponse) -> Said:
    used = response.additional_kwargs
    return Said(
        text=response.message.content or "",
        prompt_tokens=count_of(used.get("prompt_tokens")),
        reply_tokens=count_of(used.get("completion_tokens")),
    )


def _open(means: Means) -> Composer:
    """The writer at the configured server; nothing is sent before it is asked something."""
    return Composer("llama_index", OpenAICompatible(means.server), means, did_not=did_not(means))


WRITER = _open
