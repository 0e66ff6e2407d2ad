"""A referral whose documents could not be drawn on the day its place was taken."""

import asyncio
import subprocess
from dataclasses import replace
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest

from services.chassis.calendar import WorkCalendar
from services.chassis.testing import eventually
from services.referral.documents.words import day_and_hour
from services.referral.domain.words import ReferralState

pytestmark = pytest.mark.asyncio(loop_scope="module")

REFERRAL = "zholdama.referral.referral.v1"
CALENDAR = WorkCalendar()


async def taken_at_ten_without_auth(house: Any, family: Any) -> str:
    """The hold of a place taken at ten in the morning, while no document can be drawn."""
    morning = CALENDAR.at(CALENDAR.local_day(house.clock.now()) + timedelta(days=1), time(10))
    house.clock.move(morning - house.clock.now())
    hold = await house.signed(family)
    house.auth.down = True
    await house.taken(hold)
    await house.begun(hold["hold_id"])
    return str(hold["hold_id"])


async def drawn(house: Any, family: Any, hold_id: str) -> dict[str, Any]:
    """The referral as the documents tab shows it, once auth is back."""
    await asyncio.sleep(1)  # an attempt that began before the clock was moved has failed by then
    house.auth.down = False
    assert (await house.state(family, hold_id, 20))["referral_id"]
    (referral,) = await house.tab(family)
    return dict(referral)


async def issued_fact(house: Any, family: Any) -> Any:
    """What was said when the referral came out."""

    async def said() -> list[Any]:
        return list(await house.said(REFERRAL, family))

    return (await eventually(said))[0]


def printed(paper: Path) -> str:
    """The text of a page."""
    return subprocess.run(["pdftotext", paper, "-"], capture_output=True, check=True).stdout.decode()


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


async def test_one_drawn_on_the_day_it_was_taken_keeps_the_moment_it_was_taken(house: Any) -> None:
    family = await house.family()
    hold_id = await taken_at_ten_without_auth(house, family)
    at_ten = house.clock.now()
    house.clock.move(timedelta(hours=13))
    referral = await drawn(house, family, hold_id)
    assert moment(referral["issued_at"]) == at_ten
    assert (await issued_fact(house, family)).issued_at == at_ten


async def test_one_drawn_on_a_later_day_is_issued_that_day_and_loses_no_working_day(house: Any, tmp_path: Path) -> None:
    family = await house.family()
    hold_id = await taken_at_ten_without_auth(house, family)
    house.clock.move(timedelta(days=4))
    now = house.clock.now()
    referral = await drawn(house, family, hold_id)
    fact = await issued_fact(house, family)
    same_day = await house.issued(await house.family())
    assert moment(referral["issued_at"]) == fact.issued_at == now
    assert moment(referral["valid_until"]) == fact.valid_until == moment(same_day["valid_until"])
    stored = (await house.begun(hold_id)).state
    assert (stored.issued_at, stored.valid_until) == (fact.issued_at, fact.valid_until)
    twin = (await house.get(family.mother, referral["documents"]["xml"])).text
    assert f"<issued>{now:%Y-%m-%dT%H:%M:%S}" in twin
    assert f"<lastDay>{same_day['last_day']}</lastDay>" in twin
    paper = tmp_path / "referral.pdf"
    paper.write_bytes((await house.get(family.mother, referral["documents"]["pdf"])).content)
    assert day_and_hour(now) in await asyncio.to_thread(printed, paper)
    checked = (await house.service.client.get(f"/check/{referral['referral_number']}")).json()
    assert (moment(checked["issued_at"]), checked["last_day"]) == (now, same_day["last_day"])


async def test_a_drawing_cut_short_and_taken_up_days_later_gives_the_same_document(house: Any) -> None:
    family = await house.family()
    hold_id = await taken_at_ten_without_auth(house, family)
    begun = (await house.begun(hold_id)).state
    house.clock.move(timedelta(days=1))
    first = await drawn(house, family, hold_id)
    before = [(await house.get(family.mother, first["documents"][kind])).content for kind in ("pdf", "xml")]
    # The process ended between keeping the documents and saying so: the referral still looks as it was begun.
    kept = await house.begun(hold_id)
    house.clock.move(timedelta(days=2))
    await house.service.parts.aggregates[1].save(kept, begun, at=house.clock.now(), due=house.clock.now())

    async def out() -> bool:
        return (await house.begun(hold_id)).state.state is ReferralState.ISSUED

    await eventually(out)
    (again,) = await house.tab(family)
    assert again == first
    assert [(await house.get(family.mother, again["documents"][kind])).content for kind in ("pdf", "xml")] == before
    assert (await house.begun(hold_id)).state == replace(
        kept.state, issued_at=moment(first["issued_at"]), valid_until=moment(first["valid_until"])
    )
