"""What the cabinet asks of queue: the journal, the card, the number."""

from datetime import datetime

from pydantic import BaseModel

from web.upstream import Upstream

Text = dict[str, str]
"""One text by language: kk, ru, en."""


class Row(BaseModel):
    """A row of the journal; names are auth's."""

    application_id: str
    application_number: str
    child_id: str
    service_centre_number: str | None = None
    egov_number: str | None = None
    queue_number: int | None
    number_in_privilege: int
    filed_by: str | None
    registered_at: datetime
    status: str
    status_text: Text
    privilege: str | None
    privilege_text: Text = {}
    group_year: int


class Invitation(BaseModel):
    """The turn that came; `deadline` is the first moment at which it is too late."""

    invitation_id: str
    deadline: datetime
    queue_number: int
    handed_over: bool


class Why(BaseModel):
    """Why the number is what it is."""

    privilege_class: str
    ahead: dict[str, int]


class Change(BaseModel):
    """One line of the history."""

    at: datetime
    what: str
    status: str
    status_text: Text
    by: str
    reason: str | None


class Card(Row):
    """The card of an application."""

    queue_type: str
    queue_type_text: Text
    category: str | None
    category_text: Text | None
    region: str
    region_text: Text = {}
    process_state: str
    process_state_text: Text = {}
    status_since: datetime
    invitable: bool
    not_invitable_because: str | None
    why: Why | None
    invitation: Invitation | None
    history: list[Change]
    actions: list[str] = []


class Found(BaseModel):
    """What the search without login tells."""

    queue_number: int | None
    status: str
    status_text: Text
    deadline: datetime | None


class Queue:
    """The doors of queue that the cabinet uses."""

    def __init__(self, upstream: Upstream) -> None:
        self._ask = upstream.ask

    async def journal(self, token: str) -> list[Row]:
        """The applications of the person in session."""
        return [Row.model_validate(each) for each in (await self._ask("GET", "/applications", token)).json()]

    async def card(self, token: str, application_id: str) -> Card:
        """One application."""
        return Card.model_validate_json((await self._ask("GET", f"/applications/{application_id}", token)).content)

    async def remove(self, token: str, application_id: str) -> None:
        """Takes the child out of the queue."""
        await self._ask("POST", f"/applications/{application_id}:remove", token)

    async def search(self, statement: str, application_number: str) -> Found:
        """Number, status and deadline for whoever knows the child's IIN and the application's number."""
        body = {"statement": statement, "application_number": application_number}
        return Found.model_validate_json((await self._ask("POST", "/search", json=body)).content)
