"""What a form or a script of our pages sent: it may have sent anything, a handler gets what it expects.

Each function here raises `RefusedError`.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from bubbled.web.refusal import RefusedError

if TYPE_CHECKING:
    from aiohttp import web
    from multidict import MultiDictProxy

_MALFORMED: Final = (ValueError, LookupError, EOFError)
"""What aiohttp raises for bytes that are not what their headers say, or in an encoding that nobody knows."""


async def posted(request: web.Request) -> MultiDictProxy[Any]:
    """All fields of a form."""
    try:
        return await request.post()
    except _MALFORMED as error:
        raise RefusedError(400, "wrong") from error


async def field(request: web.Request, name: str, *, most: int = 200, default: str | None = None) -> str:
    """A text of a form, of at most so many characters; without a default it must be there."""
    value = (await posted(request)).get(name, default)
    if not isinstance(value, str) or len(value) > most:
        raise RefusedError(400, "wrong", name)
    return value


async def all_fields(request: web.Request) -> dict[str, list[str]]:
    """All texts of a form, by name."""
    sent = await posted(request)
    return {name: [each for each in sent.getall(name) if isinstance(each, str)] for name in sent}


async def body(request: web.Request) -> dict[str, Any]:
    """The JSON object that a script sent."""
    try:
        found = json.loads(await request.text())
    except (*_MALFORMED, RecursionError) as error:
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
