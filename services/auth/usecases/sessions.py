"""The own sessions: seen, ended one by one or everywhere."""

from datetime import datetime

import structlog

from services.auth.domain import session
from services.auth.domain.ids import PersonId, SessionId
from services.auth.domain.iin import Iin
from services.auth.domain.refusals import NoSuchPerson, NoSuchSession
from services.auth.domain.session import Session
from services.auth.store import Reading, Store
from services.chassis.aggregates import retry_stale

log = structlog.get_logger("auth")

_SESSIONS_AT_MOST = 500


async def living(reading: Reading, person_id: PersonId, now: datetime) -> list[Session]:
    """The sessions of a person that have not ended, the one used last first."""
    alive = {"person_id": person_id, "ends_at": {"$gt": now}, "ended_at": {"$exists": False}}
    found = await reading.sessions.find(alive, limit=_SESSIONS_AT_MOST)
    return sorted((each.state for each in found), key=lambda each: each.last_used_at, reverse=True)


@retry_stale
async def end(store: Store, person_id: PersonId, session_id: SessionId, now: datetime) -> None:
    """Ends one of the own sessions; ending it twice is ending it once. Raises NoSuchSession for another person's."""
    found = await store.sessions.get(session_id)
    if found is None or found.state.person_id != person_id:
        raise NoSuchSession
    if found.state.ended_at is None:
        await store.sessions.save(found, session.ended(found.state, now=now), at=now)


async def end_all(store: Store, person_id: PersonId, now: datetime) -> int:
    """Ends every session of a person and returns how many: no refresh token of theirs is worth anything any more."""
    ended = 0
    while alive := await living(store, person_id, now):
        for each in alive:
            await end(store, person_id, each.session_id, now)
            ended += 1
    log.info("auth.sessions.ended", person_id=person_id, count=ended)
    return ended


async def end_all_of(store: Store, iin: Iin, by: PersonId, now: datetime) -> int:
    """Staff log out a person who has lost a key or a telephone; raises NoSuchPerson."""
    found = await store.vault.by_iin(iin)
    if found is None:
        raise NoSuchPerson
    log.info("auth.sessions.ended_by_staff", person_id=found.state.person_id, by=by)
    return await end_all(store, found.state.person_id, now)
