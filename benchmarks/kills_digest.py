"""SIGKILL at random moments of a digest's making and mailing: nothing skipped, nothing sent twice.

    python -m benchmarks.kills_digest [KILLS] [SEED]

Documents arrive, late, undated, dated 1970 and 2035 among them; a process of its own makes the
week’s digest and mails it to a server on this machine, and is killed at a random moment of the
that this takes, then begun again: every other time with a clock that is a day off. A mail that was
being handed over when its process died is counted as doubtful: it may have come or not, and is not
sent again. Exits 1 if a work was shown twice or never told, or a mail came twice or not at all
without being told doubtful.
"""

from __future__ import annotations

import multiprocessing
import random
import sys
import tempfile
from collections import Counter
from datetime import date, timedelta
from email.parser import BytesParser
from pathlib import Path
from time import perf_counter

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from sqlalchemy import select

from corpus.digests import issues, shown_in
from corpus.model import Document, Version
from corpus.shelf import Shelf
from corpus.store import open_store
from corpus.tables import digest_mails
from synth.digest import period_of, week_of
from synth.digesting import make_digest
from synth.writer import open_writer
from ui.mailing import mail
from ui.serving import choose_port
from ui.settings import MailSettings

MONDAY = date(2026, 1, 5)
PER_WEEK = 12
PORT = choose_port(None, 8700)
TO = "reader@example.org"
PROCESSES = multiprocessing.get_context("forkserver")
PROCESSES.set_forkserver_preload(["synth.digesting", "ui.mailing"])


class Box:
    """How often each mail came, by its name."""

    def __init__(self) -> None:
        self.came: Counter[str] = Counter()

    async def handle_DATA(  # noqa: N802 - so named by the library
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        """Take every mail."""
        content = envelope.content if isinstance(envelope.content, bytes) else b""
        self.came[str(BytesParser().parsebytes(content)["Message-ID"])] += 1
        return "250 taken"


def main() -> None:
    """Kill, look, and print a Markdown table."""
    kills = int(sys.argv[1]) if len(sys.argv) > 1 else 100
    chance = random.Random(int(sys.argv[2]) if len(sys.argv) > 2 else 1)
    box = Box()
    server = Controller(box, hostname="127.0.0.1", port=PORT)
    server.start()
    try:
        with tempfile.TemporaryDirectory() as folder:
            figures = measure(Path(folder), kills, chance, box)
    finally:
        server.stop()
    print("| what | figure |\n|---|---|")
    for name, figure in figures.items():
        print(f"| {name} | {figure} |")
    sys.exit(any(figure for name, figure in figures.items() if name.startswith("fault: ")))


def measure(home: Path, kills: int, chance: random.Random, box: Box) -> dict[str, int]:
    """Kill so many processes; what was shown, told and mailed in the end."""
    shelf = Shelf(open_store(home / "a.db"))
    put = ["start"]
    shelf.put([_note("start", MONDAY.isoformat())])
    began = perf_counter()
    _begun(home, MONDAY + timedelta(days=7)).join()
    whole_s = perf_counter() - began
    killed, week = 0, 1
    while killed < kills:
        monday = MONDAY + timedelta(weeks=week)
        for n in range(PER_WEEK):
            put.append(f"{week}-{n}")
            shelf.put([_note(put[-1], _published(monday, n))])
        for off in (0, -1, 1, 0):
            process = _begun(home, monday + timedelta(days=8 + off))
            process.join(chance.uniform(0, 1.1 * whole_s))
            killed += process.is_alive()
            process.kill()
            process.join()
        _begun(home, monday + timedelta(days=8)).join()
        week += 1
    made = len(issues(shelf.store))
    last = MONDAY + timedelta(weeks=week + 1)
    make_digest(week_of(last), shelf=shelf, writer=open_writer(), today=last)
    return {"killed at work": killed, "weeks": week} | _looked(shelf, put, box, made)


def _looked(shelf: Shelf, put: list[str], box: Box, made: int) -> dict[str, int]:
    every = issues(shelf.store)
    shown = [each.doc_id for issue in every for each in shown_in(shelf.store, "", issue.period)]
    rest = {doc_id for issue in every for doc_id in issue.facts["rest"]}
    with shelf.store.reading() as connection:
        mails = connection.execute(select(digest_mails)).all()
    doubtful = {row.message_id for row in mails if row.state == "sending"}
    sent = {row.message_id for row in mails if row.state == "sent"}
    return {
        "works that arrived": len(put),
        "works shown": len(shown),
        "mails that came": box.came.total(),
        "doubtful mails": len(doubtful),
        "of them came": sum(box.came[name] for name in doubtful),
        "fault: works shown twice": len(shown) - len(set(shown)),
        "fault: works never told": len({f"web:example.org/{p}" for p in put} - {*shown, *rest}),
        "fault: mails that came twice": sum(count > 1 for count in box.came.values()),
        "fault: mails sent that never came": len(sent - box.came.keys()),
        "fault: digests never mailed": made - len(mails),
    }


def _begun(home: Path, today: date) -> multiprocessing.process.BaseProcess:
    """A process that makes and mails the digest of the last whole week, just begun."""
    process = PROCESSES.Process(target=_digest, args=(home, today, PORT))
    process.start()
    return process


def _digest(home: Path, today: date, port: int) -> None:
    store = open_store(home / "a.db")
    period = period_of(today=today)
    made = make_digest(period, shelf=Shelf(store), writer=open_writer(), today=today)
    if not made.made:
        return
    settings = MailSettings(
        host="127.0.0.1", port=port, security="none", sender="digest@example.org"
    )
    mail(made, TO, settings=settings, store=store, links={})


def _published(monday: date, n: int) -> str | None:
    odd = {8: "1970-01-01", 9: "2035-01-01", 10: None, 11: (monday - timedelta(20)).isoformat()}
    return odd[n] if n in odd else (monday + timedelta(days=n % 7)).isoformat()


def _note(key: str, published: str | None) -> tuple[Document, Version]:
    doc_id = f"web:example.org/{key}"
    document = Document(doc_id=doc_id, source="s", kind="note", title=key, published=published)
    text = f"Overseers of model {key} read what it writes before anything is deployed."
    return document, Version(doc_id=doc_id, text=text)


if __name__ == "__main__":
    main()
