"""The whole judgement of one signed document, cheapest checks first, the network last."""

import os
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from cryptography.hazmat.primitives.serialization import Encoding

from services.auth.domain.key import KeyKind
from services.auth.domain.person import Identity
from services.auth.domain.refusals import IssuedDocumentUnreadable
from services.auth.domain.revocation import RevocationSource
from services.auth.domain.verdict import Finding, Rejected, Verdict, refusal_of
from services.auth.signature import document as reading
from services.auth.signature import xml
from services.auth.signature.certificate import SignerCertificate, examined
from services.auth.signature.holder import KeyFacts, Organisation, holder, key_facts, organisation
from services.auth.signature.profile import PEOPLE, HolderKind, Usage
from services.auth.signature.revocation import Random, Signatures, Status, ensure_not_revoked
from services.auth.signature.shape import RSA_SHA256, SHA256
from services.auth.signature.trust import Trust, Trusted


@dataclass(frozen=True, slots=True)
class Asked:
    """What a signature has to be: for which usage, by whom, at which moment, over which document.

    `issued` is None where nobody has kept the document as it was issued: then the signature shows only what it covers.
    """

    usage: Usage
    at: datetime
    issued: bytes | None = None
    holders: frozenset[HolderKind] = PEOPLE
    check_digits: bool = True


@dataclass(frozen=True, slots=True)
class Judged:
    """A verdict with what it rests on. The signer is told only when the signature itself is genuine.

    `presented` is the kind of the key where it was of the wrong kind.
    """

    verdict: Verdict
    signed: bytes
    certificate: SignerCertificate | None = None
    signer: Identity | None = None
    organisation: Organisation | None = None
    key: KeyFacts | None = None
    status: Status | None = None
    presented: KeyKind = KeyKind.UNKNOWN
    covered: bytes | None = None
    """The canonical octets that the signature covers, once it is genuine."""

    def ensure_passed(self) -> Identity:
        """The signer; raises the refusal a person is told when the verdict is anything but passed."""
        if self.verdict.finding is not None or self.signer is None:
            raise refusal_of(self.verdict.finding or Finding.SIGNER_UNKNOWN, self.presented)
        return self.signer

    @property
    def issuer_der(self) -> bytes | None:
        """The issuing certificate the chain was built with."""
        return None if self.certificate is None else self.certificate.issuer.public_bytes(Encoding.DER)


@dataclass(frozen=True, slots=True)
class Family:
    """What differs between families of algorithms; what is checked, and in which order, is the same for all.

    `name` is what the key's owner is shown; None: what the certificate says.
    """

    read: Callable[[bytes], xml.SignedDocument]
    examined: Callable[[bytes, Usage, Trust, datetime, frozenset[HolderKind]], SignerCertificate]
    ensure_signed_by: Callable[[xml.SignedDocument, SignerCertificate], None]
    signatures: Signatures
    signature_method: str
    digest_method: str
    name: str | None = None


RSA = Family(
    read=xml.read,
    examined=examined,
    ensure_signed_by=lambda document, signer: xml.ensure_signed_by(document, signer.public_key_der),
    signatures=Signatures(),
    signature_method=RSA_SHA256,
    digest_method=SHA256,
)


class Verifier:
    """Judges signatures under one pinned authority; the road to it is handed in."""

    def __init__(self, trust: Trusted, source: RevocationSource, random: Random = os.urandom) -> None:
        self._trust = trust
        self._source = source
        self._random = random

    async def judge(
        self,
        signed: bytes,
        *,
        issued: bytes,
        usage: Usage,
        at: datetime,
        holders: frozenset[HolderKind] = PEOPLE,
    ) -> Judged:
        """The verdict on `signed` as an answer to the document `issued`. Never raises for what a stranger has sent.

        Raises IssuedDocumentUnreadable when `issued` is itself no acceptable document: that is for its maker to hear.
        """
        ensure_readable(issued)
        family = self._family_of(signed)
        judged = examined_document(signed, Asked(usage, at, issued, holders), self._trust.current, family)
        if judged.certificate is None or judged.verdict.finding is not None:
            return judged
        try:
            status = await ensure_not_revoked(judged.certificate, self._source, at, self._random, family.signatures)
        except Rejected as rejected:
            return _lowered(judged, rejected)
        return replace(judged, status=status)

    def _family_of(self, _signed: bytes) -> Family:
        """By which algorithms a document is judged."""
        return RSA


def judged_from_files(
    signed: bytes,
    asked: Asked,
    trust: Trust,
    not_revoked: Callable[[SignerCertificate], Status],
    family: Family = RSA,
) -> Judged:
    """The verdict where the authority is not asked: `not_revoked` gives the proof or raises Rejected."""
    if asked.issued is not None:
        ensure_readable(asked.issued)
    judged = examined_document(signed, asked, trust, family)
    if judged.certificate is None or judged.verdict.finding is not None:
        return judged
    try:
        return replace(judged, status=not_revoked(judged.certificate))
    except Rejected as rejected:
        return _lowered(judged, rejected)


def examined_document(signed: bytes, asked: Asked, trust: Trust, family: Family = RSA) -> Judged:
    """The verdict on everything but revocation, which is not asked about a document that fails here."""
    judged = Judged(Verdict(asked.at), signed)
    try:
        document = family.read(signed)
        certificate = family.examined(document.shape.certificate, asked.usage, trust, asked.at, asked.holders)
        judged = replace(judged, certificate=certificate)
        family.ensure_signed_by(document, certificate)
        if asked.issued is not None:
            xml.ensure_issued(document, asked.issued)
        signer = holder(certificate.leaf, check_digits=asked.check_digits)
        behind = organisation(certificate.leaf, certificate.profile, check_digits=asked.check_digits)
    except Rejected as rejected:
        return _lowered(judged, rejected)
    key = key_facts(certificate.leaf, certificate.profile, family.name)
    return replace(judged, signer=signer, organisation=behind, key=key, covered=document.octets)


def ensure_readable(issued: bytes) -> None:
    """Raises IssuedDocumentUnreadable for a document that could not have been signed."""
    try:
        reading.parse(issued)
    except Rejected as rejected:
        raise IssuedDocumentUnreadable(rejected.finding.value) from None


def _lowered(judged: Judged, rejected: Rejected) -> Judged:
    return replace(judged, verdict=replace(judged.verdict, finding=rejected.finding), presented=rejected.presented)
