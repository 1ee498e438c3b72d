"""What an editor sends to have it tried, on what it can be tried, and the settings that it begins with."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from bubbled.control.layout import candidate_from_json
from bubbled.popup.example import SCENES
from bubbled.web import form
from bubbled.web.refusal import RefusedError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aiohttp import web

    from bubbled.control.layout import Candidate
    from bubbled.control.port import ControlPort
    from bubbled.control.settings import SettingsState

_HIDDEN: Final = "https://password.invalid/"
"""In the place of an address with a password, which pages are not told; for a look it makes no difference."""

_MOST_CALLS: Final = 20

_CONDITIONS: Final = frozenset({"when", "vip"})
"""Keys under which no address would be understood."""


async def candidate(request: web.Request) -> Candidate:
    """What is to be tried, and on which call."""
    return candidate_of(await form.body(request))


def candidate_of(body: dict[str, Any]) -> Candidate:
    """The same of a body that was read already."""
    try:
        return candidate_from_json({key: _without_marks(value) for key, value in body.items()})
    except ValueError as error:
        raise RefusedError(400, "wrong", str(error)) from None
    except RecursionError:
        raise RefusedError(400, "wrong", "JSON") from None


def digest_of(body: dict[str, Any]) -> str:
    """Of the settings that the page was made of."""
    digest = body.get("digest")
    if not isinstance(digest, str):
        raise RefusedError(400, "wrong", "digest")
    return digest


async def occasions(port: ControlPort) -> Mapping[str, Any]:
    """On what an editor can try something: invented scenes, and the latest real calls, the newest first."""
    return {"scenes": list(SCENES), "calls": list(reversed(await port.calls(_MOST_CALLS)))}


def section(state: SettingsState, key: str) -> Any:
    """A section of the settings, which an editor can begin with; None where it is not there, or is no use."""
    return None if state.mistakes else state.document.get(key)


def _without_marks(value: Any) -> Any:
    match value:
        case {"set": True}:
            return _HIDDEN
        case dict():
            return {
                key: _without_marks(each)
                for key, each in value.items()
                if not (key in _CONDITIONS and isinstance(each, dict))
            }
        case list():
            return [_without_marks(each) for each in value]
        case _:
            return value
