"""Lists kept loaded: refreshed by their own dates, asked for once, an alarm when they are stale."""

from collections.abc import AsyncIterator, Callable, Iterator, MutableMapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

import pytest
import structlog
from cryptography import x509
from prometheus_client import CollectorRegistry

from doubles.nca.certificates import Usage
from services.auth.domain.revocation import Unreachable
from services.auth.domain.verdict import Finding, Rejected
from services.auth.signature import crl
from services.auth.usecases import lists as keeping
from services.auth.usecases.lists import KeptLists, ListFigures, ListKeeper
from tests.auth.hands import AIGERIM, NOW, Hands


class Places:
    """The two places of an authority's lists, which can be out of reach."""

    has_delta = True

    def __init__(self, hands: Hands) -> None:
        self.hands = hands
        self.cut = False
        self.asked: list[str] = []
        self.instead: dict[str, Callable[[], bytes]] = {}

    async def ocsp(self, request: bytes) -> bytes:
        return self.hands.authority.ocsp(request)

    async def full_list(self) -> bytearray:
        return self._say("full", self.hands.authority.crl)

    async def delta_list(self) -> bytearray:
        return self._say("delta", self.hands.authority.delta_crl)

    def _say(self, name: str, list_of: Callable[[], bytes]) -> bytearray:
        self.asked.append(name)
        if self.cut:
            raise Unreachable
        return bytearray(self.instead.get(name, list_of)())


class House:
    """A running service as far as its lists go; `at` is business time."""

    def __init__(self) -> None:
        self.hands = Hands()
        self.places = Places(self.hands)
        self.registry = CollectorRegistry()
        self.keeper = ListKeeper(self.places, self.hands.trust, self.now, ListFigures(self.registry))
        self.lists = KeptLists(self.places, [self.keeper], 5.0)

    @property
    def issuer(self) -> x509.Certificate:
        return self.hands.authority.issuing.cert

    def now(self) -> datetime:
        return self.hands.at

    def pass_(self, hours: float) -> None:
        self.hands.at += timedelta(hours=hours)

    def remaining(self, name: str) -> float:
        value = self.registry.get_sample_value("revocation_list_remaining_seconds", {"list": name})
        assert value is not None
        return value

    async def finding(self, leaf: x509.Certificate) -> Finding | None:
        try:
            crl.ensure_not_listed(await self.lists.lists(), leaf, self.issuer, self.now())
        except Rejected as rejected:
            return rejected.finding
        return None


@pytest.fixture
async def house() -> AsyncIterator[House]:
    house = House()
    yield house
    await house.lists.stop()


async def test_the_lists_are_loaded_before_anybody_asks(house: House) -> None:
    await house.lists.start()
    leaf = house.hands.key(Usage.AUTH).cert
    assert await house.finding(leaf) is None
    assert await house.finding(leaf) is None
    assert house.places.asked == ["full", "delta"]


async def test_what_is_kept_as_evidence_names_both_lists(house: House) -> None:
    told = crl.told(await house.lists.lists(), house.hands.key(Usage.AUTH).cert, house.issuer, house.now())
    assert '"full": {"number": ' in told.evidence
    assert '"delta": {"number": ' in told.evidence
    assert len(told.evidence) < 500


