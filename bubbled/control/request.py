"""What a request to the control API asks for: a client may send anything, a handler gets what it expects.

Each function here raises `RefusedError` with one line for the user.
"""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from bubbled.control.calls import day, limit
from bubbled.control.choice import MOST_MATCHES
from bubbled.control.dialling import LONGEST_TEXT, From, Wish
from bubbled.control.layout import candidate_from_json
from bubbled.control.moment_story import moment
from bubbled.control.search import search_from_query
from bubbled.model import CallId
from bubbled.note import LONGEST_TEXT as LONGEST_NOTE
from bubbled.note import plain

if TYPE_CHECKING:
    from aiohttp import web

    from bubbled.control.layout import Candidate
    from bubbled.control.search import Search

BODY_LIMIT_BYTES: Final = 32_768
"""Room for a text to dial, each character escaped."""

_TEXT_LIMIT: Final = 200

_MUTE_LIMIT: Final = timedelta(days=367)
"""A day more than the commands allow, since they read another clock."""


class RefusedError(Exception):
    """The request cannot be met; carries an HTTP status and one line for the user."""

    def __init__(self, status: int, text: str) -> None:
        super().__init__(text)
        self.status = status


def calls_wanted(request: web.Request) -> tuple[int | None, date | None]:
    """How many calls at most, and of which day; None where it does not say."""
    try:
        return limit(request.query), day(request.query)
    except ValueError as error:
        raise RefusedError(400, str(error)) from None


def search(request: web.Request) -> Search:
    """Which calls are wanted of the history."""
    try:
        return search_from_query(request.query)
    except ValueError as error:
        raise RefusedError(400, str(error)) from None


def call_id(request: web.Request) -> CallId:
    """The id of the call in the path."""
    call_id = request.match_info["id"]
    if len(call_id) > _TEXT_LIMIT:
        raise RefusedError(
            400, "That is too long to be the id of a call; `bubbled calls --json` tells the ids."
        )
    return CallId(call_id)


def at(request: web.Request, now: datetime) -> datetime:
    """The moment in the query, which has been; one without a zone is in the computer's."""
    try:
        return moment(request.query, now)
    except ValueError as error:
        raise RefusedError(400, str(error)) from None


def number(request: web.Request) -> str:
    """The number in the query, as a person writes it."""
    number = request.query.get("number", "").strip()
    if not number or len(number) > _TEXT_LIMIT:
        raise RefusedError(400, f"A number of at most {_TEXT_LIMIT} characters is needed.")
    return number


def match(body: dict[str, Any]) -> int:
    """Which of the matches, counted from 1."""
    match = body.get("match")
    if not isinstance(match, int) or isinstance(match, bool) or not 1 <= match <= MOST_MATCHES:
        raise RefusedError(400, "match must be a number of the list; `bubbled choose` gives it.")
    return match


def press(body: dict[str, Any]) -> tuple[str, str]:
    """The id of the button, and the text that was typed for it."""
    button, text = body.get("button"), body.get("text", "")
    if not isinstance(button, str) or not 0 < len(button) <= _TEXT_LIMIT:
        raise RefusedError(400, "button must be the id of one; `bubbled press --json` tells the ids.")
    if not isinstance(text, str) or len(text) > LONGEST_NOTE:
        raise RefusedError(400, f"text must be at most {LONGEST_NOTE} characters.")
    return button, text


def note(body: dict[str, Any]) -> str:
    """The note, in plain lines."""
    text = body.get("text")
    if not isinstance(text, str) or not plain(text) or len(text) > LONGEST_NOTE:
        raise RefusedError(400, f"A note must be a text of at most {LONGEST_NOTE} characters.")
    return plain(text)


async def body(request: web.Request) -> dict[str, Any]:
    """The JSON object that it holds; an empty one where it holds nothing."""
    try:
        body = json.loads(await request.read() or b"{}")
    except (ValueError, RecursionError) as error:
        raise RefusedError(400, "The request does not hold valid JSON.") from error
    if not isinstance(body, dict):
        raise RefusedError(400, "The request must hold a JSON object.")
    return body


def wish(body: dict[str, Any]) -> Wish:
    """Whom to call and how; see `Wish`."""
    texts = {key: body.get(key) or "" for key in ("text", "device", "chosen")}
    if not all(isinstance(text, str) and len(text) <= LONGEST_TEXT for text in texts.values()):
        raise RefusedError(
            400, f"text, device and chosen must be texts of at most {LONGEST_TEXT} characters."
        )
    display = body.get("display") or {}
    if not isinstance(display, dict):
        raise RefusedError(400, "display must be an object.")
    if body.get("source") not in list(From):
        raise RefusedError(400, f"source must be one of {', '.join(From)}.")
    return Wish(
        source=From(body["source"]),
        text=texts["text"],
        display=display,
        device=texts["device"] or None,
        is_confirmed=body.get("confirmed") is True,
        chosen=texts["chosen"] or None,
        asks_here=body.get("asks_here") is True,
    )


def until(body: dict[str, Any], now: datetime) -> datetime | None:
    """Until when to mute; None: until unmuted."""
    text = body.get("until")
    if text is None:
        return None
    try:
        until = datetime.fromisoformat(text)
    except (TypeError, ValueError) as error:
        raise RefusedError(400, "until must be a moment as ISO 8601 writes it, or null.") from error
    if until.utcoffset() is None:
        raise RefusedError(400, "until must name its zone, as in 2026-01-01T12:00:00+01:00.")
    if until <= now:
        raise RefusedError(400, "until has already passed; name a moment to come.")
    if until - now > _MUTE_LIMIT:
        raise RefusedError(400, "until is more than a year away; give null to mute until unmuted.")
    return until


def phone(body: dict[str, Any]) -> str:
    """The name of one of the user's phones."""
    name = body.get("device")
    if not isinstance(name, str) or not name.strip() or len(name) > _TEXT_LIMIT:
        raise RefusedError(400, "device must be the name of a phone; `bubbled device` lists them.")
    return name


def candidate(body: dict[str, Any]) -> Candidate:
    """What is to be tried of a layout, and on which call."""
    try:
        return candidate_from_json(body)
    except ValueError as error:
        raise RefusedError(400, str(error)) from None


def button(body: dict[str, Any]) -> int:
    """Which of the buttons, counted from 1."""
    number = body.get("button")
    if not isinstance(number, int) or isinstance(number, bool):
        raise RefusedError(400, "button must be the number of one, from 1 on.")
    return number


def page(body: dict[str, Any]) -> str:
    """Which page is to be opened; the first of all where it does not say."""
    page = body.get("page", "/")
    if not isinstance(page, str) or len(page) > _TEXT_LIMIT or not page.startswith("/"):
        raise RefusedError(400, "page must be the path of a page, as /history.")
    return page
