"""A fake of SuiteCRM's V8 API, built from its documentation and source.

- docs.suitecrm.com/developer/api/developer-setup-guide/json-api: paths, token requests as JSON, `fields`,
  `page`, `filter` (V).
- Api/V8/JsonApi/Repository/Filter.php: the operators, refusals of unknown fields and operators, all with
  status 400 and the shape of Api/V8/JsonApi/Response/ErrorResponse.php (V).
- github.com/SuiteCRM/SuiteCRM/issues/8366: in versions before the fix, an OR is joined with "not deleted", so
  that everybody is found; `has_or_defect` brings that back (V).
- That an id may be chosen for a new record; refusals of tokens; limits stand for a proxy's (K).
"""

from __future__ import annotations

import re
import uuid
from dataclasses import dataclass, field
from math import ceil
from typing import TYPE_CHECKING, Any, ClassVar

from aiohttp import web

from tests.directory.fakes.base import Fake, Person, RefusedError
from tests.directory.fakes.oauth import TokenDesk, bearer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    Record = dict[str, Any]

_MODULES = {"Contacts": "Contact", "Leads": "Lead", "Accounts": "Account", "Calls": "Call"}
_COMPARISONS: dict[str, Callable[[str, str], bool]] = {
    "eq": lambda stored, value: stored == value,
    "neq": lambda stored, value: stored != value,
    "gt": lambda stored, value: stored > value,
    "gte": lambda stored, value: stored >= value,
    "lt": lambda stored, value: stored < value,
    "lte": lambda stored, value: stored <= value,
}
_FILTER = re.compile(r"filter\[(\w+)\](?:\[(\w+)\])?")
_CALL_FIELDS = frozenset(
    {
        "date_end",
        "date_start",
        "description",
        "direction",
        "duration_hours",
        "duration_minutes",
        "name",
        "parent_id",
        "parent_type",
        "status",
    }
)


def _refused_token(error: str) -> RefusedError:
    body = {
        "error": error,
        "error_description": "Client authentication failed",
        "message": "Client authentication failed",
    }
    return RefusedError(401 if error == "invalid_client" else 400, body)


