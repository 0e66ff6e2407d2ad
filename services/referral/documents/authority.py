"""The authority's own key and certificate: loaded once, used for the PDF and for its XML twin."""

from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, pkcs12
from cryptography.x509.oid import NameOID

from services.referral.documents.content import Signatory


class AuthorityKeyUnusable(RuntimeError):
    """The key file cannot be opened, is not a key of the kind needed, or its certificate is out of its validity."""


@dataclass(frozen=True, slots=True)
class Authority:
    """Who seals. The private key never leaves the process and never appears in a representation."""

    certificate: x509.Certificate
    chain: tuple[x509.Certificate, ...]
    key: rsa.RSAPrivateKey = field(repr=False)

    @property
    def certificate_der(self) -> bytes:
        """The certificate as others read it."""
        return self.certificate.public_bytes(Encoding.DER)

    @property
    def key_pem(self) -> bytes:
        """The key in PKCS#8, for a library that takes no key object."""
        return self.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())

    def signatory(self) -> Signatory:
        """The certificate as the signature block of a document names it."""
        subject, issuer = self.certificate.subject, self.certificate.issuer
        return Signatory(
            owner=_first(subject, NameOID.ORGANIZATION_NAME) or _first(subject, NameOID.COMMON_NAME),
            issuer=_first(issuer, NameOID.COMMON_NAME),
            serial=f"{self.certificate.serial_number:X}",
            not_before=self.certificate.not_valid_before_utc,
            not_after=self.certificate.not_valid_after_utc,
        )

    def require_valid(self, at: datetime) -> None:
        """Refuse to seal with a certificate that is not valid at `at` (aware, business time)."""
        if not self.certificate.not_valid_before_utc <= at <= self.certificate.not_valid_after_utc:
            raise AuthorityKeyUnusable("the authority's certificate is not valid at this time: renew its key")


def load_authority(store: Path, password: Path) -> Authority:
    """Open a PKCS#12 key store with the password kept in a file of its own. Raises AuthorityKeyUnusable."""
    try:
        secret = password.read_text(encoding="utf-8").strip()
        key, certificate, chain = pkcs12.load_key_and_certificates(store.read_bytes(), secret.encode())
    except (OSError, ValueError) as error:
        raise AuthorityKeyUnusable(f"the authority's key store {store.name} cannot be opened") from error
    if not isinstance(key, rsa.RSAPrivateKey) or certificate is None:
        raise AuthorityKeyUnusable(f"the authority's key store {store.name} holds no RSA key with its certificate")
    return Authority(certificate, tuple(chain), key)


def _first(name: x509.Name, oid: x509.ObjectIdentifier) -> str:
    found = name.get_attributes_for_oid(oid)
    return str(found[0].value) if found else ""
