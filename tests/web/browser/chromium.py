"""Debian's Chromium, trusting nothing but the certificates of its own list and the one test root it is given."""

import os
import shutil
import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from playwright.async_api import Browser, async_playwright

from deploy.local.trouble import Trouble


@asynccontextmanager
async def chromium(home: Path, root: Path) -> AsyncIterator[Browser]:
    """A browser whose user has the (empty) folder `home`, and the certificate `root` (PEM) among the trusted ones."""
    program = shutil.which("chromium")
    if program is None:
        raise Trouble("Chromium is absent; run `make setup` as root, which installs it.")
    trust(home, root)
    async with async_playwright() as playwright:
        # No sandbox: root cannot have one, and every page opened here is ours.
        browser = await playwright.chromium.launch(
            executable_path=program, chromium_sandbox=False, env={**os.environ, "HOME": str(home)}
        )
        try:
            yield browser
        finally:
            await browser.close()


def trust(home: Path, root: Path) -> None:
    """Make the user's certificate database (NSS), as an installer of the real program does, and put the root in."""
    folder = home / ".pki" / "nssdb"
    folder.mkdir(mode=0o700, parents=True)
    database = ["certutil", "-d", f"sql:{folder}"]
    subprocess.run([*database, "-N", "--empty-password"], check=True)
    subprocess.run([*database, "-A", "-t", "C,,", "-n", "computer", "-i", str(root)], check=True)
