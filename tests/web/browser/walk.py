"""One family's walk through the thirteen steps of the guide, in a language and on a screen."""

from dataclasses import dataclass, field

from playwright.async_api import Locator, Page, expect

from demo.city import Waiting
from demo.parent import Parent
from doubles.ncalayer.keyboard import Behaviour
from tests.web.browser.town import Town
from tests.web.browser.visitor import Visitor
from web.view.words import Lang, Words


@dataclass
class Walk:
    """A family before the cabinet; what a step has learnt is kept for the next one."""

    town: Town
    waiting: Waiting
    parent: Parent
    visitor: Visitor
    words: Words = field(init=False)
    has_entered: bool = False
    application: str = ""

    def __post_init__(self) -> None:
        self.words = Words(Lang(self.visitor.lang))

    @property
    def page(self) -> Page:
        """The browser's page."""
        return self.visitor.page

    def link(self, key: str, **values: object) -> Locator:
        """A link by the key of its text."""
        return self.page.get_by_role("link", name=self.words(key, **values), exact=True)

    def button(self, key: str) -> Locator:
        """A button by the key of its text."""
        return self.page.get_by_role("button", name=self.words(key), exact=True)

    async def reads(self, *texts: str) -> None:
        """All of these stand on the page for everybody to see; what is not there yet is waited for."""
        main = self.page.get_by_role("main")
        await expect(main.get_by_text(texts[0]).first).to_be_visible()
        shown = _line(await main.inner_text())
        for text in texts[1:]:
            if _line(text) not in shown:
                await expect(main.get_by_text(text).first).to_be_visible()

    async def heading(self, key: str) -> None:
        """The page is the one with this heading."""
        await expect(self.page.get_by_role("heading", level=1)).to_contain_text(self.words(key))

    async def look(self, step: str) -> None:
        """Picture of the guide and examination; the contacts stand on every page."""
        foot = self.page.get_by_role("contentinfo")
        shown = await foot.get_by_role("link").all_inner_texts()
        assert {"1308", "338-33-88", "sp.ddoalmaty@gmail.com", "262 21 15", "233-32-39"} <= set(shown)
        await self.visitor.look(step, guide=True)

    async def sign(self, behaviour: Behaviour = Behaviour.SIGN) -> None:
        """Sit down at the computer and let NCALayer sign; the key is shown afterwards when it did."""
        await self.town.seat(self.parent.handle, behaviour)
        await self.button("signing.choose").click()

    async def card(self, tab: str = "") -> None:
        """Open the card of the application."""
        await self.visitor.go(f"applications/{self.application}{tab}")

    async def has_no_place(self) -> None:
        """Nothing is held for the child."""
        await self.parent.log_in()
        assert len(await self.parent.places(self.application)) > 0, "a child that holds a place is offered none"

    async def enter(self) -> None:
        """Steps 2 to 4: key store, certificate, key data, Login."""
        await self.visitor.go("login")
        await self.sign()
        await self.reads(self.words("key.title"))
        await self.button("login.enter").click()


def _line(text: str) -> str:
    """Text as a reader compares it: blanks and capitals do not count."""
    return " ".join(text.split()).casefold()
