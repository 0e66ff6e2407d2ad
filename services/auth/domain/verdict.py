"""The verdict on a signature: one of three words, one machine-readable reason, and the finding it rests on.

Names of the reasons are those of EN 319 102-1. The standard calls a broken constraint INDETERMINATE as well, because
another policy might accept it. Here there is one policy, every document carries a number used once that was made minutes
before, and the person can sign again: a broken constraint is therefore FAILED at once, and INDETERMINATE is kept for what
waiting can cure. A person is never told "invalid" because a responder was down.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from services.auth.domain import refusals
from services.auth.domain.key import KeyKind

POLICY = "zholdama-signature-1"
"""Name and version of the rules a verdict was reached by; stored with it, so that it can be judged again."""


class Indication(StrEnum):
    """What the asking service may rely on."""

    PASSED = "PASSED"
    FAILED = "FAILED"
    INDETERMINATE = "INDETERMINATE"


class SubIndication(StrEnum):
    """Reasons used here, named as in EN 319 102-1, table 6 and following."""

    FORMAT_FAILURE = "FORMAT_FAILURE"
    HASH_FAILURE = "HASH_FAILURE"
    SIG_CRYPTO_FAILURE = "SIG_CRYPTO_FAILURE"
    REVOKED = "REVOKED"
    EXPIRED = "EXPIRED"
    NOT_YET_VALID = "NOT_YET_VALID"
    SIG_CONSTRAINTS_FAILURE = "SIG_CONSTRAINTS_FAILURE"
    CHAIN_CONSTRAINTS_FAILURE = "CHAIN_CONSTRAINTS_FAILURE"
    CRYPTO_CONSTRAINTS_FAILURE = "CRYPTO_CONSTRAINTS_FAILURE"
    NO_SIGNING_CERTIFICATE_FOUND = "NO_SIGNING_CERTIFICATE_FOUND"
    NO_CERTIFICATE_CHAIN_FOUND = "NO_CERTIFICATE_CHAIN_FOUND"
    CERTIFICATE_CHAIN_GENERAL_FAILURE = "CERTIFICATE_CHAIN_GENERAL_FAILURE"
    TRY_LATER = "TRY_LATER"


class Finding(StrEnum):
    """What was found, one word for each check that can fail."""

    XML_TOO_BIG = "XML_TOO_BIG"
    XML_ENCODING = "XML_ENCODING"
    XML_DOCTYPE = "XML_DOCTYPE"
    XML_NOT_WELL_FORMED = "XML_NOT_WELL_FORMED"
    XML_COMMENT_OR_INSTRUCTION = "XML_COMMENT_OR_INSTRUCTION"
    XML_TOO_MANY_NODES = "XML_TOO_MANY_NODES"
    SIGNATURE_COUNT = "SIGNATURE_COUNT"
    SIGNATURE_LOOKALIKE = "SIGNATURE_LOOKALIKE"
    SIGNATURE_PLACE = "SIGNATURE_PLACE"
    SIGNATURE_SHAPE = "SIGNATURE_SHAPE"
    SIGNATURE_BASE64 = "SIGNATURE_BASE64"
    REFERENCE_URI = "REFERENCE_URI"
    REFERENCE_TRANSFORM = "REFERENCE_TRANSFORM"
    CANONICALIZATION_METHOD = "CANONICALIZATION_METHOD"
    SIGNATURE_METHOD = "SIGNATURE_METHOD"
    DIGEST_METHOD = "DIGEST_METHOD"
    KEY_INFO = "KEY_INFO"
    SIGNATURE_VALUE = "SIGNATURE_VALUE"
    DIGEST_VALUE = "DIGEST_VALUE"
    NOT_THE_ISSUED_DOCUMENT = "NOT_THE_ISSUED_DOCUMENT"
    CERTIFICATE_MALFORMED = "CERTIFICATE_MALFORMED"
    CERTIFICATE_ISSUER = "CERTIFICATE_ISSUER"
    CERTIFICATE_CHAIN = "CERTIFICATE_CHAIN"
    CERTIFICATE_KEY_TYPE = "CERTIFICATE_KEY_TYPE"
    CERTIFICATE_KEY_USAGE = "CERTIFICATE_KEY_USAGE"
    CERTIFICATE_HOLDER_KIND = "CERTIFICATE_HOLDER_KIND"
    CERTIFICATE_POLICY = "CERTIFICATE_POLICY"
    CERTIFICATE_SUBJECT = "CERTIFICATE_SUBJECT"
    CERTIFICATE_IIN = "CERTIFICATE_IIN"
    CERTIFICATE_EXPIRED = "CERTIFICATE_EXPIRED"
    CERTIFICATE_NOT_YET_VALID = "CERTIFICATE_NOT_YET_VALID"
    CERTIFICATE_REVOKED = "CERTIFICATE_REVOKED"
    CERTIFICATE_UNKNOWN_TO_ISSUER = "CERTIFICATE_UNKNOWN_TO_ISSUER"
    REVOCATION_UNREACHABLE = "REVOCATION_UNREACHABLE"
    REVOCATION_MALFORMED = "REVOCATION_MALFORMED"
    REVOCATION_SIGNATURE = "REVOCATION_SIGNATURE"
    REVOCATION_NONCE = "REVOCATION_NONCE"
    REVOCATION_OF_ANOTHER = "REVOCATION_OF_ANOTHER"
    REVOCATION_STALE = "REVOCATION_STALE"
    SIGNER_UNKNOWN = "SIGNER_UNKNOWN"
    SIGNER_NOT_A_GUARDIAN = "SIGNER_NOT_A_GUARDIAN"
    SIGNER_IS_ANOTHER = "SIGNER_IS_ANOTHER"


SUB_INDICATION: dict[Finding, SubIndication] = {
    Finding.XML_TOO_BIG: SubIndication.FORMAT_FAILURE,
    Finding.XML_ENCODING: SubIndication.FORMAT_FAILURE,
    Finding.XML_DOCTYPE: SubIndication.FORMAT_FAILURE,
    Finding.XML_NOT_WELL_FORMED: SubIndication.FORMAT_FAILURE,
    Finding.XML_COMMENT_OR_INSTRUCTION: SubIndication.FORMAT_FAILURE,
    Finding.XML_TOO_MANY_NODES: SubIndication.FORMAT_FAILURE,
    Finding.SIGNATURE_COUNT: SubIndication.FORMAT_FAILURE,
    Finding.SIGNATURE_LOOKALIKE: SubIndication.FORMAT_FAILURE,
    Finding.SIGNATURE_PLACE: SubIndication.FORMAT_FAILURE,
    Finding.SIGNATURE_SHAPE: SubIndication.FORMAT_FAILURE,
    Finding.SIGNATURE_BASE64: SubIndication.FORMAT_FAILURE,
    Finding.REFERENCE_URI: SubIndication.FORMAT_FAILURE,
    Finding.REFERENCE_TRANSFORM: SubIndication.FORMAT_FAILURE,
    Finding.CANONICALIZATION_METHOD: SubIndication.FORMAT_FAILURE,
    Finding.SIGNATURE_METHOD: SubIndication.CRYPTO_CONSTRAINTS_FAILURE,
    Finding.DIGEST_METHOD: SubIndication.CRYPTO_CONSTRAINTS_FAILURE,
    Finding.KEY_INFO: SubIndication.NO_SIGNING_CERTIFICATE_FOUND,
    Finding.SIGNATURE_VALUE: SubIndication.SIG_CRYPTO_FAILURE,
    Finding.DIGEST_VALUE: SubIndication.HASH_FAILURE,
    Finding.NOT_THE_ISSUED_DOCUMENT: SubIndication.SIG_CONSTRAINTS_FAILURE,
    Finding.CERTIFICATE_MALFORMED: SubIndication.NO_SIGNING_CERTIFICATE_FOUND,
    Finding.CERTIFICATE_ISSUER: SubIndication.NO_CERTIFICATE_CHAIN_FOUND,
    Finding.CERTIFICATE_CHAIN: SubIndication.CERTIFICATE_CHAIN_GENERAL_FAILURE,
    Finding.CERTIFICATE_KEY_TYPE: SubIndication.CRYPTO_CONSTRAINTS_FAILURE,
    Finding.CERTIFICATE_KEY_USAGE: SubIndication.CHAIN_CONSTRAINTS_FAILURE,
    Finding.CERTIFICATE_HOLDER_KIND: SubIndication.CHAIN_CONSTRAINTS_FAILURE,
    Finding.CERTIFICATE_POLICY: SubIndication.CHAIN_CONSTRAINTS_FAILURE,
    Finding.CERTIFICATE_SUBJECT: SubIndication.CHAIN_CONSTRAINTS_FAILURE,
    Finding.CERTIFICATE_IIN: SubIndication.CHAIN_CONSTRAINTS_FAILURE,
    Finding.CERTIFICATE_EXPIRED: SubIndication.EXPIRED,
    Finding.CERTIFICATE_NOT_YET_VALID: SubIndication.NOT_YET_VALID,
    Finding.CERTIFICATE_REVOKED: SubIndication.REVOKED,
    Finding.CERTIFICATE_UNKNOWN_TO_ISSUER: SubIndication.CERTIFICATE_CHAIN_GENERAL_FAILURE,
    Finding.REVOCATION_UNREACHABLE: SubIndication.TRY_LATER,
    Finding.REVOCATION_MALFORMED: SubIndication.TRY_LATER,
    Finding.REVOCATION_SIGNATURE: SubIndication.TRY_LATER,
    Finding.REVOCATION_NONCE: SubIndication.TRY_LATER,
    Finding.REVOCATION_OF_ANOTHER: SubIndication.TRY_LATER,
    Finding.REVOCATION_STALE: SubIndication.TRY_LATER,
    Finding.SIGNER_UNKNOWN: SubIndication.SIG_CONSTRAINTS_FAILURE,
    Finding.SIGNER_NOT_A_GUARDIAN: SubIndication.SIG_CONSTRAINTS_FAILURE,
    Finding.SIGNER_IS_ANOTHER: SubIndication.SIG_CONSTRAINTS_FAILURE,
}

_REFUSAL_OF_FINDING: dict[Finding, type[refusals.Refusal]] = {
    Finding.NOT_THE_ISSUED_DOCUMENT: refusals.NotTheIssuedDocument,
    Finding.CERTIFICATE_KEY_USAGE: refusals.KeyKindWrong,
    Finding.CERTIFICATE_HOLDER_KIND: refusals.KeyKindWrong,
    Finding.CERTIFICATE_UNKNOWN_TO_ISSUER: refusals.CertificateNotTrusted,
}

_REFUSAL_OF_REASON: dict[SubIndication, type[refusals.Refusal]] = {
    SubIndication.FORMAT_FAILURE: refusals.SignatureInvalid,
    SubIndication.HASH_FAILURE: refusals.SignatureInvalid,
    SubIndication.SIG_CRYPTO_FAILURE: refusals.SignatureInvalid,
    SubIndication.SIG_CONSTRAINTS_FAILURE: refusals.SignatureInvalid,
    SubIndication.CRYPTO_CONSTRAINTS_FAILURE: refusals.SignatureInvalid,
    SubIndication.NO_SIGNING_CERTIFICATE_FOUND: refusals.SignatureInvalid,
    SubIndication.REVOKED: refusals.CertificateRevoked,
    SubIndication.EXPIRED: refusals.CertificateExpired,
    SubIndication.NOT_YET_VALID: refusals.CertificateExpired,
    SubIndication.CHAIN_CONSTRAINTS_FAILURE: refusals.CertificateNotTrusted,
    SubIndication.NO_CERTIFICATE_CHAIN_FOUND: refusals.CertificateNotTrusted,
    SubIndication.CERTIFICATE_CHAIN_GENERAL_FAILURE: refusals.CertificateNotTrusted,
    SubIndication.TRY_LATER: refusals.RevocationUnknown,
}


class Rejected(Exception):
    """A check failed. Raised inside the verification; outside it becomes a verdict or a refusal.

    `presented` is the kind of a genuine key that is of the wrong kind.
    """

    def __init__(self, finding: Finding, presented: KeyKind = KeyKind.UNKNOWN) -> None:
        super().__init__(finding.value)
        self.finding = finding
        self.presented = presented


@dataclass(frozen=True, slots=True)
class Verdict:
    """The judgement alone, without the evidence it rests on. `best_time` is when the signature is proven to exist."""

    best_time: datetime
    finding: Finding | None = None
    policy: str = POLICY

    @property
    def sub_indication(self) -> SubIndication | None:
        """The one reason of anything that has not passed."""
        return None if self.finding is None else SUB_INDICATION[self.finding]

    @property
    def indication(self) -> Indication:
        """INDETERMINATE only where the same signature may pass when asked again."""
        if self.finding is None:
            return Indication.PASSED
        return Indication.INDETERMINATE if self.sub_indication is SubIndication.TRY_LATER else Indication.FAILED


def refusal_of(finding: Finding, presented: KeyKind = KeyKind.UNKNOWN) -> refusals.Refusal:
    """What a person at the login door is told; `presented` is the kind of the key, told where it is the wrong one."""
    kind = _REFUSAL_OF_FINDING.get(finding) or _REFUSAL_OF_REASON[SUB_INDICATION[finding]]
    return refusals.KeyKindWrong(presented) if kind is refusals.KeyKindWrong else kind()
