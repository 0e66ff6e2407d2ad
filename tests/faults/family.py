"""One family of a fault run. It does what the parents' guide says, through public doors, and writes down what it was given."""

import asyncio
import secrets
import time
from collections import Counter
from dataclasses import dataclass, field
from enum import StrEnum
from random import Random
from typing import Any

from tests.faults.doors import Doors, NeverAnswered, Refused
from tests.faults.ledger import ISSUED, TURN, Books, Held, Told
from tests.faults.steps import Step, Street
from tests.faults.town import Home

LOOK_SECONDS = 0.5
SUBJECTS = {
    "Кезегіңіз келді": TURN,
    "Подошла ваша очередь": TURN,
    "Жолдама берілді": ISSUED,
    "Выдано направление": ISSUED,
}
SMS = {"Кезек №": TURN, "Очередь №": TURN, "Жолдама берілді": ISSUED, "Выдано направление": ISSUED}

NOT_YET = frozenset(
    {"PLACE_TAKEN", "NO_SUCH_PLACE", "NOT_INVITED", "NOT_IN_QUEUE", "NOT_YOUR_CHILD", "CHILD_HAS_PLACE"}
)
"""Refusals that pass: another child was faster, or vacancy has not heard yet what the family knows already."""


class Way(StrEnum):
    """What a family does with its turn."""

    SIGN = "signs"
    DECLINE_FIRST = "gives the first place back, then signs"
    RETURN = "signs and later returns the referral"


