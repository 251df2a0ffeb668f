"""Serving the page: on this machine only, on a port that is free, ended without a trace."""

from __future__ import annotations

import re
import signal
import socket
import subprocess
from collections.abc import Callable, Iterator
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import pytest

from corpus.errors import BadSetting
from ui import serving

Spawn = Callable[..., subprocess.Popen[str]]


@pytest.fixture
def taken() -> Iterator[int]:
    """A port that somebody else listens on."""
    with socket.socket() as held:
        held.bind((serving.HOST, 0))
        held.listen()
        yield held.getsockname()[1]


def test_a_taken_port_is_passed_over_unless_it_was_asked_for(taken: int) -> None:
    assert serving.choose_port(None, taken) > taken
    with pytest.raises(BadSetting, match="in use"):
        serving.choose_port(taken, 8501)


def test_asking_for_a_taken_port_is_refused(call: Any, empty_home: Path, taken: int) -> None:
    said = call(empty_home, "ui", "--port", str(taken))
    assert said.code == 2
    assert f"port {taken} is in use" in said.err


@pytest.mark.parametrize("end", [signal.SIGINT, signal.SIGTERM])
def test_the_page_answers_here_only_and_ends_with_its_command(
    spawn: Spawn, empty_home: Path, end: signal.Signals
) -> None:
    process = spawn("--home", str(empty_home), "ui")
    assert process.stdout
    told = re.search(r"http://127\.0\.0\.1:(\d+)", process.stdout.readline())
    assert told
    port = int(told.group(1))
    assert _status(port) == 101
    assert _status(port, host="evil.example") == 403
    assert _status(port, origin="http://evil.example") == 403
    asked = HTTPConnection(serving.HOST, port, timeout=30)
    asked.request("GET", "/search?q=a%26b")  # Search stands at the root
    answer = asked.getresponse()
    asked.close()
    assert (answer.status, answer.getheader("location")) == (307, "/?q=a%26b")
    process.send_signal(end)
    process.communicate(timeout=60)
    assert process.returncode == 0
    with pytest.raises(OSError, match="refused"):
        socket.create_connection((serving.HOST, port), timeout=5)


def _status(port: int, host: str = serving.HOST, origin: str = "") -> int:
    """What a browser is answered that asks for the page's stream, by which all data comes."""
    asking = HTTPConnection(serving.HOST, port, timeout=10)
    headers = {
        "Host": host,
        "Origin": origin or f"http://{host}:{port}",
        "Connection": "Upgrade",
        "Upgrade": "websocket",
        "Sec-WebSocket-Version": "13",
        "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
    }
    asking.request("GET", "/_stcore/stream", headers=headers)
    status = asking.getresponse().status
    asking.close()
    return status
