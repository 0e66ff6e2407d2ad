"""Certificates in the profile of НУЦ РК (generation 2019 and 2022), field for field as the real ones.

A leaf carries its person's IIN in ``serialNumber`` and the patronymic (not the first name) in ``givenName``; AUTH and
SIGN keys differ in key usage and extended key usage; leaves hold no BasicConstraints and live exactly 365 days.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import AuthorityInformationAccessOID, ExtendedKeyUsageOID, NameOID

from doubles.nca import oids
from doubles.nca.keys import Credential

LEAF_LIFE = timedelta(days=365)
SERVICE_LIFE = timedelta(days=1095)
CA_LIFE = timedelta(days=3650)


class Usage(StrEnum):
    """What a person's key is for; one person holds one of each."""

    AUTH = "auth"
    SIGN = "sign"


class Condition(StrEnum):
    """How a person's certificate stands; besides the good one everybody has kept an old and a blocked one."""

    GOOD = "good"
    EXPIRED = "expired"
    REVOKED = "revoked"


@dataclass(frozen=True, slots=True)
class Subject:
    """Whom a leaf names. With ``organisation`` and ``bin`` it is a legal entity's certificate held by this person."""

    iin: str
    surname: str
    given: str
    patronymic: str = ""
    email: str | None = None
    organisation: str | None = None
    bin: str | None = None
    roles: tuple[x509.ObjectIdentifier, ...] = field(default=())

    @property
    def is_legal(self) -> bool:
        return self.organisation is not None


@dataclass(frozen=True, slots=True)
class Profile:
    """Where the certificates point to, and which generation they imitate (2019: a policy for each use; 2022: one)."""

    base_url: str
    generation: str = "2019"


def name(*pairs: tuple[x509.ObjectIdentifier, str]) -> x509.Name:
    """A name of UTF8Strings. Unvalidated, for the length limit counts UTF-8 bytes and real Kazakh CA names exceed it."""
    return x509.Name([x509.NameAttribute(oid, value, _validate=False) for oid, value in pairs])


def _usage(*, sign: bool = False, repudiate: bool = False, encipher: bool = False, ca: bool = False) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=sign,
        content_commitment=repudiate,
        key_encipherment=encipher,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=ca,
        crl_sign=ca,
        encipher_only=False,
        decipher_only=False,
    )


def _start(
    subject: x509.Name, key: rsa.RSAPublicKey, issuer: x509.Name, start: datetime, life: timedelta
) -> x509.CertificateBuilder:
    start = start.replace(microsecond=0)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(start + life)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
    )


def _points(url: str) -> list[x509.DistributionPoint]:
    return [x509.DistributionPoint([x509.UniformResourceIdentifier(url)], None, None, None)]


def authority_key(issuer: x509.Certificate) -> x509.AuthorityKeyIdentifier:
    """keyIdentifier only, as in real leaves."""
    found = issuer.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value
    return x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(found)


def make_ca(
    common_name: str, key: rsa.RSAPrivateKey, issuer: Credential | None, start: datetime, profile: Profile
) -> Credential:
    """A root (no issuer) or an issuing CA."""
    subject = name((NameOID.COMMON_NAME, common_name), (NameOID.COUNTRY_NAME, "KZ"))
    issuer_name = issuer.cert.subject if issuer else subject
    builder = (
        _start(subject, key.public_key(), issuer_name, start, CA_LIFE)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .add_extension(_usage(ca=True), critical=True)
        .add_extension(x509.CertificatePolicies([x509.PolicyInformation(oids.POLICY_CA, [oids.CPS])]), critical=False)
    )
    if issuer:
        parent = x509.AccessDescription(
            AuthorityInformationAccessOID.CA_ISSUERS,
            x509.UniformResourceIdentifier(f"{profile.base_url}/cert/root_rsa.cer"),
        )
        builder = (
            builder.add_extension(authority_key(issuer.cert), critical=False)
            .add_extension(x509.CRLDistributionPoints(_points(f"{profile.base_url}/crl/root_rsa.crl")), critical=False)
            .add_extension(x509.AuthorityInformationAccess([parent]), critical=False)
        )
    return Credential(builder.sign((issuer.key if issuer else key), hashes.SHA256()), key)


def make_responder(key: rsa.RSAPrivateKey, issuer: Credential, start: datetime) -> Credential:
    """The delegated OCSP responder (RFC 6960 4.2.2.2: EKU OCSPSigning, issued directly by the CA; nocheck)."""
    builder = _service("OCSP RESPONDER", key, issuer, start).add_extension(x509.OCSPNoCheck(), critical=False)
    ekus = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.OCSP_SIGNING])
    return Credential(builder.add_extension(ekus, critical=False).sign(issuer.key, hashes.SHA256()), key)


