"""Mailing a digest: once to each reader, whatever is killed; by the standard library alone."""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from email.message import EmailMessage
from typing import TYPE_CHECKING, Literal

from corpus.errors import AlignloomError, BadSetting
from corpus.mails import claim_mail, let_go_of_mail, mail_was_sent
from synth.digest import feed_id, open_format
from ui.telling import counted

if TYPE_CHECKING:
    from corpus.model import Digest
    from corpus.store import Store
    from ui.settings import MailSettings

TIMEOUT_S = 30.0

Sent = Literal["sent", "sent before", "nothing to mail yet", "doubtful"]
"""`doubtful`: another process was killed while it sent this mail, or is sending it now."""


_NOT_TAKEN = (
    smtplib.SMTPRecipientsRefused,
    smtplib.SMTPResponseException,
    smtplib.SMTPNotSupportedError,
)
"""What says for certain that the server did not take a mail."""


class NotMailed(AlignloomError):
    """The mail server could not be reached, or would not take the mail."""


def mail(
    digest: Digest,
    to: str,
    *,
    settings: MailSettings,
    store: Store,
    links: Mapping[str, Mapping[str, str]],
) -> Sent:
    """Send a digest to an address, unless it was sent there before.

    The server is reached and logged in to before the mail is claimed in the store, so that only
    the moment of handing it over is left between a claim and its end. What was killed in that
    moment is `doubtful` from then on, and never sent again by itself. A digest without works is
    not kept yet, and so not mailed: the week may still fill.
    """
    _check(settings, to, digest.profile)
    if not digest.made:
        return "nothing to mail yet"
    message = written(digest, to, settings=settings, links=links)
    name = str(message["Message-ID"])
    with _server(settings) as server:
        standing = claim_mail(store, digest.profile, digest.period, to, name)
        if standing != "claimed":
            return "sent before" if standing == "sent" else "doubtful"
        try:
            server.send_message(message)
        except _NOT_TAKEN as error:
            let_go_of_mail(store, digest.profile, digest.period, to)
            raise _refused(settings, error) from error
        mail_was_sent(store, digest.profile, digest.period, to)
    return "sent"


def written(
    digest: Digest, to: str, *, settings: MailSettings, links: Mapping[str, Mapping[str, str]]
) -> EmailMessage:
    """The mail: Markdown for who reads plain text, HTML beside it, and how to end it."""
    message = EmailMessage()
    message["From"] = settings.sender
    message["To"] = to
    message["Subject"] = (
        f"Alignloom digest {digest.period}: {counted(len(digest.entries), 'work')}"
    )
    host = settings.sender.rpartition("@")[2]
    message["Message-ID"] = f"<{feed_id(digest).removeprefix('urn:uuid:')}@{host}>"
    ending = f"mailto:{settings.sender}?subject=unsubscribe"
    message["List-Unsubscribe"] = f"<{ending}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(open_format("markdown").write(digest))
    message.add_alternative(open_format("html").write(digest, links), subtype="html")
    return message


def _check(settings: MailSettings, to: str, profile: str) -> None:
    from crawler.asking.addresses import is_loopback

    asked = {
        "mail.host": settings.host,
        "mail.sender": settings.sender,
        f"`to` in the [[profile]] named {profile}" if profile else "mail.to": to,
    }
    missing = [name for name, value in asked.items() if not value]
    if missing:
        raise BadSetting(
            f"nobody said how to mail a digest{f' to {profile}' if profile else ''}",
            f"set in alignloom.toml: {', '.join(missing)}",
        )
    if settings.security == "none" and not is_loopback(f"http://{settings.host}"):
        raise BadSetting(
            f"mail to {settings.host} would cross the net in the clear",
            'mail.security = "starttls" or "tls"',
        )


@contextmanager
def _server(settings: MailSettings) -> Iterator[smtplib.SMTP]:
    """A server that we are logged in to."""
    safe = ssl.create_default_context()
    try:
        if settings.security == "tls":
            server: smtplib.SMTP = smtplib.SMTP_SSL(
                settings.host, settings.port, timeout=TIMEOUT_S, context=safe
            )
        else:
            server = smtplib.SMTP(settings.host, settings.port, timeout=TIMEOUT_S)
        try:
            if settings.security == "starttls":
                server.starttls(context=safe)
            if settings.user:
                server.login(settings.user, settings.password.get_secret_value())
            yield server
        finally:
            _leave(server)
    except (smtplib.SMTPException, OSError) as error:
        raise _refused(settings, error) from error


def _leave(server: smtplib.SMTP) -> None:
    """Say good-bye; what a server answers to that changes nothing."""
    with suppress(smtplib.SMTPException, OSError):
        server.quit()
    server.close()


def _refused(settings: MailSettings, error: Exception) -> NotMailed:
    return NotMailed(
        f"the mail server {settings.host}:{settings.port} did not take the digest: {error}",
        "alignloom digest --mail again; what was sent is not sent twice",
    )
