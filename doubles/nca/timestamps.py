"""A small time-stamping authority (RFC 3161): one answer to one request, stamped with the business time."""

import hashlib
import secrets
from datetime import datetime

from asn1crypto import algos, cms, tsp, x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding

from doubles.nca import oids
from doubles.nca.keys import Credential

SEQUENCE = 0x30
"""A refusal is wrapped by hand: asn1crypto takes the optional token (RFC 3161 2.4.2) for an obligatory one."""

KNOWN_DIGESTS = frozenset({"sha256", "sha384", "sha512"})


def refusal(reason: str) -> bytes:
    """The answer without a token: rejected, with a failure word of RFC 3161 2.4.2."""
    status = tsp.PKIStatusInfo({"status": "rejection", "fail_info": {reason}})
    content = status.dump()
    return bytes([SEQUENCE, len(content)]) + bytes(content)


def stamp(request_der: bytes, authority: Credential, chain: list[bytes], at: datetime) -> bytes:
    """Answer a TimeStampReq. What cannot be understood or has a weak digest is refused in the protocol's own way."""
    try:
        request = tsp.TimeStampReq.load(request_der, strict=True)
        imprint = request["message_imprint"]
        digest = imprint["hash_algorithm"]["algorithm"].native
        certificates_wanted = bool(request["cert_req"].native)
    except (ValueError, TypeError, KeyError):
        return refusal("bad_data_format")
    if digest not in KNOWN_DIGESTS:
        return refusal("bad_alg")
    info = {
        "version": "v1",
        "policy": oids.POLICY_TSA.dotted_string,
        "message_imprint": imprint,
        "serial_number": secrets.randbits(63),
        "gen_time": at.replace(microsecond=0),
        "ordering": False,
    }
    if request["nonce"].native is not None:
        info["nonce"] = request["nonce"].native
    token = _token(tsp.TSTInfo(info), authority, chain if certificates_wanted else [], at)
    status = tsp.PKIStatusInfo({"status": "granted"})
    return bytes(tsp.TimeStampResp({"status": status, "time_stamp_token": token}).dump())


def _token(info: tsp.TSTInfo, authority: Credential, chain: list[bytes], at: datetime) -> cms.ContentInfo:
    content = info.dump()
    signer = x509.Certificate.load(authority.der)
    sha256 = algos.DigestAlgorithm({"algorithm": "sha256"})
    attributes = _signed_attributes(content, authority, at)
    signature = authority.key.sign(attributes.dump(), padding.PKCS1v15(), hashes.SHA256())
    issuer_and_serial = cms.IssuerAndSerialNumber({"issuer": signer.issuer, "serial_number": signer.serial_number})
    signer_info = cms.SignerInfo(
        {
            "version": "v1",
            "sid": cms.SignerIdentifier({"issuer_and_serial_number": issuer_and_serial}),
            "digest_algorithm": sha256,
            "signed_attrs": attributes,
            "signature_algorithm": algos.SignedDigestAlgorithm({"algorithm": "sha256_rsa"}),
            "signature": signature,
        }
    )
    signed = cms.SignedData(
        {
            "version": "v3",
            "digest_algorithms": [sha256],
            "encap_content_info": {"content_type": "tst_info", "content": cms.ParsableOctetString(content)},
            "certificates": [cms.CertificateChoices({"certificate": x509.Certificate.load(der)}) for der in chain],
            "signer_infos": [signer_info],
        }
    )
    return cms.ContentInfo({"content_type": "signed_data", "content": signed})


def _signed_attributes(content: bytes, authority: Credential, at: datetime) -> cms.CMSAttributes:
    sha256 = algos.DigestAlgorithm({"algorithm": "sha256"})
    identity = tsp.ESSCertIDv2({"hash_algorithm": sha256, "cert_hash": hashlib.sha256(authority.der).digest()})
    return cms.CMSAttributes(
        [
            cms.CMSAttribute({"type": "content_type", "values": ["tst_info"]}),
            cms.CMSAttribute({"type": "signing_time", "values": [cms.Time({"utc_time": at.replace(microsecond=0)})]}),
            cms.CMSAttribute({"type": "message_digest", "values": [hashlib.sha256(content).digest()]}),
            cms.CMSAttribute(
                {"type": "signing_certificate_v2", "values": [tsp.SigningCertificateV2({"certs": [identity]})]}
            ),
        ]
    )
