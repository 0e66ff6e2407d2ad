"""Who judges signatures here, by the settings: the trusted anchors, the road to the authority, the lists kept loaded."""

from collections.abc import Callable
from datetime import datetime

from prometheus_client import CollectorRegistry
from pydantic import AnyHttpUrl

from services.auth.gateways import AuthorityRoad
from services.auth.settings import AuthSettings
from services.auth.signature.gost.crl import signed_by_gost
from services.auth.signature.gost.verifier import GostVerifier
from services.auth.signature.trust import TrustFolder
from services.auth.signature.verifier import Verifier
from services.auth.usecases.lists import KeptLists, ListFigures, ListKeeper
from services.chassis.settings import Profile

_LISTS_PATIENCE = 5
"""A person waits for revocation lists so many times as long as for an OCSP answer, and no longer."""


def judge_of(
    settings: AuthSettings, now: Callable[[], datetime], registry: CollectorRegistry
) -> tuple[Verifier, KeptLists]:
    """The judge of signatures, and the lists it falls back upon, kept loaded while the service runs."""
    trust = TrustFolder(settings.nca_anchors, test=settings.profile is Profile.TEST)
    figures = ListFigures(registry)
    road = _road(settings, settings.crl_url, settings.crl_delta_url)
    keepers = [ListKeeper(road, trust, now, figures)]
    if settings.gost and settings.gost_crl_url:
        gost = _road(settings, settings.gost_crl_url, settings.gost_crl_delta_url)
        keepers.append(ListKeeper(gost, trust, now, figures, family="gost", signed_by=signed_by_gost))
    lists = KeptLists(road, keepers, _LISTS_PATIENCE * settings.nca_timeout_seconds)
    return (GostVerifier if settings.gost else Verifier)(trust, lists), lists


def _road(settings: AuthSettings, full: AnyHttpUrl, delta: AnyHttpUrl | None) -> AuthorityRoad:
    return AuthorityRoad(str(settings.ocsp_url), str(full), str(delta) if delta else None, settings.nca_timeout_seconds)
