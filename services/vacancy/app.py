"""The composition root: the only place where the parts of this service meet."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime

from contracts.access import VacancyRecordReadV1
from services.chassis.policy import load_policies
from services.chassis.reads import Reads
from services.chassis.scheduler import Due
from services.chassis.service import Frame, Parts, Statement
from services.vacancy import api, events
from services.vacancy.consumer import hear
from services.vacancy.domain.refusals import Refusal
from services.vacancy.domain.words import PlaceId, StreamId
from services.vacancy.settings import VacancyPolicy, VacancySettings
from services.vacancy.store import INDEXES, Reading, Store
from services.vacancy.usecases import choosing, publishing, withdrawing
from services.vacancy.usecases.desk import Desk


def frame() -> Frame:
    """What the chassis gives, by the environment."""
    return Frame("vacancy", VacancySettings())


def open_desk(frame: Frame) -> Desk:
    """The collections and the rules."""
    settings = frame.settings
    policies = load_policies(settings.policy_dir, settings.policy_profile, "vacancy", VacancyPolicy)
    return Desk(Store(frame.database), Reading(frame.database), policies)


def compose(frame: Frame) -> Parts:
    """The service."""
    desk = open_desk(frame)
    store = desk.store
    reads = Reads(store.reads, VacancyRecordReadV1)
    return Parts(
        router=api.doors(desk, frame.tokens, reads, frame.clock),
        hearing=hear(desk, frame.clock),
        aggregates=(store.organisations, store.places, store.ledgers, store.reads),
        refusal=Refusal,
        statuses=api.STATUSES,
        indexes=INDEXES,
        due=(
            Due(store.ledgers, lambda stream_id, now: _look_at_stream(desk, stream_id, now)),
            Due(store.places, lambda place_id, now: choosing.confirm(desk, PlaceId(place_id), now)),
        ),
        statements=(
            Statement(store.organisations, events.organisation_stated, nightly=True),
            Statement(store.places, events.place_stated, nightly=True),
            Statement(store.ledgers, events.publication_stated, nightly=True),
        ),
    )


async def _look_at_stream(desk: Desk, stream_id: str, now: datetime) -> None:
    """What is due of a stream: withdrawals that were begun, then the publication of the day."""
    await withdrawing.finish(desk, StreamId(stream_id), now)
    await publishing.publish(desk, stream_id, now)


@asynccontextmanager
async def open_office() -> AsyncIterator[tuple[Desk, datetime]]:
    """What a command works with: the engines connected, nothing heard."""
    running = frame()
    async with running.acting(compose(running)):
        yield open_desk(running), running.clock.now()
