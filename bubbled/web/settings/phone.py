"""The user's phones, and which of them rings first when he calls somebody."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aiohttp import web

from bubbled.web import form
from bubbled.web.site import see

if TYPE_CHECKING:
    from bubbled.web.site import Site


class Phones:
    """`/settings/phones`."""

    def __init__(self, site: Site) -> None:
        self._site = site

    def table(self) -> list[web.RouteDef]:
        """Say which handler answers what."""
        return [web.get("/settings/phones", self.page), web.post("/settings/phones", self.prefer)]

    async def page(self, request: web.Request) -> web.Response:
        """The page."""
        return await self._site.page(request, "phones.html", phones=await self._site.port.devices())

    async def prefer(self, request: web.Request) -> web.Response:
        """`POST /settings/phones` with `device`: the one that rings from now on."""
        await self._site.port.prefer_device(await form.field(request, "device"))
        return see("/settings/phones")
