"""Digests by the order of arrival, per profile; what a reader marked; mails; topics."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0008"


def upgrade() -> None:
    """Make the tables; entries of older digests become those of the nameless profile."""
    asked = "SELECT period, rank, work_id, reason, shown_at FROM digest_entries ORDER BY shown_at"
    old = [tuple(row) for row in op.get_bind().execute(sa.text(asked))]
    op.drop_table("digest_entries")
    digests, entries = _digests(), _entries()
    _others()
    if old:
        now = op.get_bind().execute(sa.text("SELECT value FROM counters")).scalar()
        op.bulk_insert(digests, [_digest(row, now or 0) for row in _firsts(old)])
        op.bulk_insert(entries, _once(old))


def _digests() -> sa.Table:
    return op.create_table(
        "digests",
        sa.Column("profile", sa.String(length=80), nullable=False),
        sa.Column("period", sa.String(length=40), nullable=False),
        sa.Column("since", sa.String(length=10), nullable=False),
        sa.Column("until", sa.String(length=10), nullable=False),
        sa.Column("after", sa.BigInteger(), nullable=True),
        sa.Column("upto", sa.BigInteger(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("profile", "period", name="pk_digests"),
    )


def _entries() -> sa.Table:
    table = op.create_table(
        "digest_entries",
        sa.Column("profile", sa.String(length=80), nullable=False),
        sa.Column("period", sa.String(length=40), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("work_id", sa.String(length=240), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("doc_id", sa.String(length=240), nullable=False),
        sa.Column("version", sa.String(length=64), nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("quotes", sa.JSON(), nullable=False),
        sa.Column("shown_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("profile", "period", "rank", name="pk_digest_entries"),
    )
    once = ["profile", "work_id", "edition"]
    op.create_index("ix_digest_entries_once", "digest_entries", once, unique=True)
    return table


def _others() -> None:
    op.create_table(
        "digest_mails",
        sa.Column("profile", sa.String(length=80), nullable=False),
        sa.Column("period", sa.String(length=40), nullable=False),
        sa.Column("recipient", sa.String(length=254), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("message_id", sa.String(length=120), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("profile", "period", "recipient", name="pk_digest_mails"),
    )
    op.create_table(
        "marks",
        sa.Column("profile", sa.String(length=80), nullable=False),
        sa.Column("doc_id", sa.String(length=240), nullable=False),
        sa.Column("mark", sa.String(length=10), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["doc_id"], ["documents.doc_id"], name="fk_marks_doc_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("profile", "doc_id", name="pk_marks"),
    )
    op.create_table(
        "topics",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("colour", sa.String(length=7), nullable=False),
        sa.Column("centre", sa.LargeBinary(), nullable=False),
        sa.Column("embedder", sa.String(length=200), nullable=False),
        sa.Column("born", sa.String(length=40), nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_topics"),
    )


# -- what there was -------------------------------------------------------------------------------


def _firsts(old: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    """One row of each period."""
    return list({row[0]: row for row in old}.values())


def _digest(row: tuple[Any, ...], now: int) -> dict[str, Any]:
    """The digest of a period, which covered all that had arrived."""
    since, until = _days(row[0])
    return {
        "profile": "",
        "period": row[0],
        "since": since,
        "until": until,
        "after": now,
        "upto": now,
        "made_at": _moment(row[4]),
        "facts": {},
    }


def _once(old: list[tuple[Any, ...]]) -> list[dict[str, Any]]:
    """The entries; a work that two digests showed at one moment counts as its next edition."""
    met: dict[str, int] = {}
    made = []
    for period, rank, work_id, reason, shown_at in old:
        met[work_id] = met.get(work_id, -1) + 1
        made.append(
            {
                "profile": "",
                "period": period,
                "rank": rank,
                "work_id": work_id,
                "edition": met[work_id],
                "doc_id": work_id,
                "version": "",
                "role": "pick",
                "reason": reason,
                "quotes": [],
                "shown_at": _moment(shown_at),
            }
        )
    return made


def _days(period: str) -> tuple[str, str]:
    """First day, and first day after, of a week or of days by their name."""
    if ".." in period:
        since, _, until = period.partition("..")
        return since, until
    year, _, week = period.partition("-W")
    monday = date.fromisocalendar(int(year), int(week), 1)
    return monday.isoformat(), (monday + timedelta(days=7)).isoformat()


def _moment(kept: str | datetime) -> datetime:
    """SQLite gives a moment back as text."""
    return datetime.fromisoformat(kept) if isinstance(kept, str) else kept
