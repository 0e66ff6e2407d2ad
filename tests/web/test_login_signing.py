"""The script that signs, in Chromium under the cabinet's content policy, before a computer that does what a test says."""

import json
import re
import shutil
import socket
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, async_playwright, expect
from websockets.asyncio.server import ServerConnection, serve

from deploy.local.layout import VENDOR
from tests.web.office import ACCESS_LIFE, Office, Refuse, served, settings_of
from tests.web.test_login import KEY
from web.app import make_app

SIGNED = "<login>\n<signature/></login>"
SIGN = {"status": True, "body": {"result": [SIGNED]}}
CANCEL = {"status": True, "body": {}}
MISTYPED = {"status": False, "code": "WRONG_PASSWORD", "message": "keystore password was incorrect", "details": ""}
CLOSE = None
PROBLEM, CHOOSE, SEND = '[data-part="problem"]', '[data-part="choose"]', '[data-part="send"] button'


@dataclass
class Computer:
    """A parent's computer with NCALayer on it: `answer` is what it says to the next document (CLOSE: it stops)."""

    answer: dict[str, Any] | None = field(default_factory=lambda: SIGN)
    asked: list[dict[str, Any]] = field(default_factory=list)

    async def __call__(self, page: ServerConnection) -> None:
        """One page that speaks to it."""
        await page.send(json.dumps({"result": {"version": "1.4"}}))
        async for message in page:
            asked = json.loads(message)
            if asked["method"] != "sign":
                await page.send(json.dumps({"status": False, "code": "MODULE_NOT_FOUND", "message": "none"}))
                continue
            self.asked.append(asked["args"])
            if self.answer is CLOSE:
                return
            await page.send(json.dumps(self.answer))


@dataclass
class Desk:
    """A parent at the login page."""

    page: Page
    computer: Computer
    heard: list[str]

    async def choose(self, answer: dict[str, Any] | None = SIGN) -> None:
        """Presses «Сертификатты таңдау»."""
        self.computer.answer = answer
        await self.page.click(CHOOSE)


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def chromium() -> AsyncIterator[Browser]:
    """One browser for all."""
    async with async_playwright() as playwright:
        opened = await playwright.chromium.launch(executable_path=shutil.which("chromium"), chromium_sandbox=False)
        yield opened
        await opened.close()


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def place(services: Office) -> AsyncIterator[tuple[str, Computer]]:
    """The address of a cabinet, and the computer that its pages speak to."""
    computer = Computer()
    async with serve(computer, "127.0.0.1", 0) as listening:
        address = f"ws://127.0.0.1:{next(iter(listening.sockets)).getsockname()[1]}/"
        settings = settings_of(services, vendor_dir=VENDOR, ncalayer_url=address, secure_cookies=False)
        async with served(make_app(settings)) as site:
            yield site, computer


@pytest_asyncio.fixture(loop_scope="session")
async def desk(office: Office, place: tuple[str, Computer], chromium: Browser) -> AsyncIterator[Desk]:
    """A browser at the Kazakh login page, before services that give a challenge, describe a key and let its owner in."""
    office.answers |= {
        "POST /auth/challenges": {
            "challenge_id": "challenge-1",
            "xml": "<login>\n</login>",
            "expires_at": (office.now + ACCESS_LIFE).isoformat(),
        },
        "POST /auth/keys:describe": KEY,
        "POST /auth/sessions": office.tokens(1),
    }
    site, computer = place
    computer.answer, computer.asked = SIGN, []
    context = await chromium.new_context()
    page, heard = await context.new_page(), list[str]()
    page.on("console", lambda said: heard.append(said.text) if said.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: heard.append(str(error)))
    await page.goto(f"{site}/kk/login?next=/kk/contacts")
    yield Desk(page, computer, heard)
    await context.close()


