"""Serving the web page: one process of the page's framework, on this machine only."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from types import FrameType

from corpus.errors import AlignloomError, BadSetting

HOST = "127.0.0.1"
READY_S = 60.0
"""How long the server may take to answer; on a cold disk its libraries take many seconds."""

_PAPER, _INK = "#fbfaf6", "#26292b"
_NIGHT, _CHALK = "#16191b", "#dcd9d2"
OPTIONS = {
    "server.address": HOST,
    "server.headless": "true",
    "server.enableXsrfProtection": "true",
    "server.enableCORS": "true",
    "server.enableStaticServing": "false",
    "server.fileWatcherType": "none",
    "server.runOnSave": "false",
    "server.showEmailPrompt": "false",
    "server.baseUrlPath": "",
    "browser.serverAddress": HOST,
    "browser.gatherUsageStats": "false",
    "client.toolbarMode": "minimal",
    "client.showErrorDetails": "none",
    "client.showErrorLinks": "false",
    "theme.headingFont": "serif",
    "theme.baseRadius": "0.45rem",
    "theme.light.primaryColor": "#1d6b64",
    "theme.light.backgroundColor": _PAPER,
    "theme.light.secondaryBackgroundColor": "#f1eee6",
    "theme.light.textColor": _INK,
    "theme.light.linkColor": "#1d6b64",
    "theme.light.borderColor": "#e3dfd6",
    "theme.dark.primaryColor": "#348a7d",
    "theme.dark.backgroundColor": _NIGHT,
    "theme.dark.secondaryBackgroundColor": "#1f2326",
    "theme.dark.textColor": _CHALK,
    "theme.dark.linkColor": "#82c7bc",
    "theme.dark.borderColor": "#35383a",
}
"""What the framework is told; command line options win over any settings file of the user's."""

HOSTS = (HOST, "localhost")
"""Names by which a browser may ask; any other is refused, against rebinding of names."""


def choose_port(asked: int | None, preferred: int) -> int:
    """The asked port, or an error if it is taken; else the preferred one or the next free."""
    if asked is not None:
        if not _is_free(asked):
            raise BadSetting(
                f"port {asked} is in use", "another --port, or none to take the next free one"
            )
        return asked
    for port in range(preferred, min(preferred + 100, 65536)):
        if _is_free(port):
            return port
    raise BadSetting(f"no free port from {preferred} on", "name one with --port")


@contextmanager
def served(home: Path, port: int) -> Iterator[subprocess.Popen[bytes]]:
    """Serve the page of a home, ready to answer; the server ends when the block does.

    What it has to say goes to `<home>/page.log`.
    """
    home.mkdir(parents=True, exist_ok=True)
    log = home / "page.log"
    with log.open("wb") as out:
        process = subprocess.Popen(  # noqa: S603 - this Python, and options of our own
            _command(port), cwd=home, env=environment(home), stdout=out, stderr=out
        )
    previous = signal.signal(signal.SIGTERM, _interrupt)
    try:
        _wait_until_ready(process, port, log)
        yield process
    finally:
        signal.signal(signal.SIGTERM, previous)
        process.terminate()
        try:
            process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def address(port: int) -> str:
    """Where the page is."""
    return f"http://{HOST}:{port}"


def _command(port: int) -> list[str]:
    page = str(Path(__file__).with_name("web.py"))
    options = {**OPTIONS, "server.port": str(port)}
    flags = [f"--{name}={value}" for name, value in options.items()]
    flags += [f"--server.allowedHosts={name}" for name in HOSTS]
    return [sys.executable, "-m", "streamlit", "run", page, *flags]


def environment(home: Path) -> dict[str, str]:
    """A child process's environment: the home, and where this code is, installed or not."""
    code = str(Path(__file__).parent.parent)
    path = os.pathsep.join(filter(None, (code, os.environ.get("PYTHONPATH", ""))))
    return {**os.environ, "ALIGNLOOM_HOME": str(home), "PYTHONPATH": path}


def _wait_until_ready(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    until = time.monotonic() + READY_S
    while time.monotonic() < until:
        if process.poll() is not None:
            raise AlignloomError(
                f"the page's server ended with code {process.returncode}", str(log)
            )
        if _answers(port):
            return
        time.sleep(0.1)
    raise AlignloomError(f"the page's server did not answer in {READY_S:.0f} s", f"look in {log}")


def _answers(port: int) -> bool:
    asking = HTTPConnection(HOST, port, timeout=2)
    try:
        asking.request("GET", "/_stcore/health")
        return asking.getresponse().status == HTTPStatus.OK
    except (OSError, HTTPException):
        return False
    finally:
        asking.close()


def _is_free(port: int) -> bool:
    with socket.socket() as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind((HOST, port))
        except OSError:
            return False
    return True


def _interrupt(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt
