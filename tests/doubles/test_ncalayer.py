"""The NCALayer double as a page meets it, its signatures checked by libxmlsec."""

import base64
import json
from collections.abc import Awaitable, Callable
from datetime import date
from typing import Any

import httpx
import pytest
import websockets
import xmlsec
from cryptography import x509
from fastapi import FastAPI
from lxml import etree

from doubles.nca.api import make_app as make_authority
from doubles.nca.authority import TestAuthority
from doubles.nca.certificates import Subject, Usage
from doubles.nca.iin import make_iin
from doubles.ncalayer.app import make_app
from doubles.ncalayer.sign import sign_xml

DS = "{http://www.w3.org/2000/09/xmldsig#}"
XML = '<login xmlns="urn:test"><purpose>кіру</purpose></login>'
COMMON = "kz.gov.pki.knca.commonUtils"
BASICS = "kz.gov.pki.knca.basics"
DAUREN = Subject(make_iin(date(1988, 11, 3), female=False, serial=4), "АХМЕТОВ", "ДӘУРЕН", "БОЛАТҰЛЫ")


def verify(signed: str, certificate: x509.Certificate, authority: TestAuthority) -> None:
    """Raises xmlsec.Error unless libxmlsec accepts the signature by a chain that ends at the root."""
    manager = xmlsec.KeysManager()
    for anchor in (authority.root, authority.issuing):
        manager.load_cert_from_memory(
            anchor.pem, xmlsec.constants.KeyDataFormatPem, xmlsec.constants.KeyDataTypeTrusted
        )
    root = etree.fromstring(signed.encode())
    xmlsec.SignatureContext(manager).verify(root[-1])  # type: ignore[call-arg]
    inside = x509.load_der_x509_certificate(base64.b64decode(root.findtext(f".//{DS}X509Certificate") or ""))
    assert inside == certificate


@pytest.fixture
def real_time_authority() -> TestAuthority:
    authority = TestAuthority()
    authority.register("dauren", DAUREN)
    return authority


@pytest.fixture
async def ncalayer(real_time_authority: TestAuthority, serve: Callable[[FastAPI], Awaitable[str]]) -> str:
    return await serve(make_app(f"http://{await serve(make_authority(real_time_authority))}"))


async def call(socket: websockets.ClientConnection, module: str, method: str, args: Any) -> dict[str, Any]:
    await socket.send(json.dumps({"module": module, "method": method, "args": args}))
    answer: dict[str, Any] = json.loads(await socket.recv())
    return answer


def test_the_signature_has_the_shape_of_the_real_program(authority: TestAuthority) -> None:
    signed = sign_xml(XML, authority.issue(DAUREN, Usage.SIGN))
    root = etree.fromstring(signed.encode())
    signature = root[-1]
    assert signed.startswith('<?xml version="1.0" encoding="UTF-8" standalone="no"?><login')
    assert signature.tag == f"{DS}Signature"
    assert signature.prefix == "ds"
    assert [child.tag.removeprefix(DS) for child in signature] == ["SignedInfo", "SignatureValue", "KeyInfo"]
    reference = signature.find(f"{DS}SignedInfo/{DS}Reference")
    assert reference is not None
    assert reference.get("URI") == ""
    algorithms = [transform.get("Algorithm") for transform in reference.iter(f"{DS}Transform")]
    assert algorithms == [
        "http://www.w3.org/2000/09/xmldsig#enveloped-signature",
        "http://www.w3.org/TR/2001/REC-xml-c14n-20010315#WithComments",
    ]
    assert len(list(signature.iter(f"{DS}X509Certificate"))) == 1


async def test_the_program_greets_and_answers_the_heartbeat(ncalayer: str) -> None:
    async with websockets.connect(f"ws://{ncalayer}/dauren") as socket:
        assert json.loads(await socket.recv()) == {"result": {"version": "1.4"}}
        await socket.send("--heartbeat--")
        assert json.loads(await socket.recv()) == {"result": {"version": "1.4"}}
        assert (await call(socket, COMMON, "getActiveTokens", []))["responseObject"] == []
        assert (await call(socket, COMMON, "changeLocale", ["kk"]))["code"] == "200"
        info = (await call(socket, COMMON, "getKeyInfo", ["PKCS12"]))["responseObject"]
        assert info["subjectCn"] == "АХМЕТОВ ДӘУРЕН"
        assert (await call(socket, "kz.unknown", "sign", []))["status"] is False


async def test_a_login_is_signed_with_the_auth_key_and_libxmlsec_agrees(
    ncalayer: str, real_time_authority: TestAuthority
) -> None:
    async with websockets.connect(f"ws://{ncalayer}/dauren") as socket:
        await socket.recv()
        answer = await call(socket, COMMON, "signXml", ["PKCS12", "AUTHENTICATION", XML, "", ""])
        verify(answer["responseObject"], real_time_authority.keys("dauren", Usage.AUTH).cert, real_time_authority)
        args = {
            "format": "xml",
            "data": [XML, XML],
            "signerParams": {"extKeyUsageOids": ["1.3.6.1.5.5.7.3.4", "1.2.398.3.3.4.1.1"]},
        }
        both = (await call(socket, BASICS, "sign", args))["body"]["result"]
        assert len(both) == 2
        verify(both[1], real_time_authority.keys("dauren", Usage.SIGN).cert, real_time_authority)


async def test_a_person_may_cancel_mistype_or_take_the_wrong_key(
    ncalayer: str, real_time_authority: TestAuthority
) -> None:
    ask = ["PKCS12", "AUTHENTICATION", XML, "", ""]
    async with websockets.connect(f"ws://{ncalayer}/dauren") as socket, httpx.AsyncClient() as client:
        await socket.recv()
        said = {}
        for behaviour in ("cancel", "wrong_password", "wrong_kind"):
            await client.put(f"http://{ncalayer}/dauren/behaviour", json={"behaviour": behaviour})
            said[behaviour] = await call(socket, COMMON, "signXml", ask)
        assert said["cancel"] == {"code": "500", "message": "action.canceled"}
        assert "password" in said["wrong_password"]["message"]
        sign_key = real_time_authority.keys("dauren", Usage.SIGN).cert
        verify(said["wrong_kind"]["responseObject"], sign_key, real_time_authority)


async def test_a_cancelled_dialog_of_the_newer_module_has_no_result(ncalayer: str) -> None:
    args = {"format": "xml", "data": XML, "signerParams": {"extKeyUsageOids": ["1.3.6.1.5.5.7.3.2"]}}
    async with websockets.connect(f"ws://{ncalayer}/nobody") as socket:
        await socket.recv()
        assert await call(socket, BASICS, "sign", args) == {"status": True, "body": {}}
        assert (await call(socket, BASICS, "sign", args | {"format": "cms"}))["status"] is False


async def test_what_is_not_xml_is_not_signed(ncalayer: str) -> None:
    async with websockets.connect(f"ws://{ncalayer}/dauren") as socket:
        await socket.recv()
        answer = await call(socket, COMMON, "signXml", ["PKCS12", "SIGNATURE", "<open>", "", ""])
        assert answer["code"] == "500"
