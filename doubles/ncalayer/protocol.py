"""The messages of NCALayer: JSON in, JSON out, one dialog each.

Two modules are spoken: ``kz.gov.pki.knca.commonUtils`` (codes "200" and "500") and ``kz.gov.pki.knca.basics``
(``status`` true or false; a cancelled dialog is ``status`` true without a result).
"""

import json
from collections.abc import Sequence
from typing import Any

from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from doubles.nca.certificates import Usage
from doubles.nca.keys import Credential
from doubles.ncalayer.keyboard import Cancelled, Keyboard, Stranger, WrongPassword
from doubles.ncalayer.sign import NotXml, sign_xml

Answer = dict[str, Any]

HELLO: Answer = {"result": {"version": "1.4"}}
HEARTBEAT = "--heartbeat--"
COMMON = "kz.gov.pki.knca.commonUtils"
BASICS = "kz.gov.pki.knca.basics"
CANCELLED: Answer = {"code": "500", "message": "action.canceled"}
NO_MODULE: Answer = {"status": False, "code": "MODULE_NOT_FOUND", "message": "module not found"}
NO_METHOD: Answer = {"code": "500", "message": "method not found"}
LOCALES = frozenset({"kk", "kz", "ru", "en"})


class Session:
    """One connection: a person before the window."""

    def __init__(self, keyboard: Keyboard, handle: str | None) -> None:
        self._keyboard = keyboard
        self._handle = handle

    async def answer(self, message: str) -> str:
        """What the program sends back to one message."""
        if message == HEARTBEAT:
            return json.dumps(HELLO)
        try:
            asked = json.loads(message)
        except json.JSONDecodeError:
            return json.dumps(NO_MODULE)
        return json.dumps(await self._handle_module(asked), ensure_ascii=False)

    async def _handle_module(self, asked: Any) -> Answer:
        if not isinstance(asked, dict):
            return NO_MODULE
        match asked.get("module"), asked.get("method"):
            case (module, str() as method) if module == COMMON:
                return await self._common(method, asked.get("args") or [])
            case (module, "sign") if module == BASICS:
                return await self._basics(asked.get("args") or {})
            case _:
                return NO_MODULE

    async def _common(self, method: str, args: Sequence[Any]) -> Answer:
        try:
            match method, args:
                case "getActiveTokens", _:
                    return _done([])
                case "changeLocale", [str() as locale] if locale in LOCALES:
                    return {"code": "200"}
                case "getKeyInfo", [_]:
                    return _done(key_info(await self._keyboard.choose(self._handle, Usage.SIGN)))
                case "signXml", [_, str() as kind, str() as xml, "", ""]:
                    key = await self._keyboard.choose(self._handle, _usage_of_kind(kind))
                    return _done(sign_xml(xml, key))
                case "signXmls", [_, str() as kind, list() as xmls, "", ""]:
                    key = await self._keyboard.choose(self._handle, _usage_of_kind(kind))
                    return _done([sign_xml(xml, key) for xml in xmls])
                case _:
                    return NO_METHOD
        except (Cancelled, Stranger):
            return CANCELLED
        except WrongPassword:
            return {"code": "500", "message": "java.io.IOException: keystore password was incorrect"}
        except NotXml as error:
            return {"code": "500", "message": f"org.xml.sax.SAXParseException; {error}"}

    async def _basics(self, args: dict[str, Any]) -> Answer:
        if args.get("format") != "xml":
            return _refused("UNSUPPORTED_FORMAT", "this imitation signs xml only")
        signer = args.get("signerParams") or {}
        usages = set(signer.get("extKeyUsageOids") or [])
        if not usages:
            return _refused("BAD_PARAMS", "signerParams.extKeyUsageOids is required")
        wants_auth = ExtendedKeyUsageOID.CLIENT_AUTH.dotted_string in usages
        data = args.get("data")
        documents = [str(one) for one in (data if isinstance(data, list) else [data or ""])]
        try:
            key = await self._keyboard.choose(self._handle, Usage.AUTH if wants_auth else Usage.SIGN)
            if not _fits(key, signer):
                return {"status": True, "body": {}}
            return {"status": True, "body": {"result": [sign_xml(document, key) for document in documents]}}
        except (Cancelled, Stranger):
            return {"status": True, "body": {}}
        except WrongPassword:
            return _refused("WRONG_PASSWORD", "keystore password was incorrect")
        except NotXml as error:
            return _refused("BAD_DATA", str(error))


def _done(result: Any) -> Answer:
    return {"code": "200", "responseObject": result}


def _refused(code: str, message: str) -> Answer:
    return {"status": False, "code": code, "message": message, "details": ""}


def _usage_of_kind(kind: str) -> Usage:
    """Any kind but AUTHENTICATION lets the person choose; invented people then choose their signing key."""
    return Usage.AUTH if kind == "AUTHENTICATION" else Usage.SIGN


def _fits(key: Credential, signer: dict[str, Any]) -> bool:
    """The page may ask for the key of one person; the dialog then shows no other."""
    wanted = signer.get("iin")
    serial = key.cert.subject.get_attributes_for_oid(NameOID.SERIAL_NUMBER)[0].value
    return not wanted or serial == f"IIN{wanted}"


def key_info(key: Credential) -> Answer:
    """What the program tells of a chosen key; dates are milliseconds since 1970 as text."""
    cert = key.cert
    issuer = cert.issuer.get_attributes_for_oid(NameOID.COMMON_NAME)[0].value
    subject = cert.subject.get_attributes_for_oid(NameOID.COMMON_NAME)[0].value
    return {
        "algorithm": "RSA",
        "alias": f"{cert.serial_number:x}",
        "certNotBefore": str(int(cert.not_valid_before_utc.timestamp() * 1000)),
        "certNotAfter": str(int(cert.not_valid_after_utc.timestamp() * 1000)),
        "issuerCn": issuer,
        "issuerDn": cert.issuer.rfc4514_string(),
        "keyId": f"{cert.serial_number:x}",
        "pem": key.pem.decode(),
        "serialNumber": f"{cert.serial_number:x}",
        "subjectCn": subject,
        "subjectDn": cert.subject.rfc4514_string(),
    }
