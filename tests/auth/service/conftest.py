"""auth, running in this process on the real engines, with the test authority's HTTP doors beside it."""

from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
import pytest_asyncio

from deploy.local.stack import Stack
from doubles.nca.certificates import Subject, Usage
from services.auth.app import compose, frame
from services.auth.settings import AuthSettings
from services.chassis.clock import SetClock
from services.chassis.testing import Served, served, settings_from
from tests.auth.hands import AIGERIM, NOW, Hands
from tests.auth.service.authority import AuthorityServer, digest

BROWSER = "a-secret-of-this-browser"


@dataclass
class Auth:
    """The service, its clock, and somebody who signs."""

    served: Served
    clock: SetClock
    hands: Hands
    settings: AuthSettings

    @property
    def client(self) -> httpx.AsyncClient:
        return self.served.client

    async def challenge(self, binding: str = BROWSER) -> dict[str, Any]:
        answer = await self.client.post("/challenges", json={"purpose": "login", "binding": binding})
        assert answer.status_code == 201, answer.text
        told: dict[str, Any] = answer.json()
        return told

    async def enter(self, person: Subject = AIGERIM) -> dict[str, Any]:
        asked = await self.challenge()
        answer = await self.answer(asked, self.hands.signed(asked["xml"], Usage.AUTH, person))
        assert answer.status_code == 201, answer.text
        told: dict[str, Any] = answer.json()
        return told

    async def answer(self, asked: dict[str, Any], signed: bytes, binding: str = BROWSER) -> httpx.Response:
        body = {"challenge_id": asked["challenge_id"], "binding": binding, "signed_xml": signed.decode()}
        return await self.client.post("/sessions", json=body)

    async def member(self, person: Subject = AIGERIM, **more: Any) -> tuple[str, dict[str, str]]:
        """A person who has logged in and left an address: (person_id, headers)."""
        told = await self.enter(person)
        headers = {"Authorization": f"Bearer {told['access_token']}"}
        body = {"email": "family@example.kz", "language": "kk", "consent": True} | more
        answer = await self.client.put("/me/contacts", json=body, headers=headers)
        assert answer.status_code == 200, answer.text
        return told["person_id"], {"Authorization": f"Bearer {answer.json()['access_token']}"}

    async def as_service(self, name: str) -> dict[str, str]:
        answer = await self.client.post("/service-tokens", auth=(name, f"secret of {name}"))
        assert answer.status_code == 200, answer.text
        return {"Authorization": f"Bearer {answer.json()['access_token']}"}


@pytest.fixture(scope="session")
def authority(shared_hands: Hands) -> Iterator[AuthorityServer]:
    with AuthorityServer(shared_hands.authority) as server:
        yield server


@pytest.fixture(scope="session")
def auth_settings(
    stack: Stack, shared_hands: Hands, authority: AuthorityServer, tmp_path_factory: pytest.TempPathFactory
) -> AuthSettings:
    folder: Path = tmp_path_factory.getbasetemp() / "auth"
    shared_hands.authority.write_anchors(folder / "anchors")
    return settings_from(
        AuthSettings,
        stack.environment("auth"),
        site="zholdama.test",
        nca_anchors=folder / "anchors",
        ocsp_url=f"{authority.url}/ocsp/",
        crl_url=f"{authority.url}/crl/nca_rsa.crl",
        crl_delta_url=f"{authority.url}/crl/nca_d_rsa.crl",
        service_digests={name: digest(f"secret of {name}") for name in ("notify", "referral", "queue", "vacancy")},
        trusted_proxies=["127.0.0.1/32"],
        searches_per_minute=20,
        challenges_per_minute=100_000,
        logins_per_minute=100_000,
        logins_of_a_person_per_minute=100_000,
        family_register_file=folder / "families.csv",
        secrets_dir=folder / "secrets",
        clock_file=None,
    )


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def running(auth_settings: AuthSettings, shared_hands: Hands) -> AsyncIterator[Auth]:
    clock = SetClock(NOW)
    async with served(frame(auth_settings, clock=clock), compose) as one:
        yield Auth(one, clock, shared_hands, auth_settings)


@pytest.fixture
def auth(running: Auth, hands: Hands, authority: AuthorityServer) -> Auth:
    """The one running service, with time and the authority's moods put back."""
    authority.cut = False
    running.clock.move(hands.at - running.clock.now())
    return running
