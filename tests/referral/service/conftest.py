"""referral on real engines: the service in this process, an auth that answers as told, other services speaking."""

import contextlib
from collections import deque
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest
import pytest_asyncio
from fastapi import FastAPI, Response

from contracts import auth, queue, vacancy
from contracts.fields import Language, Mode, PlaceType, Status
from deploy.local.stack import Stack
from doubles.nca.authority import TestAuthority
from doubles.nca.certificates import Subject, Usage
from doubles.nca.iin import make_iin
from doubles.ncalayer.sign import sign_xml
from services.chassis.clock import SetClock, real_now
from services.chassis.service import Frame
from services.chassis.testing import Ears, Identity, Served, Speaker, eventually, served, settings_from
from services.referral.app import compose
from services.referral.settings import ReferralSettings

Serving = Callable[[FastAPI], contextlib.AbstractAsyncContextManager[str]]

TOPICS = tuple(f"zholdama.referral.{name}.v1" for name in ("choice", "referral", "bulletin", "access"))
STREAM = "almaty:correctional:SPEECH:2021"


@dataclass
class AuthDesk:
    """auth's two doors for referral; `verdicts` are given in turn, then every signature is good.

    `unread` is the answer to every signature while auth refuses to read it.
    """

    cards: dict[str, dict[str, Any]] = field(default_factory=dict)
    signer: str = ""
    verdicts: deque[tuple[str, str | None]] = field(default_factory=deque)
    unread: tuple[int, str] | None = None
    down: bool = False
    asked: int = 0

    def app(self, now: Callable[[], datetime]) -> FastAPI:
        """Its HTTP application."""
        app = FastAPI()

        @app.post("/service-tokens")
        async def token() -> dict[str, str]:
            return {"access_token": "token", "expires_at": (now() + timedelta(minutes=5)).isoformat()}

        @app.post("/signatures", response_model=None)
        async def signatures(body: dict[str, str]) -> dict[str, Any] | Response:
            if self.down:
                return Response(status_code=503)
            self.asked += 1
            if self.unread is not None:
                return Response(self.unread[1], self.unread[0], media_type="application/problem+json")
            assert body["purpose"] == "choice"
            assert body["expected_xml"].startswith('<choice xmlns="urn:zholdama:choice:1"')
            indication, why = self.verdicts.popleft() if self.verdicts else ("PASSED", None)
            return {
                "signature_id": str(uuid4()),
                "indication": indication,
                "sub_indication": why,
                "finding": None,
                "person_id": self.signer,
                "signed_at_best": now().isoformat(),
            }

        @app.post("/persons:cards", response_model=None)
        async def cards(body: dict[str, list[str]]) -> list[dict[str, Any]] | Response:
            if self.down:
                return Response(status_code=503)
            return [self.cards[each] for each in body["person_ids"]]

        return app


@dataclass(frozen=True)
class Family:
    """An invented child with two guardians and an application."""

    child_id: str
    mother: str
    father: str
    application_id: str
    number: str


@dataclass(frozen=True)
class Speakers:
    """The services whose facts referral hears."""

    auth: Speaker
    queue: Speaker
    vacancy: Speaker


