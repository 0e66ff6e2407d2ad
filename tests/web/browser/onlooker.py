"""Somebody who looks at every page: takes its picture, examines it for people with disabilities, hears the console."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.async_api import BrowserContext, ConsoleMessage, Page, Request, WebError

from deploy.local.layout import VENDOR

RULES = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa")
"""WCAG 2.2, levels A and AA, as axe-core names them."""

_AXE = VENDOR / "axe.min.js"
_EXAMINE = """async rules => {
  const found = await axe.run(document, {runOnly: {type: "tag", values: rules}, resultTypes: ["violations"]});
  return found.violations.map(each => ({
    id: each.id, help: each.help, nodes: each.nodes.map(node => `${node.target}: ${node.failureSummary}`),
  }));
}"""
_TOO_WIDE = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
_ANSWERED = re.compile(r"^Failed to load resource: the server responded with a status of 4\d\d")
_BROKEN_OFF = "net::ERR_ABORTED"
"""A request that the page itself gave up, by going on to the next page."""


@dataclass
class Onlooker:
    """Collects what a browser complains of. What a test means to happen is forgiven by a pattern beforehand."""

    complaints: list[str] = field(default_factory=list)
    _forgiven: list[re.Pattern[str]] = field(default_factory=list)

    def watch(self, context: BrowserContext) -> None:
        """Hear everything that pages of this context say: console, broken content policy, errors, failed requests."""
        context.on("console", self._hear)
        context.on("weberror", self._hear_error)
        context.on("requestfailed", self._hear_failure)

    def forgive(self, pattern: str) -> None:
        """Complaints in which this is found are meant to happen, from now on."""
        self._forgiven.append(re.compile(pattern))

    async def look(self, page: Page, picture: Path) -> None:
        """Take the picture and examine the page. AssertionError with everything found."""
        await page.screenshot(path=picture, full_page=True, animations="disabled")
        found = [*self.complaints, *await accessibility_findings(page)]
        self.complaints.clear()
        if (pixels := await page.evaluate(_TOO_WIDE)) > 0:
            found.append(f"the page is {pixels} pixels wider than the screen")
        assert not found, f"{page.url} ({picture}):\n" + "\n".join(found)

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type not in ("error", "warning"):
            return
        page = message.page
        # The status of the page itself is what a test looks at; the console repeats it.
        if page and _ANSWERED.match(message.text) and message.location["url"].partition("#")[0] == _without_mark(page):
            return
        self._complain(f"console {message.type}: {message.text} ({message.location['url']})")

    def _hear_error(self, error: WebError) -> None:
        self._complain(f"script: {error.error}")

    def _hear_failure(self, request: Request) -> None:
        if request.failure != _BROKEN_OFF:
            self._complain(f"request failed: {request.method} {request.url} ({request.failure})")

    def _complain(self, complaint: str) -> None:
        if not any(pattern.search(complaint) for pattern in self._forgiven):
            self.complaints.append(complaint)


async def bring_examiner(context: BrowserContext) -> None:
    """Have axe-core in every page of the context from its beginning: sent once, not at each look.

    The browser's own debugger brings it in, so the page's content policy stays on.
    """
    await context.add_init_script(path=_AXE)


async def accessibility_findings(page: Page) -> list[str]:
    """What axe-core finds; in a page whose scripts are turned off the debugger brings it in now."""
    if not await page.evaluate("() => typeof axe === 'object'"):
        await page.evaluate(_AXE.read_text("utf-8"))
    found: list[Mapping[str, Any]] = await page.evaluate(_EXAMINE, list(RULES))
    return [f"axe {each['id']} ({each['help']}): {node}" for each in found for node in each["nodes"]]


def _without_mark(page: Page) -> str:
    return page.url.partition("#")[0]
