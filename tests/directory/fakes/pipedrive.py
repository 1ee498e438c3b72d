"""A fake of Pipedrive's API, built from its documented wire format.

- developers.pipedrive.com/docs/api/v1/Persons (v2 search): path, `term` of two characters at least, `fields`,
  items with a score, a cursor (V).
- pipedrive.readme.io/docs/core-api-concepts-responses and -rate-limiting: `success`, `error`, `error_info`,
  headers of the limit (V).
- devcommunity.pipedrive.com/t/19734: that activities of v2 take `participants` and refuse `person_id` (V).
- That stored text is compared as it is; the texts of errors (K).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from aiohttp import web

from tests.directory.fakes.base import Fake, Person, RefusedError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

SHORTEST = 2
MOST_RESULTS = 100

_FIELDS = frozenset({"custom_fields", "email", "notes", "phone", "name"})
_LIMITS = {
    "x-ratelimit-limit": "10",
    "x-ratelimit-remaining": "0",
    "x-ratelimit-reset": "2",
    "x-daily-requests-left": "29000",
}


@dataclass
class Pipedrive(Fake):
    """A company's Pipedrive with the API token of one user."""

    title: ClassVar[str] = "Pipedrive"
    token: str = "659c9fddb16335e48cc67114694b52074e812e03"

    @property
    def credentials(self) -> Mapping[str, str]:
        return {"token": self.token}

    def routes(self) -> Iterable[web.RouteDef]:
        return (
            web.get("/api/v2/persons/search", self._search),
            web.get("/api/v2/activities", self._activities),
            web.post("/api/v2/activities", self._log_v2),
            web.post("/api/v1/activities", self._log_v1),
        )

    def admit(self, request: web.Request) -> None:
        if request.headers.get("x-api-token", request.query.get("api_token")) != self.token:
            raise self.expired()

    def expired(self) -> RefusedError:
        return _refused(401, "unauthorized access")

    def limited(self) -> RefusedError:
        return RefusedError(429, {"success": False, "error": "request over limit", "code": 429}, _LIMITS)

    def broken(self) -> RefusedError:
        return _refused(500, "Internal server error")

    async def _search(self, request: web.Request) -> web.Response:
        query = request.query
        term, limit = query.get("term", ""), int(query.get("limit", MOST_RESULTS))
        is_exact = query.get("exact_match") in ("true", "1")
        if (len(term) < SHORTEST and not is_exact) or not term:
            raise _refused(400, "Search term must be at least 2 characters long")
        names = set(query["fields"].split(",")) if "fields" in query else _FIELDS
        if not names <= _FIELDS or not 0 < limit <= MOST_RESULTS:
            raise _refused(400, "Scope validation failed")
        start = int(query.get("cursor") or 0)
        found = [person for person in self.people if _has(person, term.lower(), names, is_exact=is_exact)]
        items = [{"result_score": 0.9, "item": _item(person)} for person in found[start : start + limit]]
        cursor = str(start + limit) if start + limit < len(found) else None
        return web.json_response(
            {"success": True, "data": {"items": items}, "additional_data": {"next_cursor": cursor}}
        )

    async def _activities(self, request: web.Request) -> web.Response:
        """By person: what a client needs to find a logged call again."""
        person = request.query.get("person_id")
        found = [call for call in self.logged if person is None or str(call.get("person_id")) == person]
        return web.json_response({"success": True, "data": found, "additional_data": {"next_cursor": None}})

    async def _log_v2(self, request: web.Request) -> web.Response:
        activity = await request.json()
        if "person_id" in activity:
            raise _refused(
                400, "'person_id' is a read-only field. Add a primary participant to set 'person_id' instead."
            )
        primary = [who["person_id"] for who in activity.get("participants", []) if who.get("primary")]
        return self._log({**activity, "person_id": primary[0] if primary else None})

    async def _log_v1(self, request: web.Request) -> web.Response:
        return self._log(await request.json())

    def _log(self, activity: Mapping[str, Any]) -> web.Response:
        if not re.fullmatch(r"\d{4}-\d\d-\d\d", str(activity.get("due_date", "2026-11-01"))):
            raise _refused(400, "Invalid due_date")
        record = {**activity, "id": int(self.next_id())}
        self.keep(record)
        return web.json_response({"success": True, "data": record}, status=201)


def _item(person: Person) -> dict[str, Any]:
    organization = {"id": 2, "name": person.company, "address": None} if person.company else None
    return {
        "id": int(person.id),
        "type": "person",
        "name": person.name,
        "phones": list(person.numbers),
        "emails": [person.email] if person.email else [],
        "primary_email": person.email or None,
        "visible_to": 3,
        "owner": {"id": 1},
        "organization": organization,
        "custom_fields": [],
        "notes": [],
        "update_time": person.last_contact,
    }


def _has(person: Person, term: str, names: Iterable[str], *, is_exact: bool) -> bool:
    texts = {"phone": person.numbers, "email": (person.email,), "name": (person.name,)}
    searched = [text.lower() for name in names for text in texts.get(name, ())]
    return any(term == text if is_exact else term in text for text in searched)


def _refused(status: int, error: str) -> RefusedError:
    body = {
        "success": False,
        "error": error,
        "error_info": "Please check developers.pipedrive.com for more information about Pipedrive API.",
        "data": None,
        "additional_data": None,
    }
    return RefusedError(status, body)
