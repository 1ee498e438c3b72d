"""What a form or a script of our pages sent: it may have sent anything, a handler gets what it expects.

Each function here raises `RefusedError`.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from bubbled.web.refusal import RefusedError

if TYPE_CHECKING:
    from aiohttp import web


async def field(request: web.Request, name: str, *, most: int = 200, default: str | None = None) -> str:
    """A text of a form, of at most so many characters; without a default it must be there."""
    value = (await request.post()).get(name, default)
    if not isinstance(value, str) or len(value) > most:
        raise RefusedError(400, "wrong", name)
    return value


async def body(request: web.Request) -> dict[str, Any]:
    """The JSON object that a script sent."""
    try:
        found = json.loads(await request.text())
    except (ValueError, RecursionError) as error:
        raise RefusedError(400, "wrong", "JSON") from error
    if not isinstance(found, dict):
        raise RefusedError(400, "wrong", "JSON")
    return found


def query(request: web.Request, name: str, *, most: int = 200) -> str:
    """A text of the address; empty where it is not there."""
    value = request.query.get(name, "")
    if len(value) > most:
        raise RefusedError(400, "wrong", name)
    return value
