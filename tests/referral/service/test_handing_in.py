"""What may be handed in as a signed document, and what becomes of one that auth refuses to read."""

import json
from datetime import timedelta
from typing import Any

import pytest

from services.chassis.testing import eventually

pytestmark = pytest.mark.asyncio(loop_scope="module")

CHOICE = "zholdama.referral.choice.v1"
LIMIT = 256 * 1024


async def refused_with(house: Any, family: Any, hold_id: str, state: str) -> str:
    """Why the last signature was not good, once the choice has come back to a state with a reason."""

    async def there() -> Any:
        seen = await house.state(family, hold_id, 0)
        return seen["last_refusal"] if seen["state"] == state else None

    return str(await eventually(there))


@pytest.mark.parametrize(
    ("status", "answer", "code"),
    [
        (422, json.dumps({"code": "ISSUED_DOCUMENT_UNREADABLE"}), "ISSUED_DOCUMENT_UNREADABLE"),
        (413, json.dumps({"code": "REQUEST_TOO_LARGE", "status": 413}), "REQUEST_TOO_LARGE"),
        (422, json.dumps({"code": "any text at all"}), "SIGNED_DOCUMENT_UNREADABLE"),
        (413, "", "SIGNED_DOCUMENT_UNREADABLE"),
    ],
)
async def test_what_auth_refuses_to_read_gives_the_choice_back_with_its_old_end(
    house: Any, status: int, answer: str, code: str
) -> None:
    family = await house.family()
    hold = await house.held(family)
    house.auth.unread = (status, answer)
    assert (await house.sign(family, hold["hold_id"])).status_code == 202
    assert await refused_with(house, family, hold["hold_id"], "OPEN") == code
    seen = await house.state(family, hold["hold_id"])
    assert seen["expires_at"] == hold["hold_until"].isoformat().replace("+00:00", "Z")
    house.auth.unread = None
    assert (await house.sign(family, hold["hold_id"])).status_code == 202
    assert (await house.state(family, hold["hold_id"], 0))["last_refusal"] is None

    async def signed() -> bool:
        return bool((await house.state(family, hold["hold_id"], 0))["state"] == "SIGNED")

    await eventually(signed)


async def test_what_auth_refuses_to_read_after_the_holds_end_lets_the_choice_expire(house: Any) -> None:
    family = await house.family()
    hold = await house.held(family)
    house.auth.down = True
    assert (await house.sign(family, hold["hold_id"])).status_code == 202
    house.clock.move(timedelta(minutes=25))
    house.auth.down, house.auth.unread = False, (422, json.dumps({"code": "INVALID_REQUEST"}))
    assert await refused_with(house, family, hold["hold_id"], "EXPIRED") == "INVALID_REQUEST"

    async def said() -> list[str]:
        return [fact.type for fact in await house.said(CHOICE, family)]

    assert await eventually(said) == ["referral.choice.expired.v1"]


async def test_the_size_of_a_signed_document_is_counted_in_octets(house: Any) -> None:
    family = await house.family()
    hold = await house.held(family)
    body = "ы" * (LIMIT // 2 - len("<a></a>"))
    too_large = await house.hand_in(family.mother, hold["hold_id"], f"<a>{body}ыыыы</a>")
    assert too_large.headers["content-type"] == "application/problem+json"
    assert (too_large.status_code, too_large.json()["code"]) == (413, "SIGNED_DOCUMENT_TOO_LARGE")
    assert "256 KiB" in too_large.json()["detail"]
    assert (await house.state(family, hold["hold_id"]))["state"] == "OPEN"
    assert house.auth.asked == 0
    just = f"<a>{body}ыыы </a>"
    assert len(just.encode()) == LIMIT
    house.auth.verdicts.append(("FAILED", "XML_NOT_WELL_FORMED"))
    assert (await house.hand_in(family.mother, hold["hold_id"], just)).status_code == 202
    assert await refused_with(house, family, hold["hold_id"], "OPEN") == "XML_NOT_WELL_FORMED"


@pytest.mark.parametrize("sign", ["\x00", "\x0b", "\x1f", "\ufffe"])
async def test_a_character_that_xml_does_not_allow_is_refused_at_the_door(house: Any, sign: str) -> None:
    family = await house.family()
    hold = await house.held(family)
    refused = await house.hand_in(family.mother, hold["hold_id"], f"<a>{sign}</a>")
    assert (refused.status_code, refused.json()["code"]) == (422, "SIGNED_DOCUMENT_UNREADABLE")
    assert refused.json()["detail"] == "The signed document holds characters that XML does not allow."
    assert (await house.state(family, hold["hold_id"]))["state"] == "OPEN"
    assert house.auth.asked == 0


async def test_half_a_character_is_refused_at_the_door(house: Any) -> None:
    family = await house.family()
    hold = await house.held(family)
    refused = await house.service.client.put(
        f"/choices/{hold['hold_id']}/signature",
        content=rb'{"signed_xml": "<a>\ud800</a>"}',
        headers=house.identity.person(family.mother) | {"Content-Type": "application/json"},
    )
    assert refused.status_code == 422
    assert refused.headers["content-type"] == "application/problem+json"
    assert (await house.state(family, hold["hold_id"]))["state"] == "OPEN"