async def test_the_document_is_signed_with_a_key_for_login_and_sent_once(desk: Desk, office: Office) -> None:
    await desk.page.select_option("#store", "AKKaztokenStore")
    await desk.choose()
    await expect(desk.page.locator("#key-title")).to_be_focused()
    (asked,) = desk.computer.asked
    assert asked["data"] == "<login>\n</login>"
    assert asked["allowedStorages"] == ["AKKaztokenStore"]
    assert asked["signerParams"] == {"extKeyUsageOids": ["1.3.6.1.5.5.7.3.2", "1.2.398.3.3.4.1.1"]}
    assert asked["locale"] == "kk"
    await desk.page.locator(SEND).first.dblclick()
    await desk.page.wait_for_url(re.compile(r":\d+/kk/contacts$"))
    assert office.doors().count("POST /auth/sessions") == 1
    sent = office.last("POST /auth/sessions").json
    assert (sent["challenge_id"], sent["signed_xml"]) == ("challenge-1", SIGNED)
    assert sent["binding"] == office.last("POST /auth/challenges").json["binding"]
    assert desk.heard == []


@pytest.mark.parametrize(
    ("answer", "said"),
    [(CANCEL, "Қол қою тоқтатылды"), (MISTYPED, "құпиясөзі қате"), (CLOSE, "NCALayer-ді қайта іске қосып")],
    ids=["cancelled", "mistyped", "closed"],
)
async def test_what_goes_wrong_at_the_computer_is_said_and_can_be_done_again(
    desk: Desk, office: Office, answer: dict[str, Any] | None, said: str
) -> None:
    await desk.choose(answer)
    await expect(desk.page.locator(PROBLEM)).to_contain_text(said)
    await expect(desk.page.locator(CHOOSE)).to_be_focused()
    await expect(desk.page.locator(SEND).first).to_be_hidden()
    await desk.choose()
    await expect(desk.page.locator(SEND).first).to_be_visible()
    await expect(desk.page.locator(PROBLEM)).to_be_empty()
    assert desk.heard == []


async def test_without_ncalayer_the_page_says_what_to_start_and_where_to_get_it(desk: Desk) -> None:
    with socket.create_server(("127.0.0.1", 0)) as nobody:
        silent = f"ws://127.0.0.1:{nobody.getsockname()[1]}/"
    await desk.page.eval_on_selector("form[data-signing]", "(form, url) => { form.dataset.ncalayer = url; }", silent)
    await desk.choose()
    await expect(desk.page.locator(PROBLEM)).to_contain_text("NCALayer бағдарламасы жауап бермейді")
    official = desk.page.locator(f"{PROBLEM} a")
    assert await official.get_attribute("href") == "https://ncl.pki.gov.kz/"


async def test_a_key_for_signing_cannot_be_sent_and_starting_again_clears_the_page(desk: Desk, office: Office) -> None:
    office.answers["POST /auth/keys:describe"] = KEY | {"kind": "SIGN"}
    await desk.choose()
    await expect(desk.page.locator('[data-part="key"]')).to_contain_text("AUTH_RSA кілтін таңдаңыз")
    await expect(desk.page.locator(SEND).first).to_be_hidden()
    office.answers["POST /auth/keys:describe"] = KEY
    await desk.choose()
    await desk.page.click('[data-part="clear"]')
    await expect(desk.page.locator('[data-part="key"]')).to_be_empty()
    await expect(desk.page.locator(SEND).first).to_be_hidden()


@pytest.mark.parametrize("away", [True, False])
async def test_what_the_server_cannot_do_is_said_in_its_own_words(desk: Desk, office: Office, away: bool) -> None:
    office.away |= {"auth"} if away else set()
    office.answers["POST /auth/keys:describe"] = Refuse(422, "SIGNATURE_INVALID")
    await desk.choose()
    said = "Кіру және қол қою қызметі қазір жауап бермейді" if away else "Қолтаңба тексеруден өтпеді"
    await expect(desk.page.locator(PROBLEM)).to_contain_text(said)
