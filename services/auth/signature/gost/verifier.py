"""The whole judgement of a document signed with a GOST key; every other document goes to the verifier it is put before."""

import os
from dataclasses import replace
from datetime import datetime

from cryptography import x509
from cryptography.x509.oid import NameOID

from services.auth.domain.revocation import RevocationSource
from services.auth.domain.verdict import Rejected, Verdict
from services.auth.signature.gost import xml
from services.auth.signature.gost.certificate import examined
from services.auth.signature.gost.crl import signed_by_gost
from services.auth.signature.gost.native import ensure_available
from services.auth.signature.gost.ocsp import is_authentic
from services.auth.signature.holder import KeyFacts, holder, organisation
from services.auth.signature.profile import PEOPLE, HolderKind, Profile, Usage
from services.auth.signature.revocation import Random, Signatures, ensure_not_revoked
from services.auth.signature.trust import Trust, Trusted
from services.auth.signature.verifier import Asked, Judged, Verifier, ensure_readable
from services.auth.signature.xml import ensure_issued

ALGORITHM = "GOST 34.310-2015"
SIGNATURES = Signatures(is_authentic, signed_by_gost)


class GostVerifier(Verifier):
    """Judges both families; put in the place of `Verifier` where the operator has turned GOST on.

    Raises GostUnavailable when it is made and the library that computes the algorithm is not there.
    """

    def __init__(self, trust: Trusted, source: RevocationSource, random: Random = os.urandom) -> None:
        super().__init__(trust, source, random)
        ensure_available()

    async def judge(
        self, signed: bytes, *, issued: bytes, usage: Usage, at: datetime, holders: frozenset[HolderKind] = PEOPLE
    ) -> Judged:
        """As `Verifier.judge`."""
        if not xml.names_gost(signed):
            return await super().judge(signed, issued=issued, usage=usage, at=at, holders=holders)
        ensure_readable(issued)
        judged = examined_document(signed, Asked(usage, at, issued, holders), self._trust.current)
        if judged.certificate is None or judged.verdict.finding is not None:
            return judged
        try:
            status = await ensure_not_revoked(judged.certificate, self._source, at, self._random, SIGNATURES)
        except Rejected as rejected:
            return _lowered(judged, rejected)
        return replace(judged, status=status)


def examined_document(signed: bytes, asked: Asked, trust: Trust) -> Judged:
    """The verdict on everything but revocation, which is not asked about a document that fails here."""
    judged = Judged(Verdict(asked.at), signed)
    try:
        document = xml.read(signed)
        certificate = examined(document.shape.certificate, asked.usage, trust, asked.at, asked.holders)
        judged = replace(judged, certificate=certificate)
        xml.ensure_signed_by(document, certificate.leaf)
        if asked.issued is not None:
            ensure_issued(document, asked.issued)
        signer = holder(certificate.leaf, check_digits=asked.check_digits)
        behind = organisation(certificate.leaf, certificate.profile, check_digits=asked.check_digits)
    except Rejected as rejected:
        return _lowered(judged, rejected)
    key = key_facts(certificate.leaf, certificate.profile)
    return replace(judged, signer=signer, organisation=behind, key=key, covered=document.octets)


def key_facts(leaf: x509.Certificate, profile: Profile) -> KeyFacts:
    """The key as shown to its owner, whose name has been found well-formed."""
    return KeyFacts(
        owner=_common_name(leaf.subject),
        not_before=leaf.not_valid_before_utc,
        not_after=leaf.not_valid_after_utc,
        serial=f"{leaf.serial_number:x}",
        issuer=_common_name(leaf.issuer),
        algorithm=ALGORITHM,
        kind=profile.persons_kind,
    )


def _common_name(name: x509.Name) -> str:
    return str(name.get_attributes_for_oid(NameOID.COMMON_NAME)[0].value)


def _lowered(judged: Judged, rejected: Rejected) -> Judged:
    return replace(judged, verdict=replace(judged.verdict, finding=rejected.finding), presented=rejected.presented)
