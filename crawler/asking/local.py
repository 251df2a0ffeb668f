"""What is on this machine, or is fetched whole by git: answered with a path, not with bytes."""

from __future__ import annotations

import asyncio
import hashlib
import os
import shutil
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import url2pathname

from corpus.paths import expanded
from crawler.asking.addresses import refuse_private
from crawler.asking.fetching import Barred, Fetched, Unreached

_CLONE_S = 900.0
_CAREFUL = (
    "core.symlinks=false",
    "core.hooksPath=/dev/null",
    "protocol.allow=never",
    "protocol.https.allow=always",
    "protocol.http.allow=always",
    "http.followRedirects=false",
)


def is_local(url: str) -> bool:
    """Whether a request is for a file or a folder."""
    scheme, colon, _ = url.partition(":")
    return not colon or "/" in scheme or scheme.lower() == "file"


def answer_locally(url: str, configured: str) -> Fetched:
    """The path that a request names, where its source is configured to be just there."""
    path = _path(url)
    if path != _path(configured):
        raise Barred(f"{url} is not read: the source's own url is {configured}", "give it that")
    if not path.exists():
        raise Barred(f"{path} does not exist", "mend the source's url")
    return Fetched(url=url, status=200, headers={}, body=str(path).encode())


async def clone(url: str, folder: Path, *, agent: str, own: frozenset[tuple[str, int]]) -> Fetched:
    """The path of an up-to-date shallow clone of a repository, kept in `folder`.

    A clone that is not whole is thrown away, and the repository cloned anew.
    """
    refuse_private(url, own)
    place = _place(url, folder)
    careful = [
        word for setting in (*_CAREFUL, f"http.userAgent={agent}") for word in ("-c", setting)
    ]
    git = ["git", *careful]
    if not await _bring_up_to_date(git, place, url):
        folder.mkdir(parents=True, exist_ok=True)
        begun = place.with_suffix(".begun")
        shutil.rmtree(begun, ignore_errors=True)
        await _run([*git, "clone", "--quiet", "--depth", "1", "--", url, str(begun)], url)
        shutil.rmtree(place, ignore_errors=True)
        begun.rename(place)
    return Fetched(url=url, status=200, headers={}, body=str(place).encode())


async def _bring_up_to_date(git: list[str], place: Path, url: str) -> bool:
    """Make a clone what its repository is now; false where there is no whole clone.

    Git is told which repository is meant: left to itself, it looks for one in the folders above.
    """
    kept = place / ".git"
    if not kept.is_dir() or any(kept.rglob("*.lock")):
        return False
    here = [*git, "-C", str(place), f"--git-dir={kept}", f"--work-tree={place}"]
    try:
        await _run([*here, "rev-parse", "--quiet", "--verify", "HEAD^{commit}"], url)
    except Unreached:
        return False
    await _run([*here, "fetch", "--quiet", "--depth", "1", "--", "origin", "HEAD"], url)
    try:
        await _run([*here, "reset", "--quiet", "--hard", "FETCH_HEAD"], url)
        await _run([*here, "clean", "--quiet", "-d", "--force"], url)
    except Unreached:
        return False
    return True


def left_clone(url: str, folder: Path) -> Fetched | None:
    """The path of the clone as the last request left it, for one that goes on reading it."""
    place = _place(url, folder)
    if not (place / ".git").is_dir():
        return None
    return Fetched(url=url, status=200, headers={}, body=str(place).encode())


def _place(url: str, folder: Path) -> Path:
    return folder.absolute() / hashlib.sha256(url.encode()).hexdigest()[:16]


async def _run(command: list[str], url: str) -> None:
    """Run git, without a shell, a prompt, a repository's own programs or another's settings."""
    bare = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    try:
        process = await asyncio.create_subprocess_exec(
            *command,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.PIPE,
            env={**bare, "GIT_TERMINAL_PROMPT": "0", "LC_ALL": "C"},
        )
    except FileNotFoundError as error:
        raise Barred("git is not installed", "install git, or leave this source out") from error
    try:
        _, said = await asyncio.wait_for(process.communicate(), _CLONE_S)
    except TimeoutError as error:
        raise Unreached(f"{url} was not cloned within {_CLONE_S:g} s", "later") from error
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    if process.returncode:
        words = " ".join(said.decode(errors="replace").split())[-300:]
        raise Unreached(f"{url} cannot be cloned: {words}", "later")


def _path(url: str) -> Path:
    parts = urlsplit(url)
    named = url2pathname(parts.path) if parts.scheme == "file" else url
    return expanded(named).absolute()
