"""A fake of Salesforce's REST API, built from its documented wire format.

- developer.salesforce.com/docs/platform/salesforce-soql-sosl/guide (FIND, IN, RETURNING, escapes):
  that text is split into tokens at spaces and punctuation, that reserved characters are escaped by a
  backslash and refused otherwise, that a term does not begin with a wildcard (V). `sosl` reads it.
- developer.salesforce.com/docs/platform/api-rest/guide: paths, answers, errors as a list, Sforce-Limit-Info,
  403 REQUEST_LIMIT_EXCEEDED (V).
- Fields of Task, the token endpoint's answer, the texts of errors (K).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar

from aiohttp import web

from tests.directory.fakes import sosl
from tests.directory.fakes.base import Fake, Person, RefusedError
from tests.directory.fakes.oauth import TokenDesk, bearer

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_PREFIXES = {"Contact": "003", "Account": "001", "Lead": "00Q"}
_FIELDS = {
    "Contact": ("Name", "Phone", "MobilePhone", "HomePhone", "OtherPhone", "Email", "MailingCity"),
    "Lead": ("Name", "Company", "Phone", "MobilePhone", "Email", "City"),
    "Account": ("Name", "Phone", "BillingCity"),
}
_PHONES = ("Phone", "MobilePhone", "HomePhone", "OtherPhone")
_TASK_FIELDS = frozenset(
    {
        "ActivityDate",
        "CallDisposition",
        "CallDurationInSeconds",
        "CallObject",
        "CallType",
        "Description",
        "OwnerId",
        "Priority",
        "Status",
        "Subject",
        "TaskSubtype",
        "WhatId",
        "WhoId",
    }
)
_SOQL = re.compile(
    r"SELECT\s+(?P<fields>[\w,\s]+?)\s+FROM\s+Task\s+WHERE\s+(?P<field>\w+)\s*=\s*'(?P<value>(?:[^'\\]|\\.)*)'"
    r"(?:\s+LIMIT\s+\d+)?\s*",
    re.IGNORECASE,
)


def _desk() -> TokenDesk:
    return TokenDesk(
        grants=("refresh_token", "client_credentials"),
        lifetime=None,
        refusal=lambda error: RefusedError(
            400, {"error": error, "error_description": error.replace("_", " ")}
        ),
    )


@dataclass
class Salesforce(Fake):
    """A Salesforce organisation with a connected app."""

    title: ClassVar[str] = "Salesforce"
    token_path: ClassVar[str] = "/services/oauth2/token"
    oauth: TokenDesk = field(default_factory=_desk)

    @property
    def credentials(self) -> Mapping[str, str]:
        return self.oauth.credentials

    def routes(self) -> Iterable[web.RouteDef]:
        data = r"/services/data/v{version:\d+\.0}"
        return (
            web.post("/services/oauth2/token", self._token),
            web.get(data + "/search", self._search),
            web.get(data + "/search/", self._search),
            web.get(data + "/query", self._query),
            web.get(data + "/query/", self._query),
            web.post(data + "/sobjects/Task", self._log),
            web.post(data + "/sobjects/Task/", self._log),
        )

    def admit(self, request: web.Request) -> None:
        if not self.oauth.accepts(bearer(request)):
            raise self.expired()

    def expired(self) -> RefusedError:
        return _refused(401, "INVALID_SESSION_ID", "Session expired or invalid")

    def limited(self) -> RefusedError:
        return _refused(403, "REQUEST_LIMIT_EXCEEDED", "TotalRequests Limit exceeded.")

    def broken(self) -> RefusedError:
        return _refused(500, "UNKNOWN_EXCEPTION", "An unexpected error occurred. ErrorId: 1234-5678")

    def id_of(self, person: Person) -> str:
        return _PREFIXES[_kind(person)] + person.id.zfill(12) + "AAA"

    async def _token(self, request: web.Request) -> web.Response:
        self.oauth.extra = {"instance_url": self.url, "issued_at": "1764000000000", "signature": "c2lnbg=="}
        return await self.oauth.answer(request)

    async def _search(self, request: web.Request) -> web.Response:
        try:
            search = sosl.parse(request.query.get("q", ""))
        except sosl.SearchError as error:
            raise _refused(400, "MALFORMED_SEARCH", str(error)) from error
        found = [
            self._record(person, search.returning, request)
            for person in self.people
            if self._is_found(person, search)
        ]
        records = [record for record in found if record is not None]
        return web.json_response(
            {"searchRecords": records}, headers={"Sforce-Limit-Info": "api-usage=18/5000"}
        )

    def _is_found(self, person: Person, search: sosl.Search) -> bool:
        record = self._fields(person)
        names = _PHONES if search.scope == "PHONE" else tuple(record)
        return any(search.finds(str(record.get(name) or "")) for name in names)

    def _record(
        self, person: Person, returning: Mapping[str, tuple[str, ...]], request: web.Request
    ) -> dict[str, Any] | None:
        kind = _kind(person)
        for wanted, names in returning.items():
            _check_fields(wanted, names)
        if kind not in returning:
            return None
        values = self._fields(person)
        record: dict[str, Any] = {"attributes": _attributes(kind, self.id_of(person), request)}
        for name in returning[kind] or ("Id",):
            if name == "Account.Name":
                account = {"attributes": _attributes("Account", "001000000000999AAA", request)}
                record["Account"] = {**account, "Name": person.company} if person.company else None
            else:
                record[name] = values[name] or None
        return record

    def _fields(self, person: Person) -> dict[str, str]:
        others = (*person.others, "", "")
        return {
            "Id": self.id_of(person),
            "Name": person.name,
            "Company": person.company,
            "Phone": person.phone,
            "MobilePhone": person.mobile,
            "HomePhone": others[0],
            "OtherPhone": others[1],
            "Email": person.email,
            "City": person.city,
            "MailingCity": person.city,
            "BillingCity": person.city,
            "LastActivityDate": person.last_contact[:10],
        }

    async def _query(self, request: web.Request) -> web.Response:
        """As much of SOQL as it takes to find a logged call again."""
        query = _SOQL.fullmatch(request.query.get("q", ""))
        if query is None:
            raise _refused(400, "MALFORMED_QUERY", "unexpected token")
        value = re.sub(r"\\(.)", r"\1", query["value"])
        names = [name.strip() for name in query["fields"].split(",")]
        unknown = set(names) | {query["field"]}
        if unknown - _TASK_FIELDS - {"Id"}:
            raise _refused(400, "INVALID_FIELD", "No such column on entity 'Task'.")
        found = [task for task in self.logged if str(task.get(query["field"], "")) == value]
        records = [
            {"attributes": _attributes("Task", task["id"], request)}
            | {name: task["id"] if name == "Id" else task.get(name) for name in names}
            for task in found
        ]
        return web.json_response({"totalSize": len(records), "done": True, "records": records})

    async def _log(self, request: web.Request) -> web.Response:
        task = await request.json()
        unknown = sorted(set(task) - _TASK_FIELDS)
        if unknown:
            raise _refused(400, "INVALID_FIELD", f"No such column '{unknown[0]}' on sobject of type Task")
        if task.get("CallType", "Inbound") not in ("Inbound", "Outbound", "Internal"):
            raise _refused(
                400, "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST", "Call Type: bad value for restricted picklist"
            )
        who = task.get("WhoId")
        if who and who not in [self.id_of(person) for person in self.people]:
            raise _refused(400, "MALFORMED_ID", "Name ID: id value of incorrect type")
        identity = "00T" + self.next_id().zfill(12) + "AAA"
        self.keep({"id": identity, **task})
        return web.json_response({"id": identity, "success": True, "errors": []}, status=201)


def _kind(person: Person) -> str:
    return "Account" if person.is_company else "Lead" if person.is_lead else "Contact"


def _check_fields(kind: str, names: Iterable[str]) -> None:
    if kind not in _FIELDS:
        raise _refused(400, "INVALID_TYPE", f"sObject type '{kind}' is not supported.")
    known = {*_FIELDS[kind], "Id", "LastActivityDate"} | ({"Account.Name"} if kind == "Contact" else set())
    for name in names:
        if name not in known:
            raise _refused(400, "INVALID_FIELD", f"No such column '{name}' on entity '{kind}'.")


def _attributes(kind: str, identity: str, request: web.Request) -> dict[str, str]:
    version = request.match_info["version"]
    return {"type": kind, "url": f"/services/data/v{version}/sobjects/{kind}/{identity}"}


def _refused(status: int, code: str, message: str) -> RefusedError:
    return RefusedError(status, [{"message": message, "errorCode": code}])