def make_tsa(key: rsa.RSAPrivateKey, issuer: Credential, start: datetime, profile: Profile) -> Credential:
    """The time-stamping authority (RFC 3161 2.3: EKU timeStamping alone, critical)."""
    builder = (
        _service("TIME-STAMPING AUTHORITY", key, issuer, start)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), critical=True)
        .add_extension(x509.CRLDistributionPoints(_points(f"{profile.base_url}/crl/nca_rsa.crl")), critical=False)
    )
    return Credential(builder.sign(issuer.key, hashes.SHA256()), key)


def _service(common_name: str, key: rsa.RSAPrivateKey, issuer: Credential, start: datetime) -> x509.CertificateBuilder:
    subject = name(
        (NameOID.COMMON_NAME, common_name),
        (NameOID.COUNTRY_NAME, "KZ"),
        (NameOID.ORGANIZATION_NAME, "ҰЛТТЫҚ КУӘЛАНДЫРУШЫ ОРТАЛЫҚ TEST"),
    )
    return (
        _start(subject, key.public_key(), issuer.cert.subject, start, SERVICE_LIFE)
        .add_extension(_usage(sign=True, repudiate=True), critical=True)
        .add_extension(authority_key(issuer.cert), critical=False)
    )


def make_leaf(
    subject: Subject, usage: Usage, key: rsa.RSAPrivateKey, issuer: Credential, start: datetime, profile: Profile
) -> Credential:
    """A person's (or a legal entity's) AUTH or SIGN certificate."""
    policy = x509.PolicyInformation(_policy(subject, usage, profile), [oids.CPS, x509.UserNotice(None, oids.CPS)])
    signing = usage is Usage.SIGN
    builder = (
        _start(_subject_name(subject), key.public_key(), issuer.cert.subject, start, LEAF_LIFE)
        .add_extension(_usage(sign=True, repudiate=signing, encipher=not signing), critical=True)
        .add_extension(x509.ExtendedKeyUsage(_leaf_ekus(subject, usage)), critical=False)
        .add_extension(authority_key(issuer.cert), critical=False)
        .add_extension(x509.CertificatePolicies([policy]), critical=False)
    )
    for extension in _leaf_pointers(profile):
        builder = builder.add_extension(extension, critical=False)
    if profile.generation == "2022":
        store = x509.UnrecognizedExtension(oids.KEY_STORE, oids.KEY_STORE_FILE)
        builder = builder.add_extension(store, critical=False)
    return Credential(builder.sign(issuer.key, hashes.SHA256()), key)


def _subject_name(subject: Subject) -> x509.Name:
    pairs = [
        (NameOID.COMMON_NAME, f"{subject.surname} {subject.given}"),
        (NameOID.SURNAME, subject.surname),
        (NameOID.SERIAL_NUMBER, f"IIN{subject.iin}"),
        (NameOID.COUNTRY_NAME, "KZ"),
    ]
    if subject.organisation is not None:
        pairs += [
            (NameOID.ORGANIZATION_NAME, subject.organisation),
            (NameOID.ORGANIZATIONAL_UNIT_NAME, f"BIN{subject.bin}"),
        ]
    if subject.patronymic:
        pairs.append((NameOID.GIVEN_NAME, subject.patronymic))
    if subject.email:
        pairs.append((NameOID.EMAIL_ADDRESS, subject.email))
    return name(*pairs)


def _policy(subject: Subject, usage: Usage, profile: Profile) -> x509.ObjectIdentifier:
    if profile.generation == "2022":
        return oids.POLICY_CA
    if subject.is_legal:
        return oids.POLICY_LEGAL_SIGN if usage is Usage.SIGN else oids.POLICY_LEGAL_AUTH
    return oids.POLICY_INDIVIDUAL_SIGN if usage is Usage.SIGN else oids.POLICY_INDIVIDUAL_AUTH


def _leaf_ekus(subject: Subject, usage: Usage) -> list[x509.ObjectIdentifier]:
    purpose = ExtendedKeyUsageOID.EMAIL_PROTECTION if usage is Usage.SIGN else ExtendedKeyUsageOID.CLIENT_AUTH
    return [purpose, *([oids.KIND_LEGAL, *subject.roles] if subject.is_legal else [oids.KIND_INDIVIDUAL])]


def _leaf_pointers(profile: Profile) -> list[x509.ExtensionType]:
    return [
        x509.CRLDistributionPoints(_points(f"{profile.base_url}/crl/nca_rsa.crl")),
        x509.FreshestCRL(_points(f"{profile.base_url}/crl/nca_d_rsa.crl")),
        x509.AuthorityInformationAccess(
            [
                x509.AccessDescription(
                    AuthorityInformationAccessOID.CA_ISSUERS,
                    x509.UniformResourceIdentifier(f"{profile.base_url}/cert/nca_rsa.cer"),
                ),
                x509.AccessDescription(
                    AuthorityInformationAccessOID.OCSP, x509.UniformResourceIdentifier(f"{profile.base_url}/ocsp/")
                ),
            ]
        ),
    ]
