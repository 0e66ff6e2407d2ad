"""Reads letters out of a Maildir."""

from dataclasses import dataclass
from datetime import datetime
from email import policy
from email.message import EmailMessage
from email.parser import BytesHeaderParser, BytesParser
from pathlib import Path

MAILDIR = "all"
"""One Maildir for all: the server writes whose letter it is into each (``Delivered-To``)."""


@dataclass(frozen=True, slots=True)
class Letter:
    """One letter as the mail program shows it; ``arrived_at`` is the server's real time (seconds since 1970)."""

    message_id: str
    sender: str
    to: str
    subject: str
    date: datetime | None
    arrived_at: float
    text: str
    html: str
    headers: dict[str, str]


class Mailboxes:
    """Letters by address. A file of a Maildir never changes, so each one is opened once to learn whose it is."""

    def __init__(self, folder: Path) -> None:
        self._new = folder / MAILDIR / "new"
        self._owner: dict[str, str] = {}

    def letters_of(self, address: str) -> list[Letter]:
        """All letters of one address, oldest first."""
        wanted = address.casefold()
        found = [file for file in self._files() if self._owner_of(file) == wanted]
        return [read_letter(file) for file in sorted(found, key=lambda file: (file.stat().st_mtime_ns, file.name))]

    def _files(self) -> list[Path]:
        return list(self._new.iterdir()) if self._new.is_dir() else []

    def _owner_of(self, file: Path) -> str:
        if file.name not in self._owner:
            with file.open("rb") as content:
                headers = BytesHeaderParser(policy=policy.default).parse(content)
            self._owner[file.name] = str(headers["Delivered-To"] or "").casefold()
        return self._owner[file.name]


def read_letter(file: Path) -> Letter:
    """Parse one file of a Maildir."""
    message = BytesParser(_class=EmailMessage, policy=policy.default).parsebytes(file.read_bytes())
    date = message["Date"]
    return Letter(
        message_id=str(message["Message-ID"] or ""),
        sender=str(message["From"] or ""),
        to=str(message["To"] or ""),
        subject=str(message["Subject"] or ""),
        date=date.datetime if date is not None else None,
        arrived_at=file.stat().st_mtime,
        text=_part(message, "plain"),
        html=_part(message, "html"),
        headers={name: str(value) for name, value in message.items()},
    )


def _part(message: EmailMessage, kind: str) -> str:
    body = message.get_body((kind,))
    return str(body.get_content()) if body is not None else ""
