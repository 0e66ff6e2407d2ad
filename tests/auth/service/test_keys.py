"""The key of a signed document, shown to whoever holds it, before and without any login."""

from datetime import datetime, timedelta

import pytest

from doubles.nca.certificates import Usage
from services.auth.signature.document import MAX_BYTES
from tests.auth.hands import AIGERIM
from tests.auth.service.conftest import Auth
from tests.auth.service.test_login import refused

pytestmark = pytest.mark.asyncio(loop_scope="session")

DOCUMENT = '<choice xmlns="urn:zholdama:choice:1"><nonce>n-1</nonce></choice>'


@pytest.mark.parametrize("usage", Usage)
async def test_a_key_is_shown_as_the_guide_shows_it(auth: Auth, usage: Usage) -> None:
    leaf = auth.hands.key(usage).cert
    signed = auth.hands.signed(DOCUMENT, usage).decode()
    answer = await auth.client.post("/keys:describe", json={"signed_xml": signed})
    told = answer.json()
    assert answer.status_code == 200
    assert set(told) == {"owner", "not_before", "not_after", "serial", "issuer", "algorithm", "kind"}
    assert (told["owner"], told["algorithm"], told["kind"]) == ("СЫНАҚОВА ӘЙГЕРІМ", "RSA", usage.name)
    assert datetime.fromisoformat(told["not_before"]) == leaf.not_valid_before_utc
    assert datetime.fromisoformat(told["not_after"]) == leaf.not_valid_after_utc
    assert told["serial"] == f"{leaf.serial_number:x}"


async def test_the_key_shown_at_login_is_the_same(auth: Auth) -> None:
    asked = await auth.challenge()
    signed = auth.hands.signed(asked["xml"], Usage.AUTH)
    shown = await auth.client.post("/keys:describe", json={"signed_xml": signed.decode()})
    assert (await auth.answer(asked, signed)).json()["key"] == shown.json()


async def test_nothing_is_verified(auth: Auth) -> None:
    auth.clock.move(timedelta(days=4000))
    bent = auth.hands.signed(DOCUMENT, Usage.SIGN).decode().replace("n-1", "n-2")
    answer = await auth.client.post("/keys:describe", json={"signed_xml": bent})
    assert (answer.status_code, answer.json()["kind"]) == (200, "SIGN")


@pytest.mark.parametrize(
    "document",
    [
        "no xml",
        "<login/>",
        '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>',
        "<a><!-- --></a>",
        "<a>" + "<b/>" * 2001 + "</a>",
    ],
)
async def test_what_login_would_not_read_is_refused_as_there(auth: Auth, document: str) -> None:
    answer = await auth.client.post("/keys:describe", json={"signed_xml": document})
    refused(answer, 422, "SIGNATURE_INVALID")


async def test_a_document_beyond_the_size_is_not_read(auth: Auth) -> None:
    answer = await auth.client.post("/keys:describe", json={"signed_xml": "a" * (MAX_BYTES + 1)})
    refused(answer, 422, "INVALID_REQUEST")


async def test_nothing_of_a_key_is_logged(auth: Auth, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    signed = auth.hands.signed(DOCUMENT, Usage.AUTH).decode()
    await auth.client.post("/keys:describe", json={"signed_xml": signed})
    await auth.client.post("/keys:describe", json={"signed_xml": signed[:-20]})
    for word in (AIGERIM.iin, "СЫНАҚОВА", "\\u0421\\u042b\\u041d", signed[400:440]):
        assert word not in caplog.text
