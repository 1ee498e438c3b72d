"""A fake of EspoCRM's API, built from its documentation and source.

- docs.espocrm.com/development/api and api-search-params: paths, X-Api-Key, `searchParams` as JSON, `total`
  and `list`, 200 also for a new record (V).
- application/Espo/Core/Api/ErrorOutput.php: errors without a body, the reason in X-Status-Reason (V).
- application/Espo/Resources/metadata/app/fieldProcessing.json: a list shows only a contact's primary number,
  all of them (`phoneNumberData`) come only when a single one is read; a search looks at all of them (V).
- `phoneNumberNumeric` holds digits only (V); limits, which there are none of, stand for a proxy's (K).
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from aiohttp import web

from tests.directory.fakes.base import Fake, Person, RefusedError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    Record = dict[str, Any]

MOST_RESULTS = 200

_ENTITIES = ("Contact", "Lead", "Account", "Call")
_TEXT: dict[str, Callable[[str, str], bool]] = {
    "equals": lambda stored, value: stored == value,
    "contains": lambda stored, value: value in stored,
    "startsWith": str.startswith,
    "endsWith": str.endswith,
}


@dataclass
class EspoCrm(Fake):
    """An EspoCRM with an API user who has a key."""

    title: ClassVar[str] = "EspoCRM"
    token: str = "8aef3b5c1a2f4d6e"

    @property
    def credentials(self) -> Mapping[str, str]:
        return {"token": self.token}

    def routes(self) -> Iterable[web.RouteDef]:
        return (
            web.get("/api/v1/{entity}", self._list),
            web.get("/api/v1/{entity}/{id}", self._read),
            web.post("/api/v1/Call", self._log),
        )

    def admit(self, request: web.Request) -> None:
        if request.headers.get("X-Api-Key") != self.token:
            raise self.expired()

    def expired(self) -> RefusedError:
        return _refused(401, "Unauthorized")

    def limited(self) -> RefusedError:
        return RefusedError(429, "<html><title>429 Too Many Requests</title></html>", {"Retry-After": "5"})

    def broken(self) -> RefusedError:
        return _refused(500, "Internal Server Error")

    async def _list(self, request: web.Request) -> web.Response:
        parameters = _parameters(request.query)
        size, offset = parameters.get("maxSize", 20), parameters.get("offset", 0)
        if size > MOST_RESULTS:
            raise _refused(403, f"Max size should should not exceed {MOST_RESULTS}. Use offset and limit.")
        where = parameters.get("where", [])
        found = [record for record in self._records(request) if all(_fits(record, item) for item in where)]
        select = parameters.get("select")
        shown = [_listed(record, select) for record in found[offset : offset + size]]
        return web.json_response({"total": len(found), "list": shown})

    async def _read(self, request: web.Request) -> web.Response:
        for record in self._records(request):
            if record["id"] == request.match_info["id"]:
                return web.json_response(record)
        raise _refused(404, "Record does not exist.")

    def _records(self, request: web.Request) -> list[Record]:
        entity = request.match_info["entity"]
        if entity not in _ENTITIES:
            raise _refused(404, "")
        if entity == "Call":
            return self.logged
        return [_record(person) for person in self.people if _entity(person) == entity]

    async def _log(self, request: web.Request) -> web.Response:
        call = await request.json()
        for name in ("name", "dateStart", "dateEnd"):
            if not call.get(name):
                reason = f"Field validation failure; entityType: Call, field: {name}, type: required."
                raise _refused(400, reason)
        if call.get("direction", "Outbound") not in ("Inbound", "Outbound"):
            raise _refused(400, "Field validation failure; entityType: Call, field: direction, type: valid.")
        record = {**call, "id": self.next_id().zfill(17), "deleted": False}
        self.keep(record)
        return web.json_response(record)


def _entity(person: Person) -> str:
    return "Account" if person.is_company else "Lead" if person.is_lead else "Contact"


def _record(person: Person) -> Record:
    numbers = person.numbers
    return {
        "id": person.id,
        "name": person.name,
        "firstName": person.first or None,
        "lastName": person.last,
        "accountName": person.company or None,
        "emailAddress": person.email or None,
        "billingAddressCity" if person.is_company else "addressCity": person.city or None,
        "phoneNumber": numbers[0] if numbers else None,
        "phoneNumberData": [
            {
                "phoneNumber": number,
                "primary": index == 0,
                "type": "Mobile" if number == person.mobile else "Office",
            }
            for index, number in enumerate(numbers)
        ],
        "modifiedAt": person.last_contact.replace("T", " ").removesuffix("Z"),
    }


def _parameters(query: Mapping[str, str]) -> Record:
    try:
        parameters: Record = json.loads(query.get("searchParams", "{}"))
    except ValueError as error:
        raise _refused(400, "Invalid JSON in searchParams.") from error
    return parameters


def _fits(record: Record, item: Mapping[str, Any]) -> bool:
    match item.get("type"):
        case "or":
            return any(_fits(record, inner) for inner in item["value"])
        case "and":
            return all(_fits(record, inner) for inner in item["value"])
        case str(kind) if kind in _TEXT:
            stored = _texts(record, item["attribute"])
            return any(_TEXT[kind](text.lower(), str(item["value"]).lower()) for text in stored)
        case kind:
            raise _refused(400, f"Bad where item. Type: {kind}.")


def _texts(record: Record, name: str) -> tuple[str, ...]:
    """What is searched under a name: for numbers, all that somebody has."""
    typed = tuple(data["phoneNumber"] for data in record.get("phoneNumberData", ()))
    match name:
        case "phoneNumber":
            return typed
        case "phoneNumberNumeric":
            return tuple(re.sub(r"\D", "", number) for number in typed)
    return (str(record.get(name) or ""),)


def _listed(record: Record, select: Iterable[str] | None) -> Record:
    names = [*record] if select is None else ["id", *select]
    return {name: record.get(name) for name in names if name != "phoneNumberData"}


def _refused(status: int, reason: str) -> RefusedError:
    return RefusedError(status, None, {"X-Status-Reason": reason})
