"""Persons as named in the vault, and the door through which a guardian asks for those of the own family."""

from datetime import date
from typing import Annotated, Self

from fastapi import APIRouter, Depends
from pydantic import BaseModel, Field

from services.auth.api.gate import Gate
from services.auth.domain.authorisation import Action
from services.auth.domain.ids import PersonId
from services.auth.domain.person import Identity
from services.auth.usecases import asking
from services.auth.usecases.desk import Desk
from services.chassis.clock import Clock
from services.chassis.reads import Reads
from services.chassis.security import Person

CARDS_AT_ONCE = 100
Id = Annotated[str, Field(min_length=1, max_length=64)]


class CardsBody(BaseModel):
    """Whose cards are asked for."""

    person_ids: Annotated[list[Id], Field(min_length=1, max_length=CARDS_AT_ONCE)]


class PersonAnswer(BaseModel):
    """A person as named in the vault."""

    person_id: str
    iin: str
    surname: str
    given: str
    patronymic: str
    birth_date: date | None
    erased: bool = False
    """The person's key was destroyed: nothing is known any more, and all else here is empty."""

    @classmethod
    def of(cls, person_id: PersonId, identity: Identity) -> Self:
        """For whoever may know it."""
        return cls(
            person_id=person_id,
            iin=identity.iin,
            surname=identity.surname,
            given=identity.given,
            patronymic=identity.patronymic,
            birth_date=identity.birth_date,
            erased=identity.erased,
        )


class HomeAnswer(BaseModel):
    """Where a person is registered and where the person lives; empty where it is not known or not told."""

    address: str
    residence_address: str


class FamilyAnswer(PersonAnswer, HomeAnswer):
    """A person as told to the own family."""

    @classmethod
    def of(cls, person_id: PersonId, identity: Identity) -> Self:
        """For the person, and for the guardians of a child."""
        named = PersonAnswer.of(person_id, identity).model_dump()
        return cls(**named, address=identity.address, residence_address=identity.residence_address)


def doors(desk: Desk, gate: Gate, reads: Reads, clock: Clock) -> APIRouter:
    """What a guardian asks about the own family."""
    router = APIRouter(tags=["persons"])

    @router.post("/me/cards")
    async def family(
        body: CardsBody, person: Annotated[Person, Depends(gate.person(Action.READ_CARDS))]
    ) -> list[FamilyAnswer]:
        """Oneself, the own children, and by name and number the other guardians of them. Others are simply absent."""
        wanted = [PersonId(person_id) for person_id in body.person_ids]
        told = await asking.family(desk.reading, PersonId(person.person_id), wanted)
        for child_id in told.child_ids:
            await reads.by_guardian(person, [child_id], "names", clock.now())
        return [FamilyAnswer.of(card.person_id, card.identity) for card in told.cards]

    return router
