"""The composition root: the only place where the parts of auth meet."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from functools import partial

from contracts.access import AuthRecordReadV1
from services.auth import api, events
from services.auth.consumer import hear
from services.auth.domain.refusals import Refusal
from services.auth.gateways import family_register
from services.auth.settings import AuthSettings
from services.auth.signature.verifier import Verifier
from services.auth.store import INDEXES, Reading, Store
from services.auth.store.secrets import Secrets, make_secrets, read_secrets
from services.auth.usecases.arriving import remind
from services.auth.usecases.desk import Desk
from services.auth.usecases.judging import judge_of
from services.auth.usecases.limiting import limits_of
from services.auth.usecases.tokens import Mint, OwnKeys
from services.chassis.clock import Clock
from services.chassis.reads import Reads
from services.chassis.scheduler import Due
from services.chassis.service import Frame, Parts, Statement
from services.chassis.settings import Profile


def frame(settings: AuthSettings | None = None, clock: Clock | None = None) -> Frame:
    """What the chassis gives; auth checks tokens by its own key."""
    settings = settings or AuthSettings()
    if settings.profile is Profile.TEST:
        make_secrets(settings.secrets_dir)
    return Frame("auth", settings, keys=OwnKeys(Mint(read_secrets(settings.secrets_dir).signing)), clock=clock)


def compose(frame: Frame) -> Parts:
    """The service."""
    settings = frame.settings
    if not isinstance(settings, AuthSettings):
        raise TypeError("auth runs with its own settings")
    secrets = read_secrets(settings.secrets_dir)
    verifier, lists = judge_of(settings, frame.clock.now, frame.metrics.registry)
    desk = _desk(frame, settings, secrets, verifier)
    store, reads = desk.store, Reads(desk.store.reads, AuthRecordReadV1)
    return Parts(
        router=api.doors(desk, frame.tokens, settings.service_digests, settings.trusted_proxies, reads, frame.clock),
        hearing=hear(store),
        aggregates=(store.guardianships, store.reads, store.confirmations.all, store.familiar),
        refusal=Refusal,
        statuses=api.STATUSES,
        indexes=INDEXES,
        statements=(Statement(store.guardianships, events.stated),),
        due=(Due(store.familiar, partial(remind, store)),),
        on_start=(lists.start,),
    )


@asynccontextmanager
async def open_store() -> AsyncIterator[tuple[Store, datetime]]:
    """For an operator's command: the collections, connected, and the time it is."""
    running = frame()
    async with running.acting(compose(running)):
        yield Store(running.database, read_secrets(running.settings.secrets_dir)), running.clock.now()


def _desk(frame: Frame, settings: AuthSettings, secrets: Secrets, verifier: Verifier) -> Desk:
    url = str(settings.family_register_url) if settings.family_register_url else None
    return Desk(
        store=Store(frame.database, secrets),
        reading=Reading(frame.database, secrets),
        verifier=verifier,
        mint=Mint(secrets.signing),
        refresh_key=secrets.refresh,
        site=settings.site,
        session_life=timedelta(hours=settings.session_hours),
        code_life=timedelta(minutes=settings.code_minutes),
        limits=limits_of(settings),
        register=family_register(settings.family_register_file, url, settings.nca_timeout_seconds),
    )
