"""Signed documents: the honest one passes, and no bent one does."""

import base64

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from doubles.nca.certificates import Subject, Usage
from services.auth.domain.verdict import Finding, Indication
from services.auth.signature import certificate
from services.auth.signature.verifier import Judged, Verifier
from tests.auth.hands import NOW, Hands, Road
from tests.auth.signature.attacks import ATTACKS

ISSUED = (
    '<login xmlns="urn:zholdama:login:1"><purpose>login</purpose><site>Жолдама</site>'
    "<challenge>c-1</challenge><nonce>n-1</nonce></login>"
)


async def judged(hands: Hands, road: Road, signed: bytes, issued: str = ISSUED) -> Judged:
    verifier = Verifier(hands.trust, road)
    return await verifier.judge(signed, issued=issued.encode(), usage=certificate.Usage.LOGIN, at=NOW)


async def test_an_honest_signature_passes_and_tells_the_signer(hands: Hands, road: Road) -> None:
    told = await judged(hands, road, hands.signed(ISSUED, Usage.AUTH))
    assert told.verdict.indication is Indication.PASSED
    assert told.signer is not None
    assert (told.signer.surname, told.signer.given, told.signer.patronymic) == ("СЫНАҚОВА", "ӘЙГЕРІМ", "СЕРІКҚЫЗЫ")
    assert told.key is not None
    assert told.key.owner == "СЫНАҚОВА ӘЙГЕРІМ"
    assert told.status is not None


@pytest.mark.parametrize("name", list(ATTACKS))
async def test_no_bent_document_passes(hands: Hands, road: Road, name: str) -> None:
    signed = hands.signed(ISSUED, Usage.AUTH)
    make, seen_by = ATTACKS[name]
    bent = make(signed, hands.key(Usage.AUTH))
    assert bent != signed
    told = await judged(hands, road, bent)
    assert told.verdict.finding is seen_by
    assert told.verdict.indication is Indication.FAILED
    assert told.signer is None
    assert road.asked == [], "the authority is never asked about a bent document"


async def test_another_document_honestly_signed_is_not_the_issued_one(hands: Hands, road: Road) -> None:
    told = await judged(hands, road, hands.signed(ISSUED.replace("n-1", "n-2"), Usage.AUTH))
    assert told.verdict.finding is Finding.NOT_THE_ISSUED_DOCUMENT


async def test_a_signature_of_one_purpose_is_no_answer_to_another(hands: Hands, road: Road) -> None:
    told = await judged(hands, road, hands.signed(ISSUED.replace(":login:", ":choice:"), Usage.AUTH))
    assert told.verdict.finding is Finding.NOT_THE_ISSUED_DOCUMENT


@pytest.mark.parametrize("line_end", [b"\r\n", b"\n"])
async def test_line_ends_of_another_system_do_no_harm(hands: Hands, road: Road, line_end: bytes) -> None:
    signed = hands.signed(ISSUED, Usage.AUTH)
    told = await judged(hands, road, signed.replace(b"</ds:SignatureValue>", line_end + b"</ds:SignatureValue>"))
    assert told.verdict.indication is Indication.PASSED


async def test_the_certificate_of_another_person_does_not_fit_the_signature(hands: Hands, road: Road) -> None:
    other = hands.authority.issue(Subject("210513600206", "БАСҚА", "АДАМ"), Usage.AUTH)
    own = base64.b64encode(hands.key(Usage.AUTH).der)
    flat = hands.signed(ISSUED, Usage.AUTH)
    start = flat.index(b"<ds:X509Certificate>") + len(b"<ds:X509Certificate>")
    end = flat.index(b"</ds:X509Certificate>")
    assert flat[start:end].replace(b"\n", b"") == own
    told = await judged(hands, road, flat[:start] + base64.b64encode(other.der) + flat[end:])
    assert told.verdict.finding is Finding.SIGNATURE_VALUE


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(place=st.integers(0, 10_000), octet=st.integers(0, 255))
async def test_no_changed_octet_gives_another_meaning(hands: Hands, road: Road, place: int, octet: int) -> None:
    signed = bytearray(hands.signed(ISSUED, Usage.AUTH))
    signed[place % len(signed)] = octet
    told = await judged(hands, road, bytes(signed))
    if told.verdict.indication is Indication.PASSED:
        assert told.signer is not None
        assert told.signer.surname == "СЫНАҚОВА"
