"""Story 3: the list, the question, the hold, the signature, the referral; and everything that may go wrong on the way."""

import asyncio
from pathlib import Path
from typing import Any

import httpx
import pytest

from demo.checks import check_all
from demo.door import Refused
from demo.ncalayer import AUTH_KEY
from demo.parent import Parent, until
from tests.journeys.conftest import Morning, NewParent, Town

pytestmark = pytest.mark.asyncio(loop_scope="session")

CARD = {
    "name_kk", "name_ru", "phones", "kind_kk", "kind_ru", "address_kk", "address_ru", "district", "website",
    "language", "place_type", "latitude", "longitude",
}  # fmt: skip
"""What the guide's figure 9 shows of a place."""


async def test_a_choice_becomes_a_referral_that_programs_of_others_accept(
    town: Town, morning: Morning, tmp_path: Path
) -> None:
    parent = morning.heroine
    application_id = await application_of(parent)
    places = await parent.places(application_id)
    held = await parent.hold(places[0]["place_id"], application_id)
    again = await parent.hold(places[0]["place_id"], application_id)
    choice = await opened(parent, held["hold_id"])
    await parent.send_choice(held["hold_id"], await parent.sign_choice(choice))
    issued = await until(lambda: _issued(parent, held["hold_id"]), "the referral")
    (referral,) = await parent.documents(application_id)
    pdf = tmp_path / "referral.pdf"
    pdf.write_bytes(await parent.download(referral["documents"]["pdf"]))

    assert set(places[0]) >= CARD
    assert again["hold_id"] == held["hold_id"]
    assert issued["state"] == "SIGNED"
    assert referral["valid"] is True
    root = town.stack.layout.folder / "nca" / "anchors" / "root.pem"
    verdicts = await asyncio.to_thread(check_all, pdf, root, tmp_path / "checks")
    assert all(verdict.is_right for verdict in verdicts)

    async def referred() -> bool | None:
        return (await parent.card(application_id))["status"] == "REFERRED" or None

    await until(referred, "the status REFERRED")
    with pytest.raises(Refused) as refused:
        await parent.hold(places[1]["place_id"], application_id)
    assert refused.value.code in {"CHILD_HAS_PLACE", "NOT_IN_QUEUE", "NOT_INVITED"}


async def test_a_second_parent_a_moment_too_late_is_refused_clearly_and_chooses_another(morning: Morning) -> None:
    first, late = await application_of(morning.heroine), await application_of(morning.neighbour)
    (taken,) = await morning.heroine.documents(first)
    places = await morning.neighbour.places(late)

    held = await morning.neighbour.hold(places[0]["place_id"], late)
    with pytest.raises(Refused) as other_place:
        await morning.neighbour.hold(places[1]["place_id"], late)

    assert taken["state"] == "ISSUED"
    assert other_place.value.code == "CHILD_HAS_PLACE"
    await opened(morning.neighbour, held["hold_id"])
    await decline(morning.neighbour, held["hold_id"])


async def test_no_gives_the_place_back_at_once(morning: Morning) -> None:
    parent = morning.neighbour
    application_id = await application_of(parent)
    places = await until(lambda: _some(parent.places(application_id)), "places")
    held = await parent.hold(places[0]["place_id"], application_id)
    await opened(parent, held["hold_id"])

    await decline(parent, held["hold_id"])

    async def back() -> bool | None:
        ids = [place["place_id"] for place in await parent.places(application_id)]
        return places[0]["place_id"] in ids or None

    await until(back, "the place")


async def test_a_choice_signed_with_the_login_key_is_open_again_and_loses_nothing(morning: Morning) -> None:
    parent = morning.neighbour
    application_id = await application_of(parent)
    places = await parent.places(application_id)
    held = await parent.hold(places[0]["place_id"], application_id)
    choice = await opened(parent, held["hold_id"])
    wrong = await parent.computer.sign(choice["xml"], AUTH_KEY)
    await parent.send_choice(held["hold_id"], wrong)

    async def open_again() -> dict[str, Any] | None:
        seen = await parent.choice(held["hold_id"], wait=0)
        return seen if seen is not None and seen["state"] == "OPEN" and seen["last_refusal"] else None

    refused = await until(open_again, "the choice open again")
    await parent.send_choice(held["hold_id"], await parent.sign_choice(choice))

    issued = await until(lambda: _issued(parent, held["hold_id"]), "the referral")
    assert refused["expires_at"] == choice["expires_at"]
    assert issued["referral_number"]


async def test_who_was_not_invited_may_not_take_a_place_of_the_queue(
    town: Town, morning: Morning, new_parent: NewParent
) -> None:
    last = town.others_of_the_story_stream()[-1]
    parent = await new_parent(last)
    if (await parent.log_in())["email_required"]:
        await parent.give_contacts()
    application_id = await application_of(parent)

    assert await parent.places(application_id) == []
    async with httpx.AsyncClient() as everybody:
        bulletin = (await everybody.get(f"{town.at.vacancy}/bulletin")).json()
    place_id = next(
        place["place_id"]
        for place in (bulletin["places"] if isinstance(bulletin, dict) else bulletin)
        if place["stream_id"] == last.stream_id
    )
    with pytest.raises(Refused) as refused:
        await parent.hold(place_id, application_id)
    assert refused.value.code == "NOT_INVITED"


async def application_of(parent: Parent) -> str:
    return str((await parent.journal())[0]["application_id"])


async def opened(parent: Parent, hold_id: str) -> dict[str, Any]:
    return await until(lambda: parent.choice(hold_id, wait=5), "the document to sign")


async def decline(parent: Parent, hold_id: str) -> None:
    await parent.decline(hold_id)


async def _issued(parent: Parent, hold_id: str) -> dict[str, Any] | None:
    choice = await parent.choice(hold_id, wait=5)
    return choice if choice is not None and choice["referral_id"] else None


async def _some(look: Any) -> list[dict[str, Any]] | None:
    return (await look) or None
