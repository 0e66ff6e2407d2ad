"""The test national certification authority itself, usable in-process and behind HTTP.

Nothing here is an authority of anybody: names end in TEST, and only a test profile may trust its root.
"""

import threading
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa

from doubles.clock import Now, real_now
from doubles.nca import certificates, oids, revocation, timestamps
from doubles.nca.certificates import LEAF_LIFE, Condition, Profile, Subject, Usage
from doubles.nca.keys import Credential, new_key
from doubles.nca.ledger import Ledger
from doubles.nca.ocsp_answer import Revocation
from doubles.nca.revocation import CrlDesk, Fault

ROOT_NAME = "НЕГІЗГІ КУӘЛАНДЫРУШЫ ОРТАЛЫҚ (TEST)"
ISSUING_NAME = "ҰЛТТЫҚ КУӘЛАНДЫРУШЫ ОРТАЛЫҚ (RSA) TEST"
CA_AGE = timedelta(days=365)
LEAF_AGE = timedelta(days=30)
"""Certificates begin in the past, so that a clock moved a little back does not meet keys from the future."""

CITY_DEPARTMENT = Subject(
    iin="800101300016",
    surname="БАСШЫ",
    given="ҮЛГІ",
    patronymic="ҮЛГІҰЛЫ",
    organisation="Алматы қаласы Білім басқармасы (TEST)",
    bin="000140000012",
    roles=(oids.ROLE_CAN_SIGN,),
)
"""The invented official who holds the city's key: the authority that signs referrals."""

Maker = Callable[[rsa.RSAPrivateKey], Credential]


