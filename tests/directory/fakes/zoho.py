"""A fake of Zoho CRM's API, built from its documented wire format.

- zoho.com/crm/developer/docs/api/v8/search-records.html: one module for each call, `phone` or `criteria`,
  that `equals` behaves like `contains`, escapes in criteria, 200 records a page (V).
- zoho.com/crm/developer/docs/api/v8/insert-records.html: a list under `data`, an outcome for each record (V).
- 204 for nobody, that `phone` compares what is stored as text, status 200 of refused tokens, which fields of
  a call are needed, the texts of errors (K).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar

from aiohttp import web

from tests.directory.fakes.base import Fake, Person, RefusedError
from tests.directory.fakes.oauth import TokenDesk, bearer

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    Record = dict[str, Any]

_PHONES = ("Phone", "Mobile", "Other_Phone", "Home_Phone")
_NEEDED = ("Subject", "Call_Type", "Call_Start_Time")
_TYPES = ("Inbound", "Outbound", "Missed")
_CRITERION = re.compile(r"\((\w+):(equals|starts_with):((?:\\.|[^()\\])*)\)")


def _refused_token(error: str) -> RefusedError:
    """Zoho tells it with status 200, under names of its own."""
    return RefusedError(200, {"error": "invalid_code" if error == "invalid_grant" else error})


@dataclass
class Zoho(Fake):
    """Zoho CRM in one data centre, which gives out tokens and data at the same address here."""

    title: ClassVar[str] = "Zoho CRM"
    token_path: ClassVar[str] = "/oauth/v2/token"
    oauth: TokenDesk = field(default_factory=lambda: TokenDesk(refusal=_refused_token))

    @property
    def credentials(self) -> Mapping[str, str]:
        return self.oauth.credentials

    def routes(self) -> Iterable[web.RouteDef]:
        return (
            web.post("/oauth/v2/token", self._token),
            web.get("/crm/v8/{module}/search", self._search),
            web.post("/crm/v8/Calls", self._log),
        )

    def admit(self, request: web.Request) -> None:
        if not self.oauth.accepts(bearer(request, "Zoho-oauthtoken")):
            raise self.expired()

    def expired(self) -> RefusedError:
        return _refused(401, "INVALID_TOKEN", "invalid oauth token")

    def limited(self) -> RefusedError:
        return _refused(429, "TOO_MANY_REQUESTS", "Too many requests fired within the allowed time window")

    def broken(self) -> RefusedError:
        return _refused(500, "INTERNAL_ERROR", "Internal Server Error")

    async def _token(self, request: web.Request) -> web.Response:
        self.oauth.extra = {
            "api_domain": self.url,
            "scope": "ZohoCRM.modules.READ ZohoSearch.securesearch.READ",
        }
        return await self.oauth.answer(request)

    async def _search(self, request: web.Request) -> web.Response:
        query = request.query
        page, size = int(query.get("page", 1)), int(query.get("per_page", 200))
        records = self._records(request.match_info["module"])
        if not {"phone", "criteria"} & set(query):
            raise _refused(400, "REQUIRED_PARAM_MISSING", "One of the expected parameter is missing")
        found = [record for record in records if _fits(record, query)]
        shown = found[(page - 1) * size : page * size]
        if not shown:
            return web.Response(status=204)
        names = query.get("fields", "").split(",") if query.get("fields") else None
        data = [_shown(record, names) for record in shown]
        more = len(found) > page * size
        info = {"per_page": size, "count": len(data), "page": page, "more_records": more}
        return web.json_response({"data": data, "info": info})

    def _records(self, module: str) -> list[Record]:
        match module:
            case "Contacts":
                return [_contact(p) for p in self.people if not p.is_company and not p.is_lead]
            case "Leads":
                return [_lead(p) for p in self.people if p.is_lead]
            case "Accounts":
                return [_account(p) for p in self.people if p.is_company]
            case "Calls":
                return self.logged
        raise _refused(400, "INVALID_MODULE", "the module name given seems to be invalid")

    async def _log(self, request: web.Request) -> web.Response:
        """One outcome for each record; with a mistake among them the status is 202."""
        outcomes = [self._logged(call) for call in (await request.json())["data"]]
        is_all_well = all(outcome["status"] == "success" for outcome in outcomes)
        return web.json_response({"data": outcomes}, status=201 if is_all_well else 202)

    def _logged(self, call: Record) -> Record:
        for name in _NEEDED:
            if not call.get(name):
                details = {"api_name": name, "json_path": f"$.data[0].{name}"}
                return _outcome("MANDATORY_NOT_FOUND", details, "required field not found", "error")
        if call["Call_Type"] not in _TYPES:
            details = {"api_name": "Call_Type", "json_path": "$.data[0].Call_Type"}
            return _outcome("INVALID_DATA", details, "invalid data", "error")
        identity = self.next_id()
        self.keep({"id": identity, **call})
        details = {"id": identity, "Created_Time": "2026-11-01T10:30:00+01:00"}
        return _outcome("SUCCESS", details, "record added", "success")


def _contact(person: Person) -> Record:
    others = (*person.others, "", "")
    return {
        "id": person.id,
        "Full_Name": person.name,
        "First_Name": person.first,
        "Last_Name": person.last,
        "Account_Name": {"name": person.company, "id": "9"} if person.company else None,
        "Phone": person.phone,
        "Mobile": person.mobile,
        "Other_Phone": others[0],
        "Home_Phone": others[1],
        "Email": person.email,
        "Mailing_City": person.city,
        "Last_Activity_Time": person.last_contact,
    }


def _lead(person: Person) -> Record:
    return {
        "id": person.id,
        "Full_Name": person.name,
        "Company": person.company,
        "Phone": person.phone,
        "Mobile": person.mobile,
        "Email": person.email,
        "City": person.city,
        "Last_Activity_Time": person.last_contact,
    }


def _account(person: Person) -> Record:
    return {
        "id": person.id,
        "Account_Name": person.name,
        "Phone": person.phone,
        "Billing_City": person.city,
        "Last_Activity_Time": person.last_contact,
    }


def _fits(record: Record, query: Mapping[str, str]) -> bool:
    if "phone" in query:
        return any(query["phone"] in str(record.get(name) or "") for name in _PHONES)
    return _meets(record, query["criteria"])


def _meets(record: Record, criteria: str) -> bool:
    conditions = _CRITERION.findall(criteria)
    if not conditions:
        raise _refused(400, "INVALID_QUERY", "Invalid query formed")
    joints = set(_CRITERION.sub("", criteria).strip("()").replace(")", " ").replace("(", " ").split())
    met = [_is_met(record, *condition) for condition in conditions]
    return any(met) if "or" in joints else all(met)


def _is_met(record: Record, name: str, operator: str, escaped: str) -> bool:
    stored = str(record.get(name) or "").lower()
    value = re.sub(r"\\(.)", r"\1", escaped).lower()
    return stored.startswith(value) if operator == "starts_with" else value in stored


def _shown(record: Record, names: list[str] | None) -> Record:
    """Empty fields are null."""
    wanted = record if names is None else ("id", *(name for name in names if name in record))
    return {name: record[name] or None for name in wanted}


def _outcome(code: str, details: Record, message: str, status: str) -> Record:
    return {"code": code, "details": details, "message": message, "status": status}


def _refused(status: int, code: str, message: str) -> RefusedError:
    return RefusedError(status, _outcome(code, {}, message, "error"))
