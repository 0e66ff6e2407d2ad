"""The ways out of notify, met by a real mail server, by Twilio's interface and by an auth that may be away."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import httpx
import pytest
from fastapi import FastAPI, Response

from doubles.twilio.account import Account, Fault
from doubles.twilio.api import make_app
from services.notify.domain import news
from services.notify.domain.message import ChildId, DeliveryId, Language, turn_came
from services.notify.domain.sending import Accepted, Refused, TryAgain, Unknown
from services.notify.gateways import sms as sms_gateway
from services.notify.gateways.contacts import Contacts, ContactsUnavailable
from services.notify.gateways.mail import Mail, MailServer, Security
from services.notify.gateways.sms import Sms, SmsAccount
from services.notify.gateways.texts import Text, Texts

NOW = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)
DELIVERY = DeliveryId("6a1f3c52-64b1-5c0e-8f0e-2f7f3f1f6a11")
SID, TOKEN = "AC" + "0" * 32, "token"
PHONE = "+77010000001"
Serve = Callable[[FastAPI], Awaitable[str]]


def text(language: Language = Language.KK) -> Text:
    """A turn that came, in words."""
    turn = turn_came(
        invitation_id="i",
        application_id="a",
        child_id="c",
        queue_number=364,
        places_open=5,
        deadline=datetime(2026, 11, 26, 19, 0, tzinfo=UTC),
        at=NOW,
    )
    return Texts("https://zholdama.example/", "zholdama.kz", "1308", ZoneInfo("Asia/Almaty")).text(*turn, language)


def mail(port: int) -> Mail:
    """The gateway to a mail server on this machine."""
    return Mail(MailServer("127.0.0.1", port, Security.NONE, "no-reply@zholdama.example", "Zholdama"))


async def test_a_letter_arrives_whole_in_both_forms(mail_city: Any) -> None:
    words = text()
    outcome = await mail(mail_city.port).send(DELIVERY, "ana@pochta.test", words, NOW)
    [letter] = await mail_city.letters("ana@pochta.test")
    assert outcome == Accepted(f"<{DELIVERY}@zholdama.example>")
    assert letter.message_id == f"<{DELIVERY}@zholdama.example>"
    assert letter.subject == words.subject
    assert letter.text.replace("\r\n", "\n").strip() == words.plain
    assert letter.html.replace("\r\n", "\n").strip() == words.html
    assert letter.date == NOW
    assert letter.headers["Auto-Submitted"] == "auto-generated"
    assert letter.headers["Content-Language"] == "kk"


async def test_a_repeated_letter_carries_the_same_message_id(mail_city: Any) -> None:
    for _ in range(2):
        await mail(mail_city.port).send(DELIVERY, "twice@pochta.test", text(), NOW)
    letters = await mail_city.letters("twice@pochta.test", 2)
    assert len({letter.message_id for letter in letters}) == 1


@pytest.mark.parametrize(
    ("address", "outcome"),
    [
        ("nobody@refused.test", Refused("mail_recipient")),
        ("busy@later.test", TryAgain("mail_temporary")),
        ("no address", Refused("mail_address")),
        ("a@b.test>\r\nRCPT TO:<c@d.test", Refused("mail_address")),
        ("@", Refused("mail_address")),
    ],
)
async def test_the_servers_word_about_a_recipient_says_what_to_do(
    mail_city: Any, address: str, outcome: object
) -> None:
    assert await mail(mail_city.port).send(DELIVERY, address, text(), NOW) == outcome


async def test_a_mail_server_that_is_away_is_tried_again(unused_tcp_port: int) -> None:
    assert await mail(unused_tcp_port).send(DELIVERY, "a@b.test", text(), NOW) == TryAgain("mail_unreachable")


async def test_a_mail_server_that_falls_silent_in_the_middle_leaves_it_unknown() -> None:
    async def vanish(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for answer in (b"220 x\r\n", b"250 x\r\n", b"250 ok\r\n", b"250 ok\r\n", b"354 go\r\n"):
            writer.write(answer)
            await writer.drain()
            await reader.readline()
        writer.close()

    server = await asyncio.start_server(vanish, "127.0.0.1", 0)
    async with server:
        port = server.sockets[0].getsockname()[1]
        assert await mail(port).send(DELIVERY, "a@b.test", text(), NOW) == Unknown("mail_no_answer")


@pytest.fixture
async def sms(account: Account, serve: Serve) -> Sms:
    """The gateway, at a provider of this test."""
    return Sms(SmsAccount(await serve(make_app(account, SID, TOKEN)), SID, TOKEN, "+77270000000"))


async def test_an_sms_is_taken_and_shown_on_the_phone(sms: Sms, account: Account) -> None:
    outcome = await sms.send(PHONE, text().sms, repeat=False)
    [taken] = account.messages
    assert outcome == Accepted(taken.sid)
    assert (taken.to, taken.body) == (PHONE, text().sms)


async def test_a_repeat_finds_what_was_taken_before_and_sends_nothing(sms: Sms, account: Account) -> None:
    first = await sms.send(PHONE, text().sms, repeat=False)
    again = await sms.send(PHONE, text().sms, repeat=True)
    assert again == first
    assert len(account.messages) == 1


async def test_a_repeat_of_what_was_not_taken_is_sent(sms: Sms, account: Account) -> None:
    account.take(PHONE, "+77270000000", text(Language.RU).sms)
    await sms.send(PHONE, text().sms, repeat=True)
    assert [each.body for each in account.messages] == [text(Language.RU).sms, text().sms]


@pytest.mark.parametrize(
    ("fault", "outcome"),
    [
        (Fault.INVALID_NUMBER, Refused("sms_number_invalid")),
        (Fault.UNSUBSCRIBED, Refused("sms_unsubscribed")),
        (Fault.NOT_MOBILE, Refused("sms_not_mobile")),
        (Fault.THROTTLED, TryAgain("sms_throttled")),
        (Fault.SERVER_ERROR, Unknown("sms_provider_broken")),
        (Fault.UNREACHABLE, Unknown("sms_no_answer")),
    ],
)
async def test_the_providers_word_says_what_to_do(sms: Sms, account: Account, fault: Fault, outcome: object) -> None:
    account.fault = fault
    assert await sms.send(PHONE, text().sms, repeat=False) == outcome


async def test_a_provider_that_answers_late_leaves_it_unknown(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    async def late() -> Response:
        await asyncio.sleep(0.6)
        return Response(status_code=201)

    slow = FastAPI()
    slow.add_api_route(f"/2010-04-01/Accounts/{SID}/Messages.json", late, methods=["POST"])
    monkeypatch.setattr(sms_gateway, "TIMEOUT_SECONDS", 0.2)
    sms = Sms(SmsAccount(await serve(slow), SID, TOKEN, "+77270000000"))
    assert await sms.send(PHONE, text().sms, repeat=False) == Unknown("sms_no_answer")


async def test_a_provider_that_is_away_is_tried_again(unused_tcp_port: int) -> None:
    away = Sms(SmsAccount(f"http://127.0.0.1:{unused_tcp_port}", SID, TOKEN, "+77270000000"))
    assert await away.send(PHONE, text().sms, repeat=False) == TryAgain("sms_unreachable")
    assert await away.send(PHONE, text().sms, repeat=True) == TryAgain("sms_unreachable")


async def test_a_wrong_password_at_the_provider_blames_no_family(account: Account, serve: Serve) -> None:
    wrong = Sms(SmsAccount(await serve(make_app(account, SID, TOKEN)), SID, "other", "+77270000000"))
    assert await wrong.send(PHONE, text().sms, repeat=False) == TryAgain("sms_provider_refused")


async def test_no_number_and_no_address_is_logged(sms: Sms, account: Account, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG, logger="twilio"), caplog.at_level(logging.DEBUG, logger="sms"):
        for fault in (Fault.OK, Fault.INVALID_NUMBER, Fault.SERVER_ERROR):
            account.fault = fault
            await sms.send(PHONE, text().sms, repeat=True)
    assert "77010000001" not in caplog.text


async def no_token(_: httpx.AsyncClient) -> dict[str, str]:
    """The header of a service's token."""
    return {"Authorization": "Bearer x"}