async def test_a_revocation_is_learnt_from_the_delta_within_a_minute(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    credential = house.hands.authority.issue(AIGERIM, Usage.AUTH)
    assert await house.finding(credential.cert) is None
    house.hands.authority.revoke(credential)
    house.pass_(0.1)
    assert await house.finding(credential.cert) is None
    monkeypatch.setattr(keeping, "AGAIN_SECONDS", 0.0)
    assert await house.finding(credential.cert) is Finding.CERTIFICATE_REVOKED
    assert house.places.asked.count("full") <= 2


async def test_each_list_is_refreshed_when_a_tenth_of_its_life_is_left(house: House) -> None:
    await house.keeper.renew(asked=False)
    house.pass_(6)
    await house.keeper.renew(asked=False)
    assert house.places.asked == ["full", "delta"]
    house.pass_(1)
    await house.keeper.renew(asked=False)
    assert house.places.asked == ["full", "delta", "delta"]
    house.pass_(18)
    await house.keeper.renew(asked=False)
    assert house.places.asked.count("full") == 2


@contextmanager
def overheard() -> Iterator[list[MutableMapping[str, Any]]]:
    """What is logged meanwhile, whether or not another test has set the log up before."""
    with pytest.MonkeyPatch.context() as patch, structlog.testing.capture_logs() as said:
        patch.setattr(keeping, "log", structlog.get_logger("auth"))
        yield said


async def test_a_stale_list_says_nothing_and_sounds_the_alarm_once(house: House) -> None:
    leaf = house.hands.key(Usage.AUTH).cert
    assert await house.finding(leaf) is None
    assert house.remaining("rsa-full") > 0
    house.places.cut = True
    house.pass_(30)
    with overheard() as said:
        assert await house.finding(leaf) is Finding.REVOCATION_STALE
        for each in house.keeper._kept * 2:
            each.sound(house.now())
    assert [line["list"] for line in said if line["event"] == "auth.revocation_list.stale"] == ["rsa-full", "rsa-delta"]
    assert house.remaining("rsa-full") < 0
    assert house.remaining("rsa-delta") < 0


async def test_nobody_reached_is_asked_once_a_minute_and_not_for_every_person(house: House) -> None:
    house.places.cut = True
    for _ in range(5):
        with pytest.raises(Unreachable):
            await house.lists.lists()
    assert house.places.asked == ["full", "delta"]
    assert house.remaining("rsa-full") == float("-inf")


async def test_a_list_that_is_not_to_be_believed_does_not_replace_a_good_one(house: House) -> None:
    leaf = house.hands.key(Usage.AUTH).cert
    assert await house.finding(leaf) is None
    stranger = Hands().authority
    house.places.instead = {"full": stranger.crl, "delta": house.hands.authority.crl}
    house.pass_(25)
    with overheard() as said:
        await house.keeper.renew(asked=True)
    assert [line["finding"] for line in said if line["event"] == "auth.revocation_list.refused"] == [
        Finding.REVOCATION_SIGNATURE,
        Finding.REVOCATION_MALFORMED,
    ]
    assert house.keeper.pair is not None
    assert house.keeper.pair[0].listed is not None


async def test_an_older_list_is_not_taken_back(house: House) -> None:
    old = house.hands.authority.crl()
    house.pass_(25)
    await house.lists.lists()
    number = house.keeper.pair[0].number if house.keeper.pair else 0
    house.places.instead = {"full": lambda: old}
    house.pass_(25)
    await house.keeper.renew(asked=False)
    assert house.keeper.pair is not None
    assert house.keeper.pair[0].number == number


async def test_a_list_of_another_issuer_proves_nothing_about_this_one(house: House) -> None:
    known = await house.lists.lists()
    with pytest.raises(Rejected) as caught:
        crl.ensure_not_listed(known, house.hands.key(Usage.AUTH).cert, house.hands.authority.root.cert, NOW)
    assert caught.value.finding is Finding.REVOCATION_OF_ANOTHER


async def test_a_service_without_a_delta_lives_by_the_full_list() -> None:
    house = House()
    house.places.has_delta = False
    keeper = ListKeeper(house.places, house.hands.trust, house.now, ListFigures(CollectorRegistry()))
    known = await KeptLists(house.places, [keeper], 5.0).lists()
    assert known.pairs[0][1] is None
    assert house.places.asked == ["full"]


async def test_a_list_of_the_future_is_replaced_as_soon_as_that_is_seen(house: House) -> None:
    house.pass_(400 * 24)
    await house.lists.lists()
    house.hands.at = NOW
    assert house.keeper.pair is not None
    assert not house.keeper.pair[0].has_begun(house.now())
    await house.keeper.renew(asked=False)
    assert house.places.asked.count("full") == 2
