"""The settings file as text: for what the forms cannot do, and to repair a file that cannot be used."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aiohttp import web

from bubbled.control.settings import NewText, checked_json
from bubbled.web import form
from bubbled.web.settings.saving import saved
from bubbled.web.site import see

if TYPE_CHECKING:
    from bubbled.web.site import Site


class File:
    """`/settings/file`."""

    def __init__(self, site: Site) -> None:
        self._site = site

    def table(self) -> list[web.RouteDef]:
        """Say which handler answers what."""
        return [
            web.get("/settings/file", self.page),
            web.post("/settings/file/check", self.check),
            web.post("/settings/file", self.save),
            web.post("/settings/undo", self.undo),
        ]

    async def page(self, request: web.Request) -> web.Response:
        """The page."""
        state = await self._site.port.settings()
        return await self._site.page(request, "settings-file.html", state=state)

    async def check(self, request: web.Request) -> web.Response:
        """`POST /settings/file/check` with `{"digest", "text"}`: what is wrong with it."""
        checked = await self._site.port.check_settings(_new_text(await form.body(request)))
        return web.json_response(checked_json(checked))

    async def save(self, request: web.Request) -> web.Response:
        """`POST /settings/file` with the same: saves it, or tells what is wrong with it."""
        return await saved(self._site, _new_text(await form.body(request)))

    async def undo(self, request: web.Request) -> web.Response:
        """`POST /settings/undo` with `digest`, and `to`: takes the last change back."""
        await self._site.port.undo_settings(await form.field(request, "digest"))
        return see(await _page(request))


async def _page(request: web.Request) -> str:
    """Which page of the settings to go back to; no other address."""
    to = await form.field(request, "to", default="/settings")
    return to if to.startswith("/settings") else "/settings"


def _new_text(body: dict[str, Any]) -> NewText:
    digest = body.get("digest")
    return NewText(digest if isinstance(digest, str) else None, str(body.get("text", "")))
