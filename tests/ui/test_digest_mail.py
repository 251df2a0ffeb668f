"""The digest by mail: taken by a real server once, whatever happens in between."""

from __future__ import annotations

import json
import os
import signal
import socket
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import html5lib
import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from filelock import FileLock

from corpus.errors import BadSetting
from corpus.mails import claim_mail
from corpus.model import Document, Version
from corpus.shelf import Shelf
from corpus.store import open_store
from ui.feedback import read_token, token
from ui.settings import MailSettings

WEEK = ("--week", "2026-W46")


class Box:
    """A server's letter box."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.answer = "250 taken"
        self.farewell = "221 bye"
        self.any_letters = True

    async def handle_EHLO(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, name: str, offers: list[str]
    ) -> list[str]:
        session.host_name = name
        return [each for each in offers if self.any_letters or "SMTPUTF8" not in each]

    async def handle_QUIT(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        return self.farewell

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        if self.answer.startswith("250"):
            read = message_from_bytes(envelope.content or b"", policy=policy.default)
            assert isinstance(read, EmailMessage)
            self.mails.append(read)
        return self.answer


@pytest.fixture
def box() -> Iterator[tuple[Box, int]]:
    """A letter box, and the port of the server before it."""
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        port = trial.getsockname()[1]
    letters = Box()
    server = Controller(letters, hostname="127.0.0.1", port=port)
    server.start()
    yield letters, port
    server.stop()


def settings(home: Path, port: int) -> None:
    (home / "alignloom.toml").write_text(
        f"""
[mail]
host = "127.0.0.1"
port = {port}
security = "none"
sender = "alignloom@example.org"
to = "ada@example.org"
[[profile]]
name = "grace"
to = "grace@example.org"
interest = "planted flaws"
"""
    )


def put_note(home: Path, day: date) -> None:
    """Shelve a note that was published on a day."""
    doc_id = "web:a.example/n"
    note = Document(doc_id=doc_id, source="a", kind="note", title="N", published=day.isoformat())
    store = open_store(home / "alignloom.db")
    Shelf(store).put([(note, Version(doc_id=doc_id, text="It says a thing or two."))])
    store.close()


def test_a_digest_is_mailed_once_to_each_reader(
    call: Any, full_home: Path, box: tuple[Box, int]
) -> None:
    letters, port = box
    settings(full_home, port)
    for _ in range(2):
        assert call(full_home, "digest", *WEEK, "--mail").code == 0
    assert call(full_home, "digest", *WEEK, "--mail", "--profile", "grace").code == 0
    assert [mail["To"] for mail in letters.mails] == ["ada@example.org", "grace@example.org"]
    [mail, _] = letters.mails
    assert mail["List-Unsubscribe"].startswith("<mailto:")
    assert len({each["Message-ID"] for each in letters.mails}) == 2
    parts = {part.get_content_type(): part.get_content() for part in mail.iter_parts()}
    assert "# Digest 2026-W46" in parts["text/plain"]
    html5lib.HTMLParser(strict=True).parse(parts["text/html"])
    assert "/digest?mark=" in parts["text/html"]
    assert call(full_home, "digest", *WEEK, "--mail", "--again").code == 0
    assert len(letters.mails) == 3


def test_a_mail_that_the_server_refused_is_sent_by_the_next_run(
    call: Any, full_home: Path, box: tuple[Box, int]
) -> None:
    letters, port = box
    settings(full_home, port)
    letters.answer = "451 come again later"
    refused = call(full_home, "digest", *WEEK, "--mail")
    assert refused.code == 2
    assert "come again later" in refused.err
    letters.answer = "250 taken"
    assert call(full_home, "digest", *WEEK, "--mail").code == 0
    assert len(letters.mails) == 1


def test_what_was_killed_while_it_was_handed_over_is_said_and_not_sent_again(
    call: Any, full_home: Path, box: tuple[Box, int]
) -> None:
    letters, port = box
    settings(full_home, port)
    store = open_store(full_home / "alignloom.db")
    claim_mail(store, "", "2026-W46", "ada@example.org", "<x@example.org>")
    store.close()
    said = call(full_home, "digest", *WEEK, "--mail")
    assert said.code == 1
    assert "nobody knows whether it came" in said.err
    assert not letters.mails


def test_a_week_without_works_is_mailed_once_it_has_some(
    call: Any, full_home: Path, box: tuple[Box, int]
) -> None:
    letters, port = box
    settings(full_home, port)
    asked = ("digest", "--week", "1999-W10", "--mail")
    early = call(full_home, *asked)
    assert early.code == 0
    assert "nothing to mail yet" in early.err
    assert not letters.mails
    put_note(full_home, date(1999, 3, 9))
    assert call(full_home, *asked).code == 0
    assert [mail["Subject"] for mail in letters.mails] == ["Alignloom digest 1999-W10: 1 work"]


def test_a_mail_that_was_taken_is_sent_however_the_server_says_good_bye(
    call: Any, full_home: Path, box: tuple[Box, int]
) -> None:
    letters, port = box
    settings(full_home, port)
    letters.farewell = "421 going down"
    for _ in range(2):
        assert call(full_home, "digest", *WEEK, "--mail").code == 0
    assert len(letters.mails) == 1


def test_an_address_that_the_server_cannot_read_holds_no_mail_back(
    call: Any, full_home: Path, box: tuple[Box, int]
) -> None:
    letters, port = box
    settings(full_home, port)
    path = full_home / "alignloom.toml"
    path.write_text(path.read_text().replace("ada@", "ädä@"))
    letters.any_letters = False
    assert call(full_home, "digest", *WEEK, "--mail").code == 2
    letters.any_letters = True
    assert call(full_home, "digest", *WEEK, "--mail").code == 0
    assert len(letters.mails) == 1


def test_a_reader_without_an_address_is_told_which_key_is_missing(
    call: Any, full_home: Path
) -> None:
    settings(full_home, 25)
    with (full_home / "alignloom.toml").open("a") as more:
        more.write('[[profile]]\nname = "bob"\n')
    said = call(full_home, "digest", *WEEK, "--profile", "bob", "--mail")
    assert said.code == 2
    assert "`to` in the [[profile]] named bob" in said.err
    assert "mail.host" not in said.err


def test_mail_never_crosses_the_net_in_the_clear(call: Any, full_home: Path) -> None:
    settings(full_home, 25)
    path = full_home / "alignloom.toml"
    path.write_text(path.read_text().replace("127.0.0.1", "mail.example.org"))
    said = call(full_home, "digest", *WEEK, "--mail")
    assert said.code == 2
    assert "in the clear" in said.err


@pytest.mark.parametrize("sender", ["a@b.example\nBcc: x@y.example", "a b@c.example", "<a@b>"])
def test_an_address_that_would_forge_a_header_is_refused(sender: str) -> None:
    with pytest.raises(ValueError, match="pattern"):
        MailSettings(sender=sender)


def test_a_link_that_was_not_made_here_says_nothing(tmp_path: Path) -> None:
    home, other = tmp_path / "a", tmp_path / "b"
    home.mkdir()
    other.mkdir()
    given = token(home, "ada", "web:example.org/one", "up")
    assert read_token(home, given) == ("ada", "web:example.org/one", "up")
    for wrong in (token(other, "ada", "web:example.org/one", "up"), given[:-4] + "AAAA", "", "é"):
        with pytest.raises(BadSetting, match="not made here"):
            read_token(home, wrong)


def test_weekly_leaves_it_to_another_run_in_one_json_value(call: Any, full_home: Path) -> None:
    with FileLock(full_home / "weekly.lock"):
        said = call(full_home, "--json", "weekly")
    assert said.code == 0
    assert said.json == {"parts": {}, "failed": {}, "left_to": "another weekly run"}


@pytest.mark.slow
def test_weekly_mails_who_has_an_address_and_names_who_has_none(
    call: Any, full_home: Path, box: tuple[Box, int]
) -> None:
    letters, port = box
    settings(full_home, port)
    with (full_home / "alignloom.toml").open("a") as more:
        more.write('[[profile]]\nname = "bob"\n[embedder]\nname = "hashing"\n')
    put_note(full_home, datetime.now(UTC).date() - timedelta(days=7))
    said = call(full_home, "--json", "weekly", "--mail")
    assert said.json["failed"] == {}
    assert "digest bob: not mailed" in said.err
    assert said.json["parts"]["digest bob"]["entries"]
    assert [mail["To"] for mail in letters.mails] == ["grace@example.org"]


@pytest.mark.slow
def test_weekly_does_all_in_one_go_and_goes_on_where_a_part_fails(
    call: Any, full_home: Path, tmp_path: Path
) -> None:
    (full_home / "alignloom.toml").write_text(
        """
