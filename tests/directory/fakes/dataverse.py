"""A fake of Microsoft Dataverse (Dynamics 365), built from its documented wire format.

- learn.microsoft.com/power-apps/developer/data-platform/webapi: paths, $select, $filter, $top, `value`, 204
  with OData-EntityId for a new record, 201 with `Prefer: return=representation`, the shape of errors (V).
- learn.microsoft.com/power-apps/developer/data-platform/api-limits: 429 with Retry-After and its codes (V).
- learn.microsoft.com/power-apps/developer/data-platform/reference/entities/phonecall: fields of a call (V).
- That text is compared as stored, without regard to case; that a client may choose the id of a new record,
  the answer to an id that is taken; texts of errors (K).
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar

from aiohttp import web

from tests.directory.fakes import odata
from tests.directory.fakes.base import Fake, Person, RefusedError
from tests.directory.fakes.entra import entra_desk
from tests.directory.fakes.oauth import TokenDesk, bearer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    Record = dict[str, Any]

RETRY_AFTER_S = 30

_KEYS = {"contacts": "contactid", "leads": "leadid", "accounts": "accountid", "phonecalls": "activityid"}
_FORMATTED = "_parentcustomerid_value@OData.Community.Display.V1.FormattedValue"
_CALL_FIELDS = frozenset(
    {
        "activityid",
        "actualdurationminutes",
        "actualend",
        "actualstart",
        "description",
        "directioncode",
        "phonecall_activity_parties",
        "phonenumber",
        "regardingobjectid_account@odata.bind",
        "regardingobjectid_account_phonecall@odata.bind",
        "regardingobjectid_contact@odata.bind",
        "regardingobjectid_contact_phonecall@odata.bind",
        "regardingobjectid_lead_phonecall@odata.bind",
        "subject",
    }
)


@dataclass
class Dataverse(Fake):
    """One environment, with an application user."""

    title: ClassVar[str] = "Dynamics 365"
    token_path: ClassVar[str] = "/oauth2/v2.0/token"
    tenant: str = "contoso.onmicrosoft.com"
    oauth: TokenDesk = field(default_factory=entra_desk)

    @property
    def credentials(self) -> Mapping[str, str]:
        return self.oauth.credentials

    def routes(self) -> Iterable[web.RouteDef]:
        return (
            web.post(f"/{self.tenant}/oauth2/v2.0/token", self.oauth.answer),
            web.get("/api/data/v9.2/{table}", self._list),
            web.post("/api/data/v9.2/phonecalls", self._log),
        )

    def admit(self, request: web.Request) -> None:
        if not self.oauth.accepts(bearer(request)):
            raise self.expired()

    def expired(self) -> RefusedError:
        challenge = "Bearer authorization_uri=https://login.microsoftonline.com/contoso/oauth2/authorize"
        return RefusedError(401, None, {"WWW-Authenticate": challenge})

    def limited(self) -> RefusedError:
        message = "Number of requests exceeded the limit of 6000 over time window of 300 seconds."
        refused = _refused(429, "0x80072322", message)
        return RefusedError(429, refused.body, {"Retry-After": str(RETRY_AFTER_S)})

    def broken(self) -> RefusedError:
        return _refused(500, "0x80040216", "An unexpected error occurred.")

    def id_of(self, person: Person) -> str:
        return str(uuid.UUID(int=int(person.id)))

    async def _list(self, request: web.Request) -> web.Response:
        table = request.match_info["table"]
        if table not in _KEYS:
            raise _refused(404, "0x80060888", f"Resource not found for the segment '{table}'.")
        names = self._names(table)
        fits = _condition(request.query.get("$filter"), table, names)
        found = [record for record in self._records(table) if fits(record)]
        top = int(request.query.get("$top", 5000))
        shown = [_shown(record, request, table, names) for record in found[:top]]
        context = f"{self.url}/api/data/v9.2/$metadata#{table}"
        return web.json_response({"@odata.context": context, "value": shown})

    def _names(self, table: str) -> frozenset[str]:
        if table == "phonecalls":
            return _CALL_FIELDS
        return frozenset(_MADE[table](Person("0", ""), "")) - {_FORMATTED}

    def _records(self, table: str) -> list[Record]:
        if table == "phonecalls":
            return self.logged
        of_kind = [person for person in self.people if _table(person) == table]
        return [_MADE[table](person, self.id_of(person)) for person in of_kind]

    async def _log(self, request: web.Request) -> web.Response:
        call = await request.json()
        self._check(call)
        identity = call.get("activityid") or str(uuid.UUID(int=int(self.next_id())))
        record = {**call, "id": identity, "activityid": identity}
        self.keep(record)
        where = f"{self.url}/api/data/v9.2/phonecalls({identity})"
        if "return=representation" in request.headers.get("Prefer", ""):
            return web.json_response(record, status=201, headers={"OData-EntityId": where})
        return web.Response(status=204, headers={"OData-EntityId": where})

    def _check(self, call: Record) -> None:
        unknown = sorted(set(call) - _CALL_FIELDS)
        if unknown:
            message = (
                f"The property '{unknown[0]}' does not exist on type 'Microsoft.Dynamics.CRM.phonecall'."
            )
            raise _refused(400, "0x80048d19", message)
        if not isinstance(call.get("directioncode", True), bool):
            raise _refused(
                400, "0x80048d19", "Cannot convert the literal to the expected type 'Edm.Boolean'."
            )
        if call.get("activityid") in [logged["activityid"] for logged in self.logged]:
            raise _refused(412, "0x80040237", "A record with matching key values already exists.")


def _table(person: Person) -> str:
    return "accounts" if person.is_company else "leads" if person.is_lead else "contacts"


def _contact(person: Person, identity: str) -> Record:
    others = (*person.others, "", "")
    company = str(uuid.UUID(int=999)) if person.company else None
    return {
        "contactid": identity,
        "fullname": person.name,
        "firstname": person.first,
        "lastname": person.last,
        "telephone1": person.phone or None,
        "telephone2": others[0] or None,
        "mobilephone": person.mobile or None,
        "emailaddress1": person.email or None,
        "address1_city": person.city or None,
        "_parentcustomerid_value": company,
        _FORMATTED: person.company,
        "modifiedon": person.last_contact,
    }


def _lead(person: Person, identity: str) -> Record:
    return {
        "leadid": identity,
        "fullname": person.name,
        "companyname": person.company or None,
        "telephone1": person.phone or None,
        "mobilephone": person.mobile or None,
        "modifiedon": person.last_contact,
    }


def _account(person: Person, identity: str) -> Record:
    return {
        "accountid": identity,
        "name": person.name,
        "telephone1": person.phone or None,
        "address1_city": person.city or None,
        "modifiedon": person.last_contact,
    }


_MADE = {"contacts": _contact, "leads": _lead, "accounts": _account}


def _condition(text: str | None, table: str, names: frozenset[str]) -> Callable[[Record], bool]:
    if text is None:
        return lambda _: True
    try:
        return odata.read(text, names)
    except odata.UnknownPropertyError as error:
        raise _unknown(table, str(error)) from error
    except odata.FilterError as error:
        raise _refused(400, "0x80060888", str(error)) from error


def _shown(record: Record, request: web.Request, table: str, names: frozenset[str]) -> Record:
    """The key always comes along, and what a looked-up value is called only where that is preferred."""
    selected = request.query.get("$select", "")
    wanted = selected.split(",") if selected else sorted(names)
    for name in wanted:
        if name not in names:
            raise _unknown(table, name)
    shown = {name: record.get(name) for name in (_KEYS[table], *wanted)}
    has_names = "odata.include-annotations" in request.headers.get("Prefer", "")
    if has_names and shown.get("_parentcustomerid_value"):
        shown[_FORMATTED] = record[_FORMATTED]
    return {"@odata.etag": 'W/"1"', **shown}


def _unknown(table: str, name: str) -> RefusedError:
    kind = f"Microsoft.Dynamics.CRM.{table.removesuffix('s')}"
    return _refused(400, "0x80060888", f"Could not find a property named '{name}' on type '{kind}'.")


def _refused(status: int, code: str, message: str) -> RefusedError:
    return RefusedError(status, {"error": {"code": code, "message": message}})
