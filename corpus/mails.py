"""Which digests were mailed to whom, so that a process that is killed never mails one twice."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Literal

from sqlalchemy import ColumnElement, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from corpus.store import Store
from corpus.tables import digest_mails

Standing = Literal["claimed", "sent", "sending"]
"""Ours to send; sent before; begun by a process that sends it now, or died while it did."""


def claim_mail(
    store: Store, profile: str, period: str, recipient: str, message_id: str
) -> Standing:
    """Take a mail for sending, unless it was taken before. What was taken stays taken."""
    here = _here(profile, period, recipient)
    row = {"profile": profile, "period": period, "recipient": recipient, "state": "sending"}
    now = {"message_id": message_id, "at": datetime.now(UTC)}
    try:
        with store.writing() as connection:
            state = connection.execute(select(digest_mails.c.state).where(here)).scalar()
            if state is not None:
                return "sent" if state == "sent" else "sending"
            connection.execute(insert(digest_mails).values(**row, **now))
    except IntegrityError:
        return "sending"
    return "claimed"


def mail_was_sent(store: Store, profile: str, period: str, recipient: str) -> None:
    """Note that the server took the mail."""
    with store.writing() as connection:
        done = update(digest_mails).where(_here(profile, period, recipient))
        connection.execute(done.values(state="sent", at=datetime.now(UTC)))


def let_go_of_mail(store: Store, profile: str, period: str, recipient: str) -> None:
    """Give a mail back that surely was not sent, or that a person wants to be sent again."""
    with store.writing() as connection:
        connection.execute(delete(digest_mails).where(_here(profile, period, recipient)))


def _here(profile: str, period: str, recipient: str) -> ColumnElement[bool]:
    columns = digest_mails.c
    return (
        (columns.profile == profile)
        & (columns.period == period)
        & (columns.recipient == recipient)
    )
