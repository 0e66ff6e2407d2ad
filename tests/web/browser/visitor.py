"""One person's browser at the cabinet, in a language and on a screen, with the onlooker beside it."""

from dataclasses import dataclass
from pathlib import Path

from playwright.async_api import Browser, BrowserContext, Page, ViewportSize

from tests.web.browser.onlooker import Onlooker, bring_examiner

SCREENS = {"phone": ViewportSize(width=360, height=800), "desk": ViewportSize(width=1280, height=900)}
"""The two screens of the guide's walk, in CSS pixels."""

IN_THE_GUIDE = (("kk", "phone"), ("ru", "desk"))


@dataclass(frozen=True)
class Pictures:
    """The folders of pictures: those of the guide, and those that last as long as the run."""

    guide: Path
    others: Path


@dataclass
class Visitor:
    """A browser of its own: cookies, pages, console."""

    site: str
    lang: str
    screen: str
    context: BrowserContext
    page: Page
    onlooker: Onlooker
    pictures: Pictures

    def url(self, path: str = "") -> str:
        """The address of a page of the cabinet in the visitor's language."""
        return f"{self.site}/{self.lang}/{path}".rstrip("/")

    async def go(self, path: str = "", *, status: int = 200) -> None:
        """Open a page of the cabinet by its address."""
        answer = await self.page.goto(self.url(path))
        assert answer is not None
        assert answer.status == status, f"{answer.url} answered {answer.status}"

    async def look(self, name: str, *, guide: bool = False) -> Path:
        """Picture and examination of the page as it stands; the picture is named after page, language and screen.

        With `guide` it is one of the guide's pictures, which `make pictures` keeps: Kazakh on a phone, Russian at a desk.
        """
        kept = guide and (self.lang, self.screen) in IN_THE_GUIDE
        folder = self.pictures.guide if kept else self.pictures.others
        picture = folder / f"{name}-{self.lang}-{self.screen}.png"
        await self.onlooker.look(self.page, picture)
        return picture

    async def close(self) -> None:
        """Close the browser; what it complained of meanwhile and nobody looked at is an AssertionError."""
        await self.context.close()
        assert self.onlooker.complaints == []


async def visit(
    browser: Browser, site: str, pictures: Pictures, *, lang: str = "kk", screen: str = "desk", javascript: bool = True
) -> Visitor:
    """Open a fresh browser; nothing is loaded yet."""
    context = await browser.new_context(
        viewport=SCREENS[screen],
        locale=f"{lang}-KZ",
        timezone_id="Asia/Almaty",
        java_script_enabled=javascript,
        bypass_csp=False,
    )
    onlooker = Onlooker()
    onlooker.watch(context)
    if javascript:
        await bring_examiner(context)
    return Visitor(site, lang, screen, context, await context.new_page(), onlooker, pictures)
