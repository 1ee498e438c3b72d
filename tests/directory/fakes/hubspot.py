"""A fake of HubSpot's CRM API, built from its documented wire format.

- developers.hubspot.com/docs/api-reference/2026-03/crm/search-the-crm: paths, body, answer, paging and
  limits (V); that phone numbers are compared without country code (V); that new records appear late (V).
- developers.hubspot.com/docs/api-reference/latest/crm/activities/calls/guide: logging a call (V).
- The answer to too many searches (V); how a number without country code is completed, which properties of a
  call may be searched, the texts of other errors (K).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

import phonenumbers
from aiohttp import web

from tests.directory.fakes.base import Fake, Person, RefusedError
from tests.directory.fakes.oauth import bearer

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

MOST_GROUPS = 5
MOST_RESULTS = 200

_DEFAULTS = {
    "contacts": ("firstname", "lastname", "email"),
    "companies": ("name", "domain"),
    "calls": (),
}
_ALWAYS = ("createdate", "lastmodifieddate", "hs_object_id")
_CALL_PROPERTIES = frozenset(
    {
        "hs_timestamp",
        "hs_call_body",
        "hs_call_callee_object_id",
        "hs_call_callee_object_type_id",
        "hs_call_direction",
        "hs_call_disposition",
        "hs_call_duration",
        "hs_call_external_id",
        "hs_call_from_number",
        "hs_call_source",
        "hs_call_status",
        "hs_call_title",
        "hs_call_to_number",
        "hubspot_owner_id",
    }
)


@dataclass
class HubSpot(Fake):
    """HubSpot with a private app's token.

    Attributes:
        region: the country of an account, whose numbers need no country code.
        is_late: calls that were logged are not found yet, as in the first seconds at HubSpot.
    """

    title: ClassVar[str] = "HubSpot"
    token: str = "pat-eu1-1234"
    region: str = "NL"
    is_late: bool = False

    @property
    def credentials(self) -> Mapping[str, str]:
        return {"token": self.token}

    def routes(self) -> Iterable[web.RouteDef]:
        for root in ("/crm/objects/2026-03", "/crm/v3/objects"):
            yield web.post(f"{root}/{{kind}}/search", self._search)
            yield web.post(f"{root}/calls", self._log)

    def admit(self, request: web.Request) -> None:
        if bearer(request) != self.token:
            raise self.expired()

    def expired(self) -> RefusedError:
        return _refused(401, "INVALID_AUTHENTICATION", "Authentication credentials not found or expired.")

    def limited(self) -> RefusedError:
        # Searches carry no rate limit headers, and no Retry-After.
        body = {
            "status": "error",
            "message": "You have reached your secondly limit.",
            "errorType": "RATE_LIMIT",
            "correlationId": "c033cdaa-2c40-4a64-ae48-b4cec88dad24",
            "policyName": "SECONDLY",
        }
        return RefusedError(429, body)

    def broken(self) -> RefusedError:
        return _refused(500, "SERVER_ERROR", "internal error")

    async def _search(self, request: web.Request) -> web.Response:
        kind = request.match_info["kind"]
        if kind not in _DEFAULTS:
            raise _refused(400, "VALIDATION_ERROR", f"Unable to infer object type from: {kind}")
        body = await request.json()
        groups = body.get("filterGroups", [])
        limit, after = body.get("limit", 10), int(body.get("after") or 0)
        if len(groups) > MOST_GROUPS or not 0 < limit <= MOST_RESULTS:
            raise _refused(400, "VALIDATION_ERROR", "There was a problem with the request.")
        self._check_names(kind, groups)
        found = [record for record in self._records(kind) if not groups or _fits(record, groups)]
        wanted = body.get("properties") or _DEFAULTS[kind]
        answer: dict[str, Any] = {
            "total": len(found),
            "results": [_shown(record, wanted) for record in found[after : after + limit]],
        }
        if after + limit < len(found):
            answer["paging"] = {"next": {"after": str(after + limit)}}
        return web.json_response(answer)

    async def _log(self, request: web.Request) -> web.Response:
        body = await request.json()
        properties = body.get("properties", {})
        _check_call(properties)
        call = {
            "id": self.next_id(),
            "properties": properties,
            "associations": body.get("associations", []),
        }
        self.keep(call)
        return web.json_response(_shown(_call(call), tuple(properties)), status=201)

    def _check_names(self, kind: str, groups: Iterable[Mapping[str, Any]]) -> None:
        nobody = Person("0", "")
        known = {
            "calls": _CALL_PROPERTIES | set(_ALWAYS),
            "companies": self._company(nobody).keys(),
            "contacts": self._contact(nobody).keys(),
        }[kind]
        for name in (condition["propertyName"] for group in groups for condition in group["filters"]):
            if name not in known:
                raise _refused(400, "VALIDATION_ERROR", f"Property {name} does not exist")

    def _records(self, kind: str) -> list[dict[str, str]]:
        if kind == "calls":
            return [] if self.is_late else [_call(call) for call in self.logged]
        of_companies = kind == "companies"
        record = self._company if of_companies else self._contact
        return [record(person) for person in self.people if person.is_company is of_companies]

    def _contact(self, person: Person) -> dict[str, str]:
        return {
            "firstname": person.first,
            "lastname": person.last,
            "company": person.company,
            "phone": person.phone,
            "mobilephone": person.mobile,
            "email": person.email,
            "city": person.city,
            "notes_last_contacted": person.last_contact,
            "hs_searchable_calculated_phone_number": self._calculated(person.phone),
            "hs_searchable_calculated_mobile_number": self._calculated(person.mobile),
            **_common(person),
        }

    def _company(self, person: Person) -> dict[str, str]:
        return {
            "name": person.name,
            "phone": person.phone,
            "city": person.city,
            "notes_last_contacted": person.last_contact,
            "hs_searchable_calculated_phone_number": self._calculated(person.phone),
            **_common(person),
        }

    def _calculated(self, text: str) -> str:
        """Area code and local number: what HubSpot compares, whatever was typed."""
        try:
            number = phonenumbers.parse(text, self.region)
        except phonenumbers.NumberParseException:
            return ""
        return phonenumbers.national_significant_number(number)


def _common(person: Person) -> dict[str, str]:
    return {
        "hs_object_id": person.id,
        "createdate": "2026-01-01T00:00:00Z",
        "lastmodifieddate": "2026-01-02T00:00:00Z",
    }


def _call(call: Mapping[str, Any]) -> dict[str, str]:
    stamps = {"createdate": "2026-11-01T00:00:00Z", "lastmodifieddate": "2026-11-01T00:00:00Z"}
    return {**call["properties"], "hs_object_id": call["id"], **stamps}


def _shown(record: Mapping[str, str], wanted: Iterable[str]) -> dict[str, Any]:
    """What is empty is null; what does not exist is left out."""
    names = dict.fromkeys((*wanted, *_ALWAYS))
    return {
        "id": record["hs_object_id"],
        "properties": {name: record[name] or None for name in names if name in record},
        "createdAt": record["createdate"],
        "updatedAt": record["lastmodifieddate"],
        "archived": False,
    }


def _fits(record: Mapping[str, str], groups: Iterable[Mapping[str, Any]]) -> bool:
    return any(all(_passes(record, condition) for condition in group["filters"]) for group in groups)


def _passes(record: Mapping[str, str], condition: Mapping[str, str]) -> bool:
    value = str(condition.get("value", ""))
    stored = str(record.get(condition["propertyName"]) or "").lower()
    match condition["operator"]:
        case "EQ":
            return bool(stored) and stored == value.lower()
        case "CONTAINS_TOKEN":
            return _holds(stored, value.lower())
        case operator:
            raise _refused(400, "VALIDATION_ERROR", f"{operator} is not a supported operator here")


def _holds(stored: str, pattern: str) -> bool:
    bare = pattern.strip("*")
    for token in stored.split():
        starts = pattern.startswith("*") or token.startswith(bare)
        ends = pattern.endswith("*") or token.endswith(bare)
        if starts and ends and bare in token:
            return True
    return False


def _check_call(properties: Mapping[str, Any]) -> None:
    if not properties.get("hs_timestamp"):
        raise _refused(400, "VALIDATION_ERROR", "Error creating CALL. Some required properties were not set.")
    unknown = sorted(set(properties) - _CALL_PROPERTIES)
    if unknown:
        reason = (
            f'Property values were not valid: [{{"error":"PROPERTY_DOESNT_EXIST","name":"{unknown[0]}"}}]'
        )
        raise _refused(400, "VALIDATION_ERROR", reason)
    if properties.get("hs_call_direction", "INBOUND") not in ("INBOUND", "OUTBOUND"):
        raise _refused(400, "VALIDATION_ERROR", "Property values were not valid: INVALID_OPTION")


def _refused(status: int, category: str, message: str) -> RefusedError:
    body = {
        "status": "error",
        "message": message,
        "correlationId": "aeb5f871-7f07-4993-9211-075dc63e7cbf",
        "category": category,
    }
    return RefusedError(status, body)
