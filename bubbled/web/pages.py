"""All pages of the daemon."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bubbled.web.about import About
from bubbled.web.diagnosis import Diagnosis
from bubbled.web.dialling import Dialling
from bubbled.web.history import History
from bubbled.web.live import Live
from bubbled.web.person import PersonPage
from bubbled.web.settings.button import Buttons
from bubbled.web.settings.directory import Directories
from bubbled.web.settings.exchange import Exchange
from bubbled.web.settings.file import File
from bubbled.web.settings.general import General
from bubbled.web.settings.layout import Layout
from bubbled.web.settings.phone import Phones
from bubbled.web.settings.setup import SetUp

if TYPE_CHECKING:
    from collections.abc import Callable

    from aiohttp import web

    from bubbled.web.settings.setup_port import SetupPort
    from bubbled.web.site import Site


def pages(site: Site, setup: Callable[[], SetupPort] | None = None) -> list[web.RouteDef]:
    """Say which page answers what; `setup` gives who carries a set-up out, if anybody does."""
    rooms = (
        Live(site),
        History(site),
        PersonPage(site),
        Dialling(site),
        Diagnosis(site),
        About(site),
        General(site),
        Directories(site),
        Phones(site),
        Layout(site),
        Exchange(site),
        Buttons(site),
        File(site),
    )
    more = () if setup is None else SetUp(site, setup).table()
    return [*(route for room in rooms for route in room.table()), *more]
