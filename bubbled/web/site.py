"""What every page is made with: the daemon behind it, the templates, and the request it answers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aiohttp import hdrs, web

from bubbled import __version__
from bubbled.web.access.gate import SESSION
from bubbled.web.language import language

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from bubbled.control.port import ControlPort
    from bubbled.web.language import Language
    from bubbled.web.rendering import Renderer


class Site:
    """Serves pages for a daemon.

    Attributes:
        port: the daemon; what it refuses (`BubbledError`) becomes a page, or an answer, that says so.
        now: tells the present moment, aware.
    """

    def __init__(self, port: ControlPort, renderer: Renderer, now: Callable[[], datetime]) -> None:
        self.port = port
        self.now = now
        self._renderer = renderer

    async def page(
        self, request: web.Request, template: str, *, code: int = 200, **values: Any
    ) -> web.Response:
        """Answer with a page from a template, which gets `values` and what `_common` gives."""
        text = await self.part(request, template, code=code, **values)
        return web.Response(text=text, status=code, content_type="text/html")

    async def part(self, request: web.Request, template: str, **values: Any) -> str:
        """Make a part of a page, for a page that is open already."""
        return await self._renderer.page(template, spoken(request), {**_common(request), **values})


def spoken(request: web.Request) -> Language:
    """The language in which to answer."""
    return language(request.headers.get(hdrs.ACCEPT_LANGUAGE, ""))


def see(path: str) -> web.Response:
    """Answer to a form that was understood: look at that page now, where a reload sends nothing once more."""
    return web.Response(status=303, headers={hdrs.LOCATION: path})


def _common(request: web.Request) -> Mapping[str, Any]:
    session = request.get(SESSION)
    return {
        "csrf": "" if session is None else session.csrf,
        "path": request.path,
        "places": request.app.router.named_resources(),
        "version": __version__,
    }
