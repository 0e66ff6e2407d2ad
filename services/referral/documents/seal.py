"""The authority's seal on the PDF: PAdES (ETSI EN 319 142), certifying, no change allowed afterwards."""

import io
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import structlog
from asn1crypto import algos
from asn1crypto import x509 as asn1_x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.serialization import Encoding
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import fields, signers
from pyhanko.sign.timestamps import HTTPTimeStamper, TimeStamper, TimestampRequestError
from pyhanko_certvalidator.registry import SimpleCertificateStore

from services.referral.documents.authority import Authority

log = structlog.get_logger("referral.seal")

FIELD = "Zholdama"
TSA_TIMEOUT_SECONDS = 5


class _KeptKeySigner(signers.Signer):
    """pyHanko's own signer loads and checks the RSA key at every signature, twice a document; this one keeps it."""

    def __init__(self, authority: Authority) -> None:
        self._key = authority.key
        store = SimpleCertificateStore()  # type: ignore[no-untyped-call]
        store.register_multiple(
            [asn1_x509.Certificate.load(each.public_bytes(Encoding.DER)) for each in authority.chain]
        )
        super().__init__(
            signing_cert=asn1_x509.Certificate.load(authority.certificate_der),
            cert_registry=store,
            signature_mechanism=algos.SignedDigestAlgorithm({"algorithm": "sha256_rsa"}),
            embed_roots=False,
        )

    async def async_sign_raw(self, data: bytes, digest_algorithm: str, dry_run: bool = False) -> bytes:
        if digest_algorithm != "sha256":
            raise ValueError(digest_algorithm)
        if dry_run:
            return bytes(self._key.key_size // 8)
        return self._key.sign(data, padding.PKCS1v15(), hashes.SHA256())


class _AtMoment(signers.PdfSigner):
    """States the moment it is given as the time of signing, instead of asking the machine's clock."""

    moment: datetime

    def init_signing_session(self, *args: Any, **kwargs: Any) -> Any:
        session = super().init_signing_session(*args, **kwargs)
        session.system_time = self.moment
        return session


@dataclass(frozen=True, slots=True)
class Seal:
    """The authority's key made ready for PDFs. With a time-stamp authority the level is B-T, without it B-B."""

    signer: signers.Signer
    authority: Authority
    timestamper: TimeStamper | None

    async def apply(self, pdf: bytes, at: datetime) -> bytes:
        """The signed file; `at` is the stated time of signing. Raises AuthorityKeyUnusable.

        `pdf` ends with a line feed, else the update would break PDF/A (6.1.9-1). A time stamp that is not to be had
        now is done without: no family waits for it.
        """
        self.authority.require_valid(at)
        if self.timestamper is not None:
            try:
                return await self._sign(pdf, at, self.timestamper)
            except TimestampRequestError:
                log.warning("referral.seal.without_time_stamp")
        return await self._sign(pdf, at, None)

    async def _sign(self, pdf: bytes, at: datetime, timestamper: TimeStamper | None) -> bytes:
        metadata = signers.PdfSignatureMetadata(
            field_name=FIELD,
            md_algorithm="sha256",
            subfilter=fields.SigSeedSubFilter.PADES,
            name=self.authority.signatory().owner,
            reason="Жолдама / Направление",
            location="Алматы",
            certify=True,
            docmdp_permissions=fields.MDPPerm.NO_CHANGES,
        )
        work = _AtMoment(metadata, self.signer, timestamper=timestamper)
        work.moment = at
        signed: io.BytesIO = await work.async_sign_pdf(IncrementalPdfFileWriter(io.BytesIO(pdf)))
        return signed.getvalue()


def make_seal(authority: Authority, tsa_url: str | None = None) -> Seal:
    """Prepare the seal once per process."""
    stamper = HTTPTimeStamper(tsa_url, timeout=TSA_TIMEOUT_SECONDS) if tsa_url else None
    return Seal(_KeptKeySigner(authority), authority, stamper)
