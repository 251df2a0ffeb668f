"""A server on loopback that speaks as OpenAI's does, honest or not, whole or broken.

Under the addresses of Ollama and of Anthropic it speaks as theirs do.
"""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from typing import Any

from synth.writers.scripted import Prompt, honest

Script = Callable[[Prompt], str]


@dataclass(frozen=True)
class Fault:
    """How one request goes wrong, before any script is asked."""

    status: int = 200
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    drops: bool = False
    """Whether the connection ends in the middle of the body."""
    drips: bool = False
    """Whether the body comes a byte at a time, and never ends."""


@dataclass(frozen=True)
class Asked:
    """One request as it came."""

    headers: Mapping[str, str]
    body: Mapping[str, Any]
    path: str = ""

    @property
    def prompt(self) -> Prompt:
        said = [message["content"] for message in self.body["messages"]]
        instructions, material = [self.body["system"], *said] if "system" in self.body else said
        return Prompt(instructions, material)


class ModelServer:
    """What the server says, and what it was asked."""

    def __init__(self, script: Script = honest) -> None:
        self.script = script
        self.faults: deque[Fault] = deque()
        self.usage: Any = {"prompt_tokens": 100, "completion_tokens": 20, "total_tokens": 120}
        self.asked: list[Asked] = []
        self.address = ""
        self.over = Event()

    def then(self, *faults: Fault) -> None:
        """Answer the next requests with these faults, one each."""
        self.faults.extend(faults)


def completion(text: Any, usage: Any = None) -> bytes:
    """A chat completion that says this."""
    choice = {
        "index": 0,
        "finish_reason": "stop",
        "message": {"role": "assistant", "content": text},
    }
    whole = {"id": "c", "object": "chat.completion", "created": 1, "model": "m"}
    return json.dumps(whole | {"choices": [choice]} | ({"usage": usage} if usage else {})).encode()


def message(text: Any, usage: Any = None) -> bytes:
    """An answer of Anthropic's that says this, after a thought."""
    thought = {"type": "thinking", "thinking": "The user wants JSON."}
    content = [thought, {"type": "text", "text": text}]
    whole: dict[str, Any] = {"type": "message", "stop_reason": "end_turn", "content": content}
    if usage:
        read, written = usage["prompt_tokens"], usage["completion_tokens"]
        whole["usage"] = {"input_tokens": read, "output_tokens": written}
    return json.dumps(whole).encode()


def chat(text: Any, usage: Any = None) -> bytes:
    """An answer of Ollama's that says this."""
    whole: dict[str, Any] = {"model": "m", "done": True, "done_reason": "stop"}
    whole["message"] = {"role": "assistant", "content": text}
    if usage:
        whole["prompt_eval_count"] = usage["prompt_tokens"]
        whole["eval_count"] = usage["completion_tokens"]
    return json.dumps(whole).encode()


SPEECHES = {"/v1/messages": message, "/api/chat": chat}
"""How the server speaks under an address; elsewhere as OpenAI's."""


@contextmanager
def serving(server: ModelServer) -> Iterator[ModelServer]:
    """Serve on a free port of loopback, under `/v1`."""

    class Answering(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def do_POST(self) -> None:
            length = int(self.headers["content-length"])
            body = json.loads(self.rfile.read(length))
            headers = {name.lower(): value for name, value in self.headers.items()}
            asked = Asked(headers, body, self.path)
            server.asked.append(asked)
            with suppress(BrokenPipeError, ConnectionResetError):
                if server.faults:
                    _fail(self, server.faults.popleft(), server.over)
                else:
                    speak = SPEECHES.get(self.path, completion)
                    _write(self, speak(server.script(asked.prompt), server.usage))

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    listening = ThreadingHTTPServer(("127.0.0.1", 0), Answering)
    listening.daemon_threads = True
    server.address = f"http://127.0.0.1:{listening.server_address[1]}/v1"
    thread = Thread(target=listening.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield server
    finally:
        server.over.set()
        listening.shutdown()
        thread.join()
        listening.server_close()


def _write(handler: BaseHTTPRequestHandler, body: bytes, fault: Fault | None = None) -> None:
    fault = fault or Fault()
    handler.send_response(fault.status)
    headers = {"content-type": "application/json", "content-length": str(len(body))}
    for name, value in (headers | dict(fault.headers)).items():
        handler.send_header(name, value)
    handler.end_headers()
    handler.wfile.write(body)


def _fail(handler: BaseHTTPRequestHandler, fault: Fault, over: Event) -> None:
    if not (fault.drops or fault.drips):
        _write(handler, fault.body, fault)
        return
    handler.send_response(200)
    handler.send_header("content-type", "application/json")
    handler.send_header("content-length", "100000")
    handler.end_headers()
    handler.wfile.write(b'{"choices": [')
    while fault.drips and not over.wait(0.02):
        handler.wfile.write(b" ")
    handler.close_connection = True
