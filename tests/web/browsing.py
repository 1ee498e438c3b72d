"""A visitor of the pages: a real Chromium, without a screen, that is let in as a user's browser is."""

from __future__ import annotations

import os
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, cast

from axe_playwright_python.async_playwright import Axe
from playwright.async_api import async_playwright

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable
    from datetime import datetime

    from playwright.async_api import Browser, Page

CHROMIUM: Final = "/usr/bin/chromium"

# Without a sandbox, because root cannot have one; and without calls home, which nothing here may answer.
_OPTIONS: Final = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)

NARROW: Final = 360
WIDE: Final = 1200

_SERIOUS: Final = {"serious", "critical"}


class Visitor:
    """Looks at pages.

    Attributes:
        complaints: what the console of the browser said, of all pages; a page of ours gives it no reason to.
        at: when the clock of the browser stands still; None: it goes.
    """

    def __init__(self, browser: Browser, invite: Callable[[str], Awaitable[str]]) -> None:
        self._browser = browser
        self._invite = invite
        self.complaints: list[str] = []
        self.at: datetime | None = None

    async def visit(
        self,
        path: str = "/",
        *,
        width: int = WIDE,
        scheme: str = "light",
        language: str = "en",
        javascript: bool = True,
    ) -> Page:
        """Open a page by an invitation, in a browser window of its own."""
        context = await self._browser.new_context(
            viewport={"width": width, "height": 900},
            color_scheme=cast("Any", scheme),
            locale=language,
            reduced_motion="reduce",
            java_script_enabled=javascript,
        )
        context.set_default_timeout(10_000)
        page = await context.new_page()
        if self.at is not None:
            await page.clock.set_fixed_time(self.at)
        page.on("console", self._heard)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        await page.goto(await self._invite(path))
        return page

    def _heard(self, message: Any) -> None:
        if message.type in {"error", "warning"}:
            self.complaints.append(message.text)


@asynccontextmanager
async def visiting(invite: Callable[[str], Awaitable[str]], *options: str) -> AsyncIterator[Visitor]:
    """Start a browser for visits, with more options if need be."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=[*_OPTIONS, *options])
        try:
            yield Visitor(browser, invite)
        finally:
            await browser.close()


async def faults(page: Page) -> list[str]:
    """What keeps people from using a page, as axe finds it: serious findings alone."""
    results = await Axe().run(page)
    return [
        f"{found['id']}: {found['help']} at {[node['target'] for node in found['nodes']][:3]}"
        for found in results.response["violations"]
        if found["impact"] in _SERIOUS
    ]


async def overflow(page: Page) -> int:
    """By how many pixels a page is wider than its window; what scrolls by itself does not count."""
    return int(await page.evaluate("Math.max(0, document.documentElement.scrollWidth - window.innerWidth)"))


async def picture(page: Page, name: str) -> None:
    """Keep a picture of a page where `$BUBBLED_PICTURES` says, for somebody to look at."""
    folder = os.environ.get("BUBBLED_PICTURES")
    if folder:
        await page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)
