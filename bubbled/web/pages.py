"""All pages of the daemon."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bubbled.web.about import About
from bubbled.web.diagnosis import Diagnosis
from bubbled.web.live import Live

if TYPE_CHECKING:
    from aiohttp import web

    from bubbled.web.site import Site


def pages(site: Site) -> list[web.RouteDef]:
    """Say which page answers what."""
    rooms = (Live(site), Diagnosis(site), About(site))
    return [route for room in rooms for route in room.table()]