@dataclass
class Family:
    """A guardian, a child, and what they remember."""

    home: Home
    child_id: str
    doors: Doors
    books: Books
    street: Street
    dice: Random
    handle: str | None = None
    token: str | None = None
    application_id: str | None = None
    step: Step = Step.TURN
    turns_played: int = 0
    news_expected: int = 0
    busy: bool = False
    told: Told = field(default_factory=Told)

    async def read_post(self) -> Told:
        """Everything in the mailbox and on the phone, sorted by what it is about."""
        told = Told({TURN: Counter(), ISSUED: Counter()}, {TURN: Counter(), ISSUED: Counter()})
        for letter in await self.doors.letters(self.home.email):
            kind = next((kind for words, kind in SUBJECTS.items() if letter["subject"].startswith(words)), "OTHER")
            told.letters.setdefault(kind, Counter())[letter["message_id"]] += 1
        for message in await self.doors.messages(self.home.phone):
            kind = next((kind for words, kind in SMS.items() if message["text"].startswith(words)), "OTHER")
            told.sms.setdefault(kind, Counter())[message["text"]] += 1
        self.told = self.books.told[self.child_id] = told
        return told

    async def has_heard_of_a_turn(self) -> bool:
        """Whether a letter tells of a turn that was not played yet."""
        return len((await self.read_post()).letters[TURN]) > self.turns_played

    async def play(self, way: Way) -> None:
        """From the letter to the news of the referral. NeverAnswered or Refused when the city leaves the family alone."""
        self.turns_played += 1
        self.busy = True
        try:
            await self._story(way)
        finally:
            self.busy = False

    async def _story(self, way: Way) -> None:
        await self._log_in()
        await self._read_card()
        hold_id = await self._take_a_place()
        if way is Way.DECLINE_FIRST:
            await self._give_back(hold_id)
            hold_id = await self._take_a_place()
        referral_id = await self._sign(hold_id)
        await self._hear_of_referral()
        if way is Way.RETURN:
            await self._return(referral_id)

    async def _log_in(self) -> None:
        with self._at(Step.LOGIN):
            if self.handle is None:
                body = {"iin": self.home.guardian_iin, "surname": "СЫНАҚОВА", "given": f"АНА{self.home.number}"}
                self.handle = str((await self.doors.ask("POST", "nca", "/people", body=body)).json()["handle"])
            while True:
                binding = secrets.token_urlsafe(24)
                body = {"purpose": "login", "binding": binding}
                asked = (await self.doors.ask("POST", "auth", "/challenges", body=body)).json()
                signed = await self.doors.sign(self.handle, "AUTHENTICATION", asked["xml"])
                body = {"challenge_id": asked["challenge_id"], "binding": binding, "signed_xml": signed}
                try:
                    session = (await self.doors.ask("POST", "auth", "/sessions", body=body)).json()
                except Refused as refused:
                    if refused.code != "CHALLENGE_UNKNOWN_OR_USED":  # the answer to an earlier try was lost
                        raise
                    continue
                self.token = str(session["access_token"])
                if session["email_required"]:
                    await self._give_contacts()
                return

    async def _give_contacts(self) -> None:
        body = {
            "email": self.home.email,
            "phone": self.home.phone,
            "language": self.home.language,
            "consent": True,
        }
        answer = await self.doors.ask("PUT", "auth", "/me/contacts", body=body, token=self.token)
        self.token = str(answer.json()["access_token"])

    async def _ask(self, method: str, service: str, path: str, body: Any = None) -> Any:
        """A question in session; when the session ended, log in and ask again."""
        try:
            return (await self.doors.ask(method, service, path, body=body, token=self.token)).json()
        except Refused as refused:
            if refused.status != 401:
                raise
        await self._log_in()
        return (await self.doors.ask(method, service, path, body=body, token=self.token)).json()

    async def _read_card(self) -> None:
        with self._at(Step.CARD):
            journal = await self._until(
                lambda: self._ask("GET", "queue", "/applications"),
                lambda rows: any(row["child_id"] == self.child_id for row in rows),
            )
            self.application_id = next(row["application_id"] for row in journal if row["child_id"] == self.child_id)
            await self.read_turns()

    async def read_turns(self) -> None:
        """The turns that the card tells of."""
        card = await self._ask("GET", "queue", f"/applications/{self.application_id}")
        lines = {line["at"] for line in card["history"] if line["what"] == "INVITED"}
        self.books.turns[self.child_id] = lines

    async def _take_a_place(self) -> str:
        """Chooses until a place is ours: others choose too."""
        path = f"/places?application_id={self.application_id}"
        with self._at(Step.CHOOSE):
            while time.monotonic() < self.doors.until:
                places = await self._until(
                    lambda: self._ask("GET", "vacancy", path), lambda answer: bool(listed(answer)), may_be_missing=True
                )
                place_id = self.dice.choice(listed(places))["place_id"]
                body = {"application_id": self.application_id}
                try:
                    held = await self._ask("POST", "vacancy", f"/places/{place_id}/holds", body)
                except Refused as refused:
                    if refused.code not in NOT_YET:
                        raise
                    await asyncio.sleep(LOOK_SECONDS)
                    continue
                self.books.holds.setdefault(held["hold_id"], Held(self.child_id, place_id))
                return str(held["hold_id"])
        raise NeverAnswered(self.step.words)

    async def _choice(self, hold_id: str, *, wait: int = 25) -> Any:
        return await self._until(
            lambda: self._ask("GET", "referral", f"/choices/{hold_id}?wait={wait}"), lambda _: True, may_be_missing=True
        )

    async def _give_back(self, hold_id: str) -> None:
        with self._at(Step.CHOICE):
            await self._choice(hold_id)
        with self._at(Step.DECLINE):
            await self._ask("POST", "referral", f"/choices/{hold_id}:decline")

    async def _sign(self, hold_id: str) -> str:
        with self._at(Step.CHOICE):
            choice = await self._choice(hold_id)
        with self._at(Step.SIGN):
            assert self.handle is not None
            signed = await self.doors.sign(self.handle, "SIGNATURE", choice["xml"])
            try:
                await self._ask("PUT", "referral", f"/choices/{hold_id}/signature", {"signed_xml": signed})
            except Refused as refused:
                if refused.code not in ("SIGNATURE_BEING_CHECKED", "ALREADY_SIGNED"):
                    raise
            self.books.holds[hold_id].signed = True
        with self._at(Step.REFERRAL):
            choice = await self._until(lambda: self._choice(hold_id), lambda answer: bool(answer["referral_id"]))
            self.books.holds[hold_id].referral_ids.add(choice["referral_id"])
            return str(choice["referral_id"])

    async def _hear_of_referral(self) -> None:
        self.news_expected += 1
        with self._at(Step.NEWS):
            await self._until(
                self.read_post,
                lambda told: (
                    len(told.letters[ISSUED]) >= self.news_expected
                    and sum(told.sms[ISSUED].values()) >= self.news_expected
                ),
            )

    async def _return(self, referral_id: str) -> None:
        with self._at(Step.RETURN):
            try:
                await self._ask("POST", "referral", f"/referrals/{referral_id}:return")
            except Refused as refused:
                if refused.code != "REFERRAL_OVER":  # the answer to an earlier try was lost
                    raise
            self.books.returned.add(referral_id)

    async def _until(self, look: Any, good: Any, *, may_be_missing: bool = False) -> Any:
        """Looks until the answer is good; NeverAnswered when patience ends."""
        while time.monotonic() < self.doors.until:
            try:
                answer = await look()
            except Refused as refused:
                if not (may_be_missing and refused.status == 404):
                    raise
            else:
                if good(answer):
                    return answer
            await asyncio.sleep(LOOK_SECONDS)
        raise NeverAnswered(self.step.words)

    def _at(self, step: Step) -> Any:
        self.step = step
        return self.street.at(step)


def listed(answer: Any) -> list[dict[str, Any]]:
    """The places of an answer, whether it is a list or holds one."""
    return answer if isinstance(answer, list) else list(answer["places"])
