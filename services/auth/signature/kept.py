"""Revocation by what lies in files: an OCSP answer and revocation lists that somebody has kept beside a document.

Nobody is asked, so nothing here is fresher than the files. An answer has to be of the moment asked about, as strictly as
on the line; a list has to be in force then.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from cryptography import x509

from services.auth.domain.revocation import Told
from services.auth.domain.verdict import Finding, Rejected
from services.auth.signature import crl, ocsp
from services.auth.signature.certificate import SignerCertificate
from services.auth.signature.crl import LoadedLists, RevocationList, SignedBy, signed_by_rsa
from services.auth.signature.ocsp import Authentic
from services.auth.signature.responder import is_authentic
from services.auth.signature.revocation import Source, Status
from services.auth.signature.trust import Trust


@dataclass(frozen=True, slots=True)
class RevocationFiles:
    """An OCSP answer (DER), and full and delta lists in any order (DER), of one algorithm family."""

    answer: bytes | None = None
    lists: tuple[bytes, ...] = ()
    authentic: Authentic = is_authentic
    signed_by: SignedBy = signed_by_rsa

    def ensure_not_revoked(self, certificate: SignerCertificate, trust: Trust, at: datetime) -> Status:
        """The proof; raises Rejected as the road to the authority does. The lists count where there is no answer."""
        loaded = [crl.loaded(octets, (*trust.issuers, *trust.anchors), self.signed_by) for octets in self.lists]
        _ensure_issuer_not_listed(certificate.issuer, loaded, trust, at)
        if self.answer is not None:
            try:
                told_at = ocsp.ensure_kept_good(self.answer, certificate.leaf, certificate.issuer, at, self.authentic)
                return Status(Source.OCSP, told_at, answer=self.answer)
            except ocsp.ResponderBusy:
                pass
        if not self.lists:
            raise Rejected(Finding.REVOCATION_UNREACHABLE)
        told = _ensure_not_listed(certificate.leaf, certificate.issuer, loaded, at)
        return Status(Source.CRL, told.at, answer=told.evidence.encode())


def _ensure_issuer_not_listed(
    issuer: x509.Certificate, loaded: Sequence[RevocationList], trust: Trust, at: datetime
) -> None:
    """A root's list about issuing authorities is rarely at hand; where it is, it counts."""
    for anchor in trust.anchors:
        about = [one for one in loaded if one.issuer == crl.fingerprint(anchor)]
        if about and issuer != anchor and issuer.issuer == anchor.subject:
            try:
                _ensure_not_listed(issuer, anchor, about, at)
            except Rejected as rejected:
                revoked = rejected.finding is Finding.CERTIFICATE_REVOKED
                raise Rejected(Finding.CERTIFICATE_CHAIN if revoked else rejected.finding) from None


def _ensure_not_listed(
    certificate: x509.Certificate, issuer: x509.Certificate, loaded: Iterable[RevocationList], at: datetime
) -> Told:
    own = [one for one in loaded if one.issuer == crl.fingerprint(issuer)]
    full = max((one for one in own if one.base is None), key=_number, default=None)
    if full is None:
        raise Rejected(Finding.REVOCATION_OF_ANOTHER)
    delta = max((one for one in own if one.base is not None), key=_number, default=None)
    lists = LoadedLists(((full, delta),))
    return lists.ensure_not_listed(certificate.serial_number, crl.fingerprint(issuer), at)


def _number(one: RevocationList) -> int:
    return one.number
