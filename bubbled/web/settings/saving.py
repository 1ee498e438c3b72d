"""Answers to a page that wants settings changed: it is saved, it has mistakes, or the user is asked first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aiohttp import web

from bubbled.control.settings import refused_json
from bubbled.settings.mistake import InvalidSettings

if TYPE_CHECKING:
    from bubbled.control.settings import SettingsChange
    from bubbled.web.settings.program import UnwantedError
    from bubbled.web.site import Site


async def saved(site: Site, change: SettingsChange) -> web.Response:
    """Save a change, and answer with what the page needs for the next; or with the mistakes."""
    try:
        state = await site.port.save_settings(change)
    except InvalidSettings as error:
        return web.json_response(refused_json(error), status=422)
    return web.json_response({"digest": state.digest, "undo": state.undo, "warnings": list(state.warnings)})


def unwanted(error: UnwantedError) -> web.Response:
    """Answer that nothing is saved before the user has agreed to these programs: the page asks him."""
    return web.json_response({"programs": list(error.programs)})