class TestAuthority:
    """Root, issuing CA, people's keys, OCSP, CRL, time stamps. Keys are made when first needed, then kept.

    ``folder``: where material is kept (None = memory only). ``now``: business time. ``faults``: how each service
    ("ocsp", "crl", "tsp") answers; anybody may set them.
    """

    __test__ = False

    def __init__(
        self,
        folder: Path | None = None,
        now: Now = real_now,
        base_url: str = "http://127.0.0.1",
        *,
        generation: str = "2019",
        ca_bits: int = 2048,
    ) -> None:
        self._now = now
        self._profile = Profile(base_url.rstrip("/"), generation)
        self._ca_bits = ca_bits
        self._lock = threading.RLock()
        self.ledger = Ledger.open(folder)
        self.faults: dict[str, Fault] = {"ocsp": Fault.OK, "crl": Fault.OK, "tsp": Fault.OK}
        self.root = self._material("ca/root", lambda key: self._make_ca(ROOT_NAME, key, None))
        self.issuing = self._material("ca/issuing", lambda key: self._make_ca(ISSUING_NAME, key, self.root))
        self._crls = CrlDesk(self.issuing, self.ledger.revoked, self.ledger.crl_number)
        self._root_crls = CrlDesk(self.root, {})

    # -- its own keys ---------------------------------------------------------------------------------------------
    @property
    def anchors(self) -> list[x509.Certificate]:
        """What a verifier pins: the root, then the issuing CA."""
        return [self.root.cert, self.issuing.cert]

    @property
    def responder(self) -> Credential:
        return self._material(
            "ca/ocsp", lambda key: certificates.make_responder(key, self.issuing, self._now() - LEAF_AGE)
        )

    @property
    def tsa(self) -> Credential:
        return self._material(
            "ca/tsa", lambda key: certificates.make_tsa(key, self.issuing, self._now() - LEAF_AGE, self._profile)
        )

    def write_anchors(self, folder: Path) -> None:
        """``root.pem`` and ``issuing.pem``, for verifiers of ours and of others."""
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "root.pem").write_bytes(self.root.pem)
        (folder / "issuing.pem").write_bytes(self.issuing.pem)

    def _make_ca(self, title: str, key: rsa.RSAPrivateKey, issuer: Credential | None) -> Credential:
        return certificates.make_ca(title, key, issuer, self._now() - CA_AGE, self._profile)

    def _material(self, title: str, make: Maker) -> Credential:
        with self._lock:
            found = self.ledger.credential(title)
            if found is not None:
                return found
            return self.ledger.keep(title, make(new_key(self._ca_bits if title.startswith("ca/") else 2048)))

    # -- people ---------------------------------------------------------------------------------------------------
    def register(self, handle: str, person: Subject) -> str:
        """Know a person under a handle that names nobody to outsiders. The same IIN keeps its first handle."""
        with self._lock:
            for known, other in self.ledger.people.items():
                if (other.iin, other.bin) == (person.iin, person.bin):
                    return known
            if handle in self.ledger.people:
                raise ValueError(f"the handle {handle} belongs to somebody else")
            self.ledger.people[handle] = person
            self.ledger.save()
            return handle

    def person(self, handle: str) -> Subject:
        """KeyError for a handle that nobody has."""
        return self.ledger.people[handle]

    def keys(self, handle: str, usage: Usage, condition: Condition = Condition.GOOD) -> Credential:
        """A registered person's key pair; made when it is first needed. An expired one ended a day before that."""
        person = self.person(handle)
        title = f"people/{handle}-{usage}" + ("" if condition is Condition.GOOD else f"-{condition}")
        age = LEAF_LIFE + timedelta(days=1) if condition is Condition.EXPIRED else LEAF_AGE
        found = self._material(title, lambda key: self.issue(person, usage, key, age))
        if condition is Condition.REVOKED:
            self.revoke(found)
        return found

    def renew(self, handle: str) -> None:
        """New AUTH and SIGN key pairs; the old certificates stay good until they end or are revoked."""
        person = self.person(handle)
        for usage in Usage:
            self.ledger.keep(f"people/{handle}-{usage}", self.issue(person, usage))

    def issue(
        self, person: Subject, usage: Usage, key: rsa.RSAPrivateKey | None = None, age: timedelta = LEAF_AGE
    ) -> Credential:
        """A certificate for anybody, issued so long ago, kept nowhere."""
        start = self._now() - age
        return certificates.make_leaf(person, usage, key or new_key(), self.issuing, start, self._profile)

    def city_department(self) -> Credential:
        """The SIGN key of the city's education department: the authority that signs referrals."""
        return self._material("authority/department", lambda key: self.issue(CITY_DEPARTMENT, Usage.SIGN, key))

    # -- what it says about certificates --------------------------------------------------------------------------
    def revoke(self, credential: Credential, reason: x509.ReasonFlags = x509.ReasonFlags.key_compromise) -> None:
        """From now (business time) on the certificate is revoked."""
        with self._lock:
            self.ledger.revoked.setdefault(credential.serial, Revocation(self._now(), reason))
            self.ledger.save()

    def ocsp(self, request: bytes) -> bytes:
        """Answer an OCSP request (DER in, DER out). ValueError for what is not a request."""
        fault = self.faults["ocsp"]
        if fault is Fault.GARBAGE:
            return b"<html>busy</html>"
        responder = self._alien() if fault is Fault.ALIEN else self.responder
        return revocation.answer(request, responder, self.ledger.revoked, self._now(), fault)

    def crl(self) -> bytes:
        """The issuing CA's full CRL (DER)."""
        return self._numbered(self._crls.full)

    def delta_crl(self) -> bytes:
        """The issuing CA's delta CRL (DER)."""
        return self._numbered(self._crls.delta)

    def root_crl(self) -> bytes:
        """The root's CRL about issuing CAs (DER); nothing is ever in it."""
        return self._root_crls.full(self._now())

    def timestamp(self, request: bytes) -> bytes:
        """Answer a TimeStampReq (RFC 3161)."""
        if self.faults["tsp"] is Fault.TRYLATER:
            return timestamps.refusal("system_failure")
        return timestamps.stamp(request, self.tsa, [self.tsa.der, self.issuing.der], self._now())

    def _numbered(self, make: Callable[..., bytes]) -> bytes:
        with self._lock:
            der = make(self._now(), self.faults["crl"])
            if self._crls.number != self.ledger.crl_number:
                self.ledger.crl_number = self._crls.number
                self.ledger.save()
            return der

    def _alien(self) -> Credential:
        """A responder whose certificate this authority never issued as one: signed by an unknown key of the same name."""
        stranger = self._make_ca(ISSUING_NAME, new_key(), None)
        return certificates.make_responder(new_key(), stranger, self._now() - LEAF_AGE)
