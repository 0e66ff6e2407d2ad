"""One certificate, one way to write it: what a lenient reader would let pass though its octets differ (X.690 10, 11)."""

from asn1crypto import core
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

_SIGNATURE = 2


def ensure_whole_octets(certificate: x509.Certificate) -> None:
    """Raises ValueError when the signature is said to end in the middle of an octet (RFC 5280 4.1.1.3).

    Readers ignore bits said to be unused as long as they are zero, so every second certificate could be written in
    another way that is not under its signature.
    """
    field = core.Sequence.load(certificate.public_bytes(Encoding.DER), strict=True)[_SIGNATURE]
    if field.contents[:1] != b"\0":
        raise ValueError("the signature does not end with an octet")
