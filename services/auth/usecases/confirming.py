"""An e-mail address or a telephone is proven to be the person's own by a code; until then it is used all the same."""

import hmac
from dataclasses import dataclass, field
from datetime import datetime
from uuid import uuid4

import structlog

from services.auth import events
from services.auth.domain import confirmation
from services.auth.domain.confirmation import Confirmation
from services.auth.domain.ids import ConfirmationId, PersonId
from services.auth.domain.person import Channel, Contacts, Language, contact
from services.auth.domain.refusals import CodeWrong, ContactConfirmed, NoSuchConfirmation
from services.auth.store import Reading, Store
from services.auth.usecases import accounts
from services.auth.usecases.desk import Desk
from services.auth.usecases.limiting import ensure_seldom
from services.chassis.aggregates import retry_stale

log = structlog.get_logger("auth")


@dataclass(frozen=True, slots=True)
class ToSend:
    """A code and where it goes, for the moment of sending; kept by nobody."""

    person_id: PersonId
    language: Language
    channel: Channel
    address: str = field(repr=False)
    code: str = field(repr=False)


async def ask(desk: Desk, person_id: PersonId, address: str, now: datetime) -> Confirmation:
    """Has a code sent to one of the own addresses.

    Raises ContactsInvalid, NoSuchContact, ContactConfirmed, and TooManyRequests when the last one was just sent or too many
    were.
    """
    address, store = contact(address), desk.store
    known = await _contacts(store, person_id)
    channel = known.channel_of(address)
    if address in known.confirmed:
        raise ContactConfirmed
    last = await store.confirmations.last(person_id, address)
    confirmation.ensure_not_too_soon(last.state if last else None, now)
    await ensure_seldom(store, desk.limits.codes_of_a_person, person_id, now)
    await ensure_seldom(store, desk.limits.codes_to_an_address, address, now)
    asked = Confirmation(
        confirmation_id=ConfirmationId(str(uuid4())),
        person_id=person_id,
        contact=store.confirmations.digest(person_id, address),
        channel=channel,
        asked_at=now,
        expires_at=now + desk.code_life,
    )
    await store.confirmations.put(asked, (events.confirmation_asked(asked),), now=now)
    log.info("auth.code.asked", person_id=person_id, confirmation_id=asked.confirmation_id, channel=channel)
    return asked


async def confirm(store: Store, person_id: PersonId, address: str, code: str, now: datetime) -> None:
    """The address is proven; proving twice is proving once.

    Raises ContactsInvalid, NoSuchContact, CodeWrong, CodeExpired, CodeTriedTooOften.
    """
    address = contact(address)
    known = await _contacts(store, person_id)
    known.channel_of(address)
    if address in known.confirmed:
        return
    tried = await _counted(store, person_id, address, now)
    if not hmac.compare_digest(store.confirmations.code(tried.confirmation_id).encode(), code.encode()):
        log.info("auth.code.wrong", person_id=person_id, confirmation_id=tried.confirmation_id, tries=tried.tries)
        raise CodeWrong
    await accounts.confirm(store, person_id, address, now)
    log.info("auth.contact.confirmed", person_id=person_id, channel=tried.channel)


async def to_send(reading: Reading, confirmation_id: ConfirmationId, now: datetime) -> ToSend:
    """The code and its address. Raises NoSuchConfirmation when sending it would be of no use any more."""
    found = await reading.confirmations.all.get(confirmation_id)
    if found is None or not found.state.sendable(now):
        raise NoSuchConfirmation
    last = await reading.confirmations.last_to(found.state.contact)
    account = await reading.vault.accounts.get(found.state.person_id)
    if account is None or last is None or last.id != confirmation_id:
        raise NoSuchConfirmation
    known = await reading.vault.contacts(account.state)
    address = reading.confirmations.address(found.state, known)
    if address is None or address in known.confirmed:
        raise NoSuchConfirmation
    code = reading.confirmations.code(confirmation_id)
    return ToSend(found.state.person_id, account.state.language, found.state.channel, address, code)


@retry_stale
async def _counted(store: Store, person_id: PersonId, address: str, now: datetime) -> Confirmation:
    """Writes the try before anything is compared, so that many tries at once are not worth more than one after another."""
    last = await store.confirmations.last(person_id, address)
    if last is None:
        raise CodeWrong
    tried = confirmation.tried(last.state, now)
    await store.confirmations.all.save(last, tried, at=now)
    return tried


async def _contacts(store: Store, person_id: PersonId) -> Contacts:
    found = await store.vault.accounts.get(person_id)
    return await store.vault.contacts(found.state) if found else Contacts()
