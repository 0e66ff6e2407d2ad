"""Vacancy and everybody around it, for its stories: guardians, a clerk, queue and referral saying facts, a moved clock."""

import random
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx

from contracts import EVENTS, auth, queue, referral
from contracts.envelope import Fact
from contracts.fields import EndReason, Status
from services.chassis.clock import Setting, real_now, write_setting
from services.chassis.testing import Ears, Identity, Served, Speaker, eventually
from services.vacancy.domain.organisation import Organisation
from services.vacancy.domain.words import OrganisationId
from services.vacancy.usecases import entering
from services.vacancy.usecases.desk import Desk

MONDAY_EVENING = datetime(2026, 11, 30, 12, 0, tzinfo=UTC)
TUESDAY = datetime(2026, 12, 1, 2, 0, tzinfo=UTC)
"""Tue 1 December 2026, 07:00 in Almaty: a working day at the opening hour."""
DAY = timedelta(days=1)


def new_id() -> str:
    return str(uuid4())


@dataclass
class Child:
    """An invented child that stands in a stream, and its guardian."""

    child_id: str
    guardian: str
    application_id: str
    stream_id: str
    sequence: int = 1


@dataclass
class Hall:
    """The served vacancy and everybody around it."""

    served: Served
    desk: Desk
    identity: Identity
    ears: Ears
    speakers: Mapping[str, Speaker]
    clock_file: Path
    _sequences: dict[str, int] = field(default_factory=dict)

    def now(self) -> datetime:
        return self.served.frame.clock.now()

    async def move(self, to: datetime) -> None:
        """Sets the business clock and waits until everything due has been done."""
        write_setting(self.clock_file, Setting(real_now(), to, 0.0))

        async def caught_up() -> bool:
            return self.now() == to and self.served.frame.scheduler.caught_up_to() >= to

        await eventually(caught_up, 60)

    async def next_opening(self) -> None:
        """The next working day, 07:00."""
        rules = self.desk.rules(self.now())
        await self.move(rules.calendar.next_opening(self.now(), rules.publish_time, working_days_only=True))

    async def tell(self, fact: Fact, sequence: int | None = None, *, times: int = 1) -> None:
        """Another service says a fact, with its own credentials."""
        if sequence is None:
            sequence = self._sequences.get(fact.subject(), 0) + 1
            self._sequences[fact.subject()] = sequence
        await self.speakers[EVENTS[fact.type].producer].say(fact, sequence, at=self.now(), times=times)

    def new_stream(self) -> str:
        """A stream that no other test uses."""
        region = "".join(random.choices("abcdefghijklmnopqrstuvwxyz", k=8))
        return f"{region}:correctional:SPEECH:2021"

    async def organisation(self, **more: Any) -> str:
        organisation = Organisation(
            organisation_id=OrganisationId(new_id()),
            name_kk="№ 900 арнайы балабақша",
            name_ru="Специальный детский сад № 900",
            bin="000140000001",
            kind_kk="Түзету балабақшасы",
            kind_ru="Коррекционный детский сад",
            address_kk="Алматы қ., Түрксіб ауданы, Үлгі к-сі 1",
            address_ru="г. Алматы, Турксибский район, ул. Образцовая 1",
            district="TURKSIB",
            phones=("87270000000",),
            website="https://900.example.kz",
            latitude=43.3,
            longitude=76.9,
            **more,
        )
        await entering.register_organisation(self.desk, organisation, self.now())
        return organisation.organisation_id

    async def enter(self, stream_id: str, n: int, organisation_id: str | None = None) -> list[str]:
        """A clerk enters `n` free places, never in the very moment of a publication: half of them would go out with it."""
        if self.now() == self.desk.rules(self.now()).last_opening(self.now()):
            await self.move(self.now() + timedelta(minutes=1))
        organisation_id = organisation_id or await self.organisation()
        clerk = self.identity.person(new_id(), "clerk")
        group_year = int(stream_id[-4:])
        body = {
            "organisation_id": organisation_id,
            "stream_id": stream_id,
            "group_year": group_year,
            "language": "kk",
        }
        answers = [await self.served.client.post("/places", json=body, headers=clerk) for _ in range(n)]
        assert [answer.status_code for answer in answers] == [201] * n, answers[0].text
        return [answer.json()["place_id"] for answer in answers]

    async def children(self, stream_id: str, n: int) -> list[Child]:
        """`n` children of a stream: queue and auth have told of them."""
        made = [Child(new_id(), new_id(), new_id(), stream_id) for _ in range(n)]
        for child in made:
            await self.tell(auth.LinkedV1(child_id=child.child_id, guardians=[child.guardian]), times=2)
            await self.tell(self.application(child, queue.RegisteredV1), times=2)

        async def known() -> bool:
            return all([await self.known(child) for child in made])

        await eventually(known, 15)
        return made

    async def known(self, child: Child) -> bool:
        guardians = await self.desk.store.guardianships.get(child.child_id)
        return guardians is not None and await self.desk.store.candidates.get(child.child_id) is not None

    def application(
        self, child: Child, kind: type[queue.ApplicationFact], status: str = "QUEUED", *, invitable: bool = True
    ) -> Fact:
        return kind(
            application_id=child.application_id,
            child_id=child.child_id,
            stream_id=child.stream_id,
            application_number="KDDO.2026.1.1",
            registered_at=MONDAY_EVENING,
            serial=1,
            status=Status(status),
            invitable=invitable,
        )

    async def invite(self, child: Child, *, days: float = 3, times: int = 1) -> str:
        """The turn of the child comes, and vacancy has heard of it."""
        invitation_id = new_id()
        fact = queue.InvitedV1(
            stream_id=child.stream_id,
            invitation_id=invitation_id,
            application_id=child.application_id,
            child_id=child.child_id,
            queue_number=1,
            places_open=1,
            deadline=self.now() + timedelta(days=days),
        )
        await self.tell(fact, times=times)

        async def heard() -> bool:
            stored = await self.desk.store.candidates.get(child.child_id)
            return stored is not None and any(i.invitation_id == invitation_id for i in stored.state.invitations)

        await eventually(heard)
        return invitation_id

    async def end_invitation(self, child: Child, invitation_id: str, reason: str, *, times: int = 1) -> None:
        fact = queue.InvitationEndedV1(
            stream_id=child.stream_id,
            invitation_id=invitation_id,
            application_id=child.application_id,
            child_id=child.child_id,
            reason=EndReason(reason),
        )
        await self.tell(fact, times=times)

        async def heard() -> bool:
            stored = await self.desk.store.ledgers.get(child.stream_id)
            return stored is not None and invitation_id in stored.state.ended

        await eventually(heard)

    async def hold(self, child: Child, place_id: str, guardian: str | None = None) -> httpx.Response:
        """A guardian says yes."""
        return await self.served.client.post(
            f"/places/{place_id}/holds",
            json={"application_id": child.application_id},
            headers=self.identity.person(guardian or child.guardian),
        )

    async def offer(self, child: Child, guardian: str | None = None) -> httpx.Response:
        return await self.served.client.get(
            "/places",
            params={"application_id": child.application_id},
            headers=self.identity.person(guardian or child.guardian),
        )

    async def choice(
        self, kind: type[referral.ChoiceFact], child: Child, place_id: str, hold_id: str, *, times: int = 1
    ) -> None:
        """Referral says how a choice ended."""
        fact = kind(hold_id=hold_id, place_id=place_id, application_id=child.application_id, child_id=child.child_id)
        await self.tell(fact, times=times)

    async def returned(self, child: Child, place_id: str, hold_id: str, *, times: int = 1) -> None:
        """Referral says that the family gave the referral back."""
        fact = referral.ReturnedV1(
            referral_id=new_id(),
            hold_id=hold_id,
            referral_number="ALM-2026-000001",
            application_id=child.application_id,
            child_id=child.child_id,
            place_id=place_id,
            organisation_id=new_id(),
            mode="PRIORITY",
            issued_at=self.now(),
            valid_until=self.now() + timedelta(days=5),
            state="RETURNED",
            document_sha256="0" * 64,
        )
        await self.tell(fact, times=times)

    async def state(self, place_id: str) -> str:
        stored = await self.desk.store.places.get(place_id)
        assert stored is not None
        return stored.state.state.value

    async def becomes(self, place_id: str, state: str) -> None:
        async def is_so() -> bool:
            return await self.state(place_id) == state

        await eventually(is_so)
