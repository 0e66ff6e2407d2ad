"""An e-mail address or a telephone is proven by a code that only its owner receives."""

import asyncio
from datetime import date, timedelta
from typing import Any

import pytest
from httpx import Response

from contracts import auth as said
from deploy.local.stack import Stack
from doubles.nca.certificates import Subject
from doubles.nca.iin import make_iin
from services.auth.domain.ids import ConfirmationId
from services.chassis.testing import Ears, eventually
from tests.auth.service.conftest import Auth
from tests.auth.service.test_login import refused
from tests.auth.service.test_persons import store_of

pytestmark = pytest.mark.asyncio(loop_scope="session")

TOPIC = said.ConfirmationAskedV1.topic
PHONE = "+77015550001"
Headers = dict[str, str]


async def person(auth: Auth, serial: int, **more: Any) -> tuple[str, Headers, str]:
    """(person_id, headers, e-mail address) of somebody nobody has sent a code to yet."""
    email = f"code{serial}@example.kz"
    who = Subject(make_iin(date(1992, 2, 2), female=True, serial=serial), "КОД", "КҮТУШІ")
    person_id, headers = await auth.member(who, email=email, **more)
    return person_id, headers, email


async def send(auth: Auth, headers: Headers, address: str) -> Response:
    return await auth.client.post("/me/contacts:send-code", json={"address": address}, headers=headers)


async def confirm(auth: Auth, headers: Headers, address: str, code: str) -> Response:
    body = {"address": address, "code": code}
    return await auth.client.post("/me/contacts:confirm", json=body, headers=headers)


async def confirmed(auth: Auth, headers: Headers) -> list[str]:
    told: list[str] = (await auth.client.get("/me", headers=headers)).json()["confirmed"]
    return told


async def last(auth: Auth, person_id: str, address: str) -> ConfirmationId:
    found = await store_of(auth).confirmations.last(person_id, address)  # type: ignore[arg-type]
    assert found is not None
    return found.state.confirmation_id


async def received(auth: Auth, person_id: str, address: str) -> str:
    """The code as notify fetches it to send it."""
    answer = await fetch(auth, await last(auth, person_id, address))
    assert answer.status_code == 200, answer.text
    assert answer.json()["address"] == address
    return str(answer.json()["code"])


async def fetch(auth: Auth, confirmation_id: str) -> Response:
    return await auth.client.get(f"/confirmations/{confirmation_id}", headers=await auth.as_service("notify"))


def other_than(code: str) -> str:
    return f"{(int(code) + 1) % 10**6:06d}"


async def test_a_code_proves_the_address_it_was_sent_to_and_no_other(auth: Auth) -> None:
    person_id, headers, email = await person(auth, 7000, phone=PHONE, language="en")
    assert await confirmed(auth, headers) == []
    answer = await send(auth, headers, email)
    assert answer.status_code == 202
    assert (answer.json()["channel"], answer.json()["expires_at"][:16]) == ("email", "2026-03-02T07:10")
    told = (await fetch(auth, await last(auth, person_id, email))).json()
    assert (told["person_id"], told["language"], told["channel"]) == (person_id, "en", "email")
    assert len(told["code"]) == 6
    assert (await confirm(auth, headers, email, f" {told['code'][:3]} {told['code'][3:]} ")).status_code == 204
    assert (await confirm(auth, headers, email, told["code"])).status_code == 204
    assert await confirmed(auth, headers) == [email]


async def test_a_telephone_is_proven_as_it_is_typed(auth: Auth) -> None:
    person_id, headers, _ = await person(auth, 7005, phone="8 701 555 00 05")
    assert (await send(auth, headers, "8 (701) 555-00-05")).json()["channel"] == "sms"
    code = await received(auth, person_id, "+77015550005")
    assert (await confirm(auth, headers, "87015550005", code)).status_code == 204
    assert await confirmed(auth, headers) == ["+77015550005"]


async def test_a_changed_address_is_unproven_again_and_an_unproven_one_is_written_to_all_the_same(auth: Auth) -> None:
    person_id, headers, email = await person(auth, 7010, phone=PHONE)
    for address in (email, PHONE):
        await send(auth, headers, address)
        await confirm(auth, headers, address, await received(auth, person_id, address))
    assert await confirmed(auth, headers) == [email, PHONE]
    body = {"email": "changed@example.kz", "phone": PHONE, "language": "kk", "consent": True}
    await auth.client.put("/me/contacts", json=body, headers=headers)
    assert await confirmed(auth, headers) == [PHONE]
    notify = await auth.as_service("notify")
    (reached,) = (await auth.client.get(f"/persons/{person_id}:contacts", headers=notify)).json()
    assert (reached["person_id"], reached["emails"], reached["phones"]) == (person_id, ["changed@example.kz"], [PHONE])
    await auth.client.put("/me/contacts", json=body | {"email": email}, headers=headers)
    assert await confirmed(auth, headers) == [PHONE]


