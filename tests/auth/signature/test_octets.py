"""A certificate has one form: its signature ends with an octet, though readers would pass over bits said to be unused."""

import pytest

from doubles.nca.certificates import Usage as Kind
from services.auth.domain.verdict import Finding, Rejected
from services.auth.signature.certificate import Usage, examined
from tests.auth.hands import AIGERIM, NOW, Hands

ATTEMPTS = 64


def test_a_signature_that_ends_within_an_octet_is_refused(hands: Hands) -> None:
    """Issued anew until the last bit of a signature is zero: only such a bit could be called unused."""
    key = hands.key(Kind.AUTH).key
    issued = (hands.authority.issue(AIGERIM, Kind.AUTH, key) for _ in range(ATTEMPTS))
    found = next(one for one in issued if one.der[-1] % 2 == 0)
    octets, signature = bytearray(found.der), len(found.cert.signature)
    examined(bytes(octets), Usage.LOGIN, hands.trust, NOW)
    octets[-signature - 1] = 1
    with pytest.raises(Rejected) as caught:
        examined(bytes(octets), Usage.LOGIN, hands.trust, NOW)
    assert caught.value.finding is Finding.CERTIFICATE_MALFORMED
