"""The authority over HTTP: the public doors of НУЦ РК, and the desk that a test uses to make people and faults."""

import secrets

from cryptography import x509
from fastapi import FastAPI, Request, Response
from fastapi.concurrency import run_in_threadpool
from pydantic import BaseModel, Field, field_validator

from doubles.http import Refused, Unreachable, dawdle, new_app
from doubles.nca.authority import TestAuthority
from doubles.nca.certificates import Condition, Subject, Usage
from doubles.nca.iin import is_valid
from doubles.nca.revocation import Fault

HANDLE = r"^[a-z0-9][a-z0-9_-]{0,63}$"


class NewPerson(BaseModel):
    """An invented person who wants keys; the handle names them in paths, where an IIN must not stand."""

    iin: str
    surname: str = Field(min_length=1)
    given: str = Field(min_length=1)
    patronymic: str = ""
    gender: str | None = None
    email: str | None = None
    organisation: str | None = None
    bin: str | None = None
    handle: str | None = Field(default=None, pattern=HANDLE)

    @field_validator("iin", "bin")
    @classmethod
    def _right_check_digit(cls, number: str | None) -> str | None:
        if number is not None and not is_valid(number):
            raise ValueError("twelve digits with a right check digit are expected")
        return number

    def subject(self) -> Subject:
        return Subject(self.iin, self.surname, self.given, self.patronymic, self.email, self.organisation, self.bin)


class KnownPerson(BaseModel):
    """Somebody who has keys; invented, as everybody here is."""

    handle: str
    name: str


class KeyStore(BaseModel):
    """A person's key of one usage: certificate and private key as PEM, and the .p12 file's bytes in hex."""

    certificate_pem: str
    key_pem: str
    p12_hex: str
    p12_password: str


class RevokeOrder(BaseModel):
    """Which of a person's certificates ends, and why (name of RFC 5280 5.3.1 in lower case with underscores)."""

    usage: Usage
    reason: str = "key_compromise"


def make_app(authority: TestAuthority) -> FastAPI:
    """The whole double as one application."""
    app = new_app("НУЦ РК (test)")
    _public_doors(app, authority)
    _published_files(app, authority)
    _desk(app, authority)
    _key_desk(app, authority)
    _test_doors(app, authority)
    return app


def _public_doors(app: FastAPI, authority: TestAuthority) -> None:
    @app.post("/ocsp/")
    async def ocsp(request: Request) -> Response:
        if (broken := await _broken(authority, "ocsp")) is not None:
            return broken
        try:
            der = await run_in_threadpool(authority.ocsp, await request.body())
        except ValueError as error:
            raise Refused(400, "not an OCSP request") from error
        return Response(der, media_type="application/ocsp-response")

    @app.post("/tsp/")
    async def timestamp(request: Request) -> Response:
        if (broken := await _broken(authority, "tsp")) is not None:
            return broken
        der = await run_in_threadpool(authority.timestamp, await request.body())
        return Response(der, media_type="application/timestamp-reply")


def _published_files(app: FastAPI, authority: TestAuthority) -> None:
    lists = {
        "nca_rsa.crl": authority.crl,
        "nca_d_rsa.crl": authority.delta_crl,
        "root_rsa.crl": authority.root_crl,
    }

    @app.get("/crl/{file}")
    async def crl(file: str) -> Response:
        if file not in lists:
            raise Refused(404, "no such file")
        if (broken := await _broken(authority, "crl")) is not None:
            return broken
        return Response(await run_in_threadpool(lists[file]), media_type="application/pkix-crl")

    @app.get("/cert/{file}")
    def certificate(file: str) -> Response:
        found = {"root_rsa.cer": authority.root, "nca_rsa.cer": authority.issuing}.get(file)
        if found is None:
            raise Refused(404, "no such file")
        return Response(found.der, media_type="application/pkix-cert")


async def _broken(authority: TestAuthority, service: str) -> Response | None:
    fault = authority.faults[service]
    if fault is Fault.UNREACHABLE:
        return Unreachable()
    if fault is Fault.SLOW:
        await dawdle()
    return None


def _must_know(authority: TestAuthority, handle: str) -> None:
    try:
        authority.person(handle)
    except KeyError as error:
        raise Refused(404, "nobody has this handle") from error


def _desk(app: FastAPI, authority: TestAuthority) -> None:
    @app.get("/people")
    def people() -> list[KnownPerson]:
        return [
            KnownPerson(handle=handle, name=" ".join(filter(None, (one.surname, one.given, one.patronymic))))
            for handle, one in authority.ledger.people.items()
        ]

    @app.post("/people", status_code=201)
    def register(person: NewPerson) -> dict[str, str]:
        handle = person.handle or secrets.token_hex(8)
        try:
            return {"handle": authority.register(handle, person.subject())}
        except ValueError as error:
            raise Refused(409, str(error)) from error


def _key_desk(app: FastAPI, authority: TestAuthority) -> None:
    @app.post("/people/{handle}/keys/{usage}")
    def key(handle: str, usage: Usage, condition: Condition = Condition.GOOD) -> KeyStore:
        _must_know(authority, handle)
        found, password = authority.keys(handle, usage, condition), secrets.token_urlsafe(9)
        return KeyStore(
            certificate_pem=found.pem.decode(),
            key_pem=found.key_pem.decode(),
            p12_hex=found.pkcs12(password, [authority.issuing.cert]).hex(),
            p12_password=password,
        )

    @app.post("/people/{handle}:renew", status_code=204)
    def renew(handle: str) -> None:
        _must_know(authority, handle)
        authority.renew(handle)

    @app.post("/people/{handle}:revoke", status_code=204)
    def revoke(handle: str, order: RevokeOrder) -> None:
        _must_know(authority, handle)
        if order.reason not in x509.ReasonFlags.__members__:
            raise Refused(422, "not a reason of RFC 5280 5.3.1")
        authority.revoke(authority.keys(handle, order.usage), x509.ReasonFlags[order.reason])


def _test_doors(app: FastAPI, authority: TestAuthority) -> None:
    @app.get("/faults")
    def faults() -> dict[str, Fault]:
        return authority.faults

    @app.put("/faults", status_code=204)
    def set_faults(faults: dict[str, Fault]) -> None:
        if not faults.keys() <= authority.faults.keys():
            raise Refused(422, "services are ocsp, crl, tsp")
        authority.faults.update(faults)
