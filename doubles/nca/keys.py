"""A certificate with its private key, in the forms that others ask for."""

from dataclasses import dataclass
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from cryptography.hazmat.primitives.serialization.pkcs12 import serialize_key_and_certificates

PUBLIC_EXPONENT = 65537


def new_key(bits: int = 2048) -> rsa.RSAPrivateKey:
    """A fresh RSA key pair (leaves of НУЦ РК are RSA-2048, e = 65537)."""
    return rsa.generate_private_key(PUBLIC_EXPONENT, bits)


@dataclass(frozen=True, slots=True)
class Credential:
    """One certificate and its private key."""

    cert: x509.Certificate
    key: rsa.RSAPrivateKey

    @property
    def der(self) -> bytes:
        return self.cert.public_bytes(Encoding.DER)

    @property
    def pem(self) -> bytes:
        return self.cert.public_bytes(Encoding.PEM)

    @property
    def key_pem(self) -> bytes:
        return self.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())

    @property
    def serial(self) -> int:
        return self.cert.serial_number

    def pkcs12(self, password: str, chain: list[x509.Certificate]) -> bytes:
        """The key store file (.p12) that a person or an organisation is handed."""
        return serialize_key_and_certificates(
            None, self.key, self.cert, chain, BestAvailableEncryption(password.encode())
        )

    def write(self, path: Path) -> None:
        """Keep key and certificate in one PEM file that only its owner may read."""
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(0o600)
        path.write_bytes(self.key_pem + self.pem)


def load(pem: bytes) -> Credential:
    """Read what ``Credential.write`` wrote. The key is ours, so its lengthy self-check is skipped."""
    key = load_pem_private_key(pem, None, unsafe_skip_rsa_key_validation=True)
    if not isinstance(key, rsa.RSAPrivateKey):
        raise TypeError("an RSA private key is expected")
    return Credential(x509.load_pem_x509_certificate(pem), key)
