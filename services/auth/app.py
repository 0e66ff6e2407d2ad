"""The composition root: the only place where the parts of auth meet."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta

from contracts.access import AuthRecordReadV1
from services.auth import api, events
from services.auth.consumer import hear
from services.auth.domain.refusals import Refusal
from services.auth.gateways import AuthorityRoad
from services.auth.settings import AuthSettings
from services.auth.signature.trust import pinned
from services.auth.signature.verifier import Verifier
from services.auth.store import INDEXES, Store
from services.auth.store.secrets import Secrets, make_secrets, read_secrets
from services.auth.usecases.desk import Desk
from services.auth.usecases.tokens import Mint, OwnKeys
from services.chassis.clock import Clock
from services.chassis.reads import Reads
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
    store = Store(frame.database, secrets)
    reads = Reads(store.reads, AuthRecordReadV1)
    return Parts(
        router=api.doors(
            _desk(settings, store, secrets),
            frame.tokens,
            settings.service_digests,
            settings.trusted_proxies,
            reads,
            frame.clock,
        ),
        hearing=hear(store),
        aggregates=(store.guardianships, store.reads),
        refusal=Refusal,
        statuses=api.STATUSES,
        indexes=INDEXES,
        statements=(Statement(store.guardianships, events.stated),),
    )


@asynccontextmanager
async def open_store() -> AsyncIterator[tuple[Store, datetime]]:
    """For an operator's command: the collections, connected, and the time it is."""
    running = frame()
    parts = compose(running)
    async with running.speaking(parts):
        yield Store(running.database, read_secrets(running.settings.secrets_dir)), running.clock.now()


def _desk(settings: AuthSettings, store: Store, secrets: Secrets) -> Desk:
    delta = str(settings.crl_delta_url) if settings.crl_delta_url else None
    road = AuthorityRoad(str(settings.ocsp_url), str(settings.crl_url), delta, settings.nca_timeout_seconds)
    return Desk(
        store=store,
        verifier=Verifier(pinned(settings.nca_anchors), road),
        mint=Mint(secrets.signing),
        refresh_key=secrets.refresh,
        site=settings.site,
        session_life=timedelta(hours=settings.session_hours),
        searches_per_minute=settings.searches_per_minute,
    )