async def test_a_wrong_code_proves_nothing(auth: Auth) -> None:
    person_id, headers, email = await person(auth, 7020)
    await send(auth, headers, email)
    code = await received(auth, person_id, email)
    for wrong in (other_than(code), code[:5], code + "0", "абвгде", "٠٠٠٠٠٠"):
        refused(await confirm(auth, headers, email, wrong), 422, "CODE_WRONG")
    assert await confirmed(auth, headers) == []


async def test_an_expired_code_proves_nothing(auth: Auth) -> None:
    person_id, headers, email = await person(auth, 7030)
    await send(auth, headers, email)
    code, confirmation_id = await received(auth, person_id, email), await last(auth, person_id, email)
    auth.clock.move(timedelta(minutes=4))
    token = (await auth.client.put("/me/contacts", json=_same(email), headers=headers)).json()["access_token"]
    headers = {"Authorization": f"Bearer {token}"}
    auth.clock.move(timedelta(minutes=4))
    token = (await auth.client.put("/me/contacts", json=_same(email), headers=headers)).json()["access_token"]
    headers = {"Authorization": f"Bearer {token}"}
    auth.clock.move(timedelta(minutes=2))
    refused(await confirm(auth, headers, email, code), 410, "CODE_EXPIRED")
    refused(await fetch(auth, confirmation_id), 404, "NO_SUCH_CONFIRMATION")


async def test_after_five_wrong_codes_the_right_one_is_worth_nothing(auth: Auth) -> None:
    person_id, headers, email = await person(auth, 7040)
    await send(auth, headers, email)
    code = await received(auth, person_id, email)
    answers = await asyncio.gather(*(confirm(auth, headers, email, other_than(code)) for _ in range(8)))
    assert sorted(answer.json()["code"] for answer in answers) == ["CODE_TRIED_TOO_OFTEN"] * 3 + ["CODE_WRONG"] * 5
    refused(await confirm(auth, headers, email, code), 409, "CODE_TRIED_TOO_OFTEN")
    assert await confirmed(auth, headers) == []
    auth.clock.move(timedelta(minutes=1))
    await send(auth, headers, email)
    assert (await confirm(auth, headers, email, await received(auth, person_id, email))).status_code == 204


async def test_the_code_of_another_person_proves_nothing(auth: Auth) -> None:
    first_id, first, email = await person(auth, 7050)
    await send(auth, first, email)
    code = await received(auth, first_id, email)
    _, stranger, _ = await person(auth, 7051)
    refused(await confirm(auth, stranger, email, code), 404, "NO_SUCH_CONTACT")
    refused(await send(auth, stranger, email), 404, "NO_SUCH_CONTACT")
    who = Subject(make_iin(date(1992, 2, 2), female=True, serial=7052), "КОД", "ҰРЛАУШЫ")
    _, same = await auth.member(who, email=email)
    refused(await confirm(auth, same, email, code), 422, "CODE_WRONG")
    await send(auth, same, email)
    refused(await confirm(auth, same, email, code), 422, "CODE_WRONG")
    assert await confirmed(auth, same) == []


async def test_only_the_code_asked_for_last_is_worth_anything(auth: Auth) -> None:
    person_id, headers, email = await person(auth, 7060)
    await send(auth, headers, email)
    old, old_id = await received(auth, person_id, email), await last(auth, person_id, email)
    auth.clock.move(timedelta(minutes=1))
    await send(auth, headers, email)
    new = await received(auth, person_id, email)
    refused(await fetch(auth, old_id), 404, "NO_SUCH_CONFIRMATION")
    if old != new:
        refused(await confirm(auth, headers, email, old), 422, "CODE_WRONG")
    assert (await confirm(auth, headers, email, new)).status_code == 204


