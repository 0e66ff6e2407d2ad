"""What НУЦ РК says about a certificate: OCSP answers, full and delta CRLs, and the ways in which it can go wrong."""

import os
from datetime import datetime, timedelta
from enum import StrEnum

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import ocsp

from doubles.nca.certificates import authority_key
from doubles.nca.keys import Credential
from doubles.nca.ocsp_answer import (
    AskedAbout,
    Revocation,
    certificate_status,
    signed_answer,
    unknown_status,
)

OLD = timedelta(days=3)
FULL_CRL_LIFE = timedelta(hours=27)
FULL_CRL_EVERY = timedelta(hours=24)
DELTA_CRL_LIFE = timedelta(hours=7, minutes=30)


class Fault(StrEnum):
    """How a service of the authority answers. Not every mode means something to every service."""

    OK = "ok"
    TRYLATER = "trylater"
    INTERNAL = "internal"
    STALE = "stale"
    FUTURE = "future"
    BADSIG = "badsig"
    NONONCE = "nononce"
    BADNONCE = "badnonce"
    UNKNOWN = "unknown"
    OTHERSERIAL = "otherserial"
    ALIEN = "alien"
    SLOW = "slow"
    UNREACHABLE = "unreachable"
    GARBAGE = "garbage"


UNSUCCESSFUL = {
    Fault.TRYLATER: ocsp.OCSPResponseStatus.TRY_LATER,
    Fault.INTERNAL: ocsp.OCSPResponseStatus.INTERNAL_ERROR,
}


Revoked = dict[int, Revocation]


def answer(request_der: bytes, responder: Credential, known: Revoked, at: datetime, fault: Fault) -> bytes:
    """The OCSP answer: delegated responder, CertID as asked, nonce echoed, no nextUpdate (RFC 6960 4.2.1).

    ``at`` is business time; it becomes producedAt and thisUpdate. Raises ValueError for what is not a request.
    """
    if fault in UNSUCCESSFUL:
        return ocsp.OCSPResponseBuilder.build_unsuccessful(UNSUCCESSFUL[fault]).public_bytes(Encoding.DER)
    request = ocsp.load_der_ocsp_request(request_der)
    at = _shifted(at, fault)
    status = certificate_status(None if fault is Fault.UNKNOWN else known.get(request.serial_number))
    if fault is Fault.UNKNOWN:
        status = unknown_status()
    asked = AskedAbout(
        request.issuer_name_hash,
        request.issuer_key_hash,
        request.hash_algorithm.name,
        request.serial_number + (1 if fault is Fault.OTHERSERIAL else 0),
    )
    der, signature = signed_answer(asked, status, _nonce(request, fault), responder, at)
    return _spoilt(der, signature) if fault is Fault.BADSIG else der


def _shifted(at: datetime, fault: Fault) -> datetime:
    shift = {Fault.STALE: -OLD, Fault.FUTURE: OLD}.get(fault, timedelta())
    return (at + shift).replace(microsecond=0)


def _nonce(request: ocsp.OCSPRequest, fault: Fault) -> bytes | None:
    if fault is Fault.NONONCE:
        return None
    if fault is Fault.BADNONCE:
        return os.urandom(16)
    try:
        return request.extensions.get_extension_for_class(x509.OCSPNonce).value.nonce
    except x509.ExtensionNotFound:
        return None


def _spoilt(der: bytes, signature: bytes) -> bytes:
    place = der.rindex(signature)
    return der[:place] + bytes([der[place] ^ 1]) + der[place + 1 :]


class CrlDesk:
    """Publishes the full CRL once a day and a delta to it at every request, numbered without gaps."""

    def __init__(self, issuer: Credential, known: Revoked, last_number: int = 0) -> None:
        self._issuer = issuer
        self._known = known
        self._full: tuple[int, datetime, bytes, frozenset[int]] | None = None
        self.number = last_number

    def full(self, at: datetime, fault: Fault = Fault.OK) -> bytes:
        """The full CRL, made anew when a day has passed or the clock went back."""
        return self._spoil(self._current(at, fault)[2], fault)

    def delta(self, at: datetime, fault: Fault = Fault.OK) -> bytes:
        """What was revoked since the full CRL (RFC 5280 5.2.4)."""
        base, _, _, listed = self._current(at, fault)
        fresh = {serial: told for serial, told in self._known.items() if serial not in listed}
        der = self._build(fresh, _shifted(at, fault), DELTA_CRL_LIFE, delta_of=base)
        return self._spoil(der, fault)

    def _current(self, at: datetime, fault: Fault) -> tuple[int, datetime, bytes, frozenset[int]]:
        if fault in (Fault.STALE, Fault.FUTURE):
            at = _shifted(at, fault)
            return 0, at, self._build(self._known, at, FULL_CRL_LIFE), frozenset(self._known)
        if self._full is None or not self._full[1] <= at < self._full[1] + FULL_CRL_EVERY:
            der = self._build(self._known, at, FULL_CRL_LIFE)
            self._full = (self.number, at.replace(microsecond=0), der, frozenset(self._known))
        return self._full

    def _build(self, entries: Revoked, at: datetime, life: timedelta, delta_of: int | None = None) -> bytes:
        self.number += 1
        at = at.replace(microsecond=0)
        builder = (
            x509.CertificateRevocationListBuilder()
            .issuer_name(self._issuer.cert.subject)
            .last_update(at)
            .next_update(at + life)
            .add_extension(x509.CRLNumber(self.number), critical=False)
            .add_extension(authority_key(self._issuer.cert), critical=False)
        )
        if delta_of is not None:
            builder = builder.add_extension(x509.DeltaCRLIndicator(delta_of), critical=True)
        for serial, told in entries.items():
            entry = x509.RevokedCertificateBuilder().serial_number(serial)
            entry = entry.revocation_date(told.at.replace(microsecond=0))
            builder = builder.add_revoked_certificate(
                entry.add_extension(x509.CRLReason(told.reason), critical=False).build()
            )
        return builder.sign(self._issuer.key, hashes.SHA256()).public_bytes(Encoding.DER)

    def _spoil(self, der: bytes, fault: Fault) -> bytes:
        return _spoilt(der, x509.load_der_x509_crl(der).signature) if fault is Fault.BADSIG else der
