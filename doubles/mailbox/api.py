"""The mailboxes over HTTP; the address stands in the body, for it must not stand in a URL."""

from pathlib import Path

from fastapi import FastAPI
from pydantic import BaseModel

from doubles.http import new_app
from doubles.mailbox.letters import Letter, Mailboxes


class Mailbox(BaseModel):
    """Whose letters are read."""

    address: str


def make_app(mailboxes: Path) -> FastAPI:
    """The reader as one application."""
    boxes = Mailboxes(mailboxes)
    app = new_app("Mailboxes (test)")

    @app.post("/inbox")
    def inbox(mailbox: Mailbox) -> list[Letter]:
        return boxes.letters_of(mailbox.address)

    return app
