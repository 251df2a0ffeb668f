"""The writer that asks a model: any server that speaks as OpenAI's does, hosted or one's own.

The client is llama-index's; of it only the message types and the one call are used. Its retries,
its citations and its structured output are left alone (they multiply requests, check nothing, and
lose the count of tokens), and its requests go through a transport that bounds time and size.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import cached_property

import httpx
import openai
from llama_index.core.base.llms.types import ChatMessage, ChatResponse, MessageRole
from llama_index.core.utils import get_tokenizer
from llama_index.llms.openai_like import OpenAILike

from corpus.errors import BadSetting
from synth.client import Means, Said, Server, Unanswered
from synth.composing import Composer
from synth.fence import without_key

LARGEST_BYTES = 4_000_000
"""A longer answer of a server is broken off."""
NO_KEY = "none"
"""Sent where no key is set; else the client would look for somebody's in the environment."""
SENT = {"accept", "authorization", "content-length", "content-type", "host", "user-agent"}
"""Headers that leave; the others tell of this machine and of the account."""
RECEIVED = {"content-type", "retry-after"}
"""Headers of an answer that are read; no encoding, so that a small answer stays small."""
AGAIN = {408, 409, 425, 429}
"""Statuses, beside 500 and above, after which the same question may be answered."""


class OpenAICompatible:
    """Carries prompts to one server, one request each."""

    def __init__(self, server: Server) -> None:
        if not (server.url and server.model):
            missing = "url" if not server.url else "model"
            raise BadSetting(
                f"the writer llama_index needs llm.{missing}, which is not set",
                "[llm] url and model in alignloom.toml; docs/settings.md shows them",
            )
        self.server = server
        self.model = server.model
        self.place = server.url

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
            raise self._refusal(error) from None
        except openai.APITimeoutError:
            raise self._silence() from None
        except openai.APIConnectionError as error:
            garbled = isinstance(error.__cause__, httpx.DecodingError)
            raise (self._garbled() if garbled else self._unreached(error)) from None
        except (openai.OpenAIError, ValueError, TypeError, AttributeError, LookupError):
            raise self._garbled() from None  # the client takes for granted what servers send
        return _said(response)

    @cached_property
    def _tokenizer(self) -> Callable[[str], list[int]]:
        return get_tokenizer()

    @cached_property
    def _llm(self) -> OpenAILike:
        timeout_s = self.server.timeout_s
        return OpenAILike(
            model=self.server.model,
            api_base=self.server.url,
            api_key=self.server.key or NO_KEY,
            temperature=self.server.temperature,
            timeout=timeout_s,
            max_retries=0,
            is_chat_model=True,
            http_client=httpx.Client(
                transport=_Bounded(timeout_s), timeout=timeout_s, follow_redirects=False
            ),
        )

    def _refusal(self, error: openai.APIStatusError) -> Unanswered:
        status = error.status_code
        said = without_key(" ".join(str(error.message).split()), self.server.key)[:200]
        remedy = {
            401: "the right key in ALIGNLOOM_LLM__KEY",
            403: "the right key in ALIGNLOOM_LLM__KEY",
            404: "the right llm.url, which mostly ends in /v1, and llm.model",
            429: "again later, or with smaller budgets",
        }.get(status, "again later" if status >= 500 else "the server’s own log")
        return Unanswered(
            f"{self.place} answered {status}: {said}",
            remedy,
            again=status in AGAIN or status >= 500,
            after_s=_retry_after(error.response),
        )

    def _silence(self) -> Unanswered:
        return Unanswered(
            f"{self.place} did not answer within {self.server.timeout_s:g} s",
            "a greater llm.timeout_s, or a smaller model",
            again=True,
            charged=True,
        )

    def _unreached(self, error: openai.APIConnectionError) -> Unanswered:
        never_came = isinstance(error.__cause__, httpx.ConnectError | httpx.UnsupportedProtocol)
        fault = "cannot be reached" if never_came else "broke off its answer"
        return Unanswered(
            f"{self.place} {fault}",
            "see that the server runs and that llm.url is its address",
            again=True,
            charged=not never_came,
        )

    def _garbled(self) -> Unanswered:
        return Unanswered(
            f"{self.place} answered with something that is no chat completion",
            "an llm.url that speaks as OpenAI’s does; it mostly ends in /v1",
            again=True,
            charged=True,
        )


class _Bounded(httpx.BaseTransport):
    """Sends few headers, and breaks off an answer that is too long or takes too long in all."""

    def __init__(self, timeout_s: float) -> None:
        no_idle = httpx.Limits(max_keepalive_connections=0)  # a reply takes far longer
        self._inner = httpx.HTTPTransport(limits=no_idle)
        self._timeout_s = timeout_s

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        for name in [name for name in request.headers if name.lower() not in SENT]:
            del request.headers[name]
        request.headers["accept-encoding"] = "identity"
        until = time.monotonic() + self._timeout_s
        response = self._inner.handle_request(request)
        try:
            body = b"".join(self._pieces(response, request, until))
        finally:
            response.close()
        if response.status_code == httpx.codes.OK:
            _check_completion(body, request)
        kept = [(name, value) for name, value in response.headers.items() if name in RECEIVED]
        return httpx.Response(response.status_code, headers=kept, content=body, request=request)

    def _pieces(
        self, response: httpx.Response, request: httpx.Request, until: float
    ) -> Iterator[bytes]:
        size = 0
        for piece in response.iter_raw():
            size += len(piece)
            if size > LARGEST_BYTES:
                raise httpx.RemoteProtocolError("the answer is too long", request=request)
            if time.monotonic() > until:
                raise httpx.ReadTimeout("the answer takes too long", request=request)
            yield piece

    def close(self) -> None:
        self._inner.close()


def _check_completion(body: bytes, request: httpx.Request) -> None:
    """Break off what the client would only stumble over."""
    try:
        value = json.loads(body)
        text = value["choices"][0]["message"]["content"]
    except (ValueError, LookupError, TypeError, RecursionError):
        text = None
    if not isinstance(text, str):
        raise httpx.DecodingError("no chat completion", request=request)


def _said(response: ChatResponse) -> Said:
    used = response.additional_kwargs
    return Said(
        text=response.message.content or "",
        prompt_tokens=_whole(used.get("prompt_tokens")),
        reply_tokens=_whole(used.get("completion_tokens")),
    )


def _whole(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _retry_after(response: httpx.Response) -> float | None:
    """Seconds that the server asks to be left alone, however it writes them."""
    written = response.headers.get("retry-after", "").strip()
    if written.isascii() and written.isdigit():
        return float(written[:9])
    try:
        moment = parsedate_to_datetime(written)
    except ValueError:
        return None
    zoned = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return max(0.0, (zoned - datetime.now(UTC)).total_seconds())


def _open(means: Means) -> Composer:
    """The writer at the configured server; nothing is sent before it is asked something."""
    checked = (
        f"{means.server.model} was asked for a verdict on each; such verdicts are often wrong."
        if means.checks
        else "nobody checked that they follow from their quotes."
    )
    return Composer(
        "llama_index",
        OpenAICompatible(means.server),
        means,
        did_not="Claims are in a model’s words; quotes were copied and verified by code; "
        + checked,
    )


WRITER = _open
