"""The TLS certificate under which NCALayer listens on a person's own computer, and the root that browser must trust.

The real program brings its root into the browsers of the computer. Browsers compare dates with real time, so this
certificate follows real time, whatever the test clock says.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import IPv4Address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from doubles.nca.keys import Credential, new_key

ROOT_NAME = "NCALayer (TEST) computer root"
LIFE = timedelta(days=365)
AGE = timedelta(days=1)
"""It begins in the past, for computers whose clocks differ a little."""


@dataclass(frozen=True, slots=True)
class Listener:
    """Files of a TLS listener (PEM)."""

    certificate: Path
    key: Path


def listener(folder: Path, real_time: datetime) -> Listener:
    """The listener's certificate for 127.0.0.1 and localhost in this folder, beside the ``root.pem`` to be trusted.

    Made at the first call, and again when it has a day left. The root's key is kept nowhere.
    """
    files = Listener(folder / "computer.pem", folder / "computer.key")
    if files.key.exists() and _lasts(files.certificate, real_time):
        return files
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    root = _root(new_key(), real_time - AGE)
    leaf = _leaf(new_key(), root, real_time - AGE)
    files.key.touch(0o600)
    files.key.write_bytes(leaf.key_pem)
    (folder / "root.pem").write_bytes(root.pem)
    files.certificate.write_bytes(leaf.pem)
    return files


def _lasts(certificate: Path, real_time: datetime) -> bool:
    if not certificate.exists():
        return False
    return x509.load_pem_x509_certificate(certificate.read_bytes()).not_valid_after_utc > real_time + AGE


def _builder(
    subject: str, issuer: str, key: rsa.RSAPrivateKey, start: datetime, usage: x509.KeyUsage
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, subject)]))
        .issuer_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, issuer)]))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(start + LIFE)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(usage, critical=True)
    )


def _root(key: rsa.RSAPrivateKey, start: datetime) -> Credential:
    builder = _builder(ROOT_NAME, ROOT_NAME, key, start, _usage(ca=True))
    builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
    return Credential(builder.sign(key, hashes.SHA256()), key)


def _leaf(key: rsa.RSAPrivateKey, root: Credential, start: datetime) -> Credential:
    names = x509.SubjectAlternativeName([x509.IPAddress(IPv4Address("127.0.0.1")), x509.DNSName("localhost")])
    identifier = x509.AuthorityKeyIdentifier.from_issuer_public_key(root.key.public_key())
    builder = (
        _builder("127.0.0.1", ROOT_NAME, key, start, _usage(ca=False))
        .add_extension(names, critical=False)
        .add_extension(identifier, critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
    )
    return Credential(builder.sign(root.key, hashes.SHA256()), key)


def _usage(*, ca: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not ca,
        content_commitment=False,
        key_encipherment=not ca,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=ca,
        crl_sign=ca,
        encipher_only=False,
        decipher_only=False,
    )
