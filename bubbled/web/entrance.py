"""Where a browser comes in, by the address that `bubbled open` or the icon gave it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from aiohttp import web
    from aiohttp.typedefs import Handler

    from bubbled.web.access.gate import Gate

_PAGE: Final = re.compile(r"/(?:[A-Za-z0-9._~-][A-Za-z0-9._~/-]*)?(?:\?[A-Za-z0-9._~=&%+:,-]*)?", re.ASCII)
"""A page of ours: no address of another computer begins like this, which `//host` would."""


def entrance(gate: Gate) -> Handler:
    """Answer `GET /enter?token=...&to=/history`."""

    async def enter(request: web.Request) -> web.StreamResponse:
        to = request.query.get("to", "/")
        return gate.enter(request, request.query.get("token", ""), to if _PAGE.fullmatch(to) else "/")

    return enter