@dataclass
class SuiteCrm(Fake):
    """A SuiteCRM 7, or 8 under /legacy, with an OAuth 2 client."""

    title: ClassVar[str] = "SuiteCRM"
    token_path: ClassVar[str] = "/Api/access_token"
    oauth: TokenDesk = field(
        default_factory=lambda: TokenDesk(
            grants=("client_credentials",), takes_json=True, refusal=_refused_token
        )
    )
    has_or_defect: bool = False

    @property
    def credentials(self) -> Mapping[str, str]:
        return self.oauth.credentials

    def routes(self) -> Iterable[web.RouteDef]:
        for root in ("/Api", "/legacy/Api"):
            yield web.post(f"{root}/access_token", self.oauth.answer)
            yield web.get(f"{root}/V8/module/{{module}}", self._list)
            yield web.post(f"{root}/V8/module", self._log)

    def admit(self, request: web.Request) -> None:
        if not self.oauth.accepts(bearer(request)):
            raise self.expired()

    def expired(self) -> RefusedError:
        denied = "The resource owner or authorization server denied the request."
        hint = "Access token could not be verified"
        return RefusedError(
            401, {"error": "access_denied", "error_description": denied, "hint": hint, "message": denied}
        )

    def limited(self) -> RefusedError:
        return RefusedError(429, "<html><title>429 Too Many Requests</title></html>", {"Retry-After": "5"})

    def broken(self) -> RefusedError:
        return _refused(500, "Database failure. Please refer to suitecrm.log for details.")

    def id_of(self, person: Person) -> str:
        return str(uuid.UUID(int=int(person.id)))

    async def _list(self, request: web.Request) -> web.Response:
        module, query = request.match_info["module"], request.query
        records = self._records(module)
        fits = self._condition(module, query)
        found = [record for record in records if fits(record)]
        size, page = int(query.get("page[size]", 20)), int(query.get("page[number]", 1))
        shown = found[(page - 1) * size : page * size]
        if not shown:
            meta: Record = {"message": "Request was successful, but there is no result"}
            return _json_api({"meta": meta, "data": []})
        data = [_document(module, record, query) for record in shown]
        return _json_api({"meta": {"total-pages": ceil(len(found) / size)}, "data": data})

    def _records(self, module: str) -> list[Record]:
        if module not in _MODULES:
            raise _refused(400, f"Module {module} does not exist")
        if module == "Calls":
            return [{"id": call["id"], **call["attributes"]} for call in self.logged]
        return [self._record(module, person) for person in self.people if _module(person) == module]

    def _condition(self, module: str, query: Mapping[str, str]) -> Callable[[Record], bool]:
        operator, conditions = "and", []
        names = _CALL_FIELDS | {"id"} if module == "Calls" else self._record(module, Person("0", "")).keys()
        for key, value in query.items():
            part = _FILTER.fullmatch(key)
            if part is None:
                continue
            if part[1] == "operator":
                operator = value.lower()
                continue
            if part[1] not in names:
                kind = _MODULES[module]
                raise _refused(400, f"Filter field {part[1]} in {kind} module is not found")
            if part[2] is None:
                raise _refused(400, f"Filter field {part[1]} must be an array")
            conditions.append(_comparison(part[1], part[2], value))
        if operator not in ("and", "or"):
            raise _refused(400, f"Filter operator {operator} is invalid")
        if operator == "or" and conditions and not self.has_or_defect:
            return lambda record: any(condition(record) for condition in conditions)
        if operator == "or":
            return lambda _: True
        return lambda record: all(condition(record) for condition in conditions)

    def _record(self, module: str, person: Person) -> Record:
        common = {
            "id": self.id_of(person),
            "name": person.name,
            "email1": person.email,
            "date_modified": person.last_contact.replace("Z", "+00:00"),
        }
        others = (*person.others, "", "")
        if module == "Accounts":
            numbers = {"phone_office": person.phone, "phone_alternate": others[0]}
            return {**common, **numbers, "billing_address_city": person.city}
        return {
            **common,
            "full_name": person.name,
            "first_name": person.first,
            "last_name": person.last,
            "account_name": person.company,
            "phone_work": person.phone,
            "phone_mobile": person.mobile,
            "phone_home": others[0],
            "phone_other": others[1],
            "primary_address_city": person.city,
        }

    async def _log(self, request: web.Request) -> web.Response:
        data = (await request.json())["data"]
        if data.get("type") != "Calls":
            raise _refused(400, f"Module {data.get('type')} does not exist")
        attributes = data.get("attributes", {})
        unknown = sorted(set(attributes) - _CALL_FIELDS)
        if unknown:
            raise _refused(400, f"Property {unknown[0]} in Call module is invalid")
        identity = data.get("id") or str(uuid.UUID(int=int(self.next_id())))
        if identity in [call["id"] for call in self.logged]:
            raise _refused(400, f"Bean Calls with id {identity} is already exist")
        self.keep({"id": identity, "attributes": attributes})
        document = {"type": "Call", "id": identity, "attributes": attributes}
        return _json_api({"data": document}, status=201)


def _module(person: Person) -> str:
    return "Accounts" if person.is_company else "Leads" if person.is_lead else "Contacts"


def _comparison(name: str, operator: str, value: str) -> Callable[[Record], bool]:
    if operator not in _COMPARISONS:
        raise _refused(400, f"Filter operator {operator} is invalid")
    compare = _COMPARISONS[operator]
    # MySQL's usual collation knows no case.
    return lambda record: compare(str(record.get(name) or "").lower(), value.lower())


def _document(module: str, record: Record, query: Mapping[str, str]) -> Record:
    kind = _MODULES[module]
    chosen = query.get(f"fields[{module}]", query.get(f"fields[{kind}]", ""))
    names = chosen.split(",") if chosen else [name for name in record if name != "id"]
    attributes = {name: record[name] for name in names if name in record}
    return {"type": kind, "id": record["id"], "attributes": attributes, "relationships": {}}


def _json_api(body: Record, status: int = 200) -> web.Response:
    return web.json_response(body, status=status, content_type="application/vnd.api+json")


def _refused(status: int, detail: str) -> RefusedError:
    return RefusedError(status, {"errors": {"status": status, "title": None, "detail": detail}})