def contacts(url: str, forgotten: list[bool] | None = None) -> Contacts:
    """The gateway to an auth."""
    return Contacts(url, no_token, lambda: (forgotten if forgotten is not None else []).append(True))


def auth(status: int, body: str) -> FastAPI:
    """An auth that answers one thing."""
    app = FastAPI()

    @app.get("/children/{child_id}:contacts")
    @app.get("/confirmations/{child_id}")
    def answer(child_id: str) -> Response:
        return Response(body, status, media_type="application/json")

    return app


async def test_all_guardians_come_with_their_language_and_each_address_once(serve: Serve) -> None:
    body = """[{"person_id": "m", "language": "kk", "emails": ["m@x.test", "m@x.test"], "phones": ["+77010000001"]},
               {"person_id": "f", "language": "ru", "emails": ["f@x.test"]}]"""
    mother, father = await contacts(await serve(auth(200, body))).of(ChildId("c"))
    assert (mother.language, mother.emails, mother.phones) == (Language.KK, ("m@x.test",), ("+77010000001",))
    assert (father.language, father.emails, father.phones) == (Language.RU, ("f@x.test",), ())


async def test_a_child_nobody_knows_has_no_guardians(serve: Serve) -> None:
    assert await contacts(await serve(auth(404, "{}"))).of(ChildId("c")) == ()


