"""The wire: how a request leaves for a model server, and what may come back of it.

Few headers go out. An answer is bounded in size and in the time that it takes in all. Whatever
goes wrong is one error, which says whether the same question may be put again.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TypeAlias

import httpx

from corpus.errors import BadSetting
from synth.client import Server, Unanswered
from synth.fence import unbroken, without_key

Json: TypeAlias = dict[str, object]

LARGEST_BYTES = 4_000_000
"""A longer answer of a server is broken off."""
SENT = frozenset(
    {"accept", "authorization", "content-length", "content-type", "host", "user-agent"}
    | {"anthropic-version", "x-api-key"}
)
"""Headers that leave; the others tell of this machine and of the account."""
RECEIVED = frozenset({"content-type", "retry-after"})
"""Headers of an answer that are read; no encoding, so that a small answer stays small."""
AGAIN = frozenset({408, 409, 425, 429})
"""Statuses, beside 500 and above, after which the same question may be answered."""
BYTES_PER_TOKEN = 3
"""Fewer than tokenizers get out of English or of anything else, so that budgets err to be safe."""


class Wire:
    """Posts JSON to one address of one server, once each time."""

    def __init__(self, server: Server, address: str, headers: Mapping[str, str]) -> None:
        self._server = server
        self._address = address
        self._headers = {"content-type": "application/json", **headers}

    def post(self, body: Json) -> Json:
        """The JSON object that came back; else `Unanswered`."""
        try:
            with client_for(self._server) as client:
                response = client.post(
                    self._address, content=json.dumps(body), headers=self._headers
                )
        except httpx.TimeoutException:
            raise silence(self._server, self._address) from None
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise unreached(self._address, error) from None
        if response.status_code != httpx.codes.OK:
            raise refusal(self._server, self._address, response, said=_complaint(response))
        value = _object(response.content)
        if value is None:
            raise garbled(self._address)
        return value


def client_for(server: Server, whole: Callable[[bytes], bool] = bool) -> httpx.Client:
    """A client that keeps to the bounds.

    whole  whether the body of an answer with status 200 is one; what is none is broken off
    """
    timeout_s = server.timeout_s
    return httpx.Client(
        transport=_Bounded(timeout_s, whole), timeout=timeout_s, follow_redirects=False
    )


def named(server: Server, writer: str, *, address: str = "") -> str:
    """The server's address, `address` where none is set; an error where it or the model lacks."""
    if not (server.key.isascii() and server.key.isprintable()):
        raise BadSetting("llm.key has characters that no key has", "copy it once more")
    url = (server.url or address).rstrip("/")
    if url and server.model:
        return url
    missing = "model" if url else "url"
    raise BadSetting(
        f"the writer {writer} needs llm.{missing}, which is not set",
        "[llm] url and model in alignloom.toml; docs/settings.md shows them",
    )


def tokens_of(text: str) -> int:
    """About how many tokens a text has, rather too many than too few, without any tokenizer."""
    return len(text.encode()) // BYTES_PER_TOKEN + 1


def count_of(value: object) -> int | None:
    """A server's count where it is one."""
    return value if isinstance(value, int) and not isinstance(value, bool) else None


class _Bounded(httpx.BaseTransport):
    """Sends few headers, and breaks off an answer that is too long or takes too long in all."""

    def __init__(self, timeout_s: float, whole: Callable[[bytes], bool]) -> None:
        no_idle = httpx.Limits(max_keepalive_connections=0)  # a reply takes far longer
        self._inner = httpx.HTTPTransport(limits=no_idle)
        self._timeout_s = timeout_s
        self._whole = whole

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
        if response.status_code == httpx.codes.OK and not self._whole(body):
            raise httpx.DecodingError("no answer of a model", request=request)
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


# -- what went wrong ------------------------------------------------------------------------------


def refusal(server: Server, place: str, response: httpx.Response, *, said: str) -> Unanswered:
    """A status other than 200, in the server's own words, without the key."""
    status = response.status_code
    words = without_key(" ".join(unbroken(said).split()), server.key)[:200]
    remedy = {
        401: "the right key in ALIGNLOOM_LLM__KEY",
        403: "the right key in ALIGNLOOM_LLM__KEY",
        404: "the right llm.url and llm.model",
        429: "again later, or with smaller budgets",
    }.get(status, "again later" if status >= 500 else "the server’s own log")
    return Unanswered(
        f"{place} answered {status}: {words}",
        remedy,
        again=status in AGAIN or status >= 500,
        after_s=_retry_after(response),
    )


def silence(server: Server, place: str) -> Unanswered:
    """Nothing whole came in time."""
    return Unanswered(
        f"{place} did not answer within {server.timeout_s:g} s",
        "a greater llm.timeout_s, or a smaller model",
        again=True,
        charged=True,
    )


def unreached(place: str, error: BaseException | None) -> Unanswered:
    """The connection failed, or ended before the answer did."""
    if isinstance(error, httpx.DecodingError):
        return garbled(place)
    never_came = isinstance(error, httpx.ConnectError | httpx.UnsupportedProtocol)
    fault = "cannot be reached" if never_came else "broke off its answer"
    return Unanswered(
        f"{place} {fault}",
        "see that the server runs and that llm.url is its address",
        again=True,
        charged=not never_came,
    )


def garbled(place: str) -> Unanswered:
    """What came is no answer in the form that was asked for."""
    return Unanswered(
        f"{place} answered with something that is no answer of a model",
        "the right llm.url, and the writer that speaks this server’s language: llama_index "
        "(as OpenAI’s, mostly under /v1), ollama or anthropic",
        again=True,
        charged=True,
    )


def _object(body: bytes) -> Json | None:
    try:
        value = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


def _complaint(response: httpx.Response) -> str:
    """What a server says is wrong, in `error`, in `error.message`, or in whatever it sent."""
    error = (_object(response.content) or {}).get("error")
    if isinstance(error, dict):
        error = error.get("message")
    return error if isinstance(error, str) else response.text[:2_000]


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
