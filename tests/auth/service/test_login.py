"""Entering through the public door."""

from datetime import date, timedelta
from typing import Any

import jwt
import pytest
from httpx import Response

from doubles.nca.certificates import Subject, Usage
from doubles.nca.iin import make_iin
from doubles.nca.revocation import Fault
from doubles.ncalayer.sign import sign_xml
from services.chassis.security import AUDIENCE, ISSUER
from tests.auth.hands import AIGERIM
from tests.auth.service.authority import AuthorityServer
from tests.auth.service.conftest import BROWSER, Auth

pytestmark = pytest.mark.asyncio(loop_scope="session")

OTHER = Subject("210513600206", "БАСҚА", "АДАМ")
NEWCOMER = Subject(make_iin(date(1994, 2, 2), female=True, serial=50), "ЖАҢА", "КЕЛГЕН")


def refused(answer: Response, status: int, code: str) -> None:
    assert (answer.status_code, answer.json()["code"]) == (status, code), answer.text
    assert answer.headers["content-type"] == "application/problem+json"


async def claims(auth: Auth, token: str) -> dict[str, Any]:
    key = (await auth.client.get("/.well-known/jwks.json")).json()["keys"][0]
    assert jwt.get_unverified_header(token)["kid"] == key["kid"]
    options: Any = {"verify_exp": False, "verify_iat": False}
    told: dict[str, Any] = jwt.decode(
        token, jwt.PyJWK(key), algorithms=["RS256"], audience=AUDIENCE, issuer=ISSUER, options=options
    )
    return told


async def test_a_person_enters_with_a_login_key_and_sees_it(auth: Auth) -> None:
    told = await auth.enter(NEWCOMER)
    assert told["email_required"] is True
    assert told["key"]["owner"] == "ЖАҢА КЕЛГЕН"
    assert told["key"]["algorithm"] == "RSA"
    said = await claims(auth, told["access_token"])
    assert (said["typ"], said["sub"], said["roles"]) == ("access", told["person_id"], [])
    assert said["exp"] - said["iat"] == 300
    assert NEWCOMER.iin not in str(said)


async def test_the_same_person_is_the_same_person_next_time(auth: Auth) -> None:
    assert (await auth.enter())["person_id"] == (await auth.enter())["person_id"]
    assert (await auth.enter())["person_id"] != (await auth.enter(OTHER))["person_id"]


async def test_a_challenge_takes_one_answer(auth: Auth) -> None:
    asked = await auth.challenge()
    signed = auth.hands.signed(asked["xml"], Usage.AUTH)
    assert (await auth.answer(asked, signed)).status_code == 201
    refused(await auth.answer(asked, signed), 409, "CHALLENGE_UNKNOWN_OR_USED")


async def test_a_bad_answer_burns_the_challenge_too(auth: Auth) -> None:
    asked = await auth.challenge()
    refused(await auth.answer(asked, b"<login/>"), 422, "SIGNATURE_INVALID")
    refused(await auth.answer(asked, auth.hands.signed(asked["xml"], Usage.AUTH)), 409, "CHALLENGE_UNKNOWN_OR_USED")


async def test_an_answer_after_two_minutes_is_too_late(auth: Auth) -> None:
    asked = await auth.challenge()
    auth.clock.move(timedelta(seconds=121))
    refused(await auth.answer(asked, auth.hands.signed(asked["xml"], Usage.AUTH)), 410, "CHALLENGE_EXPIRED")


async def test_another_browser_cannot_use_a_signature_it_got_hold_of(auth: Auth) -> None:
    asked = await auth.challenge()
    answer = await auth.answer(asked, auth.hands.signed(asked["xml"], Usage.AUTH), binding="another-browsers-secret")
    refused(answer, 403, "CHALLENGE_OF_ANOTHER_BROWSER")


async def test_a_signing_key_does_not_open_the_door(auth: Auth) -> None:
    asked = await auth.challenge()
    answer = await auth.answer(asked, auth.hands.signed(asked["xml"], Usage.SIGN))
    refused(answer, 422, "KEY_KIND_WRONG")
    assert answer.json()["presented"] == "SIGN"


async def test_an_organisations_key_does_not_open_the_door(auth: Auth) -> None:
    asked = await auth.challenge()
    company = Subject(AIGERIM.iin, "СЫНАҚОВА", "ӘЙГЕРІМ", organisation="ЖШС ҮЛГІ", bin="000140000012")
    signed = sign_xml(asked["xml"], auth.hands.authority.issue(company, Usage.AUTH)).encode()
    answer = await auth.answer(asked, signed)
    refused(answer, 422, "KEY_KIND_WRONG")
    assert answer.json()["presented"] == "UNKNOWN"


async def test_another_challenge_honestly_signed_is_not_this_one(auth: Auth) -> None:
    asked, other = await auth.challenge(), await auth.challenge()
    refused(await auth.answer(asked, auth.hands.signed(other["xml"], Usage.AUTH)), 422, "NOT_THE_ISSUED_DOCUMENT")


