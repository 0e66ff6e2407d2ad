"""Is the certificate revoked: whom to believe, and what to do when nobody answers."""

from datetime import timedelta

import pytest

from doubles.nca.certificates import Usage
from doubles.nca.revocation import Fault
from services.auth.domain.verdict import Finding, Rejected
from services.auth.signature import certificate
from services.auth.signature.certificate import SignerCertificate, examined
from services.auth.signature.revocation import Source, ensure_not_revoked
from tests.auth.hands import AIGERIM, NOW, Hands, Road


def fresh(hands: Hands) -> tuple[SignerCertificate, object]:
    credential = hands.authority.issue(AIGERIM, Usage.AUTH)
    return examined(credential.der, certificate.Usage.LOGIN, hands.trust, NOW), credential


async def finding(hands: Hands, road: Road, subject: SignerCertificate | None = None) -> Finding:
    with pytest.raises(Rejected) as caught:
        await ensure_not_revoked(subject or fresh(hands)[0], road, NOW)
    return caught.value.finding


async def test_a_good_answer_is_kept_as_proof(hands: Hands, road: Road) -> None:
    status = await ensure_not_revoked(fresh(hands)[0], road, NOW)
    assert status.source is Source.OCSP
    assert status.told_at == NOW
    assert status.answer
    assert status.request
    assert road.asked == ["ocsp"]


async def test_a_revoked_certificate_is_revoked_by_either_source(hands: Hands, road: Road) -> None:
    subject, credential = fresh(hands)
    hands.authority.revoke(credential)  # type: ignore[arg-type]
    assert await finding(hands, road, subject) is Finding.CERTIFICATE_REVOKED
    road.ocsp_cut = True
    assert await finding(hands, road, subject) is Finding.CERTIFICATE_REVOKED
    assert road.asked == ["ocsp", "ocsp", "lists"]


@pytest.mark.parametrize(
    ("fault", "expected"),
    [
        (Fault.STALE, Finding.REVOCATION_STALE),
        (Fault.FUTURE, Finding.REVOCATION_STALE),
        (Fault.BADSIG, Finding.REVOCATION_SIGNATURE),
        (Fault.ALIEN, Finding.REVOCATION_SIGNATURE),
        (Fault.NONONCE, Finding.REVOCATION_NONCE),
        (Fault.BADNONCE, Finding.REVOCATION_NONCE),
        (Fault.OTHERSERIAL, Finding.REVOCATION_OF_ANOTHER),
        (Fault.UNKNOWN, Finding.CERTIFICATE_UNKNOWN_TO_ISSUER),
        (Fault.GARBAGE, Finding.REVOCATION_MALFORMED),
    ],
)
async def test_a_wrong_answer_is_never_a_reason_to_look_elsewhere(
    hands: Hands, road: Road, fault: Fault, expected: Finding
) -> None:
    hands.authority.faults["ocsp"] = fault
    assert await finding(hands, road) is expected
    assert road.asked == ["ocsp"]


async def test_an_answer_given_to_another_question_cannot_be_replayed(hands: Hands, road: Road) -> None:
    subject = fresh(hands)[0]
    first = (await ensure_not_revoked(subject, road, NOW)).answer
    road.swap = lambda _answer: first
    assert await finding(hands, road, subject) is Finding.REVOCATION_NONCE


@pytest.mark.parametrize("fault", [Fault.TRYLATER, Fault.INTERNAL])
async def test_a_busy_responder_is_like_one_that_is_not_there(hands: Hands, road: Road, fault: Fault) -> None:
    hands.authority.faults["ocsp"] = fault
    assert (await ensure_not_revoked(fresh(hands)[0], road, NOW)).source is Source.CRL


async def test_the_lists_serve_when_the_responder_is_not_reached(hands: Hands, road: Road) -> None:
    road.ocsp_cut = True
    status = await ensure_not_revoked(fresh(hands)[0], road, NOW)
    assert status.source is Source.CRL
    assert road.asked == ["ocsp", "lists"]


@pytest.mark.parametrize(
    ("fault", "expected"),
    [
        (Fault.STALE, Finding.REVOCATION_STALE),
        (Fault.FUTURE, Finding.REVOCATION_STALE),
        (Fault.BADSIG, Finding.REVOCATION_SIGNATURE),
    ],
)
async def test_a_list_that_is_not_to_be_believed_says_nothing(
    hands: Hands, road: Road, fault: Fault, expected: Finding
) -> None:
    road.ocsp_cut = True
    hands.authority.faults["crl"] = fault
    assert await finding(hands, road) is expected


async def test_nobody_reached_means_try_later(hands: Hands, road: Road) -> None:
    road.ocsp_cut = road.lists_cut = True
    assert await finding(hands, road) is Finding.REVOCATION_UNREACHABLE


async def test_an_answer_grows_old(hands: Hands, road: Road) -> None:
    hands.at = NOW - timedelta(minutes=20)
    await ensure_not_revoked(fresh(hands)[0], road, NOW)
    hands.at = NOW - timedelta(minutes=21)
    assert await finding(hands, road) is Finding.REVOCATION_STALE
