"""The way from a certificate to a pinned root (RFC 5280 6), over pinned issuers only."""

from datetime import UTC, datetime

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.x509.verification import Criticality, ExtensionPolicy, PolicyBuilder, Store, VerificationError

from services.auth.domain.verdict import Finding, Rejected
from services.auth.signature.trust import Trust

_ROOT_AND_ISSUER = 2


def issuer_of(leaf: x509.Certificate, trust: Trust) -> x509.Certificate:
    """The pinned certificate that has signed this one; raises Rejected."""
    for issuer in trust.issuers:
        try:
            leaf.verify_directly_issued_by(issuer)
        except (ValueError, TypeError, InvalidSignature, UnsupportedAlgorithm):
            continue
        return issuer
    raise Rejected(Finding.CERTIFICATE_ISSUER)


def _refuse_authority(_policy: object, _certificate: x509.Certificate, extension: x509.BasicConstraints | None) -> None:
    if extension is not None and extension.ca:
        raise ValueError("a certification authority signs no documents of a person")


def signers_policy() -> ExtensionPolicy:
    """The library's own leaf policy wants a web address in the certificate; people have none."""
    return (
        ExtensionPolicy.permit_all()
        .require_present(x509.KeyUsage, Criticality.CRITICAL, None)
        .require_present(x509.ExtendedKeyUsage, Criticality.AGNOSTIC, None)
        .require_present(x509.CertificatePolicies, Criticality.AGNOSTIC, None)
        .require_present(x509.AuthorityKeyIdentifier, Criticality.NON_CRITICAL, None)
        .may_be_present(x509.BasicConstraints, Criticality.AGNOSTIC, _refuse_authority)
    )


_SIGNERS = signers_policy()
_AUTHORITIES = ExtensionPolicy.webpki_defaults_ca()


def chain_of(
    leaf: x509.Certificate,
    trust: Trust,
    at: datetime,
    policy: ExtensionPolicy = _SIGNERS,
    max_depth: int = _ROOT_AND_ISSUER,
) -> list[x509.Certificate]:
    """The certificates from this one up to a pinned root, each good at that moment; raises Rejected when there are none."""
    verifier = (
        PolicyBuilder()
        .store(Store(list(trust.anchors)))
        .time(at.astimezone(UTC).replace(tzinfo=None))
        .max_chain_depth(max_depth)
        .extension_policies(ca_policy=_AUTHORITIES, ee_policy=policy)
        .build_client_verifier()
    )
    try:
        return verifier.verify(leaf, list(trust.issuers)).chain
    except VerificationError:
        raise Rejected(Finding.CERTIFICATE_CHAIN) from None
