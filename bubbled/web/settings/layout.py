"""The layout editor: what popups say, seen while it is written."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from aiohttp import web

from bubbled.control.settings import NewValues, mistakes_json
from bubbled.popup.layout import Layout as UsualLayout
from bubbled.web import form
from bubbled.web.phrase import said
from bubbled.web.refusal import RefusedError
from bubbled.web.settings.candidate import candidate, candidate_of, digest_of, occasions, section
from bubbled.web.settings.saving import saved
from bubbled.web.site import spoken

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bubbled.control.settings import SettingsState
    from bubbled.settings.position import KeyPath
    from bubbled.web.site import Site

_PLACES: Final[Mapping[str, KeyPath]] = {
    **{key: ("popup", "layout", key) for key in ("headline", "lines", "footnote", "picture")},
    **{key: ("popup", key) for key in ("vip", "hide_after_s", "keep_after_s")},
}
"""Where in the settings stands what the editor changes."""


class Layout:
    """`/settings/layout`."""

    def __init__(self, site: Site) -> None:
        self._site = site

    def table(self) -> list[web.RouteDef]:
        """Say which handler answers what."""
        return [
            web.get("/settings/layout", self.page),
            web.post("/settings/layout", self.save),
            web.post("/settings/layout/preview", self.preview),
            web.post("/settings/layout/example", self.example),
            web.post("/settings/layout/press", self.press),
        ]

    async def page(self, request: web.Request) -> web.Response:
        """The page."""
        port = self._site.port
        state = await port.settings()
        return await self._site.page(
            request,
            "layout.html",
            state=state,
            start=_start(state),
            **await occasions(port),
        )

    async def save(self, request: web.Request) -> web.Response:
        """`POST /settings/layout` with `{"digest", "wished"}`; a key that is not there: bubbled's own."""
        body = await form.body(request)
        wished = body.get("wished")
        if not isinstance(wished, dict) or not wished.keys() <= _PLACES.keys():
            raise RefusedError(400, "wrong", "wished")
        values = {_PLACES[key]: value for key, value in wished.items()}
        absent = tuple(place for key, place in _PLACES.items() if key not in wished)
        return await saved(self._site, NewValues(digest_of(body), values, absent))

    async def preview(self, request: web.Request) -> web.Response:
        """`POST /settings/layout/preview` with a candidate: its popup as HTML, and what is wrong with it."""
        seen = await self._site.port.preview(await candidate(request))
        html = await self._site.part(request, "layout-preview.html", card=seen.card) if seen.card else ""
        return web.json_response(
            {
                "html": html,
                "picture": seen.picture,
                "is_picture_lacking": seen.is_picture_lacking,
                "buttons": list(seen.buttons),
                "legend": _said(seen.legend, request),
                "mistakes": mistakes_json(seen.mistakes),
                "warnings": [said(warning, spoken(request)) for warning in seen.warnings],
            }
        )

    async def example(self, request: web.Request) -> web.Response:
        """`POST /settings/layout/example` with a candidate: shows it on the screen."""
        shown = await self._site.port.show_example(await candidate(request))
        return web.json_response({"screen": shown["screen"]})

    async def press(self, request: web.Request) -> web.Response:
        """`POST /settings/layout/press` with a candidate and `button`: does once what that button is for."""
        body = await form.body(request)
        button = body.get("button")
        if type(button) is not int:
            raise RefusedError(400, "wrong", "button")
        return web.json_response({"outcome": await self._site.port.try_button(candidate_of(body), button)})


def _start(state: SettingsState) -> dict[str, Any]:
    """What the editor begins with: the user's own and bubbled's own."""
    popup = section(state, "popup") or {}
    usual = UsualLayout(region="")
    return {
        "digest": state.digest,
        "own": {**popup.get("layout", {}), **{key: popup[key] for key in _PLACES if key in popup}},
        "usual": {"headline": usual.headline, "lines": usual.lines, "footnote": usual.footnote},
    }


def _said(legend: dict[str, Any], request: web.Request) -> dict[str, Any]:
    """The legend with its meanings in the language of the page."""
    language = spoken(request)
    return {
        group: [{**entry, "meaning": said(entry["meaning"], language)} for entry in legend[group]]
        for group in ("variables", "columns", "filters")
    }