async def test_a_revoked_key_does_not_open_the_door(auth: Auth) -> None:
    asked = await auth.challenge()
    key = auth.hands.authority.issue(AIGERIM, Usage.AUTH)
    auth.hands.authority.revoke(key)
    refused(await auth.answer(asked, sign_xml(asked["xml"], key).encode()), 422, "CERTIFICATE_REVOKED")


async def test_an_expired_key_does_not_open_the_door(auth: Auth) -> None:
    auth.clock.move(timedelta(days=400))
    asked = await auth.challenge()
    refused(await auth.answer(asked, auth.hands.signed(asked["xml"], Usage.AUTH)), 422, "CERTIFICATE_EXPIRED")


@pytest.mark.parametrize("fault", [Fault.BADSIG, Fault.STALE, Fault.NONONCE, Fault.ALIEN, Fault.GARBAGE])
async def test_an_answer_of_the_authority_that_is_not_to_be_believed_means_try_later(auth: Auth, fault: Fault) -> None:
    asked = await auth.challenge()
    auth.hands.authority.faults["ocsp"] = fault
    answer = await auth.answer(asked, auth.hands.signed(asked["xml"], Usage.AUTH))
    refused(answer, 503, "REVOCATION_UNKNOWN")
    assert answer.headers["retry-after"]


async def test_the_lists_serve_when_the_responder_is_away(auth: Auth, authority: AuthorityServer) -> None:
    authority.cut = True
    await auth.enter()


async def test_every_question_to_the_authority_names_the_asker(auth: Auth, authority: AuthorityServer) -> None:
    authority.agents.clear()
    await auth.enter()
    assert authority.agents == ["zholdama-auth/1"]


async def refreshed(auth: Auth, refresh_token: str) -> Response:
    return await auth.client.post("/sessions:refresh", json={"refresh_token": refresh_token})


async def test_a_refresh_token_gives_the_same_successor_to_a_repeat(auth: Auth) -> None:
    told = await auth.enter()
    first = await refreshed(auth, told["refresh_token"])
    at_once = await refreshed(auth, told["refresh_token"])
    assert at_once.json() == first.json()
    auth.clock.move(timedelta(seconds=30))
    in_time = await refreshed(auth, told["refresh_token"])
    assert in_time.json()["refresh_token"] == first.json()["refresh_token"] != told["refresh_token"]
    ours, theirs = [await claims(auth, each.json()["access_token"]) for each in (first, in_time)]
    assert (ours["sid"], ours["sub"]) == (theirs["sid"], theirs["sub"])
    assert (await refreshed(auth, first.json()["refresh_token"])).status_code == 200


async def test_a_refresh_token_that_comes_back_late_ends_the_session(auth: Auth) -> None:
    told = await auth.enter()
    first = await refreshed(auth, told["refresh_token"])
    auth.clock.move(timedelta(seconds=31))
    refused(await refreshed(auth, told["refresh_token"]), 401, "REFRESH_TOKEN_REUSED")
    refused(await refreshed(auth, first.json()["refresh_token"]), 401, "SESSION_ENDED")


async def test_a_token_whose_successor_was_used_ends_the_session_even_at_once(auth: Auth) -> None:
    told = await auth.enter()
    first = await refreshed(auth, told["refresh_token"])
    second = await refreshed(auth, first.json()["refresh_token"])
    refused(await refreshed(auth, told["refresh_token"]), 401, "REFRESH_TOKEN_REUSED")
    refused(await refreshed(auth, second.json()["refresh_token"]), 401, "SESSION_ENDED")


async def test_leaving_ends_the_session(auth: Auth) -> None:
    told = await auth.enter()
    headers = {"Authorization": f"Bearer {told['access_token']}"}
    assert (await auth.client.post("/sessions:end", headers=headers)).status_code == 204
    answer = await auth.client.post("/sessions:refresh", json={"refresh_token": told["refresh_token"]})
    refused(answer, 401, "SESSION_ENDED")


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"purpose": "login"},
        {"purpose": "choice", "binding": BROWSER},
        {"purpose": "login", "binding": "short"},
        {"purpose": "login", "binding": 7},
    ],
)
async def test_a_malformed_question_is_told_which_field(auth: Auth, body: dict[str, Any]) -> None:
    answer = await auth.client.post("/challenges", json=body)
    refused(answer, 422, "INVALID_REQUEST")
    assert answer.json()["fields"]


async def test_an_unknown_challenge_and_a_wild_token_are_refused(auth: Auth) -> None:
    refused(await auth.answer({"challenge_id": "none"}, b"<login/>"), 409, "CHALLENGE_UNKNOWN_OR_USED")
    refused(await auth.client.post("/sessions:refresh", json={"refresh_token": "x"}), 401, "SESSION_ENDED")