async def test_a_code_is_not_sent_again_within_a_minute_nor_without_end(auth: Auth) -> None:
    _, headers, email = await person(auth, 7070)
    assert (await send(auth, headers, email)).status_code == 202
    soon = await send(auth, headers, email)
    refused(soon, 429, "TOO_MANY_REQUESTS")
    assert soon.headers["retry-after"] == "60"
    for _ in range(4):
        auth.clock.move(timedelta(minutes=1))
        assert (await send(auth, headers, email)).status_code == 202
        token = (await auth.client.put("/me/contacts", json=_same(email), headers=headers)).json()["access_token"]
        headers = {"Authorization": f"Bearer {token}"}
    auth.clock.move(timedelta(minutes=1))
    refused(await send(auth, headers, email), 429, "TOO_MANY_REQUESTS")


async def test_one_person_has_no_codes_sent_everywhere(auth: Auth) -> None:
    more = [f"more{number}@code7080.kz" for number in range(5)]
    phones = [f"+7701708000{number}" for number in range(6)]
    _, headers, email = await person(auth, 7080, more_emails=more, phone=phones[0], more_phones=phones[1:])
    answers = [await send(auth, headers, address) for address in (email, *more, *phones)]
    assert [answer.status_code for answer in answers] == [202] * 10 + [429] * 2


async def test_nothing_is_sent_to_an_address_that_is_proven(auth: Auth) -> None:
    person_id, headers, email = await person(auth, 7090)
    await send(auth, headers, email)
    confirmation_id = await last(auth, person_id, email)
    await confirm(auth, headers, email, await received(auth, person_id, email))
    auth.clock.move(timedelta(minutes=2))
    refused(await send(auth, headers, email), 409, "CONTACT_CONFIRMED")
    refused(await fetch(auth, confirmation_id), 404, "NO_SUCH_CONFIRMATION")


async def test_nothing_is_sent_to_an_address_that_was_taken_out(auth: Auth) -> None:
    person_id, headers, email = await person(auth, 7100)
    await send(auth, headers, email)
    await auth.client.put("/me/contacts", json=_same("other7100@example.kz"), headers=headers)
    refused(await fetch(auth, await last(auth, person_id, email)), 404, "NO_SUCH_CONFIRMATION")
    refused(await confirm(auth, headers, email, "000000"), 404, "NO_SUCH_CONTACT")


async def test_what_is_no_address_and_no_code_is_refused(auth: Auth) -> None:
    _, headers, email = await person(auth, 7110)
    for wrong in ("nobody", "@", "1", "a@b"):
        refused(await send(auth, headers, wrong), 422, "CONTACTS_INVALID")
        refused(await confirm(auth, headers, wrong, "000000"), 422, "CONTACTS_INVALID")
    refused(await send(auth, headers, "other@example.kz"), 404, "NO_SUCH_CONTACT")
    refused(await send(auth, headers, "x" * 255), 422, "INVALID_REQUEST")
    refused(await confirm(auth, headers, email, "1" * 17), 422, "INVALID_REQUEST")
    refused(await confirm(auth, headers, email, "123456"), 422, "CODE_WRONG")
    refused(await fetch(auth, "none"), 404, "NO_SUCH_CONFIRMATION")
    notify = await auth.as_service("notify")
    assert (await auth.client.get("/persons/none:contacts", headers=notify)).json() == []


async def test_neither_code_nor_address_stands_in_the_topic_the_log_or_the_database(
    auth: Auth, stack: Stack, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    person_id, headers, email = await person(auth, 7120)
    await send(auth, headers, email)
    code, confirmation_id = await received(auth, person_id, email), await last(auth, person_id, email)
    await confirm(auth, headers, email, other_than(code))
    async with Ears(stack.kafka(), TOPIC) as ears:
        (fact,) = await ears.wait(1, said.ConfirmationAskedV1, person_id=person_id)
    assert (fact.confirmation_id, fact.channel) == (confirmation_id, said.Channel.EMAIL)
    database = auth.served.frame.database

    async def relayed() -> bool:
        return await store_of(auth).confirmations.all.count({"outbox_count": {"$gt": 0}}, limit=1) == 0

    await eventually(relayed)
    stored = str([one async for one in database._database["confirmations"].find({"person_id": person_id})])
    stored += str([one async for one in database._database["rates"].find({})])
    assert confirmation_id in stored
    assert confirmation_id in caplog.text
    for text in (stored, caplog.text, fact.model_dump_json()):
        assert email not in text
        assert f'"{code}"' not in text
        assert f"'{code}'" not in text


def _same(email: str) -> dict[str, Any]:
    return {"email": email, "language": "kk", "consent": True}
