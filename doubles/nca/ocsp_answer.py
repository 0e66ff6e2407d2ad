"""The bytes of a successful OCSP answer (RFC 6960 4.2.1), with producedAt by the business clock.

Written with asn1crypto, for the builder of ``cryptography`` always stamps producedAt with real time.
"""

from dataclasses import dataclass
from datetime import datetime

from asn1crypto import algos, core, ocsp
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding

from doubles.nca.keys import Credential

REASONS = {
    x509.ReasonFlags.unspecified: "unspecified",
    x509.ReasonFlags.key_compromise: "key_compromise",
    x509.ReasonFlags.ca_compromise: "ca_compromise",
    x509.ReasonFlags.affiliation_changed: "affiliation_changed",
    x509.ReasonFlags.superseded: "superseded",
    x509.ReasonFlags.cessation_of_operation: "cessation_of_operation",
    x509.ReasonFlags.certificate_hold: "certificate_hold",
    x509.ReasonFlags.privilege_withdrawn: "privilege_withdrawn",
}


@dataclass(frozen=True, slots=True)
class Revocation:
    """Since when (business time) and why a certificate is revoked (RFC 5280 5.3.1)."""

    at: datetime
    reason: x509.ReasonFlags


@dataclass(frozen=True, slots=True)
class AskedAbout:
    """CertID of the request: whose certificate is asked about."""

    issuer_name_hash: bytes
    issuer_key_hash: bytes
    hash_name: str
    serial: int


def certificate_status(revoked: Revocation | None) -> ocsp.CertStatus:
    """good, or revoked with time and reason."""
    if revoked is None:
        return ocsp.CertStatus("good", core.Null())
    told = {"revocation_time": revoked.at.replace(microsecond=0), "revocation_reason": REASONS[revoked.reason]}
    return ocsp.CertStatus("revoked", ocsp.RevokedInfo(told))


def unknown_status() -> ocsp.CertStatus:
    """The responder does not know the certificate."""
    return ocsp.CertStatus("unknown", core.Null())


def signed_answer(
    asked: AskedAbout, status: ocsp.CertStatus, nonce: bytes | None, responder: Credential, at: datetime
) -> tuple[bytes, bytes]:
    """The answer (DER) and the signature inside it."""
    signer = asn1_x509.Certificate.load(responder.der)
    content = _content(asked, status, nonce, signer, at)
    signature = responder.key.sign(content.dump(), padding.PKCS1v15(), hashes.SHA256())
    basic = ocsp.BasicOCSPResponse(
        {
            "tbs_response_data": content,
            "signature_algorithm": algos.SignedDigestAlgorithm({"algorithm": "sha256_rsa"}),
            "signature": signature,
            "certs": [signer],
        }
    )
    response = {"response_type": "basic_ocsp_response", "response": core.ParsableOctetString(basic.dump())}
    return ocsp.OCSPResponse({"response_status": "successful", "response_bytes": response}).dump(), signature


def _content(
    asked: AskedAbout, status: ocsp.CertStatus, nonce: bytes | None, signer: asn1_x509.Certificate, at: datetime
) -> ocsp.ResponseData:
    content = ocsp.ResponseData(
        {
            "responder_id": ocsp.ResponderId("by_name", signer.subject),
            "produced_at": at,
            "responses": [
                {
                    "cert_id": {
                        "hash_algorithm": {"algorithm": asked.hash_name},
                        "issuer_name_hash": asked.issuer_name_hash,
                        "issuer_key_hash": asked.issuer_key_hash,
                        "serial_number": asked.serial,
                    },
                    "cert_status": status,
                    "this_update": at,
                }
            ],
        }
    )
    if nonce is not None:
        content["response_extensions"] = [
            {"extn_id": "nonce", "critical": False, "extn_value": core.OctetString(nonce)}
        ]
    return content
