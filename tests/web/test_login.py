"""The way in by a key, and the way out."""

import httpx
import pytest
from starlette.responses import Response

from tests.web.office import Office, Refuse, enter
from web.session import BROWSER_COOKIE, COOKIE

FORM = {"challenge_id": "challenge-1", "signed_xml": "<login>\r\n<signature/>\r\n</login>"}
KEY = {
    "owner": "СӘРСЕНОВА АЙГҮЛ",
    "not_before": "2026-10-20T07:00:00Z",
    "not_after": "2027-10-20T07:00:00Z",
    "serial": "5a1b",
    "issuer": "ҰЛТТЫҚ КУӘЛАНДЫРУШЫ ОРТАЛЫҚ (RSA)",
    "algorithm": "RSA",
    "kind": "AUTH",
}


async def test_the_page_offers_both_ways_the_stores_and_the_button(browser: httpx.AsyncClient) -> None:
    page = (await browser.get("/kk/login")).text
    for said in ("ЭЦҚ бойынша", "ЖСН бойынша іздеу", "Жеке компьютер", "Жеке куәлік", "KAZTOKEN"):
        assert said in page
    assert "Сертификатты таңдау" in page
    assert 'data-ncalayer="wss://127.0.0.1:13579/"' in page


@pytest.mark.parametrize(("lang", "said"), [("kk", "JavaScript қосулы"), ("ru", "включён JavaScript")])
async def test_without_scripts_the_page_says_what_needs_them(browser: httpx.AsyncClient, lang: str, said: str) -> None:
    page = (await browser.get(f"/{lang}/login")).text
    assert said in page.partition("<noscript>")[2].partition("</noscript>")[0]


async def test_a_challenge_is_bound_to_the_browser_by_a_secret_no_script_reads(
    browser: httpx.AsyncClient, office: Office
) -> None:
    office.answers["POST /auth/challenges"] = {"challenge_id": "c", "xml": "<x/>", "expires_at": "2026-11-24T04:02:00Z"}
    first = await browser.post("/kk/login/challenge")
    assert first.json() == {"challenge_id": "c", "xml": "<x/>"}
    assert "httponly" in first.headers["set-cookie"].lower()
    await browser.post("/kk/login/challenge")
    one, other = (each.json["binding"] for each in office.asked)
    assert one == other == browser.cookies[BROWSER_COOKIE]
    assert len(one) >= 32


async def test_a_challenge_that_auth_cannot_give_is_a_sentence(browser: httpx.AsyncClient, office: Office) -> None:
    office.away.add("auth")
    answer = await browser.post("/ru/login/challenge")
    assert answer.status_code == 503
    assert "сейчас не отвечает" in answer.json()["problem"]


@pytest.mark.parametrize(
    ("lang", "labels"),
    [
        ("kk", ("Иесінің бірегей атауы", "Жарамдылық мерзімі", "Сериялық нөмірі", "Шығарушының атауы", "Алгоритм")),
        ("ru", ("Уникальное имя владельца", "Срок действия", "Серийный номер", "Имя издателя", "Алгоритм")),
    ],
)
async def test_the_key_is_shown_before_it_is_used(
    browser: httpx.AsyncClient, office: Office, lang: str, labels: tuple[str, ...]
) -> None:
    office.answers["POST /auth/keys:describe"] = KEY
    shown = (await browser.post(f"/{lang}/login/key", data={"signed_xml": "<x/>", "kind": "AUTH"})).text
    for label in labels:
        assert label in shown
    for fact in (KEY["owner"], "20.10.2026 12:00 – 20.10.2027 12:00", KEY["serial"], KEY["issuer"], "RSA"):
        assert fact in shown
    assert "data-unfit" not in shown
    assert "<html" not in shown


@pytest.mark.parametrize(
    ("wanted", "taken", "said"), [("AUTH", "SIGN", "AUTH_RSA кілтін таңдаңыз"), ("SIGN", "AUTH", "RSA кілтін таңдаңыз")]
)
async def test_a_key_of_the_wrong_kind_is_said_to_be_so_at_once(
    browser: httpx.AsyncClient, office: Office, wanted: str, taken: str, said: str
) -> None:
    office.answers["POST /auth/keys:describe"] = KEY | {"kind": taken}
    shown = (await browser.post("/kk/login/key", data={"signed_xml": "<x/>", "kind": wanted})).text
    assert "data-unfit" in shown
    assert said in shown


async def test_entering_leads_to_the_journal(browser: httpx.AsyncClient, office: Office) -> None:
    await enter(browser, office)
    entered = await browser.get("/kk/applications")
    assert entered.status_code == 200
    assert office.last("GET /queue/applications").token == "access-1"


async def test_what_the_browser_keeps_is_sealed(browser: httpx.AsyncClient, office: Office) -> None:
    await enter(browser, office)
    assert "access-1" not in browser.cookies[COOKIE]


async def test_a_form_changes_line_ends_and_the_signed_document_is_sent_as_it_was(
    browser: httpx.AsyncClient, office: Office
) -> None:
    await enter(browser, office)
    await browser.post("/kk/login", data=FORM)
    assert office.last("POST /auth/sessions").json["signed_xml"] == "<login>\n<signature/>\n</login>"