contact = "me@example.org"
[embedder]
name = "hashing"
[[source]]
name = "closed"
type = "feed"
url = "http://127.0.0.1:9/feed"
pause_s = 0
[mail]
host = "127.0.0.1"
port = 9
security = "none"
sender = "a@example.org"
to = "b@example.org"
"""
    )
    put_note(full_home, datetime.now(UTC).date() - timedelta(days=7))
    made = call(full_home, "--json", "weekly", "--mail", "--out", str(tmp_path))
    assert made.code == 1
    told = json.loads(made.out)
    [closed] = told["parts"]["crawl"]["sources"]
    assert closed["state"] != "ok"
    assert told["parts"]["index"]["documents"] > 40
    assert list(told["failed"]) == ["crawl", "digest"]
    assert "mail server" in told["failed"]["digest"]
    assert list(tmp_path.glob("20??-W??.md"))


@pytest.mark.slow
def test_weekly_writes_its_digests_though_the_index_cannot_be_made(
    call: Any, full_home: Path, tmp_path: Path
) -> None:
    path = full_home / "alignloom.toml"
    broken = 'sentence_transformers"\nmodel = "/no-such-model'
    path.write_text(path.read_text().replace("hashing", broken))
    made = call(full_home, "--json", "weekly", "--out", str(tmp_path))
    told = json.loads(made.out)
    assert made.code == 1
    assert list(told["failed"]) == ["index"]
    assert "no-such-model" in told["failed"]["index"]
    assert list(tmp_path.glob("20??-W??.md"))


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc").exists(), reason="children are found by /proc")
def test_weekly_goes_on_where_a_part_is_killed(
    spawn: Any, full_home: Path, tmp_path: Path
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        silent.settimeout(60)
        path = full_home / "alignloom.toml"
        path.write_text(
            f"""{path.read_text()}
[[source]]
name = "silent"
type = "feed"
url = "http://127.0.0.1:{silent.getsockname()[1]}/feed"
pause_s = 0
"""
        )
        weekly = spawn("--home", str(full_home), "--json", "weekly", "--out", str(tmp_path))
        silent.accept()[0].close()
        children = Path(f"/proc/{weekly.pid}/task/{weekly.pid}/children")
        [crawl] = children.read_text().split()
        os.kill(int(crawl), signal.SIGKILL)
        out, _ = weekly.communicate(timeout=120)
    told = json.loads(out)
    assert told["failed"] == {"crawl": "killed by signal 9"}
    assert told["parts"]["index"]["documents"] > 40
    assert list(tmp_path.glob("20??-W??.md"))
