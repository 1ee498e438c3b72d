"""What this bubbled is, and what it is built on."""

from __future__ import annotations

import asyncio
import re
from functools import cache
from importlib import metadata
from typing import TYPE_CHECKING, Final, NamedTuple

from aiohttp import web

if TYPE_CHECKING:
    from bubbled.web.site import Site


_NAME: Final = re.compile(r"^[A-Za-z0-9._-]+", re.ASCII)
"""With which a requirement begins (PEP 508)."""


class Library(NamedTuple):
    """Something that bubbled is built on."""

    name: str
    version: str
    licence: str


class About:
    """`/about`."""

    def __init__(self, site: Site) -> None:
        self._site = site

    def table(self) -> list[web.RouteDef]:
        """Say which handler answers what."""
        return [web.get("/about", self.page)]

    async def page(self, request: web.Request) -> web.Response:
        """The page."""
        return await self._site.page(
            request,
            "about.html",
            status=await self._site.port.status(),
            libraries=await asyncio.to_thread(_libraries),
        )


@cache
def _libraries() -> tuple[Library, ...]:
    """What the installed bubbled says that it needs, as far as it is installed."""
    try:
        required = metadata.requires("bubbled") or []
    except metadata.PackageNotFoundError:  # it runs from its sources
        return ()
    names = sorted({_NAME.findall(each)[0] for each in required if "extra ==" not in each}, key=str.lower)
    return tuple(library for name in names if (library := _library(name)) is not None)


def _library(name: str) -> Library | None:
    try:
        about = dict(metadata.metadata(name).items())  # type: ignore[attr-defined]  # a message, as in email
    except metadata.PackageNotFoundError:
        return None
    licence = about.get("License-Expression") or about.get("License") or ""
    return Library(about["Name"], about["Version"], licence.splitlines()[0][:60] if licence else "")
