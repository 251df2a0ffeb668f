"""Sources that need no web: a folder, and a repository that git fetches."""

from __future__ import annotations

import os
import shutil
import subprocess
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from corpus.crawls import Crawls
from corpus.shelf import Shelf
from crawler.configuration import configured
from crawler.crawl import Crawler
from crawler.local_files import AT_ONCE
from crawler.telling import SourceReport


@pytest.fixture
def crawler(crawls: Crawls, tmp_path: Path) -> Crawler:
    return Crawler(crawls=crawls, agent="Alignloom/test", folder=tmp_path / "clones")


def report_of(crawler: Crawler, kind: str, url: str) -> SourceReport:
    [report] = crawler.crawl(
        configured([{"name": "mine", "type": kind, "url": url, "pause_s": 0}])
    )
    return report


def git(*words: str, at: Path) -> None:
    named = ["-c", "user.name=Ada", "-c", "user.email=ada@example.org"]
    subprocess.run(["git", *named, *words], cwd=at, check=True, capture_output=True)


def write(folder: Path, name: str, text: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(f"# {name}\n\n{text}\n")


def commit(repository: Path, name: str, text: str) -> None:
    write(repository, name, text)
    git("add", ".", at=repository)
    git("commit", "--quiet", "-m", name, at=repository)


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    made = tmp_path / "served" / "notes"
    made.mkdir(parents=True)
    git("init", "--quiet", at=made)
    commit(made, "one.md", "The first note of a repository.")
    return made


@pytest.fixture
def fetched() -> list[str]:
    """What the server of the repository was asked for."""
    return []


@pytest.fixture
def git_server(repository: Path, fetched: list[str]) -> Iterator[str]:
    """The address of the repository on a server of its own."""

    class Answering(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            about = {
                "GIT_PROJECT_ROOT": str(repository.parent),
                "GIT_HTTP_EXPORT_ALL": "1",
                "PATH_INFO": parts.path,
                "QUERY_STRING": parts.query,
                "REQUEST_METHOD": self.command,
                "CONTENT_TYPE": self.headers.get("Content-Type", ""),
                "HTTP_GIT_PROTOCOL": self.headers.get("Git-Protocol", ""),
                "HTTP_CONTENT_ENCODING": self.headers.get("Content-Encoding", ""),
            }
            fetched.append(self.path)
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            done = subprocess.run(
                ["git", "http-backend"],
                input=body,
                env={**os.environ, **about},
                capture_output=True,
                check=True,
            )
            head, _, answer = done.stdout.partition(b"\r\n\r\n")
            lines = [line.split(": ", 1) for line in head.decode().split("\r\n")]
            status = next((value for name, value in lines if name == "Status"), "200")
            self.send_response(int(status.split()[0]))
            for name, value in lines:
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(answer)

        do_POST = do_GET  # noqa: N815 - named by the library

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answering)
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/notes/.git"
    server.shutdown()
    server.server_close()


def test_a_folder_is_read_again_on_every_crawl(
    crawler: Crawler, shelf: Shelf, tmp_path: Path
) -> None:
    write(tmp_path / "notes", "one.md", "The first note of a folder.")
    assert report_of(crawler, "folder", str(tmp_path / "notes")).counts["new"] == 1
    write(tmp_path / "notes", "two.md", "The second note of a folder.")
    report = report_of(crawler, "folder", (tmp_path / "notes").as_uri())
    assert (report.counts["new"], report.counts["unchanged"]) == (1, 1)
    assert report.is_well


def test_a_folder_that_is_not_there_is_a_failing_source(crawler: Crawler, tmp_path: Path) -> None:
    report = report_of(crawler, "folder", str(tmp_path / "nowhere"))
    assert report.state == "failing"
    assert "does not exist" in report.message


@pytest.mark.slow
def test_a_repository_is_cloned_once_and_then_brought_up_to_date(
    crawler: Crawler, shelf: Shelf, repository: Path, git_server: str
) -> None:
    assert report_of(crawler, "git", git_server).counts["new"] == 1
    commit(repository, "two.md", "The second note of a repository.")
    report = report_of(crawler, "git", git_server)
    assert report.is_well
    assert report.counts["new"] == 1
    assert len(shelf.select()) == 2


@pytest.mark.slow
def test_a_large_repository_is_fetched_once_and_read_piece_by_piece(
    crawler: Crawler, shelf: Shelf, repository: Path, git_server: str, fetched: list[str]
) -> None:
    for number in range(AT_ONCE):
        write(repository, f"n{number}.md", f"Note {number} of a repository.")
    commit(repository, "last.md", "The last note of a repository.")
    assert report_of(crawler, "git", git_server).is_well
    assert len(shelf.select()) == AT_ONCE + 2
    assert len([path for path in fetched if "/info/refs" in path]) == 1


@pytest.mark.slow
def test_a_repository_that_cannot_be_cloned_is_a_failing_source(
    crawler: Crawler, git_server: str
) -> None:
    report = report_of(crawler, "git", git_server.replace("notes", "nothing"))
    assert report.state == "failing"
    assert "cannot be cloned" in report.message


@pytest.fixture
def around(tmp_path: Path, git_server: str) -> Path:
    """The repository that the home lies in, with a change and a file that are not committed."""
    git("init", "--quiet", at=tmp_path)
    write(tmp_path, "mine.md", "As it was committed.")
    git("add", "mine.md", at=tmp_path)
    git("commit", "--quiet", "-m", "mine", at=tmp_path)
    git("remote", "add", "origin", git_server, at=tmp_path)
    write(tmp_path, "mine.md", "As it was changed.")
    write(tmp_path, "draft.md", "A draft.")
    return tmp_path


def is_untouched(around: Path) -> bool:
    changed = "As it was changed." in (around / "mine.md").read_text()
    return changed and (around / "draft.md").exists() and not (around / "one.md").exists()


@pytest.mark.slow
@pytest.mark.parametrize("is_locked", [False, True])
def test_a_clone_that_is_not_whole_is_cloned_anew_and_nothing_above_it_is_touched(
    crawler: Crawler, git_server: str, around: Path, is_locked: bool
) -> None:
    assert report_of(crawler, "git", git_server).is_well
    [clone] = (around / "clones").iterdir()
    if is_locked:
        (clone / ".git" / "index.lock").touch()
    else:
        shutil.rmtree(clone / ".git")
        (clone / ".git").mkdir()
    report = report_of(crawler, "git", git_server)
    assert is_untouched(around)
    assert report.is_well
    assert report.counts["unchanged"] == 1
    assert list((around / "clones").iterdir()) == [clone]


@pytest.mark.slow
def test_a_repository_that_the_environment_names_is_left_alone(
    crawler: Crawler, git_server: str, around: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert report_of(crawler, "git", git_server).is_well
    monkeypatch.setenv("GIT_DIR", str(around / ".git"))
    monkeypatch.setenv("GIT_WORK_TREE", str(around))
    report = report_of(crawler, "git", git_server)
    assert is_untouched(around)
    assert report.is_well
