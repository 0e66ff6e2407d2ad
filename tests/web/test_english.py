"""The third language: every page speaks English, and says in Russian what a service does not tell in English."""

import httpx
import pytest

from tests.web.answers import APPLICATION, HOLD, holding
from tests.web.office import Office, enter
from web.view.words import Lang, spoken


@pytest.mark.parametrize(
    ("wished", "given"), [("en-GB,en;q=0.9", "en"), ("de,en;q=0.5,ru;q=0.4", "en"), ("fr", "kk"), ("", "kk")]
)
async def test_a_browser_that_asks_for_english_gets_it(browser: httpx.AsyncClient, wished: str, given: str) -> None:
    assert (await browser.get("/", headers={"accept-language": wished})).headers["location"] == f"/{given}/"


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("", "Bulletin of free places"),
        ("login", "Choose a certificate"),
        ("login/search", "IIN of the child"),
        ("applications", "Journal of applications"),
        (f"applications/{APPLICATION}", "В очереди"),
        (f"applications/{APPLICATION}/history", "The application was registered"),
        (f"choices/{HOLD}", "Вы действительно хотите получить направление?"),
        ("contacts", "Language of messages"),
        ("no-such-page", "There is no such page"),
    ],
)
async def test_a_page_speaks_english(browser: httpx.AsyncClient, office: Office, path: str, said: str) -> None:
    holding(office)
    if not path.startswith("login"):
        await enter(browser, office, "en")
    page = (await browser.get(f"/en/{path}")).text
    assert '<html lang="en">' in page
    assert said in page
    assert f'href="/kk/{path}" hreflang="kk"' in page


def test_what_is_told_in_no_language_asked_for_is_told_in_one_that_is_there() -> None:
    assert spoken({"kk": "Кезекте", "ru": "В очереди", "en": "In the queue"}, Lang.EN) == "In the queue"
    assert spoken({"kk": "Кезекте", "ru": "В очереди"}, Lang.EN) == "В очереди"
    assert spoken({"kk": "Кезекте", "en": ""}, Lang.EN) == "Кезекте"
    assert spoken({}, Lang.EN) == ""
