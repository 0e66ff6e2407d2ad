"""What a family may see: its journal, and the card of an application with its number and the reasons for it."""

from dataclasses import dataclass
from datetime import datetime

from services.chassis.aggregates import Stored
from services.queue.domain.actions import Action, actions
from services.queue.domain.application import (
    Application,
    HeardInvitation,
    NotInvitable,
    shown_invitation,
    why_not_invitable,
)
from services.queue.domain.order import Ahead, Turns
from services.queue.domain.refusals import NoSuchApplication, NoSuchPair
from services.queue.domain.words import LIVE, ApplicationId, ChildId, PersonId, PrivilegeClass
from services.queue.store import Reading
from services.queue.usecases.desk import Rules
from services.queue.usecases.standing import position


@dataclass(frozen=True, slots=True)
class Why:
    """Why the number is what it is: who stands in front, by class, and how the turns of the stream stand (R20)."""

    privilege: PrivilegeClass
    ahead: Ahead
    turns: Turns
    lowest: int
    highest: int
    """Between which numbers it moves by the turns of the other class."""


@dataclass(frozen=True, slots=True)
class Seen:
    """An application as its family sees it now."""

    application: Application
    number: int | None
    number_in_privilege: int
    why: Why | None
    not_invitable: NotInvitable | None
    invitation: HeardInvitation | None
    actions: tuple[Action, ...]
    rules: str
    """The version of the rules it was counted by."""


async def journal(reading: Reading, rules: Rules, person_id: PersonId, now: datetime) -> list[Seen]:
    """The applications of a person's children, latest first."""
    return [await _seen(reading, rules, stored, now) for stored in await reading.of_guardian(person_id)]


async def card(
    reading: Reading, rules: Rules, person_id: PersonId, application_id: ApplicationId, now: datetime
) -> Seen:
    """One application. Refused (NO_SUCH_APPLICATION) to all but the linked guardians (R4)."""
    return await _seen(reading, rules, await seen_by(reading, person_id, application_id), now)


async def by_pair(reading: Reading, rules: Rules, child_id: ChildId, application_number: str, now: datetime) -> Seen:
    """The application of a child for whoever knows its number: no session is needed.

    Refused (NO_SUCH_PAIR): whatever is wrong, the same one query was made and the same is told.
    """
    stored = await reading.with_pair(child_id, application_number)
    if stored is None:
        raise NoSuchPair
    return await _seen(reading, rules, stored, now)


async def just_filed(reading: Reading, rules: Rules, stored: Stored[Application], now: datetime) -> Seen:
    """The application that was registered by this very request."""
    return await _seen(reading, rules, stored, now)


async def for_office(reading: Reading, rules: Rules, application_id: ApplicationId, now: datetime) -> Seen:
    """Any application, for whoever works in the office. Refused: NO_SUCH_APPLICATION."""
    stored = await reading.applications.get(application_id)
    if stored is None:
        raise NoSuchApplication
    return await _seen(reading, rules, stored, now)


async def seen_by(reading: Reading, person_id: PersonId, application_id: ApplicationId) -> Stored[Application]:
    """An application of the person's child; for others there is none (R4)."""
    stored = await reading.applications.get(application_id)
    if stored is None or person_id not in await reading.guardians(stored.state):
        raise NoSuchApplication
    return stored


async def _seen(reading: Reading, rules: Rules, stored: Stored[Application], now: datetime) -> Seen:
    application, today = stored.state, rules.calendar.local_day(now)
    number, within, why = application.last_number, 0, None
    if application.status in LIVE:
        at = await position(reading, application, today)
        if at is not None:
            number, within = at.number, at.number_in_privilege
            why = Why(at.privilege, at.ahead, reading.standing.turns(application.stream_id), at.lowest, at.highest)
    return Seen(
        application=application,
        number=number,
        number_in_privilege=within,
        why=why,
        not_invitable=why_not_invitable(application, today),
        invitation=shown_invitation(application),
        actions=actions(application, today),
        rules=rules.version,
    )
