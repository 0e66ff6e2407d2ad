"""The doors of the person in session: who am I, how am I reached, for whom may I act, who looked."""

from datetime import date, datetime
from http import HTTPStatus
from typing import Annotated, Self

from fastapi import APIRouter, Depends
from pydantic import BaseModel, Field

from services.auth.api.cards import FamilyAnswer
from services.auth.domain.access_log import Entry
from services.auth.domain.ids import ChildId, PersonId, SessionId
from services.auth.domain.iin import parse_iin
from services.auth.domain.person import Language, contacts, postal_address
from services.auth.usecases import access, accounts, asking, guardians, login, people
from services.auth.usecases.asking import Me
from services.auth.usecases.desk import Desk
from services.auth.usecases.guardians import ChildNamed
from services.auth.usecases.tokens import ACCESS_LIFE, STATEMENT_LIFE
from services.chassis.clock import Clock
from services.chassis.reads import Reads
from services.chassis.security import Person, Tokens

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
    children: list[FamilyAnswer]

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
            children=[FamilyAnswer.of(card.person_id, card.identity) for card in me.children],
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
    """One look at a child's record. `reader`: you, guardian, staff or service; ids of others are not told."""

    at: datetime
    service: str
    why: str
    reader: str


def doors(desk: Desk, tokens: Tokens, reads: Reads, clock: Clock) -> APIRouter:
    """What a person asks about the own matters."""
    router = APIRouter(tags=["persons"])
    newcomer = Annotated[Person, Depends(tokens.newcomer)]
    in_session = Annotated[Person, Depends(tokens.person)]

    @router.get("/me")
    async def me(person: newcomer) -> MeAnswer:
        known = await asking.me(desk.store, PersonId(person.person_id))
        await reads.by_guardian(person, sorted(card.person_id for card in known.children), "names", clock.now())
        return MeAnswer.told(known)

    @router.put("/me/contacts")
    async def give_contacts(body: ContactsBody, person: newcomer) -> AccessAnswer:
        now, person_id = clock.now(), PersonId(person.person_id)
        phones = [body.phone] if body.phone else []
        given = contacts([body.email, *body.more_emails], [*phones, *body.more_phones])
        lives_at = [None if text is None else postal_address(text) for text in (body.address, body.residence_address)]
        await accounts.give_contacts(desk.store, person_id, given, body.language, body.consent, now)
        await people.give_addresses(desk.store, person_id, lives_at[0], lives_at[1], now)
        token, required = await login.access(desk, person_id, SessionId(person.session_id), now)
        return AccessAnswer(access_token=token, expires_at=now + ACCESS_LIFE, email_required=required)

    @router.put("/me/language", status_code=HTTPStatus.NO_CONTENT)
    async def choose_language(body: LanguageBody, person: newcomer) -> None:
        await accounts.choose_language(desk.store, PersonId(person.person_id), body.language, clock.now())

    @router.post("/statements/filing")
    async def filing(body: FilingBody, person: in_session) -> StatementAnswer:
        now = clock.now()
        named = ChildNamed(**body.child.model_dump()) if body.child else None
        person_id, child_iin = PersonId(person.person_id), parse_iin(body.child_iin)
        statement = await guardians.filing_statement(desk, person_id, child_iin, named, now)
        return StatementAnswer(statement=statement, expires_at=now + STATEMENT_LIFE)

    @router.get("/children/{child_id}/reads")
    async def who_looked(child_id: str, person: in_session) -> list[ReadAnswer]:
        person_id = PersonId(person.person_id)
        seen = await access.of_child(desk.store, person_id, ChildId(child_id))
        guardians_ids = await asking.guardians_of(desk.store, ChildId(child_id))
        return [_read(entry, person_id, guardians_ids) for entry in seen]

    return router


def _read(entry: Entry, person_id: PersonId, guardians_ids: frozenset[PersonId]) -> ReadAnswer:
    if entry.reader_id == person_id:
        reader = "you"
    elif entry.reader_id.startswith("service:"):
        reader = "service"
    else:
        reader = "guardian" if entry.reader_id in guardians_ids else "staff"
    return ReadAnswer(at=entry.at, service=entry.service, why=entry.why, reader=reader)
