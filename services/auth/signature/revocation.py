"""Is the certificate revoked? OCSP decides; lists are asked only when OCSP cannot be reached at all."""

import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from services.auth.domain.revocation import RevocationSource, Unreachable
from services.auth.domain.verdict import Finding, Rejected
from services.auth.signature import crl, ocsp
from services.auth.signature.certificate import SignerCertificate
from services.auth.signature.responder import is_authentic

_NONCE_BYTES = 16

Random = Callable[[int], bytes]
"""So many octets that nobody can foresee."""


class Source(StrEnum):
    """Where the status was learnt."""

    OCSP = "ocsp"
    CRL = "crl"


@dataclass(frozen=True, slots=True)
class Status:
    """Proof that a certificate was not revoked: the source's own time, and what it said.

    Of OCSP, question and answer are whole. Lists are large and public: there `answer` names the ones used by number, time
    and SHA-256 (JSON).
    """

    source: Source
    told_at: datetime
    request: bytes = b""
    answer: bytes = b""


@dataclass(frozen=True, slots=True)
class Signatures:
    """How answers and lists of one family of algorithms are told to be genuine."""

    authentic: ocsp.Authentic = is_authentic
    signed_by: crl.SignedBy = crl.signed_by_rsa


RSA = Signatures()


async def ensure_not_revoked(
    certificate: SignerCertificate,
    source: RevocationSource,
    at: datetime,
    random: Random = os.urandom,
    family: Signatures = RSA,
) -> Status:
    """The proof; raises Rejected when revoked, when an answer is not to be believed, and when there is none."""
    question = ocsp.request(certificate.leaf, certificate.issuer, random(_NONCE_BYTES))
    try:
        answer = await source.ocsp(question)
        told_at = ocsp.ensure_good(answer, question, certificate.issuer, at, family.authentic)
    except (Unreachable, ocsp.ResponderBusy):
        return await _by_lists(certificate, source, question, at, family)
    return Status(Source.OCSP, told_at, question, answer)


async def _by_lists(
    certificate: SignerCertificate, source: RevocationSource, question: bytes, at: datetime, family: Signatures
) -> Status:
    try:
        lists = await source.lists()
    except Unreachable:
        raise Rejected(Finding.REVOCATION_UNREACHABLE) from None
    told = crl.told(lists, certificate.leaf, certificate.issuer, at, family.signed_by)
    return Status(Source.CRL, told.at, question, told.evidence.encode())