@pytest.mark.parametrize(
    ("status", "body"), [(500, ""), (503, "{}"), (403, "{}"), (200, "no json"), (200, '[{"x": 1}]')]
)
async def test_an_auth_that_does_not_answer_as_agreed_is_waited_for(serve: Serve, status: int, body: str) -> None:
    with pytest.raises(ContactsUnavailable):
        await contacts(await serve(auth(status, body))).of(ChildId("c"))


async def test_an_auth_that_is_away_is_waited_for(unused_tcp_port: int) -> None:
    with pytest.raises(ContactsUnavailable, match="auth_unreachable"):
        await contacts(f"http://127.0.0.1:{unused_tcp_port}").of(ChildId("c"))


CODE = news.confirm_contact(confirmation_id="n", person_id="p", expires_at=NOW, at=NOW)[1]


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (200, "[]"),
        (200, '{"person_id": "p", "language": "kk", "channel": "pigeon", "address": "a@b.kz", "code": "123456"}'),
        (200, '{"person_id": "p", "language": "kk", "channel": "email", "address": "a@b.kz"}'),
        (403, "{}"),
        (500, ""),
    ],
)
async def test_a_code_that_auth_does_not_tell_properly_is_waited_for(serve: Serve, status: int, body: str) -> None:
    with pytest.raises(ContactsUnavailable) as unavailable:
        await contacts(await serve(auth(status, body))).reach(CODE)
    assert "a@b.kz" not in str(unavailable.value)


async def test_a_code_and_its_address_are_in_no_representation(serve: Serve) -> None:
    body = '{"person_id": "p", "language": "kk", "channel": "email", "address": "a@b.kz", "code": "123456"}'
    reach = await contacts(await serve(auth(200, body))).reach(CODE)
    assert reach is not None
    assert (reach.confirmation_code, reach.recipients[0].emails, reach.recipients[0].phones) == (
        "123456",
        ("a@b.kz",),
        (),
    )
    assert "123456" not in repr(reach)
    assert "a@b.kz" not in repr(reach)
    assert await contacts(await serve(auth(404, "{}"))).reach(CODE) is None


async def test_a_refused_token_is_thrown_away(serve: Serve) -> None:
    forgotten: list[bool] = []
    with pytest.raises(ContactsUnavailable):
        await contacts(await serve(auth(401, "{}")), forgotten).of(ChildId("c"))
    assert forgotten == [True]


def test_a_password_is_in_no_representation() -> None:
    account = SmsAccount("http://x", SID, TOKEN, "+7")
    assert replace(account, auth_token="hunter").auth_token == "hunter"
    assert TOKEN not in repr(account)