async def test_after_entering_one_is_where_one_wanted_to_be(browser: httpx.AsyncClient, office: Office) -> None:
    asked = await browser.get("/ru/contacts")
    assert asked.headers["location"] == "/ru/login?next=/ru/contacts"
    await browser.get(asked.headers["location"])
    await enter(browser, office, "ru")
    entered = await browser.post("/ru/login", data=FORM | {"next": "/ru/applications/application-7"})
    assert entered.headers["location"] == "/ru/applications/application-7"


@pytest.mark.parametrize("path", ["https://elsewhere.test/", "//elsewhere.test/kk/", "/kk//elsewhere.test", "/kk/../x"])
async def test_nobody_is_led_to_another_site(browser: httpx.AsyncClient, office: Office, path: str) -> None:
    await enter(browser, office)
    entered = await browser.post("/kk/login", data=FORM | {"next": path})
    assert entered.headers["location"] == "/kk/applications"


async def test_who_is_in_session_need_not_enter_again(browser: httpx.AsyncClient, office: Office) -> None:
    await enter(browser, office)
    assert (await browser.get("/kk/login")).headers["location"] == "/kk/applications"


@pytest.mark.parametrize(
    ("refusal", "said"),
    [
        (Refuse(422, "KEY_KIND_WRONG", {"presented": "SIGN"}), "ключ подписи RSA"),
        (Refuse(422, "KEY_KIND_WRONG", {"presented": "UNKNOWN"}), "нужен ключ физического лица"),
        (Refuse(422, "CERTIFICATE_EXPIRED"), "Срок действия ключа истёк"),
        (Refuse(422, "CERTIFICATE_REVOKED"), "ключ отозван"),
        (Refuse(422, "CERTIFICATE_NOT_TRUSTED"), "Национальным удостоверяющим центром"),
        (Refuse(422, "SIGNATURE_INVALID"), "Подпись не прошла проверку"),
        (Refuse(410, "CHALLENGE_EXPIRED"), "Время, отведённое на вход, истекло"),
        (Refuse(409, "CHALLENGE_UNKNOWN_OR_USED"), "действует один раз"),
        (Refuse(403, "CHALLENGE_OF_ANOTHER_BROWSER"), "не в этом браузере"),
        (Refuse(503, "REVOCATION_UNKNOWN"), "Ваш ключ ни при чём"),
        (Refuse(503, "TRY_LATER"), "Служба входа и подписи сейчас не отвечает"),
        (Refuse(418, "SOMETHING_NEW"), "Ничего не потеряно"),
    ],
    ids=lambda each: each.code if isinstance(each, Refuse) else "",
)
async def test_a_refused_key_is_a_sentence_that_says_what_to_do(
    browser: httpx.AsyncClient, office: Office, refusal: Refuse, said: str
) -> None:
    office.answers["POST /auth/challenges"] = {"challenge_id": "c", "xml": "<x/>", "expires_at": "2026-11-24T04:02:00Z"}
    await browser.post("/ru/login/challenge")
    office.answers["POST /auth/sessions"] = refusal
    answer = await browser.post("/ru/login", data=FORM | {"next": "/ru/contacts"})
    assert answer.status_code == 303
    page = (await browser.get(answer.headers["location"])).text
    assert said in page
    assert 'name="next" value="/ru/contacts"' in page


async def test_without_the_browsers_secret_auth_is_not_even_asked(browser: httpx.AsyncClient, office: Office) -> None:
    answer = await browser.post("/kk/login", data=FORM)
    assert "cookie" in (await browser.get(answer.headers["location"])).text
    assert "POST /auth/sessions" not in office.doors()


async def test_a_second_click_finds_oneself_inside(browser: httpx.AsyncClient, office: Office) -> None:
    await enter(browser, office)
    office.answers["POST /auth/sessions"] = Refuse(409, "CHALLENGE_UNKNOWN_OR_USED")
    again = await browser.post("/kk/login", data=FORM)
    assert again.headers["location"] == "/kk/applications"
    assert (await browser.get("/kk/applications")).status_code == 200


async def test_a_form_of_another_site_is_not_taken(browser: httpx.AsyncClient, office: Office) -> None:
    foreign = await browser.post("/kk/login", data=FORM, headers={"origin": "https://elsewhere.test"})
    assert foreign.status_code == 403
    assert office.asked == []


@pytest.mark.parametrize("away", [False, True])
async def test_leaving_ends_the_session_also_while_auth_is_away(
    browser: httpx.AsyncClient, office: Office, away: bool
) -> None:
    await enter(browser, office)
    office.answers["POST /auth/sessions:end"] = Response(status_code=204)
    office.away |= {"auth"} if away else set()
    left = await browser.post("/kk/logout")
    assert left.headers["location"] == "/kk/"
    assert office.last("POST /auth/sessions:end").token == "access-1"
    assert COOKIE not in browser.cookies
    assert (await browser.get("/kk/applications")).headers["location"].startswith("/kk/login")


async def test_leaving_twice_does_no_harm(browser: httpx.AsyncClient) -> None:
    assert (await browser.post("/kk/logout")).headers["location"] == "/kk/"
