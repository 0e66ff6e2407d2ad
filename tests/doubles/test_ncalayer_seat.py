"""The computer at which one is sitting: who is there is chosen on a page or by a door, and the socket at / follows."""

import json
from collections.abc import Awaitable, Callable
from datetime import date
from typing import Any

import httpx
import pytest
import websockets
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from fastapi import FastAPI
from lxml import etree, html

from doubles.nca.api import make_app as make_authority
from doubles.nca.authority import TestAuthority
from doubles.nca.certificates import Condition, Subject, Usage
from doubles.nca.iin import make_iin
from doubles.ncalayer.app import make_app
from doubles.ncalayer.keyboard import Behaviour
from doubles.ncalayer.page import TITLE

DAUREN = Subject(make_iin(date(1988, 11, 3), female=False, serial=4), "АХМЕТОВ", "ДӘУРЕН", "БОЛАТҰЛЫ")
AIGERIM = Subject(make_iin(date(1991, 2, 3), female=True, serial=7), "СЫНАҚОВА", "ӘЙГЕРІМ")
SIGN = {
    "module": "kz.gov.pki.knca.basics",
    "method": "sign",
    "args": {
        "allowedStorages": ["PKCS12"],
        "format": "xml",
        "data": '<choice xmlns="urn:test"/>',
        "signingParams": {},
        "signerParams": {"extKeyUsageOids": ["1.3.6.1.5.5.7.3.4", "1.2.398.3.3.4.1.1"]},
        "locale": "kk",
    },
}


@pytest.fixture
def people() -> TestAuthority:
    authority = TestAuthority()
    authority.register("dauren", DAUREN)
    authority.register("aigerim", AIGERIM)
    return authority


@pytest.fixture
async def ncalayer(people: TestAuthority, serve: Callable[[FastAPI], Awaitable[str]]) -> str:
    return await serve(make_app(f"http://{await serve(make_authority(people))}", "dauren"))


async def sign_here(ncalayer: str) -> dict[str, Any]:
    """The program's answer when a page at this computer asks for a signature."""
    async with websockets.connect(f"ws://{ncalayer}/") as socket:
        await socket.recv()
        await socket.send(json.dumps(SIGN))
        answer: dict[str, Any] = json.loads(await socket.recv())
        return answer


def signer(answer: dict[str, Any]) -> str:
    """The certificate in the signed document (PEM)."""
    (signed,) = answer["body"]["result"]
    told = etree.fromstring(signed.encode()).findtext(".//{http://www.w3.org/2000/09/xmldsig#}X509Certificate") or ""
    pem = f"-----BEGIN CERTIFICATE-----\n{told.strip()}\n-----END CERTIFICATE-----\n"
    return x509.load_pem_x509_certificate(pem.encode()).public_bytes(Encoding.PEM).decode()


async def test_at_first_the_person_of_the_settings_sits_there(ncalayer: str, people: TestAuthority) -> None:
    assert signer(await sign_here(ncalayer)) == people.keys("dauren", Usage.SIGN).pem.decode()


async def test_the_page_says_what_it_is_and_seats_whom_one_clicks(ncalayer: str, people: TestAuthority) -> None:
    async with httpx.AsyncClient(base_url=f"http://{ncalayer}", follow_redirects=True) as client:
        page = html.fromstring((await client.get("/")).text)
        assert page.findtext(".//h1") == TITLE
        assert {each.get("value") for each in page.findall(".//input[@name='handle']")} == {"dauren", "aigerim"}
        assert {each.get("value") for each in page.findall(".//input[@name='behaviour']")} == set(Behaviour)
        answer = await client.post("/", data={"handle": "aigerim", "behaviour": "sign"})
        assert "СЫНАҚОВА ӘЙГЕРІМ" in (html.fromstring(answer.text).findtext(".//strong") or "")
    assert signer(await sign_here(ncalayer)) == people.keys("aigerim", Usage.SIGN).pem.decode()


@pytest.mark.parametrize("condition", [Condition.EXPIRED, Condition.REVOKED])
async def test_a_person_may_take_a_key_that_is_no_longer_good(
    ncalayer: str, people: TestAuthority, condition: Condition
) -> None:
    async with httpx.AsyncClient(base_url=f"http://{ncalayer}") as client:
        await client.put("/seat", json={"handle": "aigerim", "behaviour": condition})
        assert (await client.get("/seat")).json() == {"handle": "aigerim", "behaviour": condition}
    assert signer(await sign_here(ncalayer)) == people.keys("aigerim", Usage.SIGN, condition).pem.decode()


async def test_when_nobody_sits_there_no_key_is_put_in(ncalayer: str) -> None:
    async with httpx.AsyncClient(base_url=f"http://{ncalayer}") as client:
        await client.put("/seat", json={"handle": None})
        assert "nobody is here" in (await client.get("/")).text
    assert await sign_here(ncalayer) == {"status": True, "body": {}}