@dataclass
class House:
    """A referral that runs, with everything around it."""

    service: Served
    clock: SetClock
    identity: Identity
    auth: AuthDesk
    nca: TestAuthority
    say: Speakers
    ears: Ears
    families: int = 0

    async def family(self) -> Family:
        """A family that referral has heard of."""
        self.families += 1
        serial = self.families
        ids = [str(uuid4()) for _ in range(4)]
        made = Family(ids[0], ids[1], ids[2], ids[3], f"KDDO.2026.{serial}.1")
        born = date(2021, 5, 13)
        self._card(made.child_id, "СЫНАҚОВА", "ҮМІТ", born, serial)
        self._card(made.mother, "СЫНАҚОВА", "ӘЙГЕРІМ", date(1990, 3, 4), serial)
        self._card(made.father, "СЫНАҚОВ", "ҒАНИ", date(1989, 2, 3), serial)
        self.auth.signer = made.mother
        linked = auth.LinkedV1(child_id=made.child_id, guardians=(made.mother, made.father))
        await self.say.auth.say(linked, times=2)
        await self.application(made, Status.NOTIFIED, 1)

        async def known() -> bool:
            answer = await self.get(made.mother, f"/applications/{made.application_id}/documents")
            return bool(answer.status_code == 200)

        await eventually(known)
        return made

    def _card(self, person_id: str, surname: str, given: str, born: date, serial: int) -> None:
        iin = make_iin(born, female=True, serial=serial)
        names = {"surname": surname, "given": given, "patronymic": "СЕРІКҚЫЗЫ", "iin": iin}
        self.auth.cards[person_id] = {"person_id": person_id, "birth_date": born.isoformat(), **names}

    async def application(self, family: Family, status: Status, sequence: int) -> None:
        """queue says how the application stands."""
        kind = queue.RemovedV1 if status is Status.REMOVED else queue.StatusChangedV1
        fact = kind(
            application_id=family.application_id,
            child_id=family.child_id,
            stream_id=STREAM,
            application_number=family.number,
            registered_at=datetime.fromisoformat("2025-05-13T06:17:04Z"),
            serial=self.families,
            status=status,
            invitable=status is not Status.REMOVED,
        )
        await self.say.queue.say(fact, sequence, times=2)

    def hold(self, family: Family, minutes: int = 20) -> dict[str, Any]:
        """The fields of a hold of a new place for the family."""
        place_id, organisation_id = str(uuid4()), str(uuid4())
        place = vacancy.PlaceCard(
            place_id=place_id,
            organisation_id=organisation_id,
            name_kk="«№ 145 арнайы бөбекжай» КММ",
            name_ru="КГУ «Специальный ясли-сад № 145»",
            kind_kk="Түзету балабақшасы",
            kind_ru="Коррекционный детский сад",
            address_kk="Сейфуллин даңғылы, 188А",
            address_ru="проспект Сейфуллина, 188А",
            district="TURKSIB",
            phones=("+7 727 200 00 00",),
            website="145.example.kz",
            language=Language.KK,
            place_type=PlaceType.GENERAL_USE,
            group_year=2021,
            stream_id=STREAM,
        )
        return {
            "hold_id": str(uuid4()),
            "place_id": place_id,
            "stream_id": STREAM,
            "application_id": family.application_id,
            "child_id": family.child_id,
            "held_by": family.mother,
            "mode": Mode.PRIORITY,
            "invitation_id": str(uuid4()),
            "queue_number": 364,
            "hold_until": self.clock.now() + timedelta(minutes=minutes),
            "place": place,
        }

    async def held(self, family: Family) -> dict[str, Any]:
        """A hold that referral has heard of, twice."""
        hold = self.hold(family)
        await self.say.vacancy.say(vacancy.HeldV1(**hold), 1, times=2)
        answer = await self.get(family.mother, f"/choices/{hold['hold_id']}?wait=10")
        assert answer.json()["state"] == "OPEN"
        return hold

    async def sign(self, family: Family, hold_id: str, person_id: str = "") -> httpx.Response:
        """The mother (or another) signs what the choice says and hands it in."""
        who = person_id or family.mother
        offered = (await self.get(who, f"/choices/{hold_id}")).json()["xml"]
        return await self.hand_in(who, hold_id, sign_xml(offered, self.key()))

    async def hand_in(self, person_id: str, hold_id: str, signed_xml: str) -> httpx.Response:
        """A person hands in a signed document, or what goes for one."""
        return await self.service.client.put(
            f"/choices/{hold_id}/signature", json={"signed_xml": signed_xml}, headers=self.identity.person(person_id)
        )

    def key(self) -> Any:
        """Some parent's SIGN key; whose it is, the auth of these tests says."""
        subject = Subject(make_iin(date(1990, 3, 4), female=True, serial=1), "СЫНАҚОВА", "ӘЙГЕРІМ", "СЕРІКҚЫЗЫ")
        return self.nca.keys(self.nca.register("parent", subject), Usage.SIGN)

    async def state(self, family: Family, hold_id: str, wait: float = 10) -> dict[str, Any]:
        """The choice as the mother sees it."""
        answer = await self.get(family.mother, f"/choices/{hold_id}?wait={wait}")
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    async def state_when_open(self, family: Family, hold_id: str) -> dict[str, Any]:
        """The choice, once its hold has been heard of."""
        return await self.state(family, hold_id, 10)

    async def signed(self, family: Family) -> dict[str, Any]:
        """A hold whose choice was signed."""
        hold = await self.held(family)
        assert (await self.sign(family, hold["hold_id"])).status_code == 202

        async def done() -> bool:
            return bool((await self.state(family, hold["hold_id"], 0))["state"] == "SIGNED")

        await eventually(done)
        return hold

    async def taken(self, hold: dict[str, Any]) -> None:
        """vacancy says, twice, that the place of a hold is the child's."""
        await self.say.vacancy.say(vacancy.TakenV1(**hold), 2, times=2)

    async def issued(self, family: Family) -> dict[str, Any]:
        """The referral of a family, as it stands in the documents tab."""
        hold = await self.signed(family)
        await self.taken(hold)
        choice = await self.state(family, hold["hold_id"], 20)
        assert choice["referral_id"], choice
        return next(each for each in await self.tab(family) if each["referral_id"] == choice["referral_id"])

    async def tab(self, family: Family) -> list[dict[str, Any]]:
        """The documents tab."""
        return list((await self.get(family.mother, f"/applications/{family.application_id}/documents")).json())

    async def get(self, person_id: str, path: str, **headers: str) -> httpx.Response:
        """A person looks."""
        return await self.service.client.get(path, headers=self.identity.person(person_id) | headers)

    async def post(self, person_id: str, path: str) -> httpx.Response:
        """A person asks for something."""
        return await self.service.client.post(path, headers=self.identity.person(person_id))

    async def begun(self, hold_id: str) -> Any:
        """The referral of a taken place as it is kept, also before anybody hears of it."""
        kept = self.service.parts.aggregates[1]

        async def there() -> Any:
            return next(iter(await kept.find({"hold_id": hold_id}, limit=1)), None)

        return await eventually(there)

    async def said(self, kind: str, family: Family) -> list[Any]:
        """What referral said of a family in one topic, oldest first."""
        return [fact for _, fact in self.told(kind) if getattr(fact, "child_id", "") == family.child_id]

    def told(self, topic: str) -> list[tuple[int, Any]]:
        """What a topic has said so far: sequence and fact."""
        return [(each.sequence, each.fact) for each in self.ears.facts if each.fact.topic == topic]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def running(
    stack: Stack,
    nca: TestAuthority,
    authority_files: Path,
    serving: Serving,
) -> AsyncIterator[House]:
    """referral, served in this process under a clock that stands still; started once for the tests of a file."""
    clock = SetClock(real_now())
    identity, desk = Identity(clock), AuthDesk()
    stack.passwords.key("referral/documents.key")
    async with contextlib.AsyncExitStack() as open_things:
        enter = open_things.enter_async_context
        own = {
            "auth_url": await enter(serving(desk.app(clock.now))),
            "public_url": "https://zholdama.example",
            "authority_store": str(authority_files / "department.p12"),
            "authority_password_file": str(authority_files / "department.password"),
            "auth_timeout_seconds": 2,
        }
        settings = settings_from(ReferralSettings, stack.environment("referral"), **own)
        speakers = [await enter(Speaker(name, stack.environment(name))) for name in ("auth", "queue", "vacancy")]
        service = await enter(served(Frame("referral", settings, keys=identity, clock=clock), compose))
        ears = await enter(Ears(stack.kafka(), *TOPICS))
        yield House(service, clock, identity, desk, nca, Speakers(*speakers), ears)


@pytest.fixture
def house(running: House) -> House:
    """The running service with an auth that is well again."""
    running.auth.down = False
    running.auth.unread = None
    running.auth.verdicts.clear()
    running.auth.asked = 0
    return running
