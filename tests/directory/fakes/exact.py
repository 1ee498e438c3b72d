"""A fake of Exact Online's REST API, built from its documented wire format.

- start.exactonline.nl/docs/HlpRestAPIResourcesDetails.aspx?name=SyncCRMContacts, also of SyncCRMAccounts and
  SyncDeleted: paths, fields, `Timestamp` as the version of a record, 1,000 records a page (V); kinds of
  deleted records (K).
- Public clients of it: `$filter=Timestamp gt 5L`, 60 records a page elsewhere, refresh tokens that are good
  once (V in clients' code).
- forums.invantive.com, quoting Exact: 60 requests a minute, 5,000 a day, the headers that count them (V).
- The envelope `d` with `__next`, XML without `Accept: application/json`, that $select is needed, numbers of
  64 bits as text, texts of errors (K).
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar

from aiohttp import web

from tests.directory.fakes import odata
from tests.directory.fakes.base import Fake, Person, RefusedError
from tests.directory.fakes.oauth import TokenDesk, bearer

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    Record = dict[str, Any]

A_MINUTE = 60
A_DAY = 5000
PAGE_SIZE = 60
RESETS_AT_MS = 1_764_000_000_000

_ACCOUNT, _CONTACT = 2, 5  # kinds of deleted records
_SYNC = {"sync/CRM/Contacts", "sync/CRM/Accounts", "sync/Deleted"}
_FILTERABLE = ("ID", "FullName", "Email")  # outside sync


@dataclass
class Exact(Fake):
    """One division.

    Attributes:
        sync_page_size: records in a page of the sync paths; elsewhere there are 60.
        asked_this_minute: requests that count towards the limit; set it to 0 to let a minute pass.
    """

    title: ClassVar[str] = "Exact Online"
    token_path: ClassVar[str] = "/api/oauth2/token"
    division: str = "1234567"
    oauth: TokenDesk = field(default_factory=lambda: TokenDesk(rotates=True, lifetime="600"))
    sync_page_size: int = 1000
    asked_this_minute: int = 0
    _versions: dict[str, tuple[Person, int]] = field(default_factory=dict)
    _deleted: list[tuple[Person, int]] = field(default_factory=list)
    _stamp: int = 1000

    @property
    def credentials(self) -> Mapping[str, str]:
        return self.oauth.credentials

    def routes(self) -> Iterable[web.RouteDef]:
        root = f"/api/v1/{self.division}"
        return (
            web.post("/api/oauth2/token", self.oauth.answer),
            web.get(root + "/{resource:sync/CRM/Contacts|sync/CRM/Accounts|sync/Deleted}", self._list),
            web.get(root + "/{resource:crm/Contacts|crm/Accounts}", self._list),
        )

    def admit(self, request: web.Request) -> None:
        if not self.oauth.accepts(bearer(request)):
            raise self.expired()
        self.asked_this_minute += 1
        if self.asked_this_minute > A_MINUTE:
            raise self.limited()

    def expired(self) -> RefusedError:
        return _refused(401, "Unauthorized")

    def limited(self) -> RefusedError:
        self.asked_this_minute = max(self.asked_this_minute, A_MINUTE)
        return RefusedError(429, _refused(429, "Too many requests").body, self._limits())

    def broken(self) -> RefusedError:
        return _refused(500, "An error occurred while processing this request.")

    def id_of(self, person: Person) -> str:
        return str(uuid.UUID(int=int(person.id)))

    async def _list(self, request: web.Request) -> web.Response:
        if "json" not in request.headers.get("Accept", ""):
            feed = '<?xml version="1.0" encoding="utf-8"?><feed xmlns="http://www.w3.org/2005/Atom"/>'
            return web.Response(text=feed, content_type="application/atom+xml", headers=self._limits())
        resource, query = request.match_info["resource"], request.query
        records = self._found(resource, query)
        size = self.sync_page_size if resource in _SYNC else PAGE_SIZE
        start = int(query.get("$skiptoken", 0))
        shown = [_shown(record, query) for record in records[start : start + size]]
        answer: Record = {"results": shown}
        if start + size < len(records):
            answer["__next"] = str(
                request.url.origin().join(request.rel_url.update_query({"$skiptoken": start + size}))
            )
        return web.json_response({"d": answer}, headers=self._limits())

    def _found(self, resource: str, query: Mapping[str, str]) -> list[Record]:
        if not query.get("$select") and query.get("$top") != "1":
            raise _refused(
                400, "Bad Request - Please add a $select or a $top=1 statement to the query string."
            )
        self._notice_changes()
        records = self._records(resource)
        if "$filter" not in query:
            return records
        names = ("Timestamp", "EntityType", "ID") if resource in _SYNC else _FILTERABLE
        try:
            condition = odata.read(query["$filter"], names)
        except odata.UnknownPropertyError as error:
            raise _refused(400, f"Filtering on {error} is not allowed.") from error
        except odata.FilterError as error:
            raise _refused(400, str(error)) from error
        return [record for record in records if condition(record)]

    def _notice_changes(self) -> None:
        """Give each record that changed since the last request a version of its own, as a database would."""
        now = {person.id: person for person in self.people}
        for identity, person in now.items():
            if identity not in self._versions or self._versions[identity][0] != person:
                self._stamp += 1
                self._versions[identity] = (person, self._stamp)
        for identity in [known for known in self._versions if known not in now]:
            self._stamp += 1
            self._deleted.append((self._versions.pop(identity)[0], self._stamp))

    def _records(self, resource: str) -> list[Record]:
        if resource == "sync/Deleted":
            return [self._tomb(person, stamp) for person, stamp in self._deleted]
        of_accounts = resource.endswith("Accounts")
        made = self._account if of_accounts else self._contact
        wanted = [pair for pair in self._versions.values() if pair[0].is_company is of_accounts]
        return [made(person, stamp) for person, stamp in sorted(wanted, key=lambda pair: pair[1])]

    def _contact(self, person: Person, stamp: int) -> Record:
        return {
            "ID": self.id_of(person),
            "Timestamp": stamp,
            "FullName": person.name,
            "FirstName": person.first or None,
            "LastName": person.last,
            "AccountName": person.company or None,
            "BusinessPhone": person.phone or None,
            "BusinessMobile": person.mobile or None,
            "Phone": (*person.others, None)[0],
            "Mobile": (*person.others, None, None)[1],
            "Email": person.email or None,
            "City": person.city or None,
        }

    def _account(self, person: Person, stamp: int) -> Record:
        return {
            "ID": self.id_of(person),
            "Timestamp": stamp,
            "Name": person.name,
            "Phone": person.phone or None,
            "Email": person.email or None,
            "City": person.city or None,
        }

    def _tomb(self, person: Person, stamp: int) -> Record:
        return {
            "ID": str(uuid.UUID(int=stamp)),
            "Timestamp": stamp,
            "EntityKey": self.id_of(person),
            "EntityType": _ACCOUNT if person.is_company else _CONTACT,
            "Division": int(self.division),
        }

    def _limits(self) -> dict[str, str]:
        return {
            "X-RateLimit-Limit": str(A_DAY),
            "X-RateLimit-Remaining": str(A_DAY - self.asked_this_minute),
            "X-RateLimit-Reset": str(RESETS_AT_MS),
            "X-RateLimit-Minutely-Limit": str(A_MINUTE),
            "X-RateLimit-Minutely-Remaining": str(max(0, A_MINUTE - self.asked_this_minute)),
            "X-RateLimit-Minutely-Reset": str(RESETS_AT_MS),
        }


def _shown(record: Record, query: Mapping[str, str]) -> Record:
    names = query["$select"].split(",") if query.get("$select") else list(record)
    for name in names:
        if name not in record:
            raise _refused(400, f"No property '{name}' exists in type")
    # Numbers of 64 bits are text in OData 2.
    shown = {name: str(record[name]) if name == "Timestamp" else record[name] for name in names}
    return {"__metadata": {"type": "Exact.Web.Api.Models"}, **shown}


def _refused(status: int, text: str) -> RefusedError:
    return RefusedError(status, {"error": {"code": "", "message": {"lang": "", "value": text}}})
