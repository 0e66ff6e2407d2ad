"""What the city hears of referrals, and what it is told again."""

from collections import Counter
from datetime import time, timedelta
from typing import Any

import pytest

from services.chassis.calendar import WorkCalendar
from services.chassis.service import announce
from services.chassis.testing import eventually

pytestmark = pytest.mark.asyncio(loop_scope="module")

BULLETIN = "zholdama.referral.bulletin.v1"
REFERRAL = "zholdama.referral.referral.v1"


def heard(house: Any, referral_id: str, topic: str = BULLETIN) -> list[tuple[int, Any]]:
    """What a topic says of a referral: sequence and fact, each once, oldest first."""
    told = {(number, fact.type): fact for number, fact in house.told(topic) if fact.referral_id == referral_id}
    return [(number, fact) for (number, _), fact in told.items()]


async def kinds(house: Any, referral_id: str, *expected: str, topic: str = BULLETIN) -> list[tuple[int, Any]]:
    """What a topic says of a referral, once it is as much as is expected."""

    async def enough() -> list[tuple[int, Any]]:
        told = heard(house, referral_id, topic)
        return told if len(told) >= len(expected) else []

    told = await eventually(enough, 30)
    assert [fact.type.split(".")[2] for _, fact in told] == list(expected)
    return told


async def test_the_city_hears_of_a_referral_without_the_child(house: Any) -> None:
    family = await house.family()
    referral = await house.issued(family)
    ((_, fact),) = await kinds(house, referral["referral_id"], "issued")
    assert family.child_id not in fact.model_dump_json()
    assert family.application_id not in fact.model_dump_json()


async def test_announce_states_every_bulletin_under_the_sequence_it_has(house: Any) -> None:
    family = await house.family()
    referrals = [(await house.issued(family))["referral_id"]]
    await house.post(family.mother, f"/referrals/{referrals[0]}:return")
    referrals += [(await house.issued(await house.family()))["referral_id"] for _ in range(4)]
    await kinds(house, referrals[0], "issued", "returned")
    await announce(house.service.frame, house.service.parts)
    returned = await kinds(house, referrals[0], "issued", "returned", "stated")
    assert returned[1] == (returned[2][0], returned[1][1])
    assert returned[2][1].model_dump() == returned[1][1].model_dump()
    for referral_id in referrals[1:]:
        issued, stated = await kinds(house, referral_id, "issued", "stated")
        assert (stated[0], stated[1].model_dump()) == (issued[0], issued[1].model_dump())
        await kinds(house, referral_id, "issued", "stated", topic=REFERRAL)


async def test_a_referral_that_is_still_being_made_is_stated_to_nobody(house: Any) -> None:
    family = await house.family()
    hold = await house.signed(family)
    house.auth.down = True
    await house.taken(hold)
    referral_id = (await house.begun(hold["hold_id"])).id
    await announce(house.service.frame, house.service.parts)
    assert heard(house, referral_id) == []
    house.auth.down = False
    assert (await house.state(family, hold["hold_id"], 20))["referral_id"] == referral_id
    await kinds(house, referral_id, "issued")


async def test_every_night_the_bulletin_is_stated_without_being_asked(house: Any) -> None:
    family = await house.family()
    referral_id = (await house.issued(family))["referral_id"]
    await kinds(house, referral_id, "issued")
    calendar = WorkCalendar()
    night = calendar.at(calendar.local_day(house.clock.now()) + timedelta(days=1), time(3))
    house.clock.move(night - house.clock.now())
    await kinds(house, referral_id, "issued", "stated")
    assert Counter(fact.type for _, fact in heard(house, referral_id, REFERRAL)) == {"referral.referral.issued.v1": 1}
