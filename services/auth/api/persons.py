"""The doors of the person in session: who am I, how am I reached, for whom may I act, who looked."""

from datetime import date, datetime
from http import HTTPStatus
from typing import Annotated, Self

from fastapi import APIRouter, Depends
from pydantic import BaseModel, Field

from services.auth.api.cards import FamilyAnswer
from services.auth.api.gate import Gate
from services.auth.domain.authorisation import Action
from services.auth.domain.duties import Role
from services.auth.domain.ids import ChildId, PersonId, SessionId
from services.auth.domain.iin import parse_iin
from services.auth.domain.person import Language, contacts, postal_address
from services.auth.usecases import access, accounts, asking, guardians, login, people, readers
from services.auth.usecases.asking import Me
from services.auth.usecases.desk import Desk
from services.auth.usecases.guardians import ChildNamed
from services.auth.usecases.readers import Body, Looked
from services.auth.usecases.tokens import ACCESS_LIFE, STATEMENT_LIFE
from services.chassis.clock import Clock
from services.chassis.reads import Reads
from services.chassis.security import Person

ADDRESSES_AT_MOST = 5
Name = Annotated[str, Field(min_length=1, max_length=100)]
PostalAddress = Annotated[str, Field(max_length=300)]


class MeAnswer(FamilyAnswer):
    """The person in session, and the children to act for."""

    roles: list[str]
    organisation_id: str | None
    email_required: bool
    language: Language | None
    emails: list[str]
    phones: list[str]
    confirmed: list[str]
    """Those of `emails` and `phones` that were proven by a code."""
    children: list[FamilyAnswer]
    guardians: dict[str, list[str]]
    """Of each child everybody who may act for it; `POST /me/cards` tells their names."""

    @classmethod
    def told(cls, me: Me) -> Self:
        """Everything auth knows that a person's own page shows."""
        return cls(
            **FamilyAnswer.of(me.person_id, me.identity).model_dump(),
            roles=[role.value for role in me.duties.roles],
            organisation_id=me.duties.organisation_id,
            email_required=me.email_required,
            language=me.language,
            emails=list(me.contacts.emails),
            phones=list(me.contacts.phones),
            confirmed=list(me.contacts.confirmed),
            children=[FamilyAnswer.of(card.person_id, card.identity) for card in me.children],
            guardians={child_id: list(ids) for child_id, ids in me.guardians.items()},
        )


class ContactsBody(BaseModel):
    """Contacts as typed. The first address is the main one; others follow in `more_emails`, `more_phones`.

    A postal address that is left out stays as it is known; an empty one is forgotten.
    """

    email: Annotated[str, Field(max_length=254)]
    phone: Annotated[str, Field(max_length=32)] | None = None
    more_emails: Annotated[list[str], Field(max_length=ADDRESSES_AT_MOST)] = []
    more_phones: Annotated[list[str], Field(max_length=ADDRESSES_AT_MOST)] = []
    address: PostalAddress | None = None
    residence_address: PostalAddress | None = None
    language: Language
    consent: bool


class LanguageBody(BaseModel):
    """The language the person reads the site and letters in."""

    language: Language


class AccessAnswer(BaseModel):
    """A new access token: the old one still says that an e-mail address is required."""

    access_token: str
    expires_at: datetime
    email_required: bool


class ChildBody(BaseModel):
    """A child as its guardian names it at the first filing."""

    surname: Name
    given: Name
    patronymic: Annotated[str, Field(max_length=100)] = ""
    birth_date: date


class FilingBody(BaseModel):
    """For which child a statement is asked; `child` is needed only for one nobody has filed for yet."""

    child_iin: Annotated[str, Field(max_length=12)]
    child: ChildBody | None = None


class StatementAnswer(BaseModel):
    """A signed sentence for another service."""

    statement: str
    expires_at: datetime


class ReadAnswer(BaseModel):
    """One look at a child's record: by which service it was shown, why, and to whom.

    `reader`: you, guardian, staff or service. `body`: family, department, preschool (then `organisation_id` says which) or
    system. `role` is the one held at that moment. Ids and names of others are not told.
    """

    at: datetime
    service: str
    why: str
    reader: str
    body: Body
    role: Role | None
    organisation_id: str | None

    @classmethod
    def of(cls, looked: Looked) -> Self:
        """For a guardian of the child."""
        return cls(
            at=looked.entry.at,
            service=looked.entry.service,
            why=looked.entry.why,
            reader=looked.reader,
            body=looked.body,
            role=looked.role,
            organisation_id=looked.organisation_id,
        )


def doors(desk: Desk, gate: Gate, reads: Reads, clock: Clock) -> APIRouter:
    """What a person asks about the own matters."""
    router = APIRouter(tags=["persons"])

    @router.get("/me")
    async def me(person: Annotated[Person, Depends(gate.person(Action.READ_ME))]) -> MeAnswer:
        known = await asking.me(desk.reading, PersonId(person.person_id))
        await reads.by_guardian(person, sorted(card.person_id for card in known.children), "names", clock.now())
        return MeAnswer.told(known)

    @router.put("/me/contacts")
    async def give_contacts(
        body: ContactsBody, person: Annotated[Person, Depends(gate.person(Action.GIVE_CONTACTS))]
    ) -> AccessAnswer:
        now, person_id = clock.now(), PersonId(person.person_id)
        phones = [body.phone] if body.phone else []
        given = contacts([body.email, *body.more_emails], [*phones, *body.more_phones])
        lives_at = [None if text is None else postal_address(text) for text in (body.address, body.residence_address)]
        await accounts.give_contacts(desk.store, person_id, given, body.language, body.consent, now)
        await people.give_addresses(desk.store, person_id, lives_at[0], lives_at[1], now)
        token, required = await login.access(desk, person_id, SessionId(person.session_id), now)
        return AccessAnswer(access_token=token, expires_at=now + ACCESS_LIFE, email_required=required)

    @router.put("/me/language", status_code=HTTPStatus.NO_CONTENT)
    async def choose_language(
        body: LanguageBody, person: Annotated[Person, Depends(gate.person(Action.CHOOSE_LANGUAGE))]
    ) -> None:
        await accounts.choose_language(desk.store, PersonId(person.person_id), body.language, clock.now())

    @router.post("/statements/filing")
    async def filing(
        body: FilingBody, person: Annotated[Person, Depends(gate.person(Action.STATE_FILING))]
    ) -> StatementAnswer:
        now = clock.now()
        named = ChildNamed(**body.child.model_dump()) if body.child else None
        person_id, child_iin = PersonId(person.person_id), parse_iin(body.child_iin)
        statement = await guardians.filing_statement(desk, person_id, child_iin, named, now)
        return StatementAnswer(statement=statement, expires_at=now + STATEMENT_LIFE)

    @router.get("/children/{child_id}/reads")
    async def who_looked(
        child_id: str, person: Annotated[Person, Depends(gate.person(Action.SEE_WHO_LOOKED))]
    ) -> list[ReadAnswer]:
        person_id = PersonId(person.person_id)
        seen = await access.of_child(desk.reading, person_id, ChildId(child_id))
        family = await asking.ever_guardians_of(desk.reading, ChildId(child_id))
        return [ReadAnswer.of(each) for each in await readers.explained(desk.reading, seen, person_id, family)]

    return router
