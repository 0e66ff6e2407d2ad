"""NIST PKITS through our chain builder and our lists: no certificate it calls invalid is taken.

As far as it applies: the suite's end certificates are nobody's national certificates, so the profile is left out and the
depth of the chain is not bounded. What the suite calls valid and we refuse is listed, each kind with its reason.
"""

import re
import warnings
from datetime import UTC, datetime
from functools import cache
from itertools import pairwise
from pathlib import Path

import cryptography_vectors
import pytest
from cryptography import x509
from cryptography.x509.verification import ExtensionPolicy

from services.auth.domain.verdict import Rejected
from services.auth.signature import crl
from services.auth.signature.chain import chain_of
from services.auth.signature.crl import LoadedLists, RevocationList
from services.auth.signature.trust import Trust

FOLDER = Path(cryptography_vectors.__file__).parent / "x509" / "PKITS_data"
AT = datetime(2020, 1, 1, tzinfo=UTC)
ANYBODY = ExtensionPolicy.permit_all()
DEPTH = 10
UNREADABLE = {"DSAParametersInheritedCACert", "ValidDSAParameterInheritanceTest5EE"}
"""DSA keys without parameters: no certificate to our library."""
REFUSED_THOUGH_VALID = {
    r"nameConstraints": "name constraints on directory names and URIs are not evaluated, so an authority with them is refused",
    r"^ValidDSA|NameChaining|UTF8StringCase|RolloverfromPrintable": "names are compared octet for octet; DSA is no key of ours",
    r"GeneralizedTimenotBefore": "a date before 2050 written as GeneralizedTime breaks RFC 5280 4.1.2.5",
    r"olicyMapping|nhibitAnyPolicy|equireExplicitPolicy": "critical policy constraints are not evaluated, so they are refused",
    r"SelfIssuedpathLen": "a self-issued certificate counts in the length of the path",
    r"basicConstraintsNotCritical": "basicConstraints of an authority has to be critical",
}
LISTS_REFUSED_THOUGH_VALID = {
    r"IDPwithindirect|cRLIssuer|SeparateCertificateandCRL|CRLSigningKey": "lists signed by another key than the issuer's",
    r"distributionPoint|onlyContainsCA|onlySomeReasons": "partial lists",
    r"SelfIssued(New|Old)With": "an issuer with two keys and one list",
}


def _read() -> dict[str, x509.Certificate]:
    found = {}
    for path in sorted((FOLDER / "certs").glob("*.crt")):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            try:
                found[path.stem] = x509.load_der_x509_certificate(path.read_bytes())
            except ValueError:
                assert path.stem in UNREADABLE
    return found


CERTIFICATES = _read()
ROOT = CERTIFICATES["TrustAnchorRootCertificate"]
AUTHORITIES = tuple(one for name, one in CERTIFICATES.items() if not name.endswith("EE") and one != ROOT)
TRUST = Trust((ROOT,), AUTHORITIES)
ENDS = sorted(name for name in CERTIFICATES if name.endswith("EE"))
INVALID = [name for name in ENDS if name.startswith("Invalid")]
VALID = [name for name in ENDS if not name.startswith("Invalid")]
LISTS = [path.read_bytes() for path in sorted((FOLDER / "crls").glob("*.crl"))]

pytestmark = pytest.mark.filterwarnings(
    "ignore::cryptography.utils.CryptographyDeprecationWarning", "ignore::UserWarning"
)


def chain(name: str, at: datetime = AT) -> list[x509.Certificate] | None:
    try:
        return chain_of(CERTIFICATES[name], TRUST, at, ANYBODY, DEPTH)
    except Rejected:
        return None


@cache
def lists_of(issuer: x509.Certificate) -> tuple[RevocationList, ...]:
    found = []
    for octets in LISTS:
        try:
            found.append(crl.loaded(octets, [issuer]))
        except Rejected:
            continue
    return tuple(found)


def not_revoked(links: list[x509.Certificate]) -> bool:
    """Every certificate below the root is in no list of its issuer, and there is such a list."""
    for certificate, issuer in pairwise(links):
        own = lists_of(issuer)
        full = max((one for one in own if one.base is None), key=lambda one: one.number, default=None)
        delta = max((one for one in own if one.base is not None), key=lambda one: one.number, default=None)
        if full is None:
            return False
        try:
            LoadedLists(((full, delta),)).ensure_not_listed(certificate.serial_number, crl.fingerprint(issuer), AT)
        except Rejected:
            return False
    return True


def reason(name: str, table: dict[str, str]) -> str | None:
    return next((why for pattern, why in table.items() if re.search(pattern, name)), None)


def test_the_suite_is_all_there() -> None:
    assert (len(CERTIFICATES), len(INVALID), len(VALID), len(LISTS)) == (403, 115, 107, 173)


def test_no_invalid_certificate_is_taken() -> None:
    """The chain catches what is wrong with certificates, the lists what is wrong with revocation."""
    taken = {name for name in INVALID if (links := chain(name)) is not None and not_revoked(links)}
    assert taken == set()


def test_the_chain_alone_leaves_only_revocation_to_the_lists() -> None:
    about_lists = re.compile(
        r"CRL|cRLSign|Revoked|delta|distributionPoint|onlyContains|onlySomeReasons|cRLIssuer|LongSerialNumber|BasicSelfIssued"
    )
    assert [name for name in INVALID if chain(name) is not None and not about_lists.search(name)] == []


def test_a_valid_certificate_is_refused_only_for_a_reason_that_is_written_down() -> None:
    refused = [name for name in VALID if chain(name) is None]
    assert [name for name in refused if reason(name, REFUSED_THOUGH_VALID) is None] == []
    assert len(VALID) - len(refused) >= 66
    unproven = [name for name in VALID if (links := chain(name)) is not None and not not_revoked(links)]
    assert [name for name in unproven if reason(name, LISTS_REFUSED_THOUGH_VALID) is None] == []
    assert len(VALID) - len(refused) - len(unproven) >= 47


def test_every_reason_is_still_needed() -> None:
    for table in (REFUSED_THOUGH_VALID, LISTS_REFUSED_THOUGH_VALID):
        assert [pattern for pattern in table if not any(re.search(pattern, name) for name in VALID)] == []


@pytest.mark.parametrize("at", [datetime(2009, 12, 31, tzinfo=UTC), datetime(2031, 1, 1, tzinfo=UTC)])
def test_before_and_after_their_time_all_are_refused(at: datetime) -> None:
    beyond = {"ValidGeneralizedTimenotAfterDateTest8EE", "Validpre2000UTCnotBeforeDateTest3EE"}
    assert {name for name in ENDS if chain(name, at) is not None} <= beyond


def test_a_chain_deeper_than_the_national_one_is_refused_in_earnest() -> None:
    deep = {name: len(links) for name in VALID if (links := chain(name)) is not None and len(links) > 4}
    assert deep
    for name in deep:
        with pytest.raises(Rejected):
            chain_of(CERTIFICATES[name], TRUST, AT, ANYBODY)
