"""The doors of the staff desk: persons are looked for, and erased."""

from http import HTTPStatus
from typing import Annotated, Self

from fastapi import APIRouter, Depends
from pydantic import BaseModel, Field, model_validator

from services.auth.api.cards import Id, PersonAnswer
from services.auth.api.gate import Gate
from services.auth.domain.authorisation import Action
from services.auth.domain.ids import PersonId
from services.auth.domain.iin import parse_iin
from services.auth.domain.person import ErasureReason
from services.auth.domain.surname import searched_surname
from services.auth.usecases import erasing, finding
from services.auth.usecases.desk import Desk
from services.auth.usecases.finding import Found
from services.chassis.clock import Clock
from services.chassis.reads import Reads
from services.chassis.security import Person

WHY = "staff_search"


class FindBody(BaseModel):
    """Either a number or a surname. `after`: the id of the last person seen, for the next page."""

    iin: Annotated[str, Field(max_length=12)] | None = None
    surname: Annotated[str, Field(max_length=100)] | None = None
    after: Id | None = None

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        if (self.iin is None) == (self.surname is None):
            raise ValueError("either iin or surname is searched for")
        return self


class FoundAnswer(BaseModel):
    """One page; `more` when others of the surname follow."""

    persons: list[PersonAnswer]
    more: bool


class EraseBody(BaseModel):
    """Why a person is erased."""

    reason: ErasureReason


def doors(desk: Desk, gate: Gate, reads: Reads, clock: Clock) -> APIRouter:
    """What staff ask about persons."""
    router = APIRouter(tags=["desk"])

    @router.post("/persons:find")
    async def find(body: FindBody, person: Annotated[Person, Depends(gate.person(Action.FIND_PERSONS))]) -> FoundAnswer:
        """Persons of a number or surname, however its Kazakh letters were typed. Everybody found stands in the log of reads."""
        found = await _found(desk, body)
        await reads.by_other(person.person_id, [card.person_id for card in found.cards], WHY, clock.now())
        return FoundAnswer(
            persons=[PersonAnswer.of(card.person_id, card.identity) for card in found.cards], more=found.more
        )

    @router.post("/persons/{person_id}:erase", status_code=HTTPStatus.NO_CONTENT)
    async def erase(
        person_id: str, body: EraseBody, person: Annotated[Person, Depends(gate.person(Action.ERASE_PERSON))]
    ) -> None:
        """Destroys the key of a person; there is no way back."""
        by = PersonId(person.person_id)
        await erasing.erase(desk.store, PersonId(person_id), body.reason, clock.now(), by)

    return router


async def _found(desk: Desk, body: FindBody) -> Found:
    if body.iin is not None:
        return await finding.by_iin(desk.reading, parse_iin(body.iin))
    return await finding.by_surname(desk.reading, searched_surname(body.surname or ""), PersonId(body.after or ""))
