"""The key of a signed document, shown before anything is judged."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from doubles.nca.certificates import Subject, Usage
from doubles.ncalayer.sign import sign_xml
from services.auth.domain.key import KeyKind
from services.auth.domain.verdict import Finding, Rejected
from services.auth.signature.holder import KeyFacts, key_named_in
from tests.auth.hands import AIGERIM, Hands
from tests.auth.signature.attacks import ATTACKS

# The library warns of serial numbers that it will refuse one day; that the key is shown or refused is what counts here.
pytestmark = pytest.mark.filterwarnings("ignore::cryptography.utils.CryptographyDeprecationWarning")

DOCUMENT = '<choice xmlns="urn:zholdama:choice:1"><nonce>n-1</nonce></choice>'
HANDS = Hands()
SIGNED = HANDS.signed(DOCUMENT, Usage.AUTH)


def shown(document: bytes) -> KeyFacts | Finding:
    try:
        return key_named_in(document)
    except Rejected as rejected:
        return rejected.finding


@pytest.mark.parametrize(("usage", "kind"), [(Usage.AUTH, KeyKind.AUTH), (Usage.SIGN, KeyKind.SIGN)])
def test_a_persons_key_is_shown_with_its_kind(usage: Usage, kind: KeyKind) -> None:
    leaf = HANDS.key(usage).cert
    assert shown(HANDS.signed(DOCUMENT, usage)) == KeyFacts(
        owner="СЫНАҚОВА ӘЙГЕРІМ",
        not_before=leaf.not_valid_before_utc,
        not_after=leaf.not_valid_after_utc,
        serial=f"{leaf.serial_number:x}",
        issuer="ҰЛТТЫҚ КУӘЛАНДЫРУШЫ ОРТАЛЫҚ (RSA) TEST",
        algorithm="RSA",
        kind=kind,
    )


def test_an_organisations_key_is_of_no_kind_a_person_uses() -> None:
    company = Subject(AIGERIM.iin, "СЫНАҚОВА", "ӘЙГЕРІМ", organisation="ЖШС ҮЛГІ", bin="000140000012")
    told = shown(sign_xml(DOCUMENT, HANDS.authority.issue(company, Usage.SIGN)).encode())
    assert isinstance(told, KeyFacts)
    assert told.kind is KeyKind.UNKNOWN


@pytest.mark.parametrize("name", list(ATTACKS))
def test_a_bent_document_is_shown_or_refused_and_breaks_nothing(name: str) -> None:
    make, _ = ATTACKS[name]
    told = shown(make(SIGNED, HANDS.key(Usage.AUTH)))
    assert isinstance(told, KeyFacts | Finding)


@settings(max_examples=300, deadline=None)
@given(st.integers(0, 100_000), st.integers(1, 255))
def test_a_changed_octet_is_shown_or_refused_and_breaks_nothing(place: int, by: int) -> None:
    bent = bytearray(SIGNED)
    bent[place % len(bent)] ^= by
    assert isinstance(shown(bytes(bent)), KeyFacts | Finding)


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=200))
def test_any_octets_are_refused(octets: bytes) -> None:
    assert isinstance(shown(octets), Finding)
