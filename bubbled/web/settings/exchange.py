"""Layouts that go from user to user: out of the settings as a file, and from a file into them."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from aiohttp import hdrs, web

from bubbled.control.settings import NewValues
from bubbled.error import ConfigError
from bubbled.settings.layout_file import SECTIONS, changes, check, exported
from bubbled.settings.loading import LARGEST_BYTES, parsed
from bubbled.web import form
from bubbled.web.refusal import RefusedError
from bubbled.web.settings.candidate import digest_of
from bubbled.web.settings.program import UnwantedError, must_be_wanted, programs
from bubbled.web.settings.saving import saved, unwanted

if TYPE_CHECKING:
    from bubbled.settings.position import KeyPath
    from bubbled.web.site import Site

_NAME: Final = "layout.toml"


class Exchange:
    """`/settings/layout/export` and `/settings/layout/import`."""

    def __init__(self, site: Site) -> None:
        self._site = site

    def table(self) -> list[web.RouteDef]:
        """Say which handler answers what."""
        return [
            web.get("/settings/layout/export", self.export),
            web.post("/settings/layout/import/check", self.check),
            web.post("/settings/layout/import", self.take_over),
        ]

    async def export(self, _request: web.Request) -> web.Response:
        """`GET /settings/layout/export`: the layout that is in the settings, as a file."""
        document = await self._document()
        layout: dict[str, Any] = {key: document[key] for key in SECTIONS if key in document}
        if _has_marks(layout):
            raise ConfigError(
                "An address in this layout holds a password, which pages are not told; "
                "`bubbled layout export` writes it all the same."
            )
        disposition = f'attachment; filename="{_NAME}"'
        return web.Response(
            text=exported(layout),
            content_type="application/toml",
            headers={hdrs.CONTENT_DISPOSITION: disposition},
        )

    async def check(self, request: web.Request) -> web.Response:
        """`POST /settings/layout/import/check` with `{"text"}`: what it would change, and run."""
        wished = await asyncio.to_thread(_layout_in, await form.body(request))
        told = list(changes(await self._document(), wished))
        return web.json_response({"changes": told, "programs": programs(wished.get("button"))})

    async def take_over(self, request: web.Request) -> web.Response:
        """`POST /settings/layout/import` with `{"digest", "text", "programs"}`: puts it into the settings."""
        body = await form.body(request)
        wished = await asyncio.to_thread(_layout_in, body)
        try:
            must_be_wanted(programs(wished.get("button")), body.get("programs"))
        except UnwantedError as error:
            return unwanted(error)
        values: dict[KeyPath, Any] = {(key,): wished[key] for key in SECTIONS if key in wished}
        absent = tuple((key,) for key in SECTIONS if key not in wished)
        return await saved(self._site, NewValues(digest_of(body), values, absent))

    async def _document(self) -> dict[str, Any]:
        state = await self._site.port.settings()
        if state.mistakes:
            raise ConfigError("The settings cannot be used as they are; repair them first.")
        return state.document


def _layout_in(body: dict[str, Any]) -> dict[str, Any]:
    """The layout in a file that the user chose.

    Raises:
        InvalidSettings: it is none; it lists every mistake with its line.
    """
    text = body.get("text")
    if not isinstance(text, str) or len(text) > LARGEST_BYTES:
        raise RefusedError(400, "wrong", "text")
    path = Path(_NAME)
    document = parsed(path, text)
    check(path, document, text.removeprefix("\ufeff"))
    return document


def _has_marks(value: Any) -> bool:
    match value:
        case {"set": True}:
            return True
        case dict():
            return any(map(_has_marks, value.values()))
        case list():
            return any(map(_has_marks, value))
        case _:
            return False
