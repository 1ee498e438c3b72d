"""What a script of our pages sends, without a browser: also what none of them would send."""

from __future__ import annotations

import re
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

from aiohttp import ClientSession, CookieJar

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from yarl import URL

    from bubbled.daemon.daemon import Daemon


class Script:
    """Speaks to the pages of a daemon, let in as a browser is."""

    def __init__(self, http: ClientSession, site: URL, csrf: str) -> None:
        self._http = http
        self._site = site
        self._headers = {
            "Accept": "application/json",
            "Origin": str(site).rstrip("/"),
            "Sec-Fetch-Site": "same-origin",
            "X-CSRF-Token": csrf,
        }

    async def post(self, path: str, body: Any) -> tuple[int, Any]:
        """Send JSON; gives the status and the JSON of the answer."""
        async with self._http.post(self._site.with_path(path), json=body, headers=self._headers) as answer:
            return answer.status, await answer.json()

    async def get(self, path: str) -> tuple[int, str]:
        """Ask for a page or a file; gives the status and the text of the answer."""
        async with self._http.get(self._site.with_path(path)) as answer:
            return answer.status, await answer.text()


@asynccontextmanager
async def scripted(daemon: Daemon) -> AsyncIterator[Script]:
    """Be let in."""
    address = await daemon.pages.invite("/about")
    async with ClientSession(cookie_jar=CookieJar(unsafe=True)) as http, http.get(address) as answer:
        found = re.search(r'<meta name="csrf" content="([^"]+)"', await answer.text())
        assert found
        yield Script(http, answer.url.origin(), found[1])
