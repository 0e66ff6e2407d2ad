"""The whole judgement of one signed document, cheapest checks first, the network last."""

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
from services.auth.signature.certificate import SignerCertificate, Usage, examined
from services.auth.signature.holder import KeyFacts, holder, key_facts
from services.auth.signature.revocation import Status, ensure_not_revoked
from services.auth.signature.trust import Trust


@dataclass(frozen=True, slots=True)
class Judged:
    """A verdict with what it rests on. The signer is told only when the signature itself is genuine.

    `presented` is the kind of the key where it was of the wrong kind.
    """

    verdict: Verdict
    signed: bytes
    certificate: SignerCertificate | None = None
    signer: Identity | None = None
    key: KeyFacts | None = None
    status: Status | None = None
    presented: KeyKind = KeyKind.UNKNOWN

    def ensure_passed(self) -> Identity:
        """The signer; raises the refusal a person is told when the verdict is anything but passed."""
        if self.verdict.finding is not None or self.signer is None:
            raise refusal_of(self.verdict.finding or Finding.SIGNER_UNKNOWN, self.presented)
        return self.signer

    @property
    def issuer_der(self) -> bytes | None:
        """The issuing certificate the chain was built with."""
        return None if self.certificate is None else self.certificate.issuer.public_bytes(Encoding.DER)


class Verifier:
    """Judges signatures under one pinned authority; the road to it is handed in."""

    def __init__(self, trust: Trust, source: RevocationSource) -> None:
        self._trust = trust
        self._source = source

    async def judge(self, signed: bytes, *, issued: bytes, usage: Usage, at: datetime) -> Judged:
        """The verdict on `signed` as an answer to the document `issued`. Never raises for what a stranger has sent.

        Raises IssuedDocumentUnreadable when `issued` is itself no acceptable document: that is for its maker to hear.
        """
        _ensure_readable(issued)
        certificate: SignerCertificate | None = None
        signer: Identity | None = None
        try:
            document = xml.read(signed)
            certificate = examined(document.shape.certificate, usage, self._trust, at)
            xml.ensure_signed_by(document, certificate.public_key_pem)
            xml.ensure_issued(document, issued)
            signer = holder(certificate.leaf)
            status = await ensure_not_revoked(certificate, self._source, at)
        except Rejected as rejected:
            judged = self._judged(rejected.finding, at, signed, certificate, signer, None)
            return replace(judged, presented=rejected.presented)
        return self._judged(None, at, signed, certificate, signer, status)

    @staticmethod
    def _judged(
        finding: Finding | None,
        at: datetime,
        signed: bytes,
        certificate: SignerCertificate | None,
        signer: Identity | None,
        status: Status | None,
    ) -> Judged:
        return Judged(
            verdict=Verdict(best_time=at, finding=finding),
            signed=signed,
            certificate=certificate,
            signer=signer,
            key=None if signer is None or certificate is None else key_facts(certificate.leaf),
            status=status,
        )


def _ensure_readable(issued: bytes) -> None:
    try:
        reading.parse(issued)
    except Rejected as rejected:
        raise IssuedDocumentUnreadable(rejected.finding.value) from None
